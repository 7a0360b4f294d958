"""However a night ends, page, `ita status`, exit code, metrics and alerts say the same."""

import errno
import runpy
import shutil
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import lxml.html
import pytest
from click.testing import CliRunner

from ita import cli, morning, status
from operations import kept, schedule
from warehouse import connect, durable, nights, postgres, settings
from warehouse.errors import Fault
from warehouse.thai_dates import BANGKOK

HELD = (
    "ita publish ended with exit code 2: ita: publication of b2 is held for a person: it changes"
    " FY2568: 60 of 100 published agency-years — look at ops.change_preview"
)


def published(laid, _):
    laid.run()
    laid.publication("b2")


def nothing_new(laid, _):
    laid.publication("b1", ago=timedelta(days=2))
    laid.run()


def held(laid, _):
    laid.candidate("audited")
    laid.failure(laid.run("failed", "publish"), "publish", HELD, 2)


def held_by_hand(laid, _):
    """No night ever ran, nor was due: a person ran the steps one by one."""
    (laid.home / "nights" / "since.json").unlink()
    laid.publication("b1", ago=timedelta(days=2))
    laid.candidate("audited", held_for="FY2568: 60 of 100 published agency-years")


def held_after_a_good_night(laid, _):
    published(laid, None)
    laid.candidate("audited", "b3", held_for="FY2568: 60 of 100 published agency-years")


def refused_by_hand(laid, _):
    held_by_hand(laid, None)
    laid.warehouse.execute("insert into ops.refusal values ('b2', now(), 'Somchai', 'wrong year')")


def refused(laid, _):
    laid.publication("b1", ago=timedelta(days=2))
    laid.candidate("audited")
    laid.warehouse.execute("insert into ops.refusal values ('b2', now(), 'Somchai', 'wrong year')")
    laid.run()


def taken_back(laid, _):
    published(laid, None)
    laid.warehouse.execute(
        "insert into ops.rollback (build_id, held_at, held_by, reason)"
        " values ('b2', now(), 'Somchai', 'wrong weights')"
    )


def gate(laid, _):
    laid.candidate("failed")
    laid.failed_check()
    said = "ita audit ended with exit code 2: ita: gate 2 (candidate b2) failed — see documents"
    laid.failure(laid.run("failed", "audit"), "audit", said, 2)


def step_failed(laid, _, ago=timedelta(minutes=5)):
    said = "ita load ended with exit code 1: ita: a fault of ours — the traceback is in faults.log"
    laid.failure(laid.run("failed", "load", ago), "load", said, 1)


def step_killed(laid, _):
    laid.failure(
        laid.run("failed", "build"), "build", "ita build ended with exit code -9: ita|", -9
    )


def run_killed(laid, _):
    laid.run("running", "build")


def killed_before_the_last_night(laid, _):
    """A machine that was dead for two days: that no night began since is the newer news."""
    laid.publication("b1", ago=timedelta(days=3))
    laid.run("running", "build", ago=timedelta(days=2))


def database_down(laid, monkeypatch):
    monkeypatch.setattr(morning, "EVERY", 0)
    monkeypatch.setenv("ITA_WAREHOUSE_DSN", "postgresql://ita_owner@127.0.0.1:1/ita")


def secret_lost(laid, monkeypatch):
    """The embedded server runs, and nobody knows its password any more."""
    monkeypatch.delenv("ITA_WAREHOUSE_DSN")
    monkeypatch.setattr(morning, "EVERY", 0)

    def lost():
        raise Fault("secrets/owner is lost", "put it back from the back-up")

    monkeypatch.setattr(postgres, "dsn", lost)
    monkeypatch.setattr(postgres, "number", lambda: 1)


def never_started(laid, _):
    laid.publication("b1", ago=timedelta(days=2))
    laid.run(ago=timedelta(days=2))


def late(laid, monkeypatch):
    passed = datetime.now(BANGKOK) - timedelta(minutes=1)
    monkeypatch.setenv("ITA_DEADLINE", f"{passed:%H:%M}")
    laid.run("running", "packs", ago=timedelta(hours=2), by="timetable")


def disk_full(laid, monkeypatch):
    """Nothing more can be written, until the reserve is given up."""
    said = "ita load ended with exit code 1: ita: OSError: [Errno 28] No space left on device"
    laid.failure(laid.run("failed", "load"), "load", said, 1)
    (laid.home / "nights" / "reserve").write_bytes(b"x")
    write_all = durable.write_all

    def full(*arguments, **named):
        if (laid.home / "nights" / "reserve").exists():
            raise OSError(errno.ENOSPC, "No space left on device")
        return write_all(*arguments, **named)

    monkeypatch.setattr(durable, "write_all", full)


ENDS = {
    published: ("published", "published", 0),
    nothing_new: ("nothing_new", "nothing_new", 0),
    held: ("held", "held", 2),
    held_by_hand: ("held", "held", 2),
    held_after_a_good_night: ("held", "held", 2),
    refused: ("nothing_new", "refused", 0),
    refused_by_hand: ("nothing_new", "refused", 0),
    taken_back: ("held", "taken_back", 2),
    gate: ("not_published", "gate", 2),
    step_failed: ("not_published", "step", 1),
    step_killed: ("not_published", "killed", 1),
    run_killed: ("not_published", "killed", 1),
    killed_before_the_last_night: ("not_published", "not_started", 1),
    database_down: ("not_published", "database", 1),
    secret_lost: ("not_published", "database", 1),
    never_started: ("not_published", "not_started", 1),
    late: ("not_published", "late", 1),
    disk_full: ("not_published", "disk_full", 1),
}


def page_of(home):
    return lxml.html.fromstring((home / "index.html").read_text("utf-8"))


@pytest.mark.parametrize("end", ENDS, ids=lambda end: end.__name__)
def test_page_status_exit_code_and_alert_say_the_same(laid, heard, monkeypatch, end):
    end(laid, monkeypatch)
    state, cause, code = ENDS[end]
    if cause != "database":  # `ita status`, before anybody has closed the night
        seen = morning.look()[1]
        assert (seen["cause"], seen["going_since"]) == (cause, "")
    done = CliRunner().invoke(cli.main, ["deadline"])
    assert done.exit_code == code, done.output
    given = kept.latest()
    assert (given["state"], given["cause"], given["exit_code"]) == (state, cause, code)

    head = " ".join(page_of(laid.home).get_element_by_id("verdict").text_content().split())
    said = " ".join(" ".join(status._verdict_lines()).split())
    for words in ("reason_th", "reason_en", "do_th"):
        assert given[words] in head and given[words] in said and given[words] in done.output
    metrics = (laid.home / "metrics" / "ita.prom").read_text()
    assert f'ita_night_state{{state="{state}"}} 1.0' in metrics
    assert f"ita_night_exit_code {code}" in metrics

    assert ("/beat", None) in heard.calls
    if code == 0:
        assert not heard.mails and not heard.posted()
        return
    (post,) = heard.posted()
    ((encrypted, mail),) = heard.mails
    assert encrypted
    assert (post["state"], post["exit_code"]) == (state, code)
    for words in ("reason_th", "reason_en", "do_th"):
        assert given[words] == post[words]
        assert given[words] in mail.get_content()


def test_a_verdict_outlives_airflows_own_database(laid, heard):
    """Lost and made anew it knows no run: the failed night does not become a good one."""
    laid.publication("b1", ago=timedelta(days=2))
    step_failed(laid, None)
    given = morning.close()
    laid.airflow.execute("delete from dag_run")
    assert morning.tick() is None and kept.latest() == given
    assert given["reason_en"] in " ".join(status._verdict_lines())
    laid.run(ago=timedelta())
    assert morning.tick()["cause"] == "nothing_new"


@pytest.mark.parametrize(
    ("said", "cause"),
    [
        ("dbt build failed: item_score: 2 results — DBT_LOG_LEVEL_FILE=debug", "data"),
        ("fiscal_year.csv: fiscal year 2570 is not complete — mark it complete", "input"),
    ],
)
def test_a_build_stops_over_the_data_or_over_the_reference_data(laid, said, cause):
    """Only of the former a file is to blame, which `ita withdraw` takes back."""
    said = f"ita build ended with exit code 2: ita: {said}"
    laid.failure(laid.run("failed", "build"), "build", said, 2)
    assert morning.close()["cause"] == cause


def test_a_held_build_is_told_in_thai_too(laid):
    held(laid, None)
    given = morning.close()
    assert given["reason_th"].endswith("ปี 2568 60 จาก 100 หน่วยงาน")
    assert given["reason_en"].endswith("changes (FY2568: 60 of 100 agencies)")


def test_a_build_that_was_held_by_hand_is_told_with_what_it_changes(laid):
    held_by_hand(laid, None)
    given = morning.close()
    assert given["reason_th"].startswith("ชุด b2 ") and "ปี 2568 60 จาก 100" in given["reason_th"]
    assert given["reason_en"].startswith("Build b2 ") and "FY2568: 60 of 100" in given["reason_en"]


def test_a_held_build_is_told_beside_a_night_that_failed(laid, heard):
    held_by_hand(laid, None)
    step_failed(laid, None)
    given = morning.close()
    assert (given["cause"], given["exit_code"]) == ("step", 1)
    assert [problem["key"] for problem in given["problems"]] == ["held:b2"]
    laid.warehouse.execute("delete from ops.build")
    assert not morning.close()["problems"]


def test_a_failed_check_names_file_and_agency(laid, heard):
    gate(laid, None)
    given = morning.close()
    assert "nacc-2568.csv: อบต.หนึ่ง (A1)" in given["reason_th"]
    (problem,) = given["problems"]
    assert (problem["file"], problem["agency"]) == ("nacc-2568.csv", "อบต.หนึ่ง (A1)")
    checks = page_of(laid.home).xpath("//h2[@id='checks']/following::table[1]")[0]
    assert "nacc-2568.csv: อบต.หนึ่ง (A1)" in checks.text_content()


def test_one_alert_a_problem_until_the_next_success(laid, heard):
    step_failed(laid, None)
    for _ in range(3):
        morning.close()
    step_failed(laid, None)  # the next night fails the same way
    morning.close()
    assert len(heard.mails) == len(heard.posted()) == 1
    published(laid, None)
    for _ in range(2):
        given = morning.close()
    assert given["exit_code"] == 0 and not given["problems"]
    assert [post["event"] for post in heard.posted()] == ["problem", "over"]
    assert len(heard.mails) == 2
    step_failed(laid, None, timedelta(seconds=9))  # and again, later: another problem
    morning.close()
    assert [post["event"] for post in heard.posted()] == ["problem", "over", "problem"]


def test_a_way_that_fails_is_told_and_gets_it_later(laid, heard, monkeypatch):
    step_failed(laid, None)
    with monkeypatch.context() as patch:
        patch.setenv("ITA_SMTP_PORT", "1")
        morning.close()
        assert not heard.mails and len(heard.posted()) == 1
        assert "an alert could not be sent: mail" in " ".join(status._verdict_lines())
    assert morning.tick() is None  # nothing is new, but one way has not got it
    assert len(heard.mails) == 1 and len(heard.posted()) == 1


def test_what_could_not_be_read_makes_the_exit_code_1_and_an_alert(laid, heard):
    published(laid, None)
    laid.warehouse.execute(
        "insert into ops.trouble values ('landing/a.csv', 'landing', true, 'เปิดไม่ได้', 'closed')"
    )
    given = morning.close()
    assert (given["state"], given["exit_code"]) == ("published", 1)
    assert [one["file"] for one in heard.posted()[0]["problems"]] == ["landing/a.csv"]
    laid.warehouse.execute("delete from ops.trouble")
    assert morning.close()["exit_code"] == 0
    assert [post["event"] for post in heard.posted()] == ["problem", "over"]


def test_the_watch_says_a_run_once_and_again_when_something_is_new(laid, heard):
    published(laid, None)
    assert morning.tick()["state"] == "published"
    assert morning.tick() is None
    beats = heard.calls.count(("/beat", None))
    laid.run(ago=timedelta(minutes=2))
    assert morning.tick()["run_id"] == "run-2"
    assert heard.calls.count(("/beat", None)) == beats + 1
    assert [run["run_id"] for run in nights.history(9)] == ["run-2", "run-1"]


def test_while_a_run_goes_on_the_verdict_before_stands(laid):
    published(laid, None)
    morning.close()
    laid.run("running", "build", ago=timedelta(seconds=1), by="timetable")
    given = morning.close()
    assert (given["state"], given["run_id"]) == ("published", "run-1") and given["going_since"]


def test_the_morning_after_a_dead_machine(laid, heard):
    """It comes back after the deadline: the night was missed, until the late run has ended well."""
    never_started(laid, None)
    assert morning.tick()["cause"] == "not_started"
    laid.run("running", "build", ago=timedelta(seconds=1), by="timetable")
    beats = heard.calls.count(("/beat", None))
    given = morning.tick()
    assert given["cause"] == "not_started" and given["going_since"]
    assert heard.calls.count(("/beat", None)) == beats
    laid.airflow.execute("update dag_run set state = 'success', end_date = now()")
    laid.publication("b3", ago=timedelta(0))
    assert morning.tick()["cause"] == "published"
    assert [post["event"] for post in heard.posted()] == ["problem", "over"]


def test_a_silent_database_changes_no_verdict_that_is_given(laid, heard, monkeypatch):
    """The night was published; that nobody can read it now is a problem beside it, then over."""
    published(laid, None)
    begin = schedule.begin_of_night(schedule.last_deadline(datetime.now(UTC)))
    assert morning.close()["began_at"] >= begin.astimezone(UTC).isoformat()
    with monkeypatch.context() as patch:
        database_down(laid, patch)
        given = morning.tick()
        assert (given["state"], given["exit_code"]) == ("published", 1)
        assert morning.tick() is None
        assert "database does not answer" in " ".join(status._verdict_lines())
    assert "ไม่ตอบ" in page_of(laid.home).get_element_by_id("verdict").text_content()
    assert morning.tick()["exit_code"] == 0
    assert [post["event"] for post in heard.posted()] == ["problem", "over"]


def test_a_killed_run_is_over_when_the_next_has_ended_not_when_it_begins(laid, heard):
    published(laid, None)
    morning.close()
    laid.run("running", "load", ago=timedelta(seconds=20))
    assert morning.tick()["cause"] == "killed"
    laid.run("running", "receive", ago=timedelta(seconds=2))
    with connect.lock("refresh"):
        assert morning.tick()["cause"] == "killed"
    assert [post["event"] for post in heard.posted()] == ["problem"]
    laid.airflow.execute("update dag_run set state = 'success', end_date = now()")
    assert morning.tick()["state"] == "nothing_new"
    assert [post["event"] for post in heard.posted()] == ["problem", "over"]


def test_the_watch_ends_what_a_kill_left_open_and_never_a_run_at_work(laid, heard):
    """A scheduler begins no night while one is open; the verdict on it stays the same."""
    published(laid, None)
    morning.close()
    laid.run("running", "load", ago=timedelta(seconds=20))
    open_runs = "select run_id from dag_run where end_date is null or state = 'running'"
    with connect.lock("refresh"):
        assert morning.tick()["state"] == "published"
        assert laid.airflow.execute(open_runs).fetchall() == [("run-2",)]
    given = morning.tick()
    assert (given["cause"], given["run_id"]) == ("killed", "run-2") and "load" in given["reason_en"]
    assert laid.airflow.execute(open_runs).fetchall() == []
    assert morning.tick() is None and kept.latest()["cause"] == "killed"
    assert [post["event"] for post in heard.posted()] == ["problem"]


def test_a_run_of_the_scheduler_is_the_schedulers_to_end(laid):
    laid.run("running", "load", by="timetable")
    morning.tick()
    assert laid.airflow.execute("select state from dag_run").fetchall() == [("running",)]


def test_what_was_published_before_a_kill_stands(laid):
    laid.run("running", "packs")
    laid.publication("b2")
    given = morning.close()
    assert (given["state"], given["exit_code"]) == ("published", 1)
    assert [problem["key"] for problem in given["problems"]] == ["step:packs"]


def test_a_disk_that_is_nearly_full_is_told_where_the_night_was_good(laid, heard, monkeypatch):
    """Its archive takes nothing in: tomorrow's files would stay outside without a word."""
    published(laid, None)
    nearly = shutil.disk_usage(laid.home)._replace(free=4 * 10**8)
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "disk_usage", lambda _: nearly)
        given = morning.close()
        assert (given["state"], given["exit_code"]) == ("published", 1)
        assert [problem["kind"] for problem in given["problems"]] == ["disk"]
        assert morning.tick() is None
    assert morning.tick()["exit_code"] == 0
    assert [post["event"] for post in heard.posted()] == ["problem", "over"]


def test_a_clock_that_ran_ahead_hides_no_night(laid):
    """A night of three days ahead; the clock is set right, and then no night starts."""
    ahead = timedelta(days=-3)
    laid.publication("b1", ago=ahead)
    laid.run(ago=ahead)
    morning.close()
    assert kept.latest()["cause"] == "not_started"
    laid.run(ago=timedelta())
    assert morning.tick()["cause"] == "nothing_new"
    (laid.home / "nights" / "since.json").write_text('{"since": "2999-01-01T00:00:00+00:00"}')
    now = datetime.now(UTC)
    assert kept.since(now) == kept.since(now + timedelta(days=1)) == now


@pytest.fixture
def three_days_ahead(monkeypatch):
    """Sets the clock by which verdicts are given; the block ends with the right one."""

    class Ahead(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime.now(tz) + timedelta(days=3)

    @contextmanager
    def ahead():
        with monkeypatch.context() as patch:
            for module in (morning, status):
                patch.setattr(module, "datetime", Ahead)
            yield

    return ahead


def test_a_verdict_of_a_clock_that_ran_ahead_hides_no_night_that_did_not_start(
    laid, three_days_ahead
):
    with three_days_ahead():
        laid.run(ago=timedelta(days=-3))
        laid.publication("b1", ago=timedelta(days=-3))
        assert morning.close()["cause"] == "published"
    given = morning.tick()
    assert (given["cause"], given["last_good"]) == ("not_started", "")


def test_a_night_in_which_the_clock_is_set_back_is_told_as_it_went(laid):
    """It began at 02:00 and ended at 22:10 of the day before: four hours were taken back."""
    back = timedelta(hours=4)
    failed = laid.run("failed", at="build", ago=timedelta(minutes=5) - back, set_back=back)
    laid.failure(failed, "build", "bad input: items.csv: ...", 2)
    assert morning.close()["cause"] == "input"
    good = laid.run(ago=timedelta(minutes=4) - back, set_back=back)
    laid.publication("b1", run_id=good, ago=timedelta(minutes=6))
    assert morning.close()["cause"] == "published"
    assert kept.latest()["run_id"] == good


def test_a_refresh_that_could_not_begin_by_a_clock_ahead_hides_no_night(laid, three_days_ahead):
    published(laid, None)
    with three_days_ahead():
        started = datetime.now(UTC) + timedelta(days=3)
        assert morning.close(started, "no such DAG")["cause"] == "no_run"
    laid.run(ago=timedelta())
    assert morning.tick()["cause"] == "nothing_new"


def test_a_stopped_warehouse_whose_verdict_is_of_a_time_to_come_is_looked_at(
    laid, three_days_ahead, monkeypatch
):
    with three_days_ahead():
        laid.run(ago=timedelta(days=-3))
        morning.close()
    monkeypatch.delenv("ITA_WAREHOUSE_DSN")
    assert "does not run" in " ".join(status._verdict_lines())


def test_a_part_of_the_warehouse_that_is_gone_is_no_new_warehouse(laid, monkeypatch):
    monkeypatch.setattr(morning, "EVERY", 0)  # it does not come back within the minute
    since = durable.to_json({"since": datetime.now(UTC).isoformat()})
    (laid.home / "nights" / "since.json").write_text(since)
    published(laid, None)
    laid.warehouse.execute("alter table ops.trouble rename to was_trouble")
    done = CliRunner().invoke(cli.main, ["deadline"])
    assert done.exit_code == 1 and kept.latest()["cause"] == "database"
    assert 'relation "ops.trouble" does not exist' in done.output
    done = CliRunner().invoke(cli.main, ["receive", "--nightly"])
    assert done.exit_code == 1 and "somebody changed the schemas" in done.output


def test_a_new_warehouse_missed_no_night(laid):
    (laid.home / "nights" / "since.json").unlink()
    assert morning.close()["cause"] == "nothing_yet"


def test_a_refresh_that_made_no_run_is_no_good_night(laid):
    published(laid, None)
    given = morning.close(datetime.now(UTC), "Airflow said: no such DAG")
    assert (given["cause"], given["exit_code"]) == ("no_run", 1)
    assert "no such DAG" in given["reason_en"]
    assert morning.tick() is None and kept.latest()["cause"] == "no_run"
    assert "no such DAG" in " ".join(status._verdict_lines())
    laid.run(ago=timedelta())
    assert morning.tick()["cause"] == "nothing_new"


def test_the_last_good_night_and_the_next_deadline_are_told(laid):
    published(laid, None)
    good = morning.close()["last_good"]
    step_failed(laid, None, timedelta(seconds=9))
    given = morning.close()
    assert given["last_good"] == good
    due = datetime.fromisoformat(given["next_by"]).astimezone(BANGKOK)
    assert (due.hour, due.minute) == (5, 0) and due > datetime.now(UTC)


def test_the_night_begins_when_the_dag_says():
    dag = (durable.Path(cli.__file__).parents[1] / "dags" / "nightly_refresh.py").read_text()
    begin = schedule.NIGHT_BEGINS
    assert f'schedule="{begin.minute} {begin.hour} * * *"' in dag


def test_trouble_with_mail_is_told_and_makes_no_night_a_bad_one(laid, heard):
    published(laid, None)
    laid.warehouse.execute(
        "insert into ops.delivery_run (night, began_at, ended_at, cause, said_th, said_en)"
        " values (current_date, now(), now(), 'unreachable', 'ส่งไม่ได้', 'it does not take it')"
    )
    laid.warehouse.execute(
        "insert into ops.delivery (message_key, kind, recipient, name_th, province_code, night,"
        " run_no, meant_at, address_hash) values (repeat('0', 32), 'agency', 'A1', 'อบต.หนึ่ง', '24',"
        " current_date, 1, now(), 'h')"
    )
    given = morning.close()
    assert (given["state"], given["exit_code"]) == ("published", 0)
    keys = {problem["key"] for problem in given["problems"]}
    assert keys == {"delivery:unreachable", "delivery:between"}
    (post,) = heard.posted()
    assert "it does not take it" in post["text"] and "ita deliver --list" in post["text"]
    assert "it does not take it" in page_of(laid.home).text_content()
    assert "it does not take it" in " ".join(status.lines())


def test_an_error_of_many_lines_is_said_whole():
    """dbt's ends with a caret below the place: "Step build failed: ^" told nobody anything."""
    last_words = runpy.run_path(str(settings.REPOSITORY / "dags" / "steps.py"))["_last_words"]
    said = ""
    for line in (
        "built: 3",
        "ita: dbt build failed: no column region_th",
        "LINE 14: p.region_th",
        "^",
    ):
        said = last_words(said, line)
    assert said == "ita: dbt build failed: no column region_th LINE 14: p.region_th ^"
    assert last_words(said, "ita: and another") == "ita: and another"
    assert last_words("received: 3", "") == "received: 3"
