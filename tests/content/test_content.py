"""The texts and links that people read in a pack: complete, specific to the item, in clean Thai."""

import csv
import re
import unicodedata
from collections import Counter, defaultdict
from itertools import combinations, product

import pytest

from warehouse import reference, settings

YEARS = reference.complete_years()
SEVERITIES = {"urgent", "develop", "keep"}
TEXT_COLUMNS = (
    "deficiency_th",
    "recommendation_th",
    "measure_th",
    "steps_th",
    "evidence_th",
    "followup_th",
)
DANGLING = ("และ", "หรือ", "ของ", "โดย", "เพื่อ", "ซึ่ง", "ว่า", "แต่", "จาก", "แก่", "ได้แก่")


def seed(name):
    with (settings.SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def items():
    """(fiscal_year, item_code) -> row of framework_item, of complete years."""
    return {
        (int(row["fiscal_year"]), row["item_code"]): row
        for row in seed("framework_item")
        if int(row["fiscal_year"]) in YEARS
    }


@pytest.fixture(scope="module")
def meanings():
    """(fiscal_year, item_code) -> meaning, of complete years."""
    return {
        (int(row["fiscal_year"]), row["item_code"]): row["meaning"]
        for row in seed("item_meaning")
        if int(row["fiscal_year"]) in YEARS
    }


@pytest.fixture(scope="module")
def remedies():
    return seed("remedy")


def parts(row, column):
    return row[column].split("|") if column == "steps_th" else [row[column]]


# Meanings: what stays the same while the codes change.


def test_every_item_of_every_year_has_one_meaning(items, meanings):
    assert {year for year, _ in items} == set(YEARS)
    assert sum(int(row["fiscal_year"]) in YEARS for row in seed("item_meaning")) == len(meanings)
    assert meanings.keys() == items.keys()


def test_the_oit_items_of_a_provisional_year_are_linked_to_those_before(meanings):
    """A plan is made for a year before its framework is whole, and named in that year's codes."""
    named = {
        (row["fiscal_year"], row["item_code"])
        for row in seed("framework_item")
        if int(row["fiscal_year"]) not in YEARS and row["instrument"] == "OIT"
    }
    links = [row for row in seed("item_meaning") if int(row["fiscal_year"]) not in YEARS]
    assert {(row["fiscal_year"], row["item_code"]) for row in links} == named
    assert {row["meaning"] for row in links} <= set(meanings.values())
    assert len({(row["fiscal_year"], row["meaning"]) for row in links}) == len(links)
    of_2569 = {row["meaning"]: row["item_code"] for row in links if row["fiscal_year"] == "2569"}
    assert of_2569["oit_integrity_measures"] == "o25"  # domain §5
    assert of_2569["oit_integrity_measures_report"] == "o26"


def test_a_meaning_occurs_at_most_once_a_year_and_in_one_instrument(items, meanings):
    assert [
        key
        for key, count in Counter(
            (year, meaning) for (year, _), meaning in meanings.items()
        ).items()
        if count > 1
    ] == []
    assert [
        key
        for key, meaning in meanings.items()
        if not meaning.startswith(items[key]["instrument"].lower() + "_")
    ] == []


def test_the_same_title_in_two_years_is_the_same_meaning(items, meanings):
    by_title = defaultdict(set)
    for key, row in items.items():
        if row["title_th"]:
            by_title[row["instrument"], row["title_th"]].add(meanings[key])
    assert {title: found for title, found in by_title.items() if len(found) > 1} == {}


@pytest.mark.parametrize(
    "codes",
    [
        {
            2564: "o42",
            2565: "o42",
            2566: "o42",
            2567: "o34",
            2568: "o27",
        },  # measures from the analysis of the results
        {
            2564: "o43",
            2565: "o43",
            2566: "o43",
            2567: "o35",
            2568: "o28",
        },  # report on those measures
        {2564: "o17", 2565: "o17", 2566: "o18", 2567: "o13", 2568: "o10"},  # E-Service
        {2564: "i23", 2565: "i23", 2566: "i19"},  # guideline on the use of public property
        {2566: "o1", 2567: "o1", 2568: "o1"},  # structure; FY2568 merges it with powers
    ],
)
def test_lines_that_sources_confirm(meanings, codes):
    assert len({meanings[key] for key in codes.items()}) == 1


def test_a_meaning_is_confirmed_only_where_the_title_is(items):
    rows = seed("item_meaning")
    assert {row["status"] for row in rows} == {"confirmed", "derived", "unverified"}
    assert [
        row
        for row in rows
        if row["status"] == "confirmed"
        and int(row["fiscal_year"]) in YEARS
        and items[int(row["fiscal_year"]), row["item_code"]]["status"] != "confirmed"
    ] == []


# Topics


def test_every_item_belongs_to_a_topic(items):
    rows = seed("topic_item")
    keys = [(int(row["fiscal_year"]), row["item_code"], int(row["topic_no"])) for row in rows]
    assert len(keys) == len(set(keys))
    assert {key[:2] for key in keys} == items.keys()
    assert {topic for _, _, topic in keys} == set(range(1, 8))
    order = defaultdict(list)
    for row in rows:
        order[row["fiscal_year"], row["topic_no"]].append(int(row["seq"]))
    assert all(seqs == list(range(1, len(seqs) + 1)) for seqs in order.values())


def test_topics_without_a_published_source_are_marked_derived():
    rows = seed("topic_item")
    assert {row["status"] for row in rows if row["fiscal_year"] in ("2564", "2565", "2568")} == {
        "derived"
    }
    assert [
        row["status"] for row in rows if (row["fiscal_year"], row["item_code"]) == ("2566", "o4")
    ] == ["derived"]
    assert all(row["source"] for row in rows)


# Remedies


def test_every_meaning_has_its_three_remedies(meanings, remedies):
    keys = [(row["meaning"], row["severity"]) for row in remedies]
    assert len(keys) == len(set(keys))
    assert set(keys) == {
        (meaning, severity) for meaning in meanings.values() for severity in SEVERITIES
    }


def test_every_text_is_there_and_has_three_steps(remedies):
    assert [
        row["meaning"] for row in remedies if not all(row[column] for column in TEXT_COLUMNS)
    ] == []
    assert [row["meaning"] for row in remedies if len(row["steps_th"].split("|")) < 3] == []
    assert [
        row["meaning"]
        for row in remedies
        if row["severity"] == "urgent" and len(row["steps_th"].split("|")) < 4
    ] == []


def test_related_oit_meanings_exist(meanings, remedies):
    known = {meaning for meaning in meanings.values() if meaning.startswith("oit_")}
    for row in remedies:
        related = row["oit_meanings"].split("|")
        assert set(related) <= known and len(related) == len(set(related)), row["meaning"]
        assert row["meaning"] == related[0] or not row["meaning"].startswith("oit_"), row["meaning"]


def test_every_remedy_serves_an_oit_item_of_the_next_year(meanings, remedies):
    """The pack prints which OIT item a measure will serve.

    Where the year of the measures is not complete yet, the year of the results stands for it.
    """
    related = {row["meaning"]: row["oit_meanings"].split("|") for row in remedies}
    of_year = defaultdict(set)
    for (year, _), meaning in meanings.items():
        of_year[year].add(meaning)
    assert [
        (year, meaning)
        for (year, _), meaning in meanings.items()
        if not of_year[year + 1 if year + 1 in YEARS else year] & set(related[meaning])
    ] == []


def test_no_sentence_serves_two_meanings(remedies):
    users = defaultdict(set)
    for row in remedies:
        for column in TEXT_COLUMNS:
            for text in parts(row, column):
                users[text].add(row["meaning"])
    assert {text: sorted(found) for text, found in users.items() if len(found) > 1} == {}


@pytest.mark.parametrize(
    "column", ["deficiency_th", "recommendation_th", "measure_th", "evidence_th"]
)
def test_no_text_is_another_with_a_word_changed(remedies, column):
    """Share of common letter triples between the texts of two meanings.

    A template with the title pasted in has 0.7 and more.
    """
    triples = {
        (row["meaning"], row[column]): {
            row[column][at : at + 3] for at in range(len(row[column]) - 2)
        }
        for row in remedies
    }
    alike = [
        (one, two)
        for (one, a), (two, b) in combinations(triples.items(), 2)
        if one[0] != two[0] and len(a & b) > 0.6 * len(a | b)
    ]
    assert alike == []


# Thai


def texts():
    """(where, text) of every Thai text of ours that a pack may print."""
    columns = {
        "remedy": TEXT_COLUMNS,
        "responsible_unit": ("unit_th",),
        "province": ("province_th",),
        "agency_type": ("agency_type_th",),
    }
    return [
        (f"{name} {list(row.values())[:2]} {column}", text)
        for name in columns
        for row in seed(name)
        for column in columns[name]
        for text in parts(row, column)
    ]


@pytest.mark.parametrize(
    "fault",
    [
        "\u0e4d\u0e32",  # decomposed sara am
        # Zero width, no-break, double or outer spaces.
        "[\u200b-\u200f\u2060\ufeff\u00a0]|  |^ | $",
        "เเ",  # two เ typed for แ
        "[๐-๙]",  # the pack chooses the digits
        r"\Sๆ|ๆ\S",  # a space before and after ๆ
        rf"({'|'.join(DANGLING)})$",  # a sentence that stops in the middle
        "[^ก-ฮะ-ู็-์ๆA-Za-z0-9)]$",  # an odd last character
    ],
)
def test_thai_is_clean(fault):
    assert [(where, text) for where, text in texts() if re.search(fault, text)] == []


def test_thai_is_nfc_and_brackets_close():
    assert [
        (where, text)
        for where, text in texts()
        if text != unicodedata.normalize("NFC", text) or text.count("(") != text.count(")")
    ] == []


def test_no_year_but_that_of_a_law(remedies):
    """Years come from the data: a remedy serves any fiscal year."""
    found = [
        text
        for row in remedies
        for column in TEXT_COLUMNS
        for text in parts(row, column)
        if re.search(r"25\d\d", re.sub(r"พระราชบัญญัติ\S+ พ\.ศ\. 25\d\d", "", text))
    ]
    assert found == []


# Units, types and provinces


def test_a_unit_for_every_kind_and_type(remedies):
    rows = seed("responsible_unit")
    kinds = {row["responsible_kind"] for row in remedies}
    types = {row["agency_type"] for row in seed("agency_type")}
    assert Counter((row["responsible_kind"], row["agency_type"]) for row in rows) == Counter(
        product(kinds, types)
    )
    assert all(row["unit_th"] for row in rows)
    # A published report names one unit; where its name differs, what it is charged with.
    assert [row["unit_th"] for row in rows if "หรือ" in row["unit_th"]] == []


def test_the_seventeen_types():
    rows = seed("agency_type")
    local = {"pao", "city", "town", "tambon_mun", "sao", "special_lao"}
    state = {"province", "department", "soe", "public_org", "university", "fund", "other_state"}
    others = {"court", "independent", "prosecutor", "parliament"}
    assert {row["agency_type"] for row in rows} == local | state | others
    assert [int(row["type_order"]) for row in rows] == list(range(1, 18))
    assert sum(row["is_local"] == "true" for row in rows) == 6


def test_the_77_provinces():
    rows = seed("province")
    assert (
        len(rows)
        == len({row["province_code"] for row in rows})
        == len({row["province_th"] for row in rows})
        == 77
    )
    assert all(re.fullmatch("[1-9][0-9]", row["province_code"]) for row in rows)
    regions = Counter(row["region_th"] for row in rows)
    assert regions.pop("กรุงเทพมหานคร") == 1
    assert regions.keys() == {f"ป.ป.ช. ภาค {number}" for number in range(1, 10)}
    assert sum(regions.values()) == 76
    assert {row["region_status"] for row in rows} == {"unverified"}
    names = {row["province_code"]: row["province_th"] for row in rows}
    assert (names["10"], names["38"], names["63"], names["96"]) == (
        "กรุงเทพมหานคร",
        "บึงกาฬ",
        "ตาก",
        "นราธิวาส",
    )


def test_no_plan_reads_as_a_map(remedies):
    """แผนที่ is a map; a plan "that" is แผนซึ่ง (the map of where an office is may stay)."""
    texts = [(row["meaning"], row[column]) for row in remedies for column in TEXT_COLUMNS]
    texts += [(row["measure_no"], cell) for row in seed("measure_group") for cell in row.values()]
    assert [text for text in texts if "แผนที่" in text[1].replace("แผนที่ตั้ง", "")] == []
