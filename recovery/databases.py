"""Databases into a back-up and out of it, by PostgreSQL's own pg_dump and pg_restore."""

import os
import re
import subprocess
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from warehouse import cluster, connect
from warehouse.connect import one
from warehouse.errors import BadInput, Fault

FOLDER = "databases"
MAIN = "warehouse"
NOT_OURS = """
    select nspname from pg_namespace
    where nspname not like 'pg\\_%' and nspname not in ('information_schema', 'public')"""

OWNER_TO = re.compile(r"ALTER [^;]+ OWNER TO [^;]+;")


def names(connection: psycopg.Connection) -> dict[str, str]:
    """Database → its name in a back-up: the warehouse's, and those beside it (`<name>_airflow`)."""
    main = connection.info.dbname
    beside = connection.execute(
        "select datname from pg_database where starts_with(datname, %s) and datallowconn"
        " and pg_get_userbyid(datdba) = current_user order by 1",
        [f"{main}_"],
    ).fetchall()
    return {main: MAIN} | {name: MAIN + name[len(main) :] for (name,) in beside}


def size(connection: psycopg.Connection) -> int:
    """Bytes of these databases on the server's disk; a dump has a fraction."""
    known = list(names(connection))
    statement = "select sum(pg_database_size(datname))::bigint from pg_database"
    return int(one(connection.execute(f"{statement} where datname = any (%s)", [known]))[0])


def check_programs(connection: psycopg.Connection) -> int:
    """The major version of the server. Raises Fault where PostgreSQL's programs have another:
    their dump could not be read back by that server."""
    server = connection.info.server_version // 10000
    said = _run("pg_dump", "--version").split()
    ours = int(said[2].split(".")[0])
    if ours != server:
        raise Fault(
            f"the server is PostgreSQL {server}, pg_dump and pg_restore here are {ours}",
            f"set PG_BIN to a folder with the programs of PostgreSQL {server}"
            f" (Debian: /usr/lib/postgresql/{server}/bin of postgresql-client-{server})",
        )
    return server


def dump(connection: psycopg.Connection, draft: Path) -> list[str]:
    """Dump each database to draft/databases/<name>; these names."""
    (draft / FOLDER).mkdir()
    done = names(connection)
    for database, name in done.items():
        _run(
            "pg_dump",
            *("--format=directory", "--jobs=2", "--compress=gzip:1", "--no-sync"),
            *("--file", draft / FOLDER / name, "--dbname", _conninfo(database)),
        )
    return sorted(done.values())


def restore(connection: psycopg.Connection, backup: Path, name: str, owner: str) -> None:
    """Fill a database from its dump: the connection's own, or one beside it, made anew.

    owner: who owned what is in it.
    """
    main = connection.info.dbname
    database = main + name[len(MAIN) :]
    if name == MAIN:
        empty(connection)
    else:
        known = sql.Identifier(database)
        connection.execute(sql.SQL("drop database if exists {} with (force)").format(known))
        connection.execute(sql.SQL("create database {}").format(known))
        connection.execute(sql.SQL("revoke all on database {} from public").format(known))
    with connect.connect(dbname=database, autocommit=True) as there:
        who, whole = sql.Identifier(owner), sql.Identifier(database)
        there.execute(sql.SQL("grant create on schema public to {}").format(who))
        there.execute(sql.SQL("grant create on database {} to {}").format(whole, who))
    how = ("--jobs=2", "--format=directory", "--dbname", _conninfo(database))
    done = _done("pg_restore", *how, backup / FOLDER / name)
    if done.returncode:
        _owners_again(done.stderr, database)


def must_be_empty(connection: psycopg.Connection, told: list[str]) -> None:
    """Raise BadInput for a database with content, or one beside it that would be replaced."""
    main = connection.info.dbname
    beside = [main + name[len(MAIN) :] for name in told if name != MAIN]
    known = connection.execute(
        "select datname from pg_database where datname = any (%s)", [beside]
    ).fetchall()
    if known:
        raise BadInput(
            f"the database {known[0][0]} is there already, and would be replaced",
            "drop it, or give another database in ITA_WAREHOUSE_DSN",
        )
    found = connection.execute(NOT_OURS).fetchall()
    if found:
        raise BadInput(
            f"the database {connection.info.dbname} is not empty: it has the schema {found[0][0]}",
            "a restore is for an empty one: another ITA_HOME, or another database in"
            " ITA_WAREHOUSE_DSN",
        )


def empty(connection: psycopg.Connection) -> None:
    """Drop what a restore that was cut off left there."""
    for (name,) in connection.execute(NOT_OURS).fetchall():
        connection.execute(sql.SQL("drop schema {} cascade").format(sql.Identifier(name)))


def _owners_again(said: str, database: str) -> None:
    """Give what could not be given to its owner yet, who had no right to its schema: grants come
    last. Raises Fault for any other failure, and where it fails again."""
    failed = re.findall(r"^Command was: (.*?)$", said, re.MULTILINE)
    errors = said.count("pg_restore: error: ")
    if len(failed) != errors or not all(OWNER_TO.fullmatch(command) for command in failed):
        raise Fault(f"pg_restore failed: {said.strip()[:1000]}", "mend that, and run it again")
    with connect.connect(dbname=database, autocommit=True) as there:
        for command in failed:
            try:
                there.execute(command)
            except psycopg.Error as error:
                raise Fault(
                    f"{command} {error}", "let the server's administrator restore it"
                ) from None


def _conninfo(database: str) -> str:
    """Where the database is, without the password: arguments are seen by everybody."""
    given = {key: value for key, value in connect.parameters().items() if key != "password"}
    return make_conninfo(**{**given, "dbname": database})


def _run(program: str, *arguments: str | Path) -> str:
    done = _done(program, *arguments)
    if done.returncode:
        raise Fault(f"{program} failed: {done.stderr.strip()[-1000:]}", "nothing else was changed")
    return done.stdout


def _done(program: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [cluster.binaries() / program, *map(str, arguments)],
        env={**os.environ, "PGPASSWORD": connect.parameters()["password"], "LC_ALL": "C"},
        capture_output=True,
        text=True,
    )
