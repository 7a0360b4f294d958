"""An agency's own published report as text.

The ten indicators and the items, in Thai digits, as agencies publish them.
"""

from pathlib import Path

import pandas as pd

from synth.files import SCORE_TEXTS, Scores
from synth.reference import of_year, seed_table

THAI_DIGITS = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")


def write(scores: Scores, path: Path) -> None:
    """The report of one agency (`scores` of one). EIT items show part 1 only and do not say so.

    So do the real reports.
    """
    framework, agency = scores.framework, scores.agencies.iloc[0]
    names = of_year(seed_table("indicator"), framework.fiscal_year).set_index("indicator_no")
    level = framework.levels.set_index("level_code")["level_th"][scores.ratings[0]]
    score = dict(
        zip(
            framework.figures.code + framework.figures.part,
            SCORE_TEXTS[scores.figures[0]],
            strict=True,
        )
    )
    place = " ".join(
        part + name
        for part, name in (("อำเภอ", agency.district_th), ("จังหวัด", agency.province_th))
        if name
    )
    lines = [
        "รายงานการวิเคราะห์ผลการประเมินคุณธรรมและความโปร่งใสในการดำเนินงานของหน่วยงานภาครัฐ",
        f"ประจำปีงบประมาณ พ.ศ. {framework.fiscal_year}",
        f"{agency.name_th} {place}".strip(),
        "",
        f"คะแนนภาพรวมของหน่วยงาน {agency.name_th} คะแนนที่ได้ {score['']} คะแนน",
        f"ระดับผลการประเมิน {level}",
        "",
        "แบบ\tลำดับ\tรายละเอียดตัวชี้วัด\tคะแนน",
    ]
    lines += [
        f"{row.instrument}\t{no}\t{row.indicator_th}\t{score[no]}" for no, row in names.iterrows()
    ]
    cells = pd.DataFrame(
        {
            "no": framework.cells.indicator_no,
            "code": framework.cells.item_code,
            "part": framework.cells.part,
            "score": SCORE_TEXTS[scores.cells[0]],
            "remark": scores.remarks[0],
        }
    ).query("part != 'survey'")
    for no, rows in cells.groupby("no", sort=False):
        lines += [
            "",
            f"ตัวชี้วัดที่ {no} {names.indicator_th[no]}",
            "",
            "ลำดับ\tหัวข้อ\tเครื่องมือการประเมิน\tข้อคำถาม\tคะแนน\tข้อบกพร่อง",
        ]
        heads = [f"{no}\t{names.indicator_th[no]}\t{names.instrument[no]}"] + ["\t\t"] * (
            len(rows) - 1
        )
        lines += [
            f"{head}\tข้อ {row.code}\t{row.score}\t{row.remark}"
            for head, row in zip(heads, rows.itertuples(), strict=True)
        ]
    path.write_text("\n".join(lines).translate(THAI_DIGITS) + "\n", encoding="utf-8")
