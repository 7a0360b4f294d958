"""contacts.csv: one address an agency, and none that could become a mail header."""

import pytest

from warehouse import contacts, settings
from warehouse.errors import BadInput


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "home", lambda: tmp_path)
    return tmp_path


def test_no_file_is_no_contact(home):
    assert contacts.read() == {}


def test_an_address_is_mended_and_taken_out_and_only_its_owner_reads_the_file(home):
    contacts.mend("4240503", "a@example.go.th")
    contacts.mend("5300907", "b@example.go.th")
    contacts.mend("4240503", "c@example.go.th")
    assert contacts.read() == {"4240503": "c@example.go.th", "5300907": "b@example.go.th"}
    contacts.mend("5300907", "")
    assert contacts.read() == {"4240503": "c@example.go.th"}
    assert contacts.path().stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "email", ["a@b", "a b@example.go.th", "a@example.go.th\nBcc: x@y.th", "a@example.go.th,x@y.th"]
)
def test_what_is_no_single_address_is_refused(home, email):
    with pytest.raises(BadInput):
        contacts.mend("4240503", email)


def test_a_broken_file_is_named_by_its_line_and_tells_no_address(home):
    contacts.path().parent.mkdir()
    contacts.path().write_text("agency_id,email\n1,secret@example.go.th\n1,again@example.go.th\n")
    with pytest.raises(BadInput, match="line 3") as told:
        contacts.read()
    assert "secret" not in str(told.value) and "again" not in str(told.value)
