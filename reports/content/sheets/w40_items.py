"""Every item, typed; and the analysis by topic and by indicator."""

from collections.abc import Iterator
from typing import Any

from reports.content.findings import numbered, whole_name
from reports.content.sentences import say
from reports.content.sheets import sheet
from reports.content.words import SEVERITIES, deficiency, item_title
from reports.setting import palette

PARTS = {None: None, "public": "ส่วนที่ 1", "survey": "ส่วนที่ 2"}


def sheets(facts: dict) -> Iterator[Any]:
    yield _items(facts)
    yield _groups(facts, "วิเคราะห์ 7 ประเด็น", say("analysis.topics"), "topics")
    if facts["analysis"]["indicators"]:
        yield _groups(facts, "วิเคราะห์ตามตัวชี้วัด", say("analysis.indicators"), "indicators")


def _items(facts: dict) -> dict:
    items = facts["items"]
    rows = [
        [
            i["item_code"],
            PARTS[i["eit_part"]],
            i["instrument"],
            i["indicator_no"],
            i["sub_indicator"],
            item_title(i),
            i["score"],
            i["points_lost"],
            palette.SEVERITIES[i["severity"]][1] if i["severity"] else say("items.no_score"),
            ", ".join(map(str, i["topic_nos"])),
            i["years_running"],
        ]
        for i in items
    ]
    fills = {(r, 8): i["severity"] for r, i in enumerate(items) if i["severity"] in SEVERITIES[:2]}
    columns = [
        ("ข้อ", 8, "code"),
        ("ส่วน EIT", 12, "code"),
        ("เครื่องมือ", 11, "code"),
        ("ตัวชี้วัดที่", 11, "year"),
        ("ตัวชี้วัดย่อย", 12, "code"),
        ("ประเด็นการประเมิน", 70, "text"),
        ("คะแนน", 12, "score"),
        ("คะแนนที่เสียไป", 14, "score"),
        ("ผลการวิเคราะห์", 20, "text"),
        ("ประเด็นที่", 12, "code"),
        ("พบต่อเนื่อง (ปี)", 13, "count"),
    ]
    return {**sheet("รายข้อ", "คะแนนรายข้อ", columns, rows, fills), "filter": True}


def _groups(facts: dict, name: str, heading: Any, which: Any) -> Any:
    rows: list[list] = []
    fills: dict[tuple[int, int], str] = {}
    for group in numbered(facts["analysis"][which]):
        for kind in SEVERITIES:
            for finding in group[kind]:
                item = facts["items"][finding["item"]]
                if kind != "keep":
                    fills[len(rows), 2] = kind
                rows.append(
                    [
                        group["no"],
                        group.get("topic_th") or group["indicator_th"],
                        say(f"group.{kind}"),
                        item["item_code"],
                        PARTS[item["eit_part"]],
                        item["score"],
                        deficiency(item, finding) if kind != "keep" else None,
                        finding["recommendation_th"],
                        " / ".join(finding["remarks_th"]),
                    ]
                )
        for whole in group["wholes"]:
            kind = whole["severity"]
            if kind != "keep":
                fills[len(rows), 2] = kind
            subject = group.get("topic_th") or group["indicator_th"]
            place = [group["no"], subject, say(f"group.{kind}"), whole_name(whole), None]
            words = [whole["deficiency_th"], whole["recommendation_th"], ""]
            rows.append([*place, whole["score"], *words])
    columns = [
        ("ที่", 6, "year"),
        ("ประเด็น" if which == "topics" else "ตัวชี้วัด", 34, "text"),
        ("กลุ่ม", 26, "text"),
        ("ข้อ", 8, "code"),
        ("ส่วน EIT", 12, "code"),
        ("คะแนน", 11, "score"),
        ("ข้อบกพร่อง", 50, "text"),
        ("ข้อเสนอแนะ", 50, "text"),
        ("ข้อสังเกตของผู้ประเมิน", 34, "text"),
    ]
    return sheet(name, heading, columns, rows, fills)
