"""The schemas that are ours come to what they are now from what they were, with all in them."""

import gzip
import subprocess
import threading
from pathlib import Path

import pytest

from ingestion import records
from warehouse import cluster, connect, schema, settings
from warehouse.errors import Fault

# What a warehouse of two halves that take turns had: build_b is shown, build_a is the one before.
TWO_HALVES = """
    drop table ops.build;
    create table ops.candidate (schema_name text primary key);
    insert into ops.candidate values ('build_a'), ('build_b');
    alter table ops.publication add column schema_name text not null default '';
    insert into ops.publication (build_id, published_at, schema_name, inputs_sha256, inputs,
                                 counts, git_revision)
    values ('b1', '2026-11-01', 'build_a', 'x', '{}', '{}', 'r'),
           ('b2', '2026-11-02', 'build_b', 'y', '{}', '{}', 'r');
    create schema build_a; create schema build_b; create schema mart;
    create table build_a.topic as select 1 as topic_no;
    create table build_b.topic as select 2 as topic_no;
    create view mart.topic as select * from build_b.topic;
    create index score_overall on raw.score (agency_id) where level = 'overall'"""

# Rows of a warehouse of release 0.1.0, one of every kind that a later change may touch.
ROWS = """
    insert into raw.submission (submission_sha256, file_name, authority, layout, received_at, state,
                                agencies, rows_read, rows_accepted)
    values (repeat('a', 64), 'agencies.csv', 'agency', 'registry', '2026-11-01 18:00+00',
            'accepted', 1, 1, 1),
           (repeat('b', 64), 'nacc_2568.csv', 'nacc', 'long_table', '2026-11-01 18:00+00',
            'accepted_with_warnings', 1, 1, 1),
           (repeat('c', 64), 'office/a.csv', 'agency', null, '2026-11-02 18:00+00', 'received',
            0, 0, 0),
           (repeat('d', 64), 'office/b.csv', 'agency', 'json', '2026-11-02 18:00+00', 'withdrawn',
            1, 1, 1);
    insert into raw.agency (submission_sha256, agency_id, name_th, agency_type, valid_from)
    values (repeat('a', 64), 'S1', 'อบต.สามพร้าว', 'sao', 2560);
    insert into raw.unit (submission_sha256, agency_id, fiscal_year, kind)
    values (repeat('b', 64), 'S1', 2568, 'scores');
    insert into raw.score (submission_sha256, agency_id, fiscal_year, level, score)
    values (repeat('b', 64), 'S1', 2568, 'overall', 91.15);
    insert into ops.finding values (repeat('b', 64), 1, 'jump', 'warning', 'row 2', '91.15', 'ก',
                                    'e', 'ข', 'f', 'S1', '2568');
    insert into ops.withdrawal values (repeat('d', 64), '2026-11-03 02:00+00', 'wrong year');
    insert into ops.publication (build_id, published_at, inputs_sha256, inputs, counts,
                                 git_revision)
    values ('b1', '2026-11-01 18:10+00', 'x', '{}', '{}', 'r');
    insert into ops.approval values ('b1', '2026-11-01 18:09+00', 'Somchai')"""
TABLES = [
    "raw.submission",
    "raw.agency",
    "raw.unit",
    "raw.score",
    "ops.finding",
    "ops.withdrawal",
    "ops.publication",
    "ops.approval",
]


@pytest.fixture
def empty(warehouse):
    """A connection to an empty database of its own."""
    warehouse.execute("drop database if exists ita_older with (force)")
    warehouse.execute("create database ita_older")
    with connect.connect(dbname="ita_older", autocommit=True) as connection:
        yield connection
    warehouse.execute("drop database ita_older with (force)")


@pytest.fixture
def released(empty):
    """The same with a warehouse of release 0.1.0, which kept no versions, and ROWS in it."""
    empty.execute(schema.changes()[0][2])
    empty.execute(ROWS)
    return empty


def content(connection, columns: dict[str, list[str]]) -> dict[str, list]:
    """The rows of TABLES in these columns, as text."""
    return {
        table: sorted(
            map(str, connection.execute(f"select {', '.join(names)} from {table}").fetchall())
        )
        for table, names in columns.items()
    }


def columns_of(connection) -> dict[str, list[str]]:
    return {
        table: [
            name
            for (name,) in connection.execute(
                "select attname from pg_attribute where attrelid = %s::regclass"
                " and attnum > 0 and not attisdropped order by attnum",
                [table],
            )
        ]
        for table in TABLES
    }


def test_files_are_numbered_without_gap_or_double():
    assert [version for version, _, _ in schema.changes()] == list(
        range(1, len(schema.changes()) + 1)
    )


def test_every_change_runs_once(empty):
    names = [f"{version:04} {name}" for version, name, _ in schema.changes()]
    assert schema.apply(empty) == names
    assert schema.apply(empty) == []
    assert [
        f"{version:04} {name}"
        for version, name in empty.execute(
            "select version, name from ops.schema_version order by version"
        )
    ] == names


def test_rows_of_the_first_release_are_all_there_after_the_changes(released):
    columns = columns_of(released)
    before = content(released, columns)
    assert all(before.values())
    assert schema.apply(released)[0] == "0001 baseline"
    assert content(released, columns) == before


def test_an_old_and_a_new_warehouse_have_the_same_schemas(released, warehouse):
    schema.apply(released)
    assert columns_of(released) == columns_of(warehouse)


def test_a_change_that_fails_leaves_the_version_before(released, monkeypatch):
    files = schema.changes()
    bad = (len(files) + 1, "bad", "create table raw.half (i integer); select 1/0")
    monkeypatch.setattr(schema, "changes", lambda: [*files, bad])
    with pytest.raises(Exception, match="division by zero"):
        schema.apply(released)
    assert released.execute("select to_regclass('raw.half')").fetchone() == (None,)
    monkeypatch.setattr(schema, "changes", lambda: files)
    assert len(schema.apply(released)) == len(files)


def test_a_warehouse_of_a_newer_release_is_refused(released):
    schema.apply(released)
    released.execute("insert into ops.schema_version values (999, 'later', '2027-01-01')")
    with pytest.raises(Fault, match="schema version 999"):
        schema.apply(released)


def test_two_at_once_apply_once(empty):
    done: list = []

    def bring():
        with connect.connect(dbname="ita_older", autocommit=True) as connection:
            done.append(schema.apply(connection))

    threads = [threading.Thread(target=bring) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(len, done)) == [0, 0, 0, len(schema.changes())]


def test_what_was_published_by_two_halves_stays_published(released):
    released.execute("delete from ops.publication")
    released.execute(TWO_HALVES)
    for _ in range(2):
        schema.apply(released)
        assert released.execute("select topic_no from mart.topic").fetchall() == [(2,)]
        assert released.execute("select topic_no from published.topic").fetchall() == [(2,)]
        assert [
            name
            for (name,) in released.execute(
                "select build_id from ops.publication order by publication_no"
            )
        ] == ["b1", "b2"]
        assert (
            released.execute(
                "select to_regnamespace('build_a'), to_regclass('ops.candidate'),"
                " to_regclass('raw.score_overall')"
            ).fetchone()
            == (None,) * 3
        )
        assert released.execute("select count(*) from ops.build").fetchone() == (0,)


# pg_dump of raw, ops and access of the last revision without versions, after `ita up`, the bundled
# samples received, judged and loaded, one of them withdrawn, and a row each of what nights leave.
DUMP = Path(__file__).parent / "release_0_1_0.sql.gz"
# Of every table of ours: its columns, constraints and indexes.
SHAPE = """
    select c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull::text
    from pg_class as c join pg_attribute as a on a.attrelid = c.oid
    join pg_namespace as n on n.oid = c.relnamespace
    where n.nspname in ('raw', 'ops', 'access') and c.relkind = 'r' and a.attnum > 0
        and not a.attisdropped
    union all
    select conrelid::regclass::text, conname, pg_get_constraintdef(oid), ''
    from pg_constraint where connamespace::regnamespace::text in ('raw', 'ops', 'access')
        and contype <> 'n'
    union all
    select tablename, indexname, indexdef, '' from pg_indexes
    where schemaname in ('raw', 'ops', 'access')
    order by 1, 2, 3"""


@pytest.fixture
def dumped(empty, monkeypatch, tmp_path):
    """A warehouse as the release of the dump left it; its tables with their columns."""
    monkeypatch.setattr(settings, "home", lambda: tmp_path)
    given = empty.info
    subprocess.run(
        [
            cluster.binaries() / "psql",
            *("-q", "-v", "ON_ERROR_STOP=1", "-h", given.host, "-p", str(given.port)),
            *("-U", given.user, "-d", given.dbname),
        ],
        input=gzip.decompress(DUMP.read_bytes()),
        env={"PGPASSWORD": given.password},
        check=True,
        stdout=subprocess.DEVNULL,
    )
    empty.execute("set search_path = public")
    rows = empty.execute("""
        select format('%I.%I', n.nspname, c.relname), array_agg(a.attname::text order by a.attnum)
        from pg_class as c join pg_attribute as a on a.attrelid = c.oid
        join pg_namespace as n on n.oid = c.relnamespace
        where n.nspname in ('raw', 'ops', 'access') and c.relkind = 'r' and a.attnum > 0
            and not a.attisdropped
        group by 1""").fetchall()
    return dict(rows)


def test_every_row_of_a_real_warehouse_of_before_is_there_after_the_changes(empty, dumped):
    before = content(empty, dumped)
    assert len(before["raw.submission"]) == 8 and len(before["raw.score"]) > 100
    assert len(before["ops.withdrawal"]) == 1 and before["ops.finding"]
    schema.apply(empty)
    assert content(empty, dumped) == before
    assert schema.apply(empty) == []


def test_a_real_warehouse_of_before_has_the_shape_of_a_new_one(empty, dumped, warehouse):
    schema.apply(empty)
    old, new = empty.execute(SHAPE).fetchall(), warehouse.execute(SHAPE).fetchall()
    assert sorted(set(new) - set(old)) == [] and sorted(set(old) - set(new)) == []


def test_what_a_real_warehouse_of_before_knew_can_be_rebuilt_from_its_archive(empty, dumped):
    schema.apply(empty)
    records.begin(empty)
    events = [event for _, some, wrong in records.read() for event in some if not wrong]
    kinds = [event["event"] for event in events]
    assert kinds.count("arrived") == 8 and kinds.count("withdrawn") == 1
    assert {e["sha256"] for e in events if e["event"] == "arrived"} == {
        sha for (sha,) in empty.execute("select submission_sha256 from raw.submission").fetchall()
    }
