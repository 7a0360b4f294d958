"""The receipt of a judged file: what was read, each finding and what to do.

JSON for programs, Markdown in Thai for the sender.
"""

import json
import math
import re
from typing import Any

from ingestion import framework
from ingestion.judging import LISTED, Judged
from ingestion.rules import rules
from warehouse.thai_places import in_thai

UNITS_LISTED = 1_000
_STATES = {"accepted": "รับแล้ว", "accepted_with_warnings": "รับแล้ว มีข้อสังเกต", "rejected": "ไม่รับ"}
_LAYOUTS = {
    "long_table": "ตารางแนวยาว",
    "wide_table": "ตารางแนวกว้าง",
    "template": "แบบกรอกของระบบ",
    "document": "รายงานที่เผยแพร่",
    "json": "JSON",
    "registry": "ทะเบียนหน่วยงาน",
    None: "อ่านไม่ได้",
}
_TABLES = {
    "score": "คะแนน",
    "remark": "ข้อสังเกต",
    "measure": "มาตรการ",
    "progress": "ความก้าวหน้า",
    "constraint_note": "ข้อจำกัด",
    "agency": "ทะเบียนหน่วยงาน",
}
_FOUND = {"error": "ข้อผิดพลาด (ต้องแก้)", "warning": "ข้อสังเกต (ควรตรวจสอบ)"}


def receipt(
    judged: Judged,
    file_name: str,
    authority: str,
    received_at: str | None = None,
    marked: bool = False,
) -> dict:
    """The receipt as JSON-ready dict. The same file in the same warehouse gives the same receipt.

    `marked`: a copy of the sender's workbook, the cells of the findings marked, lies beside it.
    """
    names = {unit["agency"]: unit["name"] for unit in judged.units}
    return {
        "submission_sha256": judged.sha256,
        "file_name": file_name,
        "authority": authority,
        "received_at": received_at,
        "layout": judged.layout,
        "state": judged.state,
        "agencies": judged.agencies,
        "rows_read": judged.rows_read,
        "rows_accepted": judged.rows_accepted,
        "rows_rejected": judged.rows_read - judged.rows_accepted,
        "errors": judged.errors,
        "warnings": judged.warnings,
        "accepted_rows": {
            name: len(table) for name, table in sorted(judged.tables.items()) if name != "unit"
        },
        "rules": {
            rule: {
                "count": count,
                "severity": rules()[rule]["severity"],
                "fixed_by": rules()[rule]["fixed_by"],
            }
            for rule, count in sorted(judged.counted.items())
        },
        "units_total": len(judged.units),
        "units_accepted": sum(unit["accepted"] for unit in judged.units),
        "units": [
            {name: _number(value) for name, value in unit.items()}
            for unit in _notable_units(judged)
        ],
        "findings": [
            {
                **vars(found),
                "place_th": in_thai(found.place),
                "agency_name": names.get(found.agency, found.agency),
            }
            for found in judged.findings
        ],
        "marked_copy": f"{judged.sha256}.xlsx" if marked else None,
    }


def _notable_units(judged: Judged) -> list[dict]:
    """The rejected units first, then the others, as many as a receipt holds."""
    return sorted(judged.units, key=lambda unit: unit["accepted"])[:UNITS_LISTED]


def _number(value: Any) -> Any:
    if isinstance(value, float):
        return None if math.isnan(value) else round(value, 4)
    return value


def as_json(content: dict) -> str:
    """The receipt's JSON text."""
    return json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def as_markdown(content: dict) -> str:
    """The receipt for the sender, in Thai."""
    lines = [
        f"# ใบรับข้อมูล ITA: {_STATES[content['state']]}",
        "",
        f"- แฟ้ม: {_plain(content['file_name'])}",
        f"- รูปแบบที่อ่านได้: {_LAYOUTS.get(content['layout'], content['layout'])}",
        f"- แถวที่อ่าน {content['rows_read']:,} รับ {content['rows_accepted']:,} "
        f"ไม่รับ {content['rows_rejected']:,}",
        f"- หน่วยงานและปีที่รับ {content['units_accepted']:,} จาก {content['units_total']:,}",
        f"- ข้อผิดพลาด {content['errors']:,} ข้อสังเกต {content['warnings']:,}",
        f"- รหัสอ้างอิง (SHA-256): `{content['submission_sha256']}`",
        "",
    ]
    lines += [
        f"แฟ้มนี้เคยส่งแล้ว และแฟ้ม {_plain(one['file_name'])} ที่มาภายหลังใช้แทน "
        f"หากต้องการใช้แฟ้มนี้ ให้แจ้งผู้ดูแลระบบถอนแฟ้มนั้น (`ita withdraw {one['submission_sha256']}`)\n"
        for one in content.get("counts_instead", ())
    ]
    if content["marked_copy"]:
        lines += [f"[สำเนาแฟ้มของท่านที่ระบายสีและใส่ความเห็นในช่องที่ต้องดู]({content['marked_copy']})", ""]
    if content["accepted_rows"]:
        lines += [
            "สิ่งที่บันทึก: "
            + ", ".join(
                f"{_TABLES[name]} {count:,} รายการ"
                for name, count in content["accepted_rows"].items()
            ),
            "",
        ]
    elif content["state"] == "rejected":
        lines += ["แฟ้มนี้ยังไม่เปลี่ยนข้อมูลใดในระบบ แก้ไขตามรายการข้างล่างแล้วส่งใหม่ได้ทันที", ""]
    for severity, heading in _FOUND.items():
        lines += _findings(content, severity, heading)
    lines += _units(content)
    return "\n".join(lines).rstrip() + "\n"


def _findings(content: dict, severity: str, heading: str) -> list[str]:
    found = [one for one in content["findings"] if one["severity"] == severity]
    if not found:
        return []
    lines = [
        f"## {heading}",
        "",
        "| ที่ | ตำแหน่ง | หน่วยงาน ปี | พบ | สิ่งที่ต้องทำ | กฎ |",
        "|---|---|---|---|---|---|",
    ]
    for number, one in enumerate(found, 1):
        who = f"{one['agency_name']} {one['fiscal_year']}".strip()
        cells = (
            str(number),
            _plain(one["place_th"]) or "ทั้งแฟ้ม",
            _plain(who),
            _plain(one["message_th"]),
            _plain(one["action_th"]),
            one["rule"],
        )
        lines.append(f"| {' | '.join(cells)} |")
    more = [
        f"{rule} อีก {entry['count'] - LISTED:,} แห่ง"
        for rule, entry in content["rules"].items()
        if entry["severity"] == severity and entry["count"] > LISTED
    ]
    return [*lines, *(["", f"และ {', '.join(more)}"] if more else []), ""]


def _units(content: dict) -> list[str]:
    scored = [
        unit
        for unit in content["units"]
        if unit.get("overall") is not None or unit.get("recomputed") is not None
    ][:50]
    if not scored:
        return []
    lines = [
        "## คะแนนที่ระบบคำนวณเทียบ",
        "",
        "| หน่วยงาน | ปี | คะแนนที่ใช้ | คำนวณใหม่ | คำนวณจาก | ระดับ |",
        "|---|---|---|---|---|---|",
    ]
    basis = {
        "items": "รายข้อ",
        "instruments": "รายเครื่องมือ",
        "indicators": "รายตัวชี้วัด",
        "mixed": "รายข้อและรายตัวชี้วัด",
        "partial": "ข้อมูลไม่ครบ",
    }
    for unit in scored:
        lines.append(
            f"| {_plain(unit['name'])} | {unit['fiscal_year']} | {_score(unit['overall'])} | "
            f"{_score(unit['recomputed'])} | {basis[unit['basis']]} | "
            f"{_level(unit)} |"
        )
    return [*lines, ""]


def _level(unit: dict) -> str:
    """The name in Thai that the unit's level has in its year."""
    year = framework.load().years.get(unit["fiscal_year"])
    level = year.level_named(unit["level"]) if year and unit["level"] else None
    return level.name_th if level else "คำนวณไม่ได้"


def _score(value: float | None) -> str:
    return "–" if value is None else f"{math.floor(value * 100 + 0.5 + 1e-7) / 100:.2f}"


def _plain(written: str) -> str:
    """Text from a file, so that it cannot become markup or a formula."""
    return re.sub(r"([\\`*_|<>\[\]#])", r"\\\1", str(written)).replace("\n", " ")
