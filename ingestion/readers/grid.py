"""Rows of cells (of a sheet, a CSV, an HTML table) → the tables of a Submission."""

import math
import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from functools import lru_cache
from typing import Any

import pandas as pd

from ingestion.normalise import digits, multiline, number, text
from ingestion.places import column_letters, letters_of
from ingestion.readers.headers import (
    WHOSE,
    Header,
    code_of,
    column_of,
    is_rating,
    recognise,
    recognise_below,
    two_rows,
)
from ingestion.readers.refused import Refused
from ingestion.rules import finding
from ingestion.submission import AGENCY_COLUMNS, COLUMNS, Finding, Submission

HEADER_WITHIN = 40  # rows from the top in which the header must stand
ROWS_LOOKED_AT = 50  # for columns that are not understood
_YEAR = re.compile(r"(?<!\d)2[45]\d\d(?!\d)")
_ORDINAL = re.compile(r"ที่|ลำดับ|ลำดับที่|no\.?|#", re.IGNORECASE)
_SUMMARY = {
    "รวม",
    "รวมทั้งหมด",
    "รวมทั้งสิ้น",
    "ผลรวม",
    "เฉลี่ย",
    "ค่าเฉลี่ย",
    "คะแนนเฉลี่ย",
    "ค่าเฉลี่ยรวม",
    "เฉลี่ยรวม",
    "ต่ำสุด",
    "สูงสุด",
    "ค่าต่ำสุด",
    "ค่าสูงสุด",
    "คะแนนต่ำสุด",
    "คะแนนสูงสุด",
    "ส่วนเบี่ยงเบนมาตรฐาน",
    "total",
    "average",
    "mean",
    "min",
    "max",
    "sd",
}
_cached_text = lru_cache(maxsize=100_000)(text)


def cell(value: Any) -> str:
    """A cell's value as text: numbers as a spreadsheet shows them, dates as ISO, text normalised."""
    if type(value) is str:
        return _cached_text(value) if len(value) < 80 else text(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return (
            ""
            if math.isnan(value)
            else str(int(value))
            if value.is_integer() and abs(value) < 1e15
            else format(value, ".15g")
        )
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else text(value)


class Tables:
    """Collects the rows of one file's tables; `submission` gives them out."""

    def __init__(self, even_rows: bool = False, forms: bool = False):
        self.even_rows = even_rows  # a cell more than the header has shifts the others, even if the last one is empty
        self.forms = forms  # the lines above a score table may say whose it is: หน่วยงาน | อบต.…
        self._columns = {
            name: {column: [] for column in columns} for name, columns in COLUMNS.items()
        }
        self._problems: dict[int, str] = {}  # row of scores → rule
        self._letters: list[str] = []  # of each row of scores
        self.findings: list[Finding] = []
        self._unread: set[str] = set()
        self._rows_looked_at = 0
        self._names: list[str] = []
        self.kinds: set[str] = set()

    def add(
        self,
        rows: Iterable[list[Any]],
        where: str = "",
        known: dict[str, str] | None = None,
        title: str = "",
    ) -> bool:
        """Take the tables that `rows` hold; `where` ('sheet ผล ') goes before 'row 7'. False if there is none.

        `known` are columns that the file states once (a template: fiscal_year, agency_id, …). `title`: the sheet's name, which may say the year.
        """
        numbered = enumerate(rows, 1)
        self._title_years = set(_YEAR.findall(digits(title)))
        found = self._header(numbered, known)
        while found:
            header, facts = found
            self.kinds.add(header.table)
            found = self._body(numbered, header, where, {**facts, **(known or {})}, bool(known))
        return bool(self.kinds)

    def _header(
        self, numbered: Iterator[tuple[int, list]], known: dict | None
    ) -> tuple[Header, dict[str, str]] | None:
        """The header and what the rows above it say: the fiscal year, if they name one, and in a form whose the table is."""
        years: set[str] = set()
        facts: dict[str, str] = {}
        above: list[str] = []
        for row_number, row in numbered:
            cells = [cell(value) for value in row]
            header = recognise(cells, agency_known=bool(known))
            if not header and (header := recognise_below(above, cells)):
                cells = two_rows(above, cells)
            if not header and facts.keys() & {"agency_id", "agency_name"}:
                form = recognise(cells, agency_known=True)
                header = form if form and form.table == "scores" else None
            if header:
                self._named(cells)
                years = years or self._title_years
                return header, {
                    "fiscal_year": next(iter(years)) if len(years) == 1 else "",
                    **facts,
                }
            above = cells
            facts |= _facts(cells) if self.forms else {}
            years |= set(_YEAR.findall(digits(" ".join(cells))))
            if row_number >= HEADER_WITHIN:
                return None
        return None

    def _whole_header(self, header: Header, row: list, place: str) -> Header | None:
        """The header together with the row below it, if that row is its second one; None if it is data.

        Raises Refused for a second row that cannot be read: what stands below it would be misread.
        """
        cells = [cell(value) for value in row]
        joined = two_rows(self._names, cells)
        if header.table != "wide" or joined is None:
            return None
        whole = recognise(joined)
        below = {
            position
            for position, written in enumerate(joined)
            if written and written != self._name(position)
        }
        if (
            whole is None
            or not below <= set(whole.codes)
            or len(set(whole.codes.values())) < len(whole.codes)
        ):
            raise Refused(
                "unknown_layout",
                f"หัวตารางสองแถวที่อ่านไม่ได้ ({place})",
                f"a header of two rows that cannot be read ({place})",
            )
        self._names = joined
        return whole

    def _named(self, cells: list[str]) -> None:
        self._names, self._header_width = cells, len(cells)

    def _name(self, position: int) -> str:
        return self._names[position] if position < len(self._names) else ""

    def _body(
        self, numbered, header: Header, where: str, stated: dict[str, str], known: bool
    ) -> tuple[Header, str] | None:
        take = {"wide": self._wide_row, "registry": self._registry_row}.get(
            header.table, self._plain_row
        )
        key, width = header.key_column, max(self._header_width, 1)
        self._row_letters, begins = letters_of(header.columns), True
        sums = header.table in ("wide", "scores") and not known
        for row_number, row in numbered:
            if begins and (whole := self._whole_header(header, row, f"{where}row {row_number}")):
                header, key, width, begins = whole, whole.key_column, max(width, len(row)), False
                self._row_letters = letters_of(header.columns)
                continue
            begins = False
            self._look_for_unread(header, row, where)
            if (
                len(row) > key
                and type(row[key]) is str
                and _may_be_name(cell(row[key]))
                and (again := recognise([cell(value) for value in row], known))
            ):
                if again == header:
                    continue  # a repeated header
                self._named([cell(value) for value in row])
                return again, stated  # another table below
            if sum(1 for value in row if value is not None and value != "") < 2:
                continue  # blank, or a note
            if sums and (summary := self._summary(row, header)):
                self.findings.append(finding("summary_row", f"{where}row {row_number}", summary))
                continue
            if sums and (note := self._note(row, header)):
                self.findings.append(finding("note_row", f"{where}row {row_number}", note))
                continue
            longer = len(row) > width and (
                self.even_rows or any(cell(value) for value in row[width:])
            )
            problem = "row_shape" if longer else ""
            if (
                known
                and header.table == "scores"
                and not self._value(row, header.columns, "score", {})
                and not self._value(row, header.columns, "remark", {})
            ):
                continue  # a line of a template that is not filled in
            take(row, header, f"{where}row {row_number}", stated, problem)
        return None

    @staticmethod
    def _summary(row: list, header: Header) -> str:
        """The word by which a row under the agencies says that it sums them up (รวม, ค่าเฉลี่ย); '' for a row of an agency."""
        whose = [cell(row[position]) for position in header.whose if position < len(row)]
        words = [written for written in whose if written]
        if not words and 0 not in header.columns.values():
            words = [cell(row[0])]
        found = next((written for written in words if _sums_up(written)), "")
        return (
            found
            if found and Tables._value(row, header.columns, "agency_id", {}) in ("", found)
            else ""
        )

    @staticmethod
    def _note(row: list, header: Header) -> str:
        """The words of a line under a table (ผู้รายงาน, ที่มา) that names neither agency nor year and holds no figure; '' for any other row."""
        year, agency_id, name = (
            Tables._value(row, header.columns, column, {})
            for column in ("fiscal_year", "agency_id", "agency_name")
        )
        if agency_id or name and not year or not header.whose:
            return ""
        figures = [
            cell(row[position])
            for position in header.codes or [header.key_column, header.columns.get("code", 0)]
            if position < len(row)
        ]
        return (
            ""
            if re.search(r"\d", digits("".join([year, *figures])))
            else " ".join(filter(None, map(cell, row)))
        )

    def _look_for_unread(self, header: Header, row: list, where: str) -> None:
        """Say once which columns hold numbers under a name that is not understood."""
        if header.table not in ("wide", "scores") or self._rows_looked_at >= ROWS_LOOKED_AT:
            return
        self._rows_looked_at += 1
        read = {*header.columns.values(), *header.codes}
        for position, value in enumerate(row):
            name = self._name(position)
            if position in read or value in (None, "") or number(value) is None:
                continue
            if not name and header.codes and position > min(header.codes) and not self.even_rows:
                raise Refused(
                    "unknown_layout",
                    f"{where}คอลัมน์ {column_letters(position)} มีตัวเลขแต่ไม่มีหัวตาราง (หัวตารางผสานหรือมีสองแถว)",
                    f"{where}column {column_letters(position)} holds numbers under no name (a merged header, or one of two rows)",
                )
            if name and name not in self._unread and not _ORDINAL.fullmatch(name):
                self._unread.add(name)
                self.findings.append(
                    finding("column_not_read", f"{where}column {column_letters(position)}", name)
                )

    def _plain_row(
        self, row: list, header: Header, place: str, stated: dict[str, str], problem: str
    ) -> None:
        table = self._columns[header.table]
        values = {
            column: self._value(row, header.columns, column, stated)
            for column in table
            if column != "place"
        }
        if header.table == "scores":
            if values["level"] and not values["rating"] and is_rating(values["level"]):
                values["level"], values["rating"] = "", values["level"]  # ระดับ may be either
            if not values["score"] and not values["code"] and not values["level"]:
                return
            if problem:
                self._problems[len(table["place"])] = problem
            self._letters.append(self._row_letters)
        elif not any(
            values[column]
            for column in values
            if column not in ("fiscal_year", "measure_no", *AGENCY_COLUMNS)
        ):
            return  # an empty line of a template
        table["place"].append(place)
        for column, value in values.items():
            table[column].append(value)

    def _wide_row(
        self, row: list, header: Header, place: str, stated: dict[str, str], problem: str
    ) -> None:
        table = self._columns["scores"]
        agency = {
            column: self._value(row, header.columns, column, stated)
            for column in ("fiscal_year", *AGENCY_COLUMNS)
        }
        rating = self._value(row, header.columns, "rating", {})
        scores = [
            (position, cell(row[position])) for position in header.codes if position < len(row)
        ]
        scores = [(position, score) for position, score in scores if score]
        if not scores and not agency["agency_id"] and not agency["agency_name"]:
            return
        ranks = {
            column: self._value(row, header.columns, column, {})
            for column in ("province_rank", "type_rank")
        }
        if any(ranks.values()):
            for column, value in {"place": place, **agency, **ranks}.items():
                self._columns["ranks"][column].append(value)
        for position, score in scores or [(header.key_column, "")]:
            level, code, part = header.codes[position]
            if problem:
                self._problems[len(table["place"])] = problem
            self._letters.append(self._row_letters)
            table["place"].append(f"{place} column {column_letters(position)}")
            for column, value in agency.items():
                table[column].append(value)
            table["level"].append(level)
            table["code"].append(code)
            table["part"].append(part)
            table["score"].append(score)
            table["rating"].append(rating if level == "overall" else "")
            table["remark"].append("")
            table["flagged"].append("")

    def _registry_row(
        self, row: list, header: Header, place: str, stated: dict[str, str], problem: str
    ) -> None:
        table = self._columns["registry"]
        source = {
            "name_th": "agency_name",
            "district_th": "district",
            "province_code": "province_code" if "province_code" in header.columns else "province",
        }
        table["place"].append(place)
        for column in table:
            if column != "place":
                table[column].append(
                    self._value(row, header.columns, source.get(column, column), {})
                )

    @staticmethod
    def _value(row: list, columns: dict[str, int], column: str, stated: dict[str, str]) -> str:
        if column == "province" and "province" not in columns:
            column = "province_code"
        position = columns.get(column)
        if position is None or position >= len(row):
            return stated.get(column, "")
        value = row[position]
        written = multiline(value) if column == "steps_th" else cell(value)
        return written or stated.get(column, "")

    def submission(self, layout: str) -> Submission:
        """What was collected. Raises Refused if the file holds no table."""
        if not self.kinds:
            raise Refused(
                "unknown_layout",
                "ไม่พบแถวหัวตารางที่มีคอลัมน์หน่วยงานและคะแนน",
                "no header row with columns for the agency and the scores",
            )
        tables = {
            name: pd.DataFrame(columns, dtype=object)
            for name, columns in self._columns.items()
            if columns["place"]
        }
        if "scores" in tables:
            tables["scores"]["letters"] = pd.Categorical(self._letters)
        if self._problems:
            tables["scores"]["problem"] = (
                pd.Series(self._problems, dtype="str").reindex(tables["scores"].index).fillna("")
            )
        return Submission(layout, self.findings, **tables)


def _facts(cells: list[str]) -> dict[str, str]:
    """What a line of a form says (หน่วยงาน | อบต.… | จังหวัด | …), {} for any other line."""
    filled = [written for written in cells if written]
    found = {
        column_of(label): value for label, value in zip(filled[::2], filled[1::2], strict=False)
    }
    return (
        found
        if found.keys() <= WHOSE
        and len(filled) == 2 * len(found)
        and not any(map(column_of, found.values()))
        else {}
    )


@lru_cache(maxsize=20_000)
def _sums_up(written: str) -> bool:
    return re.sub(r"[\s.:]", "", written).casefold() in _SUMMARY


def _may_be_name(written: str) -> bool:
    return bool(column_of(written) or code_of(written))


def layout_of(kinds: set[str]) -> str:
    """The layout of a file with these kinds of tables."""
    return (
        "registry"
        if kinds == {"registry"}
        else "wide_table"
        if "wide" in kinds and "scores" not in kinds
        else "long_table"
    )


def hidden_sheet(name: str):
    """The warning for a hidden sheet."""
    return finding("hidden_sheet", f"sheet {name}", name)
