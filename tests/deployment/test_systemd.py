"""The units for a server without compose, judged by systemd itself."""

import configparser
import os
import re
import shutil
import subprocess
import sys

import pytest

from benchmarks.scaling_services import unpacked
from tests.deployment.compose import ROOT

UNITS = sorted((ROOT / "deploy" / "systemd").iterdir())
SERVICES = [unit for unit in UNITS if unit.suffix == ".service"]


@pytest.fixture(scope="module")
def verify(tmp_path_factory):
    """`systemd-analyze verify` of units: the machine's, else Debian's, unpacked without root."""
    program, environment = shutil.which("systemd-analyze"), dict(os.environ)
    if not program:
        folder = tmp_path_factory.mktemp("debian") / "systemd"
        packages = ["systemd", "libsystemd-shared"]
        depends = subprocess.check_output(["apt-cache", "depends", "-i", *packages], text=True)
        needed = set(re.findall(r"Depends: (lib[\w.+-]+)$", depends, re.MULTILINE)) - {"libc6"}
        environment["LD_LIBRARY_PATH"] = unpacked(folder, {*packages, *needed})
        environment["SYSTEMD_UNIT_PATH"] = f"{folder}/lib/systemd/system:"
        program = str(folder / "usr" / "bin" / "systemd-analyze")

    def run(*units):
        return subprocess.run(
            [program, "verify", *units], capture_output=True, text=True, env=environment
        )

    return run


def read(unit) -> configparser.RawConfigParser:
    parser = configparser.RawConfigParser(strict=False, interpolation=None)
    parser.optionxform = str
    parser.read(unit, encoding="utf-8")
    return parser


def test_systemd_finds_nothing_wrong(tmp_path, verify):
    """With its programs where they are here; whether a setting exists only systemd knows."""
    ita = f"{sys.prefix}/bin/ita"
    for unit in UNITS:
        text = (
            unit.read_text().replace("/opt/ita/.venv/bin/ita", ita).replace("/opt/ita", str(ROOT))
        )
        (tmp_path / unit.name).write_text(text)
    done = verify(*tmp_path.iterdir())
    ours = [line for line in done.stderr.splitlines() if "ita" in line.partition(":")[0]]
    assert done.returncode == 0 and ours == [], done.stderr


def test_systemd_would_find_a_setting_that_is_none(tmp_path, verify):
    wrong = tmp_path / "ita.service"
    wrong.write_text("[Service]\nExecStart=/bin/true\nProtectEverything=yes\nRestart=sometimes\n")
    done = verify(wrong)
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
