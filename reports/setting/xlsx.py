"""Sheets (`reports.content.sheets`) to a workbook: typed cells, native charts, print set-up."""

import io
import re
from datetime import date, datetime
from typing import Any

import xlsxwriter

from reports import thai
from reports.setting import palette
from warehouse import mark

FONT, SIZE = "Sarabun", 11  # without it a reader takes another font of a like size
MARKS = re.compile("[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]")  # of Thai, above and below a letter
MEANS = (palette.PROVINCE, palette.TYPE, palette.NATION)
HEAD_ROW, FIRST = 2, 3
LINE = 18  # points of a line of text


def write(
    sheets: list[dict], *, title: str, author: str, date: str, digits: str, running: str, kind: str
) -> bytes:
    """The workbook as bytes, the same for the same sheets; `digits` thai or arabic: how numbers
    and dates are shown, they stay numbers and dates. `date` ISO, `kind` as in `warehouse.mark`."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(out, options)
    created = datetime.fromisoformat(date)
    book.set_properties(
        {"title": title, "author": author, "category": mark.of(kind), "created": created}
    )
    book.set_custom_property(mark.PRODUCT, kind)
    formats = _formats(book, digits)
    for described in sheets:
        _Sheet(book, formats, digits, described).write()
    book.close()
    return out.getvalue()


def _formats(book: Any, digits: str) -> dict:
    number = "[$-D00041E]" if digits == "thai" else ""
    day = "[$-D07041E]" if digits == "thai" else "[$-107041E]"  # both of the Buddhist calendar
    base = {"font_name": FONT, "font_size": SIZE, "valign": "top"}
    grid = {**base, "border": 1, "border_color": palette.RULE, "text_wrap": True}
    middle = {**grid, "align": "center"}
    shown = {
        "title": {**base, "bold": True, "font_size": SIZE + 3, "font_color": palette.BRAND},
        "head": {**middle, "bold": True, "bg_color": palette.PALE, "valign": "vcenter"},
        "text": grid,
        "code": {**middle, "num_format": "@"},
        "score": {**grid, "num_format": f"{number}0.00", "align": "right", "indent": 1},
        "count": {**grid, "num_format": f"{number}#,##0"},
        "year": {**middle, "num_format": f"{number}0"},
        "date": {**middle, "num_format": f"{day}d mmm yyyy"},
        **{k: {**grid, "bg_color": palette.SEVERITIES[k][0]} for k in ("urgent", "develop")},
    }
    return {name: book.add_format(look) for name, look in shown.items()}


class _Sheet:
    """One sheet: heading, head row, typed rows, charts below."""

    def __init__(self, book: Any, formats: Any, digits: str, described: Any) -> None:
        self.book, self.formats, self.digits, self.told = book, formats, digits, described
        self.sheet = book.add_worksheet(described["name"])

    def words(self, text: str) -> Any:
        return thai.in_digits(text, self.digits)

    def write(self) -> None:
        self._page()
        columns, rows = self.told["columns"], self.told["rows"]
        self.sheet.write_string(0, 0, self.words(self.told["heading"]), self.formats["title"])
        self.sheet.set_row(0, 28)
        for c, (head, width, _) in enumerate(columns):
            self.sheet.set_column(c, c, width)
            self.sheet.write_string(HEAD_ROW, c, self.words(head), self.formats["head"])
        self.sheet.set_row(
            HEAD_ROW, LINE * max(lines(head, width) for head, width, _ in columns) + 4
        )
        for r, row in enumerate(rows):
            for c, (value, (_, _, kind)) in enumerate(zip(row, columns, strict=True)):
                look = self.formats[self.told["fills"].get((r, c)) or kind]
                self._cell(FIRST + r, c, value, kind, look)
            heights = [
                lines(value, width)
                for value, (_, width, _) in zip(row, columns, strict=True)
                if isinstance(value, str)
            ]
            self.sheet.set_row(FIRST + r, min(409, LINE * max(heights, default=1) + 4))
        last = FIRST + max(len(rows), 1) - 1
        self.sheet.ignore_errors({"number_stored_as_text": f"A1:ZZ{last + 1}"})
        if self.told.get("filter") and rows:
            self.sheet.autofilter(HEAD_ROW, 0, last, len(columns) - 1)
        for described in self.told["charts"]:
            self._chart(described, last)

    def _page(self) -> None:
        self.sheet.set_landscape()
        self.sheet.set_paper(9)
        self.sheet.fit_to_pages(1, 0)
        self.sheet.set_margins(left=0.6, right=0.5, top=0.7, bottom=0.6)
        self.sheet.set_footer("&Lหน้า &P จาก &N&R&A")
        self.sheet.repeat_rows(HEAD_ROW)
        self.sheet.freeze_panes(FIRST, 0)

    def _cell(self, r: Any, c: Any, value: Any, kind: str, look: Any) -> None:
        if value is None or value == "":
            self.sheet.write_blank(r, c, None, look)
        elif kind == "date":
            self.sheet.write_datetime(r, c, date.fromisoformat(value), look)
        elif kind == "code":  # o9 is looked up as it is: its digits stay Arabic
            self.sheet.write_string(r, c, str(value), look)
        elif isinstance(value, str):
            self.sheet.write_string(r, c, self.words(value), look)
        else:
            self.sheet.write_number(r, c, value, look)

    def _chart(self, told: Any, last: Any) -> None:
        name, kind = self.told["name"], told["kind"]
        chart = self.book.add_chart({"type": kind})
        for value, fill in zip(told["values"], (palette.OWN, *MEANS), strict=False):
            series = {
                "name": [name, HEAD_ROW, value],
                "categories": [name, FIRST, told["categories"], last, told["categories"]],
                "values": [name, FIRST, value, last, value],
                "fill": {"color": fill},
                "line": {"color": fill, "width": 1.75},
            }
            if kind == "line":
                series |= {"marker": {"type": "circle"}, "data_labels": {"value": True}}
            chart.add_series(series)
        font = {"name": FONT, "size": 9}
        chart.set_title({"name": told["title"], "name_font": {"name": FONT, "size": SIZE}})
        several = len(told["values"]) > 1
        legend: dict[str, Any] = {"position": "bottom", "font": font} if several else {"none": True}
        chart.set_legend(legend)
        scale = {"num_font": font, "min": 0, "max": 100}
        if kind == "bar":
            chart.set_x_axis(scale)
            chart.set_y_axis({"num_font": font, "reverse": True})
        elif kind == "radar":
            chart.set_x_axis({"num_font": font})
            chart.set_y_axis(scale)
        chart.set_size({"width": 560, "height": 420})
        place = {"description": told["title"], "x_offset": told["left"]}
        self.sheet.insert_chart(last + 2, 0, chart, place)


def lines(text: str, width: int) -> int:
    """How many lines a cell's text takes: marks above and below take no room, and a word that
    does not fit begins a new line."""
    room = width * 0.9
    return sum(1 + int((len(line) - len(MARKS.findall(line))) / room) for line in text.split("\n"))
