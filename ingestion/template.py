"""`ita template`: an empty submission workbook for a year's framework.

Its cells are checked while it is filled in.
"""

from pathlib import Path

import psycopg
import xlsxwriter

from ingestion import framework
from ingestion.agencies import Registry, resolve
from ingestion.framework import PARTS, Year
from ingestion.judge_landing import registry_of
from warehouse.errors import BadInput
from warehouse.measures_book import MARK as TEMPLATE_MARK

AGENCY_SHEET, SCORE_SHEET, CHECK_SHEET = "หน่วยงาน", "คะแนน", "ตรวจสอบ"
_PART_TH = {"public": "ส่วนที่ 1 (public)", "survey": "ส่วนที่ 2 (survey)", "": ""}


def write(
    file: Path,
    fiscal_year: int,
    agency_id: str | None,
    conn: psycopg.Connection | None,
    registry: Registry | None = None,
) -> None:
    """Write the workbook for results of `fiscal_year` (B.E.); `agency_id` fills in the agency.
    registry: the warehouse's, where the caller has read it.

    Raises BadInput for a year that intake would refuse, an agency that was not there then or a
    wrong file name.
    """
    rules = framework.load()
    check_name(file)
    if fiscal_year not in rules.years:
        raise BadInput(
            f"no framework for fiscal year {fiscal_year}",
            f"years with a framework: {', '.join(map(str, rules.years))}",
        )
    facts = agency_facts(conn, fiscal_year, agency_id, registry=registry) if agency_id else {}
    with xlsxwriter.Workbook(
        file, {"strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        sheets = _Sheets(book)
        sheets.agency(facts, fiscal_year, rules)
        sheets.scores(rules.years[fiscal_year])
        sheets.check(rules.years[fiscal_year])


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
        for row, (level, code, part, label) in enumerate(self.lines, 4):
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

    def check(self, year: Year) -> None:
        """What the entered items add up to, live, beside the entered figures."""
        sheet = self.book.add_worksheet(CHECK_SHEET)
        sheet.protect()
        sheet.set_column(0, 0, 46, self.plain)
        sheet.set_column(1, 3, 16, self.plain)
        sheet.write_string(0, 0, "ตรวจสอบ: คะแนนที่คำนวณจากรายข้อ เทียบกับคะแนนที่กรอก", self.title)
        for position, label in enumerate(("รายการ", "คำนวณได้", "ที่กรอก", "ผลต่าง")):
            sheet.write_string(2, position, label, self.head)
        cell = {
            (level, code, part): f"'{SCORE_SHEET}'!$E${row + 1}"
            for row, (level, code, part, _) in enumerate(self.lines, 4)
        }
        row, where = 3, {}

        def line(label: str, formula: str, entered: str | None) -> str:
            nonlocal row
            sheet.write_string(row, 0, label, self.plain)
            sheet.write_formula(row, 1, formula, self.result, "")
            if entered:
                sheet.write_formula(row, 2, f'=IF({entered}="","",{entered})', self.result, "")
                one, other = f"B{row + 1}", f"C{row + 1}"
                gap = f'=IF(OR({one}="",{other}=""),"",ROUND({other},2)-ROUND({one},2))'
                sheet.write_formula(row, 3, gap, self.result, "")
            row += 1
            return f"$B${row}"

        for indicator, instrument in year.indicators.items():
            codes = [code for code, item in year.items.items() if item.indicator == indicator]
            groups = (
                [[cell["item", code, part] for code in codes] for part in PARTS]
                if instrument == "EIT"
                else list(_by_sub_indicator(year, codes, cell).values())
            )
            means = ",".join(f"AVERAGE({','.join(group)})" for group in groups)
            filled = "+".join(f"COUNT({','.join(group)})" for group in groups)
            entered = cell["indicator", indicator, ""]
            else_entered = f'IF({entered}="","",{entered})'
            formula = f"=IF({filled}={sum(map(len, groups))},AVERAGE({means}),{else_entered})"
            where[indicator] = line(
                f"ตัวชี้วัดที่ {indicator} {year.indicator_names[indicator]}", formula, entered
            )
        for instrument in year.weights:
            own = ",".join(
                where[indicator]
                for indicator in year.indicators
                if year.indicators[indicator] == instrument
            )
            count = sum(
                1 for indicator in year.indicators if year.indicators[indicator] == instrument
            )
            where[instrument] = line(
                instrument,
                f'=IF(COUNT({own})={count},AVERAGE({own}),"")',
                cell["instrument", instrument, ""],
            )
        total = "+".join(
            f"{weight / sum(year.weights.values()):g}*{where[instrument]}"
            for instrument, weight in year.weights.items()
        )
        known = ",".join(where[instrument] for instrument in year.weights)
        line(
            "คะแนนภาพรวม",
            f'=IF(COUNT({known})={len(year.weights)},{total},"")',
            cell["overall", "", ""],
        )


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


def _by_sub_indicator(year: Year, codes: list[str], cell: dict) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for code in codes:
        groups.setdefault(year.items[code].sub_indicator, []).append(cell["item", code, ""])
    return groups
