"""Run the suites of a gate through Great Expectations and leave what came of it where people and
programs look.
"""

import importlib.util
import json
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from psycopg.types.json import Jsonb

from expectations import data_docs
from expectations.check import CRITICAL, Check, Suite
from expectations.named import named
from warehouse import durable, settings
from warehouse.errors import Fault

SHOWN = 200  # failing rows kept in the JSON: what Great Expectations itself hands over
PAGES = "pages"  # our site among those of Great Expectations
SAMPLED = 20  # failing rows kept in ops.check_result


def run(gate: str, subject: str, url: str, suites: list[Suite], prepare: list[str]) -> bool:
    """Judge the warehouse at `url` (an SQLAlchemy URL); True if no critical check failed.

    `subject` names what is judged (a build id, a run). `prepare` is SQL run first in the same
    database session, for temporary tables that the checks read. Writes
    ITA_HOME/documents/checks/<gate>-<subject>.json, the gate's part of documents/data_docs, and
    ops.check_result. Raises Fault where a check could not be run for want of a connection; a check
    whose SQL fails counts as failed.
    """
    at = datetime.now(UTC)
    validations, sites = _validate(gate, subject, url, suites, prepare)
    results = [
        _result(suite, check, found, at)
        for suite in suites
        for check, found in zip(suite.checks, validations[suite.name], strict=True)
    ]
    passed = all(result["success"] for result in results if result["severity"] == CRITICAL)
    _write_json(gate, subject, at, passed, results)
    _write_rows(gate, subject, url, results)
    data_docs.write(gate, sites)
    return passed


def _validate(
    gate: str, subject: str, url: str, suites: list[Suite], prepare: list[str]
) -> tuple[dict, Path]:
    """Great Expectations' results by suite, in the order of the checks, and the folder of pages
    that it drew of them.
    """
    # Great Expectations reads it while it is imported, which takes seconds: so both stand here.
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    _import_when_used("scipy", "stats")
    import great_expectations as gx
    import sqlalchemy
    from great_expectations.core.run_identifier import RunIdentifier

    from expectations.failing_rows import expect_no_rows

    site = data_docs.workshop(gate)
    context = _context(gx, site)
    try:
        # one connection, so that temporary tables are seen by all that follows
        source = context.data_sources.add_postgres(
            "warehouse",
            connection_string=url.replace("$", "%24"),
            create_temp_table=True,
            kwargs={"pool_size": 1, "max_overflow": 0},
        )
        for statement in prepare:
            source.get_execution_engine().execute_query_in_transaction(sqlalchemy.text(statement))
        definitions = [_definition(gx, context, source, suite, expect_no_rows) for suite in suites]
        checkpoint = context.checkpoints.add(
            gx.Checkpoint(
                name=gate,
                validation_definitions=definitions,
                result_format={"result_format": "COMPLETE"},
            )
        )
        outcome = checkpoint.run(run_id=RunIdentifier(run_name=subject))
    except Exception as error:
        raise Fault(
            f"gate {gate} could not run: {type(error).__name__}: {str(error)[:500]}",
            "see that the warehouse is up and the build whole",
        ) from error
    # Not those of its own temporary site, which nobody would remove: 4 MB a gate and night.
    context.build_data_docs(site_names=[PAGES])
    by_suite = {}
    for validation in outcome.run_results.values():
        found = {result.expectation_config.meta["check"]: result for result in validation.results}
        by_suite[validation.suite_name] = found
    return {
        suite.name: [by_suite[suite.name][check.name] for check in suite.checks] for suite in suites
    }, site


def _context(gx: Any, site: Path) -> Any:
    """Great Expectations without a project folder; its pages go to the folder `site`."""
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    context.add_data_docs_site(
        PAGES,
        {
            "class_name": "SiteBuilder",
            "store_backend": {
                "class_name": "TupleFilesystemStoreBackend",
                "base_directory": str(site),
            },
            # They would be a second page for each suite, that says nothing of the data.
            "site_section_builders": {"expectations": "none"},
        },
    )
    return context


def _import_when_used(package: str, module: str) -> None:
    """Have `from package import module` read that module when something of it is first asked for.

    Great Expectations imports scipy.stats for expectations that no suite of ours has: a quarter of
    its own import.
    """
    name = f"{package}.{module}"
    if name in sys.modules:
        return
    spec = importlib.util.find_spec(name)
    if not spec or not spec.loader:
        return  # a release without it: there is nothing to put off
    spec.loader = importlib.util.LazyLoader(spec.loader)
    sys.modules[name] = importlib.util.module_from_spec(spec)
    setattr(sys.modules[package], module, sys.modules[name])
    spec.loader.exec_module(sys.modules[name])


def _definition(
    gx: Any, context: Any, source: Any, suite: Suite, expect_no_rows: Callable[..., Any]
) -> Any:
    if suite.table:
        schema_name, table = suite.table.split(".")
        batch = source.add_table_asset(
            suite.name, table_name=table, schema_name=schema_name
        ).add_batch_definition_whole_table("all")
    else:
        batch = source.add_query_asset(suite.name, query=suite.query).add_batch_definition("all")
    rules = context.suites.add(
        gx.ExpectationSuite(
            name=suite.name,
            expectations=[
                expect_no_rows(
                    check.rows,
                    severity=check.severity,
                    meta={
                        "check": check.name,
                        "notes": {
                            "format": "string",
                            "content": [
                                check.name,
                                check.message_th,
                                check.message_en,
                                f"who fixes it: {check.who_fixes}",
                            ],
                        },
                    },
                )
                for check in suite.checks
            ],
        )
    )
    return context.validation_definitions.add(
        gx.ValidationDefinition(name=suite.name, data=batch, suite=rules)
    )


def _result(suite: Suite, check: Check, found: Any, at: datetime) -> dict:
    rows = (found.result.get("details") or {}).get("unexpected_rows") or []
    result = {
        "suite": suite.name,
        "check_name": check.name,
        "severity": check.severity,
        "success": bool(found.success),
        "unexpected_count": found.result.get("observed_value") or 0,
        "rows": rows[:SHOWN],
        "who_fixes": check.who_fixes,
        "message_th": check.message_th,
        "message_en": check.message_en,
        "checked_at": at.isoformat(),
    }
    if not found.success and not rows:
        result["rows"] = [{"error": _exception(found.exception_info)}]
        result["unexpected_count"] = 1
    return result


def _exception(info: dict) -> str:
    """The message of what the database said when a check's SQL failed.

    Great Expectations nests it by metric.
    """
    messages = [
        value["exception_message"]
        for value in info.values()
        if isinstance(value, dict) and value.get("exception_message")
    ]
    return str(messages[0] if messages else info.get("exception_message"))[:2000]


def _write_json(gate: str, subject: str, at: datetime, passed: bool, results: list[dict]) -> None:
    folder = settings.folder("documents") / "checks"
    folder.mkdir(exist_ok=True)
    content = {
        "gate": gate,
        "subject": subject,
        "checked_at": at.isoformat(),
        "success": passed,
        "checks": results,
    }
    text = json.dumps(content, ensure_ascii=False, indent=1, default=str) + "\n"
    durable.write(folder / f"{gate}-{subject}.json", text)


def _dumps(value: Any) -> str:
    return json.dumps(value, default=str)


def _write_rows(gate: str, subject: str, url: str, results: list[dict]) -> None:
    import sqlalchemy

    dsn = (
        sqlalchemy.make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    )
    with psycopg.connect(dsn) as connection:
        rows = [
            {
                **result,
                "build_id": subject,
                "gate": gate,
                "sample": Jsonb(result["rows"][:SAMPLED], dumps=_dumps),
                "named": Jsonb(named(connection, result["rows"][:SAMPLED])),
            }
            for result in results
        ]
        connection.execute(
            "delete from ops.check_result where build_id = %s and gate = %s", [subject, gate]
        )
        connection.cursor().executemany(
            """
            insert into ops.check_result
                (build_id, gate, check_name, severity, success, unexpected_count, sample, named,
                    who_fixes, message_th, message_en, checked_at)
            values (%(build_id)s, %(gate)s, %(check_name)s, %(severity)s, %(success)s,
                %(unexpected_count)s, %(sample)s, %(named)s, %(who_fixes)s,
                    %(message_th)s, %(message_en)s, %(checked_at)s)""",
            rows,
        )
