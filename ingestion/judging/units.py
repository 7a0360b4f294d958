"""Who and when: every row gets its unit, the agency and year in one file that it is of."""

import numpy as np

from ingestion.agencies import Resolution, assessed, resolve
from ingestion.judging.batch import SCORE_TABLES, Batch, Rows, Unit
from ingestion.judging.coded import group
from ingestion.normalise import fiscal_year
from ingestion.submission import AGENCY_COLUMNS


def identify(batch: Batch) -> None:
    """Give every row its unit: each different (file, year, agency as written) is resolved once."""
    who: dict[tuple, int] = {}
    known: dict[tuple, int] = {}
    for rows in batch.rows.values():
        columns = ["fiscal_year", *AGENCY_COLUMNS]
        groups, firsts = group([rows.file, *(rows.table[column] for column in columns)])
        heads = rows.table.iloc[firsts][columns].astype(str).itertuples(index=False, name=None)
        units = np.empty(len(firsts), dtype=np.int64)
        for index, (row, head) in enumerate(zip(firsts.tolist(), heads, strict=True)):
            # Measures may be of an agency that scores are not (`_resolved`).
            key = (rows.name in SCORE_TABLES, int(rows.file[row]), *head)
            if key not in who:
                who[key] = _unit(batch, known, rows, row, *head)
            units[index] = who[key]
            _check_year(batch, batch.units[units[index]], rows, row)
        rows.unit = units[groups]


def _unit(batch: Batch, known: dict, rows: Rows, row: int, year_written: str, *agency: str) -> int:
    """The position of the unit of (agency, year) as written; a new one where there is none."""
    file, (agency_id, name) = int(rows.file[row]), agency[:2]
    year = fiscal_year(year_written) or 0
    found = _resolved(batch, rows, file, year, agency)
    whole = found.agency_id and year
    key = (file, found.agency_id, year) if whole else (file, year_written, *agency)
    if key not in known:
        known[key] = len(batch.units)
        shown = found.agency_id or agency_id or name
        by_name = not agency_id and not agency[2] and not batch.files[file].submission.named
        unit = Unit(file, found.agency_id, shown, name, year, year_written, by_name)
        batch.units.append(unit)
    unit = batch.units[known[key]]
    for rule, details in found.notes:
        place = rows.place(row, "agency_id" if agency_id else "agency_name")
        batch.note(unit, rule, place, **details)
    return known[key]


def _resolved(batch: Batch, rows: Rows, file: int, year: int, agency: tuple) -> Resolution:
    """The agency that a row names, as of its year."""
    found = _who(batch, file, year or max(batch.framework.years), agency)
    if not found.agency_id and rows.name not in SCORE_TABLES and year:
        # Measures are planned in the year before: an agency that ended with it may still send them.
        before = _who(batch, file, year - 1, agency)
        found = before if before.agency_id else found
    return found


def _who(batch: Batch, file: int, year: int, agency: tuple[str, ...]) -> Resolution:
    """The agency of a row; in a published document, the one that the whole document is about."""
    named = batch.files[file].submission.named
    if named:
        return assessed(batch.registry, year, named, *agency[1:])
    return resolve(batch.registry, year, *agency)


def _check_year(batch: Batch, unit: Unit, rows: Rows, row: int) -> None:
    """Scores are taken of years whose framework is whole; all else also of those around them."""
    known, of_scores = batch.framework, rows.name in SCORE_TABLES
    fits = unit.year in (known.years if of_scores else known.plan_years)
    kind = "scores" if of_scores else rows.name
    if fits or kind in unit.told:
        return
    unit.told.add(kind)
    provisional = of_scores and unit.year in known.provisional
    taken = known.years if of_scores else known.plan_years
    batch.note(
        unit,
        "provisional_fiscal_year" if provisional else "unknown_fiscal_year",
        rows.place(row, "fiscal_year"),
        value=unit.year_written,
        expected=f"{min(taken)}–{max(taken)}",
    )


def take_reader_findings(batch: Batch) -> None:
    """What the readers found; an error rejects the units that it names, all where it names none."""
    for index, file in enumerate(batch.files):
        for found in file.submission.findings:
            batch.judged[index].add(found)
            if found.severity != "error":
                continue
            for unit in batch.units:
                same_agency = found.agency in ("", unit.agency, unit.agency_id, unit.name)
                same_year = found.fiscal_year in ("", unit.year_written, str(unit.year))
                if unit.file == index and same_agency and same_year:
                    unit.rejected = True
