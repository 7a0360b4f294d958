"""The result at a glance."""

from collections.abc import Iterator
from typing import Any

from reports import thai
from reports.content.sentences import reference, say
from reports.content.sheets import sheet
from reports.content.words import PARTS, level, ranks


def sheets(facts: dict) -> Iterator[Any]:
    agency, result = facts["agency"], facts["assessment"]
    rows = [
        ["หน่วยงาน", agency["name_th"], None, None],
        ["ประเภท", agency["agency_type_th"], None, None],
        ["ที่ตั้ง", thai.place(agency), None, None],
        ["ระดับ", level(result), None, None],
        ["เหตุผลของระดับ", result["level_reason_th"], None, None],
        ["คะแนนภาพรวม", None, result["overall_score"], None],
    ]
    rows += [[name, reference("instrument")[code], result[col], None] for code, col, name in PARTS]
    for where, rank, count, _ in ranks(facts):
        rows.append(
            [say("rank.in", where=where), say("summary.of", count=thai.count(count)), None, rank]
        )
    rows.append(["ข้อมูล ณ วันที่", thai.long_date(facts["data_date"]), None, None])
    columns = [
        ("รายการ", 40, "text"),
        ("ผล", 70, "text"),
        ("คะแนน", 14, "score"),
        ("ลำดับ", 14, "count"),
    ]
    yield sheet(
        "สรุป",
        say("title.report", year=facts["fiscal_year"], agency=agency["name_th"]),
        columns,
        rows,
    )
