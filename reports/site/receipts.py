"""receipts/index.html and a page for every receipt, from raw.submission and receipts/<sha256>.json."""

import json

import psycopg
from psycopg.rows import dict_row

from reports.site import page
from warehouse import settings


def write(connection: psycopg.Connection) -> None:
    """Write the list of all submissions by state, the last to arrive first, and the receipts as pages."""
    folder = settings.folder("receipts")
    with connection.cursor(row_factory=dict_row) as cursor:
        submissions = cursor.execute("""
            select submission_sha256, file_name, authority, layout, received_at, state, agencies, rows_read, rows_accepted, rows_rejected,
                   errors, warnings
            from raw.submission order by received_seq desc""").fetchall()
    for submission in submissions:
        submission["page"] = _write_receipt(folder, submission)
    by_state = {
        state: [submission for submission in submissions if submission["state"] == state]
        for state in page.STATES
    }
    page.write(
        folder / "index.html", "receipts.html", "../", by_state=by_state, total=len(submissions)
    )


def _write_receipt(folder, submission: dict) -> str | None:
    """The receipt's page; its name, or None while there is no receipt. A page that is newer than its receipt stays."""
    sha256 = submission["submission_sha256"]
    written = folder / f"{sha256}.json"
    if not written.exists():
        return None
    target = folder / f"{sha256}.html"
    if not target.exists() or target.stat().st_mtime < written.stat().st_mtime:
        page.write(
            target, "receipt.html", "../", receipt=json.loads(written.read_text(encoding="utf-8"))
        )
    return target.name
