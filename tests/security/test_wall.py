"""What a province may not see is in no plan, counter, statistics view, error or answer.

Each way asks a thousand true and false questions of hidden rows; all answers of a way must be the
same to the byte, in one build and between two builds that differ only in hidden rows.
"""

import re
from functools import cache
from itertools import product

import psycopg
import pytest

from tests.security.conftest import HIDDEN, SEVERITIES
from warehouse import connect

GUESSES = {  # of a column of a hidden row: a condition on `d`, with its true and false values
    "severity": [f"d.severity = '{severity}'" for severity in [*SEVERITIES, "none"]],
    "order": [f"d.severity < '{letter}'" for letter in "dfmtuz"],
    "flag": ["d.flagged", "not d.flagged", "d.flagged is null"],
    "date": [f"d.noted_on = date '2026-01-{day:02}'" for day in range(1, 13)],
    "text": [f"d.remark_th = 'remark {n}'" for n in range(10)],
    "number": [f"d.score > {score}" for score in (49, 55, 59)],
}
SELECT = "from mart.agency_deficiency as d where d.agency_id = '{agency}' and {guess}"
WAYS = {
    "analyze": "explain (analyze, timing off, summary off) select * " + SELECT,
    "estimate": "explain (verbose, summary off) select * " + SELECT,
    "answer": "select count(*) " + SELECT,
    "error": "select 1 / (case when {guess} then 0 else 1 end) from mart.agency_deficiency as d"
    " where d.agency_id = '{agency}'",
    "join": "explain (analyze, timing off, summary off) select * from mart.assessment as a"
    " join mart.agency_deficiency as d using (agency_id)"
    " where a.agency_id = '{agency}' and {guess}",
    "exists": "select exists (select " + SELECT + ")",
    "first": "select * from mart.agency_deficiency as d where {guess}"
    " order by d.agency_id <> '{agency}', 1 limit 1",
}


def said(connection: psycopg.Connection, statement: str, agency: str, guess: str) -> str:
    """What the server says to a question, without the words of the question."""
    try:
        rows = connection.execute(statement.format(agency=agency, guess=guess)).fetchall()
        text = "\n".join(map(str, rows))
    except psycopg.Error as error:
        text = f"{type(error).__name__}: {error}"
    text = text.partition("('Planning:'")[0]  # what the catalogue's cache held already
    # the planner writes a condition in its own way
    return re.sub(r"Filter: .*|width=\d+", "", text.replace(agency, "AGENCY"))


@cache
def answers(database: str, way: str) -> set[tuple[str, str]]:
    """(what was guessed, answer): of 1,480 questions about 40 hidden agencies. Guesses of one kind
    count as one; not those that the planner takes for unlike whatever the rows are, and the way
    `first`, whose answers may name a row of one's own.
    """
    with connect.connect("ita_province_83", dbname=database, autocommit=True) as province:
        said(province, WAYS[way], HIDDEN[0], "true")  # a session's first plan reads more
        found: set[tuple[str, str]] = set()
        for kind, guesses in GUESSES.items():
            for agency, guess in product(HIDDEN, guesses):
                name = guess if kind == "flag" or way == "first" else kind
                answer = said(province, WAYS[way], agency, guess)
                if (name, answer) not in found:
                    # so does any after another session's word about the catalogue
                    answer = said(province, WAYS[way], agency, guess)
                found.add((name, answer))
        return found


@pytest.mark.parametrize("way", WAYS)
def test_a_true_and_a_false_guess_are_answered_alike(builds, way):
    found = answers(builds[0], way)
    kinds = [kind for kind, _ in found]
    assert len(kinds) == len(set(kinds)), found


@pytest.mark.parametrize("way", WAYS)
def test_two_builds_that_differ_in_hidden_rows_are_told_apart_by_nothing(builds, way):
    assert answers(builds[0], way) == answers(builds[1], way)


def test_the_questions_are_of_rows_that_are_there(builds):
    """Headquarters gets other answers to true guesses than to false ones, and from each build."""
    counts = []
    for database in builds:
        with connect.connect("ita_analyst", dbname=database) as analyst:
            for guess in GUESSES["severity"][:2]:
                row = analyst.execute(
                    "select count(*) from mart.agency_deficiency as d where " + guess
                )
                counts.append(row.fetchone()[0])
    assert all(counts)
    of_first = SELECT.format(agency=HIDDEN[0], guess="true")
    with (
        connect.connect("ita_analyst", dbname=builds[0]) as one,
        connect.connect("ita_analyst", dbname=builds[1]) as other,
    ):
        assert one.execute("select count(*) " + of_first).fetchone() == (1,)
        assert other.execute("select count(*) " + of_first).fetchone() == (0,)


@pytest.mark.parametrize(
    "statement",
    [
        "select * from mart.assessment order by 1",
        "select * from mart.submission order by 1",
        "select * from mart.common_deficiency order by 1, 2, 3",
        "explain (analyze, timing off, summary off) select * from mart.submission",
        "explain (analyze, timing off, summary off) select * from mart.common_deficiency"
        " where mean_score = 61",
        "explain (analyze, timing off, summary off) select * from mart.assessment"
        " where submission_sha256 = 'sha-0020'",
        "select relname, reltuples from pg_class where relnamespace in"
        " (select oid from pg_namespace where nspname ~ 'shown|mart|candidate') order by 1",
        "select * from pg_stats where schemaname ~ 'candidate|shown|mart'",
        "select * from pg_stat_user_tables",
        "select * from pg_stat_xact_all_tables",
        "select * from pg_statio_all_tables",
        "select * from pg_stat_xact_user_functions",
        "select * from pg_stat_database",
        "select * from pg_locks",
        "select pg_current_wal_lsn()",
        "select * from pg_statistic",
    ],
)
def test_no_view_of_any_kind_tells_two_builds_apart(builds, statement):
    told = []
    for database in builds:
        with connect.connect("ita_province_83", dbname=database, autocommit=True) as province:
            told.append(said(province, statement, "-", "-"))
    assert told[0] == told[1]


def test_a_plan_made_for_headquarters_shows_nothing_to_a_province(builds):
    """A prepared statement outlives `set role`: who holds both roles sees what each sees."""
    with connect.connect(dbname=builds[0], autocommit=True) as owner:
        owner.execute("drop role if exists both_of_this_test")
        owner.execute("create role both_of_this_test in role ita_analyst, ita_province_83")
        owner.execute("set role ita_analyst")
        owner.execute("prepare rows as select count(*) from mart.agency_deficiency")
        seen = []
        for role in ("ita_analyst", "ita_province_83", "both_of_this_test", "ita_province_42"):
            owner.execute("reset role")
            owner.execute(f"set role {role}")
            for _ in range(6):  # long enough for a generic plan
                count = owner.execute("execute rows").fetchone()[0]
            seen.append(count)
        owner.execute("reset role")
        owner.execute("drop role both_of_this_test")
    assert seen == [51, 12, 51, 39]
