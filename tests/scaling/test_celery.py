"""What several workers stand on.

The executor imports with the locked Celery, and the broker can be had without root and asks for a
password.

The whole night on two workers is `python -m benchmarks.scaling night`: it takes one to three
minutes, too long for every test run.
"""

import os
import subprocess
import sys
import time

import pytest

from benchmarks import scaling_services


def test_the_executor_imports_with_the_locked_celery(tmp_path):
    """The provider imports private names of Celery.

    A version that has dropped one must not come into the lock.
    """
    program = (
        "from airflow.providers.celery.executors.celery_executor import CeleryExecutor; "
        "print(CeleryExecutor.__name__)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={
            **os.environ,
            "AIRFLOW_HOME": str(tmp_path),
            "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{tmp_path}/airflow.db",
        },
        capture_output=True,
        text=True,
    )
    assert done.stdout.strip().endswith("CeleryExecutor"), done.stderr[-2000:]


def test_the_broker_runs_without_root_and_asks_for_a_password(tmp_path):
    import redis

    program, libraries = scaling_services.broker(tmp_path)
    port = scaling_services.free_port()
    configuration = scaling_services.broker_configuration(tmp_path, port, "a word")
    server = subprocess.Popen(
        [program, configuration],
        env={**os.environ, "LD_LIBRARY_PATH": libraries},
        stdout=subprocess.DEVNULL,
    )
    try:
        known = redis.Redis("127.0.0.1", port, password="a word")
        assert _answers(known)
        with pytest.raises(redis.AuthenticationError):
            redis.Redis("127.0.0.1", port).ping()
        assert known.config_get("bind")["bind"] == "127.0.0.1"
        assert configuration.stat().st_mode & 0o077 == 0
    finally:
        server.kill()
        server.wait()


def _answers(client) -> bool:
    import redis

    for _ in range(50):
        try:
            return client.ping()
        except redis.ConnectionError:
            time.sleep(0.1)
    return False
