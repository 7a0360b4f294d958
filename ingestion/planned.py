"""The measures that the warehouse knows: which numbers a report on progress may speak of."""

from dataclasses import dataclass, field

import psycopg

from warehouse.connect import one
from warehouse.measures_book import key

AgencyYear = tuple[str, int]  # agency_id and measures year (B.E.)


@dataclass(frozen=True)
class Planned:
    """own: the numbers of the agency's own measures, each with its keys: that of today and the one
    that our workbook printed; proposed: the numbers proposed."""

    own: dict[AgencyYear, dict[int, set[str]]] = field(default_factory=dict)
    proposed: dict[AgencyYear, frozenset[int]] = field(default_factory=dict)


def planned_of(conn: psycopg.Connection) -> Planned:
    """What was sent so far (the latest submission of each agency and year) and what is proposed in
    the published build."""
    own: dict[AgencyYear, dict[int, set[str]]] = {}
    for agency, year, number, codes, words, printed in conn.execute("""
        select agency_id, fiscal_year, measure_no, item_codes, measure_th, printed_key
        from raw.measure join (
            select distinct on (agency_id, fiscal_year) agency_id, fiscal_year, submission_sha256
            from raw.unit join raw.submission using (submission_sha256)
            where kind = 'measures' and authority = 'agency'
                and state in ('accepted', 'accepted_with_warnings')
            order by agency_id, fiscal_year, received_at desc, submission_sha256 desc
        ) as latest using (submission_sha256, agency_id, fiscal_year)"""):
        own.setdefault((agency, year), {})[number] = {key(year, number, codes, words), printed}
    proposed = []
    kinds = (
        "published.int_proposal",
        "published.int_drawn",
    )  # a build of before has the first only
    there = [kind for kind in kinds if one(conn.execute("select to_regclass(%s)", [kind]))[0]]
    if there:
        either = " union all ".join(
            f"select agency_id, fiscal_year, measure_no from {kind}"  # noqa: S608 names of ours
            for kind in there
        )
        proposed = conn.execute(f"""
            select agency_id, fiscal_year + 1, array_agg(measure_no)
            from ({either}) as either group by agency_id, fiscal_year""").fetchall()  # noqa: S608
    return Planned(own, {(agency, year): frozenset(numbers) for agency, year, numbers in proposed})


def proposals_used(conn: psycopg.Connection, receipts: list[dict]) -> list[list]:
    """[agency_id, measures year, numbers proposed] of the agencies whose progress was judged.

    They are of the build that was published then, which a rebuild does not have.
    """
    agencies = {
        unit["agency"]
        for receipt in receipts
        if "progress" in receipt["accepted_rows"] or "unknown_measure" in receipt["rules"]
        for unit in receipt["units"]
    }
    if not agencies:
        return []
    return [
        [agency, year, sorted(numbers)]
        for (agency, year), numbers in sorted(planned_of(conn).proposed.items())
        if agency in agencies
    ]
