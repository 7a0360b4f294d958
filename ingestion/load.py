"""COPY what is judged into raw, many small files in one transaction."""

from collections.abc import Iterable, Iterator
from datetime import datetime

import psycopg
from psycopg import sql

from ingestion import beside, judged_folder, records
from ingestion.planned import proposals_used
from ingestion.raw_tables import TABLES, csv_name

FILES_AT_ONCE = 500
BYTES_AT_ONCE = 64 * 1024 * 1024
BLOCK = 1024 * 1024
# share of new rows from which statistics are taken anew: they read a third of the scores, from all
# over the disk
STALE = 0.02


def run(conn: psycopg.Connection, at: datetime, record: bool = True) -> str:
    """Load every judged submission that is still `received`; a summary.

    Each transaction replaces all rows of its submissions and sets their state; raw.submission
    checks that rows read = accepted + rejected. Killed at any point it can run again. record: say
    beside the archive which were judged on this state of the warehouse.
    """
    waiting = conn.execute(
        "select submission_sha256, received_seq from raw.submission where state = 'received'"
        " order by received_at, submission_sha256"
    ).fetchall()
    judged = [
        (sha256, receipt)
        for sha256, arrival in waiting
        if (receipt := judged_folder.receipt_of(sha256, arrival))
    ]
    if judged and record:
        event = {"event": "judged", "at": at.isoformat(), "sha256s": [s for s, _ in judged]}
        proposed = proposals_used(conn, [receipt for _, receipt in judged])
        records.append([{**event, "proposed": proposed} if proposed else event])
    states: dict[str, int] = {}
    for batch in _batches(judged):
        with conn.transaction():
            _load(conn, batch)
        for _, receipt in batch:
            states[receipt["state"]] = states.get(receipt["state"], 0) + 1
    _tidy(conn)  # first: without statistics, a national table is compared for minutes
    beside.tell(conn)
    total, left = sum(states.values()), len(waiting) - len(judged)
    said = [f"{count} {state}" for state, count in sorted(states.items())]
    waits = [f"{left} still to be judged"] if left else []
    return (f"{total} files: " if total else "") + (", ".join(said + waits) or "nothing new")


def _tidy(conn: psycopg.Connection) -> None:
    """Let the server note which rows all may see (else an index alone answers nothing) and which
    years lie where (the index score_year), and what the planner must know of tables of which much
    is new. Always, not only after a load: a kill may have come between.
    """
    tables = {table: sql.Identifier(*table.split(".")) for table in ("raw.submission", *TABLES)}
    conn.execute(sql.SQL("vacuum {}").format(sql.SQL(", ").join(tables.values())))
    conn.execute("select pg_stat_force_next_flush()")
    stale = conn.execute(
        """
        select schemaname || '.' || relname from pg_stat_user_tables
        where schemaname || '.' || relname = any(%s)
          and (coalesce(last_analyze, last_autoanalyze) is null
               or n_mod_since_analyze > %s * n_live_tup)""",
        [list(tables), STALE],
    ).fetchall()
    if stale:
        conn.execute(
            sql.SQL("analyze {}").format(sql.SQL(", ").join(tables[table] for (table,) in stale))
        )


def _batches(judged: Iterable[tuple[str, dict]]) -> Iterator[list[tuple[str, dict]]]:
    """Up to FILES_AT_ONCE files or about BYTES_AT_ONCE bytes."""
    batch: list[tuple[str, dict]] = []
    size = 0
    for sha256, receipt in judged:
        batch.append((sha256, receipt))
        size += sum(file.stat().st_size for file in judged_folder.folder_of(sha256).iterdir())
        if len(batch) == FILES_AT_ONCE or size > BYTES_AT_ONCE:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _load(conn: psycopg.Connection, batch: list[tuple[str, dict]]) -> None:
    shas = [sha256 for sha256, _ in batch]
    for table, columns in TABLES.items():
        name = sql.Identifier(*table.split("."))
        conn.execute(
            sql.SQL("delete from {} where submission_sha256 = any(%s)").format(name), [shas]
        )
        files = [
            judged_folder.folder_of(sha256) / csv_name(table)
            for sha256, receipt in batch
            if csv_name(table) in receipt["files"]
        ]
        if files:
            copy = sql.SQL("copy {} ({}) from stdin (format csv)").format(
                name, sql.SQL(", ").join(map(sql.Identifier, columns))
            )
            with conn.cursor().copy(copy) as rows:
                for file in files:
                    with file.open("rb") as content:
                        content.readline()  # the header
                        while block := content.read(BLOCK):
                            rows.write(block)
    fields = [
        "state",
        "layout",
        "agencies",
        "rows_read",
        "rows_accepted",
        "rows_rejected",
        "errors",
        "warnings",
    ]
    with conn.cursor() as cursor:
        cursor.executemany(
            sql.SQL(
                "update raw.submission set {} where submission_sha256 = %s and state = 'received'"
            ).format(
                sql.SQL(", ").join(
                    sql.SQL("{} = %s").format(sql.Identifier(field)) for field in fields
                )
            ),
            [[*(receipt[field] for field in fields), sha256] for sha256, receipt in batch],
        )
