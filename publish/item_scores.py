"""The item scores of the years that stay: a table in the schema item_scores, which all builds show that take over the same years.

They are more than all else together, and a usual night changes none of them: copied from build to build they took a fifth of it.
"""

import psycopg
from psycopg import sql

SCHEMA = "item_scores"


def keep(connection: psycopg.Connection, before_year: int, sha256: str) -> str:
    """The table with the published build's item scores of the years before `before_year`, made where there is none; its qualified name.

    sha256: of the inputs of those years. The same inputs give the same rows and numbers, whichever build wrote them.
    """
    name = f"before_{before_year}_{sha256[:12]}"
    table = sql.Identifier(SCHEMA, name)
    if not connection.execute("select to_regclass(%s)", [f"{SCHEMA}.{name}"]).fetchone()[0]:
        (last,) = connection.execute(
            "select coalesce(max(agency_year_no), 0) from published.int_agency_year where fiscal_year < %s",
            [before_year],
        ).fetchone()
        with connection.transaction():
            connection.execute(
                sql.SQL(
                    "create table {} as select * from published.int_item_score where agency_year_no <= {}"
                ).format(table, last)
            )
            connection.execute(sql.SQL("create index on {} (agency_year_no)").format(table))
            connection.execute(sql.SQL("analyze {}").format(table))
    return f"{SCHEMA}.{name}"


def drop_unused(connection: psycopg.Connection) -> None:
    """Drop the tables that no build shows."""
    unused = connection.execute(
        """
        select oid::regclass::text from pg_class
        where relnamespace = to_regnamespace(%s) and relkind = 'r'
            and oid not in (select to_regclass(kept_item_scores) from ops.build where kept_item_scores is not null)""",
        [SCHEMA],
    ).fetchall()
    for (name,) in unused:
        connection.execute(sql.SQL("drop table {}").format(sql.SQL(name)))
