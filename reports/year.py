"""What all packs of one fiscal year share, read once for all: framework, rules, means, remedies.

Read as the role ita_pack, from schema `mart` only; the year's thresholds and weights from the
reference data.
"""

import csv
from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Any

import psycopg
from psycopg.rows import dict_row

from warehouse import settings

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
    """A fiscal year (B.E.): `framework` its items in order, `rules`, `means` of peers, `enough` for
    a rank, `shared` how common each deficiency is, `remedies`."""

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
        self.oit_items = self._oit_items()
        self.oit_year = next((i["fiscal_year"] for i in self.oit_items.values()), fiscal_year)
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
            "pass_min": plain(
                min(
                    (level["overall_min"] for level in self.levels if level["is_pass"]),
                    default=None,
                )
            ),
            "levels": [
                {key: plain(level[key]) for key in ("level_th", "overall_min", "each_part_min")}
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
        "weight", "weight_year"} in the numbering of `oit_year`; None without one. Its weight is
        that of the same item in the results' year where the next weights are not known yet."""
        item = self.oit_items.get(meaning)
        if not item:
            return None
        weights = self._rows(
            """select fiscal_year as weight_year, weight from mart.framework_item
            where meaning = %s and fiscal_year in (%s, %s) order by fiscal_year desc limit 1""",
            meaning,
            self.fiscal_year,
            self.oit_year,
        )
        known = weights[0] if weights else {"weight_year": None, "weight": None}
        return {**item, **{key: plain(value) for key, value in known.items()}}

    def _oit_items(self) -> dict[str, dict]:
        """meaning -> {"item_code", "fiscal_year", "title_th"} in the numbering of the measures'
        year, or of this one while the OIT items of the next are not linked to those before (as
        int_oit_code does; `mart.framework_item` has no provisional year)."""
        for fiscal_year in (self.fiscal_year + 1, self.fiscal_year):
            links = {
                row["item_code"]: row["meaning"] for row in _reference("item_meaning", fiscal_year)
            }
            found = {
                links[item["item_code"]]: {
                    "item_code": item["item_code"],
                    "fiscal_year": fiscal_year,
                    "title_th": item["title_th"],
                }
                for item in _reference("framework_item", fiscal_year)
                if item["instrument"] == "OIT" and item["item_code"] in links
            }
            if found:
                return found
        return {}

    def _remedies(self) -> dict[str, dict[str, dict]]:
        """meaning -> severity -> remedy, with the OIT items that it will serve."""
        remedies: dict[str, dict[str, dict]] = defaultdict(dict)
        for row in self._rows("""select meaning, severity, deficiency_th, recommendation_th,
        measure_th, steps_th, responsible_kind, evidence_th,
                followup_th, oit_meanings from mart.remedy"""):
            served = [
                self.oit_items[meaning]["item_code"]
                for meaning in (row.pop("oit_meanings") or "").split("|")
                if meaning in self.oit_items
            ]
            remedies[row["meaning"]][row["severity"]] = {**row, "oit_items": served}
        return remedies


def _reference(name: str, fiscal_year: int) -> list:
    with (settings.SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["fiscal_year"] == str(fiscal_year)]


def plain(value: Any) -> Any:
    """Decimals as numbers, dates as ISO text: what JSON can hold."""
    if isinstance(value, Decimal):
        whole = value == value.to_integral_value()  # NaN, whose exponent is a letter, is not
        exact = whole and value.as_tuple().exponent >= 0  # type: ignore[operator]  # a number
        return int(value) if exact else float(value)
    if isinstance(value, date):
        return value.isoformat()
    return value
