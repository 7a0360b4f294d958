"""What was built is what is shown: a build that somebody with the owner's rights has changed is not
published, not gone back to, and told where it is served."""

import pytest

from publish import flip, rollback
from tests.publish.conftest import AT
from warehouse import served
from warehouse.errors import BadInput, Fault

HARMS = {
    "emptied": "delete from {schema}.assessment",
    "filled": "insert into {schema}.assessment values (2569, 3)",
    "dropped": "drop table {schema}.assessment cascade",
    "renamed": "alter schema {schema} rename to somebodys",
}
COUNTED_VIEW = """update ops.build set counts = counts || '{"publication": 7}'"""
COUNTED = """update ops.build set counts = '{"assessment": 1}'"""


@pytest.fixture
def counted(published):
    """A published build, and a candidate that is audited; both with their rows counted."""
    published.build(1)
    published.connection.execute(COUNTED)
    flip.run(published.connection, AT)
    published.build(2)
    published.connection.execute(COUNTED)
    return published.connection


def test_a_candidate_that_was_changed_is_not_shown(counted):
    for harm in HARMS.values():
        with counted.transaction(force_rollback=True):
            counted.execute(harm.format(schema="candidate"))
            with pytest.raises(Fault, match="b2 was changed after it was built: assessment"):
                flip.run(counted, AT)
    counted.execute("create view candidate.publication as select from ops.publication")
    counted.execute(f"{COUNTED_VIEW} where schema_name = 'candidate'")
    assert flip.run(counted, AT) == "b2"  # a view of what has happened since
    for name in ("emptied", "dropped"):
        with counted.transaction(force_rollback=True):
            counted.execute(HARMS[name].format(schema="retired"))
            with pytest.raises(BadInput, match="no longer what it was: assessment"):
                rollback.to_show(counted)
    assert rollback.to_show(counted) == ("b2", "b1")


def test_what_is_served_and_gone_or_empty_is_lost(counted):
    assert served.lost(counted) == []
    for name in ("emptied", "dropped", "renamed"):
        with counted.transaction(force_rollback=True):
            counted.execute(HARMS[name].format(schema="published"))
            assert served.lost(counted) == ["assessment"]
    assert served.lost(counted) == []
