"""After a publication: `mart` knows the published build alone, once nobody reads the one before.

Over two builds each view of `mart` is a union, of whose columns PostgreSQL has no statistics: it
joins blindly, and a query of 3 ms took 440 (docs/decisions/0008).
"""

from datetime import datetime

import psycopg

from publish import dependents, readers, views
from warehouse.connect import one

KNOWS_TWO = """
    select exists (
        select from pg_depend as d
        join pg_rewrite as r on r.oid = d.objid and d.classid = 'pg_rewrite'::regclass
        join pg_class as v on v.oid = r.ev_class
        join pg_class as t on t.oid = d.refobjid and d.refclassid = 'pg_class'::regclass
        join access.shown as s on t.relnamespace <> to_regnamespace('shown_' || s.build_no)
        where v.relnamespace = to_regnamespace('mart')
            and t.relnamespace in (
                select oid from pg_namespace where nspname like 'shown\\_%'))"""


def is_due(connection: psycopg.Connection) -> bool:
    """Does `mart` know two builds, and is no reader's snapshot older than the publication?"""
    two = one(connection.execute(KNOWS_TWO))[0]
    return two and not connection.execute(readers.OLD_SNAPSHOTS).fetchone()


def run(connection: psycopg.Connection, at: datetime) -> bool:
    """Make `mart` of the published build alone where that is due; was it made? The watcher tries
    again where a reader is in the way. The caller has the lock of the steps."""
    if not is_due(connection):
        return False
    number = views.number_shown(connection)
    try:
        with connection.transaction():
            connection.execute(f"set local lock_timeout = '{readers.LOCK_TIMEOUT}'")
            own_views = dependents.locked(connection)
            connection.execute(views.script_of_mart(connection, [number], "published"))
            dependents.point_again(connection, own_views, at)
    except psycopg.errors.LockNotAvailable:
        return False
    return True
