"""The facts of packs: what the published marts say of some agencies in one year, read with one
query a table.

Read as the role ita_pack, from schema `mart` only; the year's thresholds and weights from the
reference data.
"""

import csv
import hashlib
import json
from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Any

import psycopg
from psycopg.rows import dict_row

from reports import measures, peers
from warehouse import settings

PACK_VERSION = 1
# What a pack is published for: the plan for the next year and the report on this year's.
SERVED = {"plan": "oit_integrity_measures", "progress": "oit_integrity_measures_report"}
PART_COLUMNS = {
    "overall": "overall_score",
    "IIT": "iit_score",
    "EIT": "eit_score",
    "EIT.public": "eit_public_score",
    "EIT.survey": "eit_survey_score",
    "OIT": "oit_score",
}

# (scope, province or type or None) -> {code: mean}
Means = dict[tuple[str, str | None], dict[str, Decimal | None]]


class Year:
    """What all packs of one fiscal year share: framework, rules, peers' means, how common each
    deficiency is, remedies."""

    def __init__(self, connection: psycopg.Connection, fiscal_year: int) -> None:
        self.connection, self.fiscal_year = connection, fiscal_year
        self.framework = self._rows(
            """
            select item_code, instrument, indicator_no, sub_indicator, title_th, status, meaning,
                topic_nos from mart.framework_item
            where fiscal_year = %s order by item_order""",
            fiscal_year,
        )
        self.derived = {
            row["item_code"]
            for row in self._rows(
                """select item_code from mart.topic_item where fiscal_year = %s group by item_code
                having bool_and(status = 'derived')""",
                fiscal_year,
            )
        }
        self.topics = self._rows("select topic_no, topic_th from mart.topic order by topic_no")
        self.indicators = {
            row["indicator_no"]: row
            for row in self._rows(
                """select indicator_no, instrument, indicator_th from mart.indicator where
                fiscal_year = %s""",
                fiscal_year,
            )
        }
        self.levels = self._rows(
            """select level_code, level_th, overall_min, each_part_min, is_pass from
            mart.rating_level
            where fiscal_year = %s order by level_order""",
            fiscal_year,
        )
        self.sub_indicators = {
            row["sub_indicator"]: row["sub_indicator_th"]
            for row in _reference("sub_indicator", fiscal_year)
        }
        self.oit_codes, self.oit_year = self._oit_codes()
        self.rules = self._rules()
        self.shared = {
            (row["scope"], row["key"], row["item_code"]): {
                "deficient": row["agencies_deficient"],
                "assessed": row["agencies_assessed"],
            }
            for row in self._rows(
                """
            select scope, coalesce(province_code, agency_type) as key, item_code,
            agencies_deficient, agencies_assessed
            from mart.common_deficiency where fiscal_year = %s and scope in ('province', 'type')""",
                fiscal_year,
            )
        }
        self.means = self._means()
        self.enough = self._enough()
        self.remedies = self._remedies()

    def _rows(self, query: str, *values: Any) -> list[dict]:
        with self.connection.cursor(row_factory=dict_row) as cursor:
            return cursor.execute(query, values).fetchall()

    def _rules(self) -> dict:
        return {
            "pass_min": _plain(
                min(
                    (level["overall_min"] for level in self.levels if level["is_pass"]),
                    default=None,
                )
            ),
            "levels": [
                {key: _plain(level[key]) for key in ("level_th", "overall_min", "each_part_min")}
                for level in self.levels
            ],
            "oit_year": self.oit_year,
            "served": {name: self._served(meaning) for name, meaning in SERVED.items()},
            "severity": {
                row["instrument"]: {
                    "urgent_below": float(row["urgent_below"]),
                    "develop_below": float(row["develop_below"]),
                }
                for row in _reference("severity_threshold", self.fiscal_year)
            },
            "weights": {
                row["instrument"]: float(row["weight"])
                for row in _reference("instrument", self.fiscal_year)
            },
        }

    def _means(self) -> Means:
        """(scope, province or type or None) -> {code: mean}: overall, IIT, EIT, EIT.public,
        EIT.survey, OIT and 1 to 10; None where fewer than two agencies have the figure."""
        means: Means = defaultdict(dict)
        columns = ", ".join(
            f"case when count({column}) > 1 then round(avg({column}), 2) end as {column}"
            for column in PART_COLUMNS.values()
        )
        for row in self._rows(
            f"""
                select case when grouping(province_code) = 0 then 'province' when
                grouping(agency_type) = 0 then 'type' else 'national' end as scope,
                    province_code, agency_type, {columns}
                from mart.assessment where fiscal_year = %s
                group by grouping sets ((), (province_code), (agency_type))""",  # noqa: S608 columns are ours
            self.fiscal_year,
        ):
            means[row["scope"], row["province_code"] or row["agency_type"]].update(
                {code: row[column] for code, column in PART_COLUMNS.items()}
            )
        for row in self._rows(
            """
                select scope, coalesce(province_code, agency_type) as key, indicator_no, mean_score
                from mart.indicator_summary
                where fiscal_year = %s and scope in ('province', 'type', 'national')
                    and agencies > 1""",
            self.fiscal_year,
        ):
            means[row["scope"], row["key"]][str(row["indicator_no"])] = row["mean_score"]
        return means

    def _enough(self) -> dict:
        """(scope, province or type or None) -> how many agencies must have a score before a rank
        of ours among them is printed: the year's share of the agencies that are registered."""
        (rule,) = (
            row
            for row in _reference("publication_rule", self.fiscal_year)
            if row["rule"] == "rank_from_share"
        )
        registered = self._rows(
            """select case when grouping(province_code) = 0 then 'province'
                    when grouping(agency_type) = 0 then 'type' else 'national' end as scope,
                coalesce(province_code, agency_type) as key, count(*) as agencies
            from mart.agency
            where first_fiscal_year <= %s and coalesce(last_fiscal_year, 9999) >= %s
            group by grouping sets ((), (province_code), (agency_type))""",
            self.fiscal_year,
            self.fiscal_year,
        )
        return {(r["scope"], r["key"]): r["agencies"] * float(rule["value"]) for r in registered}

    def _served(self, meaning: str) -> dict | None:
        """The OIT item that a pack is published for: {"item_code", "fiscal_year", "title_th",
        "weight"} in the framework of the measures' year, else of this one; None without one."""
        row = self._rows(
            """select item_code, fiscal_year, title_th, weight from mart.framework_item
            where meaning = %s and fiscal_year = %s""",
            meaning,
            self.oit_year,
        )
        return {key: _plain(value) for key, value in row[0].items()} if row else None

    def _oit_codes(self) -> tuple:
        """({meaning: item code}, the year of these codes): the year of the measures, or this one
        where that framework is not known yet."""
        next_year = {
            row["meaning"]: row["item_code"]
            for row in self._rows(
                "select meaning, item_code from mart.framework_item where fiscal_year = %s",
                self.fiscal_year + 1,
            )
        }
        if next_year:
            return next_year, self.fiscal_year + 1
        return {row["meaning"]: row["item_code"] for row in self.framework}, self.fiscal_year

    def _remedies(self) -> dict[str, dict[str, dict]]:
        """meaning -> severity -> remedy, with the OIT items that it will serve."""
        remedies: dict[str, dict[str, dict]] = defaultdict(dict)
        for row in self._rows("""select meaning, severity, deficiency_th, recommendation_th,
        measure_th, steps_th, responsible_kind, evidence_th,
                followup_th, oit_meanings from mart.remedy"""):
            served = [
                self.oit_codes[meaning]
                for meaning in (row.pop("oit_meanings") or "").split("|")
                if meaning in self.oit_codes
            ]
            remedies[row["meaning"]][row["severity"]] = {**row, "oit_items": served}
        return remedies


def _reference(name: str, fiscal_year: int) -> list:
    with (settings.SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["fiscal_year"] == str(fiscal_year)]


def read(
    connection: psycopg.Connection, year: Year, agency_ids: list[str], build: dict
) -> dict[str, dict]:
    """agency_id -> facts (`pack.schema.json` without analysis and checklist) for the agencies of
    `agency_ids` with scores in that year.

    `build` = {"build_id", "date"} of the publication that is read. All agencies come in one query
    a table.
    """
    fy, ids = year.fiscal_year, agency_ids

    def rows(query: str, *values: Any) -> list[dict]:
        return named_rows(query, values)

    def named_rows(query: str, values: Any) -> list[dict]:
        with connection.cursor(row_factory=dict_row) as cursor:
            return [
                {key: _plain(value) for key, value in row.items()}
                for row in cursor.execute(query, values).fetchall()
            ]

    def by_agency(query: str, *values: Any) -> dict[str, list[dict]]:
        found = defaultdict(list)
        for row in rows(query, *values):
            found[row.pop("agency_id")].append(row)
        return found

    assessments = rows(
        """
        select a.*, g.short_name_th, g.district_th, g.ministry_th, t.agency_type_th, t.is_local,
        t.is_small,
        p.province_th, p.region_th, p.region_status
        from mart.assessment a join mart.agency g using (agency_id)
        left join mart.agency_type t on t.agency_type = a.agency_type left join mart.province p on
        p.province_code = a.province_code
        where a.fiscal_year = %s and a.agency_id = any(%s)""",
        fy,
        ids,
    )
    history = peers.history(year, named_rows, ids)
    indicators = by_agency(
        """
        select agency_id, fiscal_year, indicator_no, indicator_th, score, recomputed_score, change
        from mart.indicator_score
        where agency_id = any(%s) and fiscal_year = %s order by indicator_no""",
        ids,
        fy,
    )
    scores = by_agency(
        """select agency_id, item_code, eit_part, score, points_lost from mart.item_score where
        fiscal_year = %s and agency_id = any(%s)""",
        fy,
        ids,
    )
    deficiencies = by_agency(
        """select agency_id, item_code, eit_part, severity, flagged, years_running from
        mart.agency_deficiency
        where fiscal_year = %s and agency_id = any(%s)""",
        fy,
        ids,
    )
    remarks = by_agency(
        """select agency_id, item_code, eit_part, topic_no, remark_th from mart.remark
        where fiscal_year = %s and agency_id = any(%s) order by remark_no""",
        fy,
        ids,
    )
    national = by_agency(
        f"""select agency_id, {", ".join(peers.RANKS)}
        from mart.national_ranking where fiscal_year = %s
        and agency_id = any(%s)""",  # noqa: S608 columns are ours
        fy,
        ids,
    )
    provincial = by_agency(
        f"""select agency_id, {", ".join(peers.PROVINCE_RANKS)},
            rank_change as province_rank_change
        from mart.provincial_ranking
        where fiscal_year = %s and agency_id = any(%s)""",  # noqa: S608 columns are ours
        fy,
        ids,
    )
    paths = by_agency(
        """select agency_id, level_code, next_level_code, points_needed, item_codes, reachable from
        mart.level_path
        where fiscal_year = %s and agency_id = any(%s)""",
        fy,
        ids,
    )
    plans = {year_: measures.read(named_rows, ids, year_) for year_ in (fy, fy + 1)}
    findings = by_agency(
        """select agency_id, measure_no, basis, severity, instrument, indicator_no, item_code,
            score, least_zero_items, likely_item_codes, because_th, serves_item_code, answered_by
        from mart.finding where fiscal_year = %s and agency_id = any(%s)
        order by measure_no, item_code""",
        fy,
        ids,
    )
    constraints = by_agency(
        """select agency_id, fiscal_year, kind, note_no, note_th from mart.constraint_note
        where fiscal_year in (%s, %s) and agency_id = any(%s) order by kind, note_no""",
        fy,
        fy + 1,
        ids,
    )

    files = by_agency(
        f"""select agency_id, submission_sha256, (received_at at time zone 'Asia/Bangkok')::date
            as arrived from ({FILES}) f where fiscal_year = %s and agency_id = any(%s)""",  # noqa: S608 a query of ours
        fy,
        ids,
    )

    found = {}
    for row in assessments:
        agency = row["agency_id"]
        found[agency] = {
            "pack_version": PACK_VERSION,
            "fiscal_year": fy,
            "measures_year": fy + 1,
            "build": build,
            "agency": _agency(row),
            "assessment": _assessment(row),
            "ranking": peers.ranking(year, row, national[agency], provincial[agency]),
            "means": peers.means(year, row),
            "indicators": [
                {
                    "indicator_no": i["indicator_no"],
                    "indicator_th": i["indicator_th"],
                    "instrument": year.indicators[i["indicator_no"]]["instrument"],
                    "score": i["score"],
                    "recomputed_score": i["recomputed_score"],
                    "change": i["change"],
                }
                for i in indicators[agency]
            ],
            "history": history[agency],
            "rules": year.rules,
            "items": _items(year, row, scores[agency], deficiencies[agency], findings[agency]),
            "topics": year.topics,
            "remarks": remarks[agency],
            "level_path": _path(year, paths[agency]),
            "findings": findings[agency],
            "measures": plans[fy + 1][agency],
            "last_measures": plans[fy][agency],
            "constraints": _latest(constraints[agency]),
            "next_constraints": [
                {"kind": note["kind"], "note_th": note["note_th"]}
                for note in constraints[agency]
                if note["fiscal_year"] == fy + 1
            ],
            "data_date": max((file["arrived"] for file in files[agency]), default=build["date"]),
            "sources": sorted({file["submission_sha256"] for file in files[agency]}),
        }
    return found


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


def _items(year: Year, row: dict, scores: Any, deficiencies: Any, findings: Any) -> Any:
    """Every item of the year's framework, in its order; one with stated EIT parts once a part; one
    without a score with null."""
    scored = defaultdict(list)
    for score in sorted(scores, key=lambda s: s["eit_part"] or ""):
        scored[score["item_code"]].append(score)
    weak = {(d["item_code"], d["eit_part"]): d for d in deficiencies}
    relative = {f["item_code"] for f in findings if f["basis"] == "relative"}
    items = []
    for item in year.framework:
        shared = {
            "province": year.shared.get(("province", row["province_code"], item["item_code"])),
            "type": year.shared.get(("type", row["agency_type"], item["item_code"])),
        }
        for score in scored[item["item_code"]] or [
            {"eit_part": None, "score": None, "points_lost": None}
        ]:
            deficiency = weak.get((item["item_code"], score["eit_part"]))
            severity = (
                deficiency["severity"]
                if deficiency
                else "keep"
                if score["score"] is not None
                else None
            )
            items.append(
                {
                    "item_code": item["item_code"],
                    "eit_part": score["eit_part"],
                    "instrument": item["instrument"],
                    "indicator_no": item["indicator_no"],
                    "indicator_th": year.indicators[item["indicator_no"]]["indicator_th"],
                    "sub_indicator": item["sub_indicator"],
                    "sub_indicator_th": year.sub_indicators.get(item["sub_indicator"]),
                    "title_th": item["title_th"],
                    "title_status": item["status"],
                    "meaning": item["meaning"],
                    "score": score["score"],
                    "points_lost": score["points_lost"],
                    "severity": severity,
                    "flagged": bool(deficiency and deficiency["flagged"]),
                    "years_running": deficiency["years_running"] if deficiency else None,
                    "topic_nos": sorted(item["topic_nos"] or []),
                    "topic_status": "derived" if item["item_code"] in year.derived else "confirmed",
                    "shared": shared if deficiency else None,
                    "remedies": _remedies(
                        year,
                        row,
                        item["meaning"],
                        "develop" if item["item_code"] in relative else severity,
                    ),
                }
            )
    return items


def _remedies(year: Year, row: dict, meaning: Any, severity: Any) -> dict:
    """{severity: remedy} of an item's severity; nothing for an item whose score is not known."""
    remedy = severity and year.remedies.get(meaning, {}).get(severity)
    if not remedy:
        return {}
    kept = ("deficiency_th", "recommendation_th", "oit_items")
    return {severity: {key: remedy[key] for key in kept}}


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


def _plain(value: Any) -> Any:
    """Decimals as numbers, dates as ISO text: what JSON can hold."""
    if isinstance(value, Decimal):
        whole = value == value.to_integral_value()  # NaN, whose exponent is a letter, is not
        exact = whole and value.as_tuple().exponent >= 0  # type: ignore[operator]  # a number
        return int(value) if exact else float(value)
    if isinstance(value, date):
        return value.isoformat()
    return value


def sha256(facts: dict) -> str:
    """The hash of all facts but the build that they were read from."""
    kept = {key: value for key, value in facts.items() if key != "build"}
    return hashlib.sha256(json.dumps(kept, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


# The files that a pack is made of: content of the measures' year comes with the results of the
# year before.
FILES = """
    select agency_id, fiscal_year, kind, authority, submission_sha256, received_at from
    mart.current_submission
    union all
    select agency_id, fiscal_year - 1, kind || ' of the next year', authority, submission_sha256,
    received_at from mart.current_submission
    where kind in ('measures', 'constraints')"""

OWN_KEYS = f"""
    select a.agency_id, a.fiscal_year, coalesce(a.province_code, '00') as province_code,
        md5(concat_ws('|', a.name_th, a.agency_type, a.province_code, files.files)) as own_key
    from mart.assessment a
    join (select agency_id, fiscal_year, string_agg(concat_ws(' ', kind, authority,
    submission_sha256, received_at), ',' order by kind, authority) as files
          from ({FILES}) f group by agency_id, fiscal_year) as files using (agency_id, fiscal_year)
    order by a.fiscal_year, 3, a.agency_id"""  # noqa: S608 a query of ours


def own_keys(connection: psycopg.Connection) -> list[dict]:
    """agency_id, fiscal_year, province_code ("00" central), own_key of every agency and year with
    scores; own_key changes when its own data do."""
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(OWN_KEYS).fetchall()
