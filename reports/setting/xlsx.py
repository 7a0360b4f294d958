# ruff: noqa: E501
"""The pack as a workbook: every table with real numbers, native charts, print set-up."""

import io
import re
from datetime import datetime

import xlsxwriter

from reports import thai
from reports.setting import mark, palette
from reports.analysis import item_name, item_title
from reports.content import CONSTRAINT_KINDS, GROUP_TITLES, PARTS, STATUS_TH, title

FONT = "TH Sarabun New"
MARKS = re.compile("[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]")  # of Thai, above and below a letter


def write(facts: dict, digits: str) -> bytes:
    """The workbook of one agency's pack; `digits` thai or arabic: how numbers are shown, they stay numbers."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    book.set_properties(
        {
            "title": title(facts),
            "author": facts["agency"]["name_th"],
            "category": mark.of("working file"),
            "created": datetime.fromisoformat(facts["build"]["date"]),
        }
    )
    book.set_custom_property(mark.PRODUCT, "working file")
    sheets = _Sheets(book, digits)
    _summary(sheets, facts)
    _indicators(sheets, facts)
    _history(sheets, facts)
    _items(sheets, facts)
    _topics(sheets, facts)
    _measures(sheets, facts)
    _constraints(sheets, facts)
    _progress(sheets, facts)
    _checklist(sheets, facts)
    book.close()
    return out.getvalue()


class _Sheets:
    """A workbook with its formats; `table` writes one titled sheet."""

    def __init__(self, book, digits):
        self.book, self.digits = book, digits
        prefix = "[$-D00041E]" if digits == "thai" else ""
        base = {"font_name": FONT, "font_size": 16, "valign": "top"}
        grid = {**base, "border": 1, "border_color": palette.RULE, "text_wrap": True}
        self.formats = {
            "title": book.add_format(
                {**base, "bold": True, "font_size": 20, "font_color": palette.BRAND}
            ),
            "head": book.add_format(
                {
                    **grid,
                    "bold": True,
                    "bg_color": palette.PALE,
                    "align": "center",
                    "valign": "vcenter",
                }
            ),
            "text": book.add_format(grid),
            "score": book.add_format({**grid, "num_format": prefix + "0.00"}),
            "count": book.add_format({**grid, "num_format": prefix + "#,##0"}),
            "year": book.add_format({**grid, "num_format": prefix + "0", "align": "center"}),
            **{
                kind: book.add_format({**grid, "bg_color": palette.SEVERITIES[kind][0]})
                for kind in ("urgent", "develop")
            },
        }

    def words(self, text):
        return thai.in_digits(text, self.digits)

    def table(self, name, heading, columns, rows, fills=None):
        """columns: [(head, width in characters, kind)], kind text, score, count or year. Returns the sheet; data begin in row 3."""
        sheet = self.book.add_worksheet(name)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.6, right=0.5, top=0.7, bottom=0.6)
        sheet.set_footer("&C&P / &N")
        sheet.write_string(0, 0, self.words(heading), self.formats["title"])
        sheet.set_row(0, 28)
        for c, (head, width, _) in enumerate(columns):
            sheet.set_column(c, c, width)
            sheet.write_string(2, c, self.words(head), self.formats["head"])
        sheet.repeat_rows(2)
        sheet.freeze_panes(3, 0)
        for r, row in enumerate(rows):
            lines = 1
            for c, (value, (_, width, kind)) in enumerate(zip(row, columns, strict=False)):
                look = self.formats[(fills or {}).get((r, c)) or kind]
                if value is None or value == "":
                    sheet.write_blank(r + 3, c, None, look)
                elif isinstance(value, str):
                    sheet.write_string(r + 3, c, self.words(value), look)
                    lines = max(
                        lines,
                        sum(1 + int(_cells(line) / (width * 0.95)) for line in value.split("\n")),
                    )
                else:
                    sheet.write_number(r + 3, c, value, look)
            sheet.set_row(r + 3, min(409, 23 * lines + 2))
        return sheet


def _cells(text):
    """Width of Thai text in characters: marks above and below take no room."""
    return len(text) - len(MARKS.findall(text))


def _summary(sheets, facts):
    agency, result, ranking = facts["agency"], facts["assessment"], facts["ranking"] or {}
    rows = [
        ["หน่วยงาน", agency["name_th"], None],
        ["ประเภท", agency["agency_type_th"], None],
        ["ที่ตั้ง", thai.place(agency), None],
        ["คะแนนภาพรวม", None, result["overall_score"]],
        ["ระดับ", result["level_th"] or "ไม่สามารถระบุได้", None],
        ["เหตุผลของระดับ", result["level_reason_th"], None],
    ]
    rows += [[name, meaning, result[column]] for _, column, name, meaning in PARTS]
    rows.insert(7, ["EIT", "แบบวัดการรับรู้ของผู้มีส่วนได้ส่วนเสียภายนอก", result["eit_score"]])
    for key, name in (
        ("province", "ลำดับในจังหวัด"),
        ("province_type", "ลำดับในจังหวัด ประเภทเดียวกัน"),
        ("type", "ลำดับในประเทศ ประเภทเดียวกัน"),
        ("national", "ลำดับในประเทศ ทุกประเภท"),
    ):
        if ranking.get(f"{key}_rank") is not None:
            rows.append(
                [name, f"จาก {thai.count(ranking[f'{key}_count'])} หน่วยงาน", ranking[f"{key}_rank"]]
            )
    ranks = {(r, 2): "count" for r, row in enumerate(rows) if row[0].startswith("ลำดับ")}
    rows.append(["รหัสชุดข้อมูล", None, None])
    sheet = sheets.table(
        "สรุป",
        title(facts),
        [("รายการ", 34, "text"), ("ผล", 70, "text"), ("คะแนน / ลำดับ", 18, "score")],
        rows,
        ranks,
    )
    sheet.write_string(
        2 + len(rows),
        1,
        f"{facts['build']['build_id']} ({facts['build']['date']})",
        sheets.formats["text"],
    )


def _indicators(sheets, facts):
    rows = [
        [
            i["indicator_no"],
            i["indicator_th"],
            i["instrument"],
            i["score"],
            i["recomputed_score"],
            i["change"],
            *(
                facts["means"].get(str(i["indicator_no"]), {}).get(key)
                for key in ("province", "type", "national")
            ),
        ]
        for i in facts["indicators"]
    ]
    sheet = sheets.table(
        "ตัวชี้วัด",
        "คะแนนตามตัวชี้วัดและค่าเฉลี่ย",
        [
            ("ที่", 6, "year"),
            ("ตัวชี้วัด", 34, "text"),
            ("เครื่องมือ", 12, "text"),
            ("คะแนน", 12, "score"),
            ("คำนวณซ้ำ", 12, "score"),
            ("เทียบปีก่อน", 12, "score"),
            ("ค่าเฉลี่ยจังหวัด", 14, "score"),
            ("ค่าเฉลี่ยประเภท", 14, "score"),
            ("ค่าเฉลี่ยประเทศ", 14, "score"),
        ],
        rows,
    )
    if not rows:
        return
    last = 2 + len(rows)
    means = [
        (6 + k, fill)
        for k, fill in enumerate((palette.PROVINCE, palette.TYPE, palette.NATION))
        if any(row[6 + k] is not None for row in rows)
    ]
    for kind, left in (("bar", 0), ("radar", 580)):
        chart = sheets.book.add_chart({"type": kind})
        for source, fill in ((3, palette.OWN), *means) if kind == "radar" else ((3, palette.OWN),):
            chart.add_series(
                {
                    "name": ["ตัวชี้วัด", 2, source],
                    "categories": ["ตัวชี้วัด", 3, 1, last, 1],
                    "values": ["ตัวชี้วัด", 3, source, last, source],
                    "fill": {"color": fill},
                    "line": {"color": fill, "width": 1.75},
                }
            )
        font = {"name": FONT, "size": 12}
        chart.set_title({"name": "คะแนนรายตัวชี้วัด", "name_font": {"name": FONT, "size": 16}})
        chart.set_legend(
            {"position": "bottom", "font": font} if kind == "radar" else {"none": True}
        )
        chart.set_x_axis(
            {"num_font": font, "min": 0, "max": 100} if kind == "bar" else {"num_font": font}
        )
        chart.set_y_axis(
            {"num_font": font, "reverse": kind == "bar"}
            if kind == "bar"
            else {"num_font": font, "min": 0, "max": 100}
        )
        chart.set_size({"width": 560, "height": 420})
        sheet.insert_chart(last + 2, 0, chart, {"description": "คะแนนรายตัวชี้วัด", "x_offset": left})


def _history(sheets, facts):
    numbers = [i["indicator_no"] for i in facts["indicators"]]
    rows = [
        [
            h["fiscal_year"],
            h["overall_score"],
            h["level_th"],
            h.get("province_rank"),
            h.get("type_rank"),
            h.get("national_rank"),
            *(h["indicators"].get(str(n)) for n in numbers),
        ]
        for h in facts["history"]
    ]
    sheet = sheets.table(
        "แนวโน้ม",
        "แนวโน้มย้อนหลัง",
        [
            ("ปีงบประมาณ", 13, "year"),
            ("คะแนน", 12, "score"),
            ("ระดับ", 20, "text"),
            ("ลำดับจังหวัด", 13, "count"),
            ("ลำดับประเภท", 13, "count"),
            ("ลำดับประเทศ", 13, "count"),
            *((f"ตัวชี้วัดที่ {n}", 12, "score") for n in numbers),
        ],
        rows,
    )
    if len(rows) > 1:
        chart = sheets.book.add_chart({"type": "line"})
        chart.add_series(
            {
                "name": "คะแนนภาพรวม",
                "categories": ["แนวโน้ม", 3, 0, 2 + len(rows), 0],
                "values": ["แนวโน้ม", 3, 1, 2 + len(rows), 1],
                "line": {"color": palette.OWN},
                "marker": {"type": "circle"},
                "data_labels": {"value": True},
            }
        )
        chart.set_legend({"none": True})
        chart.set_title({"name": "คะแนนภาพรวมย้อนหลัง", "name_font": {"name": FONT, "size": 16}})
        chart.set_size({"width": 640, "height": 320})
        sheet.insert_chart(4 + len(rows), 0, chart, {"description": "คะแนนภาพรวมย้อนหลัง"})


def _items(sheets, facts):
    rows = [
        [
            i["sub_indicator"] or str(i["indicator_no"]),
            i["instrument"],
            item_name(i),
            item_title(i),
            i["score"],
            i["points_lost"],
            palette.SEVERITIES[i["severity"]][1] if i["severity"] else "ไม่มีคะแนน",
            ", ".join(map(str, i["topic_nos"])),
            i["years_running"],
        ]
        for i in facts["items"]
    ]
    fills = {
        (r, 6): i["severity"]
        for r, i in enumerate(facts["items"])
        if i["severity"] in ("urgent", "develop")
    }
    sheet = sheets.table(
        "รายข้อ",
        "คะแนนรายข้อ",
        [
            ("ตัวชี้วัด", 11, "text"),
            ("เครื่องมือ", 12, "text"),
            ("ข้อ", 18, "text"),
            ("ประเด็นการประเมิน", 70, "text"),
            ("คะแนน", 12, "score"),
            ("คะแนนที่เสียไป", 14, "score"),
            ("ผลการวิเคราะห์", 20, "text"),
            ("ประเด็นที่", 12, "text"),
            ("พบต่อเนื่อง (ปี)", 13, "count"),
        ],
        rows,
        fills,
    )
    if rows:
        sheet.autofilter(2, 0, 2 + len(rows), 8)


def _topics(sheets, facts):
    rows, fills = [], {}
    for topic in facts["analysis"]["topics"]:
        for kind, name in GROUP_TITLES.items():
            for finding in topic[kind] or [None]:
                item = facts["items"][finding["item"]] if finding else None
                if finding and kind in ("urgent", "develop"):
                    fills[len(rows), 2] = kind
                rows.append(
                    [
                        topic["topic_no"],
                        topic["topic_th"],
                        name,
                        item_name(item) if item else "ไม่มี",
                        item and item["score"],
                        finding and finding["deficiency_th"] if kind != "keep" else None,
                        finding and finding["recommendation_th"],
                        " / ".join(finding["remarks_th"]) if finding else None,
                    ]
                )
    sheets.table(
        "วิเคราะห์ 7 ประเด็น",
        "การวิเคราะห์ตามเจ็ดประเด็น",
        [
            ("ที่", 6, "year"),
            ("ประเด็น", 34, "text"),
            ("กลุ่ม", 26, "text"),
            ("ข้อ", 18, "text"),
            ("คะแนน", 11, "score"),
            ("ข้อบกพร่อง", 50, "text"),
            ("ข้อเสนอแนะ", 50, "text"),
            ("ข้อสังเกตของผู้ประเมิน", 34, "text"),
        ],
        rows,
        fills,
    )


def _measures(sheets, facts):
    rows = [
        [
            m["measure_no"],
            m["topic_no"],
            ", ".join(m["item_codes"]),
            m["measure_th"],
            "\n".join(m["steps_th"]),
            m["responsible_th"]
            and ("" if m["responsible_status"] == "own" else "เสนอ: ") + m["responsible_th"],
            thai.short_date(m["starts_on"]),
            thai.short_date(m["ends_on"]),
            m["followup_th"],
            m["evidence_th"],
            ", ".join(m["oit_items"]),
        ]
        for m in facts["analysis"]["measures"]
    ]
    sheets.table(
        "มาตรการ",
        f"มาตรการส่งเสริมคุณธรรมและความโปร่งใส ปีงบประมาณ พ.ศ. {facts['measures_year']}",
        [
            ("ที่", 6, "year"),
            ("ประเด็นที่", 10, "year"),
            ("ข้อ", 16, "text"),
            ("มาตรการ", 44, "text"),
            ("ขั้นตอน", 54, "text"),
            ("ผู้รับผิดชอบ", 26, "text"),
            ("เริ่ม", 15, "text"),
            ("สิ้นสุด", 15, "text"),
            ("การกำกับติดตาม", 34, "text"),
            ("หลักฐาน", 34, "text"),
            (f"OIT ที่ใช้ประกอบ (รหัสปี {facts['rules']['oit_year']})", 16, "text"),
        ],
        rows,
    )


def _constraints(sheets, facts):
    rows = [[CONSTRAINT_KINDS[n["kind"]], n["note_th"]] for n in facts["constraints"]] or [
        [name, None] for name in CONSTRAINT_KINDS.values()
    ]
    sheets.table(
        "ข้อจำกัด", "ข้อจำกัดของหน่วยงาน", [("ด้าน", 30, "text"), ("รายละเอียด", 100, "text")], rows
    )


def _progress(sheets, facts):
    rows = []
    for m in facts["last_measures"]:
        last = m["progress"][-1] if m["progress"] else {}
        rows.append(
            [
                m["measure_no"],
                m["measure_th"],
                m["responsible_th"],
                last.get("result_th"),
                thai.short_date(last.get("due_on")),
                thai.short_date(last.get("completed_on")),
                STATUS_TH[last.get("status", "not_reported")],
            ]
        )
    rows = rows or [
        [None, "ไม่มีมาตรการหรือรายงานความก้าวหน้าของปีนี้ในข้อมูลที่ได้รับ", None, None, None, None, None]
    ]
    sheets.table(
        "ความก้าวหน้า",
        f"ผลการดำเนินการตามมาตรการ ปีงบประมาณ พ.ศ. {facts['fiscal_year']}",
        [
            ("ที่", 6, "year"),
            ("มาตรการ", 60, "text"),
            ("ผู้รับผิดชอบ", 26, "text"),
            ("ผลการดำเนินการ", 60, "text"),
            ("กำหนดแล้วเสร็จ", 16, "text"),
            ("วันที่แล้วเสร็จ", 16, "text"),
            ("สถานะ", 24, "text"),
        ],
        rows,
    )


def _checklist(sheets, facts):
    rows = [
        [k, c["rule_th"], "ครบถ้วน" if c["met"] else "ต้องเพิ่มเติม", c["action_th"]]
        for k, c in enumerate(facts["checklist"], 1)
    ]
    fills = {(r, 2): "develop" for r, c in enumerate(facts["checklist"]) if not c["met"]}
    sheets.table(
        "รายการตรวจสอบ",
        "รายการตรวจสอบความครบถ้วนก่อนเผยแพร่",
        [("ที่", 6, "year"), ("รายการ", 70, "text"), ("ผล", 18, "text"), ("สิ่งที่ต้องเพิ่ม", 70, "text")],
        rows,
        fills,
    )
