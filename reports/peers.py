"""What a pack says of an agency beside others and over the years: ranks, means, its series.

Nothing is compared with nobody: a scope in which an agency is alone has no rank and no mean. A rank
of ours that rests on too few agencies of the year, or that the published one contradicts, is left
out.
"""

from collections import defaultdict
from collections.abc import Callable

from reports.year import Year

RANKS = (
    "national_rank",
    "national_count",
    "type_rank",
    "type_count",
    "percentile",
    "rank_change",
    "type_rank_change",
)
PROVINCE_RANKS = ("province_rank", "province_count", "province_type_rank", "province_type_count")
# Of each scope: the columns of its rank, the first two the rank and the count.
SCOPES = {
    "national": ("national_rank", "national_count", "percentile", "rank_change"),
    "type": ("type_rank", "type_count", "type_rank_change"),
    "province": ("province_rank", "province_count", "province_rank_change"),
    "province_type": ("province_type_rank", "province_type_count"),
}
YEARS = 5  # of a series, this one included


def ranking(year: Year, row: dict, national: list[dict], provincial: list[dict]) -> dict | None:
    """The ranks of an agency that may be printed, None for the others; None without any.

    row: its assessment; national, provincial: its rows of the rankings.
    """
    if not national:
        return None
    found = {
        **dict.fromkeys((*PROVINCE_RANKS, "province_rank_change")),
        **national[0],
        **(provincial[0] if provincial else {}),
    }
    for scope in SCOPES:
        if not _may_be_printed(year, row, scope, found):
            found |= dict.fromkeys(SCOPES[scope])
    return found


def _may_be_printed(year: Year, row: dict, scope: str, ranks: dict) -> bool:
    """Does a computed rank rest on enough agencies, and does the published one agree with it?"""
    rank, count, *_ = SCOPES[scope]
    key = {"type": row["agency_type"], "province": row["province_code"]}.get(scope)
    enough = max(2, year.enough.get((scope, key), 0))
    published = row.get(f"published_{scope}_rank")
    return (ranks[count] or 0) >= enough and published in (None, ranks[rank])


def means(year: Year, row: dict) -> dict[str, dict[str, float | None]]:
    """{code: {scope: mean}} of the agency's province, type and the country; None where fewer than
    two agencies have the figure."""
    scopes = {
        "province": year.means.get(("province", row["province_code"]), {})
        if row["province_code"]
        else {},
        "type": year.means.get(("type", row["agency_type"]), {}),
        "national": year.means.get(("national", None), {}),
    }
    codes = dict.fromkeys(code for found in scopes.values() for code in found)
    return {
        code: {
            scope: None if (mean := found.get(code)) is None else float(mean)
            for scope, found in scopes.items()
        }
        for code in codes
    }


# The agency and its line of sole predecessors: one that alone took the place of one other goes on
# with its series; a merger of several and a split into several do not (contract, definitions).
LINE = """
    with recursive line as (
        select agency_id, agency_id as source_id, 0 as steps
        from unnest(%(ids)s::text[]) as agency_id
        union all
        select line.agency_id, p.agency_id, line.steps + 1
        from line
        join mart.agency as p on p.replaced_by = line.source_id
        where line.steps < 20 and not exists (
            select from mart.agency as other
            where line.source_id = any (string_to_array(other.replaced_by, '|'))
                and other.agency_id <> p.agency_id
        )
    ),

    series as (
        select distinct on (line.agency_id, a.fiscal_year)
            line.agency_id, a.fiscal_year, line.source_id, a.name_th, line.steps,
            a.overall_score, a.level_code, a.level_th, a.agency_type, a.province_code,
            a.published_type_rank, a.published_province_rank
        from line
        join mart.assessment as a on a.agency_id = line.source_id
        where a.fiscal_year between %(first)s and %(last)s
        order by line.agency_id, a.fiscal_year, line.steps
    )
"""
HISTORY = (
    LINE  # noqa: S608 a query of ours
    + """
    select s.agency_id, s.fiscal_year, case when s.steps > 0 then s.name_th end as predecessor_th,
        s.overall_score, s.level_code, s.level_th, s.agency_type, s.province_code,
        s.published_type_rank, s.published_province_rank, n.national_rank, n.national_count,
        n.type_rank, n.type_count, p.province_rank, p.province_count
    from series as s
    left join mart.national_ranking as n
        on n.agency_id = s.source_id and n.fiscal_year = s.fiscal_year
    left join mart.provincial_ranking as p
        on p.agency_id = s.source_id and p.fiscal_year = s.fiscal_year
    order by s.agency_id, s.fiscal_year"""
)
INDICATORS = (
    LINE  # noqa: S608 a query of ours
    + """
    select s.agency_id, s.fiscal_year, i.indicator_no, i.score
    from series as s
    cross join lateral (
        -- by its index: nobody can guess how long a line is, and all indicators were read for one
        select indicator_no, score from mart.indicator_score
        where agency_id = s.source_id and fiscal_year = s.fiscal_year
        offset 0
    ) as i
    order by s.agency_id, s.fiscal_year, i.indicator_no"""
)


KEPT = (
    "fiscal_year",
    "predecessor_th",
    "overall_score",
    "level_code",
    "level_th",
    "national_rank",
    "national_count",
    "type_rank",
    "type_count",
    "province_rank",
    "province_count",
)


def history(
    year: Year, rows: Callable[[str, dict], list[dict]], agency_ids: list[str]
) -> dict[str, list[dict]]:
    """agency_id -> its last five years, oldest first: score, level, ranks, and `indicators`
    {number: score}; `predecessor_th` names whose the year was, None for its own. A rank that may
    not be printed is None."""
    values = {"ids": agency_ids, "first": year.fiscal_year - YEARS + 1, "last": year.fiscal_year}
    indicators: dict[tuple[str, int], dict[str, float | None]] = defaultdict(dict)
    for row in rows(INDICATORS, values):
        indicators[row["agency_id"], row["fiscal_year"]][str(row["indicator_no"])] = row["score"]
    found = defaultdict(list)
    for row in rows(HISTORY, values):
        for scope in ("national", "type", "province"):
            if not _may_be_printed(year, row, scope, row):
                row |= dict.fromkeys(SCOPES[scope][:2])
        of_year = indicators[row["agency_id"], row["fiscal_year"]]
        found[row["agency_id"]].append({key: row[key] for key in KEPT} | {"indicators": of_year})
    return found
