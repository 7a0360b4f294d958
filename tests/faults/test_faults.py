"""The draw of the faults, the comparison after them, and 20 of them; `make faults` plays 500."""

import subprocess
import sys

import pytest

from tests.faults import faults
from tests.faults.world import ROOT

SEED = 17


def test_a_seed_and_a_number_are_one_fault_and_all_kinds_come():
    drawn = [faults.draw(3, number) for number in range(40)]
    assert drawn == [faults.draw(3, number) for number in range(40)]
    assert {one.kind for one in drawn} == set(faults.KINDS)
    assert len({str(faults.draw(seed, 2)) for seed in range(20)}) == 20


def test_a_difference_is_named():
    expected = {"marts": {"agency": "1", "topic": "2"}, "landing": []}
    found = {"marts": {"agency": "1", "topic": "3"}, "landing": ["a.csv"]}
    assert faults.differences(expected, expected) == []
    marts, landing = faults.differences(expected, found)
    assert "topic" in marts and "agency" not in marts and "a.csv" in landing


def play(seed, numbers):
    """Each comes out as undisturbed."""
    only = [word for number in numbers for word in ("--only", str(number))]
    harness = [sys.executable, "-m", "tests.faults.harness", "--processes", "1"]
    command = [*harness, "--seed", str(seed), *only]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count(": same, ") == len(numbers)


@pytest.mark.slow_group
@pytest.mark.parametrize("first", [0, 1])
def test_after_each_of_ten_faults_all_is_as_undisturbed(first):
    """Of all kinds, each half on a server of its own."""
    play(SEED, range(first, 20, 2))


@pytest.mark.slow_group
def test_a_file_that_a_power_cut_brings_back_to_landing_has_its_note():
    """It counted once more, as one that came at another time."""
    play(5001, [213])
