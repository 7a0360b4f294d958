"""The facts of packs: what the published marts say of some agencies in one year, read with one
query a table for all of them, as the role ita_pack, from schema `mart` only.
"""

import hashlib
import json
from collections import defaultdict
from typing import Any

import psycopg
from psycopg.rows import dict_row

from reports import items, measures, peers
from reports.sources import FILES
from reports.year import Year, plain

PACK_VERSION = 1
ASSESSMENTS = """
    select a.*, g.short_name_th, g.district_th, g.ministry_th, t.agency_type_th, t.is_local,
        t.is_small, p.province_th, p.region_th, p.region_status
    from mart.assessment as a
    join mart.agency as g using (agency_id)
    left join mart.agency_type as t on t.agency_type = a.agency_type
    left join mart.province as p on p.province_code = a.province_code
    where a.fiscal_year = %(year)s and a.agency_id = any(%(ids)s)"""
# What is read beside an assessment, each the rows of all agencies in one query.
TABLES = {
    "indicators": """
        select agency_id, indicator_no, indicator_th, score, recomputed_score, change
        from mart.indicator_score
        where agency_id = any(%(ids)s) and fiscal_year = %(year)s order by indicator_no""",
    "scores": """
        select agency_id, item_code, eit_part, score, points_lost from mart.item_score
        where fiscal_year = %(year)s and agency_id = any(%(ids)s)""",
    "deficiencies": """
        select agency_id, item_code, eit_part, severity, flagged, years_running
        from mart.agency_deficiency
        where fiscal_year = %(year)s and agency_id = any(%(ids)s)""",
    "remarks": """
        select agency_id, item_code, eit_part, topic_no, remark_th from mart.remark
        where fiscal_year = %(year)s and agency_id = any(%(ids)s) order by remark_no""",
    "national": f"""
        select agency_id, {", ".join(peers.RANKS)} from mart.national_ranking
        where fiscal_year = %(year)s and agency_id = any(%(ids)s)""",  # noqa: S608 columns are ours
    "provincial": f"""
        select agency_id, {", ".join(peers.PROVINCE_RANKS)}, rank_change as province_rank_change
        from mart.provincial_ranking
        where fiscal_year = %(year)s and agency_id = any(%(ids)s)""",  # noqa: S608 columns are ours
    "paths": """
        select agency_id, level_code, next_level_code, points_needed, item_codes, reachable
        from mart.level_path
        where fiscal_year = %(year)s and agency_id = any(%(ids)s)""",
    "findings": """
        select agency_id, measure_no, basis, severity, instrument, indicator_no, item_code,
            score, least_zero_items, likely_item_codes, because_th, serves_item_code, answered_by
        from mart.finding where fiscal_year = %(year)s and agency_id = any(%(ids)s)
        order by measure_no, item_code""",
    "constraints": """
        select agency_id, fiscal_year, kind, note_no, note_th from mart.constraint_note
        where fiscal_year in (%(year)s, %(next)s) and agency_id = any(%(ids)s)
        order by kind, note_no""",
    "files": f"""
        select agency_id, submission_sha256,
            (received_at at time zone 'Asia/Bangkok')::date as arrived
        from ({FILES}) as f
        where fiscal_year = %(year)s and agency_id = any(%(ids)s)""",  # noqa: S608 a query of ours
}


def read(
    connection: psycopg.Connection, year: Year, agency_ids: list[str], build: dict
) -> dict[str, dict]:
    """agency_id -> facts (`pack.schema.json` without analysis and checklist) for the agencies of
    `agency_ids` with scores in that year.

    `build` = {"build_id", "date"} of the publication that is read.
    """

    def rows(query: str, values: dict) -> list[dict]:
        with connection.cursor(row_factory=dict_row) as cursor:
            return [
                {key: plain(value) for key, value in row.items()}
                for row in cursor.execute(query, values).fetchall()
            ]

    fy = year.fiscal_year
    values = {"year": fy, "next": fy + 1, "ids": agency_ids}
    tables = {name: _by_agency(rows(query, values)) for name, query in TABLES.items()}
    tables["history"] = peers.history(year, rows, agency_ids)
    tables["last_measures"] = measures.read(rows, agency_ids, fy)
    tables["measures"] = measures.read(rows, agency_ids, fy + 1)
    found = {}
    for row in rows(ASSESSMENTS, values):
        own = {name: table.get(row["agency_id"], []) for name, table in tables.items()}
        found[row["agency_id"]] = _facts(year, row, own, build)
    return found


def _by_agency(rows: list[dict]) -> dict[str, list[dict]]:
    found = defaultdict(list)
    for row in rows:
        found[row.pop("agency_id")].append(row)
    return found


def _facts(year: Year, row: dict, own: dict[str, list[dict]], build: dict) -> dict:
    """The facts of an agency from its assessment and its rows of each of the tables."""
    next_year = year.fiscal_year + 1
    return {
        "pack_version": PACK_VERSION,
        "fiscal_year": year.fiscal_year,
        "measures_year": next_year,
        "build": build,
        "agency": _agency(row),
        "assessment": _assessment(row),
        "ranking": peers.ranking(year, row, own["national"], own["provincial"]),
        "means": peers.means(year, row),
        "indicators": [_indicator(year, one) for one in own["indicators"]],
        "history": own["history"],
        "rules": year.rules,
        "items": items.read(year, row, own["scores"], own["deficiencies"], own["findings"]),
        "topics": year.topics,
        "remarks": own["remarks"],
        "level_path": _path(year, own["paths"]),
        "findings": own["findings"],
        "measures": own["measures"],
        "last_measures": own["last_measures"],
        "constraints": _latest(own["constraints"]),
        "next_constraints": [
            {"kind": note["kind"], "note_th": note["note_th"]}
            for note in own["constraints"]
            if note["fiscal_year"] == next_year
        ],
        "data_date": max((file["arrived"] for file in own["files"]), default=build["date"]),
        "sources": sorted({file["submission_sha256"] for file in own["files"]}),
    }


def _agency(row: dict) -> dict:
    return {
        key: row[key]
        for key in (
            "agency_id",
            "name_th",
            "short_name_th",
            "agency_type",
            "agency_type_th",
            "is_local",
            "is_small",
            "province_code",
            "province_th",
            "region_th",
            "region_status",
            "district_th",
            "ministry_th",
        )
    }


def _assessment(row: dict) -> dict:
    return {
        key: row[key]
        for key in (
            "overall_score",
            "score_source",
            "recomputed_score",
            "recomputed_basis",
            "score_gap",
            "iit_score",
            "eit_score",
            "eit_public_score",
            "eit_survey_score",
            "oit_score",
            "level_code",
            "level_th",
            "level_source",
            "is_pass",
            "level_reason_th",
            "published_province_rank",
            "published_type_rank",
            "authority",
            "provisional",
        )
    }


def _indicator(year: Year, row: dict) -> dict:
    return {
        "indicator_no": row["indicator_no"],
        "indicator_th": row["indicator_th"],
        "instrument": year.indicators[row["indicator_no"]]["instrument"],
        "score": row["score"],
        "recomputed_score": row["recomputed_score"],
        "change": row["change"],
    }


def _path(year: Year, paths: list[dict]) -> dict | None:
    if not paths:
        return None
    names = {level["level_code"]: level["level_th"] for level in year.levels}
    return {**paths[0], "next_level_th": names.get(paths[0]["next_level_code"])}


def _latest(notes: Any) -> list:
    """Notes of the newest year that has some: those of the results or those that came with the
    measures."""
    newest = max((note["fiscal_year"] for note in notes), default=None)
    return [
        {key: note[key] for key in ("kind", "note_no", "note_th")}
        for note in notes
        if note["fiscal_year"] == newest
    ]


def sha256(facts: dict) -> str:
    """The hash of all facts but the build that they were read from."""
    kept = {key: value for key, value in facts.items() if key != "build"}
    return hashlib.sha256(json.dumps(kept, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
