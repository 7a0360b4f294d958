"""Refreshes what the marts say of the five agencies' facts: findings and proposed measures.

    python -m tests.reports.refresh_facts

The figures, remarks and own measures of each facts_<name>.json go through dbt in a database of
their own (of the embedded server at ITA_HOME); what comes out is written back, to be reviewed as a
difference. Run it when a remedy or a rule of the measures changes.
"""

import hashlib
import json
import sys
from pathlib import Path

from psycopg.rows import dict_row

from reports import measures
from reports.year import plain
from tests.reports.conftest import HERE, NAMES, facts_of
from warehouse import connect, schema

sys.path.insert(0, str(HERE.parent / "marts"))  # its country stands beside its tests

from tests.marts.conftest import DATABASE, _dbt
from tests.marts.country import Country

FINDINGS = """
    select agency_id, measure_no, basis, severity, instrument, indicator_no, item_code, score,
        least_zero_items, likely_item_codes, because_th, serves_item_code, answered_by
    from candidate.finding order by measure_no, item_code"""


def country() -> Country:
    made = Country()
    for name in NAMES:
        facts = facts_of(name)
        agency = facts["agency"]
        row = {"agency_id": agency["agency_id"], "agency_type": agency["agency_type"]}
        years = {"valid_from": 2560, "valid_to": None}
        made.registry({**row, **years, "province_code": agency["province_code"]})
        sha = made.submission("nacc")
        flags = {
            ("item", i["item_code"], i["eit_part"] or "") for i in facts["items"] if i["flagged"]
        }
        made.scores(sha, agency["agency_id"], facts["fiscal_year"], figures(facts), flags=flags)
        for number, remark in enumerate(facts["remarks"], 1):
            who = {"submission_sha256": sha, "agency_id": agency["agency_id"]}
            where = {"item_code": remark["item_code"], "part": remark["eit_part"]}
            words = {"topic_no": remark["topic_no"], "remark_th": remark["remark_th"]}
            year = facts["fiscal_year"]
            made.add("remark", **who, fiscal_year=year, remark_no=number, **where, **words)
    return made


def figures(facts: dict) -> dict:
    """{(level, code, part): score as text} of everything that the facts know."""
    found = {("overall", "", ""): facts["assessment"]["overall_score"]}
    for code in ("IIT", "EIT", "OIT"):
        found["instrument", code, ""] = facts["assessment"][f"{code.lower()}_score"]
    for row in facts["indicators"]:
        found["indicator", str(row["indicator_no"]), ""] = row["score"]
    for item in facts["items"]:
        found["item", item["item_code"], item["eit_part"] or ""] = item["score"]
    return {key: str(score) for key, score in found.items() if score is not None}


def add_measures(connection, facts: dict) -> None:
    """The agency's own measures of both years, as one submission of its own."""
    own = [
        (facts["measures_year"], m) for m in facts["measures"] if m.get("source", "own") == "own"
    ]
    own += [(facts["fiscal_year"], m) for m in facts["last_measures"]]
    sha = hashlib.sha256(facts["agency"]["agency_id"].encode()).hexdigest()
    connection.execute(
        """insert into raw.submission (submission_sha256, file_name, authority, layout, received_at,
            state) values (%s, 'own.json', 'agency', 'json', '2026-11-20', 'accepted')""",
        [sha],
    )
    agency_id = facts["agency"]["agency_id"]
    for year in {year for year, _ in own}:
        connection.execute(
            "insert into raw.unit values (%s, %s, %s, 'measures')", [sha, agency_id, year]
        )
    for year, m in own:
        columns = ["topic_no", "indicator_no", "item_codes", "measure_th", "steps_th"]
        columns += ["responsible_th", "starts_on", "ends_on", "followup_th"]
        places = ", ".join(["%s"] * len(columns))
        connection.execute(
            f"""insert into raw.measure (submission_sha256, agency_id, fiscal_year, measure_no,
                {", ".join(columns)}) values (%s, %s, %s, %s, {places})""",
            [sha, agency_id, year, m["measure_no"], *(m[column] for column in columns)],
        )


def main() -> None:
    with connect.connect(autocommit=True) as owner:
        owner.execute(f"drop database if exists {DATABASE} with (force)")
        owner.execute(f"create database {DATABASE}")
    with connect.connect(dbname=DATABASE, autocommit=True) as connection:
        schema.apply(connection)
        country().load(connection)
        for name in NAMES:
            add_measures(connection, facts_of(name))
        _dbt("build", "--exclude-resource-type", "unit_test")
        connection.execute("create schema mart")
        for view in ("measure", "proposed_measure", "measure_progress", "finding"):
            connection.execute(f"create view mart.{view} as select * from candidate.{view}")

        def rows(query, values=None):
            with connection.cursor(row_factory=dict_row) as cursor:
                found = cursor.execute(query, values).fetchall()
            return [{key: plain(value) for key, value in row.items()} for row in found]

        findings = rows(FINDINGS)
        for name in NAMES:
            facts = facts_of(name)
            agency_id = facts["agency"]["agency_id"]
            facts["findings"] = [
                {key: value for key, value in f.items() if key != "agency_id"}
                for f in findings
                if f["agency_id"] == agency_id
            ]
            year = facts["measures_year"]
            facts["measures"] = measures.read(rows, [agency_id], year)[agency_id]
            last = measures.read(rows, [agency_id], year - 1)[agency_id]
            reports = {m["measure_no"]: m["progress"] for m in facts["last_measures"]}
            facts["last_measures"] = [
                {**m, "progress": reports[m["measure_no"]]}
                for m in last
                if m["measure_no"] in reports
            ]
            Path(HERE / f"facts_{name}.json").write_text(as_text(facts), encoding="utf-8")


def as_text(facts: dict) -> str:
    """JSON with a line for each fact, and for each row of a list: a difference can be read."""

    def line(value):
        return json.dumps(value, ensure_ascii=False)

    def lines(value):
        if isinstance(value, list) and value and isinstance(value[0], dict):
            return "[\n  " + ",\n  ".join(map(line, value)) + "\n ]"
        return line(value)

    body = ",\n".join(f" {line(key)}: {lines(value)}" for key, value in facts.items())
    return "{\n" + body + "\n}\n"


if __name__ == "__main__":
    main()
