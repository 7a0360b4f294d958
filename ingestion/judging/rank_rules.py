"""Published ranks beside the number of agencies that there are: nobody can be behind all others."""

from collections import Counter
from functools import cache

from ingestion.agencies import Agency
from ingestion.judging.batch import Batch, Unit

WHOLE = 0.95  # share of the assessed agencies from which a registry is a witness


def check_ranks(batch: Batch) -> None:
    """Warn of rank 0 and of ranks beyond the number of agencies; they are kept as published.

    Only a registry with nearly all agencies of the year can tell (a checked file alone brings its
    own); as many as it lacks might be of the scope.
    """

    @cache
    def registered(year: int) -> list[Agency]:
        rows = batch.registry.rows()
        return [row for row in rows if batch.registry.row(row.agency_id, year) is row]

    @cache
    def counts(year: int) -> tuple[int, Counter, Counter] | None:
        rows, assessed = registered(year), batch.framework.agencies_assessed.get(year)
        if not assessed or len(rows) < WHOLE * assessed:
            return None
        provinces = Counter(row.province_code for row in rows if row.province_code)
        lacking = max(0, assessed - len(rows))
        return lacking, provinces, Counter(row.agency_type for row in rows)

    for unit in batch.units:
        row = batch.registry.row(unit.agency_id, unit.year) if unit.ranks != (None, None) else None
        if row is None:
            continue
        lacking, provinces, types = counts(unit.year) or (0, Counter(), Counter())
        in_province, in_type = provinces[row.province_code], types[row.agency_type]
        _check(batch, unit, unit.ranks[0], in_province and in_province + lacking, "province_rank")
        _check(batch, unit, unit.ranks[1], in_type and in_type + lacking, "type_rank")


def _check(batch: Batch, unit: Unit, rank: int | None, most: int, scope: str) -> None:
    if rank is not None and (rank == 0 or most and rank > most):
        batch.note(
            unit, "rank_beyond_count", value=str(rank), code=scope, expected=f"1–{most or '…'}"
        )
