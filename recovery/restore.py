"""Bring a back-up back into an empty ITA_HOME and an empty database."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg

from recovery import databases, files, manifest, marts, roles
from warehouse import connect, durable, known_mail, postgres, schema, settings
from warehouse.errors import BadInput, Fault

UNFINISHED = "restoring.json"


def run(
    backup: Path, say: Callable[[str], None], let_in: Callable[[psycopg.Connection], object]
) -> list[str]:
    """Restore; the logins that have no password now.

    Everything is looked at before anything is written: each byte of the back-up, the versions, that
    the target is empty. Cut off, it is run again with the same back-up and begins anew.
    let_in: gives the roles what they may; without it a restore is not done.
    Raises BadInput for a target that is not empty, Fault for a back-up that is not whole, a server
    that is too old, or marts that are not those of the back-up afterwards.
    """
    backup = backup.resolve()
    told = manifest.check(backup)
    say(f"whole: {told['files']} files, {told['bytes'] / 1e6:,.0f} MB, made {told['made_at']}")
    newest = schema.changes()[-1][0]
    if told["schema_version"] > newest:
        raise Fault(
            f"the back-up has schema version {told['schema_version']}, this code knows {newest}",
            f"use release {told['release']} or a later one",
        )
    home = settings.home()
    again = _target(home, backup)
    files.room(_that_is_there(home), told["bytes"])
    home.mkdir(parents=True, exist_ok=True)
    if settings.external_dsn():
        _check_server(told, again)
    durable.write(home / UNFINISHED, durable.to_json({"backup": str(backup)}))
    count = files.bring_back(backup, home, manifest.files(backup))
    say(f"files: {count} in {home}")
    if not settings.external_dsn():
        postgres.up()  # with the owner's password of the back-up
        _check_server(told, again)
    without = _databases(backup, told, say)
    with connect.connect(autocommit=True) as connection:
        schema.apply(connection)
        let_in(connection)
    known_mail.doubt(f"restored from a back-up of {told['made_at']}")
    (home / UNFINISHED).unlink()
    durable.sync([home])
    return without


def must_be_finished() -> None:
    """Raise Fault in an ITA_HOME into which a restore was cut off."""
    begun = unfinished()
    if begun is not None:
        raise Fault("a restore was cut off here", f"run `ita restore {begun or 'BACKUP'}` again")


def unfinished() -> str | None:
    """The back-up whose restore was cut off in this ITA_HOME, '' where its note is broken; None
    where none was."""
    note = settings.home() / UNFINISHED
    if not os.path.lexists(note):
        return None
    try:
        return str(json.loads(note.read_bytes())["backup"])
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return ""


def _target(home: Path, backup: Path) -> bool:
    """Is it the same restore again, that was cut off? Raises BadInput for a home with content."""
    if unfinished() in (str(backup), ""):
        return True
    there = [
        path.name
        for path in (home.iterdir() if home.is_dir() else ())
        if not path.name.startswith(".")
        and (path.is_file() or any(path.iterdir()))
        and path.name not in ("backups", "postgres.port", "postgres.listen")
    ]
    if there:
        raise BadInput(
            f"ITA_HOME {home} is not empty: it has {', '.join(sorted(there)[:5])}",
            "give another ITA_HOME, or move away what is in it",
        )
    return False


def _that_is_there(path: Path) -> Path:
    return path if path.exists() else _that_is_there(path.parent)


def _check_server(told: dict[str, Any], again: bool) -> None:
    with connect.connect(autocommit=True) as connection:
        server = databases.check_programs(connection)
        if server < told["postgresql"]:
            raise Fault(
                f"the server is PostgreSQL {server}, the back-up is of {told['postgresql']}",
                "restore into that version or a later one",
            )
        if not again:
            databases.must_be_empty(connection, told["databases"])


def _databases(backup: Path, told: dict[str, Any], say: Callable[[str], None]) -> list[str]:
    with connect.connect(autocommit=True) as connection:
        owner, ours = told["owner"], connection.info.user
        known = json.loads((backup / "roles.json").read_text())
        without = roles.bring_back(connection, known)
        if owner != ours:
            roles.stand_in(connection, owner)
        with roles.held(connection, known):
            for name in told["databases"]:
                databases.restore(connection, backup, name, owner)
                say(f"database: {name}")
        if owner != ours:
            _own(connection, owner, told["databases"])
        _check_marts(connection, told)
    return without


def _own(connection: psycopg.Connection, owner: str, names: list[str]) -> None:
    main = connection.info.dbname
    for name in names:
        database = main + name[len(databases.MAIN) :]
        with connect.connect(dbname=database, autocommit=True) as there:
            roles.take_over(there, owner)
    roles.drop(connection, owner)
    connection.execute(
        "update access.role_scope set role_name = current_user where role_name = %s", [owner]
    )


def _check_marts(connection: psycopg.Connection, told: dict[str, Any]) -> None:
    wrong = marts.differences(told["marts"], marts.checksums(connection))
    if wrong:
        raise Fault(
            f"{len(wrong)} views of mart are not those of the back-up: {', '.join(wrong[:5])}",
            "restore another back-up, or make the warehouse from the archive: `ita rebuild`",
        )
