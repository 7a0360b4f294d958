"""Measures, constraints and progress."""

from collections.abc import Iterator
from typing import Any

from reports.content.sentences import reference
from reports.content.sheets import sheet
from reports.content.words import heading_of, last_told, numbered, progress_status, responsible


def sheets(facts: dict) -> Iterator[Any]:
    yield _measures(facts)
    if facts["constraints"]:
        names = reference("constraint")
        rows = [[names[n["kind"]], n["note_th"]] for n in facts["constraints"]]
        columns = [("ด้าน", 34, "text"), ("รายละเอียด", 110, "text")]
        yield sheet("ข้อจำกัด", heading_of(facts, "constraints"), columns, rows)
    yield _progress(facts)


def _measures(facts: dict) -> Any:
    rows = [
        [
            m["measure_no"],
            m["topic_no"],
            ", ".join(m["item_codes"]),
            m["measure_th"],
            numbered(m["steps_th"]),
            responsible(m),
            m["starts_on"],
            m["ends_on"],
            m["followup_th"],
            m["evidence_th"],
            ", ".join(m["oit_items"]),
        ]
        for m in facts["analysis"]["measures"]
    ]
    columns = [
        ("ที่", 6, "year"),
        ("ประเด็นที่", 11, "year"),
        ("ข้อ", 16, "code"),
        ("มาตรการ", 44, "text"),
        ("ขั้นตอน", 54, "text"),
        ("ผู้รับผิดชอบ", 28, "text"),
        ("เริ่ม", 15, "date"),
        ("สิ้นสุด", 15, "date"),
        ("การกำกับติดตาม", 36, "text"),
        ("หลักฐาน", 36, "text"),
        (f"OIT (รหัสปี {facts['rules']['oit_year']})", 16, "code"),
    ]
    return sheet(
        "มาตรการ", heading_of(facts, "measures", year=facts["measures_year"]), columns, rows
    )


def _progress(facts: dict) -> Any:
    rows = []
    for m in facts["last_measures"]:
        last = last_told(m)
        rows.append(
            [
                m["measure_no"],
                m["measure_th"],
                m["responsible_th"],
                last.get("result_th"),
                last.get("due_on") or m["ends_on"],
                last.get("completed_on"),
                reference("status")[progress_status(m)],
            ]
        )
    columns = [
        ("ที่", 6, "year"),
        ("มาตรการ", 60, "text"),
        ("ผู้รับผิดชอบ", 28, "text"),
        ("ผลการดำเนินการ", 60, "text"),
        ("กำหนดแล้วเสร็จ", 16, "date"),
        ("วันที่แล้วเสร็จ", 16, "date"),
        ("สถานะ", 24, "text"),
    ]
    heading = heading_of(facts, "progress", year=facts["fiscal_year"])
    return sheet("ความก้าวหน้า", heading, columns, rows)
