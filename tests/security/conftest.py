"""Two published builds of a small country that differ only in rows that province 83 may not see."""

import pytest

from publish import access, views
from warehouse import connect, schema

HIDDEN = [f"42{n:03}" for n in range(40)]  # agencies of province 42
OWN = [f"83{n:03}" for n in range(12)]
SEVERITIES = ["urgent", "develop"]
VIEWS = [
    {"view_name": "assessment", "rows": "whole", "hidden_columns": "submission_sha256"},
    {"view_name": "agency_deficiency", "rows": "own_province", "hidden_columns": ""},
    {"view_name": "submission", "rows": "own_submission", "hidden_columns": ""},
    {"view_name": "common_deficiency", "rows": "cells", "hidden_columns": ""},
]
TABLES = """
    create schema candidate;
    create table candidate.assessment (
        agency_id text, overall_score numeric, submission_sha256 text, province_code text);
    create table candidate.agency_deficiency (
        agency_id text, item_code text, severity text, flagged boolean, score numeric,
        noted_on date, remark_th text, province_code text);
    create table candidate.submission (
        submission_sha256 text, file_name text, province_codes text[]);
    create table candidate.common_deficiency (
        scope text, province_code text, item_code text, mean_score numeric);
    create table candidate.released_common_deficiency (like candidate.common_deficiency);
    create table candidate.withheld_common_deficiency (like candidate.common_deficiency)"""


def _fill(connection, other: bool) -> None:
    """Rows of both provinces; `other`: what province 83 may not see is exchanged among its rows,
    and one hidden row stands for another."""
    for n, agency in enumerate([*OWN, *HIDDEN]):
        province = agency[:2]
        place = n + (other and province == "42")  # the hidden rows take each other's values
        connection.execute(
            "insert into candidate.assessment values (%s, 90, %s, %s)",
            [agency, f"sha-{place:04}", province],
        )
        if agency == (HIDDEN[0] if other else HIDDEN[1]):
            continue  # the row that does not exist
        connection.execute(
            "insert into candidate.agency_deficiency"
            " values (%s, 'i1', %s, %s, %s, date '2026-01-01' + %s, %s, %s)",
            [
                agency,
                SEVERITIES[place % 2],
                place % 3 == 0,
                50 + place % 10,
                place % 30,
                f"remark {place % 10}",
                province,
            ],
        )
        connection.execute(
            "insert into candidate.submission values (%s, %s, %s)",
            [f"sha-{n:04}", f"file-{place:04}.csv", [province]],
        )
    for province, kind in (("83", "released"), ("83", "withheld"), ("42", "withheld")):
        mean = 61 if other and province == "42" else 60
        for table in ("common_deficiency", f"{kind}_common_deficiency"):
            connection.execute(
                f"insert into candidate.{table} values ('province', %s, %s, %s)",
                [province, kind, mean],
            )
    connection.execute("analyze")


@pytest.fixture(scope="session")
def builds(warehouse):
    """Names of two databases, each with a published build: (one, the other)."""
    names = ("ita_wall_one", "ita_wall_other")
    original = access.views
    access.views = lambda: VIEWS
    try:
        for name in names:
            warehouse.execute(f"drop database if exists {name} with (force)")
            warehouse.execute(f"create database {name}")
            with connect.connect(dbname=name, autocommit=True) as connection:
                schema.apply(connection)
                access.apply(connection, passwords="new" if name == names[1] else "all")
                connection.execute(TABLES)
                _fill(connection, other=name == names[1])
                with connection.transaction():
                    connection.execute(views.script_of_build(connection, 1, "candidate"))
                    connection.execute(views.script_of_mart(connection, [1], "candidate"))
                connection.execute("insert into access.shown (build_no) values (1)")
    finally:
        access.views = original
    yield names
    for name in names:
        warehouse.execute(f"drop database if exists {name} with (force)")
