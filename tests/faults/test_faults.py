"""The draw of the faults and the comparison after them; the faults themselves: `make faults`."""

from tests.faults import faults


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
