"""Is what is served still there? Who has the owner's rights can drop it."""

import psycopg
from psycopg import sql
from psycopg.rows import tuple_row

# Views of mart that the published build had, by the rules of its last showing: is it there, and
# what it reads; is that a table that had rows?
SHOWN = """
    select name, to_regclass(format('mart.%I', name)) is not null
            and to_regclass(format('published.%I', name)) is not null,
        (counts ->> name)::bigint > 0 and exists (
            select from pg_class where oid = to_regclass(format('published.%I', name))
                and relkind = 'r')
    from access.shown, jsonb_object_keys(rules) as name,
        (select counts from ops.publication order by publication_no desc limit 1) as last
    where counts ? name
    order by name"""


def lost(connection: psycopg.Connection) -> list[str]:
    """The views of `mart` that were published and are gone, or whose table has no row any more."""
    with connection.cursor(row_factory=tuple_row) as cursor:
        shown = cursor.execute(SHOWN).fetchall()
        filled = [name for name, is_there, had_rows in shown if is_there and had_rows]
        empty = _without_rows(cursor, filled)
    return [name for name, is_there, _ in shown if not is_there or name in empty]


def _without_rows(cursor: psycopg.Cursor, names: list[str]) -> list[str]:
    of_one = sql.SQL("select {} where not exists (select from published.{})")
    asked = [of_one.format(sql.Literal(name), sql.Identifier(name)) for name in names]
    return [name for (name,) in cursor.execute(sql.SQL(" union all ").join(asked))] if asked else []
