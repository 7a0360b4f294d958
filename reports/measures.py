"""The measures of agencies in a year: their own, and the proposals that stand where they have none.

They are the plan that a pack prints, and a year later the rows of its last part, of the reports on
progress and of `measures.xlsx`.
"""

from collections import defaultdict
from collections.abc import Callable

import psycopg
from psycopg.rows import dict_row

from warehouse.connect import one

COLUMNS = """agency_id, measure_no, measure_key, topic_no, indicator_no, item_codes, measure_th,
    steps_th, responsible_th, starts_on, ends_on, followup_th, adopted"""
MEASURES = f"""
    select {COLUMNS}, 'own' as source, null as severity, null as evidence_th,
        null as serves_item_code, '{{}}'::text[] as oit_item_codes, null as because_th
    from mart.measure
    where fiscal_year = %(year)s and agency_id = any(%(ids)s)
    union all
    select {COLUMNS}, 'catalogue', severity, evidence_th, serves_item_code, oit_item_codes,
        because_th
    from mart.proposed_measure
    where fiscal_year = %(year)s and agency_id = any(%(ids)s) and stands
    order by source desc, measure_no"""  # noqa: S608
PROGRESS = """
    select agency_id, measure_no, as_of, result_th, due_on, completed_on, status
    from mart.measure_progress
    where fiscal_year = %(year)s and agency_id = any(%(ids)s) order by as_of"""
CONSTRAINTS = """
    select kind, note_th from mart.constraint_note
    where fiscal_year = %(year)s and agency_id = any(%(ids)s) order by kind, note_no"""

Rows = Callable[[str, dict], list[dict]]  # query and its values -> rows of plain JSON values


def read(rows: Rows, agency_ids: list[str], fiscal_year: int) -> dict[str, list[dict]]:
    """agency_id -> measures of the measures year (B.E.): its own by number, then the proposals.

    Each has the columns of `MEASURES` without agency_id, and `progress`: its reports, the latest
    last. Progress of a number that is no measure's (it came before its measures) is left out.
    """
    values = {"year": fiscal_year, "ids": agency_ids}
    progress = defaultdict(list)
    for report in rows(PROGRESS, values):
        progress[report.pop("agency_id"), report["measure_no"]].append(report)
    found = defaultdict(list)
    for measure in rows(MEASURES, values):
        agency_id = measure.pop("agency_id")
        reports = progress[agency_id, measure["measure_no"]]
        found[agency_id].append({**measure, "progress": reports})
    return found


def of_agency(
    connection: psycopg.Connection, agency_id: str, fiscal_year: int
) -> tuple[list[dict], list[dict]]:
    """(measures, constraints) of one agency and measures year, for its workbook; nothing where
    nothing is published yet."""

    def rows(query: str, values: dict) -> list[dict]:
        with connection.cursor(row_factory=dict_row) as cursor:
            return [
                {
                    key: value.isoformat() if hasattr(value, "isoformat") else value
                    for key, value in row.items()
                }
                for row in cursor.execute(query, values).fetchall()
            ]

    if not one(connection.execute("select to_regclass('mart.proposed_measure')"))[0]:
        return [], []
    values = {"year": fiscal_year, "ids": [agency_id]}
    return read(rows, [agency_id], fiscal_year)[agency_id], rows(CONSTRAINTS, values)
