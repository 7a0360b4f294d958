"""The views of `mart`: what each reader sees of a build, and how another build takes its place.

A build that is shown has a schema `shown_<number>` with the names that reading it needs: each table
as it is, and for what a province may see in part a function that gives the rows of its own. The
views of `mart` choose among them while a query is planned (docs/decisions/0004). They are never
replaced in place: a new schema takes the name `mart`, which waits for no reader and lets none wait
(docs/decisions/0008).
"""

from typing import Any

import psycopg
from psycopg import sql

from publish import access
from warehouse.connect import one
from warehouse.errors import Fault

# Folded by the planner, so that the other branch leaves the plan; then asked again when it runs.
HEADQUARTERS = """access.plans_for_headquarters() and exists (
    select from access.role_scope
    where province_codes is null and pg_has_role(current_user, role_name, 'usage'))"""
PROVINCE = "not access.plans_for_headquarters()"
OWN_PROVINCE = "province_code = any ((select access.provinces_of(current_user))::text[])"

# The rows that a function of a province's own gives. A variable, not a subquery: the plan inside is
# made for these provinces, and finds them by index.
OWN_ROWS = {
    "own_province": "province_code = any (of_reader)",
    "own_submission": "province_codes <> '{{}}' and province_codes <@ of_reader",
    "cells": "province_code = any (of_reader)",
}
OWN_FUNCTION = """
create function {function}(reader name) returns setof {rows}
language plpgsql stable security definer parallel restricted rows 1000
set search_path = pg_catalog set plan_cache_mode = force_custom_plan as $$
declare
    of_reader text[] := access.provinces_of(reader);
begin
    return query select * from {rows} where {condition};
end $$"""


def number_shown(connection: psycopg.Connection) -> int:
    """The number of the build that `mart` shows; 0 before the first."""
    row = connection.execute("select build_no from access.shown").fetchone()
    return row[0] if row else 0


def rules() -> dict[str, str]:
    """View of views.csv -> by what rule it is shown (kept beside the number of the build)."""
    return {
        view["view_name"]: " without ".join(
            filter(None, (view["rows"], view["hidden_columns"].replace("|", ", ")))
        )
        for view in access.views()
    }


def script_of_build(
    connection: psycopg.Connection, number: int, schema: str, of_this_release: bool = True
) -> sql.Composed:
    """The statements that make `shown_<number>` over the tables of `schema`. Nobody reads it yet.

    Raises Fault if views.csv names a mart that dbt does not build; a build of a release before
    shows what it has.
    """
    shown, tables = _schema(number), columns_of(connection, schema)
    made = [sql.SQL("create schema {}").format(sql.Identifier(shown))]
    for view in access.views():
        name, rule = view["view_name"], view["rows"]
        if name not in tables and not of_this_release:
            continue
        if name not in tables:
            raise Fault(
                f"the build has no table {name}", "views.csv names a mart that dbt does not build"
            )
        parts = [part for part in (name, f"released_{name}", f"withheld_{name}") if part in tables]
        made += [
            sql.SQL("create view {} as select * from {}").format(
                sql.Identifier(shown, part), sql.Identifier(schema, part)
            )
            for part in parts
        ]
        if _has_own(rule, name, tables):
            made.append(
                sql.SQL(OWN_FUNCTION).format(
                    function=sql.Identifier(shown, f"own_{name}"),
                    rows=sql.Identifier(shown, parts[-1]),
                    condition=sql.SQL(OWN_ROWS[rule].format()),
                )
            )
    functions = sql.SQL("all functions in schema {}").format(sql.Identifier(shown))
    made.append(sql.SQL("revoke all on {} from public").format(functions))
    made.append(sql.SQL("grant execute on {} to {}").format(functions, access.names()))
    return _script(made)


def script_of_mart(connection: psycopg.Connection, numbers: list[int], schema: str) -> sql.Composed:
    """The statements that make `mart` anew over the builds of these numbers, the newest first.

    With two, a query reads the one that access.shown names when it is planned: all of its views
    the same, also where `mart` changes between two of its names. To be run in one transaction.
    `schema` has the tables of the newest, with their descriptions.
    """
    builds = [(number, columns_of(connection, _schema(number))) for number in numbers]
    made: list[sql.Composable] = [sql.SQL("create schema mart_next")]
    for view in access.views():
        if view["view_name"] not in builds[0][1]:  # the published build is of a release before
            continue
        branches = [
            branch
            for number, tables in builds
            for branch in _branches(view, number, tables, builds[0][1], len(builds) > 1)
        ]
        made.append(
            sql.SQL("create view {} as {}").format(
                sql.Identifier("mart_next", view["view_name"]),
                sql.SQL(" union all ").join(branches),
            )
        )
    made += _comments(connection, schema)
    made += _grants(connection, builds[0][1])
    made += _take_the_name(connection)
    return _script(made)


def columns_of(connection: psycopg.Connection, schema: str) -> dict[str, dict[str, str]]:
    """Table or view of the schema -> its columns in their order -> their types."""
    rows = connection.execute(
        """
        select c.relname, a.attname, format_type(a.atttypid, a.atttypmod)
        from pg_class as c join pg_attribute as a on a.attrelid = c.oid
        where c.relnamespace = to_regnamespace(%s) and c.relkind in ('r', 'v')
            and a.attnum > 0 and not a.attisdropped
        order by c.relname, a.attnum""",
        [schema],
    ).fetchall()
    tables: dict[str, dict[str, str]] = {}
    for table, column, kind in rows:
        tables.setdefault(table, {})[column] = kind
    return tables


def _schema(number: int) -> str:
    return f"shown_{number}"


def _script(statements: list) -> sql.Composed:
    return sql.SQL(";\n").join(statements)


def _branches(view: dict, number: int, tables: dict, newest: dict, of_several: bool) -> list:
    """The selects on one build whose union a view of mart is, each with who may run it."""
    name, rule = view["view_name"], view["rows"]
    if name not in tables:  # a build of a release before, which did not have it
        return []
    shown = f" and access.is_shown({number})" if of_several else ""
    columns = [_column(column, kind, tables[name]) for column, kind in newest[name].items()]

    def branch(source: sql.Composable, who: str, selected: Any = columns) -> sql.Composed:
        return sql.SQL("select {} from {} where {}").format(
            sql.SQL(", ").join(selected), source, sql.SQL(f"{who}{shown}")
        )

    table = sql.Identifier(_schema(number), name)
    if rule == "whole" and not view["hidden_columns"]:
        return [branch(table, "true")]
    branches = [branch(table, HEADQUARTERS)]
    if rule == "whole":
        branches.append(branch(table, PROVINCE, _hidden(view, newest[name], columns)))
    if rule == "cells" and f"released_{name}" in tables:
        branches.append(branch(sql.Identifier(_schema(number), f"released_{name}"), PROVINCE))
    if _has_own(rule, name, tables):
        own = sql.SQL("{}(current_user)").format(sql.Identifier(_schema(number), f"own_{name}"))
        branches.append(branch(own, PROVINCE))
    return branches


def _has_own(rule: str, name: str, tables: dict) -> bool:
    """Is there a function of a province's own rows? Cells of the whole country have none."""
    return rule in OWN_ROWS and (rule != "cells" or f"withheld_{name}" in tables)


def _column(name: str, kind: str, there: dict[str, str]) -> sql.Composed:
    """A column as the newest build has it, from a build that may have another or none."""
    if there.get(name) == kind:
        return sql.SQL("{}").format(sql.Identifier(name))
    source = sql.Identifier(name) if name in there else sql.SQL("null")
    return sql.SQL("{}::{} as {}").format(source, sql.SQL(kind), sql.Identifier(name))


def _hidden(view: dict, columns: dict, selected: list) -> list:
    """The columns, those that are hidden outside the own province as null there."""
    hidden = view["hidden_columns"].split("|")
    return [
        sql.SQL("case when {} then {} end as {}").format(
            sql.SQL(OWN_PROVINCE), sql.Identifier(name), sql.Identifier(name)
        )
        if name in hidden
        else as_it_is
        for name, as_it_is in zip(columns, selected, strict=True)
    ]


def _comments(connection: psycopg.Connection, schema: str) -> list:
    """The views carry the descriptions that dbt wrote on the tables."""
    comments = connection.execute(
        """
        select c.relname, a.attname, d.description
        from pg_description as d
        join pg_class as c on c.oid = d.objoid and d.classoid = 'pg_class'::regclass
        left join pg_attribute as a
            on a.attrelid = c.oid and a.attnum = d.objsubid and d.objsubid > 0
        where c.relnamespace = to_regnamespace(%s)""",
        [schema],
    ).fetchall()
    names = {view["view_name"] for view in access.views()}
    return [
        sql.SQL("comment on {} {} is {}").format(
            sql.SQL("column" if column else "view"),
            sql.Identifier("mart_next", table, *([column] if column else [])),
            sql.Literal(text),
        )
        for table, column, text in comments
        if table in names
    ]


def _grants(connection: psycopg.Connection, tables: dict) -> list:
    """Our roles read all; whoever was given a view by hand keeps it."""
    made = [
        sql.SQL("grant usage on schema mart_next to {}").format(access.names()),
        sql.SQL("grant select on all tables in schema mart_next to {}").format(access.names()),
    ]
    given = connection.execute("""
        select distinct c.relname, r.rolname
        from pg_class as c, aclexplode(c.relacl) as a join pg_roles as r on r.oid = a.grantee
        where c.relnamespace = to_regnamespace('mart') and a.privilege_type = 'SELECT'
            and a.grantee <> c.relowner""").fetchall()
    ours = {row["role_name"] for row in access.roles()}
    views = {view["view_name"] for view in access.views()}.intersection(tables)
    for view, role in given:
        if role not in ours and view in views:
            grantee = sql.Identifier(role)
            made += [
                sql.SQL("grant usage on schema mart_next to {}").format(grantee),
                sql.SQL("grant select on {} to {}").format(
                    sql.Identifier("mart_next", view), grantee
                ),
            ]
    return made


def _take_the_name(connection: psycopg.Connection) -> list:
    """`mart_next` becomes `mart`; what was `mart` is closed, and dropped before the next build."""
    old = one(connection.execute("select 'mart_before_' || to_regnamespace('mart')::oid"))[0]
    made: list[sql.Composable] = [sql.SQL("alter schema mart_next rename to mart")]
    if old:
        before = sql.Identifier(old)
        made = [
            sql.SQL("alter schema mart rename to {}").format(before),
            sql.SQL("revoke all on schema {} from {}").format(before, access.names()),
            *made,
        ]
    return made
