"""A few hundred mutated files of every layout; `benchmarks/fuzz_intake.py` runs as many as you
like.
"""

import pytest

from benchmarks import fuzz_intake


@pytest.mark.slow
def test_mutated_files_never_crash_the_readers_nor_get_a_wrong_figure_accepted():
    said, problems = fuzz_intake.run(250, seed=20261120)
    assert not problems
    assert {state.split()[0] for state in said} >= {
        "refused",
        "rejected",
        "accepted",
        "accepted_with_warnings",
    }
