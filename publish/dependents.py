"""Views that others have built on `mart`: they follow it to each build."""

from typing import Any

import psycopg
from psycopg import sql

from publish import access, readers
from warehouse.connect import one

# Those directly on it; what is built on them stays with them.
VIEWS = """
    select distinct v.oid, n.nspname, v.relname, v.reloptions, pg_get_viewdef(v.oid),
        pg_get_userbyid(v.relowner)
    from pg_class as m
    join pg_depend as d on d.refobjid = m.oid and d.refclassid = 'pg_class'::regclass
        and d.classid = 'pg_rewrite'::regclass
    join pg_rewrite as r on r.oid = d.objid
    join pg_class as v on v.oid = r.ev_class and v.relkind = 'v'
    join pg_namespace as n on n.oid = v.relnamespace
    where m.relnamespace = to_regnamespace('mart') and v.oid <> m.oid
        and not (v.relnamespace = m.relnamespace and v.relname = any (%s))
    order by n.nspname, v.relname"""


def locked(connection: psycopg.Connection) -> list[dict]:
    """The views of others directly on `mart` (schema, name, options, definition), locked until the
    transaction ends. Raises LockNotAvailable while somebody reads one."""
    connection.execute("set local search_path = pg_catalog")  # definitions name their schemas
    ours = [view["view_name"] for view in access.views()]
    found = []
    rows = connection.execute(VIEWS, [ours]).fetchall()
    for _, schema, name, options, definition, owner in rows:
        try:
            with connection.transaction():
                # changes nothing, but takes the view's lock: `lock table` locks what it reads, too,
                # by its owner's rights, and an analyst has no right to lock a view of mart
                connection.execute(
                    sql.SQL("alter view {} owner to {}").format(
                        sql.Identifier(schema, name), sql.Identifier(owner)
                    )
                )
        except psycopg.errors.InsufficientPrivilege:
            pass  # another's, where the owner is no superuser: `point_again` notes that it stays
        found.append({"schema": schema, "name": name, "options": options, "definition": definition})
    return found


def point_again(connection: psycopg.Connection, found: list[dict], at: Any) -> None:
    """Make each view again, now that `mart` is another schema: its owner and grants stay. One that
    does not go with the new columns is left behind and goes with the build before; that is noted.
    """
    for view in found:
        name = sql.Identifier(view["schema"], view["name"])
        try:
            with connection.transaction():
                if view["schema"] == "mart":  # it went along with the schema's old name
                    old = one(
                        connection.execute(
                            "select nspname from pg_namespace "
                            "where nspname like 'mart\\_before\\_%' order by oid desc limit 1"
                        )
                    )[0]
                    connection.execute(
                        sql.SQL("alter view {} set schema mart").format(
                            sql.Identifier(old, view["name"])
                        )
                    )
                options = sql.SQL(f"with ({', '.join(view['options'])})" if view["options"] else "")
                connection.execute(
                    sql.SQL("create or replace view {} {} as {}").format(
                        name, options, sql.SQL(view["definition"])
                    )
                )
        except psycopg.Error as error:
            said = str(error).splitlines()[0]
            where = f"{view['schema']}.{view['name']}"
            readers.note(
                connection,
                at,
                where,
                None,
                f"วิว {where} ใช้กับผลการประเมินชุดใหม่ไม่ได้: {said}",
                f"the view {where} does not go with the new build: {said}",
            )
