"""The figures of a year, each with an address by which it can be asked about."""

from typing import NamedTuple

from counter import thai


class Figure(NamedTuple):
    """address: overall, level, iit, …, indicator:9, item:e3:public; shown: as the page says it."""

    address: str
    title: str
    shown: str


PARTS = {
    "overall": ("คะแนนภาพรวม", "overall_score"),
    "iit": ("IIT ผู้มีส่วนได้ส่วนเสียภายใน", "iit_score"),
    "eit": ("EIT ผู้มีส่วนได้ส่วนเสียภายนอก", "eit_score"),
    "eit_public": ("EIT ส่วนที่ 1", "eit_public_score"),
    "eit_survey": ("EIT ส่วนที่ 2", "eit_survey_score"),
    "oit": ("OIT การเปิดเผยข้อมูล", "oit_score"),
}
EIT_PARTS = {"public": "ส่วนที่ 1", "survey": "ส่วนที่ 2"}


def groups(found: dict, year: int) -> dict[str, list[Figure]]:
    """Heading -> figures, of what counter_api.figures gives."""
    result, names = found["assessment"], thai.indicators(year)
    overview = [
        Figure(address, title, thai.score(result[column]))
        for address, (title, column) in PARTS.items()
        if result[column] is not None
    ]
    overview.insert(1, Figure("level", "ระดับ", result["level_th"] or "คำนวณไม่ได้"))
    overview += _ranks(found)
    return {
        "ภาพรวม": overview,
        "ตัวชี้วัด": [
            Figure(
                f"indicator:{one['indicator_no']}",
                f"{one['indicator_no']} {names.get(one['indicator_no'], '')}",
                thai.score(one["score"]),
            )
            for one in found["indicators"]
        ],
        "รายข้อ": [_item(one) for one in found["items"]],
    }


def _ranks(found: dict) -> list[Figure]:
    province, country = found["province_rank"], found["ranks"]
    made = []
    if province and province["province_rank"]:
        shown = f"{province['province_rank']} จาก {province['province_count']}"
        made.append(Figure("province_rank", "ลำดับในจังหวัด", shown))
    if country and country["type_rank"]:
        shown = f"{country['type_rank']} จาก {country['type_count']}"
        made.append(Figure("type_rank", "ลำดับในประเภท", shown))
    return made


def _item(one: dict) -> Figure:
    part = one["eit_part"]
    address = f"item:{one['item_code']}" + (f":{part}" if part else "")
    title = f"{one['item_code']} {one['title_th'] or ''}"
    return Figure(
        address, f"{title} ({EIT_PARTS[part]})" if part else title, thai.score(one["score"])
    )


def named(detail: str) -> str:
    """A year and an address as history keeps them ("2568 item:e3:public"), for a reader; any other
    text as it is."""
    year, _, address = detail.partition(" ")
    kind, _, which = address.partition(":")
    code, _, part = which.partition(":")
    words = {
        **{name: title for name, (title, _) in PARTS.items()},
        "level": "ระดับ",
        "province_rank": "ลำดับในจังหวัด",
        "type_rank": "ลำดับในประเภท",
        "indicator": f"ตัวชี้วัดที่ {code}",
        "item": f"ข้อ {code}",
    }
    if not year.isdigit() or kind not in words:
        return detail
    return " ".join(filter(None, (f"ปี {year}", words[kind], EIT_PARTS.get(part))))


def find(found: dict, year: int, address: str) -> Figure | None:
    """The figure of an address; None where the year has no such."""
    for figures in groups(found, year).values():
        for figure in figures:
            if figure.address == address:
                return figure
    return None
