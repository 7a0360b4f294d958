"""Part 3: the measures of the next year."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from reports import thai
from reports.blocks import bold, field, heading, paragraph, span, table
from reports.content.findings import whole_name
from reports.content.sentences import say
from reports.content.words import heading_of, numbered, responsible, runs, time_frame

HEAD = [
    "ที่",
    "ข้อที่แก้ไข",
    "มาตรการ / กิจกรรม",
    "ขั้นตอน / วิธีปฏิบัติ",
    "ผู้รับผิดชอบ",
    "ระยะเวลา",
    "การกำกับติดตามและหลักฐาน",
]


def blocks(facts: dict) -> Iterator[Any]:
    year = facts["measures_year"]
    yield heading(1, heading_of(facts, "measures", year=year))
    yield paragraph(say("measures.opening", first=year - 1, last=year), "plain")
    yield table([12, 24, 38, 72, 30, 26, 55], HEAD, list(_rows(facts)), "cllllll")


def _rows(facts: dict) -> Iterator[Any]:
    """The measures under headings: topics, or indicators where these are the body."""
    names = {t["topic_no"]: t["topic_th"] for t in facts["analysis"]["topics"]}
    wholes = {w["measure_no"]: w for t in facts["analysis"]["topics"] for w in t["wholes"]}
    for no, measures in groupby(facts["analysis"]["measures"], key=lambda m: m["topic_no"]):
        known = no in names
        yield span(
            say("topic.name", no=no, name=names[no]) if known else say("measures.by_indicator")
        )
        for m in measures:
            yield [
                str(m["measure_no"]),
                _items(m, wholes.get(m["measure_no"])),
                bold(m["measure_th"]),
                numbered(m["steps_th"]) or thai.NONE,
                field(f"unit:{responsible(m)}", responsible(m)),
                time_frame(m),
                _followup(facts, m),
            ]


def _items(m: Any, whole: Any) -> Any:
    """What it is for: items and indicators, else the figure above them that it answers."""
    parts = []
    if m["item_codes"]:
        parts.append("ข้อ " + runs(m["item_codes"]))
    if m["indicator_nos"]:
        parts.append("ตัวชี้วัดที่ " + ", ".join(map(str, sorted(m["indicator_nos"]))))
    if not parts and whole and m["source"] != "own":
        parts.append(whole_name(whole))
    return "\n".join(parts) or thai.NONE


def _followup(facts: dict, m: Any) -> str:
    """How the measure is followed and what will prove it; text of the agency's own stays so."""
    lines = [m["followup_th"] or say("measure.followup")]
    if m["evidence_th"]:
        lines.append(say("measure.evidence", evidence=m["evidence_th"]))
    if m["oit_items"]:
        year = facts["rules"]["oit_year"]
        lines.append(say("measure.serves", codes=runs(m["oit_items"]), year=year))
    return "\n".join(lines)
