"""Logins of persons: what they are given, what they may, and that both go together."""

import psycopg
import pytest

from publish import access, logins, watch
from tests.access.conftest import ita, login, told_password
from warehouse import connect, desk_login, persons, secret

DESK = "desk_somchai"


def desk_password() -> str:
    return desk_login.password(secret.kept(desk_login.KEY), DESK)


def memberships(owner, name: str) -> set[str]:
    return {
        row[0]
        for row in owner.execute(
            "select g.rolname from pg_auth_members as m join pg_roles as g on g.oid = m.roleid"
            " where m.member = to_regrole(%s)",
            [name],
        )
    }


def test_a_person_reads_as_the_role_by_both_logins(somchai, builds):
    as_role = "select (select count(*) from mart.agency_deficiency), count(*) from mart.assessment"
    with connect.connect("ita_province_83", dbname=builds[0]) as role:
        expected = role.execute(as_role).fetchone()
    assert expected == (12, 52)
    for name, password in (("somchai", somchai), (DESK, desk_password())):
        with login(name, password, dbname=builds[0]) as session:
            assert session.execute(as_role).fetchone() == expected
            with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
                session.execute("create table mine (a int)")
            shown = [
                session.execute(f"show {setting}").fetchone()[0]
                for setting in ("statement_timeout", "temp_file_limit")
            ]
            assert shown == ["5min", "1GB"]


def test_a_person_is_bounded_and_belongs_to_one_role(somchai, warehouse):
    limits = warehouse.execute(
        "select rolname, rolconnlimit, rolsuper or rolcreaterole or rolcreatedb or rolbypassrls"
        " from pg_roles where rolname in ('somchai', %s) order by 1",
        [DESK],
    ).fetchall()
    limit = access.PERSONAL_CONNECTIONS
    assert limits == [(DESK, limit, False), ("somchai", limit, False)]
    assert memberships(warehouse, "somchai") == {"ita_province_83", logins.PERSONS}
    assert memberships(warehouse, DESK) == {"ita_province_83", logins.DESK}
    with login("somchai", somchai) as session, pytest.raises(psycopg.errors.InsufficientPrivilege):
        session.execute("set role ita_province_83")


def test_the_password_is_shown_once_and_kept_nowhere(somchai, ita_home):
    kept = [path for path in (ita_home / "secrets").iterdir() if somchai in path.read_text()]
    assert kept == []
    assert somchai not in persons.path().read_text()
    for command in (("login", "list"), ("access", "sync"), ("status",)):
        said = ita(*command)
        assert somchai not in said.stdout + said.stderr


def test_a_new_password_ends_the_old_one(somchai):
    new = told_password(ita("login", "password", "somchai"))
    assert new != somchai
    with login("somchai", new) as session:
        assert session.execute("select 1").fetchone() == (1,)
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        login("somchai", somchai)


def test_who_leaves_is_out_at_once_with_both_logins(somchai, warehouse):
    with login("somchai", somchai) as session, login(DESK, desk_password()) as desk:
        assert ita("login", "remove", "somchai").returncode == 0
        for open_ in (session, desk):
            with pytest.raises(psycopg.OperationalError):
                open_.execute("select 1")
    for name, password in (("somchai", somchai), (DESK, desk_password())):
        with pytest.raises(psycopg.OperationalError):
            login(name, password)
    roles = "select count(*) from pg_roles where rolname in ('somchai', 'desk_somchai')"
    assert warehouse.execute(roles).fetchone() == (0,)
    assert not secret.exists("login-somchai")
    assert ita("login", "remove", "somchai").returncode == 2


def test_sync_follows_the_file_shows_it_first_and_does_nothing_twice(somchai, warehouse):
    with persons.changing():
        persons.write([persons.Person("somchai", "headquarters"), persons.Person("nida", "83")])
    shown = ita("access", "sync", "--dry-run").stdout
    assert "would change somchai: reads as ita_analyst, not as ita_province_83" in shown
    assert "would add nida: reads as ita_province_83 (its password is lost" in shown
    assert memberships(warehouse, "somchai") == {"ita_province_83", logins.PERSONS}
    done = ita("access", "sync")
    assert "change desk_somchai: reads as ita_analyst" in done.stdout, done.stderr
    assert memberships(warehouse, "somchai") == {"ita_analyst", logins.PERSONS}
    assert ita("access", "sync").stdout.count("\n") == 1
    with login("somchai", somchai) as session:
        assert session.execute("select current_user").fetchone() == ("somchai",)


def test_what_somebody_changed_by_hand_is_mended(somchai, warehouse):
    warehouse.execute("grant ita_analyst to somchai; alter role somchai createdb")
    done = ita("access", "sync")
    assert "change somchai: reads as ita_province_83, not as ita_analyst" in done.stdout
    assert memberships(warehouse, "somchai") == {"ita_province_83", logins.PERSONS}


def test_a_person_can_change_neither_password_nor_settings_for_long(somchai, warehouse):
    # other databases of this test run have set the roles' passwords since
    warehouse.execute("delete from access.role_secret where role_name !~ 'somchai'")
    for name, password in (("somchai", somchai), (DESK, desk_password())):
        with login(name, password) as session:
            session.execute("set default_transaction_read_only = off")
            session.execute(f"alter role {name} set statement_timeout = 0")
            session.execute(f"alter role {name} password 'another'")
        watch.look(warehouse)
        with login(name, password) as session:
            assert session.execute("show statement_timeout").fetchone() == ("5min",)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("ita_owner", "--province", "83"), 2),
        (("somchai; drop", "--province", "83"), 2),
        (("nida", "--province", "99"), 2),
        (("nida",), 2),
        (("nida", "--province", "83", "--headquarters"), 2),
        (("taken_by_another", "--province", "83"), 2),
    ],
)
def test_what_can_be_no_login_changes_nothing(nobody_yet, arguments, code):
    nobody_yet.execute("drop role if exists taken_by_another; create role taken_by_another")
    try:
        done = ita("login", "add", *arguments)
        assert done.returncode == code and done.stderr.count("\n") == 1, done.stderr
        assert persons.read() == []
    finally:
        nobody_yet.execute("drop role taken_by_another")


def test_a_lost_file_removes_nobody(somchai):
    kept = persons.path().rename(persons.path().with_name("aside"))
    done = ita("access", "sync")
    assert done.returncode == 2 and "put it back" in done.stderr
    kept.rename(persons.path())
    login("somchai", somchai).close()


def test_a_server_made_anew_takes_the_same_passwords(somchai, warehouse):
    """As after `ita rebuild`: access/ and secrets/ are there, the roles are not."""
    for name in ("somchai", DESK):
        warehouse.execute(f"drop role {name}")
    warehouse.execute("delete from access.role_secret where role_name ~ 'somchai'")
    warehouse.execute("delete from access.login")
    assert logins.sync(warehouse) == [
        "add somchai: reads as ita_province_83",
        "add desk_somchai: reads as ita_province_83",
    ]
    login("somchai", somchai).close()
    login(DESK, desk_password()).close()


def test_a_verifier_is_of_one_password(warehouse):
    made = access.verifier(warehouse, "somchai", "right")
    assert logins.matches(made, "right")
    assert not logins.matches(made, "wrong")
    assert not logins.matches("", "right")


def test_lines_for_another_server_name_the_desk():
    done = ita("access", "hba", "--desk", "10.20.0.5/32")
    assert "hostssl  ita  +ita_desk    10.20.0.5/32  scram-sha-256" in done.stdout
    assert "host     all  +ita_desk    all  reject" in done.stdout
