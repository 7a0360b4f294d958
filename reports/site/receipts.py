"""receipts/index.html and a page for every receipt (raw.submission, receipts/<sha256>.json)."""

from pathlib import Path

import jinja2
import psycopg
from psycopg.rows import dict_row

from reports.site import page
from warehouse import durable, settings

AT_ONCE = 200  # pages that wait for the disk together


def write(connection: psycopg.Connection) -> None:
    """Write the list of all submissions by state, the last to arrive first, and the receipts as
    pages.
    """
    folder = settings.folder("receipts")
    with connection.cursor(row_factory=dict_row) as cursor:
        submissions = cursor.execute("""
            select submission_sha256, file_name, authority, layout, received_at, state, agencies,
                   rows_read, rows_accepted, rows_rejected, errors, warnings
            from raw.submission order by received_at desc, submission_sha256 desc""").fetchall()
    for begin in range(0, len(submissions), AT_ONCE):
        _write_receipts(folder, submissions[begin : begin + AT_ONCE])
    by_state = {
        state: [submission for submission in submissions if submission["state"] == state]
        for state in page.STATES
    }
    page.write(
        folder / "index.html", "receipts.html", "../", by_state=by_state, total=len(submissions)
    )


def _write_receipts(folder: Path, submissions: list[dict]) -> None:
    """The receipts' pages; `page` of each submission is its name, None while there is no receipt.

    A page that is newer than its receipt stays.
    """
    pages: dict[Path, bytes | str] = {}
    for submission in submissions:
        written = folder / f"{submission['submission_sha256']}.json"
        target = written.with_suffix(".html")
        submission["page"] = target.name if written.exists() else None
        if submission["page"] and (
            not target.exists() or target.stat().st_mtime < written.stat().st_mtime
        ):
            try:
                receipt = durable.read_json(written)
                if receipt is not None:
                    pages[target] = page.render("receipt.html", "../", receipt=receipt)
            except (jinja2.TemplateError, TypeError, ValueError) as error:  # JSON, and no receipt
                durable.set_aside(written, f"{type(error).__name__}: {error}")
            if target not in pages:  # the next night makes the receipt again
                submission["page"] = None
    durable.write_all(pages)
