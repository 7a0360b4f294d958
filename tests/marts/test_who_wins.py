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
    "ARRIVED_LATER",
    "AT_ONCE",
    "RATED_ALIKE",
    "RATED_OTHERWISE",
    "FROM_PARTS",
    "FROM_PARTS_BESIDE_ONE",
    "EIT_BELOW",
    "EIT_BELOW_UNSEEN",
)
EIT, PUBLIC, SURVEY, OIT = (
    ("instrument", code, part)
    for code, part in (("EIT", ""), ("EIT", "public"), ("EIT", "survey"), ("OIT", ""))
)
SUCCESSORS = {  # who takes whose place, and when each begins
    "ONE": (2567, ["ONE_OLD"]),
    "SPLIT_A": (2567, ["SPLIT_OLD"]),
    "SPLIT_B": (2567, ["SPLIT_OLD"]),
    "MERGED": (2567, ["MERGED_A", "MERGED_B"]),
    "HALF_KNOWN": (2567, ["KNOWN_OLD", "NOBODY"]),
    "OF_NOBODY": (2567, ["NOBODY"]),
    "OF_A_LATER": (2566, ["LATER_OLD"]),
}


def _successors() -> list[dict]:
    """Registry rows of SUCCESSORS and of those whose place they take, who end before them."""
    kind = {"agency_type": "sao", "province_code": "56", "valid_from": 2560, "valid_to": 2566}
    rows = {
        name: {**kind, "agency_id": name}
        for _, names in SUCCESSORS.values()
        for name in names
        if name != "NOBODY"
    }
    rows["LATER_OLD"] |= {"valid_from": 2567, "valid_to": None}
    begun = [
        {**kind, "agency_id": name, "valid_from": year, "valid_to": None, "replaces": replaces}
        for name, (year, replaces) in SUCCESSORS.items()
    ]
    return [*rows.values(), *begun]


def _known_and_succeeding(country: Country, send) -> None:
    """What counts of figures that are not all there, and who goes on with whose series."""
    send("ARRIVED_LATER", {OVERALL: "95"}, arrival=5000)  # the file that stands first in raw
    send("ARRIVED_LATER", {OVERALL: "70"}, arrival=4000)
    for score in ("71", "72", "73", "74"):  # at once: the greatest SHA-256 counts
        sha = send("AT_ONCE", {OVERALL: score}, arrival=6000)
        country.at_once = max(getattr(country, "at_once", ("", "")), (sha, score))
    for case, own in (("RATED_ALIKE", "90.004"), ("RATED_OTHERWISE", "90.006")):
        send(case, {OVERALL: own}, rating="pass")
        send(case, {OVERALL: "90"}, authority="nacc")
    parts = {IIT: "90", PUBLIC: "70", SURVEY: "90", OIT: "95"}
    send("FROM_PARTS", parts)  # EIT 80; 0.3·90 + 0.3·80 + 0.4·95 = 89
    send("FROM_PARTS_BESIDE_ONE", {**parts, I1: "90"})  # an indicator is known, not all are
    send("EIT_BELOW", {OVERALL: "91", IIT: "95", EIT: "84.99", OIT: "95"})
    send("EIT_BELOW_UNSEEN", {OVERALL: "91", IIT: "95", EIT: "85", OIT: "95"})
    for name in sorted({name for _, names in SUCCESSORS.values() for name in names}):
        if name not in ("NOBODY", "LATER_OLD"):
            send(name, {OVERALL: "60"}, year=2566)
    for name in SUCCESSORS:
        send(name, {OVERALL: "60"}, year=2567)
    send("LATER_OLD", {OVERALL: "60"}, year=2566)  # figures of a year before it began


def _case_by_case(send, plan) -> None:
    """Who sends what, in the order of arrival."""
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


def world() -> Country:
    country = Country()
    kind = {"agency_type": "sao", "province_code": "56", "valid_from": 2560, "valid_to": None}
    country.registry(*({**kind, "agency_id": case} for case in CASES), *_successors())

    def send(
        case: str,
        figures: dict,
        authority: str = "agency",
        state: str = "accepted",
        year: int = 2567,
        arrival: int | None = None,
        **more,
    ) -> str:
        sha = country.submission(authority, state, arrival=arrival)
        country.scores(sha, case, year, figures, **more)
        return sha

    def plan(case: str, text: str, authority: str = "agency", state: str = "accepted") -> None:
        sha = country.submission(authority, state)
        whose = {"submission_sha256": sha, "agency_id": case, "fiscal_year": 2568}
        country.add("unit", **whose, kind="measures")
        country.add("measure", **whose, measure_no=1, topic_no=1, item_codes=[], measure_th=text)

    _case_by_case(send, plan)
    _known_and_succeeding(country, send)
    return country


@pytest.fixture(scope="module")
def country():
    return world()


@pytest.fixture(scope="module")
def marts(build, country):
    connection = build(country, "--exclude-resource-type", "unit_test")

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


def test_later_is_the_time_of_arrival_and_of_two_at_once_the_sha256(marts, country):
    found = marts(
        "select agency_id, overall_score from assessment where agency_id in ('ARRIVED_LATER', "
        "'AT_ONCE') order by 1"
    )
    assert found == [("ARRIVED_LATER", Decimal("95")), ("AT_ONCE", Decimal(country.at_once[1]))]


def test_a_rating_comes_with_the_overall_score_that_wins(marts):
    """The agency's own stands beside an official overall only where both are the same."""
    assert marts(
        "select agency_id, overall_score, authority, level_code, level_source from assessment "
        "where agency_id like 'RATED%' order by 1"
    ) == [
        ("RATED_ALIKE", Decimal("90"), "nacc", "pass", "published"),
        ("RATED_OTHERWISE", Decimal("90"), "nacc", None, "not_computable"),
    ]


def test_the_overall_follows_from_the_instruments_and_is_ranked(marts):
    assert marts(
        "select agency_id, overall_score, score_source, recomputed_basis, eit_score, national_rank "
        "is not null from assessment left join national_ranking using (agency_id, fiscal_year, "
        "overall_score) where agency_id like 'FROM_PARTS%' order by 1"
    ) == [
        ("FROM_PARTS", Decimal("89"), "recomputed", "instruments", Decimal("80"), True),
        ("FROM_PARTS_BESIDE_ONE", None, None, None, Decimal("80"), False),
    ]


def test_eit_as_a_whole_decides_a_level_that_its_parts_leave_open(marts):
    assert marts(
        "select agency_id, level_code, level_source from assessment where agency_id like "
        "'EIT_BELOW%' order by 1"
    ) == [("EIT_BELOW", "pass", "computed"), ("EIT_BELOW_UNSEEN", None, "not_computable")]


def test_a_series_goes_on_from_one_to_one_only(marts):
    assert marts(
        "select agency_id from national_ranking where fiscal_year = 2567 and rank_change is not "
        f"null and agency_id in ({', '.join(map(repr, SUCCESSORS))})"
    ) == [("ONE",)]
    assert marts(
        "select agency_id, replaced_by from agency where replaced_by is not null order by 1"
    ) == [
        ("KNOWN_OLD", "HALF_KNOWN"),
        ("MERGED_A", "MERGED"),
        ("MERGED_B", "MERGED"),
        ("ONE_OLD", "ONE"),
        ("SPLIT_OLD", "SPLIT_A|SPLIT_B"),
    ]
