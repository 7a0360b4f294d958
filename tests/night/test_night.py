"""The night as an operator knows it: again, killed, two at once, bad data, an analyst's view."""

import os
import shutil
import signal
import time

import pytest

from tests.night.conftest import OF_THE_NIGHTS

# Seconds after its start at which a step is killed: in the middle of its work on two cores.
KILLED_AFTER = {"receive": 0.7, "judge": 1.2, "load": 1.5, "build": 3, "audit": 2, "publish": 0.6}


def state(night) -> dict:
    """All that must be equal after a kill and another run: every row of the marts, but for build
    ids, the times at which files came and what tells of nights.
    """
    views = [
        row["view_name"]
        for row in night.query(
            "select viewname as view_name from pg_views where schemaname = 'mart' order by 1"
        )
    ]
    return {
        view: night.query(
            "select md5(coalesce(string_agg(t::text, '|' order by t::text), '')) as md5 from "
            f"mart.{view} t"
        )[0]["md5"]
        for view in views
        if view not in ("submission", "current_submission", "assessment", *OF_THE_NIGHTS)
    } | {"views": views}


def test_a_second_refresh_publishes_nothing(night):
    before = night.publications()
    packs = {path: path.stat().st_mtime_ns for path in (night.home / "packs").rglob("pack.pdf")}
    again = night.ita("refresh")
    assert again.returncode == 0
    assert night.publications() == before
    assert (
        packs
        and {path: path.stat().st_mtime_ns for path in (night.home / "packs").rglob("pack.pdf")}
        == packs
    )


def test_publication_says_what_went_in(night):
    last = night.publications()[-1]
    assert last["build_id"].startswith("b") and len(last["inputs"]["submissions"]) > 0
    assert last["counts"]["assessment"] == 3
    assert last["git_revision"]


def test_nothing_is_lost(night):
    rows = night.query(
        "select count(*) as files, sum(rows_read - rows_accepted - rows_rejected) as lost, "
        "count(*) filter (where state = 'received') as waiting from mart.submission"
    )
    assert rows[0]["files"] > 0 and rows[0]["lost"] == 0 and rows[0]["waiting"] == 0
    assert not [path for path in (night.home / "landing").rglob("*") if path.is_file()]


@pytest.mark.slow_group
def test_a_second_refresh_at_once_waits_for_the_first(night):
    first, second = night.start("refresh"), night.start("refresh")
    outputs = [process.communicate(timeout=300)[0] for process in (first, second)]
    assert [first.returncode, second.returncode] == [0, 0]
    assert sum("another refresh is running" in output for output in outputs) == 1


@pytest.mark.slow_group
def test_steps_killed_in_the_middle_and_run_again_end_the_same(night):
    """A file is withdrawn and sent again, so that every step has work; each is killed a moment
    after its start, then run again.

    An analyst's own view on `mart` lives through the publication.
    """
    wanted, before = state(night), night.publications()
    with night.connect() as connection:
        connection.execute(
            "create schema analyst; create view analyst.best as select agency_id from "
            "mart.assessment where overall_score > 95"
        )
    sha = night.query(
        "select submission_sha256 from raw.submission where layout = 'json' order by "
        "received_seq limit 1"
    )[0]["submission_sha256"]
    again = night.home.parent / "again.json"
    again.write_bytes(next((night.home / "archive").rglob(f"*{sha}*")).read_bytes())
    assert night.ita("withdraw", sha, "--reason", "killed step").returncode == 0
    for step in ("build", "audit", "publish"):  # without it; with it the inputs are as they were
        assert night.ita(step).returncode == 0
    the_site_is_as_written_from_nothing(night)
    assert night.ita("receive", again).returncode == 0
    killed = []
    for step, seconds in KILLED_AFTER.items():
        victim = night.start(step)
        time.sleep(seconds)
        if victim.poll() is None:
            os.killpg(victim.pid, signal.SIGKILL)
            killed.append(step)
        victim.wait()
        if step != "publish":
            assert night.ita(step).returncode == 0
    assert night.ita("refresh").returncode == 0
    assert state(night) == wanted
    the_site_is_as_written_from_nothing(night)
    assert len(night.publications()) == len(before) + 2
    assert night.query("select count(*) as n from analyst.best") == [{"n": 2}]
    assert {"build", "audit"} <= set(killed), (
        "the steps were too quick to be killed: shorten KILLED_AFTER"
    )


def the_site_is_as_written_from_nothing(night):
    """Only what changed is written, and all that changed."""
    out = night.home.parent / "site-from-nothing"
    assert night.ita("site").returncode == night.ita("site", "--out", out).returncode == 0
    for page in out.rglob("*.html"):
        written = (night.home / "site" / page.relative_to(out)).read_bytes()
        assert written == page.read_bytes(), page
    shutil.rmtree(out)


@pytest.mark.slow_group
@pytest.mark.parametrize(
    ("stopped_by", "code", "score", "found_by"),
    [
        ("audit", "i999", 50, "code_in_framework"),
        ("build", "i1", 250, "score_in_range"),
    ],
)
def test_bad_data_stops_the_publication_and_the_old_build_is_still_served(
    night, stopped_by, code, score, found_by
):
    """A score that came past ingestion: one of no item in a new file, one out of range in a file
    that passed the first gate before. The gate names it in either case, also where a test of the
    build has stopped the night first.
    """
    before = night.publications()
    sha = night.query(
        "select submission_sha256 from raw.submission join raw.unit using (submission_sha256) "
        "where layout = 'json' and kind = 'scores' order by received_seq limit 1"
    )[0]["submission_sha256"]
    if stopped_by == "audit":
        again = night.home.parent / "again.json"
        again.write_bytes(next((night.home / "archive").rglob(f"*{sha}*")).read_bytes() + b"\n")
        sha = night.ita("receive", again).stdout.split()[0]
        assert [night.ita(step).returncode for step in ("receive", "judge", "load")] == [0, 0, 0]
    with night.connect() as connection:
        connection.execute(
            """
            insert into raw.score (submission_sha256, agency_id, fiscal_year, level, code, score)
            select submission_sha256, agency_id, fiscal_year, 'item', %s, %s from raw.unit
            where submission_sha256 = %s and kind = 'scores' limit 1""",
            [code, score, sha],
        )
        (arrived,) = connection.execute(
            "select received_at from raw.submission where submission_sha256 = %s", [sha]
        ).fetchone()
        connection.execute(
            "update raw.submission set received_at = clock_timestamp()"
            " where submission_sha256 = %s",
            [sha],
        )
    try:
        stopped = night.ita("refresh")
        assert stopped.returncode == 2, stopped.stdout + stopped.stderr
        assert night.publications() == before
        assert night.query("select count(*) as n from mart.assessment", role="ita_analyst") == [
            {"n": 3}
        ]
        failure = night.query(
            "select task_id, exit_code from ops.failure order by failure_no desc limit 1"
        )
        assert failure == [{"task_id": stopped_by, "exit_code": 2}]
        (row,) = night.query(
            "select unexpected_count, sample from ops.check_result where gate = 'submissions' "
            f"and check_name = '{found_by}'"
        )
        assert row["unexpected_count"] == 1 and row["sample"][0]["code"] == code
    finally:
        with night.connect() as connection:
            connection.execute(
                "delete from raw.score where code = %s and score = %s", [code, score]
            )
            connection.execute(
                "update raw.submission set received_at = %s where submission_sha256 = %s",
                [arrived, sha],
            )
        if stopped_by == "audit":
            night.ita("withdraw", sha, "--reason", "bad score")


@pytest.mark.slow_group
def test_what_was_dropped_is_told_and_made_anew_from_the_same_files(night):
    """Nothing is new, so nothing was built, and readers had errors for ever."""
    wanted = state(night)
    with night.connect() as connection:
        connection.execute("drop schema published cascade")
    told = night.ita("status").stdout
    assert "what was published is gone from mart" in told and "ita refresh" in told
    done = night.ita("refresh")
    assert done.returncode == 0, done.stderr
    assert state(night) == wanted
    assert "is gone from mart" not in night.ita("status").stdout
    refused = night.ita("rollback", "--by", "somchai", "--reason", "x")
    assert refused.returncode == 2 and "there is no build before" in refused.stderr


def test_everything_is_reached_from_one_page(night):
    page = (night.home / "index.html").read_text(encoding="utf-8")
    for link in ("packs/index.html", "receipts/index.html", "documents/data_docs/index.html"):
        assert link in page and (night.home / link).exists()
    assert night.publications()[-1]["build_id"] in page
