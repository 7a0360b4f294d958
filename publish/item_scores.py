"""The tables of item scores that publications leave for later builds (ops.item_score_table), in the schema item_scores."""

import psycopg
from psycopg import sql

SCHEMA = "item_scores"


def leave(connection: psycopg.Connection, publication_no: int) -> None:
    """Put the item scores that the published build built where later builds find them, in the caller's transaction.

    Views stay with the table that they were made of.
    """
    name = f"publication_{publication_no}"
    connection.execute(sql.SQL("alter table published.int_new_item_score rename to {}").format(sql.Identifier(name)))
    connection.execute(sql.SQL("alter table {} set schema {}").format(sql.Identifier("published", name), sql.Identifier(SCHEMA)))


def drop_unused(connection: psycopg.Connection) -> None:
    """Drop the tables whose years were all built anew since. Only where no retired build is left that shows them."""
    unused = connection.execute("""
        select tablename from pg_tables
        where schemaname = %s and tablename not in (select table_name from ops.item_score_table)""", [SCHEMA]).fetchall()
    for name, in unused:
        connection.execute(sql.SQL("drop table {}").format(sql.Identifier(SCHEMA, name)))
