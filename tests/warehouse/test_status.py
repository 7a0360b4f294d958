"""What `ita status` says of faults."""

from datetime import UTC, datetime, timedelta

import pytest

from ita import status

FAILED = datetime(2026, 11, 28, 18, tzinfo=UTC)


@pytest.mark.parametrize(
    ("dag_id", "state", "after", "mended"),
    [
        ("nightly_refresh", "success", timedelta(hours=1), True),
        ("nightly_refresh", "success", timedelta(hours=-1), False),
        ("nightly_refresh", "failed", timedelta(hours=1), False),
        ("nightly_refresh", "running", timedelta(hours=1), False),
        ("packs_refresh", "success", timedelta(hours=1), False),
    ],
)
def test_a_fault_is_told_until_its_dag_has_run_well(dag_id, state, after, mended):
    run = {"dag_id": dag_id, "state": state, "started_at": FAILED + after}
    assert status._mended((FAILED, "nightly_refresh", "build", "…"), [run]) is mended
