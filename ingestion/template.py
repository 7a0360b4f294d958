"""`ita template`: an empty submission workbook for a year's framework.

Its cells are checked while it is filled in. The workbook of a year is made once in a process; for
an agency its own cells are put into it, as on the last evening hundreds ask for theirs at once.
"""

import io
import zipfile
from datetime import datetime
from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape

import psycopg
import xlsxwriter

from ingestion import framework, template_check
from ingestion.agencies import Registry, resolve
from ingestion.framework import PARTS, Year
from ingestion.judge_landing import registry_of
from warehouse.errors import BadInput
from warehouse.measures_book import MARK as TEMPLATE_MARK

AGENCY_SHEET, SCORE_SHEET, CHECK_SHEET = "หน่วยงาน", "คะแนน", "ตรวจสอบ"
FIRST_LINE = 4  # of the score sheet, below its title and two rows of names
WRITTEN_AT = datetime(2026, 1, 1)  # the time inside the file: the same facts are the same bytes
TEXTS = "xl/sharedStrings.xml"  # the part of a workbook that holds the texts of its cells
FACTS = ("agency_id", "agency_name", "agency_type", "province", "district")
_PART_TH = {"public": "ส่วนที่ 1 (public)", "survey": "ส่วนที่ 2 (survey)", "": ""}


def write(
    file: Path,
    fiscal_year: int,
    agency_id: str | None,
    conn: psycopg.Connection | None,
) -> None:
    """Write the workbook for results of `fiscal_year` (B.E.); `agency_id` fills in the agency.

    Raises BadInput for a year that intake would refuse, an agency that was not there then or a
    wrong file name.
    """
    check_name(file)
    check_year(fiscal_year)
    facts = agency_facts(conn, fiscal_year, agency_id) if agency_id else {}
    file.write_bytes(content(fiscal_year, facts))


def content(fiscal_year: int, facts: dict[str, str]) -> bytes:
    """The workbook of a year with a framework; facts: of `agency_facts`, {} leaves them open."""
    if not facts:
        return _made(fiscal_year, {})
    workbook, texts = _prepared(fiscal_year, frozenset(key for key in facts if facts[key]))
    for key, value in facts.items():
        texts = texts.replace(f">{_place(key)}<", f">{escape(value)}<")
    out = io.BytesIO(workbook)
    with zipfile.ZipFile(out, "a") as parts:
        parts.writestr(_part(TEXTS), texts.encode())
    return out.getvalue()


@cache
def _prepared(fiscal_year: int, given: frozenset[str]) -> tuple[bytes, str]:
    """A year's workbook without its texts, and these, with places for the facts that are given."""
    whole = _made(fiscal_year, {key: _place(key) if key in given else "" for key in FACTS})
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as read, zipfile.ZipFile(out, "w") as parts:
        for name in read.namelist():
            if name != TEXTS:
                parts.writestr(_part(name), read.read(name))
        texts = read.read(TEXTS).decode()
    return out.getvalue(), texts


def _place(key: str) -> str:
    return f"{{{key}}}"


def _part(name: str) -> zipfile.ZipInfo:
    part = zipfile.ZipInfo(name, WRITTEN_AT.timetuple()[:6])
    part.compress_type = zipfile.ZIP_DEFLATED
    return part


def _made(fiscal_year: int, facts: dict[str, str]) -> bytes:
    """The workbook as xlsxwriter makes it."""
    rules, out = framework.load(), io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"created": WRITTEN_AT})
        sheets = _Sheets(book)
        sheets.agency(facts, fiscal_year, rules)
        sheets.scores(rules.years[fiscal_year])
        entered = {
            figure[:3]: f"'{SCORE_SHEET}'!$E${row + 1}"
            for row, figure in enumerate(sheets.lines, FIRST_LINE)
        }
        sheet = book.add_worksheet(CHECK_SHEET)
        template_check.write(sheet, sheets, rules.years[fiscal_year], entered)
    return out.getvalue()


def check_year(fiscal_year: int) -> None:
    """Raises BadInput for a year (B.E.) whose scores intake would refuse."""
    years = framework.load().years
    if fiscal_year not in years:
        raise BadInput(
            f"no framework for fiscal year {fiscal_year}",
            f"years with a framework: {', '.join(map(str, years))}",
        )


def check_name(file: Path) -> None:
    """Raises BadInput for a file name that is no workbook's."""
    if file.suffix.lower() != ".xlsx":
        raise BadInput(f"{file}: a template is a workbook", "give a file name that ends in .xlsx")


def check_measures_year(fiscal_year: int) -> None:
    """Raises BadInput for a year (B.E.) whose measures intake would refuse."""
    years = framework.load().plan_years
    if fiscal_year not in years:
        raise BadInput(
            f"measures of fiscal year {fiscal_year} are not taken",
            f"they are taken of {min(years)} to {max(years)}",
        )


def is_provisional(fiscal_year: int) -> bool:
    """True for a year (B.E.) that takes measures, progress and constraints, and no scores yet."""
    return fiscal_year in framework.load().provisional


def agency_facts(
    conn: psycopg.Connection | None,
    fiscal_year: int,
    agency_id: str,
    measures: bool = False,
    registry: Registry | None = None,
) -> dict[str, str]:
    """The agency as of that year, or for measures of the year before, as a workbook states it.

    Raises BadInput for an agency that was not there then.
    """
    rules = framework.load()
    registry = registry or Registry(registry_of(conn) if conn else [], rules)
    found = [
        resolve(registry, year, agency_id, "", "", "", "")
        for year in (fiscal_year, *([fiscal_year - 1] if measures else []))
    ]
    if not any(one.agency_id for one in found):
        hint = found[0].notes[0][1]["hint_en"]
        raise BadInput(
            f"agency {agency_id} is not in the registry of {fiscal_year}{hint}",
            "see mart.agency, or leave --agency out",
        )
    row = registry.known_row(agency_id, fiscal_year)
    return {
        "agency_id": agency_id,
        "agency_name": row.name_th,
        "agency_type": rules.agency_types[row.agency_type].name_th,
        "province": rules.provinces[row.province_code][0] if row.province_code else "",
        "district": row.district_th,
    }


class _Sheets:
    """The sheets of one workbook. Everything is locked but the cells to fill in."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self.book = book
        text = {"font_name": "TH Sarabun New", "font_size": 16, "text_wrap": True, "valign": "top"}
        self.plain, self.head = (
            book.add_format(text),
            book.add_format({**text, "bold": True, "bg_color": "#1F3864", "font_color": "white"}),
        )
        self.title = book.add_format({**text, "bold": True, "font_size": 18, "text_wrap": False})
        box = {
            **text,
            "locked": False,
            "bg_color": "#FFF9E5",
            "border": 1,
            "border_color": "#BFBFBF",
        }
        self.words, self.score = (
            book.add_format({**box, "num_format": "@"}),
            book.add_format({**box, "num_format": "0.00"}),
        )
        self.date, self.result = (
            book.add_format({**box, "num_format": "yyyy-mm-dd"}),
            book.add_format({**text, "num_format": "0.00"}),
        )

    def _sheet(
        self, name: str, columns: list[tuple[str, str, int]], title: str
    ) -> xlsxwriter.worksheet.Worksheet:
        """A locked sheet: title, a row of column names for our reader, one for people."""
        sheet = self.book.add_worksheet(name)
        sheet.protect("", {"format_columns": True, "format_rows": True})
        sheet.write_string(0, 0, title, self.title)
        for position, (key, shown, width) in enumerate(columns):
            sheet.write_string(2, position, shown, self.head)
            sheet.write_string(3, position, key, self.plain)
            sheet.set_column(position, position, width, self.plain)
        sheet.set_row(3, None, None, {"hidden": True})
        sheet.freeze_panes(4, 0)
        return sheet

    def agency(self, facts: dict[str, str], fiscal_year: int, rules: framework.Framework) -> None:
        """Who and when: read back as facts of the whole workbook."""
        sheet = self.book.add_worksheet(AGENCY_SHEET)
        sheet.protect()
        sheet.set_column(0, 0, None, None, {"hidden": True})
        sheet.set_column(1, 1, 30, self.plain)
        sheet.set_column(2, 2, 60, self.plain)
        sheet.write_string(0, 0, TEMPLATE_MARK)
        sheet.write_string(
            0, 1, f"แบบส่งข้อมูลผลการประเมิน ITA ปีงบประมาณ พ.ศ. {fiscal_year}", self.title
        )
        shown = {
            "fiscal_year": "ปีงบประมาณ พ.ศ.",
            "agency_id": "รหัสหน่วยงาน (ถ้าทราบ)",
            "agency_name": "ชื่อหน่วยงาน",
            "agency_type": "ประเภทหน่วยงาน",
            "province": "จังหวัด",
            "district": "อำเภอ",
        }
        for row, (key, label) in enumerate(shown.items(), 1):
            sheet.write_string(row, 0, key)
            sheet.write_string(row, 1, label, self.head)
            given = str(fiscal_year) if key == "fiscal_year" else facts.get(key, "")
            sheet.write_string(
                row, 2, given, self.plain if key == "fiscal_year" or facts else self.words
            )
        sheet.write_string(8, 1, "กรอกเฉพาะช่องสีเหลือง แล้วบันทึกเป็น .xlsx", self.plain)
        types = self._list("ประเภท", [kind.name_th for kind in rules.agency_types.values()])
        provinces = self._list("จังหวัด", [name for name, _ in rules.provinces.values()])
        if not facts:
            sheet.data_validation(
                4,
                2,
                4,
                2,
                {
                    "validate": "list",
                    "source": types,
                    "error_title": "ประเภทหน่วยงาน",
                    "error_message": "เลือกจากรายการ",
                },
            )
            sheet.data_validation(
                5,
                2,
                5,
                2,
                {
                    "validate": "list",
                    "source": provinces,
                    "error_title": "จังหวัด",
                    "error_message": "เลือกจากรายการ",
                },
            )

    def _list(self, name: str, values: list[str]) -> str:
        """A very hidden sheet with the values of a drop-down list; the reference to them."""
        sheet = self.book.add_worksheet(f"รายการ{name}")
        sheet.very_hidden()
        sheet.protect()
        sheet.write_column(0, 0, values)
        return f"='รายการ{name}'!$A$1:$A${len(values)}"

    def scores(self, year: Year) -> None:
        """One line a figure: overall, parts, indicators, items (EIT items in both parts)."""
        columns = [
            ("level", "ระดับข้อมูล", 14),
            ("code", "รหัส", 9),
            ("part", "ส่วน", 12),
            ("", "รายการ", 70),
            ("score", "คะแนน 0–100", 14),
            ("rating", "ระดับผลการประเมิน", 22),
            ("flagged", "ผู้ประเมินให้แก้ไข (ใช่)", 14),
            ("remark", "ข้อบกพร่องหรือข้อเสนอแนะ", 60),
        ]
        sheet = self._sheet(
            SCORE_SHEET, columns, f"คะแนนการประเมิน ITA ปีงบประมาณ พ.ศ. {year.fiscal_year}"
        )
        self.lines = _figures(year)
        for row, (level, code, part, label) in enumerate(self.lines, FIRST_LINE):
            for position, value in enumerate((level, code, part, label)):
                sheet.write_string(row, position, value, self.plain)
            sheet.write_blank(row, 4, None, self.score)
            if level == "overall":
                sheet.write_blank(row, 5, None, self.words)
                sheet.data_validation(
                    row,
                    5,
                    row,
                    5,
                    {"validate": "list", "source": [level.name_th for level in year.levels]},
                )
            if level == "item":
                sheet.write_blank(row, 6, None, self.words)
                sheet.data_validation(row, 6, row, 6, {"validate": "list", "source": ["ใช่"]})
                sheet.write_blank(row, 7, None, self.words)
        sheet.data_validation(
            4,
            4,
            3 + len(self.lines),
            4,
            {
                "validate": "decimal",
                "criteria": "between",
                "minimum": 0,
                "maximum": 100,
                "ignore_blank": True,
                "input_title": "คะแนน",
                "input_message": "ตัวเลข 0–100 ทศนิยมสองตำแหน่ง ไม่มีคะแนนให้เว้นว่าง",
                "error_title": "คะแนนไม่ถูกต้อง",
                "error_message": "ใส่ตัวเลข 0 ถึง 100",
            },
        )
        sheet.autofilter(2, 0, 3 + len(self.lines), len(columns) - 1)


def _figures(year: Year) -> list[tuple[str, str, str, str]]:
    """level, code, part and label of every line of the score sheet."""
    lines = [("overall", "", "", "คะแนนภาพรวม")]
    lines += [("instrument", code, "", code) for code in year.weights]
    lines += [("instrument", "EIT", part, f"EIT {_PART_TH[part]}") for part in PARTS]
    lines += [
        ("indicator", code, "", f"ตัวชี้วัดที่ {code} {name}")
        for code, name in year.indicator_names.items()
    ]
    for item in year.items.values():
        for part in PARTS if item.instrument == "EIT" else ("",):
            lines.append(
                (
                    "item",
                    item.code,
                    part,
                    " ".join(filter(None, (item.title or item.code, _PART_TH[part]))),
                )
            )
    return lines
