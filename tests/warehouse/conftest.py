"""A home of a test's own, whose server it may stop: the run's own is everybody's."""

import shutil

import pytest

from warehouse import postgres


@pytest.fixture
def home(tmp_path, monkeypatch):
    """An ITA_HOME with no server in it yet; what is started there is stopped at the end."""
    monkeypatch.setenv("ITA_HOME", str(tmp_path))
    monkeypatch.delenv("ITA_WAREHOUSE_DSN", raising=False)
    yield tmp_path
    postgres.down()
    shutil.rmtree(
        (tmp_path / "postgres").resolve(), ignore_errors=True
    )  # as root it can lie outside (a link)
