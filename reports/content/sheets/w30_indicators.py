"""Indicators with means, and the years before."""

from collections.abc import Iterator
from typing import Any

from reports.content.sheets import sheet
from reports.content.words import scopes

MEANS = {"province": "ค่าเฉลี่ยจังหวัด", "type": "ค่าเฉลี่ยประเภท", "national": "ค่าเฉลี่ยประเทศ"}


def sheets(facts: dict) -> Iterator[Any]:
    if facts["indicators"]:
        yield _indicators(facts)
    yield _history(facts)


def _indicators(facts: dict) -> Any:
    shown = scopes(facts)
    rows = [
        [
            i["indicator_no"],
            i["indicator_th"],
            i["instrument"],
            i["score"],
            i["recomputed_score"],
            i["change"],
            *(facts["means"].get(str(i["indicator_no"]), {}).get(scope) for scope in shown),
        ]
        for i in facts["indicators"]
    ]
    columns = [
        ("ที่", 6, "year"),
        ("ตัวชี้วัด", 34, "text"),
        ("เครื่องมือ", 12, "code"),
        ("คะแนน", 12, "score"),
        ("คำนวณซ้ำ", 12, "score"),
        ("เทียบปีก่อน", 13, "score"),
        *((MEANS[scope], 16, "score") for scope in shown),
    ]
    title, values = "คะแนนรายตัวชี้วัด", [3, *range(6, 6 + len(shown))]
    charts = [
        {"kind": "bar", "title": title, "categories": 1, "values": [3], "left": 0},
        {"kind": "radar", "title": title, "categories": 1, "values": values, "left": 580},
    ]
    return sheet("ตัวชี้วัด", "คะแนนตามตัวชี้วัดและค่าเฉลี่ย", columns, rows, charts=charts)


def _history(facts: dict) -> Any:
    numbers, shown = [i["indicator_no"] for i in facts["indicators"]], scopes(facts)
    rows = [
        [
            h["fiscal_year"],
            h["overall_score"],
            h["level_th"],
            *(h.get(f"{scope}_rank") for scope in shown),
            *(h["indicators"].get(str(n)) for n in numbers),
        ]
        for h in facts["history"]
    ]
    names = {"province": "ลำดับจังหวัด", "type": "ลำดับประเภท", "national": "ลำดับประเทศ"}
    columns = [
        ("ปีงบประมาณ", 14, "year"),
        ("คะแนน", 12, "score"),
        ("ระดับ", 22, "text"),
        *((names[scope], 14, "count") for scope in shown),
        *((f"ตัวชี้วัดที่ {n}", 13, "score") for n in numbers),
    ]
    line = {"kind": "line", "title": "คะแนนภาพรวมย้อนหลัง", "categories": 0, "values": [1], "left": 0}
    return sheet("แนวโน้ม", "แนวโน้มย้อนหลัง", columns, rows, charts=[line] if len(rows) > 1 else [])
