"""Gate 2: the candidate build may be shown in `mart`.

The schema `candidate` holds it, the schema `published` the build that `mart` shows. In the SQL
below `:first_year` stands for the fiscal year before which the candidate took over the rows of the
published build (0: none). The large tables of those years are not audited again, but counted.
"""

from dataclasses import replace

from expectations import framework, gate
from expectations.candidate_checks import figures, history, ranks, summaries
from expectations.check import Suite

# The rows of a table that were built anew.
REBUILT = "select * from candidate.{} where fiscal_year >= :first_year"


def run(url: str, build_id: str, first_year: int, published: bool) -> bool:
    """Judge the candidate of the warehouse at `url` (an SQLAlchemy URL).

    True if nothing critical failed.

    Where nothing is `published` yet, nothing is compared with it. Writes what `gate.run` writes,
    and raises what it raises.
    """
    return gate.run(
        "candidate", build_id, url, suites(first_year, published), prepare=_framework_size()
    )


def suites(first_year: int, published: bool) -> list[Suite]:
    """The suites of the gate, in the order of the pages."""
    chosen = [
        Suite("agency", figures.AGENCY_CHECKS, table="candidate.agency"),
        Suite("assessment", figures.ASSESSMENT, table="candidate.assessment"),
        Suite("indicator_score", figures.INDICATOR_SCORE, query=REBUILT.format("indicator_score")),
        Suite("item_score", figures.ITEM_SCORE, query=figures.ITEM_SCORE_BY_AGENCY),
        Suite("national_ranking", ranks.NATIONAL_RANKING, table="candidate.national_ranking"),
        Suite("provincial_ranking", ranks.PROVINCIAL_RANKING, table="candidate.provincial_ranking"),
        Suite("agency_deficiency", ranks.AGENCY_DEFICIENCY, query=ranks.AGENCY_DEFICIENCY_BY_ITEM),
        Suite(
            "common_deficiency", ranks.COMMON_DEFICIENCY, query=REBUILT.format("common_deficiency")
        ),
        Suite("national_summary", summaries.NATIONAL_SUMMARY, table="candidate.national_summary"),
        Suite("province_summary", summaries.PROVINCE_SUMMARY, table="candidate.province_summary"),
        Suite("measure", summaries.MEASURE, table="candidate.measure"),
    ]
    if published:
        chosen += [
            Suite("history", history.HISTORY, table="candidate.assessment"),
            Suite("row_count", history.ROW_COUNT, query=history.ROW_COUNT_BY_TABLE),
        ]
    return [_from_year(suite, str(first_year)) for suite in chosen]


def _from_year(suite: Suite, first_year: str) -> Suite:
    checks = tuple(
        replace(check, rows=check.rows.replace(":first_year", first_year)) for check in suite.checks
    )
    return replace(suite, query=suite.query.replace(":first_year", first_year), checks=checks)


def _framework_size() -> list[str]:
    """SQL for a temporary table.

    The items of each year, and how many part-scores a complete submission has with every EIT item
    in two halves.
    """
    sizes: dict[int, list[int]] = {}
    for year, level, _, instrument, _ in framework.codes():
        if level == "item":
            size = sizes.setdefault(year, [0, 0])
            size[0] += 1
            size[1] += 2 if instrument == "EIT" else 1
    rows = ", ".join(f"({year}, {items}, {halves})" for year, (items, halves) in sizes.items())
    return [
        "create temporary table framework_size "
        "(fiscal_year integer, items integer, halves integer)",
        f"insert into framework_size values {rows}",
    ]
