"""Rows of cells (of a sheet, a CSV, an HTML table) → the tables of a Submission."""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from ingestion.assessments import another
from ingestion.normalise import number
from ingestion.places import column_letters, letters_of
from ingestion.readers import heads
from ingestion.readers.cells import Cut, StoredZero, aside_of, cell, cuts, taken, value_of
from ingestion.readers.headers import Header, code_of, column_of, is_rating, recognise
from ingestion.readers.heads import Head
from ingestion.readers.refused import Refused
from ingestion.rules import finding
from ingestion.submission import AGENCY_COLUMNS, COLUMNS, FORMULA_ZERO, Finding, Submission
from warehouse.thai_places import in_thai

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
                    f"{in_thai(where.strip())} คอลัมน์ {column} มีตัวเลขแต่ไม่มีหัวตาราง"
                    " (หัวตารางผสานหรือมีสองแถว)",
                    f"{where}column {column} holds numbers under no name "
                    "(a merged header, or one of two rows)",
                )
            if name and name not in self._told and not _ORDINAL.fullmatch(name):
                self._told.add(name)
                self.findings.append(finding("column_not_read", f"{where}column {column}", name))


def _must_be_alike(row: list, first: int, second: int, names: list[str], place: str) -> None:
    """Raise Refused where two columns of scores differ: one may be the full mark or last year's."""
    one, other = (row[at] if at < len(row) else None for at in (first, second))
    if number(other) is None or number(one) == number(other):
        return
    shown = " / ".join(
        f"“{names[at]}” ({column_letters(at)}) {cell(value)}"
        for at, value in ((first, one), (second, other))
    )
    raise Refused(
        "unknown_layout",
        f"{in_thai(place)} มีคอลัมน์คะแนนที่แยกจากกันไม่ได้: {shown} ให้เหลือคอลัมน์เดียวที่เป็นคะแนนที่ประกาศ",
        f"{place}: columns of scores that cannot be told apart: {shown};"
        " keep the published one only",
    )


class Tables:
    """Collects the rows of one file's tables; `submission` gives them out."""

    def __init__(self, even_rows: bool = False, forms: bool = False) -> None:
        # A cell more than the header has shifts the others, even if the last one is empty.
        self.even_rows = even_rows
        self.forms = forms  # the lines above a score table may say whose it is: หน่วยงาน | อบต.…
        self._columns: dict[str, dict[str, list[Any]]] = {
            name: {column: [] for column in columns} for name, columns in COLUMNS.items()
        }
        self._columns["scores"] |= {"letters": [], "title": []}
        self._problems: dict[int, str] = {}  # row of scores → rule
        self.findings: list[Finding] = []
        self._unread = Unread(even_rows)
        self._names: list[str] = []  # of the table at hand: the cells of its header
        self._letters = ""  # … which column holds what
        self._cuts: list[list[Cut]] = []  # … what is taken from a row
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
        stated = {**head.facts, **known}
        take = self._taker(head, where, bool(known))
        self._begin(head, stated)
        in_words = heads.in_words(head)
        width, begins = max(len(head.names), 1), True
        between: list[str] = []
        year = stated.get("fiscal_year", "")
        for row_number, row in numbered:
            place = f"{where}row {row_number}"
            if begins and (whole := heads.whole(head, row, place)):
                head, begins, width = whole, False, max(width, len(row))
                self._begin(head, stated)
                in_words = heads.in_words(head)
                continue
            begins, header = False, head.header
            self._unread.look(header, head.names, row, where)
            if again := _header_again(row, header, bool(known)):
                if again == header and not between:
                    continue  # a repeated header
                return heads.below(head, again, [cell(value) for value in row], between)
            if len(row) - row.count(None) - row.count("") < 2:
                between += [written for value in row if (written := cell(value))]
                continue  # blank, or a note
            if not known and (aside := aside_of(row, header, in_words, year)):
                self.findings.append(finding(aside[0], place, aside[1]))
                continue
            for other in self._other_scores:
                _must_be_alike(row, header.columns["score"], other, head.names, place)
            if known and header.table == "scores" and not _is_filled_in(row, header):
                continue
            between = []
            longer = len(row) > width and (self.even_rows or any(map(cell, row[width:])))
            take(row, header, place, "row_shape" if longer else "")
        return None

    def _taker(self, head: Head, where: str, known: bool) -> Callable:
        """What takes the rows of a table; nothing does of one that is of another assessment."""
        if not known and head.header.table in ("wide", "scores"):
            if other := another(head.title, of_any=heads.is_of_any(head)):
                said = {"detail_th": other.name_th, "detail_en": other.name_en}
                self.findings.append(
                    finding("another_assessment", where.strip(), head.title, **said)
                )
                return lambda *_: None
            if head.header.table == "wide" and not heads.says_ita(head):
                self.findings.append(finding("assessment_not_named", where.strip(), head.title))
        return {"wide": self._wide_row, "registry": self._registry_row}.get(
            head.header.table, self._plain_row
        )

    def _begin(self, head: Head, stated: dict[str, str]) -> None:
        """Note of a table what its rows need."""
        columns, table = head.header.columns, head.header.table
        self._names, self._letters = head.names, letters_of(columns)
        self._other_scores = [
            at
            for at, name in enumerate(head.names)
            if table == "scores" and column_of(name) == "score" and at != columns.get("score")
        ]
        who = {name: name for name in ("fiscal_year", *AGENCY_COLUMNS)}
        own = {name: name for name in COLUMNS.get(table, ()) if name != "place"}
        if table == "wide":
            beside = {name: name for name in ("rating", "province_rank", "type_rank")}
            self._cuts = [cuts(columns, who, stated), cuts(columns, beside)]
        elif table == "registry":
            province = "province_code" if "province_code" in columns else "province"
            own |= {"name_th": "agency_name", "district_th": "district", "province_code": province}
            self._cuts = [cuts(columns, own)]
        else:
            named = "title" if "title" in columns else "indicator_no"
            beside = {"title": named} if table == "scores" else {}
            self._cuts = [cuts(columns, own, stated), cuts(columns, beside)]

    def _plain_row(self, row: list, header: Header, place: str, problem: str) -> None:
        values = taken(row, self._cuts[0])
        if header.table == "scores":
            if values["level"] and not values["rating"] and is_rating(values["level"]):
                values["level"], values["rating"] = "", values["level"]  # ระดับ may be either
            if not values["score"] and not values["code"] and not values["level"]:
                return
            index = len(self._columns["scores"]["place"])
            self._note_problem(index, row, header.columns["score"], problem)
            values |= {"letters": self._letters, **taken(row, self._cuts[1])}
        elif not any(
            values[column]
            for column in values
            if column not in ("fiscal_year", "measure_no", *AGENCY_COLUMNS)
        ):
            return  # an empty line of a template
        self._add(header.table, place, values)

    def _add(self, table: str, place: str, values: dict[str, str]) -> None:
        columns = self._columns[table]
        columns["place"].append(place)
        for column, value in values.items():
            columns[column].append(value)

    def _note_problem(self, index: int, row: list, position: int, problem: str) -> None:
        """The problem of the scores at `index`, whose figure stands at `position` of `row`."""
        if not problem and position < len(row) and isinstance(row[position], StoredZero):
            problem = FORMULA_ZERO
        if problem:
            self._problems[index] = problem

    def _wide_row(self, row: list, header: Header, place: str, problem: str) -> None:
        agency, ranks = (taken(row, how) for how in self._cuts)
        rating = ranks.pop("rating")
        scores = [
            (position, cell(row[position])) for position in header.codes if position < len(row)
        ]
        scores = [(position, score) for position, score in scores if score]
        if not scores and not agency["agency_id"] and not agency["agency_name"]:
            return
        if any(ranks.values()):
            self._add("ranks", place, {**agency, **ranks})
        # A rating stands beside its overall score; without one the judge must still see it.
        cells = scores or [(header.key_column, "")]
        overall = (at for at, _ in cells if header.codes[at][0] == "overall")
        rated = next(overall, cells[0][0])
        columns = self._columns["scores"]
        for index, (position, _) in enumerate(cells, len(columns["place"])):
            self._note_problem(index, row, position, problem)
        columns["place"] += [f"{place} column {column_letters(at)}" for at, _ in cells]
        for index, name in enumerate(("level", "code", "part")):
            columns[name] += [header.codes[at][index] for at, _ in cells]
        columns["score"] += [score for _, score in cells]
        columns["rating"] += [rating if at == rated else "" for at, _ in cells]
        columns["title"] += [_at(self._names, at) for at, _ in cells]
        alike = {**agency, "remark": "", "flagged": "", "letters": self._letters}
        for name, value in alike.items():
            columns[name] += [value] * len(cells)

    def _registry_row(self, row: list, header: Header, place: str, problem: str) -> None:
        self._add("registry", place, taken(row, self._cuts[0]))

    def submission(self, layout: str) -> Submission:
        """What was collected. Raises Refused if the file holds no table."""
        if not self.kinds:
            raise Refused(
                "unknown_layout",
                "ไม่พบแถวหัวตารางที่มีคอลัมน์หน่วยงานและคะแนน หากเป็นตารางของหน่วยงานเดียว"
                " ให้เพิ่มเหนือหัวตาราง บรรทัดละหนึ่งอย่าง ค่าอยู่ในช่องถัดไป: หน่วยงาน จังหวัด ปีงบประมาณ"
                " แล้วให้หัวตารางมีคอลัมน์ ตัวชี้วัด (หรือ เครื่องมือ) และ คะแนน",
                "no header row with columns for the agency and the scores; of one agency, lines"
                " above the header may say หน่วยงาน, จังหวัด and ปีงบประมาณ, each with its value in"
                " the next cell, over columns ตัวชี้วัด (or เครื่องมือ) and คะแนน",
            )
        if not any(self._columns["scores"]["title"]):
            del self._columns["scores"]["title"]
        tables = {
            name: _frame(columns) for name, columns in self._columns.items() if columns["place"]
        }
        if self._problems:
            tables["scores"]["problem"] = (
                pd.Series(self._problems, dtype="str").reindex(tables["scores"].index).fillna("")
            )
        return Submission(layout, self.findings + self._unread.findings, **tables)


def _frame(columns: dict[str, list[Any]]) -> pd.DataFrame:
    """A table of text from its columns, as one block: a night reads thousands of files."""
    values = np.empty((len(columns), len(columns["place"])), dtype=object)
    for index, own in enumerate(columns.values()):
        values[index] = own
    return pd.DataFrame(values.T, columns=_index(tuple(columns)), dtype=object, copy=False)


@cache
def _index(names: tuple[str, ...]) -> pd.Index:
    return pd.Index(names)


def _header_again(row: list, header: Header, agency_known: bool) -> Header | None:
    """The header that a row under another one is, or None."""
    key = header.key_column
    if len(row) > key and type(row[key]) is str and _may_be_name(cell(row[key])):
        return recognise([cell(value) for value in row], agency_known)
    return None


def _is_filled_in(row: list, header: Header) -> bool:
    """False for a line of a template that the sender left empty."""
    return any(value_of(row, header.columns, column) for column in ("score", "remark"))


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
