"""Bring the desk to what stands in git and in logins.csv: one command, as often as you like.

Run by the desk's own Python (`make desk` does): `python -m desk.provision`. Its records' tables and
permissions, the role of readers, a user for each person, the assets; what left git or the list
goes. First passwords are written to a file that only the operator reads, not to the terminal.
"""

import argparse
import csv
import os
import secrets
from pathlib import Path
from typing import Any

import yaml

from warehouse import durable, persons

HERE = Path(__file__).parent
ASSETS = HERE / "assets"
READER = "ผู้ใช้ข้อมูล ITA"
# A reader may what Superset's Gamma and SQL Lab roles may, but this: upload, import, and the pages
# on which accounts, and so what somebody sees, are changed.
NOT_FOR_READERS = ("can_upload", "can_import", "can_this_form_post", "can_csv_upload")
KINDS = ("dashboards", "charts", "datasets", "queries", "databases")
RECORDS = """
    create schema if not exists desk;
    create table if not exists desk.first_password (
        username text primary key,
        hash text not null
    );
    create table if not exists desk.asset (
        uuid uuid primary key,
        kind text not null
    )"""


def main() -> None:
    """Do all of it, or what an option names."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--new-password", metavar="NAME", help="a new first password, no more")
    anew = options.parse_args().new_password
    from superset.app import create_app

    with create_app().app_context():
        if anew:
            _write_down({anew: _new_password(anew)})
            return
        _upgrade()
        _sync_permissions()
        given = _people()
        _as_administrator(_assets)
        _write_down(given)


def _upgrade() -> None:
    """The tables of Superset's records, and ours beside them."""
    from flask_migrate import upgrade
    from sqlalchemy import text
    from superset import db

    upgrade()
    db.session.execute(text(RECORDS))
    db.session.commit()


def _sync_permissions() -> None:
    from superset import appbuilder, security_manager

    appbuilder.add_permissions(update_perms=True)
    security_manager.sync_role_definitions()


def _people() -> dict[str, str]:
    """A user for each person and the administrator; who is on the list no more is shut out.

    Gives the first passwords of those who are new, by name.
    """
    from superset import db, security_manager

    administrator = os.environ["DESK_ADMINISTRATOR"]
    people = [persons.Person(administrator, persons.HEADQUARTERS), *persons.read()]
    _reader_role()
    given = {}
    for person in people:
        role = security_manager.find_role("Admin" if person.name == administrator else READER)
        user = security_manager.find_user(username=person.name)
        if not user:
            user = security_manager.add_user(
                person.name,
                "",
                "",
                f"{person.name}@desk.invalid",
                role,
                password=secrets.token_urlsafe(),
            )
            given[person.name] = _new_password(person.name)
        user.first_name = person.full_name or person.name
        user.roles = [role]
    named = {person.name for person in people}
    for user in security_manager.get_all_users():
        user.active = user.username in named
    db.session.commit()
    return given


def _new_password(name: str) -> str:
    """A first password of a user who is there, to be changed. Raises SystemExit for nobody."""
    from sqlalchemy import text
    from superset import db, security_manager

    user = security_manager.find_user(username=name)
    if not user:
        raise SystemExit(f"{name} is no person of the desk: add them by `ita login add` first")
    password = secrets.token_urlsafe(12)
    security_manager.reset_password(user.id, password)
    db.session.execute(
        text(
            "insert into desk.first_password values (:name, :hash)"
            " on conflict (username) do update set hash = excluded.hash"
        ),
        {"name": name, "hash": user.password},
    )
    db.session.commit()
    return password


def _reader_role() -> None:
    """The one role of all who read: what they see is decided by PostgreSQL, not by it."""
    from superset import db, security_manager

    role = security_manager.add_role(READER) or security_manager.find_role(READER)
    held = {
        permission
        for name in ("Gamma", "sql_lab")
        for permission in security_manager.find_role(name).permissions
        if permission.permission.name not in NOT_FOR_READERS
    }
    everything = security_manager.find_permission_view_menu(
        "all_database_access", "all_database_access"
    )
    role.permissions = [*held, everything]
    db.session.commit()


def _as_administrator(work: Any) -> None:
    """Import as the administrator: Superset asks the warehouse with the eyes of who imports."""
    from flask import g
    from superset import security_manager
    from superset.utils.core import override_user

    with override_user(security_manager.find_user(username=os.environ["DESK_ADMINISTRATOR"])):
        work()
    g.pop("user", None)


def _assets() -> None:
    """Import all of `assets/`, over what is there; then delete what an earlier import brought."""
    from sqlalchemy import text
    from superset import db
    from superset.commands.importers.v1.assets import ImportAssetsCommand

    contents = {
        str(path.relative_to(ASSETS)): path.read_text(encoding="utf-8")
        for path in sorted(ASSETS.rglob("*.yaml"))
    }
    ImportAssetsCommand(contents).run()
    brought = {
        yaml.safe_load(content)["uuid"]: kind
        for name, content in contents.items()
        if (kind := name.partition("/")[0]) in KINDS
    }
    before = dict(db.session.execute(text("select uuid::text, kind from desk.asset")).fetchall())
    for kind in KINDS:
        for uuid in (key for key, was in before.items() if was == kind and key not in brought):
            _delete(kind, uuid)
    db.session.execute(text("delete from desk.asset"))
    for uuid, kind in brought.items():
        db.session.execute(
            text("insert into desk.asset values (:uuid, :kind)"), {"uuid": uuid, "kind": kind}
        )
    db.session.commit()


def _delete(kind: str, uuid: str) -> None:
    from superset import db
    from superset.connectors.sqla.models import SqlaTable
    from superset.models.core import Database
    from superset.models.dashboard import Dashboard
    from superset.models.slice import Slice
    from superset.models.sql_lab import SavedQuery

    model = {
        "dashboards": Dashboard,
        "charts": Slice,
        "datasets": SqlaTable,
        "queries": SavedQuery,
        "databases": Database,
    }[kind]
    for found in db.session.query(model).filter_by(uuid=uuid):
        db.session.delete(found)
    db.session.flush()


def _write_down(given: dict[str, str]) -> None:
    """First passwords that are still somebody's to DESK_SECRETS/desk_first_passwords (0600)."""
    from superset import security_manager

    from desk.first_login import must_change

    path = Path(os.environ["DESK_SECRETS"]) / "desk_first_passwords"
    lines = path.read_text().splitlines() if path.exists() else []
    known = dict(csv.reader(lines)) | given
    users = {name: security_manager.find_user(username=name) for name in known}
    rows = [
        f"{name},{password}\n"
        for name, password in known.items()
        if (user := users[name]) and user.active and must_change(user)
    ]
    if rows:
        durable.write(path, "".join(rows), mode=0o600)
    else:
        path.unlink(missing_ok=True)


if __name__ == "__main__":
    main()
