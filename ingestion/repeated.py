"""Bytes that came before and came again: which later submission counts instead, said to the sender.

The same bytes are one submission with its first arrival; what came between counts, not they.
"""

from pathlib import Path

import psycopg

from ingestion import receipts
from warehouse import durable, settings


def counts_instead(conn: psycopg.Connection, sha256: str) -> list[dict]:
    """Later accepted submissions of the same authority with content of the same agency and year.

    Each with submission_sha256 and file_name; [] where these bytes themselves count.
    """
    rows = conn.execute(
        """
        select distinct later.submission_sha256, later.file_name
        from raw.submission as known
        join raw.unit as mine on mine.submission_sha256 = known.submission_sha256
        join raw.unit as theirs using (agency_id, fiscal_year, kind)
        join raw.submission as later on later.submission_sha256 = theirs.submission_sha256
        where known.submission_sha256 = %s and later.authority = known.authority
            and known.state in ('accepted', 'accepted_with_warnings')
            and later.state in ('accepted', 'accepted_with_warnings')
            and (later.received_at, later.submission_sha256)
                > (known.received_at, known.submission_sha256)
        order by 1""",
        [sha256],
    ).fetchall()
    return [{"submission_sha256": sha, "file_name": name} for sha, name in rows]


def line(conn: psycopg.Connection, sha256: str) -> str:
    """What `ita receive` says of known bytes; '' where they count."""
    return "".join(
        f"; {one['file_name']} came later and counts instead: "
        f"`ita withdraw {one['submission_sha256'][:12]}` takes it back"
        for one in counts_instead(conn, sha256)
    )


def mark(conn: psycopg.Connection, sha256s: list[str]) -> None:
    """Write into the receipts of known bytes that came again which later submission counts."""
    contents: dict[Path, bytes | str] = {}
    for sha256 in sha256s:
        instead = counts_instead(conn, sha256)
        file = settings.folder("receipts") / f"{sha256}.json"
        receipt = durable.read_json(file) if instead else None
        if receipt:
            receipt["counts_instead"] = instead
            contents[file] = receipts.as_json(receipt)
            contents[file.with_suffix(".md")] = receipts.as_markdown(receipt)
    durable.write_all(contents)
