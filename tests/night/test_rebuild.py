"""`ita rebuild`: an ITA_HOME with nothing but the archive becomes the same marts and receipts."""

import shutil

import pytest

from tests.night.conftest import OF_THE_NIGHTS


def of(night) -> tuple[dict, dict]:
    """The rows of every view of mart but what tells of nights, as text, and the receipts."""
    with night.connect() as connection:
        views = connection.execute(
            "select table_name from information_schema.views where table_schema = 'mart' order by 1"
        ).fetchall()
        marts = {
            view: sorted(map(str, connection.execute(f"select * from mart.{view}").fetchall()))
            for (view,) in views
            if view not in OF_THE_NIGHTS
        }
    receipts = {
        file.name: file.read_bytes()
        for file in (night.home / "receipts").iterdir()
        if file.suffix in (".json", ".md", ".xlsx")
    }
    return marts, receipts


@pytest.mark.slow_group
def test_the_archive_alone_makes_the_same_marts_and_receipts(night, empty_night):
    wanted = of(night)
    assert len(wanted[0]) > 30 and len(wanted[1]) >= 16
    shutil.copytree(night.home / "archive", empty_night.home / "archive")
    done = empty_night.ita("rebuild")
    assert done.returncode == 0, done.stdout + done.stderr
    assert of(empty_night) == wanted
