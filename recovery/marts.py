"""Checksums of what `mart` shows: equal where every row of every view is."""

import psycopg
from psycopg import sql

from warehouse.connect import one

# The sum of 64 bits of each row's MD5: the same in whatever order the rows come.
CHECKSUM = """
    select count(*), coalesce(sum(('x' || left(md5(t::text), 16))::bit(64)::bigint::numeric), 0)
    from mart.{} as t"""


def checksums(connection: psycopg.Connection) -> dict[str, str]:
    """View of mart → its rows and their checksum, as text; {} where nothing is published."""
    found = {}
    with connection.transaction():
        connection.execute("set local timezone = 'UTC'; set local datestyle = 'ISO, MDY'")
        views = connection.execute(
            "select viewname from pg_views where schemaname = 'mart' order by 1"
        ).fetchall()
        for (view,) in views:
            count, total = one(connection.execute(sql.SQL(CHECKSUM).format(sql.Identifier(view))))
            found[view] = f"{count} {total}"
    return found


def differences(expected: dict[str, str], found: dict[str, str]) -> list[str]:
    """The views that are not the same in both."""
    return sorted(view for view in {*expected, *found} if expected.get(view) != found.get(view))
