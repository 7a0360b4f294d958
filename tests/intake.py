"""Fixtures: an ITA_HOME and a database of a test's own, in which the intake steps of nights run."""

import os
from datetime import UTC, datetime

import pytest

from ingestion import judge_landing, load, receive
from ingestion.raw_tables import TABLES
from warehouse import connect, schema, settings

DATABASE = "ita_intake"
EMPTY = (
    f"truncate {', '.join(TABLES)}, ops.withdrawal, ops.trouble, ops.registry_approval,"
    " ops.approval, ops.refusal, raw.submission restart identity cascade"
)


@pytest.fixture(scope="session")
def intake_database(warehouse):
    """A database of the intake tests' own: they empty its tables."""
    warehouse.execute(f"drop database if exists {DATABASE} with (force)")
    warehouse.execute(f"create database {DATABASE}")
    with connect.connect(dbname=DATABASE, autocommit=True) as conn:
        schema.apply(conn)
        yield conn


@pytest.fixture
def intake(intake_database, tmp_path, monkeypatch):
    """An `Intake`; its warehouse and its ITA_HOME are empty."""
    (tmp_path / "home").mkdir()
    monkeypatch.setattr(settings, "home", lambda: tmp_path / "home")
    intake_database.execute(EMPTY)
    return Intake(intake_database, tmp_path / "home")


class Intake:
    """Put files in landing, run nights, ask what came of it."""

    def __init__(self, conn, home):
        self.conn, self.home = conn, home

    def put(self, name: str, content: str | bytes):
        """Drop a file in landing, as others do."""
        file = settings.folder("landing") / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return file

    def inboxes(self, *rows: str) -> None:
        """Write inboxes.csv: rows of inbox,authority,registry,speaks_for."""
        file, lines = self.home / "inboxes.csv", [f"{row}," for row in rows]
        file.write_text("\n".join(["inbox,authority,registry,speaks_for,note", *lines]) + "\n")
        os.utime(file, ns=(len("".join(rows)), hash(rows) % 10**15))  # the table is read anew

    def night(self, at: datetime | None = None) -> str:
        """The three steps; the line of the first."""
        at = at or datetime.now(UTC)
        said = receive.run(self.conn, at)
        judge_landing.run(self.conn)
        load.run(self.conn, at)
        return said

    def one(self, columns: str, name: str) -> tuple:
        """Columns of raw.submission of the file of that name."""
        return self.conn.execute(
            f"select {columns} from raw.submission where file_name = %s", [name]
        ).fetchone()

    def states(self) -> dict[str, str]:
        return dict(self.conn.execute("select file_name, state from raw.submission").fetchall())

    def rules(self, name: str) -> list[str]:
        """The rules that the findings of a file name."""
        rows = self.conn.execute(
            "select rule from ops.finding join raw.submission using (submission_sha256)"
            " where file_name = %s order by rule",
            [name],
        )
        return [rule for (rule,) in rows]

    def troubles(self) -> dict[str, bool]:
        """Place → is it serious?"""
        return dict(self.conn.execute("select place, serious from ops.trouble").fetchall())

    def content(self) -> dict[str, list]:
        """All that intake leaves in raw and ops, but for counters of arrival."""
        queries = {table: f"select * from {table}" for table in TABLES} | {
            "raw.submission": "select submission_sha256, file_name, authority, layout, received_at,"
            " state, agencies, rows_read, rows_accepted, rows_rejected, errors, warnings, inbox,"
            " registry, speaks_for, overclaims, seen_at from raw.submission",
            "ops.withdrawal": "select * from ops.withdrawal",
            "ops.registry_approval": "select * from ops.registry_approval",
            "ops.approval": "select * from ops.approval",
            "ops.refusal": "select * from ops.refusal",
        }
        return {
            name: sorted(map(str, self.conn.execute(query).fetchall()))
            for name, query in queries.items()
        }

    def receipts(self) -> dict[str, bytes]:
        """Name → bytes of every receipt."""
        files = settings.folder("receipts").iterdir()
        return {file.name: file.read_bytes() for file in sorted(files)}

    def begin_anew(self) -> None:
        """The warehouse empty, and of ITA_HOME nothing but the archive."""
        import shutil

        self.conn.execute(EMPTY)
        for folder in self.home.iterdir():
            if folder.is_dir() and folder.name != "archive":
                shutil.rmtree(folder)
