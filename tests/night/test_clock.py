"""The machine's clock is set while a night runs, under real Airflow: the night goes on, and what is
said of it is how it went.

A preloaded library (clock.c) moves the clock of the commands and of what they start.
"""

import json
import struct
import subprocess
from pathlib import Path

import pytest

from tests.night.conftest import ROOT

pytestmark = pytest.mark.slow_group
HOUR = 3600


@pytest.fixture
def set_clock(empty_night, tmp_path):
    """Sets the clock of the night's commands: seconds beside the machine's."""
    library, shift = tmp_path / "clock.so", tmp_path / "shift"
    source = Path(__file__).with_name("clock.c")
    subprocess.run(["gcc", "-shared", "-fPIC", "-O1", "-o", library, source], check=True)
    shift.touch()

    def seconds(beside: int) -> None:
        with shift.open("r+b") as file:  # in its place: who runs has mapped it
            file.write(struct.pack("l", beside))

    seconds(0)
    empty_night.environment |= {"LD_PRELOAD": str(library), "CLOCK_SHIFT": str(shift)}
    return seconds


def refresh(night, step: str, set_it) -> dict:
    """Run a night, have the clock set when that step has said what it did; the verdict."""
    running = night.start("refresh")
    said = []
    for line in running.stdout:
        said.append(line)
        if line.startswith(f"{step}:"):
            set_it()
    running.wait(60)
    verdict = json.loads((night.home / "nights" / "verdict.json").read_text())
    assert running.returncode == verdict["exit_code"], "".join(said)
    assert f"{step}:" in "".join(said)
    return verdict


def correct(night, score: str) -> None:
    """Hand in a correction of a sample's overall score, 99.34."""
    text = (ROOT / "ingestion" / "samples" / "lat-khwang-2568.csv").read_text("utf-8")
    file = night.home.parent / f"corrected-{score}.csv"
    file.write_text(text.replace("99.34", score), "utf-8")
    assert night.ita("receive", file).returncode == 0


def overall(night) -> float:
    """What `mart` says of that agency and year."""
    (row,) = night.query(
        "select overall_score from mart.assessment"
        " where agency_id = '4240503' and fiscal_year = 2568"
    )
    return row["overall_score"]


def test_a_clock_that_is_set_while_a_night_runs(empty_night, set_clock):
    """Back by four hours, then ahead by nine: at another time of day, or on another day."""
    night = empty_night
    assert night.ita("receive", ROOT / "ingestion" / "samples").returncode == 0
    for score, step, beside in (
        (None, "judged", -4 * HOUR),
        ("98.00", "loaded", 5 * HOUR),
    ):
        if score:
            correct(night, score)
        verdict = refresh(night, step, lambda beside=beside: set_clock(beside))
        assert (verdict["state"], verdict["exit_code"]) == ("published", 0), verdict
        assert verdict["reason_th"] in night.ita("status").stdout
        assert overall(night) == float(score or "99.34")
