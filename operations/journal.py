"""What the log for programs (warehouse/events.py) is told of files and checks, from the warehouse.

Only keys, states and numbers leave it.
"""

import psycopg
from psycopg.rows import dict_row

from warehouse import events

WAITING = "select submission_sha256 from raw.submission where state = 'received'"
JUDGED = """
    select s.submission_sha256 as file, s.state, s.authority, s.layout, s.agencies, s.rows_read,
           s.rows_accepted, s.rows_rejected, s.errors, s.warnings,
           case when s.agencies = 1 then
               (select min(u.agency_id) from raw.unit as u
                where u.submission_sha256 = s.submission_sha256) end as agency
    from raw.submission as s
    where s.submission_sha256 = any(%s) and s.state <> 'received' order by s.submission_sha256"""
FAILED = """
    select c.gate, c.build_id as build, c.check_name as check, c.severity,
           c.unexpected_count as rows,
           array(select distinct one ->> 'submission_sha256' from jsonb_array_elements(c.sample)
                     as one where one ? 'submission_sha256' order by 1) as files,
           array(select distinct one ->> 'agency_id' from jsonb_array_elements(c.sample) as one
                 where one ? 'agency_id' order by 1) as agencies
    from ops.check_result as c
    where not c.success and c.checked_at >= %s order by 1, 3"""


def waiting(connection: psycopg.Connection) -> list[str]:
    """The files that are received and not loaded yet."""
    return [row[0] for row in connection.execute(WAITING).fetchall()]


def judged(connection: psycopg.Connection, files: list[str]) -> None:
    """An event `file` for each of these that is in its final state now."""
    with connection.cursor(row_factory=dict_row) as cursor:
        events.write("file", cursor.execute(JUDGED, [files]).fetchall())


def failed_checks(connection: psycopg.Connection, since: object) -> None:
    """An event `check_failed` for each check that failed since then."""
    with connection.cursor(row_factory=dict_row) as cursor:
        events.write("check_failed", cursor.execute(FAILED, [since]).fetchall())
