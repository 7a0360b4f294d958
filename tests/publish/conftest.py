"""A warehouse of its own whose builds have one row of one mart."""

from datetime import UTC, datetime

import pytest
from psycopg.types.json import Jsonb

from publish import access, flip, retire
from warehouse import connect

VIEW = {"view_name": "assessment", "rows": "whole", "hidden_columns": ""}
AT = datetime(2026, 11, 20, tzinfo=UTC)


@pytest.fixture
def published(warehouse, template, monkeypatch):
    """publish(value): a build whose one row of mart.assessment has that score is published."""
    warehouse.execute("drop database if exists ita_rollback with (force)")
    warehouse.execute(f"create database ita_rollback template {template}")
    monkeypatch.setattr(access, "views", lambda: [VIEW])
    with connect.connect(dbname="ita_rollback", autocommit=True) as connection:
        access.apply(connection, passwords="new")  # pragma: allowlist secret

        def build(value: int) -> str:
            retire.run(connection)
            connection.execute(
                "create schema candidate;"
                "create table candidate.assessment as"
                f" select 2568 as fiscal_year, {value} as score;"
                "create table candidate.publication_rule"
                " (fiscal_year int, rule text, value numeric)"
            )
            connection.execute(
                "insert into ops.build (schema_name, build_id, inputs_sha256, inputs, counts,"
                " state, built_at) values ('candidate', %s, %s, %s, '{}', 'audited', now())",
                [f"b{value}", f"sha {value}", Jsonb({"submissions": [value]})],
            )
            return f"b{value}"

        def publish(value: int, at: datetime = AT) -> str | None:
            build(value)
            return flip.run(connection, at)

        publish.build, publish.connection = build, connection
        yield publish
    warehouse.execute("drop database ita_rollback with (force)")
