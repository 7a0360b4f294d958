"""JSON (`ingestion/submission.schema.json`) → tables. Numbers are kept as they are written."""

import json
from typing import Any

import pandas as pd

from ingestion.normalise import multiline, text
from ingestion.readers.refused import Refused
from ingestion.rules import finding
from ingestion.submission import COLUMNS, Submission

_TABLES = {
    "scores": "scores",
    "remarks": "remarks",
    "measures": "measures",
    "progress": "progress",
    "constraints": "constraints",
}
_JSON_NAME = {
    "measure_th": "measure",
    "steps_th": "steps",
    "responsible_th": "responsible",
    "followup_th": "followup",
    "result_th": "result",
    "note_th": "note",
    "remark_th": "remark",
}


def read(written: str) -> Submission:
    """The tables of one submission object or a list of them.

    Of a list, an object that is not of that form is left out with an error. Raises Refused where
    nothing is that JSON.
    """
    content = _loaded(written)
    several = isinstance(content, list)
    objects = content if several else [content]
    rows = _tables()
    findings = []
    for number, item in enumerate(objects):
        place = f"$[{number}]" if several else "$"
        own = _tables()
        try:
            _submission(item, place, own)
        except Refused as error:
            if len(objects) == 1:
                raise
            said = {"detail_th": error.detail_th, "detail_en": error.detail_en}
            findings.append(finding(error.rule, place, "", agency=place, **said))
            continue
        for name, table in own.items():
            for column, values in table.items():
                rows[name][column] += values
    if not any(table["place"] for table in rows.values()):
        raise Refused(
            "unknown_layout",
            "JSON ไม่มี scores, measures, progress หรือ constraints",
            "the JSON holds no scores, measures, progress or constraints",
        )
    tables = {
        name: pd.DataFrame(columns, dtype="str")
        for name, columns in rows.items()
        if columns["place"]
    }
    return Submission("json", findings, **tables)


def _loaded(written: str) -> Any:
    """What the JSON holds, each number as it is written. Raises Refused where it is none."""
    try:
        return json.loads(
            written.lstrip("\ufeff"),
            parse_float=_Written,
            parse_int=_Written,
            parse_constant=_Written,
            object_pairs_hook=_object,
        )
    except _Repeated as error:
        raise Refused(
            "wrong_type",
            f"ชื่อ “{error}” ซ้ำในวัตถุเดียวกัน",
            f"the name “{error}” is repeated in one object",
        ) from error
    except RecursionError as error:
        raise Refused(
            "over_bound", "โครงสร้าง JSON ซ้อนลึกเกินไป", "the JSON is nested too deeply"
        ) from error
    except ValueError as error:
        raise Refused("unreadable", f"JSON ผิดรูปแบบ: {error}", f"broken JSON: {error}") from error


def _tables() -> dict[str, dict[str, list]]:
    return {table: {column: [] for column in COLUMNS[table]} for table in [*_TABLES, "ranks"]}


class _Written(str):
    """A number as it stands in the file."""


class _Repeated(ValueError):
    """A name twice in one object."""


def _object(pairs: list[tuple[str, Any]]) -> dict:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        raise _Repeated(next(name for name in names if names.count(name) > 1)[:100])
    return found


def _submission(item: Any, place: str, rows: dict) -> None:
    agency = _is(dict, _is(dict, item, place).get("agency"), f"{place}.agency")
    known = {
        "fiscal_year": _scalar(item.get("fiscal_year"), f"{place}.fiscal_year"),
        "agency_id": _scalar(agency.get("agency_id"), f"{place}.agency.agency_id"),
        "agency_name": _scalar(agency.get("name"), f"{place}.agency.name"),
        "agency_type": _scalar(agency.get("type"), f"{place}.agency.type"),
        "province": _scalar(agency.get("province"), f"{place}.agency.province"),
        "district": _scalar(agency.get("district"), f"{place}.agency.district"),
    }
    for name, table in _TABLES.items():
        entries = item.get(name)
        for number, entry in enumerate(
            _is(list, entries, f"{place}.{name}") if entries is not None else []
        ):
            _row(
                rows[table],
                _is(dict, entry, f"{place}.{name}[{number}]"),
                f"{place}.{name}[{number}]",
                known,
            )
    if item.get("province_rank") is not None or item.get("type_rank") is not None:
        _row(
            rows["ranks"],
            {"province_rank": item.get("province_rank"), "type_rank": item.get("type_rank")},
            place,
            known,
        )


def _row(table: dict[str, list], entry: dict, place: str, known: dict[str, str]) -> None:
    """One entry; its own fiscal_year goes before the submission's: measures are of another year."""
    table["place"].append(place)
    for column, values in table.items():
        if column == "place":
            continue
        if column in known and column != "fiscal_year":
            values.append(known[column])
            continue
        value = entry.get(_JSON_NAME.get(column, column), entry.get(column))
        written = _scalar(
            value,
            f"{place}.{column}",
            several=column in ("item_codes", "steps_th"),
            lines=column == "steps_th",
        )
        values.append(written or known.get(column, ""))


def _scalar(value: Any, place: str, several: bool = False, lines: bool = False) -> str:
    if several and isinstance(value, list):
        return ("\n" if lines else "|").join(_scalar(one, place) for one in value)
    if isinstance(value, dict | list):
        raise Refused(
            "wrong_type", f"{place} ต้องเป็นข้อความหรือตัวเลข", f"{place} must be text or a number"
        )
    if isinstance(value, bool):
        return str(value).lower()
    return (multiline if lines else text)(value)


def _is(kind: type, value: Any, place: str) -> Any:
    if not isinstance(value, kind):
        raise Refused(
            "wrong_type",
            f"{place} ต้องเป็น{'วัตถุ {…}' if kind is dict else 'รายการ […]'}",
            f"{place} must be {'an object' if kind is dict else 'a list'}",
        )
    return value
