"""After a publication `mart` knows one build, but not before the readers of the other are done."""

from datetime import UTC, datetime

import pytest

from publish import settle, views, watch
from warehouse import connect

AT = datetime(2026, 11, 21, tzinfo=UTC)
KNOWN = """
    select distinct t.relnamespace::regnamespace::text
    from pg_depend as d
    join pg_rewrite as r on r.oid = d.objid and d.classid = 'pg_rewrite'::regclass
    join pg_class as v on v.oid = r.ev_class and v.relnamespace = 'mart'::regnamespace
    join pg_class as t on t.oid = d.refobjid and t.relname = 'assessment' and t.oid <> v.oid
    order by 1"""


def known(connection) -> list[str]:
    return [name for (name,) in connection.execute(KNOWN).fetchall()]


@pytest.fixture
def older(published):
    """An analyst's transaction that began before the second publication."""
    published(1)
    name = published.connection.info.dbname
    with connect.connect("ita_analyst", dbname=name, autocommit=True) as reader:
        reader.execute("begin isolation level repeatable read")
        assert reader.execute("select score from mart.assessment").fetchone() == (1,)
        published(2)
        yield reader


def test_with_no_reader_it_knows_the_new_build_alone_at_once(published):
    for value in (1, 2, 3):
        published(value)
        assert known(published.connection) == [f"shown_{value}"]
        assert not settle.is_due(published.connection)


def test_a_transaction_that_is_older_keeps_its_build(older, published):
    watch.look(published.connection)
    assert known(published.connection) == ["shown_1", "shown_2"]
    assert older.execute("select score from mart.assessment").fetchone() == (1,)


def test_the_watcher_settles_when_it_is_over(older, published):
    older.execute("commit")
    watch.look(published.connection)
    assert known(published.connection) == ["shown_2"]
    assert older.execute("select score from mart.assessment").fetchone() == (2,)


def test_no_step_is_disturbed(older, published):
    older.execute("commit")
    with connect.connect(dbname=published.connection.info.dbname) as step:
        step.execute("lock table ops.step_lock in exclusive mode")
        watch.look(published.connection)
        assert known(published.connection) == ["shown_1", "shown_2"]
    watch.look(published.connection)
    assert known(published.connection) == ["shown_2"]


def test_a_view_of_others_that_is_in_use_puts_it_off(older, published):
    owner, name = published.connection, published.connection.info.dbname
    older.execute("commit")
    owner.execute("create view public.own as select score from mart.assessment")
    with connect.connect(dbname=name) as reader:
        reader.execute("select * from public.own")
        assert not settle.run(owner, AT)
    assert settle.run(owner, AT)
    assert owner.execute("select score from public.own").fetchone() == (2,)
    assert views.number_shown(owner) == 2
