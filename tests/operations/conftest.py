"""A warehouse of its own with a small metadata database beside it, in which a test lays down how a
night went; and those who hear of it: a mail server with TLS and a web server, both real.
"""

import json
import ssl
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import psycopg
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from psycopg.conninfo import make_conninfo
from psycopg.types.json import Jsonb

from tests.mail_server import free_port
from warehouse import connect, durable

METADATA = """
create table dag_run (dag_id text, run_id text, state text, run_type text, triggered_by text,
    start_date timestamptz, end_date timestamptz, updated_at timestamptz default now());
create table task_instance (dag_id text, run_id text, task_id text, state text,
    start_date timestamptz, end_date timestamptz)"""
STEPS = ("receive", "check", "load", "build", "audit", "publish", "packs", "documents", "tidy")
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


class Laid:
    """How a night went, laid down in the warehouse and in Airflow's metadata."""

    def __init__(self, warehouse: psycopg.Connection, airflow: psycopg.Connection, home):
        self.warehouse, self.airflow, self.home = warehouse, airflow, home
        self.runs = 0

    def run(
        self,
        state="success",
        at="",
        ago=timedelta(minutes=5),
        by="TEST",
        set_back=timedelta(),
    ) -> str:
        """A run that began `ago`; `at`: the step that failed, or at which it still is; `set_back`:
        by how much the clock was in the middle of it."""
        self.runs += 1
        run_id, began = f"run-{self.runs}", datetime.now(UTC) - ago
        self.began = began
        ended = None if state == "running" else max(datetime.now(UTC), began) - set_back
        self.airflow.execute(
            "insert into dag_run values ('nightly_refresh', %s, %s, 'manual', %s, %s, %s)",
            [run_id, state, by, began, ended],
        )
        before = STEPS.index(at) if at else len(STEPS)
        for number, step in enumerate(STEPS):
            own = "success" if number < before else "failed" if number == before else "removed"
            if state == "running" and number >= before:
                own = "running" if number == before else None
            over = datetime.now(UTC) if own in ("success", "failed") else None
            self.airflow.execute(
                "insert into task_instance values ('nightly_refresh', %s, %s, %s, %s, %s)",
                [run_id, step, own, began + timedelta(seconds=number), over],
            )
        return run_id

    def publication(self, build="b1", ago=timedelta(minutes=1), run_id="") -> None:
        self.warehouse.execute(
            "insert into ops.publication (build_id, published_at, inputs_sha256, inputs, counts,"
            " git_revision, run_id) values (%s, %s, 'x', '{}', '{\"agency\": 3}', 'r', %s)",
            [build, datetime.now(UTC) - ago, run_id],
        )

    def candidate(self, state, build="b2", held_for=None) -> None:
        self.warehouse.execute(
            "insert into ops.build (schema_name, build_id, inputs_sha256, inputs, state, held_for,"
            " built_at) values ('candidate', %s, 'y', '{}', %s, %s, now())",
            [build, state, held_for],
        )

    def failure(self, run_id, step, message, code) -> None:
        self.warehouse.execute(
            "insert into ops.failure (failed_at, dag_id, run_id, task_id, try_number, exit_code,"
            " message) values (now(), 'nightly_refresh', %s, %s, 1, %s, %s)",
            [run_id, step, code, message],
        )

    def failed_check(self) -> None:
        self.warehouse.execute(
            "insert into ops.check_result (build_id, gate, check_name, severity, success,"
            " unexpected_count, message_th, message_en, checked_at, named)"
            " values ('b2', 'candidate', 'ranks', 'critical', false, 1, 'อันดับไม่ตรง',"
            " 'a rank differs', now(), %s)",
            [Jsonb([{"file": "nacc-2568.csv", "agency": "อบต.หนึ่ง (A1)"}])],
        )


@pytest.fixture
def laid(template, tmp_path, monkeypatch):
    """A warehouse that has been looked after for long, where nothing has happened yet."""
    owners = connect.dsn()
    with psycopg.connect(owners, autocommit=True) as owner:
        for name, copied in (("nights", template), ("nights_airflow", "template1")):
            owner.execute(f"drop database if exists {name} with (force)")
            owner.execute(f"create database {name} template {copied}")
        monkeypatch.setenv("ITA_WAREHOUSE_DSN", make_conninfo(owners, dbname="nights"))
        monkeypatch.setenv("ITA_HOME", str(tmp_path))
        (tmp_path / "nights").mkdir()
        since = durable.to_json({"since": LONG_AGO.isoformat()})
        (tmp_path / "nights" / "since.json").write_text(since)
        with (
            connect.connect(autocommit=True) as warehouse,
            psycopg.connect(owners, dbname="nights_airflow", autocommit=True) as airflow,
        ):
            airflow.execute(METADATA)
            yield Laid(warehouse, airflow, tmp_path)
        for name in ("nights", "nights_airflow"):
            owner.execute(f"drop database {name} with (force)")


class Heard:
    """What came by mail (parsed messages) and by HTTP (path and JSON)."""

    def __init__(self):
        self.mails, self.calls = [], []

    async def handle_DATA(self, server, session, envelope):
        import email
        import email.policy

        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.mails.append((session.ssl is not None, message))
        return "250 OK"

    def posted(self) -> list[dict]:
        return [content for path, content in self.calls if path == "/alert"]


@pytest.fixture
def heard(certificate, tmp_path, monkeypatch):
    """Both servers, set as an operator would set them; mail by STARTTLS with a login."""
    heard = Heard()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)

    def knows(server, session, envelope, mechanism, login):
        right = (login.login, login.password) == (b"ita", b"mail-word")
        return AuthResult(success=right, handled=False)  # the server answers

    mail = Controller(
        heard,
        hostname="127.0.0.1",
        port=free_port(),
        tls_context=context,
        require_starttls=True,
        authenticator=knows,
        auth_required=True,
    )
    mail.start()
    web = ThreadingHTTPServer(("127.0.0.1", 0), _handler(heard))
    threading.Thread(target=web.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{web.server_port}"
    password = tmp_path / "mail-password"
    password.write_text("mail-word\n")
    settings = {
        "ITA_SMTP_HOST": "127.0.0.1",
        "ITA_SMTP_PORT": str(mail.port),
        "ITA_SMTP_USER": "ita",
        "ITA_SMTP_PASSWORD_FILE": str(password),
        "ITA_SMTP_CA": str(certificate[0]),
        "ITA_MAIL_FROM": "ita@nacc.example.go.th",
        "ITA_ALERT_MAIL": "operator@nacc.example.go.th",
        "ITA_ALERT_WEBHOOK": f"{address}/alert",
        "ITA_HEARTBEAT": f"{address}/beat",
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    yield heard
    mail.stop()
    web.shutdown()
    web.server_close()


def _handler(heard: Heard):
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            heard.calls.append((self.path, None))
            self._answer()

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            heard.calls.append((self.path, json.loads(body)))
            self._answer()

        def _answer(self):
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_):
            pass

    return Handler
