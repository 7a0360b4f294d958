"""The schemas that are ours come to what they are now from what they were."""

import pytest

from warehouse import connect, schema

# What a warehouse of two halves that take turns had: build_b is shown, build_a is the one before.
BEFORE = """
    drop table ops.build;
    create table ops.candidate (schema_name text primary key);
    insert into ops.candidate values ('build_a'), ('build_b');
    alter table ops.publication add column schema_name text not null default '';
    insert into ops.publication (build_id, published_at, schema_name, inputs_sha256, inputs, counts, git_revision)
    values ('b1', '2026-11-01', 'build_a', 'x', '{}', '{}', 'r'), ('b2', '2026-11-02', 'build_b', 'y', '{}', '{}', 'r');
    create schema build_a; create schema build_b; create schema mart;
    create table build_a.topic as select 1 as topic_no;
    create table build_b.topic as select 2 as topic_no;
    create view mart.topic as select * from build_b.topic;
    create index score_overall on raw.score (agency_id) where level = 'overall'"""


@pytest.fixture
def older(warehouse):
    """A connection to a database of its own with a warehouse as it was set up before."""
    warehouse.execute("drop database if exists ita_older with (force)")
    warehouse.execute("create database ita_older")
    with connect.connect(dbname="ita_older", autocommit=True) as connection:
        schema.apply(connection)
        connection.execute(BEFORE)
        yield connection
    warehouse.execute("drop database ita_older with (force)")


def test_what_was_published_by_an_older_version_stays_published(older):
    for _ in range(2):
        schema.apply(older)
        assert older.execute("select topic_no from mart.topic").fetchall() == [(2,)]
        assert older.execute("select topic_no from published.topic").fetchall() == [(2,)]
        assert [
            name
            for (name,) in older.execute(
                "select build_id from ops.publication order by publication_no"
            )
        ] == ["b1", "b2"]
        assert (
            older.execute(
                "select to_regnamespace('build_a'), to_regclass('ops.candidate'), to_regclass('raw.score_overall')"
            ).fetchone()
            == (None,) * 3
        )
        assert older.execute("select count(*) from ops.build").fetchone() == (0,)
