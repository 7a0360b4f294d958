"""What is thrown away, what never is; metrics and the log for programs; mail."""

import errno
import hashlib
import json
import os
from datetime import UTC, datetime, timedelta
from unittest.mock import Mock

import psycopg
import pytest
from click.testing import CliRunner
from prometheus_client.parser import text_string_to_metric_families

from ita import cli, morning
from operations import alerts, metrics, retention
from tests.operations.test_verdict import published
from warehouse import events, mail, settings
from warehouse.errors import BadInput, Fault

NOW = datetime.now(UTC)
OLD, NEW = (NOW - timedelta(days=days) for days in (500, 1))
LOADED, WAITS = "a" * 64, "b" * 64
# path → is it thrown away where it is old?
FILES = {
    "airflow/refresh-20250101T000000Z.log": True,
    "airflow/logs/dag_id=nightly_refresh/run_id=r/task_id=build/attempt=1.log": True,
    "logs/2025-01-01.jsonl": True,
    "counter/outbox/0123456789abcdef.eml": True,
    "nights/run-20250101T000000Z-scheduled.json": True,
    "nights/verdict.json": False,
    "nights/alerts.json": False,
    "documents/checks/candidate-b1.json": True,
    "documents/checks/candidate-b2.json": False,  # the last one
    f"judged/{LOADED}/raw.score.csv": True,
    f"judged/{LOADED}/receipt.json": False,
    f"judged/{WAITS}/raw.score.csv": False,  # not loaded yet
    f"receipts/{LOADED}.json": False,
    f"receipts/.{LOADED}.json.host.77": True,  # of a killed run
    f"archive/aa/{LOADED}": False,
    "archive/records/2025.jsonl": False,
    "packs/2568/24/A1/pack.pdf": False,
    "secrets/owner": False,
}


def lay(home, at) -> None:
    for number, name in enumerate(FILES):
        path = home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
        os.utime(path, (at.timestamp() + number, at.timestamp() + number))


def there(home) -> set[str]:
    return {name for name in FILES if (home / name).exists()}


@pytest.fixture
def loaded(laid):
    laid.warehouse.execute(
        "insert into raw.submission (submission_sha256, file_name, authority, received_at, seen_at,"
        " state) values (%s, 'a', 'nacc', %s, %s, 'accepted'),"
        " (%s, 'b', 'nacc', %s, %s, 'received')",
        [LOADED, OLD, OLD, WAITS, OLD, OLD],
    )
    return laid


def test_what_is_old_goes_and_the_archive_never(loaded):
    lay(loaded.home, OLD)
    archived = hashlib.sha256((loaded.home / "archive" / "aa" / LOADED).read_bytes()).digest()
    retention.run(loaded.warehouse, NOW)
    assert there(loaded.home) == {name for name, goes in FILES.items() if not goes}
    assert (
        hashlib.sha256((loaded.home / "archive" / "aa" / LOADED).read_bytes()).digest() == archived
    )
    assert retention.run(loaded.warehouse, NOW) == ["thrown away: nothing"]


def test_what_is_new_stays_and_settings_move_the_bound(loaded, monkeypatch):
    lay(loaded.home, NOW - timedelta(hours=30))
    retention.run(loaded.warehouse, NOW)
    assert there(loaded.home) == set(FILES)
    monkeypatch.setenv("ITA_KEEP_LOGS_DAYS", "1")
    retention.run(loaded.warehouse, NOW)
    gone = set(FILES) - there(loaded.home)
    assert gone == {name for name in FILES if name.startswith(("airflow/", "logs/", "counter/"))}


def test_a_setting_that_is_none_throws_nothing_away(loaded, monkeypatch):
    lay(loaded.home, OLD)
    monkeypatch.setenv("ITA_KEEP_LOGS_DAYS", "0")
    with pytest.raises(BadInput, match="ITA_KEEP_LOGS_DAYS"):
        retention.run(loaded.warehouse, NOW)
    assert there(loaded.home) == set(FILES)


def test_rows_of_ops_go_but_those_that_the_page_shows(laid):
    for build, at in (("b1", OLD), ("b2", OLD + timedelta(days=1))):
        laid.warehouse.execute(
            "insert into ops.check_result (build_id, gate, check_name, severity, success,"
            " message_th, message_en, checked_at) values (%s, 'candidate', 'c', 'critical', true,"
            " '', '', %s)",
            [build, at],
        )
    for at in (OLD, NEW):
        laid.warehouse.execute(
            "insert into ops.failure (failed_at, dag_id, run_id, task_id, try_number, message)"
            " values (%s, 'd', 'r', 't', 1, '')",
            [at],
        )
    assert retention.run(laid.warehouse, NOW) == ["thrown away: rows of ops: 2"]
    builds = laid.warehouse.execute("select build_id from ops.check_result").fetchall()
    assert builds == [("b2",)]


def test_a_log_that_others_append_to_is_cut_in_its_place(laid, monkeypatch):
    monkeypatch.setenv("ITA_KEEP_LOG_MB", "1")
    log = laid.home / "airflow" / "scheduler.log"
    log.parent.mkdir()
    with log.open("ab", buffering=0) as held:
        held.write(b"x" * (1024 * 1024 + 1))
        retention.run(laid.warehouse, NOW)
        held.write(b"after\n")
    assert log.read_bytes() == b"after\n"
    assert (log.parent / "scheduler.log.1").stat().st_size == 1024 * 1024 + 1


def test_metrics_say_age_steps_rows_rejected_files_disk_and_packs(laid):
    published(laid, None)
    laid.warehouse.execute(
        "insert into raw.submission (submission_sha256, file_name, authority, received_at, state)"
        " values (%s, 'a', 'nacc', now(), 'rejected')",
        [LOADED],
    )
    laid.warehouse.execute(
        "insert into ops.failure (failed_at, dag_id, run_id, task_id, try_number, message)"
        " values (now(), 'packs', 'b2', 'packs', 1, '2568/24/A1: no font')"
    )
    known, given = morning.look()
    text = metrics.text(known, given)
    assert all(family.documentation for family in text_string_to_metric_families(text))
    lines = dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    assert 60 <= float(lines["ita_publication_age_seconds"]) < 120
    assert float(lines['ita_step_duration_seconds{step="receive"}']) > 0
    assert lines['ita_mart_rows{view="agency"}'] == "3.0"
    assert lines['ita_files{state="rejected"}'] == "1.0"
    assert lines["ita_packs_failed"] == "1.0"
    assert float(lines["ita_disk_free_bytes"]) > 0
    assert "A1" in given["problems"][0]["agency"]


@pytest.mark.parametrize(
    ("number", "do"),
    [
        (errno.EROFS, "can only be read"),
        (errno.ENOSPC, "disk-full.md"),
        (errno.EACCES, "user"),
        ("could not extend file receipts/a.json: No space left on device", "disk-full.md"),
    ],
)
def test_what_is_of_the_disk_is_not_called_a_fault_of_ours(laid, monkeypatch, number, do):
    def write(*_, **__):
        if isinstance(number, str):
            raise psycopg.errors.DiskFull(number)
        raise OSError(number, os.strerror(number), "receipts/a.json")

    monkeypatch.setattr(retention, "run", write)
    done = CliRunner().invoke(cli.main, ["tidy"])
    assert done.exit_code == 1 and "receipts/a.json" in done.output
    assert do in done.output and "fault of ours" not in done.output


def test_a_server_that_ends_or_bounds_us_is_not_called_a_fault_of_ours(laid, monkeypatch):
    for error, do in (
        (psycopg.OperationalError("server closed the connection unexpectedly"), "run it again"),
        (psycopg.errors.QueryCanceled("due to statement timeout"), "Settings of yours"),
        (psycopg.errors.ReadOnlySqlTransaction("cannot execute INSERT"), "Settings of yours"),
    ):
        monkeypatch.setattr(retention, "run", Mock(side_effect=error))
        done = CliRunner().invoke(cli.main, ["tidy"])
        assert done.exit_code == 1 and do in done.output
        assert "fault of ours" not in done.output


def test_the_log_for_programs_has_no_words_of_errors(laid):
    done = CliRunner().invoke(cli.main, ["withdraw", "0" * 64, "--reason", "นายสมชาย ใจดี ส่งผิด"])
    assert done.exit_code == 2
    (log,) = (laid.home / "logs").iterdir()
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert [(line["step"], line["event"]) for line in lines] == [
        ("withdraw", "began"),
        ("withdraw", "ended"),
    ]
    assert lines[1]["exit_code"] == 2 and "สมชาย" not in log.read_text()


def test_an_event_says_run_step_file_and_agency(laid, monkeypatch):
    monkeypatch.setenv(events.RUN, "manual__1")
    events.write("file", [{"file": LOADED, "agency": "A1"}, {"file": WAITS}], step="load")
    (log,) = (laid.home / "logs").iterdir()
    first, second = (json.loads(line) for line in log.read_text().splitlines())
    assert (first["run"], first["step"], first["file"], first["agency"]) == (
        *("manual__1", "load", LOADED, "A1"),
    )
    assert second["file"] == WAITS


def test_mail_is_not_sent_to_a_server_that_is_not_who_it_says(heard, monkeypatch):
    monkeypatch.delenv("ITA_SMTP_CA")  # the machine does not know who signed the certificate
    with pytest.raises(Fault, match="certificate"), mail.session(mail.server()) as send:
        send(mail.compose(["a@example.go.th"], "s", "t"))
    assert not heard.mails


def test_a_wrong_password_is_told_and_not_said(heard, monkeypatch, tmp_path):
    wrong = tmp_path / "wrong"
    wrong.write_text("another-word")
    monkeypatch.setenv("ITA_SMTP_PASSWORD_FILE", str(wrong))
    with pytest.raises(Fault, match="login was refused") as told, mail.session(mail.server()):
        pass
    assert "another-word" not in str(told.value) + repr(mail.server())


def test_mail_in_the_clear_leaves_no_machine(heard, monkeypatch):
    monkeypatch.setenv("ITA_SMTP_TLS", "none")
    monkeypatch.setenv("ITA_SMTP_HOST", "mail.example.go.th")
    with pytest.raises(BadInput, match="ITA_SMTP_TLS"):
        mail.server()


def test_a_subject_is_one_line_and_thai_comes_through(heard):
    message = mail.compose(
        ["a@example.go.th"], "ผล\r\nBcc: b@example.com", "ข้อความ", "<p>ข้อความ</p>"
    )
    with mail.session(mail.server()) as send:
        send(message)
    ((_, got),) = heard.mails
    assert got["Subject"] == "ผล Bcc: b@example.com" and got["Bcc"] is None
    assert got.get_body(("plain",)).get_content().strip() == "ข้อความ"
    assert "ข้อความ" in got.get_body(("html",)).get_content()


def test_a_setting_comes_from_the_variable_a_file_or_settings_env(monkeypatch, tmp_path):
    monkeypatch.setenv("ITA_HOME", str(tmp_path))
    assert settings.option("ITA_X", "default") == "default"
    (tmp_path / "settings.env").write_text("# ours\nITA_X=from settings.env\n")
    assert settings.option("ITA_X") == "from settings.env"
    (tmp_path / "x").write_text("from a file\n")
    monkeypatch.setenv("ITA_X_FILE", str(tmp_path / "x"))
    assert settings.option("ITA_X") == "from a file"
    monkeypatch.setenv("ITA_X", "from the variable")
    assert settings.option("ITA_X") == "from the variable"
    monkeypatch.setenv("ITA_Y_FILE", str(tmp_path / "not there"))
    with pytest.raises(BadInput, match="ITA_Y_FILE"):
        settings.option("ITA_Y")


def test_settings_of_an_editor_that_writes_a_mark_first_are_read(tmp_path, monkeypatch):
    monkeypatch.setenv("ITA_HOME", str(tmp_path))
    (tmp_path / "settings.env").write_text("ITA_X=first\n", encoding="utf-8-sig")
    assert settings.option("ITA_X") == "first"


@pytest.mark.parametrize("harm", ["folder", "link", "no text"])
def test_settings_that_cannot_be_read_are_never_taken_for_none(tmp_path, monkeypatch, harm):
    monkeypatch.setenv("ITA_HOME", str(tmp_path))
    file = tmp_path / "settings.env"
    if harm == "folder":
        file.mkdir()
    elif harm == "link":
        file.symlink_to("/nowhere/at/all")
    else:
        file.write_bytes(b"ITA_X=\xff\xfe")
    with pytest.raises(BadInput, match=r"settings\.env"):
        settings.option("ITA_X")


@pytest.mark.parametrize(
    "address", ["http://[::1", "http://127.0.0.1:port/", "http://ไทย/", "http://a b/", "ftp://a/"]
)
def test_an_address_that_is_none_is_told_and_not_said(laid, monkeypatch, address):
    monkeypatch.setenv("ITA_ALERT_WEBHOOK", address)
    monkeypatch.setenv("ITA_HEARTBEAT", address)
    with pytest.raises(BadInput, match="is no address"):
        alerts.try_out()
    laid.run()
    done = CliRunner().invoke(cli.main, ["deadline"])
    assert done.exit_code == 0 and "heartbeat: ITA_ALERT_WEBHOOK or ITA_HEARTBEAT" in done.output
    assert address not in done.output


def test_every_cause_has_its_section_in_the_runbook():
    import csv

    text = (settings.REPOSITORY / "docs" / "operations" / "alerts.md").read_text("utf-8")
    with (settings.REPOSITORY / "operations" / "sentences.csv").open(encoding="utf-8") as file:
        causes = [row["cause"] for row in csv.DictReader(file)]
    assert causes and not [cause for cause in causes if f"\n### {cause}\n" not in text]
