"""The item scores of the years that stay: a table in the schema item_scores, which all builds show
that take over the same years.

They are more than all else together, and a usual night changes none of them: copied from build to
build they took a fifth of it.
"""

import psycopg
from psycopg import sql

from warehouse.connect import one

SCHEMA = "item_scores"


def keep(connection: psycopg.Connection, before_year: int, sha256: str) -> str:
    """The table with the published build's item scores of the years before `before_year`, made
    where there is none; its qualified name.

    sha256: of the inputs of those years. The same inputs give the same rows and numbers, whichever
    build wrote them. It is no part of the name: names of tables are read by everybody, and would
    tell that a hidden row is another one.
    """
    known = connection.execute(
        """
        select table_name from ops.kept_item_scores
        where before_year = %s and inputs_sha256 = %s and to_regclass(table_name) is not null""",
        [before_year, sha256],
    ).fetchone()
    if known:
        return known[0]
    (last,) = one(
        connection.execute(
            """select coalesce(max(agency_year_no), 0) from published.int_agency_year
        where fiscal_year < %s""",
            [before_year],
        )
    )
    with connection.transaction():
        (name,) = one(
            connection.execute(
                """
            insert into ops.kept_item_scores (before_year, inputs_sha256) values (%s, %s)
            returning table_name""",
                [before_year, sha256],
            )
        )
        table = sql.SQL(name)
        connection.execute(
            sql.SQL(
                "create table {} as select * from published.int_item_score"
                " where agency_year_no <= {}"
            ).format(table, last)
        )
        connection.execute(sql.SQL("create index on {} (agency_year_no)").format(table))
        # The build joins it right away: planned without statistics, that could take minutes.
        connection.execute(sql.SQL("analyze {}").format(table))
    return name


def drop_unused(connection: psycopg.Connection) -> None:
    """Drop the tables that no build shows."""
    unused = connection.execute(
        """
        select oid::regclass::text from pg_class
        where relnamespace = to_regnamespace(%s) and relkind = 'r'
            and oid not in (
                select to_regclass(kept_item_scores) from ops.build
                where kept_item_scores is not null)""",
        [SCHEMA],
    ).fetchall()
    for (name,) in unused:
        connection.execute(sql.SQL("drop table {}").format(sql.SQL(name)))
    connection.execute("delete from ops.kept_item_scores where to_regclass(table_name) is null")
