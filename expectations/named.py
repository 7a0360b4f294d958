"""Which file and which agency a failing row is of, so that each failed check can name them."""

import psycopg
from psycopg.rows import dict_row

FILES = "select submission_sha256, file_name from raw.submission where submission_sha256 = any(%s)"
NAMES = """
    select distinct on (agency_id) agency_id, name_th from raw.agency where agency_id = any(%s)
    order by agency_id, valid_from desc, submission_sha256"""
# of a row of the build: the newest file that counts for the agency and year
NEWEST = """
    select distinct on (agency_id, fiscal_year) agency_id, fiscal_year, file_name
    from raw.unit join raw.submission using (submission_sha256)
    where agency_id = any(%s) and state in ('accepted', 'accepted_with_warnings')
    order by agency_id, fiscal_year, received_at desc, submission_sha256 desc"""


def named(connection: psycopg.Connection, rows: list[dict]) -> list[dict[str, str]]:
    """`file` and `agency` ('' where a row is of none) of each row, without repetitions."""
    with connection.cursor(row_factory=dict_row) as cursor:
        agencies = _texts(rows, "agency_id")
        files = {
            row["submission_sha256"]: row["file_name"]
            for row in cursor.execute(FILES, [_texts(rows, "submission_sha256")])
        }
        names = {row["agency_id"]: row["name_th"] for row in cursor.execute(NAMES, [agencies])}
        newest = {
            (row["agency_id"], row["fiscal_year"]): row["file_name"]
            for row in cursor.execute(NEWEST, [agencies])
        }
    found: dict[tuple[str, str], None] = {}
    for row in rows:
        agency_id = str(row.get("agency_id") or "")
        file = files.get(str(row.get("submission_sha256"))) or newest.get(
            (agency_id, row.get("fiscal_year"))
        )
        agency = f"{names[agency_id]} ({agency_id})" if agency_id in names else agency_id
        if file or agency:
            found[file or "", agency] = None
    return [{"file": file, "agency": agency} for file, agency in found]


def _texts(rows: list[dict], column: str) -> list[str]:
    return sorted({str(row[column]) for row in rows if row.get(column)})
