"""Back to the build before: in one transaction, held until a person releases it, and repeatable."""

import threading
from contextlib import nullcontext
from datetime import UTC, datetime

import psycopg
import pytest
from click.testing import CliRunner

from ingestion import records
from ita.commands import packs, shared, site
from ita.commands import recovery as commands
from ita.commands.night import documents
from publish import access, flip, preview, retire, rollback
from tests.publish.conftest import VIEW
from warehouse import connect
from warehouse.errors import BadInput

DAYS = [datetime(2026, 11, day, tzinfo=UTC) for day in range(20, 30)]


def score(connection) -> int:
    return connection.execute("select score from mart.assessment").fetchone()[0]


def builds(connection) -> dict[str, str]:
    rows = connection.execute("select schema_name, build_id from ops.build order by 1").fetchall()
    return dict(rows)


def test_the_build_before_is_shown_again_and_nothing_is_published_until_it_is_released(published):
    connection = published.connection
    for value in (1, 2, 3):
        published(value)
    assert rollback.run(connection, "Somchai", "wrong file", DAYS[1]) == "b2"
    assert score(connection) == 2
    assert builds(connection) == {"published": "b2", "retired": "b3"}
    assert connection.execute(
        "select build_id, published_at from ops.publication order by publication_no desc limit 1"
    ).fetchone() == ("b2", DAYS[1])
    published.build(3)
    for _ in range(2):
        with pytest.raises(BadInput, match="b3 is held for a person: Somchai took b3 back"):
            flip.run(connection, DAYS[2])
    assert score(connection) == 2
    assert "b3, taken back by Somchai" in rollback.release(connection, "Malee", DAYS[3])
    assert flip.run(connection, DAYS[3]) == "b3"
    assert score(connection) == 3 and builds(connection) == {"published": "b3", "retired": "b2"}


def test_a_build_that_a_person_approves_afterwards_ends_the_hold(published):
    connection = published.connection
    published(1)
    published.build(2)
    preview.approve(connection, "b2", "before", DAYS[0])
    assert flip.run(connection, DAYS[0]) == "b2"
    rollback.run(connection, "Somchai", "wrong file", DAYS[1])
    published.build(2)
    with pytest.raises(BadInput, match="held"):  # approved before it was taken back: no more
        flip.run(connection, DAYS[2])
    preview.approve(connection, "b2", "Malee", DAYS[3])
    assert flip.run(connection, DAYS[3]) == "b2"
    assert rollback.held(connection) is None
    assert published(4) == "b4"


def test_there_must_be_a_build_before_and_only_one_step_back(published):
    connection = published.connection
    published(1)
    with pytest.raises(BadInput, match="no build before"):
        rollback.run(connection, "Somchai", "why", DAYS[1])
    with pytest.raises(BadInput, match="nothing is held"):
        rollback.release(connection, "Somchai", DAYS[1])
    published(2)
    rollback.run(connection, "Somchai", "why", DAYS[1])
    with pytest.raises(BadInput, match="shown already"):
        rollback.run(connection, "Somchai", "why", DAYS[1])
    assert score(connection) == 1


def test_the_build_before_stays_while_the_next_one_is_built(published):
    connection = published.connection
    published(1)
    published(2)
    published.build(3)
    assert rollback.run(connection, "Somchai", "why", DAYS[1]) == "b1"
    assert score(connection) == 1
    assert builds(connection)["candidate"] == "b3"
    state = "select state from ops.build where schema_name = 'candidate'"
    assert connection.execute(state).fetchone() == ("built",), "its audit was against another"


def test_no_more_than_three_builds_are_kept(published):
    connection = published.connection
    for value in range(1, 6):
        published(value)
        known = connection.execute(
            "select array_agg(nspname::text order by nspname) from pg_namespace"
            " where nspname in ('candidate', 'published', 'retired', 'outgoing')"
        ).fetchone()[0]
        assert known == sorted(["published", "retired", "outgoing"][:value])
    retire.run(connection)
    left = connection.execute(
        "select count(*) from pg_namespace where nspname like 'shown%' or nspname like 'mart%'"
        " or nspname in ('candidate', 'published', 'retired', 'outgoing')"
    ).fetchone()
    assert left == (5,)  # two builds, what shows them, mart


def test_readers_see_one_build_or_the_other_and_an_analysts_view_follows(published):
    connection = published.connection
    published(1)
    published(2)
    connection.execute("create schema of_analyst; grant usage on schema of_analyst to ita_analyst")
    connection.execute("create view of_analyst.own as select score from mart.assessment")
    seen, ended = set(), threading.Event()

    def read():
        with connect.connect("ita_analyst", dbname="ita_rollback", autocommit=True) as reader:
            while not ended.is_set():
                seen.add(
                    reader.execute(
                        "select a.score, b.score from mart.assessment as a, mart.assessment as b"
                    ).fetchone()
                )

    reader = threading.Thread(target=read)
    reader.start()
    try:
        rollback.run(connection, "Somchai", "why", DAYS[1])
    finally:
        ended.set()
        reader.join()
    assert seen <= {(1, 1), (2, 2)} and seen
    assert connection.execute("select score from of_analyst.own").fetchone() == (1,)


def test_a_rollback_that_is_cut_off_changes_nothing(published, monkeypatch):
    connection = published.connection
    published(1)
    published(2)

    def cut(*_):
        raise psycopg.OperationalError("the server is gone")

    monkeypatch.setattr(rollback, "note", cut)
    with pytest.raises(psycopg.OperationalError):
        rollback.run(connection, "Somchai", "why", DAYS[1])
    assert score(connection) == 2 and rollback.held(connection) is None
    assert builds(connection) == {"published": "b2", "retired": "b1"}


def test_the_open_site_and_packs_follow_and_cut_off_the_same_command_goes_on(
    published, monkeypatch
):
    published(1)
    published(2)
    follow = [command.callback for command in (site.site, packs.packs, packs.packs, documents)]
    done, recorded = [], []

    def follows(command):
        def callback(**_):
            done.append(command)
            if len(done) == 2:
                raise OSError("cut off")

        return callback

    for command in (site.site, packs.packs, documents):
        monkeypatch.setattr(command, "callback", follows(command.callback))
    monkeypatch.setattr(shared, "step", lambda: nullcontext(published.connection))
    monkeypatch.setattr(records, "append", recorded.append)
    said = ["--by", "Somchai", "--reason", "wrong file"]
    assert CliRunner().invoke(commands.rollback, said).exception
    again = CliRunner().invoke(commands.rollback, said)
    assert "b2 was taken back at" in again.output
    assert done == [*follow[:2], *follow] and len(recorded) == 1
    other = CliRunner().invoke(commands.rollback, ["--by", "Malee", "--reason", "another"])
    assert "is shown already, since Somchai took b2" in str(other.exception)


def test_the_build_before_may_be_of_a_release_that_had_fewer_marts(published, monkeypatch):
    connection = published.connection
    published(1)
    later = {"view_name": "publication_rule", "rows": "whole", "hidden_columns": ""}
    monkeypatch.setattr(access, "views", lambda: [VIEW, later])
    published(2)
    assert connection.execute("select count(*) from mart.publication_rule").fetchone() == (0,)
    connection.execute("grant select on mart.publication_rule to pg_monitor")  # by hand
    connection.execute("drop table retired.publication_rule")
    rollback.run(connection, "Somchai", "why", DAYS[1])
    assert score(connection) == 1
    assert connection.execute("select to_regclass('mart.publication_rule')").fetchone() == (None,)
    rollback.release(connection, "Somchai", DAYS[2])
    published(2)
    assert connection.execute("select count(*) from mart.publication_rule").fetchone() == (0,)
