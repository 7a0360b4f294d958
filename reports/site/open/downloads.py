"""The open data: CSV, JSON and Parquet by year, a Frictionless data package, a catalogue record.

What is in a file is decided by one query, the same rows in all three formats. Descriptions of the
columns are those of the marts, in both languages, from their comments in the database.
"""

import hashlib
import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
from psycopg.rows import dict_row

from reports.site.open.facts import Facts
from warehouse import durable
from warehouse.connect import connect

# name -> (view of the descriptions, columns, from, read as ita_pack: single agencies' indicators)
TABLES: dict[str, tuple[str, str, str, bool]] = {
    "assessment": (
        "assessment",
        "a.agency_id, a.fiscal_year, a.name_th, a.agency_type, a.province_code, a.overall_score, "
        "a.score_source, a.iit_score, a.eit_score, a.eit_public_score, a.eit_survey_score, "
        "a.oit_score, a.level_code, a.level_th, a.level_source, a.is_pass, a.provisional",
        "mart.assessment as a",
        False,
    ),
    "national_ranking": (
        "national_ranking",
        "agency_id, fiscal_year, overall_score, national_rank, national_count, type_rank, "
        "type_count, percentile, rank_change, type_rank_change",
        "mart.national_ranking",
        False,
    ),
    "provincial_ranking": (
        "provincial_ranking",
        "agency_id, fiscal_year, province_code, overall_score, province_rank, province_count, "
        "province_type_rank, province_type_count, rank_change",
        "mart.provincial_ranking",
        False,
    ),
    "indicator_score": (
        "indicator_score",
        "agency_id, fiscal_year, indicator_no, indicator_th, score, change",
        "mart.indicator_score",
        True,
    ),
    "common_deficiency": (
        "common_deficiency",
        "fiscal_year, scope, province_code, agency_type, item_code, agencies_assessed, "
        "agencies_deficient, deficient_share, mean_score, deficiency_rank",
        "mart.common_deficiency",
        False,
    ),
    "province_summary": (
        "province_summary",
        "fiscal_year, province_code, agencies, mean_score, median_score, agencies_passed, "
        "pass_share",
        "mart.province_summary",
        False,
    ),
}
ORDER = {
    "assessment": "agency_id",
    "national_ranking": "agency_id",
    "provincial_ranking": "agency_id",
    "indicator_score": "agency_id, indicator_no",
    "common_deficiency": "scope, province_code, agency_type, item_code",
    "province_summary": "province_code",
}
TITLES = {
    "assessment": "ผลการประเมินรายหน่วยงาน",
    "national_ranking": "อันดับระดับประเทศและตามประเภทหน่วยงาน",
    "provincial_ranking": "อันดับภายในจังหวัด",
    "indicator_score": "คะแนนรายตัวชี้วัด",
    "common_deficiency": "ข้อที่หน่วยงานบกพร่องร่วมกัน (กลุ่มตั้งแต่ 5 หน่วยงาน)",
    "province_summary": "สรุปรายจังหวัด",
}
TYPES = {"integer": "integer", "bigint": "integer", "boolean": "boolean", "text": "string"}
ARROW = {"integer": pa.int64(), "boolean": pa.bool_(), "number": pa.decimal128(12, 8)}
FLOATS = {**ARROW, "number": pa.float64()}  # JSON's numbers: a tenth of the time of decimals
BOOLEAN = {"trueValues": ["t"], "falseValues": ["f"]}  # as COPY writes them
KINDS = ("csv", "json", "parquet")
NAME = "ita-results"
TITLE = "ผลการประเมินคุณธรรมและความโปร่งใสในการดำเนินงานของหน่วยงานภาครัฐ (ITA)"


TAGS = ("ITA", "คุณธรรมและความโปร่งใส", "หน่วยงานภาครัฐ")


def notes(facts: Facts) -> str:
    """What the data are, in a sentence."""
    return (
        "ผลคะแนนรวม ระดับผล ส่วนการประเมิน ตัวชี้วัด และอันดับ รายหน่วยงานและรายปี "
        f"ปีงบประมาณ พ.ศ. {facts.years[0]}–{facts.years[-1]} คะแนน 0–100"
    )


def json_text(value: Any) -> str:
    """Compact JSON; scores as numbers, letters as they are, nothing that ends a script element."""
    text = _ENCODE(value)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _number(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is no JSON")


@dataclass(frozen=True)
class Data:
    """A file of rows: what describes it, its digest, and how many files of it were written now."""

    resource: dict[str, Any]
    digest: str
    written: int


_ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_number).encode


def write_data(folder: Path, name: str, year: int, before: str) -> Data:
    """Write a year's rows of a table, unless their CSV has the digest that it had `before`.

    Opens a connection of its own: many are written at once.
    """
    with connect("ita_site", autocommit=True) as site:
        site.row_factory = dict_row  # type: ignore[assignment]
        fields = _fields(site, name)
    csv_text = _csv_text(name, year)
    content = b"\xef\xbb\xbf" + csv_text  # Excel reads Thai by its mark
    digest = hashlib.sha256(content).hexdigest()
    resource = _resource(name, year, fields, len(content), digest)
    if digest == before:
        return Data(resource, digest, 0)
    at = folder / "download" / str(year)
    _put(at / f"{name}.csv", content)
    _put(at / f"{name}.parquet", _parquet(_table(csv_text, fields, ARROW)))
    _put(at / f"{name}.json", _json_lines(_table(csv_text, fields, FLOATS)))
    return Data(resource, digest, 3)


def describe(
    folder: Path,
    facts: Facts,
    resources: list[dict[str, Any]],
    changed: Callable[[str, str], bool],
) -> int:
    """Write what describes all the data, where that is something new; how many files.

    `changed(name, digest)` notes a file's digest and says whether it is a new one.
    """
    written = 0
    described = {
        "datapackage.json": _package(resources, facts),
        "catalogue.json": _catalogue(resources, facts),
    }
    for file, description in described.items():
        text = json.dumps(description, ensure_ascii=False, indent=1).encode()
        if changed(f"=download/{file}", hashlib.sha256(text).hexdigest()):
            _put(folder / "download" / file, text)
            written += 1
    return written


def _csv_text(name: str, year: int) -> bytes:
    _, columns, source, of_agencies = TABLES[name]
    query = (
        f"copy (select {columns} from {source} where fiscal_year = {int(year)} "  # noqa: S608
        f"order by {ORDER[name]}) to stdout with (format csv, header)"
    )
    role = "ita_pack" if of_agencies else "ita_site"
    with connect(role) as connection, connection.cursor().copy(query) as copy:
        return b"".join(bytes(block) for block in copy)


def _fields(connection: psycopg.Connection, name: str) -> list[dict[str, Any]]:
    """A Frictionless field for each column, described as in the data dictionary."""
    view, columns, *_ = TABLES[name]
    wanted = [column.strip().removeprefix("a.") for column in columns.split(",")]
    rows = connection.execute(
        """
        select attname as name, format_type(atttypid, null) as type,
            coalesce(col_description(attrelid, attnum), '') as description
        from pg_attribute
        where attrelid = to_regclass('mart.' || %s) and attnum > 0 and not attisdropped""",
        [view],
    ).fetchall()
    found: dict[str, Any] = {row["name"]: row for row in rows}  # type: ignore[call-overload]
    return [
        {
            "name": column,
            "type": TYPES.get(found[column]["type"], "number"),
            "description": found[column]["description"],
            **(BOOLEAN if found[column]["type"] == "boolean" else {}),
        }
        for column in wanted
    ]


def _table(
    csv_text: bytes, fields: list[dict[str, Any]], arrow: dict[str, pa.DataType]
) -> pa.Table:
    types = {field["name"]: arrow.get(field["type"], pa.string()) for field in fields}
    booleans = {"true_values": ["t"], "false_values": ["f"]}
    options = pyarrow.csv.ConvertOptions(
        column_types=types, strings_can_be_null=True, quoted_strings_can_be_null=False, **booleans
    )
    return pyarrow.csv.read_csv(io.BytesIO(csv_text), convert_options=options)


def _parquet(table: pa.Table) -> bytes:
    out = io.BytesIO()
    pyarrow.parquet.write_table(table, out, compression="zstd")
    return out.getvalue()


def _json_lines(table: pa.Table) -> bytes:
    """One array of objects, a row a line. A value is put into JSON once for all its rows."""
    row = "{" + ",".join(f"{json_text(name)}:%s" for name in table.column_names) + "}"
    columns = (_values(column) for column in table.columns)
    return ("[\n" + ",\n".join(map(row.__mod__, zip(*columns, strict=True))) + "\n]\n").encode()


def _values(column: pa.ChunkedArray) -> list[str]:
    found = column.combine_chunks().dictionary_encode()
    texts = [json_text(value) for value in found.dictionary.to_pylist()]
    return ["null" if index is None else texts[index] for index in found.indices.to_pylist()]


def _resource(
    name: str, year: int, fields: list[dict[str, Any]], size: int, digest: str
) -> dict[str, Any]:
    return {
        "profile": "tabular-data-resource",
        "name": f"{name}-{year}",
        "title": f"{TITLES[name]} ปีงบประมาณ พ.ศ. {year}",
        "path": f"{year}/{name}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": size,
        "hash": f"sha256:{digest}",
        "schema": {"fields": fields, "missingValues": [""]},
    }


def _package(resources: list[dict[str, Any]], facts: Facts) -> dict[str, Any]:
    return {
        "profile": "tabular-data-package",
        "name": NAME,
        "title": TITLE,
        "description": "คะแนนเป็นค่า 0–100 ร้อยละเป็นค่า 0–100 ปีงบประมาณเป็นปีพุทธศักราช",
        "version": f"{facts.years[0]}-{facts.years[-1]}",
        "resources": resources,
    }


def _catalogue(resources: list[dict[str, Any]], facts: Facts) -> dict[str, Any]:
    """A record in the form that the national open data catalogue's CKAN takes.

    Addresses are relative to the site; whoever registers it puts the site's own before them, and
    the owner's name and licence, which are not ours to state.
    """
    return {
        "name": NAME,
        "title": TITLE,
        "notes": notes(facts),
        "data_type": "ข้อมูลระเบียน",
        "data_language": "th",
        "update_frequency_unit": "วัน",
        "update_frequency_interval": "1",
        "geo_coverage": "จังหวัด",
        "data_format": ["CSV", "JSON", "Parquet"],
        "data_category": "ข้อมูลสาธารณะ",
        "tags": [{"name": tag} for tag in TAGS],
        "resources": [
            {
                "name": resource["title"],
                "url": f"download/{resource['path'].removesuffix('csv')}{kind.lower()}",
                "format": kind,
            }
            for resource in resources
            for kind in ("CSV", "JSON", "Parquet")
        ],
    }


def _put(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    durable.write(path, content)
