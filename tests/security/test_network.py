"""Airflow is not an open door: loopback, logins that nobody is told, guesses that take long."""

import asyncio
import json
import stat
from pathlib import Path

import pytest

from ita import airflow


@pytest.fixture
def settings_of_airflow(ita_home, monkeypatch):
    monkeypatch.setenv(airflow.USERS, "admin:admin,nida:viewer")
    return airflow.environment()


def test_airflow_listens_on_this_machine_only(settings_of_airflow):
    assert settings_of_airflow["AIRFLOW__API__HOST"] == "127.0.0.1"
    assert settings_of_airflow["AIRFLOW__CORE__EXECUTION_API_SERVER_URL"].startswith(
        "http://127.0.0.1:"
    )


@pytest.mark.parametrize(
    "arguments", [("scheduler",), ("triggerer",), ("celery", "worker", "--concurrency", "1")]
)
def test_no_log_server_is_started(arguments):
    assert airflow.command(*arguments)[-1] == "--skip-serve-logs"
    assert "--skip-serve-logs" not in airflow.command("dags", "list")


def test_every_user_has_a_password_that_only_the_owner_can_read(settings_of_airflow):
    airflow._give_logins(settings_of_airflow)
    path = Path(settings_of_airflow[airflow.LOGINS])
    first = json.loads(path.read_text())
    assert set(first) >= {"admin", "nida"}
    assert len(set(first.values())) == len(first) and min(map(len, first.values())) >= 32
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    airflow._give_logins(settings_of_airflow)
    assert json.loads(path.read_text()) == first, "a password stays"
    path.write_bytes(b"\xff{")
    airflow._give_logins(settings_of_airflow)
    assert json.loads(path.read_text()).keys() == first.keys()


class Attempts:
    """Logins through the middleware, from addresses, with the waits that it asked for."""

    def __init__(self, monkeypatch, right: str = "right"):
        # Imported here: it brings Airflow with it, which takes seconds of every process of a run.
        from ita.airflow_plugins import slow_logins

        self.waits, self.answers = [], []
        self.right = right
        self.door = slow_logins.SlowLogins(self._app)
        monkeypatch.setattr(slow_logins.asyncio, "sleep", self._sleep)

    async def _sleep(self, seconds):
        self.waits.append(seconds)

    async def _app(self, scope, receive, send):
        status = 201 if scope["password"] == self.right else 401
        await send({"type": "http.response.start", "status": status})

    async def login(self, password, address="10.0.0.1", path="/auth/token", method="POST"):
        async def send(message):
            self.answers.append(message["status"])

        scope = {"type": "http", "method": method, "path": path, "client": (address, 1)}
        await self.door({**scope, "password": password}, None, send)


def test_guesses_take_longer_each_time(monkeypatch):
    attempts = Attempts(monkeypatch)

    async def guess():
        for _ in range(8):
            await attempts.login("wrong")
        await attempts.login("wrong", address="10.0.0.2")
        await attempts.login("wrong", path="/api/v2/dags")
        await attempts.login("right")
        await attempts.login("wrong")

    asyncio.run(guess())
    assert attempts.waits == [1, 2, 4, 8, 16, 30, 30, 30, 1, 1]
    assert attempts.answers == [401] * 10 + [201, 401]


def test_an_address_guesses_once_at_a_time(monkeypatch):
    attempts = Attempts(monkeypatch)

    async def many():
        await asyncio.gather(*(attempts.login("wrong") for _ in range(5)))

    asyncio.run(many())
    assert attempts.waits == [1, 2, 4, 8, 16], "each counts, though they came at once"
    assert len(attempts.door.clients) == 1


def test_addresses_are_forgotten(monkeypatch):
    attempts = Attempts(monkeypatch)
    monkeypatch.setattr("ita.airflow_plugins.slow_logins.FORGOTTEN_AFTER", -1.0)

    async def many():
        for number in range(50):
            await attempts.login("wrong", address=f"10.0.0.{number}")

    asyncio.run(many())
    assert len(attempts.door.clients) == 1
