"""Twenty faults of a fixed seed in the second night of a country of 20 agencies: each ends as an
undisturbed night does, and its reader saw whole builds only. 500 of a new seed: `make faults`.
"""

import os

import pytest

from tests.faults import faults, harness

SEED, COUNT = 17, 20


@pytest.fixture(scope="module")
def played(ita_home, tmp_path_factory):
    """The harness: the country, its first night, and what undisturbed nights make of it."""
    folder = tmp_path_factory.mktemp("faults")
    made = harness.Harness(folder)
    yield made
    made.world.end()


@pytest.mark.slow_group
def test_after_any_fault_the_end_is_as_undisturbed(played):
    assert os.environ["ITA_HOME"]
    assert played.play_all(SEED, range(COUNT)) == []


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
