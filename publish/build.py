"""Build the candidate: dbt writes every model into the schema `candidate`, which becomes
`published` when `mart` shows it.

Fiscal years whose inputs are those of the published build are taken over from it
(dbt_project/macros/kept_years.sql).
"""

import hashlib
import json
import os
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
from psycopg.types.json import Jsonb

from publish import access, item_scores, readers, retire, whole
from warehouse import connect, durable, served, settings
from warehouse.errors import BadInput, Fault

MODEL_FOLDERS = ("models", "macros", "seeds")


def run(connection: psycopg.Connection, at: datetime) -> str | None:
    """Build a candidate if its inputs differ from the published build's; give its build id, None
    when there is nothing new.

    The same inputs give the same build id. A candidate that was finished before a kill is kept.
    Raises BadInput when the data fail a test of dbt, Fault when a model fails.
    """
    inputs = current_inputs(connection)
    inputs_sha256 = fingerprint(inputs)
    published = latest_publication(connection)
    gone = served.lost(connection)  # then the same files make what is served anew, and all of it
    if published and published["inputs_sha256"] == inputs_sha256 and not gone:
        connection.execute("delete from ops.build where schema_name = 'candidate'")
        return None
    build_id = f"b{inputs_sha256[:12]}"
    finished = connection.execute(
        """
        select counts from ops.build
        where schema_name = 'candidate' and inputs_sha256 = %s and state in ('built', 'audited')""",
        [inputs_sha256],
    ).fetchone()
    if finished and not whole.changed(connection, "candidate", finished[0]):
        return build_id
    retire.run(connection)
    years = year_hashes(connection)
    first_year = 0 if gone else first_changed_year(connection, published, inputs, years)
    kept = (
        item_scores.keep(connection, first_year, fingerprint_before(first_year, inputs, years))
        if first_year
        else None
    )
    with connection.transaction():
        connection.execute("create schema candidate")
        connection.execute(
            """
            insert into ops.build (schema_name, build_id, inputs_sha256, inputs, years, first_year,
                                   kept_item_scores, state, built_at)
            values ('candidate', %s, %s, %s, %s, %s, %s, 'building', %s)""",
            [build_id, inputs_sha256, Jsonb(inputs), Jsonb(years), first_year, kept, at],
        )
    readers.let_work(connection, lambda: item_scores.drop_unused(connection), readers.BUILDS_BEFORE)
    run_dbt("--exclude", "path:seeds") if first_year else run_dbt()
    from publish import small_cells  # pandas: a publication, which must be quick, has no need of it

    small_cells.write(connection, first_year)
    marts = [view["view_name"] for view in access.views()]
    counts = {name: whole.rows_of(connection, "candidate", name) for name in marts}
    connection.execute(
        "update ops.build set state = 'built', counts = %s where schema_name = 'candidate'",
        [Jsonb(counts)],
    )
    return build_id


def current_inputs(connection: psycopg.Connection) -> dict:
    """All that decides the marts: the submissions that count in order of arrival, the withdrawals
    by their absence, reference data and models."""
    submissions = connection.execute("""
        select submission_sha256 from raw.submission
        where state in ('accepted', 'accepted_with_warnings')
        order by received_at, submission_sha256""").fetchall()
    waiting = connection.execute("""
        select distinct submission_sha256 from raw.agency where waits order by 1""").fetchall()
    return {
        "submissions": [row[0] for row in submissions],
        # their rows count in the build after somebody has approved them
        **({"registry_waits": [row[0] for row in waiting]} if waiting else {}),
        "project_sha256": hashlib.sha256(
            (settings.DBT_PROJECT / "dbt_project.yml").read_bytes()
        ).hexdigest(),
        **{
            f"{folder}_sha256": _folder_hash(settings.DBT_PROJECT / folder)
            for folder in MODEL_FOLDERS
        },
    }


def year_hashes(connection: psycopg.Connection) -> dict[str, str]:
    """Fiscal year -> hash of the files that hold something of it: which, since when, whether they
    count. "registry": the same of its files."""
    rows = connection.execute("""
        with content as (
            select distinct fiscal_year::text as year, submission_sha256 from raw.unit
            union all
            select distinct 'registry', submission_sha256 from raw.agency)
        select year, encode(sha256(string_agg(concat_ws(
            ' ', submission_sha256, extract(epoch from received_at),
            state in ('accepted', 'accepted_with_warnings')
        ), ',' order by received_at, submission_sha256)::bytea), 'hex')
        from content join raw.submission using (submission_sha256) group by year""").fetchall()
    return dict(rows)


def first_changed_year(
    connection: psycopg.Connection, published: dict | None, inputs: dict, years: dict[str, str]
) -> int:
    """The first fiscal year whose inputs are not those of the published build; 0 when all must be
    built: another registry, reference data or model."""
    build = connection.execute(
        "select years from ops.build where schema_name = 'published'"
    ).fetchone()
    if not published or not build or not same_rules(published["inputs"], inputs):
        return 0
    (before,) = build
    changed = {year for year in {*years, *before} if years.get(year) != before.get(year)}
    return 0 if not changed or "registry" in changed else min(map(int, changed))


def same_rules(inputs: dict, others: dict) -> bool:
    """Do two builds' inputs differ in their submissions at most: the same rules and models?"""
    return {**inputs, "submissions": []} == {**others, "submissions": []}


def fingerprint(inputs: dict) -> str:
    """The SHA-256 of what `current_inputs` gives."""
    return hashlib.sha256(json.dumps(inputs, sort_keys=True).encode()).hexdigest()


def fingerprint_before(fiscal_year: int, inputs: dict, years: dict[str, str]) -> str:
    """The SHA-256 of what decides the rows of the years before `fiscal_year`: their files, the
    registry, reference data and models."""
    before = {
        year: sha256
        for year, sha256 in years.items()
        if year == "registry" or int(year) < fiscal_year
    }
    return fingerprint({**inputs, "submissions": [], "years": before})


def shown(connection: psycopg.Connection) -> tuple[str | None, dict[int, str]]:
    """The id of the published build, None for none; fiscal year -> what decides the rows of that
    year and those before."""
    row = connection.execute(
        "select build_id, inputs, years from ops.build where schema_name = 'published'"
    ).fetchone()
    if not row:
        return None, {}
    build_id, inputs, years = row
    of = {int(year) for year in years if year != "registry"}
    return build_id, {year: fingerprint_before(year + 1, inputs, years) for year in sorted(of)}


def latest_publication(connection: psycopg.Connection) -> dict | None:
    """The newest row of ops.publication (publication_no, build_id, published_at, inputs_sha256,
    inputs), or None."""
    with connection.cursor(row_factory=psycopg.rows.dict_row) as cursor:
        return cursor.execute("""
            select publication_no, build_id, published_at, inputs_sha256, inputs
            from ops.publication order by publication_no desc limit 1""").fetchone()


def _folder_hash(folder: Path) -> str:
    digest = hashlib.sha256()
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(
            f"{file.relative_to(folder)}\0".encode() + hashlib.sha256(file.read_bytes()).digest()
        )
    return digest.hexdigest()


def run_dbt(*options: str) -> None:
    """`dbt build` of the project into the schema `candidate`, in this process (a start costs
    seconds), and dbt's own docs as one page when the models are newer than it.

    Unit tests are left out: they test the code, and the test suite runs them. dbt's log costs a
    second a night and says little that its messages do not: it is off unless DBT_LOG_LEVEL_FILE
    asks for it.
    """
    given, folder = connect.parameters(), settings.folder("dbt")
    os.environ.setdefault("DBT_LOG_LEVEL_FILE", "none")
    os.environ.update(
        ITA_PG_HOST=given["host"],
        ITA_PG_PORT=given["port"],
        ITA_PG_USER=given["user"],
        ITA_PG_PASSWORD=given["password"],
        ITA_PG_DATABASE=given["dbname"],
        DBT_SEND_ANONYMOUS_USAGE_STATS="0",
        DO_NOT_TRACK="1",
        DBT_TARGET_PATH=str(folder / "target"),
        DBT_LOG_PATH=str(folder / "logs"),
    )
    from dbt.cli.main import dbtRunner

    project = [
        "--project-dir",
        str(settings.DBT_PROJECT),
        "--profiles-dir",
        str(settings.DBT_PROJECT),
        "--log-level",
        "none",
    ]
    result = dbtRunner().invoke(
        ["build", *project, "--exclude-resource-type", "unit_test", *options]
    )
    if not result.success:
        rows: Any = result.result or []  # of a build: dbt's own results, node by node
        failed = [row for row in rows if str(row.status) in ("error", "fail")]
        bad_data = failed and all(str(row.status) == "fail" for row in failed)
        said = "; ".join(f"{row.node.name}: {row.message}" for row in failed)
        log = folder / "logs" / "dbt.log"
        raise (BadInput if bad_data else Fault)(
            f"dbt build failed: {said or result.exception}",
            f"DBT_LOG_LEVEL_FILE=debug `ita build` writes all it does to {log}",
        )
    page = settings.folder("documents") / "dbt.html"
    if not page.exists() or page.stat().st_mtime < max(
        file.stat().st_mtime for file in settings.DBT_PROJECT.rglob("*")
    ):
        dbtRunner().invoke(["docs", "generate", "--static", "--no-compile", *project])
        durable.write(page, (folder / "target" / "static_index.html").read_bytes())
