"""Who wins (contract, §2), case by case: one agency a case, so that a row that is wrong says which
rule is.

Submissions arrive in the order in which they are made here. Holding a publication for a person:
tests/publish/test_preview.py.
"""

from decimal import Decimal

import pytest
from country import Country

OVERALL, IIT, I1, I2 = (
    ("overall", "", ""),
    ("instrument", "IIT", ""),
    ("item", "i1", ""),
    ("item", "i2", ""),
)
CASES = (
    "RESENT",
    "KINDS",
    "WITHDRAWN",
    "REJECTED",
    "OFFICIAL",
    "OFFICIAL_FIRST",
    "OFFICIAL_AGAIN",
    "OFFICIAL_GONE",
    "LATE",
    "TWO_YEARS",
    "PLANS",
    "ALL_GONE",
)


def world() -> Country:
    country = Country()
    country.registry(
        *(
            {
                "agency_id": case,
                "agency_type": "sao",
                "province_code": "56",
                "valid_from": 2560,
                "valid_to": None,
            }
            for case in CASES
        )
    )

    def send(
        case: str,
        figures: dict,
        authority: str = "agency",
        state: str = "accepted",
        year: int = 2567,
        **more,
    ) -> str:
        sha = country.submission(authority, state)
        country.scores(sha, case, year, figures, **more)
        return sha

    def plan(case: str, text: str, authority: str = "agency", state: str = "accepted") -> None:
        sha = country.submission(authority, state)
        country.add(
            "unit", submission_sha256=sha, agency_id=case, fiscal_year=2568, kind="measures"
        )
        country.add(
            "measure",
            submission_sha256=sha,
            agency_id=case,
            fiscal_year=2568,
            measure_no=1,
            topic_no=1,
            measure_th=text,
        )

    send("RESENT", {OVERALL: "80", I1: "70", I2: "71"})
    send("RESENT", {OVERALL: "81", I1: "72"})  # i2 is not in it: it is gone
    send("KINDS", {OVERALL: "80"})
    plan("KINDS", "ก")  # measures alone do not touch the scores
    send("WITHDRAWN", {OVERALL: "80"})
    send("WITHDRAWN", {OVERALL: "81"}, state="withdrawn")  # the one before counts again
    send("REJECTED", {OVERALL: "80"})
    send("REJECTED", {OVERALL: "81"}, state="rejected")
    send("OFFICIAL", {OVERALL: "80", IIT: "75", I1: "70"}, rating="excellent", flags={I1})
    send(
        "OFFICIAL", {OVERALL: "90"}, authority="nacc", rating="pass"
    )  # figure by figure: IIT, i1 and its flag stay the agency's
    send("OFFICIAL_FIRST", {OVERALL: "90", I1: "91"}, authority="nacc")
    send(
        "OFFICIAL_FIRST", {OVERALL: "80", I1: "70", I2: "71"}
    )  # later, and still only for what the official one does not hold
    send("OFFICIAL_AGAIN", {OVERALL: "80", I1: "70"})
    send("OFFICIAL_AGAIN", {OVERALL: "90", I1: "91"}, authority="nacc")
    send(
        "OFFICIAL_AGAIN", {OVERALL: "95"}, authority="nacc"
    )  # replaces the earlier official one whole: i1 is the agency's again
    send("OFFICIAL_GONE", {OVERALL: "80"})
    send("OFFICIAL_GONE", {OVERALL: "90"}, authority="nacc", state="withdrawn")
    send("LATE", {OVERALL: "85"}, year=2567)
    send("LATE", {OVERALL: "75"}, year=2566)  # an earlier year that comes later
    send("TWO_YEARS", {OVERALL: "80"}, year=2566)
    send("TWO_YEARS", {OVERALL: "85"}, year=2567)
    send("TWO_YEARS", {OVERALL: "81"}, year=2566)  # replaces its own year only
    plan("PLANS", "เดิม")
    plan("PLANS", "ของหน่วยงาน")
    plan("PLANS", "ทางการ", authority="nacc")  # measures come from the agency
    plan("PLANS", "ถอนแล้ว", state="withdrawn")
    send("ALL_GONE", {OVERALL: "80"}, state="withdrawn")
    return country


@pytest.fixture(scope="module")
def marts(build):
    connection = build(world(), "--exclude-resource-type", "unit_test")

    def rows(sql):
        return [tuple(row.values()) for row in connection.execute(sql)]

    return rows


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        ("RESENT", [(2567, "81", "agency", "improve")]),
        ("KINDS", [(2567, "80", "agency", "improve")]),
        ("WITHDRAWN", [(2567, "80", "agency", "improve")]),
        ("REJECTED", [(2567, "80", "agency", "improve")]),
        ("OFFICIAL", [(2567, "90", "nacc", "pass")]),
        ("OFFICIAL_FIRST", [(2567, "90", "nacc", None)]),
        ("OFFICIAL_AGAIN", [(2567, "95", "nacc", None)]),
        ("OFFICIAL_GONE", [(2567, "80", "agency", "improve")]),
        ("LATE", [(2566, "75", "agency", "improve"), (2567, "85", "agency", None)]),
        ("TWO_YEARS", [(2566, "81", "agency", "improve"), (2567, "85", "agency", None)]),
        ("PLANS", []),
        ("ALL_GONE", []),
    ],
)
def test_whose_overall_counts(marts, case, expected):
    found = marts(
        "select fiscal_year, overall_score, authority, level_code from assessment where "
        f"agency_id = '{case}' order by 1"
    )
    assert found == [
        (year, Decimal(score), authority, level) for year, score, authority, level in expected
    ]


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        ("RESENT", [("i1", "72")]),
        ("OFFICIAL", [("i1", "70")]),
        ("OFFICIAL_FIRST", [("i1", "91"), ("i2", "71")]),
        ("OFFICIAL_AGAIN", [("i1", "70")]),
    ],
)
def test_whose_items_count(marts, case, expected):
    assert marts(
        f"select item_code, score from item_score where agency_id = '{case}' order by 1"
    ) == [(code, Decimal(score)) for code, score in expected]


def test_an_agencys_figures_and_flags_stand_where_the_official_file_is_silent(marts):
    assert marts("select iit_score from assessment where agency_id = 'OFFICIAL'") == [
        (Decimal("75"),)
    ]
    assert marts(
        "select item_code, flagged from agency_deficiency where agency_id = 'OFFICIAL'"
    ) == [("i1", True)]


def test_measures_come_from_the_agencys_latest(marts):
    assert marts("select agency_id, measure_th from measure order by 1") == [
        ("KINDS", "ก"),
        ("PLANS", "ของหน่วยงาน"),
    ]


def test_what_is_withdrawn_or_rejected_is_still_in_the_history(marts):
    assert marts(
        "select state, count(*) from submission where state in ('withdrawn', 'rejected') group "
        "by 1 order by 1"
    ) == [("rejected", 1), ("withdrawn", 4)]
