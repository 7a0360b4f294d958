"""Judge submissions by the rules of the contract (§2): which units are accepted, what goes into raw, what the sender must know.

The unit is one agency and year in one file. Everything is done for a batch of files at once and column by column: a national table has
millions of rows and a night may bring thousands of small files.
"""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

import numpy as np
import pandas as pd

from ingestion import scoring
from ingestion.agencies import Registry, Resolution
from ingestion.framework import PARTS, Framework, Year
from ingestion.judge_others import (
    constraint_rows,
    measure_rows,
    progress_rows,
    registry_rows,
    whole_number,
)
from ingestion.normalise import digits, fiscal_year, item_code, number
from ingestion.places import at_column, in_thai
from ingestion.rules import finding, rules
from ingestion.submission import AGENCY_COLUMNS, Finding, Submission

LISTED = 100  # findings of one rule that a receipt lists; all are counted
JUMP = 30  # points from one year to the next
PLAN_YEARS = 3  # measures may be of a year that has no framework yet, this many after the last
SCORE_TABLES = ("scores", "remarks", "ranks")
_PARTS = {"public": ("public", "ส่วนที่1", "part1"), "survey": ("survey", "ส่วนที่2", "part2")}
_LEVELS = {
    "overall": "overall ภาพรวม คะแนนรวม คะแนนภาพรวม รวม",
    "instrument": "instrument instruments เครื่องมือ รายเครื่องมือ",
    "indicator": "indicator indicators ตัวชี้วัด รายตัวชี้วัด ตัวชี้วัดหลัก",
    "sub_indicator": "subindicator subindicators ตัวชี้วัดย่อย รายตัวชี้วัดย่อย",
    "item": "item items ข้อ ข้อคำถาม รายข้อ",
}
_LEVEL_NAMES = {"": ""} | {
    name: level for level, names in _LEVELS.items() for name in names.split()
}
_TRUE = {"true", "1", "yes", "y", "x", "✓", "✔", "ใช่"}


class File(NamedTuple):
    """One file to judge."""

    sha256: str
    authority: str  # nacc or agency
    submission: Submission


@dataclass
class Judged:
    """What came of one file. `tables` holds the accepted rows, as the tables of raw.* of the same name, without submission_sha256."""

    sha256: str
    layout: str | None
    state: str = "rejected"
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    counted: Counter = field(
        default_factory=Counter
    )  # rule → how often, also where not all are listed
    rows_read: int = 0
    rows_accepted: int = 0
    agencies: int = 0
    units: list[dict] = field(
        default_factory=list
    )  # for the receipt: agency, year, accepted, recomputed

    @property
    def errors(self) -> int:
        """How many findings are errors."""
        return sum(
            count for rule, count in self.counted.items() if rules()[rule]["severity"] == "error"
        )

    @property
    def warnings(self) -> int:
        """How many findings are warnings."""
        return sum(self.counted.values()) - self.errors

    def add(self, found: Finding) -> None:
        """Count a finding, and list it while there is room."""
        self.counted[found.rule] += 1
        if self.counted[found.rule] <= LISTED:
            self.findings.append(found)


def refused(sha256: str, found: Finding) -> Judged:
    """The judgement of a file that could not be read."""
    judged = Judged(sha256, None)
    judged.add(found)
    return judged


def judge(
    files: list[File],
    framework: Framework,
    registry: Registry,
    last_overall: dict[tuple[str, int], float],
) -> list[Judged]:
    """Judge a batch. `last_overall`: (agency_id, fiscal year B.E.) → the overall score that the warehouse holds, for the jump warning.

    The same file gives the same judgement whatever else is in the batch.
    """
    return _Batch(files, framework, registry, last_overall).run()


@dataclass
class _Unit:
    file: int
    agency_id: str  # '' unknown
    agency: str  # for findings: the id, or the name as read
    name: str  # as read
    year: int  # 0 unknown
    year_written: str
    rejected: bool = False
    kinds: set[str] = field(default_factory=set)  # what it holds that can be recorded
    told: set[str] = field(default_factory=set)  # tables whose wrong year is already said
    ranks: tuple[int | None, int | None] = (None, None)
    overall: float = float("nan")


class _Figure(NamedTuple):
    level: str
    code: str
    part: str
    rule: str = ""  # an error rule, '' if it belongs to the year's framework

    @property
    def name(self) -> str:
        """overall, IIT, EIT.public, 6, 9.1, i1, e1.public"""
        return (self.code or "overall") + (f".{self.part}" if self.part else "")


class _Batch:
    def __init__(
        self, files: list[File], framework: Framework, registry: Registry, last_overall: dict
    ):
        self.files, self.framework, self.registry, self.last_overall = (
            files,
            framework,
            registry,
            last_overall,
        )
        self.judged = [Judged(file.sha256, file.submission.layout) for file in files]
        self.units: list[_Unit] = []
        self.tables: dict[str, pd.DataFrame] = {}
        self.file_of: dict[str, np.ndarray] = {}
        self.unit_of: dict[str, np.ndarray] = {}

    def run(self) -> list[Judged]:
        for name in ("scores", "remarks", "ranks", "measures", "progress", "constraints"):
            self._gather(name)
        self._identify()
        self._take_reader_findings()
        scores = self._scores()
        others = {
            "measure": self._rows("measures", measure_rows),
            "progress": self._rows("progress", progress_rows),
            "constraint_note": self._rows("constraints", constraint_rows),
        }
        self._ranks()
        remarks = self._remarks(scores)
        for unit in self.units:
            if not unit.kinds and not unit.rejected:
                self._note(
                    unit,
                    "bad_content",
                    "",
                    "",
                    detail_th="ไม่มีข้อมูลที่บันทึกได้",
                    detail_en="There is nothing in it that can be recorded",
                )
        self._hand_out({"score": self._score_rows(scores), "remark": remarks, **others})
        self._registry()
        self._finish()
        return self.judged

    # --- who and when -----------------------------------------------------------------------------------------------------------------

    def _gather(self, name: str) -> None:
        """One table of all files, and which file each row is of."""
        frames = [getattr(file.submission, name) for file in self.files]
        whole = [frame for frame in frames if len(frame)]
        self.tables[name] = (
            whole[0].reset_index(drop=True)
            if len(whole) == 1
            else pd.concat(whole, ignore_index=True)
            if whole
            else frames[0]
        )
        self.file_of[name] = np.repeat(np.arange(len(frames)), [len(frame) for frame in frames])
        for judged, frame in zip(self.judged, frames, strict=True):
            judged.rows_read += len(frame)

    def _identify(self) -> None:
        """Give every row its unit: each different (file, year, agency as written) is resolved once."""
        who: dict[tuple, int] = {}
        known: dict[tuple, int] = {}
        for name, table in self.tables.items():
            groups, firsts = _group(
                [
                    self.file_of[name],
                    *(table[column] for column in ("fiscal_year", *AGENCY_COLUMNS)),
                ]
            )
            heads = (
                table.iloc[firsts][["fiscal_year", *AGENCY_COLUMNS]]
                .astype(str)
                .itertuples(index=False)
            )
            units = np.empty(len(firsts), dtype=np.int64)
            for index, (row, (year_written, *agency)) in enumerate(
                zip(firsts.tolist(), heads, strict=True)
            ):
                file = int(self.file_of[name][row])
                key = (name in SCORE_TABLES, file, year_written, *agency)
                if key not in who:
                    who[key] = self._unit(known, name, row, file, year_written, *agency)
                units[index] = who[key]
                self._check_year(self.units[units[index]], name, row)
            self.unit_of[name] = units[groups] if len(units) else np.empty(0, dtype=np.int64)

    def _unit(
        self, known: dict, table: str, row: int, file: int, year_written: str, *agency: str
    ) -> int:
        """The unit of (agency, year) as written. Measures are planned in the year before: an agency that ended with it may still send them."""
        agency_id, name = agency[:2]
        year = fiscal_year(year_written) or 0
        found = self._who(file, year or max(self.framework.years), agency)
        if not found.agency_id and table not in SCORE_TABLES and year:
            before = self._who(file, year - 1, agency)
            found = before if before.agency_id else found
        key = (
            (file, found.agency_id, year)
            if found.agency_id and year
            else (file, year_written, *agency)
        )
        if key not in known:
            known[key] = len(self.units)
            self.units.append(
                _Unit(
                    file,
                    found.agency_id,
                    found.agency_id or agency_id or name,
                    name,
                    year,
                    year_written,
                )
            )
        unit = self.units[known[key]]
        for rule, details in found.notes:
            self._note(
                unit,
                rule,
                self._place(table, row, "agency_id" if agency_id else "agency_name"),
                **details,
            )
        return known[key]

    def _who(self, file: int, year: int, agency: tuple[str, ...]) -> Resolution:
        """The agency of a row; in a published document, the one that the whole document is about."""
        named = self.files[file].submission.named
        return (
            self.registry.assessed(year, named, *agency[1:])
            if named
            else self.registry.resolve(year, *agency)
        )

    def _place(self, table: str, row: int, *columns: str) -> str:
        """Where a row stands, with the first of `columns` that its table is known to have. A wide row's place names the column of its score."""
        place = str(self.tables[table]["place"].iloc[row])
        letters = (
            self.tables[table]["letters"].iloc[row] if "letters" in self.tables[table] else None
        )
        if not isinstance(letters, str):
            return place
        return at_column(
            place.partition(" column ")[0]
            if columns[0] in ("fiscal_year", *AGENCY_COLUMNS)
            else place,
            letters,
            *columns,
        )

    def _check_year(self, unit: _Unit, table: str, row: int) -> None:
        years = self.framework.years
        fits = (
            unit.year in years
            if table in SCORE_TABLES
            else min(years) <= unit.year <= max(years) + PLAN_YEARS
        )
        kind = "scores" if table in SCORE_TABLES else table
        if not fits and kind not in unit.told:
            unit.told.add(kind)
            self._note(
                unit,
                "unknown_fiscal_year",
                self._place(table, row, "fiscal_year"),
                value=unit.year_written,
                expected=f"{min(years)}–{max(years)}",
            )

    def _note(self, unit: _Unit, rule: str, place: str, value: str = "", **details: str) -> None:
        """A finding of a unit; an error rejects the unit."""
        judged = self.judged[unit.file]
        if judged.counted[rule] < LISTED:
            judged.add(
                finding(
                    rule, place, value, unit.agency, str(unit.year or unit.year_written), **details
                )
            )
        else:
            judged.counted[rule] += 1
        if rules()[rule]["severity"] == "error":
            unit.rejected = True

    def _take_reader_findings(self) -> None:
        """What the readers found: an error rejects the units of the agency that it names, or the whole file where it names none."""
        for index, file in enumerate(self.files):
            for found in file.submission.findings:
                self.judged[index].add(found)
                if found.severity == "error":
                    for unit in self.units:
                        same_agency = found.agency in ("", unit.agency, unit.agency_id, unit.name)
                        same_year = found.fiscal_year in ("", unit.year_written, str(unit.year))
                        if unit.file == index and same_agency and same_year:
                            unit.rejected = True

    def _note_rows(self, rule: str, column: str, rows: np.ndarray, value, **details) -> None:
        """A finding for each of `rows` (positions) of the scores, about `column`; `value` and details are functions of the position.

        Lists LISTED a file, counts all.
        """
        if not len(rows):
            return
        units = self.unit_of["scores"][rows]
        if rules()[rule]["severity"] == "error":
            for unit in np.unique(units):
                self.units[unit].rejected = True
        files = self.file_of["scores"][rows]
        order = pd.Series(files).groupby(files).cumcount().to_numpy()
        for row in rows[order < LISTED]:
            unit = self.units[self.unit_of["scores"][row]]
            self._note(
                unit,
                rule,
                self._place("scores", row, column),
                value(row),
                **{name: make(row) for name, make in details.items()},
            )
        for file, count in Counter(files[order >= LISTED].tolist()).items():
            self.judged[file].counted[rule] += count

    # --- scores -----------------------------------------------------------------------------------------------------------------------

    def _scores(self) -> pd.DataFrame:
        """Check every score; give the accepted ones, one a unit and figure: unit, figure (index), value, written, row, flagged."""
        table, units = self.tables["scores"], self.unit_of["scores"]
        years = np.array([unit.year for unit in self.units] or [0])[units]
        self._figures(table, years)
        written, firsts = _group([table["score"]])
        originals = table["score"].iloc[firsts].astype(str).tolist()
        decimals = [number(value) for value in originals]
        self.written = [_plain(value) if value is not None else "" for value in decimals]
        if "problem" in table:
            for rule in set(table["problem"].dropna().astype(str)) - {""}:
                self._note_rows(
                    rule,
                    "",
                    np.flatnonzero(table["problem"] == rule),
                    lambda row: originals[written[row]],
                )
        self._check_figures(years)
        self._check_values(originals, decimals, written)
        values = np.array(
            [float(value) if value is not None else np.nan for value in decimals] or [np.nan]
        )[written]
        same_value = pd.factorize(np.array(self.written or [""], dtype=object))[0][written]
        good = (
            ~np.isnan(values)
            & np.array([not figure.rule for figure in self.figures] or [False])[self.figure_of]
        )
        rows = np.flatnonzero(good)
        keys, first_of_key = _group([units[rows], self.figure_of[rows]])
        self._conflicts(rows, keys, first_of_key, same_value, originals, written)
        self._completeness(rows[first_of_key])
        accepted_unit = np.array([not unit.rejected for unit in self.units] or [False])
        firsts = rows[first_of_key]
        flagged_rows = np.flatnonzero(
            table["flagged"]
            .isin([flag for flag in table["flagged"].unique() if str(flag).casefold() in _TRUE])
            .to_numpy()
        )
        flagged = np.zeros(len(firsts), dtype=bool)
        flagged[keys[np.isin(rows, flagged_rows)]] = True
        kept = accepted_unit[units[firsts]]
        scores = pd.DataFrame(
            {
                "unit": units[firsts],
                "figure": self.figure_of[firsts],
                "value": values[firsts],
                "written": written[firsts],
                "row": firsts,
                "flagged": flagged,
            }
        )[kept].reset_index(drop=True)
        for unit in np.unique(scores["unit"]):
            self.units[unit].kinds.add("scores")
        self._ratings()
        self._decimals(scores)
        self._recompute(scores)
        return scores

    def _figures(self, table: pd.DataFrame, years: np.ndarray) -> None:
        """`figures`: every different (year, level, code, part) as the framework knows it; `figure_of`: which one each row is."""
        groups, firsts = _group([years, table["level"], table["code"], table["part"]])
        self.figures, codes, index = [], np.empty(len(firsts), dtype=np.int64), {}
        self.figure_year: list[int] = []
        heads = table.iloc[firsts][["level", "code", "part"]].astype(str).itertuples(index=False)
        for position, (year, (level, code, part)) in enumerate(
            zip(years[firsts].tolist(), heads, strict=True)
        ):
            figure = figure_of(level, code, part, self.framework.years.get(year))
            key = (year, *figure)
            if key not in index:
                index[key] = len(self.figures)
                self.figures.append(figure)
                self.figure_year.append(year)
            codes[position] = index[key]
        self.figure_of = codes[groups] if len(firsts) else np.empty(0, dtype=np.int64)

    def _check_figures(self, years: np.ndarray) -> None:
        table = self.tables["scores"]
        for rule in ("unknown_item", "unknown_code"):
            wrong = np.array([figure.rule == rule for figure in self.figures] or [False])[
                self.figure_of
            ]
            self._note_rows(
                rule,
                "code",
                np.flatnonzero(wrong),
                lambda row: " ".join(
                    filter(None, map(str, table[["level", "code", "part"]].iloc[row]))
                ),
                expected=lambda row: _ranges(self.framework.years[int(years[row])]),
            )

    def _check_values(
        self, originals: list[str], decimals: list[Decimal | None], written: np.ndarray
    ) -> None:
        def code(row):
            return self.figures[self.figure_of[row]].name

        blank = np.array([value == "" for value in originals] or [False])[written]
        not_number = np.array(
            [
                value != "" and parsed is None
                for value, parsed in zip(originals, decimals, strict=True)
            ]
            or [False]
        )[written]
        outside = np.array(
            [parsed is not None and not 0 <= parsed <= 100 for parsed in decimals] or [False]
        )[written]
        template = np.array([file.submission.layout == "template" for file in self.files])[
            self.file_of["scores"]
        ]
        shown = self.tables["scores"]["score"]
        for rule, wrong in (
            ("score_not_number", not_number),
            ("score_out_of_range", outside),
            ("blank_score", blank & ~template),
        ):
            self._note_rows(
                rule, "score", np.flatnonzero(wrong), lambda row: str(shown.iloc[row]), code=code
            )

    def _conflicts(self, rows, keys, first_of_key, same_value, originals, written) -> None:
        differing = (
            np.flatnonzero(same_value[rows] != same_value[rows[first_of_key]][keys])
            if len(rows)
            else np.empty(0, dtype=int)
        )
        first = {
            int(rows[position]): int(rows[first_of_key[keys[position]]])
            for position in differing[:10_000]
        }

        def detail(shown):
            def with_place(row):
                return f"{originals[written[row]]} ({shown(self._place('scores', row, 'score'))})"

            return lambda row: (
                with_place(row) + (f" ≠ {with_place(first[row])}" if row in first else "")
            )

        self._note_rows(
            "conflicting_values",
            "score",
            rows[differing],
            lambda row: originals[written[row]],
            code=lambda row: self.figures[self.figure_of[row]].name,
            detail_th=detail(in_thai),
            detail_en=detail(str),
        )

    def _completeness(self, rows: np.ndarray) -> None:
        """Items of an instrument that is begun but not whole: an error in a template and in an official file, else a warning."""
        is_item = np.array([figure.level == "item" for figure in self.figures] or [False])[
            self.figure_of[rows]
        ]
        units, figures = self.unit_of["scores"][rows][is_item], self.figure_of[rows][is_item]
        order = np.argsort(units, kind="stable")
        known: dict[
            tuple, dict[str, list[str]]
        ] = {}  # nearly all units hold the same items: work each set out once
        for held in (
            np.split(order, np.flatnonzero(np.diff(units[order])) + 1) if len(order) else []
        ):
            unit = self.units[units[held[0]]]
            is_template = self.files[unit.file].submission.layout == "template"
            key = (unit.year, is_template, frozenset(figures[held].tolist()))
            if key not in known:
                known[key] = self._missing(self.framework.years[unit.year], key[2], is_template)
            for instrument, codes in known[key].items():
                self._note_missing(unit, self.files[unit.file], instrument, codes)

    def _missing(self, year: Year, held: frozenset, all_instruments: bool) -> dict[str, list[str]]:
        """Instrument → its items that are not there, for each instrument that is begun; an EIT part that is begun must be whole."""
        have = defaultdict(set)
        for figure in (self.figures[index] for index in held):
            have[figure.code].add(figure.part)
        missing = {}
        for instrument in year.weights:
            codes = year.items_of(instrument)
            if not all_instruments and not any(code in have for code in codes):
                continue
            lacking = [code for code in codes if code not in have]
            for part in PARTS:
                if any(part in have[code] for code in codes if code in have):
                    lacking += [
                        f"{code}.{part}"
                        for code in codes
                        if code in have and not have[code] & {"", part}
                    ]
            if lacking:
                missing[instrument] = lacking
        return missing

    def _note_missing(self, unit: _Unit, file: File, instrument: str, codes: list[str]) -> None:
        shown = ", ".join(codes[:40]) + (" …" if len(codes) > 40 else "")
        if file.submission.layout == "template":
            detail = (
                f"แบบกรอกคะแนนรายข้อไม่ครบ ขาด {shown}",
                f"The template holds some items but not all; missing {shown}",
            )
        elif file.authority == "nacc":
            detail = (
                f"แฟ้มทางการมีคะแนนรายข้อของ {instrument} ไม่ครบ ขาด {shown}",
                f"The official file holds some items of {instrument} but not all; missing {shown}",
            )
        else:
            self._note(unit, "missing_items", "", shown)
            return
        self._note(unit, "incomplete", "", shown, detail_th=detail[0], detail_en=detail[1])

    def _ratings(self) -> None:
        """`rating_of`: unit → its published Level."""
        table = self.tables["scores"]
        self.rating_of = {}
        rows = np.flatnonzero((table["rating"].astype(object) != "").to_numpy())
        for row in rows.tolist():
            unit_number = int(self.unit_of["scores"][row])
            unit, figure = self.units[unit_number], self.figures[self.figure_of[row]]
            if unit.rejected or unit_number in self.rating_of or figure.level != "overall":
                continue
            year = self.framework.years[unit.year]
            level = year.level_named(str(table["rating"].iloc[row]))
            if level:
                self.rating_of[unit_number] = level
            else:
                self._note(
                    unit,
                    "unknown_rating",
                    self._place("scores", row, "rating"),
                    str(table["rating"].iloc[row]),
                    expected=", ".join(level.name_th for level in year.levels),
                )

    def _decimals(self, scores: pd.DataFrame) -> None:
        long = np.array([len(written.partition(".")[2]) > 2 for written in self.written] or [False])
        rows = scores["row"].to_numpy()[long[scores["written"].to_numpy()]]
        shown = self.tables["scores"]["score"]
        self._note_rows(
            "more_than_two_decimals",
            "score",
            rows,
            lambda row: str(shown.iloc[row]),
            code=lambda row: self.figures[self.figure_of[row]].name,
        )

    def _recompute(self, scores: pd.DataFrame) -> None:
        """Recompute every accepted unit and set it beside what is published."""
        self.recomputed: dict[int, dict] = {}
        years = np.array([unit.year for unit in self.units] or [0])[scores["unit"].to_numpy()]
        names = np.array([figure.name for figure in self.figures] or [""], dtype=object)
        for number_ in np.unique(years):
            year = self.framework.years[int(number_)]
            part = scores[years == number_]
            figures = pd.Categorical.from_codes(
                pd.factorize(names)[0][part["figure"].to_numpy()], pd.unique(names)
            )
            published = scoring.matrix(part["unit"].to_numpy(), figures, part["value"].to_numpy())
            computed = scoring.recompute(published, year)
            self._gaps(published, computed, year)
            self._levels(published, computed, year)
        self._jumps()

    def _gaps(self, published: pd.DataFrame, computed: pd.DataFrame, year: Year) -> None:
        tolerances = np.array([scoring.TOLERANCE[basis] for basis in computed["basis"]])
        for code in ["overall", *year.weights, *year.indicators]:
            if code not in published:
                continue
            whole = (
                computed[f"{code}.complete"].to_numpy()
                if code in year.indicators
                else np.ones(len(computed), dtype=bool)
            )
            allowed = (
                np.full(len(computed), scoring.TOLERANCE["items"])
                if code in year.indicators
                else tolerances
            )
            stated, counted = scoring.half_up(published[code]), scoring.half_up(computed[code])
            with np.errstate(invalid="ignore"):
                wrong = whole & (np.abs(stated - counted) > allowed + 1e-6)
            for position in np.flatnonzero(wrong):
                unit = self.units[published.index[position]]
                gap = f"{counted[position]:.2f} ({stated[position] - counted[position]:+.2f})"
                self._note(
                    unit,
                    "recomputed_differs",
                    "",
                    f"{stated[position]:.2f}",
                    code=code,
                    detail_th=gap,
                    detail_en=gap,
                )

    def _levels(self, published: pd.DataFrame, computed: pd.DataFrame, year: Year) -> None:
        def best(code):
            stated = (
                published[code].to_numpy() if code in published else np.full(len(published), np.nan)
            )
            return np.where(np.isnan(stated), computed[code].to_numpy(), stated)

        parts = np.column_stack([best(code) for code in ("IIT", "EIT.public", "EIT.survey", "OIT")])
        overalls, recomputed, basis = (
            best("overall"),
            computed["overall"].to_numpy(),
            computed["basis"].to_numpy(),
        )
        for position, index in enumerate(published.index):
            unit = self.units[index]
            unit.overall = float(overalls[position])
            possible = scoring.possible_levels(year, unit.overall, parts[position].tolist())
            stated = self.rating_of.get(index)
            level = stated or (possible[0] if len(possible) == 1 else None)
            self.recomputed[index] = {
                "overall": unit.overall,
                "recomputed": float(recomputed[position]),
                "basis": str(basis[position]),
                "level": level.code if level else None,
            }
            if stated and possible and stated not in possible:
                self._note(
                    unit,
                    "level_differs",
                    "",
                    stated.name_th,
                    detail_th=" / ".join(level.name_th for level in possible),
                    detail_en=" / ".join(level.name_en for level in possible),
                )

    def _jumps(self) -> None:
        in_file = {
            (unit.file, unit.agency_id, unit.year): unit.overall
            for unit in self.units
            if not np.isnan(unit.overall)
        }
        for unit in self.units:
            before = in_file.get(
                (unit.file, unit.agency_id, unit.year - 1),
                self.last_overall.get((unit.agency_id, unit.year - 1)),
            )
            if (
                before is not None
                and not np.isnan(unit.overall)
                and abs(unit.overall - before) > JUMP
            ):
                self._note(
                    unit,
                    "jump",
                    "",
                    f"{unit.overall:.2f}",
                    detail_th=f"{before:.2f}",
                    detail_en=f"{before:.2f}",
                )

    def _score_rows(self, scores: pd.DataFrame) -> pd.DataFrame:
        """Rows of raw.score, with `unit`."""

        def from_figures(make):
            values = np.array([make(figure) for figure in self.figures] or [""], dtype=object)
            return pd.Categorical.from_codes(
                pd.factorize(values)[0][scores["figure"].to_numpy()], pd.unique(values)
            )

        units = scores["unit"].to_numpy()
        ids = np.array([unit.agency_id for unit in self.units] or [""], dtype=object)
        written = pd.Categorical.from_codes(
            pd.factorize(np.array(self.written or [""], dtype=object))[0][
                scores["written"].to_numpy()
            ],
            pd.unique(np.array(self.written or [""], dtype=object)),
        )
        overall = np.array([figure.level == "overall" for figure in self.figures] or [False])[
            scores["figure"].to_numpy()
        ]
        rating = np.full(len(scores), None, dtype=object)
        for position in np.flatnonzero(overall) if self.rating_of else []:
            level = self.rating_of.get(int(units[position]))
            rating[position] = level.code if level else None
        return pd.DataFrame(
            {
                "unit": units,
                "agency_id": pd.Categorical.from_codes(pd.factorize(ids)[0][units], pd.unique(ids)),
                "fiscal_year": np.array([unit.year for unit in self.units] or [0])[units],
                "level": from_figures(lambda figure: figure.level),
                "code": from_figures(lambda figure: figure.code),
                "part": from_figures(lambda figure: figure.part),
                "score": written,
                "rating": pd.Series(rating, dtype="str"),
                "flagged": scores["flagged"].to_numpy(),
                "source_place": self.tables["scores"]["place"]
                .take(scores["row"].to_numpy())
                .reset_index(drop=True),
            }
        )

    # --- all else ---------------------------------------------------------------------------------------------------------------------

    def _remarks(self, scores: pd.DataFrame) -> pd.DataFrame:
        """Rows of raw.remark, with `unit`: the remarks of score rows and those that stand alone; the same one twice is one."""
        table, rows = self.tables["scores"], []
        for row in np.flatnonzero((table["remark"].astype(object) != "").to_numpy()).tolist():
            figure = self.figures[self.figure_of[row]]
            rows.append(
                (
                    int(self.unit_of["scores"][row]),
                    figure.code if figure.level == "item" else None,
                    figure.part or None,
                    None,
                    str(table["remark"].iloc[row]),
                    str(table["place"].iloc[row]),
                )
            )
        alone = self.tables["remarks"][["place", "item_code", "part", "topic_no", "remark_th"]]
        for row, (place, code, part, topic, remark) in enumerate(alone.itertuples(index=False)):
            unit = int(self.unit_of["remarks"][row])
            year = self.framework.years.get(self.units[unit].year)
            known = item_code(code)
            if code and year and known not in year.items:
                self._note(self.units[unit], "unknown_item", place, code, expected=_ranges(year))
            if remark:
                rows.append(
                    (unit, known or None, part_of(part) or None, whole_number(topic), remark, place)
                )
        numbers, kept, seen = Counter(), [], set()
        for unit, *key, place in rows:
            if not self.units[unit].rejected and (unit, *key) not in seen:
                seen.add((unit, *key))
                self.units[unit].kinds.add("scores")
                numbers[unit] += 1
                kept.append(
                    (
                        unit,
                        self.units[unit].agency_id,
                        self.units[unit].year,
                        numbers[unit],
                        *key,
                        place,
                    )
                )
        return pd.DataFrame(
            kept,
            columns=[
                "unit",
                "agency_id",
                "fiscal_year",
                "remark_no",
                "item_code",
                "part",
                "topic_no",
                "remark_th",
                "source_place",
            ],
        ).astype({"topic_no": "Int64"})

    def _ranks(self) -> None:
        for row, (province, kind) in enumerate(
            self.tables["ranks"][["province_rank", "type_rank"]].itertuples(index=False)
        ):
            unit = self.units[self.unit_of["ranks"][row]]
            unit.ranks = (whole_number(province), whole_number(kind))
            if unit.ranks != (None, None):
                unit.kinds.add("scores")

    def _rows(self, name: str, make) -> pd.DataFrame:
        """Rows of raw.measure, raw.progress or raw.constraint_note, with `unit`, made unit by unit."""
        table, columns, found = self.tables[name], None, []
        by_unit = defaultdict(list)
        for row, record in enumerate(table.to_dict("records") if len(table) else []):
            by_unit[int(self.unit_of[name][row])].append(record)
        for unit_number, records in by_unit.items():
            unit = self.units[unit_number]
            if not unit.year:
                continue
            rows, notes = make(records, unit.year)
            if rows:
                unit.kinds.add(name)
            for rule, details in notes:
                self._note(unit, rule, **details)
            found += [
                {"unit": unit_number, "agency_id": unit.agency_id, "fiscal_year": unit.year, **row}
                for row in rows
            ]
        columns = ["unit", "agency_id", "fiscal_year", *make.columns]
        frame = pd.DataFrame(found, columns=columns)
        return (
            frame[~frame["unit"].map(lambda index: self.units[index].rejected).astype(bool)]
            if len(frame)
            else frame
        )

    def _hand_out(self, tables: dict[str, pd.DataFrame]) -> None:
        """Give each file its accepted rows: only units without an error, which is known only now."""
        rejected = np.array([unit.rejected for unit in self.units] or [False])
        file_of_unit = np.array([unit.file for unit in self.units] or [0])
        for name, table in tables.items():
            if not len(table):
                continue
            units = table["unit"].to_numpy(dtype=np.int64)
            kept = table[~rejected[units]] if rejected[units].any() else table
            files = file_of_unit[kept["unit"].to_numpy(dtype=np.int64)]
            kept = kept.drop(columns="unit")
            if len(self.files) == 1:
                self.judged[0].tables[name] = kept
                continue
            order = np.argsort(files, kind="stable")
            kept, files = kept.iloc[order], files[order]
            for file in np.unique(files):
                begin, end = np.searchsorted(files, [file, file + 1])
                self.judged[file].tables[name] = kept.iloc[begin:end]
        for name, units in self.unit_of.items():
            accepted = ~rejected[units] if len(units) else np.empty(0, dtype=bool)
            for file, count in enumerate(
                np.bincount(self.file_of[name][accepted], minlength=len(self.files))
            ):
                self.judged[file].rows_accepted += int(count)
        rows = defaultdict(list)
        for unit in self.units:
            for kind in ("scores", "measures", "progress", "constraints"):
                if kind in unit.kinds and not unit.rejected:
                    rows[unit.file].append(
                        (
                            unit.agency_id,
                            unit.year,
                            kind,
                            *(unit.ranks if kind == "scores" else (None, None)),
                        )
                    )
        for file, units in rows.items():
            columns = [
                "agency_id",
                "fiscal_year",
                "kind",
                "published_province_rank",
                "published_type_rank",
            ]
            self.judged[file].tables["unit"] = pd.DataFrame(units, columns=columns).astype(
                {column: "Int64" for column in columns[3:]}
            )
            self.judged[file].agencies = len({unit[0] for unit in units})

    def _registry(self) -> None:
        for judged, file in zip(self.judged, self.files, strict=True):
            table = file.submission.registry
            if not len(table):
                continue
            judged.rows_read += len(table)
            rows, accepted, notes = registry_rows(table, self.registry.names, self.framework)
            for rule, details in notes:
                judged.add(finding(rule, **details))
            judged.rows_accepted += accepted
            if len(rows):
                judged.tables["agency"] = rows
                judged.agencies = max(judged.agencies, rows["agency_id"].nunique())

    def _finish(self) -> None:
        for index, unit in enumerate(self.units):
            self.judged[unit.file].units.append(
                {
                    "agency": unit.agency,
                    "name": self.registry.display(unit.agency_id, unit.year)
                    if unit.agency_id
                    else unit.agency,
                    "fiscal_year": unit.year or unit.year_written,
                    "accepted": not unit.rejected,
                    **(self.recomputed.get(index) or {}),
                }
            )
        for judged in self.judged:
            if judged.tables:
                judged.state = "accepted_with_warnings" if judged.counted else "accepted"
            elif not judged.counted:
                judged.add(
                    finding(
                        "unknown_layout",
                        detail_th="ไม่มีแถวข้อมูล",
                        detail_en="it holds no rows of data",
                    )
                )


def figure_of(level: str, code: str, part: str, year: Year | None) -> _Figure:
    """What (level, code, part) as written means in a year's framework; `rule` is set where it means nothing there."""
    if year is None:
        return _Figure(level, code, part, "unknown_fiscal_year")
    kind, half = _LEVEL_NAMES.get(re.sub(r"[\s_\-]", "", level.casefold())), part_of(part)
    written = re.sub(
        r"^(?:ตัวชี้วัดย่อยที่|ตัวชี้วัดย่อย|ตัวชี้วัดที่|ตัวชี้วัด|เครื่องมือ|indicator|instrument)\s*",
        "",
        digits(code),
        flags=re.IGNORECASE,
    )
    if "." in written and written.rpartition(".")[2].casefold() in PARTS:
        written, _, tail = written.rpartition(".")
        half = tail.casefold() if half in ("", tail.casefold()) else None
    found = _Figure("", code, part)
    written = _without_title(written, year)
    if item := item_code(code) or item_code(written):
        found = _Figure("item", item, half or "", "" if item in year.items else "unknown_item")
    elif written.upper() in year.weights:
        found = _Figure("instrument", written.upper(), half or "")
    elif written.removesuffix(".0") in year.indicators:
        found = _Figure("indicator", written.removesuffix(".0"), half or "")
    elif written in year.sub_indicators:
        found = _Figure("sub_indicator", written, half or "")
    elif (
        _LEVEL_NAMES.get(written.casefold(), written.casefold()) in ("", "overall", "ita")
        and kind in ("overall", "")
        and (kind or written)
    ):
        found = _Figure("overall", "", half or "")
    elif kind == "item":
        return _Figure("item", code, part, "unknown_item")
    may_have_part = found.code == "EIT" or found.level == "item" and found.code[:1] == "e"
    if (
        not found.level
        or kind is None
        or kind not in ("", found.level)
        or half is None
        or half
        and not may_have_part
    ):
        return _Figure(level, code, part, "unknown_code")
    return found


def _without_title(written: str, year: Year) -> str:
    """'1 การปฏิบัติหน้าที่', 'การใช้งบประมาณ' → '1', '2', as the year's framework has it; 'i2 เจ้าหน้าที่…' → 'i2'; any other text as it is."""
    number, _, words = written.partition(" ")
    title = re.sub(r"\s", "", words if number.rstrip(".").isdigit() else written)
    known = next(
        (
            indicator
            for indicator, name in year.indicator_names.items()
            if re.sub(r"\s", "", name) == title
        ),
        "",
    )
    if known and number.rstrip(".") in (known, *([] if number.rstrip(".").isdigit() else [number])):
        return known
    found = re.fullmatch(r"((?:ข้อ)?\s*[ieo]\s?\d{1,2})[\s:.]+[ก-๎\s]{6,}", written, re.IGNORECASE)
    return found[1] if found else written


def part_of(written: str) -> str | None:
    """The EIT part that a text names: public (ส่วนที่ 1), survey (ส่วนที่ 2), '' for none; None where it is neither or both."""
    key = re.sub(r"[\s_.\-()]", "", digits(written)).casefold()
    if key in ("", "1", "2"):
        return {"": "", "1": "public", "2": "survey"}[key]
    named = [part for part, names in _PARTS.items() if any(name in key for name in names)]
    return named[0] if len(named) == 1 else None


def _plain(value: Decimal) -> str:
    """92.650 → 92.65, 100.0 → 100, exact."""
    written = format(value if value else Decimal(0), "f")
    return written.rstrip("0").rstrip(".") if "." in written else written


def _ranges(year: Year) -> str:
    codes = [year.items_of(instrument) for instrument in year.weights]
    return ", ".join(f"{own[0]}–{own[-1]}" for own in codes if own)


def _group(columns: list) -> tuple[np.ndarray, np.ndarray]:
    """Number the different rows of `columns` in order of appearance: each row's number, and the first row of each number."""
    combined = None
    for column in columns:
        if isinstance(column, pd.Series) and isinstance(column.dtype, pd.CategoricalDtype):
            codes, count = column.cat.codes.to_numpy().astype(np.int64), len(column.cat.categories)
        else:
            codes, distinct = pd.factorize(column)
            count = len(distinct)
        combined = codes if combined is None else pd.factorize(combined * max(count, 1) + codes)[0]
    numbers = pd.factorize(combined)[0]
    return numbers, np.flatnonzero(np.diff(np.maximum.accumulate(numbers), prepend=-1))
