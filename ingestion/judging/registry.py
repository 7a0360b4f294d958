"""Rows of a registry of agencies: which are accepted into raw.agency."""

from collections import defaultdict
from itertools import pairwise

import pandas as pd

from ingestion.agencies import EVER, Names
from ingestion.framework import Framework
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
Fault = tuple[str, str, str]  # what is wrong in Thai and English, and the value


def registry_rows(
    table: pd.DataFrame, names: Names, framework: Framework
) -> tuple[pd.DataFrame, int, list[Note]]:
    """Rows of raw.agency, how many rows of the file are accepted, and notes.

    An error in a row rejects all rows of its agency_id.
    """
    notes, wrong, by_agency = [], set(), defaultdict(list)
    for row in table.to_dict("records"):
        made, faults = _registry_row(row, names, framework)
        agency_id = made["agency_id"]
        by_agency[agency_id].append((row, made))
        if faults:
            wrong.add(agency_id)
        notes += [_note(row, agency_id, fault) for fault in faults]
    kept, accepted = [], 0
    for agency_id, own in by_agency.items():
        if agency_id in wrong:
            continue
        own.sort(key=lambda entry: entry[1]["valid_from"])
        overlap = _overlapping(own)
        if overlap:
            th = "ช่วงปีซ้อนกับอีกแถวของหน่วยงานเดียวกัน"
            fault = (th, "its years overlap another row of the same agency", agency_id)
            notes.append(_note(overlap, agency_id, fault))
            continue
        accepted += len(own)
        kept += [
            made for number, (_, made) in enumerate(own) if not number or made != own[number - 1][1]
        ]
    return pd.DataFrame(kept, columns=COLUMNS).astype({"valid_to": "Int64"}), accepted, notes


def _note(row: dict, agency_id: str, fault: Fault) -> Note:
    th, en, value = fault
    return content_note("registry_row", row, value, th, en, agency=agency_id)


def _overlapping(own: list[tuple[dict, dict]]) -> dict | None:
    """The first row, of those of one agency by valid_from, whose years overlap the one before."""
    for (_, first), (row, second) in pairwise(own):
        if second != first and second["valid_from"] <= (first["valid_to"] or EVER):
            return row
    return None


def _registry_row(row: dict, names: Names, framework: Framework) -> tuple[dict, list[Fault]]:
    """A row as raw.agency has it, and what is wrong with it."""
    agency_id, faults = digits(row["agency_id"]), []
    kind, province = names.agency_type(row["agency_type"]), names.province(row["province_code"])
    valid_from = fiscal_year(row["valid_from"])
    valid_to = fiscal_year(row["valid_to"]) if row["valid_to"] else None
    if not agency_id or not row["name_th"]:
        faults.append(("ไม่มี agency_id หรือชื่อ", "no agency_id or no name", agency_id))
    if not kind:
        faults.append(("ไม่รู้จักประเภทหน่วยงาน", "unknown agency type", row["agency_type"]))
    if province is None or kind and framework.agency_types[kind].is_local and not province:
        th = "ไม่รู้จักจังหวัด หรือองค์กรปกครองส่วนท้องถิ่นไม่มีจังหวัด"
        en = "unknown province, or a local government without one"
        faults.append((th, en, row["province_code"]))
    if valid_from is None or row["valid_to"] and (valid_to is None or valid_to < valid_from):
        years = f"{row['valid_from']}–{row['valid_to']}"
        faults.append(("ช่วงปีไม่ถูกต้อง", "the years are wrong", years))
    made = {
        "agency_id": agency_id,
        "name_th": row["name_th"],
        "agency_type": kind,
        "province_code": province or None,
        "district_th": row["district_th"] or None,
        "ministry_th": row["ministry_th"] or None,
        "valid_from": valid_from,
        "valid_to": valid_to,
        "replaces": _parts(row["replaces"]),
        "aliases": _parts(row["aliases"]),
    }
    return made, faults


def _parts(written: str) -> list[str]:
    return [part.strip() for part in written.split("|") if part.strip()]
