"""What the open site says, read from the published build.

Cells (means and counts over several agencies) are read as the role ita_site, which sees only those
that every province may see (docs/small-cells.md). What is public of a single agency (overall,
level, parts, ten indicators, ranks) is read as ita_pack, in one query.
"""

import csv
from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import psycopg
from psycopg.rows import dict_row

from warehouse import settings

CENTRAL = "00"  # the agencies of no province, as in the packs' folders
SHAPES = Path(__file__).parent / "province_shape.csv"

# One JSON document an agency and year: all that its page says of the agency itself. A rank of ours
# is there only where enough of the registered agencies have a score (publication_rule.csv), as in
# the packs. Its text is also what tells whether the page is out of date.
AGENCY_YEARS = """
with registered as (
    select y.fiscal_year, a.province_code, a.agency_type, count(*) as agencies,
        grouping(a.province_code) = 0 as of_province, grouping(a.agency_type) = 0 as of_type
    from mart.fiscal_year as y
    join mart.agency as a on a.first_fiscal_year <= y.fiscal_year
        and coalesce(a.last_fiscal_year, 9999) >= y.fiscal_year
    group by grouping sets (
        (y.fiscal_year), (y.fiscal_year, a.province_code), (y.fiscal_year, a.agency_type))),
enough as (
    select r.fiscal_year, r.province_code, r.agency_type, r.of_province, r.of_type,
        r.agencies * s.share as least
    from registered as r
    join unnest(%(years)s::int[], %(shares)s::numeric[]) as s (fiscal_year, share)
        using (fiscal_year)),
indicator as (
    select agency_id, fiscal_year,
        json_agg(json_build_array(indicator_no, score, change) order by indicator_no) as scores
    from mart.indicator_score
    where fiscal_year = any(%(of)s) or agency_id = any(%(and)s)
    group by agency_id, fiscal_year),
newest as (select max(fiscal_year) as fiscal_year from mart.assessment),
scored as (
    select agency_id, fiscal_year,
        json_agg(json_build_array(fiscal_year, overall_score, level_th)) over (
            partition by agency_id order by fiscal_year) as series,
        json_agg(fiscal_year) over (partition by agency_id) as years
    from mart.assessment),
successor as (
    select g.agency_id, json_build_array(g.agency_id, g.name_th,
        coalesce(g.last_fiscal_year < newest.fiscal_year, false)
        or exists (select from mart.assessment as a where a.agency_id = g.agency_id
            and a.fiscal_year = newest.fiscal_year)) as said
    from mart.agency as g, newest
    where g.agency_id in (select replaced_by from mart.agency)),
predecessor as (
    select replaced_by as agency_id, json_agg(
        json_build_array(agency_id, name_th, last_fiscal_year) order by agency_id) as predecessors
    from mart.agency where replaced_by is not null group by replaced_by),
document as (
    select a.agency_id, a.fiscal_year, a.agency_type, json_build_object(
        'agency_id', a.agency_id, 'fiscal_year', a.fiscal_year, 'name', a.name_th,
        'type', a.agency_type, 'province', a.province_code, 'district', g.district_th,
        'score', a.overall_score, 'source', a.score_source, 'level', a.level_code,
        'level_th', a.level_th, 'level_source', a.level_source, 'reason', a.level_reason_th,
        'parts', json_build_array(
            a.iit_score, a.eit_public_score, a.eit_survey_score, a.eit_score, a.oit_score),
        'national', case when n.national_count >= en.least then
            json_build_array(n.national_rank, n.national_count, n.rank_change) end,
        'type_rank', case when n.type_count >= et.least then
            json_build_array(n.type_rank, n.type_count, n.type_rank_change) end,
        'province_rank', case when p.province_count >= ep.least then
            json_build_array(p.province_rank, p.province_count, p.rank_change) end,
        'published_province_rank', a.published_province_rank,
        'published_type_rank', a.published_type_rank,
        'indicators', i.scores,
        'series', c.series,
        'years', c.years,
        'successor', s.said, 'last', g.last_fiscal_year,
        'before', b.predecessors) as facts
    from mart.assessment as a
    join scored as c using (agency_id, fiscal_year)
    join mart.agency as g using (agency_id)
    left join mart.national_ranking as n using (agency_id, fiscal_year)
    left join mart.provincial_ranking as p using (agency_id, fiscal_year)
    left join indicator as i using (agency_id, fiscal_year)
    left join enough as en on en.fiscal_year = a.fiscal_year
        and not en.of_province and not en.of_type
    left join enough as et on et.of_type and et.fiscal_year = a.fiscal_year
        and et.agency_type = a.agency_type
    left join enough as ep on ep.of_province and ep.fiscal_year = a.fiscal_year
        and ep.province_code = a.province_code
    left join successor as s on s.agency_id = g.replaced_by
    left join predecessor as b on b.agency_id = a.agency_id
    where a.fiscal_year = any(%(of)s) or a.agency_id = any(%(and)s))
select agency_id, fiscal_year, agency_type, facts::text from document
order by fiscal_year, agency_id"""
LISTED = """
    select a.fiscal_year, a.agency_id, a.name_th, a.agency_type, a.province_code, g.district_th,
        a.overall_score, a.level_code, a.level_th, n.national_rank, n.rank_change, p.province_rank
    from mart.assessment as a join mart.agency as g using (agency_id)
    left join mart.national_ranking as n using (agency_id, fiscal_year)
    left join mart.provincial_ranking as p using (agency_id, fiscal_year)
    where a.fiscal_year = %s
    order by n.national_rank nulls last, g.name_sort_key, a.agency_id"""
TYPES = """
    select fiscal_year, agency_type, count(*) as agencies,
        round(avg(overall_score), 2) as mean_score,
        count(*) filter (where is_pass) as agencies_passed,
        round(100.0 * count(*) filter (where is_pass) / count(*), 2) as pass_share
    from mart.assessment where overall_score is not null
    group by fiscal_year, agency_type"""
NAMES = """
    select agency_id, name_th, agency_type, province_code, district_th, first_fiscal_year,
        last_fiscal_year, replaced_by
    from mart.agency order by name_sort_key, agency_id"""


Document = tuple[str, int, str, str]  # agency, year, its type, its facts as JSON text


class Facts:
    """What all pages share, read once; `site` and `packs` are connections of ita_site and
    ita_pack."""

    def __init__(self, site: psycopg.Connection, packs: psycopg.Connection) -> None:
        self.site, self.packs = site, packs
        site.row_factory = dict_row  # type: ignore[assignment]
        self.national = {row["fiscal_year"]: row for row in self._site("national_summary")}
        self.years = sorted(self.national)
        self.new_years = self.years  # whose pages of types, provinces and items are written
        self.types = {row["agency_type"]: row for row in self._site("agency_type", "type_order")}
        provinces = _csv(settings.SEEDS / "province.csv")
        self.provinces: dict[str, dict[str, Any]] = {row["province_code"]: row for row in provinces}
        self.levels = _by_year(self._site("rating_level", "level_order"))
        self.indicators = _by_year(self._site("indicator", "indicator_no"))
        self.items = _by_year(self._site("framework_item", "item_order"))
        self._listed: dict[int, list[dict[str, Any]]] = {}
        self.shapes = {row["province_code"]: row["path"] for row in _csv(SHAPES)}

    def _site(self, view: str, order: str = "1") -> list[dict[str, Any]]:
        # names of ours, in this file
        return self._rows(f"select * from mart.{view} order by {order}")  # noqa: S608

    def _rows(self, query: str, *values: Any) -> list[dict[str, Any]]:
        return self.site.execute(query, values).fetchall()  # type: ignore[return-value]

    @cached_property
    def province_years(self) -> dict[tuple[int, str], dict[str, Any]]:
        rows = self._site("province_summary")
        return {(row["fiscal_year"], row["province_code"]): row for row in rows}

    @cached_property
    def type_years(self) -> dict[tuple[int, str], dict[str, Any]]:
        return {(row["fiscal_year"], row["agency_type"]): row for row in self._rows(TYPES)}

    @cached_property
    def indicator_means(self) -> dict[tuple[int, str | None], dict[int, Any]]:
        """(year, type or None for the country) -> {indicator: mean score}; cells of five."""
        means: dict[tuple[int, str | None], dict[int, Any]] = defaultdict(dict)
        for row in self._rows(
            """select fiscal_year, agency_type, indicator_no, mean_score from mart.indicator_summary
            where scope in ('national', 'type') order by 1, 2, 3"""
        ):
            means[row["fiscal_year"], row["agency_type"]][row["indicator_no"]] = row["mean_score"]
        return means

    @cached_property
    def deficiencies(self) -> dict[tuple[int, str], dict[tuple[str, str | None], dict[str, Any]]]:
        """(year, item) -> {(scope, province or type or None): cell}; cells of five. Of years that
        are not new the country's alone."""
        cells: dict[tuple[int, str], dict[tuple[str, str | None], dict[str, Any]]]
        cells = defaultdict(dict)
        for row in self._rows(
            """select fiscal_year, scope, province_code, agency_type, item_code,
                agencies_assessed, agencies_deficient, deficient_share, mean_score,
                persistent_agencies, deficiency_rank
            from mart.common_deficiency where scope = 'national'
                or scope in ('type', 'province') and fiscal_year = any(%s)""",
            self.new_years,
        ):
            where = (row["scope"], row["province_code"] or row["agency_type"])
            cells[row["fiscal_year"], row["item_code"]][where] = row
        return cells

    @cached_property
    def remedies(self) -> dict[str, list[dict[str, Any]]]:
        """meaning -> its remedies, the urgent one first."""
        found = defaultdict(list)
        for row in self._rows("select * from mart.remedy order by meaning, severity desc"):
            found[row["meaning"]].append(row)
        return found

    @cached_property
    def names(self) -> list[dict[str, Any]]:
        """Every agency of the registry, in the order of the Thai alphabet."""
        return self._rows(NAMES)

    def listed(self, fiscal_year: int) -> list[dict[str, Any]]:
        """The year's agencies with what a table of them says, by national rank."""
        if fiscal_year not in self._listed:
            self._listed[fiscal_year] = self._rows(LISTED, fiscal_year)
        return self._listed[fiscal_year]

    @cached_property
    def assessed(self) -> list[tuple[int, str]]:
        """(year, agency) of all that have a page."""
        query = "select fiscal_year, agency_id from mart.assessment"
        return self.packs.execute(query).fetchall()

    def documents(self, years: list[int], agencies: list[str]) -> Iterator[Document]:
        """Those of these years and, of all years, of these agencies; streamed: some 8 MB a
        year."""
        with self.packs.cursor(name="documents") as cursor:
            cursor.itersize = 2000
            cursor.execute(AGENCY_YEARS, {**_shares(), "of": years, "and": agencies})
            yield from cursor


def _shares() -> dict[str, list[Any]]:
    """The year's share of registered agencies from which a rank of ours is printed."""
    rows = [
        row
        for row in _csv(settings.SEEDS / "publication_rule.csv")
        if row["rule"] == "rank_from_share"
    ]
    return {
        "years": [int(row["fiscal_year"]) for row in rows],
        "shares": [row["value"] for row in rows],
    }


def _csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _by_year(rows: list[dict[str, Any]]) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        found[row["fiscal_year"]].append(row)
    return found
