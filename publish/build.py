"""Build the candidate: dbt writes every model into the schema that `mart` does not show."""

import hashlib
import json
import os
import shutil
from datetime import datetime
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

from warehouse import connect, settings
from warehouse.errors import Fault

SCHEMAS = ("build_a", "build_b")
MODEL_FOLDERS = ("models", "macros", "seeds")


def run(connection: psycopg.Connection, at: datetime) -> str | None:
    """Build a candidate if its inputs differ from the published build's; give its build id, None when there is nothing new.

    The same inputs give the same build id. A candidate that was finished before a kill is kept. Raises Fault when dbt fails.
    """
    inputs = current_inputs(connection)
    inputs_sha256 = fingerprint(inputs)
    published = latest_publication(connection)
    if published and published["inputs_sha256"] == inputs_sha256:
        connection.execute("update ops.candidate set state = 'retired' where schema_name <> %s", [published["schema_name"]])
        return None
    schema_name = idle_schema(published)
    build_id = f"b{inputs_sha256[:12]}"
    finished = connection.execute(
        "select 1 from ops.candidate where schema_name = %s and inputs_sha256 = %s and state in ('built', 'audited')", [schema_name, inputs_sha256])
    if finished.fetchone():
        return build_id
    _record(connection, schema_name, build_id, inputs_sha256, inputs, "building", at)
    connection.execute(sql.SQL("drop schema if exists {0} cascade; create schema {0}").format(sql.Identifier(schema_name)))
    # freshly loaded tables have no statistics yet, and the first models would be planned blind
    connection.execute("analyze raw.submission, raw.unit, raw.score, raw.remark, raw.measure, raw.progress, raw.constraint_note, raw.agency")
    _dbt(schema_name)
    _record(connection, schema_name, build_id, inputs_sha256, inputs, "built", at)
    return build_id


def current_inputs(connection: psycopg.Connection) -> dict:
    """All that decides the marts: the submissions that count in order of arrival, the withdrawals by their absence, reference data and models."""
    submissions = connection.execute("""
        select submission_sha256 from raw.submission
        where state in ('accepted', 'accepted_with_warnings') order by received_seq""").fetchall()
    return {"submissions": [row[0] for row in submissions],
            "project_sha256": hashlib.sha256((settings.DBT_PROJECT / "dbt_project.yml").read_bytes()).hexdigest(),
            **{f"{folder}_sha256": _folder_hash(settings.DBT_PROJECT / folder) for folder in MODEL_FOLDERS}}


def fingerprint(inputs: dict) -> str:
    """The SHA-256 of what `current_inputs` gives."""
    return hashlib.sha256(json.dumps(inputs, sort_keys=True).encode()).hexdigest()


def latest_publication(connection: psycopg.Connection) -> dict | None:
    """The newest row of ops.publication (publication_no, build_id, published_at, schema_name, inputs_sha256), or None."""
    with connection.cursor(row_factory=psycopg.rows.dict_row) as cursor:
        return cursor.execute("""
            select publication_no, build_id, published_at, schema_name, inputs_sha256
            from ops.publication order by publication_no desc limit 1""").fetchone()


def idle_schema(published: dict | None) -> str:
    """The schema that `mart` does not show."""
    return SCHEMAS[1] if published and published["schema_name"] == SCHEMAS[0] else SCHEMAS[0]


def _folder_hash(folder: Path) -> str:
    digest = hashlib.sha256()
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(f"{file.relative_to(folder)}\0".encode() + hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def _record(connection, schema_name, build_id, inputs_sha256, inputs, state, at) -> None:
    connection.execute("""
        insert into ops.candidate (schema_name, build_id, inputs_sha256, inputs, state, built_at) values (%s, %s, %s, %s, %s, %s)
        on conflict (schema_name) do update set build_id = excluded.build_id, inputs_sha256 = excluded.inputs_sha256,
            inputs = excluded.inputs, state = excluded.state, built_at = excluded.built_at""",
                       [schema_name, build_id, inputs_sha256, Jsonb(inputs), state, at])


def _dbt(schema_name: str) -> None:
    """`dbt build` of the whole project in this process (a process start costs seconds), and dbt's own docs as one page
    when the models are newer than it.

    Unit tests are left out: they test the code, and the test suite runs them.
    """
    given, folder = connect.parameters(), settings.folder("dbt")
    os.environ.update(
        ITA_BUILD_SCHEMA=schema_name, ITA_PG_HOST=given["host"], ITA_PG_PORT=given["port"], ITA_PG_USER=given["user"],
        ITA_PG_PASSWORD=given["password"], ITA_PG_DATABASE=given["dbname"],
        DBT_SEND_ANONYMOUS_USAGE_STATS="0", DO_NOT_TRACK="1", DBT_TARGET_PATH=str(folder / "target"), DBT_LOG_PATH=str(folder / "logs"))
    from dbt.cli.main import dbtRunner
    project = ["--project-dir", str(settings.DBT_PROJECT), "--profiles-dir", str(settings.DBT_PROJECT), "--quiet"]
    result = dbtRunner().invoke(["build", *project, "--exclude-resource-type", "unit_test"])
    if not result.success:
        failed = [f"{row.node.name}: {row.message}" for row in (result.result or []) if str(row.status) in ("error", "fail")]
        raise Fault(f"dbt build failed: {'; '.join(failed) or result.exception}", f"see {folder / 'logs' / 'dbt.log'}")
    page = settings.folder("documents") / "dbt.html"
    if not page.exists() or page.stat().st_mtime < max(file.stat().st_mtime for file in settings.DBT_PROJECT.rglob("*")):
        dbtRunner().invoke(["docs", "generate", "--static", "--no-compile", *project])
        shutil.copy(folder / "target" / "static_index.html", page)
