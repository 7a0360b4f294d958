"""Rows of a registry of agencies: which are accepted into raw.agency. The unit is one row."""

import re
from collections import defaultdict
from itertools import pairwise

import pandas as pd

from ingestion.agencies import EVER, Names, Registry
from ingestion.framework import Framework
from ingestion.judging import registry_links
from ingestion.judging.bounds import too_long
from ingestion.judging.numbers import Note, content_note
from ingestion.normalise import digits, fiscal_year

COLUMNS = [
    "agency_id",
    "name_th",
    "agency_type",
    "province_code",
    "district_th",
    "ministry_th",
    "valid_from",
    "valid_to",
    "replaces",
    "aliases",
]
# An id is part of paths, of role filters and of what people type.
_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
Fault = tuple[str, str, str]  # what is wrong in Thai and English, and the value
Read = tuple[dict, dict]  # a row as the file has it, and as raw.agency has it


def registry_rows(
    table: pd.DataFrame, registry: Registry, framework: Framework
) -> tuple[pd.DataFrame, int, list[Note]]:
    """Rows of raw.agency, how many rows of the file are accepted, and notes.

    `registry`: what the warehouse holds. An error in a row rejects that row and nothing else.
    """
    notes: list[Note] = []
    rows: list[Read] = []
    for row in table.to_dict("records"):
        made, faults = _registry_row(row, registry.names, framework)
        notes += [_note(row, made["agency_id"], fault) for fault in faults]
        if not faults:
            rows.append((row, made))
    for check in (_overlapping, registry_links.same_name, registry_links.circles):
        faulty = check(rows, registry)
        notes += [_note(*rows[at], fault) for at, fault in sorted(faulty.items())]
        rows = [one for at, one in enumerate(rows) if at not in faulty]
    notes += registry_links.unsure_predecessors(rows, registry)
    kept = {(made["agency_id"], made["valid_from"]): made for _, made in rows}
    table = pd.DataFrame([kept[key] for key in sorted(kept)], columns=COLUMNS)
    return table.astype({"valid_to": "Int64"}), len(rows), notes


def _note(row: dict, made: dict | str, fault: Fault) -> Note:
    agency_id = made if isinstance(made, str) else made["agency_id"]
    th, en, value = fault
    return content_note("registry_row", row, value, th, en, agency=agency_id)


def _overlapping(rows: list[Read], _: Registry) -> dict[int, Fault]:
    """Rows of one agency whose years overlap, both of them; the same row twice is one row."""
    faults: dict[int, Fault] = {}
    of_agency = defaultdict(list)
    for at, (_row, made) in enumerate(rows):
        of_agency[made["agency_id"]].append(at)
    for agency_id, own in of_agency.items():
        own.sort(key=lambda at: rows[at][1]["valid_from"])
        for first, second in pairwise(own):
            before, after = rows[first][1], rows[second][1]
            if after != before and after["valid_from"] <= (before["valid_to"] or EVER):
                th = "ช่วงปีซ้อนกับอีกแถวของหน่วยงานเดียวกัน"
                fault = (th, "its years overlap another row of the same agency", agency_id)
                faults |= {first: fault, second: fault}
    return faults


def _registry_row(row: dict, names: Names, framework: Framework) -> tuple[dict, list[Fault]]:
    """A row as raw.agency has it, and what is wrong with it."""
    agency_id, faults = digits(row["agency_id"]), []
    kind, province = names.agency_type(row["agency_type"]), names.province(row["province_code"])
    valid_from = fiscal_year(row["valid_from"])
    valid_to = fiscal_year(row["valid_to"]) if row["valid_to"] else None
    if not agency_id or not row["name_th"]:
        faults.append(("ไม่มี agency_id หรือชื่อ", "no agency_id or no name", agency_id))
    elif not _ID.fullmatch(agency_id):
        th = "agency_id ใช้ได้เฉพาะ A–Z a–z 0–9 จุด ขีดล่าง และขีด ไม่เกิน 64 ตัว"
        en = "an agency_id has ASCII letters, digits, '.', '_' and '-', at most 64 characters"
        faults.append((th, en, agency_id))
    if not kind:
        faults.append(("ไม่รู้จักประเภทหน่วยงาน", "unknown agency type", row["agency_type"]))
    if province is None or kind and framework.agency_types[kind].is_local and not province:
        th = "ไม่รู้จักจังหวัด หรือองค์กรปกครองส่วนท้องถิ่นไม่มีจังหวัด"
        en = "unknown province, or a local government without one"
        faults.append((th, en, row["province_code"]))
    if valid_from is None or row["valid_to"] and valid_to is None:
        years = f"{row['valid_from']}–{row['valid_to']}"
        faults.append(("อ่านช่วงปีไม่ได้", "the years cannot be read", years))
    elif valid_to and valid_to < valid_from:
        years = f"{row['valid_from']}–{row['valid_to']}"
        faults.append(("ปีสิ้นสุดมาก่อนปีเริ่มต้น", "it ends before it begins", years))
    faults += too_long(row)
    replaces = _parts(row["replaces"])
    if agency_id and agency_id in replaces:
        faults.append(("หน่วยงานแทนที่ตัวเอง", "it replaces itself", row["replaces"]))
    made = {
        "agency_id": agency_id,
        "name_th": row["name_th"],
        "agency_type": kind,
        "province_code": province or None,
        "district_th": row["district_th"] or None,
        "ministry_th": row["ministry_th"] or None,
        "valid_from": valid_from,
        "valid_to": valid_to,
        "replaces": replaces,
        "aliases": _parts(row["aliases"]),
    }
    return made, faults


def _parts(written: str) -> list[str]:
    return [part.strip() for part in written.split("|") if part.strip()]
