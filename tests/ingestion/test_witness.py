"""Arithmetic as a witness: what fits together only when it is read as something else."""

import json
from pathlib import Path

import pytest

from ingestion import framework, readers
from ingestion.agencies import EVER, Agency, Registry
from ingestion.judging import File, judge

# FY2568: IIT 90, EIT 80, OIT 95 → 0.3·90 + 0.3·80 + 0.4·95 = 89.00; their sum is 265.
INSTRUMENTS = {"IIT": 90, "EIT": 80, "OIT": 95}
INDICATORS = {"1": 91, "2": 89, "3": 90, "4": 88, "5": 92, "6": 79, "7": 81, "8": 80}
INDICATORS |= {"9": 96, "10": 94}


def rows(overall, instruments=(), indicators=()):
    return [
        f"2568,S1,overall,,,{overall}",
        *(f"2568,S1,instrument,{code},,{value}" for code, value in dict(instruments).items()),
        *(f"2568,S1,indicator,{code},,{value}" for code, value in dict(indicators).items()),
    ]


def rules_of(judged):
    return dict(judged.counted)


def test_what_adds_up_is_accepted_without_a_word(judge_rows):
    judged = judge_rows(*rows(89, INSTRUMENTS, INDICATORS))
    assert judged.state == "accepted"


def test_points_are_rejected(judge_rows):
    # 27 + 24 + 38 = 89: points of 30, 30 and 40.
    judged = judge_rows(*rows(89, {"IIT": 27, "EIT": 24, "OIT": 38}))
    assert rules_of(judged) == {"points_not_scores": 1} and judged.state == "rejected"
    assert judged.findings[0].value == "27 + 24 + 38 = 89"


def test_points_beside_rounding(judge_rows):
    # the sum may be 0.02 off; at 0.03 it merely does not add up
    assert (
        "points_not_scores" in judge_rows(*rows(89.02, {"IIT": 27, "EIT": 24, "OIT": 38})).counted
    )
    off = judge_rows(*rows(89.03, {"IIT": 27, "EIT": 24, "OIT": 38}))
    assert rules_of(off) == {"recomputed_differs": 1}


def test_nothing_scored_is_no_points(judge_rows):
    assert judge_rows(*rows(0, {"IIT": 0, "EIT": 0, "OIT": 0})).errors == 0


def test_points_in_every_layout(judge_bytes):
    wide = "fiscal_year,agency_id,overall,IIT,EIT,OIT\n2568,S1,89,27,24,38\n"
    scores = [{"level": "overall", "score": 89}] + [
        {"level": "instrument", "code": code, "score": value}
        for code, value in {"IIT": 27, "EIT": 24, "OIT": 38}.items()
    ]
    content = {"fiscal_year": 2568, "agency": {"agency_id": "S1"}, "scores": scores}
    for text in (wide, json.dumps(content)):
        assert rules_of(judge_bytes(text)) == {"points_not_scores": 1}


@pytest.mark.parametrize(
    "header", ["IIT (30),EIT (30),OIT (40)", "IIT (ร้อยละ ๓๐),EIT (30%),OIT (เต็ม 40)"]
)
def test_a_weight_in_the_header_and_no_figure_above_it_are_points(judge_bytes, header):
    points = judge_bytes(f"fiscal_year,agency_id,{header}\n2568,S1,26.17,25.83,36.41\n")
    assert rules_of(points) == {"points_by_header": 1} and points.state == "rejected"
    scores = judge_bytes(f"fiscal_year,agency_id,{header}\n2568,S1,87.23,86.10,40.00\n")
    assert "points_by_header" not in rules_of(scores) and scores.state != "rejected"
    nothing = judge_bytes(f"fiscal_year,agency_id,{header}\n2568,S1,0,0,0\n")
    assert "points_by_header" not in rules_of(nothing)


def test_a_column_of_ranks_is_none_of_scores(judge_bytes):
    ranks = judge_bytes("fiscal_year,agency_id,ITA\n2568,S1,3\n2568,S2,1\n2568,S3,2\n")
    assert rules_of(ranks)["ranks_not_scores"] == 3 and ranks.state == "rejected"
    for lines in ("2568,S1,1\n2568,S2,2\n", "2568,S1,3\n2568,S2,1\n2568,S3,2.5\n"):
        judged = judge_bytes(f"fiscal_year,agency_id,ITA\n{lines}")
        assert "ranks_not_scores" not in rules_of(judged) and judged.state != "rejected"


@pytest.mark.parametrize("code", INSTRUMENTS)
def test_the_overall_exchanged_with_an_instrument_is_rejected(judge_rows, code):
    judged = judge_rows(*rows(INSTRUMENTS[code], INSTRUMENTS | {code: 89}))
    assert rules_of(judged) == {"figures_exchanged": 1} and judged.state == "rejected"
    assert (
        judged.findings[0].value == f"{INSTRUMENTS[code]}" and code in judged.findings[0].message_en
    )


@pytest.mark.parametrize("instruments", [INSTRUMENTS, {}])
def test_the_overall_exchanged_with_an_indicator_is_rejected(judge_rows, instruments):
    judged = judge_rows(*rows(96, instruments, INDICATORS | {"9": 89}))
    assert rules_of(judged) == {"figures_exchanged": 1}


def test_a_wrong_figure_is_a_warning(judge_rows):
    # OIT 59 for 95: 0.3·90 + 0.3·80 + 0.4·59 = 74.60, not 89
    judged = judge_rows(*rows(89, INSTRUMENTS | {"OIT": 59}))
    assert rules_of(judged) == {"recomputed_differs": 1}
    assert "74.60" in judged.findings[0].message_en and judged.state == "accepted_with_warnings"


def test_an_exchange_that_breaks_another_sum_is_none(judge_rows):
    # 95 and 90.0… would fit the overall, but the indicators say that IIT is 90
    judged = judge_rows(*rows(95, INSTRUMENTS, INDICATORS))
    assert "figures_exchanged" not in judged.counted and judged.errors == 0


@pytest.mark.parametrize(
    ("scores", "rejected"),
    [
        ((0.9234, 0.88, 1), True),
        ((0.5,), True),
        ((0, 1, 1), False),  # all 0 or 1: odd, but items can be
        ((0, 0), False),
        ((0.5, 1.5), False),
        ((0.5, 88), False),
    ],
)
def test_a_unit_of_fractions_is_rejected(judge_rows, scores, rejected):
    codes = ["overall,", "instrument,IIT", "instrument,EIT"]
    judged = judge_rows(
        *(f"2568,S1,{code},,{value}" for code, value in zip(codes, scores, strict=False)),
        "2568,S2,overall,,,91",
    )
    assert (judged.counted["fractions"] == 1) is rejected
    assert judged.state == "accepted_with_warnings" or not rejected  # S2 stays


def test_parts_sub_indicators_and_items_bear_witness(judge_rows):
    # EIT 80 is the mean of 70 and 90, not of 70 and 80
    assert judge_rows(*eit(70, 90)).state == "accepted"
    (found,) = judge_rows(*eit(70, 80)).findings
    assert (found.rule, found.value) == ("recomputed_differs", "80.00")
    # 10 is the mean of 10.1 and 10.2: (90 + 100) / 2 = 95
    assert judge_rows(*tens(95)).state == "accepted"
    (found,) = judge_rows(*tens(96)).findings
    assert (found.rule, "95.00 (+1.00)" in found.message_en) == ("recomputed_differs", True)
    # 10.2 of FY2568 is the mean of o25 to o28: (100 + 100 + 0 + 100) / 4 = 75
    items = [f"2568,S1,item,o{number},,{0 if number == 27 else 100}" for number in range(25, 29)]
    assert judge_rows("2568,S1,sub_indicator,10.2,,75", *items).counted == {"missing_items": 1}
    judged = judge_rows("2568,S1,sub_indicator,10.2,,80", *items)
    assert judged.counted == {"missing_items": 1, "recomputed_differs": 1}


def eit(public, survey):
    yield "2568,S1,instrument,EIT,,80"
    yield f"2568,S1,instrument,EIT,public,{public}"
    yield f"2568,S1,instrument,EIT,survey,{survey}"


def tens(indicator):
    yield f"2568,S1,indicator,10,,{indicator}"
    yield "2568,S1,sub_indicator,10.1,,90"
    yield "2568,S1,sub_indicator,10.2,,100"


def test_two_ratings_without_their_overall_are_warned_of_once(judge_rows):
    judged = judge_rows("2568,S1,item,i1,,90,ผ่าน", "2568,S1,item,i2,,90,ผ่านดี")
    assert judged.counted["rating_without_overall"] == 1


def test_a_rating_beside_an_item_says_nothing_of_the_overall(judge_rows):
    judged = judge_rows("2568,S1,item,i1,,90,no level", "2568,S1,overall,,,90,ผ่านดี")
    assert judged.counted == {"missing_items": 1}
    assert judged.tables["score"].set_index("level")["rating"].to_dict()["overall"] == "good"


def test_a_rating_without_its_overall_is_warned_of_and_not_taken(judge_rows, judge_bytes):
    judged = judge_rows("2568,S1,overall,,,,ผ่าน", "2568,S1,instrument,IIT,,90")
    assert judged.counted == {"blank_score": 1, "rating_without_overall": 1}
    wide = judge_bytes("fiscal_year,agency_id,IIT,ระดับ\n2568,S1,90,ผ่านดี\n2568,S2,91,\n")
    assert wide.counted == {"rating_without_overall": 1} and wide.findings[0].value == "ผ่านดี"
    for one in (judged, wide):
        assert one.tables["score"]["rating"].isna().all()
    rated = judge_bytes("fiscal_year,agency_id,IIT,overall,ระดับ\n2568,S1,90,90,ผ่านดี\n")
    assert rated.state == "accepted"
    assert rated.tables["score"].set_index("level")["rating"]["overall"] == "good"


def test_notes_keep_their_numbers(judge_bytes):
    notes = [
        {"kind": "staff", "note_no": 3, "note": "ก"},
        {"kind": "staff", "note": "ข"},
        {"kind": "staff", "note_no": 3, "note": "ค"},
        {"kind": "budget", "note_no": 1, "note": "ง"},
    ]
    content = {"fiscal_year": 2568, "agency": {"agency_id": "S1"}, "constraints": notes}
    rows = judge_bytes(json.dumps(content)).tables["constraint_note"]
    assert rows[["kind", "note_no", "note_th"]].to_numpy().tolist() == [
        ["staff", 3, "ก"],
        ["staff", 4, "ข"],
        ["staff", 5, "ค"],
        ["budget", 1, "ง"],
    ]


LONG = "ปีงบประมาณ,agency_id,รหัส,ตัวชี้วัด,คะแนน\n"


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        # numbered through 1–5, 9, 10 where the titles are those of 6 and 7
        (LONG + "2568,S1,5,การแก้ไขปัญหาการทุจริต,90\n2568,S1,9,คุณภาพการดำเนินงาน,90\n", "6"),
        # exchanged; the words are those of FY2566, the number is wrong in every year
        (LONG + "2568,S1,7,การปรับปรุงระบบการทำงาน,90\n", "8"),
        # both in one cell, and over the column of a wide table
        ("ปีงบประมาณ,agency_id,รหัส,คะแนน\n2568,S1,9 คุณภาพการดำเนินงาน,90\n", "6"),
        ("ปีงบประมาณ,agency_id,ตัวชี้วัดที่ 9 คุณภาพการดำเนินงาน,ITA\n2568,S1,90,91\n", "6"),
        ("ปีงบประมาณ,agency_id,9. คุณภาพการดำเนินงาน,ITA\n2568,S1,90,91\n", "6"),
        # an item under another indicator's title
        (LONG + "2568,S1,i1,การใช้อำนาจ,90\n", "3"),
        # a sub-indicator under another one's
        (LONG + "2568,S1,9.1,การจัดซื้อจัดจ้าง,90\n", "9.3"),
    ],
)
def test_a_code_against_its_title_is_rejected(judge_bytes, text, wrong):
    judged = judge_bytes(text)
    assert judged.state == "rejected" and judged.counted["code_title_differs"] == 1
    found = next(one for one in judged.findings if one.rule == "code_title_differs")
    assert f"that of {wrong}" in found.message_en


@pytest.mark.parametrize(
    "text",
    [
        LONG + "2568,S1,6,คุณภาพการดำเนินงาน,90\n2568,S1,8,การปรับปรุงระบบการทำงาน,90\n",
        LONG + "2568,S1,6,6. คุณภาพ การดำเนินงาน,90\n2568,S1,9.1,การเปิดเผยข้อมูล,90\n",
        LONG + "2568,S1,9.3,การจัดซื้อจัดจ้าง,90\n2568,S1,9.1,9.1 ข้อมูลพื้นฐาน,90\n",
        LONG + "2568,S1,9,ตัวชี้วัดที่เก้า,90\n2568,S1,IIT,การใช้อำนาจ,90\n",  # says nothing
        "ปีงบประมาณ,agency_id,ตัวชี้วัดที่ 6 คุณภาพการดำเนินงาน,ITA\n2568,S1,90,91\n",
    ],
)
def test_a_title_that_fits_or_says_nothing_is_no_witness(judge_bytes, text):
    judged = judge_bytes(text)
    assert judged.errors == 0 and "score" in judged.tables


def test_an_item_with_anothers_question_is_rejected(judge_bytes):
    titles = {code: item.title for code, item in framework.load().years[2568].items.items()}
    right, wrong = f"2568,S1,o1,{titles['o1']},100\n", f"2568,S1,o2,{titles['o3']},100\n"
    assert judge_bytes(LONG + right).errors == 0
    judged = judge_bytes(LONG + wrong)
    assert judged.counted["code_title_differs"] == 1 and "o3" in judged.findings[0].message_en


RANKED = "fiscal_year,agency_id,overall,ลำดับในจังหวัด,ลำดับในประเภท\n"


def test_a_rank_beyond_the_number_of_agencies_is_warned_of(whole_registry):
    """2,000 in province 56, 6,100 of the type; 217 of the country's 8,317 are not in it."""
    for province, kind, wrong in ((2217, 6317, 0), (2218, 6317, 1), (2217, 6318, 1), (0, 1, 1)):
        judged = whole_registry(RANKED + f"2568,A1,90,{province},{kind}\n")
        assert judged.counted["rank_beyond_count"] == wrong, (province, kind)
        assert judged.tables["unit"]["published_province_rank"].tolist() == [province]


def test_a_registry_of_few_agencies_is_no_witness_against_a_rank(judge_bytes):
    assert judge_bytes(RANKED + "2568,S1,90,300,4000\n").state == "accepted"
    assert judge_bytes(RANKED + "2568,S1,90,0,4000\n").counted == {"rank_beyond_count": 1}


@pytest.fixture
def whole_registry():
    rows = [Agency(f"A{n}", f"ก{n}", "sao", "56", "ปง", 2560, EVER) for n in range(2000)]
    rows += [Agency(f"B{n}", f"ข{n}", "sao", "57", "ฝาง", 2560, EVER) for n in range(4100)]
    rows += [Agency(f"C{n}", f"ค{n}", "town", "57", "ฝาง", 2560, EVER) for n in range(2000)]
    years = framework.load()

    def run(text):
        submission = readers.read(Path("file"), text.encode())
        (judged,) = judge([File("0" * 64, "agency", submission)], years, Registry(rows, years), {})
        return judged

    return run
