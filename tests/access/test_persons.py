"""Persons: what a file of them may hold, and the password of the desk's login."""

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from warehouse import desk_login, persons
from warehouse.errors import BadInput
from warehouse.persons import Person


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("ITA_HOME", str(tmp_path))
    return tmp_path


def test_what_is_written_is_read_and_nobody_else_reads_it(home):
    some = [
        Person("somchai", "24", 'สมชาย "ชาย" ใจดี', "somchai@example.go.th"),
        Person("nida", persons.HEADQUARTERS),
    ]
    assert persons.read() == []
    with persons.changing():
        persons.write(some)
    assert persons.read() == some
    assert [person.role for person in some] == ["ita_province_24", "ita_analyst"]
    assert persons.find("nida") == some[1]
    assert persons.find("nobody") is None
    assert stat.S_IMODE(persons.path().stat().st_mode) == 0o600
    assert stat.S_IMODE(persons.path().parent.stat().st_mode) == 0o700


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("name\nsomchai\n", "no column scope"),
        ("", "no column name, scope"),
        ("name,scope\nsomchai,24\nsomchai,25\n", "line 3: somchai is there twice"),
        ("name,scope\nSomchai,24\n", "line 2: 'Somchai' cannot be a login"),
        ("name,scope\nita_owner,24\n", "line 2: 'ita_owner' cannot be a login"),
        ("name,scope\ndesk_somchai,24\n", "cannot be a login"),
        ("name,scope\nsession_user,24\n", "cannot be a login"),
        ("name,scope\nadmin,24\n", "cannot be a login"),
        ("name,scope\nsuperset,24\n", "cannot be a login"),
        ("name,scope\na b,24\n", "cannot be a login"),
        ("name,scope\nsomchai,2\n", "line 2: '2' is no scope of somchai"),
        ("name,scope\nsomchai,\n", "'' is no scope of somchai"),
    ],
)
def test_a_file_that_is_wrong_is_refused_with_its_line(home, text, says):
    persons.path().parent.mkdir()
    persons.path().write_text(text)
    with pytest.raises(BadInput) as refused:
        persons.read()
    assert says in str(refused.value) and "logins.csv" in str(refused.value)


def test_a_file_saved_by_excel_is_read(home):
    persons.path().parent.mkdir()
    persons.path().write_bytes("\ufeffscope,name,note\r\n24,somchai,x\r\n".encode())
    assert persons.read() == [Person("somchai", "24")]


def test_the_desk_makes_the_same_password_without_our_environment():
    """By the file alone, in a Python without our packages."""
    made = "d.login('somchai'), d.password('key\\n', 'desk_somchai')"
    done = subprocess.run(
        [
            sys.executable,
            "-I",
            "-S",
            "-c",
            f"import sys; sys.path.insert(0, sys.argv[1]); import desk_login as d; print({made})",
            str(Path(desk_login.__file__).parent),
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    # printf desk_somchai | openssl dgst -sha256 -hmac key
    # pragma: allowlist nextline secret
    made = "84dbd55767377e26e5b7b95b3557018dde63b925eb98c5fa953cca7c1866769a"
    assert done.stdout.split() == ["desk_somchai", made]


@pytest.mark.parametrize("name", ["Somchai", "desk_a", "a-b", "", "a" * 41])
def test_the_desk_has_no_login_for_what_is_no_person(name):
    with pytest.raises(ValueError, match="no login of a person"):
        desk_login.login(name)
