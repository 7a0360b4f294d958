"""Rows of cells (of a sheet, a CSV, an HTML table) → the tables of a Submission."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pandas as pd

from ingestion.assessments import another
from ingestion.normalise import number
from ingestion.places import column_letters, letters_of
from ingestion.readers import heads
from ingestion.readers.cells import StoredZero, aside_of, cell, value_of
from ingestion.readers.headers import Header, code_of, column_of, is_rating, recognise
from ingestion.readers.heads import Head, says_ita
from ingestion.readers.refused import Refused
from ingestion.rules import finding
from ingestion.submission import AGENCY_COLUMNS, COLUMNS, FORMULA_ZERO, Finding, Submission

ROWS_LOOKED_AT = 50  # for columns that are not understood
_ORDINAL = re.compile(r"ที่|ลำดับ|ลำดับที่|no\.?|#", re.IGNORECASE)


def _at(names: list[str], position: int) -> str:
    return names[position] if position < len(names) else ""


class Unread:
    """Says once which columns of a file hold numbers under a name that is not understood."""

    def __init__(self, even_rows: bool) -> None:
        self.even_rows = even_rows
        self.findings: list[Finding] = []
        self._told: set[str] = set()
        self._rows_looked_at = 0

    def look(self, header: Header, names: list[str], row: list, where: str) -> None:
        """Look at a row under a header whose cells are `names`.

        Raises Refused for numbers under no name behind the figures: what they are nobody can say.
        """
        if header.table not in ("wide", "scores") or self._rows_looked_at >= ROWS_LOOKED_AT:
            return
        self._rows_looked_at += 1
        read = {*header.columns.values(), *header.codes}
        for position, value in enumerate(row):
            if position in read or value in (None, "") or number(value) is None:
                continue
            name, column = (
                names[position] if position < len(names) else "",
                column_letters(position),
            )
            if not name and header.codes and position > min(header.codes) and not self.even_rows:
                raise Refused(
                    "unknown_layout",
                    f"{where}คอลัมน์ {column} มีตัวเลขแต่ไม่มีหัวตาราง (หัวตารางผสานหรือมีสองแถว)",
                    f"{where}column {column} holds numbers under no name "
                    "(a merged header, or one of two rows)",
                )
            if name and name not in self._told and not _ORDINAL.fullmatch(name):
                self._told.add(name)
                self.findings.append(finding("column_not_read", f"{where}column {column}", name))


class Tables:
    """Collects the rows of one file's tables; `submission` gives them out."""

    def __init__(self, even_rows: bool = False, forms: bool = False) -> None:
        # A cell more than the header has shifts the others, even if the last one is empty.
        self.even_rows = even_rows
        self.forms = forms  # the lines above a score table may say whose it is: หน่วยงาน | อบต.…
        self._columns: dict[str, dict[str, list[Any]]] = {
            name: {column: [] for column in columns} for name, columns in COLUMNS.items()
        }
        self._problems: dict[int, str] = {}  # row of scores → rule
        self._letters: list[str] = []  # of each row of scores
        self._titles: list[str] = []  # what each row of scores, or its column, calls its figure
        self.findings: list[Finding] = []
        self._unread = Unread(even_rows)
        self._names: list[str] = []  # the cells of the header
        self.kinds: set[str] = set()

    def add(
        self,
        rows: Iterable[list[Any]],
        where: str = "",
        known: dict[str, str] | None = None,
        title: str = "",
    ) -> bool:
        """Take the tables that `rows` hold; False if there is none.

        `where` ('sheet ผล ') goes before 'row 7'. `known` are columns that the file states once (a
        template: fiscal_year, agency_id, …). `title`: the sheet's name, which may say the year. A
        table under a title that names another assessment is not taken, with a warning.
        """
        numbered = enumerate(rows, 1)
        head = heads.find(numbered, bool(known), self.forms, title)
        found = head is not None
        while head:
            self.kinds.add(head.header.table)
            head = self._body(numbered, head, where, known or {})
        return found

    def _body(self, numbered: Iterator, head: Head, where: str, known: dict) -> Head | None:
        """Take the rows under a header; gives the next header where another table follows."""
        take, stated = self._taker(head, where, bool(known)), {**head.facts, **known}
        width, begins = max(len(head.names), 1), True
        between: list[str] = []
        self._names, self._row_letters = head.names, letters_of(head.header.columns)
        for row_number, row in numbered:
            place = f"{where}row {row_number}"
            if begins and (whole := heads.whole(head, row, place)):
                head, begins, width = whole, False, max(width, len(row))
                self._names, self._row_letters = head.names, letters_of(head.header.columns)
                continue
            begins, header = False, head.header
            self._unread.look(header, head.names, row, where)
            if again := _header_again(row, header, bool(known)):
                if again == header and not between:
                    continue  # a repeated header
                return heads.below(head, again, [cell(value) for value in row], between)
            if sum(1 for value in row if value is not None and value != "") < 2:
                between += [written for value in row if (written := cell(value))]
                continue  # blank, or a note
            if not known and (aside := aside_of(row, header)):
                self.findings.append(finding(aside[0], place, aside[1]))
                continue
            if known and header.table == "scores" and not _is_filled_in(row, header):
                continue
            between = []
            longer = len(row) > width and (self.even_rows or any(map(cell, row[width:])))
            take(row, header, place, stated, "row_shape" if longer else "")
        return None

    def _taker(self, head: Head, where: str, known: bool) -> Callable:
        """What takes the rows of a table; nothing does of one that is of another assessment."""
        if not known and head.header.table in ("wide", "scores"):
            if other := another(head.title):
                said = {"detail_th": other.name_th, "detail_en": other.name_en}
                self.findings.append(
                    finding("another_assessment", where.strip(), head.title, **said)
                )
                return lambda *_: None
            if head.header.table == "wide" and not says_ita(head):
                self.findings.append(finding("assessment_not_named", where.strip(), head.title))
        return {"wide": self._wide_row, "registry": self._registry_row}.get(
            head.header.table, self._plain_row
        )

    def _plain_row(
        self, row: list, header: Header, place: str, stated: dict[str, str], problem: str
    ) -> None:
        table = self._columns[header.table]
        values = {
            column: value_of(row, header.columns, column, stated)
            for column in table
            if column != "place"
        }
        if header.table == "scores":
            if values["level"] and not values["rating"] and is_rating(values["level"]):
                values["level"], values["rating"] = "", values["level"]  # ระดับ may be either
            if not values["score"] and not values["code"] and not values["level"]:
                return
            self._note_problem(row, header.columns["score"], problem)
            named = "title" if "title" in header.columns else "indicator_no"
            self._titles.append(value_of(row, header.columns, named, {}))
        elif not any(
            values[column]
            for column in values
            if column not in ("fiscal_year", "measure_no", *AGENCY_COLUMNS)
        ):
            return  # an empty line of a template
        table["place"].append(place)
        for column, value in values.items():
            table[column].append(value)

    def _note_problem(self, row: list, position: int, problem: str) -> None:
        """Of the next row of scores, whose score stands at `position`: its problem and columns."""
        if not problem and position < len(row) and isinstance(row[position], StoredZero):
            problem = FORMULA_ZERO
        if problem:
            self._problems[len(self._letters)] = problem
        self._letters.append(self._row_letters)

    def _wide_row(
        self, row: list, header: Header, place: str, stated: dict[str, str], problem: str
    ) -> None:
        table = self._columns["scores"]
        agency = {
            column: value_of(row, header.columns, column, stated)
            for column in ("fiscal_year", *AGENCY_COLUMNS)
        }
        rating = value_of(row, header.columns, "rating", {})
        scores = [
            (position, cell(row[position])) for position in header.codes if position < len(row)
        ]
        scores = [(position, score) for position, score in scores if score]
        if not scores and not agency["agency_id"] and not agency["agency_name"]:
            return
        ranks = {
            column: value_of(row, header.columns, column, {})
            for column in ("province_rank", "type_rank")
        }
        if any(ranks.values()):
            for column, value in {"place": place, **agency, **ranks}.items():
                self._columns["ranks"][column].append(value)
        # A rating stands beside its overall score; without one the judge must still see it.
        cells = scores or [(header.key_column, "")]
        overall = (at for at, _ in cells if header.codes[at][0] == "overall")
        rated = next(overall, cells[0][0])
        for position, score in cells:
            level, code, part = header.codes[position]
            self._note_problem(row, position, problem)
            self._titles.append(_at(self._names, position))
            table["place"].append(f"{place} column {column_letters(position)}")
            for column, value in agency.items():
                table[column].append(value)
            table["level"].append(level)
            table["code"].append(code)
            table["part"].append(part)
            table["score"].append(score)
            table["rating"].append(rating if position == rated else "")
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
                table[column].append(value_of(row, header.columns, source.get(column, column), {}))

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
            if any(self._titles):
                tables["scores"]["title"] = pd.Categorical(self._titles)
        if self._problems:
            tables["scores"]["problem"] = (
                pd.Series(self._problems, dtype="str").reindex(tables["scores"].index).fillna("")
            )
        return Submission(layout, self.findings + self._unread.findings, **tables)


def _header_again(row: list, header: Header, agency_known: bool) -> Header | None:
    """The header that a row under another one is, or None."""
    key = header.key_column
    if len(row) > key and type(row[key]) is str and _may_be_name(cell(row[key])):
        return recognise([cell(value) for value in row], agency_known)
    return None


def _is_filled_in(row: list, header: Header) -> bool:
    """False for a line of a template that the sender left empty."""
    return any(value_of(row, header.columns, column, {}) for column in ("score", "remark"))


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
