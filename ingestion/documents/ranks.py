"""Ranks in the province and in the country within the agency's type, as the document states them."""

import re

from ingestion import normalise
from ingestion.documents.blocks import Line, Table
from ingestion.documents.context import Context

_RANK = r"(?:ได้|อยู่ใน|อยู่)?\s*(?:ลำดับ|อันดับ)\s*(?:ที่)?\s*(\d{1,4})(?!\d)"
_PATTERNS = {
    "province_rank": [rf"ระดับจังหวัด\s*[:,]?\s*{_RANK}", rf"{_RANK}\s*ของจังหวัด"],
    "type_rank": [
        rf"ระดับประเทศ\s*[:,]?\s*{_RANK}\s*\(?\s*(?:ของ|ใน)?ประเภท",
        rf"{_RANK}\s*(?:ของประเทศ)?\s*\(?\s*(?:ของ|ใน)ประเภท",
        rf"ระดับประเทศ\s*\(?\s*(?:ของ|ใน)?ประเภท[^0-9)]*\)?\s*{_RANK}",
    ],
}


def extract(document: list[Line | Table], context: Context) -> list[dict[str, str]]:
    """At most one row of `ranks`. A rank in the country that names no type is not one within the type, and is left out."""
    found, place = {}, ""
    for line in document:
        if not isinstance(line, Line):
            continue
        written = normalise.digits(line.text)
        for name, patterns in _PATTERNS.items():
            for match in (match for pattern in patterns for match in re.finditer(pattern, written)):
                if found.setdefault(name, match[1]) != match[1]:
                    detail = f"{found[name]} ({place}) ≠ {match[1]} ({line.place})"
                    context.note(
                        "conflicting_values",
                        line.place,
                        match[1],
                        code=name,
                        detail_th=detail,
                        detail_en=detail,
                    )
                place = place or line.place
        if re.search(rf"ระดับประเทศ\s*{_RANK}", written) and "ประเภท" not in written:
            context.note("rank_without_type", line.place, line.text)
    if not found:
        return []
    return [
        context.row(
            place,
            context.results_year,
            province_rank=found.get("province_rank"),
            type_rank=found.get("type_rank"),
        )
    ]
