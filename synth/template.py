"""An agency's own filled-in submission workbook, in the shape of `ita template`."""

from pathlib import Path

import numpy as np
import xlsxwriter

from synth.files import WRITTEN_AT, Scores

MARK = "ITA-TEMPLATE-1"  # what intake knows a template by
COLUMNS = {
    "level": "ระดับข้อมูล",
    "code": "รหัส",
    "part": "ส่วน",
    "": "รายการ",
    "score": "คะแนน 0–100",
    "rating": "ระดับผลการประเมิน",
    "flagged": "ผู้ประเมินให้แก้ไข (ใช่)",
    "remark": "ข้อบกพร่องหรือข้อเสนอแนะ",
}


def write(scores: Scores, path: Path) -> None:
    """The workbook of one agency (`scores` of one).

    Who and when on the first sheet, one line a figure on the second; no sub-indicators.
    """
    agency = scores.agency_columns().iloc[0]
    facts = {"fiscal_year": str(scores.framework.fiscal_year), **agency}
    level = scores.framework.levels.set_index("level_code")["level_th"][scores.ratings[0]]
    above = scores.figures.shape[1]
    notes = [(level, "", "")] + [("", "", "")] * (above - 1)
    notes += [
        ("", "ใช่" if flagged else "", remark)
        for flagged, remark in zip(scores.flagged[0], scores.remarks[0], strict=True)
    ]
    lines = [
        [*label, " ".join(filter(None, label)), value / 100, *note]
        for label, value, note in zip(
            scores.labels().values.tolist(), scores.values()[0], notes, strict=True
        )
        if label[0] != "sub_indicator"
    ]
    with xlsxwriter.Workbook(
        str(path), {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        book.set_properties({"created": WRITTEN_AT})
        sheet = book.add_worksheet("หน่วยงาน")
        sheet.write_row(
            0, 0, [MARK, f"แบบส่งข้อมูลผลการประเมิน ITA ปีงบประมาณ พ.ศ. {scores.framework.fiscal_year}"]
        )
        for row, (name, value) in enumerate(facts.items(), 1):
            sheet.write_row(row, 0, [name, name, value])
        sheet = book.add_worksheet("คะแนน")
        sheet.write_row(2, 0, list(COLUMNS.values()))
        sheet.write_row(3, 0, list(COLUMNS))
        for row, line in enumerate(lines, 4):
            sheet.write_row(
                row,
                0,
                [float(value) if isinstance(value, np.floating) else value for value in line],
            )
