"""`measures.xlsx`: the workbook in which an agency sends back its measures, their progress and its
constraints; filled with what the warehouse knows. It is read back by ingestion as a template.
"""

import csv
import io
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

import xlsxwriter

from reports.setting.xlsx import FONT, LINE, SIZE, lines
from warehouse import mark, settings
from warehouse.measures_book import FIRST_PROPOSAL, MARK, PRINTED, fingerprint

AGENCY_SHEET, MEASURE_SHEET = "หน่วยงาน", "มาตรการ"
PROGRESS_SHEET, CONSTRAINT_SHEET = "ความก้าวหน้า", "ข้อจำกัด"
BLANK = 20  # empty lines below what is known, in each sheet
FIRST_ROW = 4  # title, a line of help, names for people, names for the reader (hidden)
WRITTEN_AT = datetime(2026, 1, 1)  # the time inside the file: the same facts are the same bytes
KINDS = {
    "staff": "บุคลากร",
    "budget": "งบประมาณ",
    "technology": "เทคโนโลยี",
    "method": "การบริหารจัดการ",
    "material": "ทรัพยากร",
}
AGENCY_LABELS = {
    "fiscal_year": "ปีงบประมาณ พ.ศ.",
    "agency_id": "รหัสหน่วยงาน (ถ้าทราบ)",
    "agency_name": "ชื่อหน่วยงาน",
    "agency_type": "ประเภทหน่วยงาน",
    "province": "จังหวัด",
    "district": "อำเภอ",
}
# name for the reader, name for people, width in characters, can be filled in where it is printed
MEASURE_COLUMNS = [
    ("measure_no", "มาตรการที่", 10, False),
    ("measure_key", "กุญแจของแถว (ห้ามแก้ไข)", 18, False),
    ("topic_no", "ประเด็นที่ (1–7)", 12, True),
    ("indicator_no", "ตัวชี้วัดที่ (1–10)", 12, True),
    ("item_codes", "ข้อที่เกี่ยวข้อง", 18, True),
    ("measure_th", "มาตรการ", 50, True),
    ("steps_th", "ขั้นตอน (บรรทัดละหนึ่งขั้น)", 60, True),
    ("responsible_th", "ผู้รับผิดชอบ", 30, True),
    ("starts_on", "เริ่มต้น", 14, True),
    ("ends_on", "สิ้นสุด", 14, True),
    ("followup_th", "การติดตาม", 30, True),
    ("adopted", "รับเป็นมาตรการของหน่วยงาน (ใช่)", 20, True),
    ("printed", "รหัสตรวจทาน (ห้ามแก้ไข)", 18, False),
]
PROGRESS_COLUMNS = [
    ("measure_no", "มาตรการที่", 10, False),
    ("measure_key", "กุญแจของแถว (ห้ามแก้ไข)", 18, False),
    ("", "มาตรการ", 50, False),
    ("as_of", "รายงาน ณ วันที่", 16, False),
    ("result_th", "ผลการดำเนินการ", 70, True),
    ("due_on", "กำหนดแล้วเสร็จ", 16, True),
    ("completed_on", "วันที่แล้วเสร็จ", 16, True),
]
CONSTRAINT_COLUMNS = [("kind", "ด้าน", 16, True), ("note_th", "ข้อจำกัด", 90, True)]
HELP = {
    MEASURE_SHEET: "มาตรการที่ระบบจัดเตรียมไว้ (เลขสามหลัก) เป็นของหน่วยงานเมื่อใส่ ใช่ "
    "ในช่องรับเป็นมาตรการ หรือเมื่อแก้ไขข้อความ",
    PROGRESS_SHEET: "กรอกผลเฉพาะมาตรการและรอบที่รายงาน แถวที่เว้นว่างไม่นับเป็นรายงาน",
    CONSTRAINT_SHEET: "เลือกด้าน แล้วบรรยายข้อจำกัดหนึ่งเรื่องต่อหนึ่งแถว",
}


def write(
    fiscal_year: int,
    agency: dict[str, str] | None,
    measures: list[dict],
    constraints: list[dict],
) -> bytes:
    """The workbook of a measures year (B.E.).

    agency: agency_id, agency_name, agency_type (in Thai), province, district; None leaves them to
    be filled in. measures: as `reports.measures` reads them, with `progress`; constraints: kind,
    note_th. The same facts give the same bytes.
    """
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"category": mark.of("measures"), "created": WRITTEN_AT})
        book.set_custom_property(mark.PRODUCT, "measures")
        sheets = _Sheets(book)
        sheets.agency(fiscal_year, agency)
        sheets.measures(fiscal_year, measures)
        sheets.progress(fiscal_year, measures)
        sheets.constraints(constraints)
    return out.getvalue()


class _Sheets:
    """The sheets of one workbook. Everything is locked but the cells to fill in."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self.book = book
        text = {"font_name": FONT, "font_size": SIZE, "text_wrap": True, "valign": "top"}
        box = {"locked": False, "bg_color": "#FFF9E5", "border": 1, "border_color": "#BFBFBF"}
        dark = {"bold": True, "bg_color": "#1F3864", "font_color": "white"}
        self.plain = book.add_format(text)
        self.head = book.add_format({**text, **dark})
        large = {"bold": True, "font_size": SIZE + 3, "text_wrap": False}
        self.title = book.add_format({**text, **large})
        self.note = book.add_format({**text, "text_wrap": False, "font_color": "#595959"})
        self.day = book.add_format({**text, "num_format": "yyyy-mm-dd"})
        self.key = book.add_format({**text, "font_size": 8, "font_color": "#7F7F7F"})
        self.words = book.add_format({**text, **box, "num_format": "@"})
        self.number = book.add_format({**text, **box})
        self.date = book.add_format({**text, **box, "num_format": "yyyy-mm-dd"})

    def agency(self, fiscal_year: int, agency: dict[str, str] | None) -> None:
        """Who and when: read back as facts of the whole workbook."""
        sheet = self.book.add_worksheet(AGENCY_SHEET)
        sheet.protect()
        sheet.set_column(0, 0, None, None, {"hidden": True})
        sheet.set_column(1, 1, 30, self.plain)
        sheet.set_column(2, 2, 60, self.plain)
        sheet.write_string(0, 0, MARK)
        title = f"แบบส่งข้อมูลมาตรการและความก้าวหน้า ปีงบประมาณ พ.ศ. {fiscal_year}"
        sheet.write_string(0, 1, title, self.title)
        given = {**(agency or {}), "fiscal_year": str(fiscal_year)}
        for row, (key, label) in enumerate(AGENCY_LABELS.items(), 1):
            sheet.write_string(row, 0, key)
            sheet.write_string(row, 1, label, self.head)
            known = key == "fiscal_year" or agency
            sheet.write_string(row, 2, given.get(key) or "", self.plain if known else self.words)
            sheet.set_row(row, LINE * lines(given.get(key) or "", 60) + 4)
        sheet.set_row(0, 28)
        sheet.write_string(8, 1, "กรอกเฉพาะช่องสีเหลือง แล้วบันทึกเป็น .xlsx", self.note)
        _print(sheet)
        if not agency:
            self._choose(sheet, 4, "ประเภท", _names("agency_type", "agency_type_th"))
            self._choose(sheet, 5, "จังหวัด", _names("province", "province_th"))

    def _choose(self, sheet: Any, row: int, name: str, values: list[str]) -> None:
        """A drop-down list of values that stand in a very hidden sheet."""
        listed = self.book.add_worksheet(f"รายการ{name}")
        listed.very_hidden()
        listed.protect()
        listed.write_column(0, 0, values)
        source = f"='รายการ{name}'!$A$1:$A${len(values)}"
        sheet.data_validation(row, 2, row, 2, {"validate": "list", "source": source})

    def measures(self, fiscal_year: int, measures: list[dict]) -> None:
        """The measures of the year, one a row."""
        title = f"มาตรการ ปีงบประมาณ พ.ศ. {fiscal_year}"
        sheet = self._sheet(MEASURE_SHEET, MEASURE_COLUMNS, title)
        last = FIRST_ROW + len(measures) + BLANK - 1
        for row, measure in enumerate(measures, FIRST_ROW):
            shown = _shown(measure)
            for column, (name, _, _, open_) in enumerate(MEASURE_COLUMNS):
                is_open = open_ and (name != "adopted" or measure["measure_no"] >= FIRST_PROPOSAL)
                self._cell(sheet, row, column, name, shown.get(name), is_open)
            _fit(sheet, row, MEASURE_COLUMNS, shown)
        self._blank(sheet, MEASURE_COLUMNS, FIRST_ROW + len(measures))
        for column, most in ((2, 7), (3, 10)):
            rule = {"validate": "integer", "criteria": "between", "minimum": 1, "maximum": most}
            sheet.data_validation(FIRST_ROW, column, last, column, rule)
        first_day, last_day = date(fiscal_year - 544, 10, 1), date(fiscal_year - 543, 9, 30)
        for column in (8, 9):
            rule = {"validate": "date", "criteria": "between", "error_type": "warning"}
            rule |= {"minimum": first_day, "maximum": last_day, "error_title": "นอกปีงบประมาณ"}
            rule["error_message"] = f"ปีงบประมาณคือ {first_day} ถึง {last_day}"
            sheet.data_validation(FIRST_ROW, column, last, column, rule)
        rule = {"validate": "list", "source": ["ใช่"]}
        sheet.data_validation(FIRST_ROW, 11, last, 11, rule)

    def progress(self, fiscal_year: int, measures: list[dict]) -> None:
        """A line a measure in the reports of six and of twelve months, and in others sent."""
        title = f"ความก้าวหน้าของมาตรการ ปีงบประมาณ พ.ศ. {fiscal_year}"
        sheet = self._sheet(PROGRESS_SHEET, PROGRESS_COLUMNS, title)
        year = fiscal_year - 543
        days = {date(year, 3, 31).isoformat(), date(year, 9, 30).isoformat()}
        days |= {report["as_of"] for measure in measures for report in measure["progress"]}
        row = FIRST_ROW
        for day in sorted(days):
            for measure in measures:
                sent = {r["as_of"]: r for r in measure["progress"]}.get(day, {})
                shown = {**sent, **{k: measure[k] for k in ("measure_no", "measure_key")}}
                shown |= {"": measure["measure_th"], "as_of": day}
                for column, (name, _, _, open_) in enumerate(PROGRESS_COLUMNS):
                    self._cell(sheet, row, column, name, shown.get(name), open_)
                _fit(sheet, row, PROGRESS_COLUMNS, shown)
                row += 1
        self._blank(sheet, PROGRESS_COLUMNS, row)

    def constraints(self, constraints: list[dict]) -> None:
        """What hinders the agency."""
        sheet = self._sheet(CONSTRAINT_SHEET, CONSTRAINT_COLUMNS, "ข้อจำกัดของหน่วยงาน")
        for row, note in enumerate(constraints, FIRST_ROW):
            self._cell(sheet, row, 0, "kind", KINDS[note["kind"]], True)
            self._cell(sheet, row, 1, "note_th", note["note_th"], True)
            _fit(sheet, row, CONSTRAINT_COLUMNS, note)
        self._blank(sheet, CONSTRAINT_COLUMNS, FIRST_ROW + len(constraints))
        last = FIRST_ROW + len(constraints) + BLANK - 1
        rule = {"validate": "list", "source": list(KINDS.values())}
        sheet.data_validation(FIRST_ROW, 0, last, 0, rule)

    def _sheet(self, name: str, columns: list[tuple], title: str) -> Any:
        """A locked sheet: title, help, names for people, names for the reader of the file."""
        sheet = self.book.add_worksheet(name)
        sheet.protect("", {"format_columns": True, "format_rows": True})
        sheet.write_string(0, 0, title, self.title)
        sheet.write_string(1, 0, HELP[name], self.note)
        for position, (key, shown, width, _) in enumerate(columns):
            sheet.write_string(2, position, shown, self.head)
            sheet.write_string(3, position, key, self.plain)
            sheet.set_column(position, position, width, self.plain)
        sheet.set_row(0, 28)
        sheet.set_row(2, LINE * max(lines(shown, width) for _, shown, width, _ in columns) + 4)
        sheet.set_row(3, None, None, {"hidden": True})
        sheet.freeze_panes(FIRST_ROW, 0)
        sheet.repeat_rows(2)
        _print(sheet)
        return sheet

    def _blank(self, sheet: Any, columns: list[tuple], first: int) -> None:
        """Empty lines for what the agency adds: all but what only we write is open."""
        for row in range(first, first + BLANK):
            sheet.set_row(row, LINE + 4)
            for column, (name, _, _, _) in enumerate(columns):
                if name not in ("measure_key", "printed", "adopted", ""):
                    self._cell(sheet, row, column, name, None, True)

    def _cell(
        self, sheet: Any, row: int, column: int, name: str, value: Any, is_open: bool
    ) -> None:
        if name.endswith("_on") or name == "as_of":
            style = self.date if is_open else self.day
            if value:
                sheet.write_datetime(row, column, datetime.fromisoformat(value), style)
                return
        elif name in ("measure_no", "topic_no", "indicator_no"):
            style = self.number if is_open else self.plain
            if value is not None:
                sheet.write_number(row, column, value, style)
                return
        else:
            locked = self.key if name in ("measure_key", "printed") else self.plain
            style = self.words if is_open else locked
            if value:
                sheet.write_string(row, column, value, style)
                return
        sheet.write_blank(row, column, None, style)


def _fit(sheet: Any, row: int, columns: list[tuple], shown: dict) -> None:
    """The height that a row's texts need: no reader but Excel finds it by itself."""
    small = ("measure_key", "printed")
    texts = [(shown.get(name), width) for name, _, width, _ in columns if name not in small]
    needed = [lines(text, width) for text, width in texts if isinstance(text, str)]
    sheet.set_row(row, min(409, LINE * max(needed, default=1) + 4))


def _print(sheet: Any) -> None:
    """On A4 lying, as wide as the page."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&Lหน้า &P จาก &N&R&A")


def _shown(measure: dict) -> dict:
    """What stands in a measure's row, with the mark of how it was printed."""
    shown = {name: measure[name] for name in ("measure_no", "measure_key", *PRINTED)}
    shown["item_codes"] = ", ".join(measure["item_codes"])
    shown["steps_th"] = "\n".join(step.strip() for step in _steps(measure["steps_th"]))
    shown["adopted"] = "ใช่" if measure.get("adopted") else None
    shown["printed"] = fingerprint(shown)
    return shown


def _steps(written: str | None) -> Iterable[str]:
    return filter(None, (written or "").replace("|", "\n").split("\n"))


def _names(seed: str, column: str) -> list[str]:
    with (settings.SEEDS / f"{seed}.csv").open(encoding="utf-8", newline="") as file:
        return [row[column] for row in csv.DictReader(file)]
