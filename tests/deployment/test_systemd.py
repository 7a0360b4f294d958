"""The units for a server without compose, judged by systemd itself where it is at hand."""

import configparser
import re
import shutil
import subprocess
import sys

import pytest

from tests.deployment.compose import ROOT

UNITS = sorted((ROOT / "deploy" / "systemd").iterdir())
SERVICES = [unit for unit in UNITS if unit.suffix == ".service"]

needs_systemd = pytest.mark.skipif(
    not shutil.which("systemd-analyze"),
    reason="no systemd on this machine, nor to be had without root: only it knows which settings "
    "exist; the units' rights and commands are tested without it, below",
)


def read(unit) -> configparser.RawConfigParser:
    parser = configparser.RawConfigParser(strict=False, interpolation=None)
    parser.optionxform = str
    parser.read(unit, encoding="utf-8")
    return parser


@needs_systemd
def test_systemd_finds_nothing_wrong(tmp_path):
    """With its programs where they are here; whether a setting exists only systemd knows."""
    ita = f"{sys.prefix}/bin/ita"
    for unit in UNITS:
        text = (
            unit.read_text().replace("/opt/ita/.venv/bin/ita", ita).replace("/opt/ita", str(ROOT))
        )
        (tmp_path / unit.name).write_text(text)
    done = subprocess.run(
        ["systemd-analyze", "verify", *tmp_path.iterdir()], capture_output=True, text=True
    )
    ours = [line for line in done.stderr.splitlines() if "ita" in line.partition(":")[0]]
    assert done.returncode == 0 and ours == [], done.stderr


@needs_systemd
def test_systemd_would_find_a_setting_that_is_none(tmp_path):
    wrong = tmp_path / "ita.service"
    wrong.write_text("[Service]\nExecStart=/bin/true\nProtectEverything=yes\nRestart=sometimes\n")
    done = subprocess.run(["systemd-analyze", "verify", wrong], capture_output=True, text=True)
    assert "ProtectEverything" in done.stderr and "sometimes" in done.stderr


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.name)
def test_a_service_has_no_right_that_it_does_not_need(unit):
    service = read(unit)["Service"]
    assert service["User"] == "ita" and service["NoNewPrivileges"] == "yes"
    assert service["ProtectSystem"] == "strict"
    home = service["Environment"].removeprefix("ITA_HOME=")
    assert set(service["ReadWritePaths"].split()) <= {home, "-/var/backups/ita"}
    assert service["CapabilityBoundingSet"] == ""
    assert "PASSWORD" not in unit.read_text() and "SECRET" not in unit.read_text()


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.name)
def test_a_service_runs_a_command_that_there_is(unit):
    from ita.cli import main

    service = read(unit)["Service"]
    for said in (service["ExecStart"], service.get("ExecStopPost", service["ExecStart"])):
        program, command = said.split()[:2]
        assert program == "/opt/ita/.venv/bin/ita" and command in main.commands


def test_the_verdict_is_asked_for_after_the_deadline_by_a_timer_of_its_own():
    timer = read(ROOT / "deploy/systemd/ita-deadline.timer")["Timer"]
    assert re.fullmatch(r"\*-\*-\* 05:0[1-9]:00 Asia/Bangkok", timer["OnCalendar"])
    assert timer["Persistent"] == "true", "a machine that was off then is asked when it is on"
