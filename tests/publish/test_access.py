"""Roles as data: every role of the file, every view of the file, nothing else."""

import psycopg
import pytest

from publish import access
from warehouse import connect, settings


def test_all_77_provinces_and_the_two_national_roles():
    roles = access.roles()
    assert len(roles) == 80 and len({row["role_name"] for row in roles}) == 80
    assert all(
        row["role_name"] == f"ita_province_{row['province_code']}"
        for row in roles
        if row["province_code"] and row["role_name"] != "ita_site"
    )


def test_every_mart_has_a_rule_and_every_rule_a_mart():
    marts = {path.stem for path in (settings.DBT_PROJECT / "models" / "marts").glob("*.sql")}
    views = {row["view_name"] for row in access.views()}
    reference = views - marts
    assert not marts - views, "add these marts to publish/views.csv"
    assert not {name for name in reference if not list(settings.DBT_PROJECT.rglob(f"{name}.*"))}


@pytest.mark.parametrize("broken", [b"", b"\xff\xfe", b"a\0b", None])
def test_a_broken_password_of_a_role_is_made_anew(warehouse, broken):
    file = settings.home() / "secrets" / "role-ita_province_24"
    access.apply(warehouse)
    before = file.read_text()
    file.unlink()
    if broken is None:
        file.mkdir()
    else:
        file.write_bytes(broken)
    access.apply(warehouse)
    assert len(file.read_text()) == len(before) and file.read_text() != before
    assert file.stat().st_mode & 0o777 == 0o600
    with psycopg.connect(connect.address("ita_province_24", file.read_text())):
        pass


@pytest.mark.parametrize("again", [1, 2])
def test_applying_is_repeatable(warehouse, again):
    assert access.apply(warehouse) == 80
    assert (
        warehouse.execute(
            "select count(*) from pg_roles where rolname like 'ita\\_province\\_%'"
        ).fetchone()[0]
        == 77
    )
    assert (
        warehouse.execute(
            "select count(*) from pg_roles where rolname like 'ita\\_%' and (rolsuper or "
            "rolcreaterole or rolcreatedb) "
            "and rolname <> current_user"
        ).fetchone()[0]
        == 0
    )
