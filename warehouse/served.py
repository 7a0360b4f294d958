"""Is what is served still there? Who has the owner's rights can drop it."""

import psycopg

# Views of mart that the published build had, by the rules of its last showing.
LOST = """
    select name from access.shown, jsonb_object_keys(rules) as name
    where to_regclass(format('mart.%I', name)) is null
        and (select counts from ops.publication order by publication_no desc limit 1) ? name
    order by name"""


def lost(connection: psycopg.Connection) -> list[str]:
    """The views of `mart` that were published and are gone."""
    with connection.cursor(row_factory=psycopg.rows.tuple_row) as cursor:
        return [name for (name,) in cursor.execute(LOST).fetchall()]
