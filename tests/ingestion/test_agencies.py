"""Who is it: by id, else by name, type, province and district, as of the year; never by
similarity.
"""

import pytest

from ingestion.agencies import resolve

# fiscal_year, agency_id, name, type, province, district → agency_id, rules noted
KNOWN = [
    ((2568, "S1", "", "", "", ""), "S1", []),
    ((2568, "", "องค์การบริหารส่วนตำบลสามพร้าว", "sao", "41", ""), "S1", []),
    ((2568, "", "อบต.สามพร้าว", "", "อุดรธานี", ""), "S1", []),
    ((2568, "", "อบต. สามพร้าว", "อบต.", "จังหวัดอุดรธานี", ""), "S1", []),
    ((2568, "", "สามพร้าว", "องค์การบริหารส่วนตำบล", "Udon Thani", ""), "S1", []),
    ((2568, "", "อบต สามพร้าว", "SAO", "จ.อุดรธานี", "อ.เมือง"), "S1", []),
    ((2568, "", "องค์การบริหารส่วนตำบลสามพร้าว อำเภอเมืองอุดรธานี จังหวัดอุดรธานี", "", "", ""), "S1", []),
    ((2568, "", "อบต.สามพร้าวเมือง", "", "41", ""), "S1", []),  # an alias
    ((2568, "", "อบต.สามพร้าว", "", "", ""), "S1", []),  # no province, one agency of that name
    ((2568, "", "อบต.หนองไผ่", "", "เพชรบูรณ์", ""), "S4", []),
    ((2568, "", "อบต.หนองไผ่", "", "อุดรธานี", "หนองหาน"), "S3", []),  # only the district tells
    ((2568, "", "อบต.หนองไผ่", "", "อุดรธานี", "อำเภอเมือง"), "S2", []),
    ((2565, "", "อบต.บ้านจั่น", "", "41", ""), "U1", []),
    ((2566, "", "ทต.บ้านจั่น", "", "41", ""), "U1", []),
    ((2566, "", "อบต.บ้านจั่น", "", "41", ""), "U1", ["agency_by_former_name"]),
    ((2566, "", "ทต.เก่าหนึ่ง", "", "50", ""), "O1", []),
    ((2567, "", "ทม.ใหม่", "", "50", ""), "N1", []),
    ((2568, "", "กรมทดสอบ", "กรม", "", ""), "C1", []),
    (
        (2568, "", "กรมทดสอบ", "", "กรุงเทพมหานคร", ""),
        "C1",
        [],
    ),  # central: any province written is only an address
    ((2550, "S1", "", "", "", ""), "S1", ["agency_not_in_year"]),
    ((2550, "", "อบต.สามพร้าว", "", "41", ""), "S1", ["agency_not_in_year"]),
    ((2568, "S1", "อบต.หนองไผ่", "", "", ""), "S1", ["agency_name_differs"]),
    ((2568, "S1", "", "", "พะเยา", ""), "S1", ["agency_detail_differs"]),
    ((2568, "", "อบต.สามพร้าว", "", "41", "บ้านดุง"), "S1", ["agency_detail_differs"]),
]
UNKNOWN = [
    ((2568, "S9", "", "", "", ""), "unknown_agency"),
    ((2568, "", "อบต.สามพร้า", "", "41", ""), "unknown_agency"),  # similar is not the same
    ((2568, "", "อบต.สามพร้าว", "", "พะเยา", ""), "unknown_agency"),
    ((2568, "", "อบต.สามพร้าว", "", "แอตแลนติส", ""), "unknown_agency"),
    ((2568, "", "อบต.สามพร้าว", "ร้านค้า", "41", ""), "unknown_agency"),
    ((2568, "", "ทต.สามพร้าว", "", "41", ""), "unknown_agency"),  # another type
    ((2568, "", "", "", "", ""), "unknown_agency"),
    ((2568, "", "อบต.หนองไผ่", "", "อุดรธานี", ""), "ambiguous_agency"),
    ((2568, "", "อบต.หนองไผ่", "", "", ""), "ambiguous_agency"),
    ((2567, "O1", "", "", "", ""), "unknown_agency"),  # merged away
    ((2567, "", "ทต.เก่าหนึ่ง", "", "50", ""), "unknown_agency"),
    ((2566, "N1", "", "", "", ""), "unknown_agency"),  # its predecessors still stood
]


@pytest.mark.parametrize(("asked", "agency_id", "notes"), KNOWN)
def test_known(registry, asked, agency_id, notes):
    found = resolve(registry, *asked)
    assert (found.agency_id, [rule for rule, _ in found.notes]) == (agency_id, notes)


@pytest.mark.parametrize(("asked", "rule"), UNKNOWN)
def test_unknown_or_ambiguous(registry, asked, rule):
    found = resolve(registry, *asked)
    assert found.agency_id == "" and [noted for noted, _ in found.notes] == [rule]


def test_near_misses_are_offered(registry):
    ((_, details),) = resolve(registry, 2568, "", "อบต.สามพร้า", "", "41", "").notes
    assert "(S1)" in details["hint_en"] and "did you mean" in details["hint_en"]


def test_a_merged_agency_names_its_successor(registry):
    ((_, details),) = resolve(registry, 2568, "O2", "", "", "", "").notes
    assert "N1" in details["hint_en"]


def test_ambiguous_names_the_candidates(registry):
    ((_, details),) = resolve(registry, 2568, "", "อบต.หนองไผ่", "", "อุดรธานี", "").notes
    assert (
        "(S2)" in details["detail_en"]
        and "(S3)" in details["detail_en"]
        and "(S4)" not in details["detail_en"]
    )


def test_the_agency_as_it_was(registry):
    assert (
        registry.row("U1", 2565).agency_type == "sao"
        and registry.row("U1", 2566).agency_type == "tambon_mun"
    )
    assert registry.row("O1", 2567) is None
