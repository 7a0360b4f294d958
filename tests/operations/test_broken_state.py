"""What operations keep in files can break on a disk: each is set aside, and the night is told."""

import json

import pytest
from click.testing import CliRunner

from ita import cli, status
from recovery import state
from tests.operations.test_verdict import page_of
from warehouse import durable, nights

KEPT = (
    "nights/verdict.json",
    "nights/run-*.json",
    "nights/since.json",
    "nights/alerts.json",
    "recovery.json",
    "failures.jsonl",
    "index.html",
    "metrics/ita.prom",
)
FAILURE = {
    "failed_at": "2025-08-03T18:00:00+00:00",
    "dag_id": "nightly_refresh",
    "run_id": "r",
    "task_id": "load",
    "try_number": 2,
    "exit_code": 1,
    "message": "no answer",
    "warehouse": "down",
}


def a_folder(file):
    file.unlink()
    file.mkdir()
    (file / "stray").touch()


def a_link_to_itself(file):
    file.unlink()
    file.symlink_to(file)


def a_link_to_nowhere(file):
    file.unlink()
    file.symlink_to("/nowhere/at/all")


def other_types(file):
    """Each value of JSON is of another type."""
    if file.name.endswith((".json", ".jsonl")):
        content = json.loads(file.read_text())
        file.write_text(
            json.dumps({name: 5 if value != 5 else [] for name, value in content.items()})
        )


def no_moments(file):
    """Each date has a byte that went wrong, and all else is as it was."""
    file.write_text(file.read_text().replace("T", "?"))


def holds(content):
    def spoil(file):
        file.write_bytes(content)

    return spoil


HARMS = (
    *(a_folder, a_link_to_itself, a_link_to_nowhere, other_types, no_moments),
    *map(holds, (b"", b"{", b"[]", b"{}", b"null", b"\xff\xfe\x00", b"[" * 100_000)),
)


@pytest.mark.parametrize("name", KEPT)
def test_a_broken_file_hides_no_night(laid, name):
    laid.run()
    (laid.home / "failures.jsonl").write_text(json.dumps(FAILURE) + "\n")
    state.note("backup", laid.began, {"where": "/b/ita-1", "bytes": 1})
    state.note("drill", laid.began, {"where": "/b/ita-1", "took": 1})
    look = lambda: CliRunner().invoke(cli.main, ["deadline"])  # noqa: E731
    assert look().exit_code == 0
    for harm in HARMS:
        (file,) = laid.home.glob(name)
        before = file.read_bytes()
        harm(file)
        done = look()
        assert done.exit_code == 0, (harm, done.output)
        assert nights.verdict()["cause"] == "nothing_yet"
        assert "ไม่มีข้อมูลใหม่" in page_of(laid.home).get_element_by_id("verdict").text_content()
        assert any("nothing new" in line for line in status.lines()), harm
        if not file.is_file() or name == "failures.jsonl":  # nobody makes these again
            durable.write(file, before)
    faults = laid.home / "faults.log"
    assert not faults.exists(), faults.read_text()
