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
        "weight"} in the framework of the measures' year, else of this one; None without one."""
        row = self._rows(
            """select item_code, fiscal_year, title_th, weight from mart.framework_item
            where meaning = %s and fiscal_year = %s""",
            meaning,
            self.oit_year,
        )
        return {key: plain(value) for key, value in row[0].items()} if row else None

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


def plain(value: Any) -> Any:
    """Decimals as numbers, dates as ISO text: what JSON can hold."""
    if isinstance(value, Decimal):
        whole = value == value.to_integral_value()  # NaN, whose exponent is a letter, is not
        exact = whole and value.as_tuple().exponent >= 0  # type: ignore[operator]  # a number
        return int(value) if exact else float(value)
    if isinstance(value, date):
        return value.isoformat()
    return value
