"""The sheet of the template that adds up, live, what is entered, beside the entered figures."""

from typing import Protocol

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from ingestion.framework import PARTS, Year

Entered = dict[tuple[str, str, str], str]  # (level, code, part) → where it is entered
FIRST_ROW = 3


class Styles(Protocol):
    """The formats of the workbook that are used here."""

    title: Format
    head: Format
    plain: Format
    result: Format


def write(sheet: Worksheet, styles: Styles, year: Year, entered: Entered) -> None:
    """A line for each indicator, instrument and the overall: computed, entered, the difference.

    An indicator is the mean of its items where all of them are entered, else the entered figure.
    """
    sheet.protect()
    sheet.set_column(0, 0, 46, styles.plain)
    sheet.set_column(1, 3, 16, styles.plain)
    sheet.write_string(0, 0, "ตรวจสอบ: คะแนนที่คำนวณจากรายข้อ เทียบกับคะแนนที่กรอก", styles.title)
    for position, label in enumerate(("รายการ", "คำนวณได้", "ที่กรอก", "ผลต่าง")):
        sheet.write_string(2, position, label, styles.head)
    computed: dict[str, str] = {}  # indicator or instrument → where it is computed
    row = FIRST_ROW
    for indicator in year.indicators:
        label = f"ตัวชี้วัดที่ {indicator} {year.indicator_names[indicator]}"
        formula = _of_indicator(year, indicator, entered)
        computed[indicator] = f"$B${row + 1}"
        _line(sheet, styles, row, label, formula, entered["indicator", indicator, ""])
        row += 1
    for instrument in year.weights:
        formula = _of_instrument(year, instrument, computed)
        _line(sheet, styles, row, instrument, formula, entered["instrument", instrument, ""])
        computed[instrument] = f"$B${row + 1}"
        row += 1
    formula = _of_overall(year, computed)
    _line(sheet, styles, row, "คะแนนภาพรวม", formula, entered["overall", "", ""])


def _line(
    sheet: Worksheet, styles: Styles, row: int, label: str, formula: str, entered: str
) -> None:
    one, other = f"B{row + 1}", f"C{row + 1}"
    gap = f'=IF(OR({one}="",{other}=""),"",ROUND({other},2)-ROUND({one},2))'
    sheet.write_string(row, 0, label, styles.plain)
    sheet.write_formula(row, 1, formula, styles.result, "")
    sheet.write_formula(row, 2, f'=IF({entered}="","",{entered})', styles.result, "")
    sheet.write_formula(row, 3, gap, styles.result, "")


def _of_indicator(year: Year, indicator: str, entered: Entered) -> str:
    """The mean of the means of its groups: the parts of EIT, the sub-indicators of OIT."""
    items = [item for item in year.items.values() if item.indicator == indicator]
    groups: dict[str, list[str]] = {}
    for item in items:
        parts = PARTS if year.indicators[indicator] == "EIT" else ("",)
        for part in parts:
            cell = entered["item", item.code, part]
            groups.setdefault(part or item.sub_indicator, []).append(cell)
    means = ",".join(f"AVERAGE({','.join(group)})" for group in groups.values())
    filled = "+".join(f"COUNT({','.join(group)})" for group in groups.values())
    count = sum(map(len, groups.values()))
    own = entered["indicator", indicator, ""]
    return f'=IF({filled}={count},AVERAGE({means}),IF({own}="","",{own}))'


def _of_instrument(year: Year, instrument: str, computed: dict[str, str]) -> str:
    own = [computed[code] for code, of in year.indicators.items() if of == instrument]
    return f'=IF(COUNT({",".join(own)})={len(own)},AVERAGE({",".join(own)}),"")'


def _of_overall(year: Year, computed: dict[str, str]) -> str:
    known = ",".join(computed[instrument] for instrument in year.weights)
    whole = sum(year.weights.values())
    total = "+".join(
        f"{weight / whole:g}*{computed[instrument]}" for instrument, weight in year.weights.items()
    )
    return f'=IF(COUNT({known})={len(year.weights)},{total},"")'
