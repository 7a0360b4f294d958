"""Header names, Thai and English → the columns of `submission.COLUMNS`; which table they begin."""

import re
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from itertools import pairwise

from ingestion import framework
from ingestion.normalise import digits, item_code, text
from ingestion.submission import AGENCY_COLUMNS

_NAMES = {
    "fiscal_year": "fiscal_year year fy ปีงบประมาณ ปีงบประมาณพ.ศ. ปี ปีพ.ศ. พ.ศ. ปีที่ประเมิน ปีงบ",
    "agency_id": "agency_id agency_code รหัสหน่วยงาน",
    "agency_name": "agency_name agency name name_th ชื่อหน่วยงาน หน่วยงาน ชื่อหน่วยงานภาครัฐ",
    "agency_type": "agency_type type ประเภทหน่วยงาน ประเภท",
    "province": "province province_th province_name จังหวัด",
    "province_code": "province_code รหัสจังหวัด",
    "district": "district district_th อำเภอ เขต อำเภอ/เขต",
    "level": "level ระดับข้อมูล ระดับคะแนน ระดับรายการ ระดับตัวชี้วัด ชั้น ชั้นข้อมูล ชั้นคะแนน",
    "level_or_rating": "ระดับ",
    "code": "code รหัส รหัสข้อ ข้อ ข้อที่ ข้อคำถาม รหัสข้อคำถาม รหัสรายการ รหัสคะแนน item item_code "
    "รหัสตัวชี้วัด ข้อ/ตัวชี้วัด ตัวชี้วัด/ข้อ",
    "part": "part eit_part ส่วน ส่วนที่ ส่วนeit ส่วนของeit eitส่วนที่",
    "score": "score value คะแนน คะแนนที่ได้ ค่าคะแนน ผลคะแนน คะแนน(ร้อยละ)",
    "rating": "rating level_code level_th ระดับผลการประเมิน ผลการประเมิน ระดับการประเมิน ระดับผล ระดับita",
    "remark": "remark remarks หมายเหตุ ข้อสังเกต ข้อเสนอแนะ ข้อบกพร่อง ข้อสังเกต/ข้อเสนอแนะ "
    "ข้อบกพร่องหรือข้อเสนอแนะ คำแนะนำ ความเห็น ข้อบกพร่อง/สิ่งที่ควรแก้ไข/ปรับปรุง/พัฒนา",
    "flagged": "flagged flag ควรปรับปรุง ธง ติดธง ผู้ประเมินให้แก้ไข ผู้ประเมินให้แก้ไข(ใช่)",
    "province_rank": "province_rank published_province_rank อันดับในจังหวัด ลำดับในจังหวัด",
    "type_rank": "type_rank published_type_rank อันดับในประเภท ลำดับในประเภท",
    "measure_key": "measure_key",
    "printed": "printed",
    "adopted": "adopted",
    "measure_no": "measure_no ลำดับมาตรการ มาตรการที่ ลำดับที่ ลำดับ",
    "topic_no": "topic_no ประเด็นที่ ประเด็น",
    "indicator_no": "indicator_no ตัวชี้วัดที่ ตัวชี้วัด",
    "instrument": "เครื่องมือ เครื่องมือการประเมิน แบบวัด แบบ",
    "title": "title title_th ชื่อตัวชี้วัด รายละเอียดตัวชี้วัด ชื่อข้อ ชื่อรายการ รายการ ข้อความคำถาม",
    "item_codes": "item_codes ข้อที่เกี่ยวข้อง",
    "measure_th": "measure_th measure มาตรการ มาตรการ/กิจกรรม",
    "steps_th": "steps_th steps ขั้นตอน ขั้นตอน/วิธีปฏิบัติ ขั้นตอนและวิธีการปฏิบัติ",
    "responsible_th": "responsible_th responsible ผู้รับผิดชอบ ผู้รับผิดชอบ/ผู้ที่เกี่ยวข้อง",
    "starts_on": "starts_on เริ่มต้น วันที่เริ่มต้น",
    "ends_on": "ends_on สิ้นสุด วันที่สิ้นสุด",
    "followup_th": "followup_th followup การติดตาม การกำกับติดตาม",
    "as_of": "as_of ณวันที่ รายงานณวันที่",
    "result_th": "result_th result ผลการดำเนินการ ผลการดำเนินงาน",
    "due_on": "due_on กำหนดแล้วเสร็จ",
    "completed_on": "completed_on วันที่แล้วเสร็จ แล้วเสร็จเมื่อ",
    "kind": "kind ด้าน ข้อจำกัดด้าน",
    "note_no": "note_no",
    "note_th": "note_th note ข้อจำกัด รายละเอียดข้อจำกัด",
    "district_th": "",
    "ministry_th": "ministry_th ministry กระทรวง",
    "valid_from": "valid_from ตั้งแต่ปี",
    "valid_to": "valid_to ถึงปี",
    "replaces": "replaces แทนที่",
    "aliases": "aliases ชื่ออื่น",
}
WHOSE = {"fiscal_year", *AGENCY_COLUMNS}
_INSTRUMENT = re.compile("^(?:แบบวัด|แบบตรวจ|เครื่องมือ)[ก-๛]*(iit|eit|oit)$")
_SCALE = re.compile(
    r"\s*(?:\((?:ร้อยละ|น้ำหนัก|คะแนนเต็ม|เต็ม|คะแนน|%)*\s*[\d๐-๙.]*\s*(?:%|คะแนน)?\)|[*†]+)$"
)
_FULL_MARK = re.compile(r"\((?:คะแนนเต็ม|เต็ม|คะแนน)?\s*(\d+(?:\.\d+)?)\s*(?:คะแนน)?\)$")
# A group's name that makes the figures below it no scores of the agency.
_NO_SCORES = re.compile(
    "เฉลี่ย|ระดับประเทศ|น้ำหนัก|คะแนนเต็ม|เป้าหมาย|สูงสุด|ต่ำสุด|เดิม|ผลต่าง|เพิ่มขึ้น|ลดลง|เปลี่ยนแปลง|อันดับ|LPA"
)
_PARTS = {
    "public": "public",
    "survey": "survey",
    "ส่วนที่1": "public",
    "ส่วนที่2": "survey",
    "part1": "public",
    "part2": "survey",
}


def _key(written: str) -> str:
    return re.sub(r"[\s_.\-()/]+", "", digits(written)).casefold()


_COLUMN_OF = {_key(name): column for column, names in _NAMES.items() for name in names.split()}


@dataclass(frozen=True)
class Header:
    """A header row: which table it begins, where each column stands; of a wide table the codes'."""

    table: str  # scores, wide, measures, progress, constraints, registry
    columns: dict[str, int]
    codes: dict[int, tuple[str, str, str]] = field(
        default_factory=dict
    )  # position → level, code, part

    @cached_property
    def whose(self) -> list[int]:
        """The columns that say the year and the agency."""
        return [
            self.columns[name]
            for name in ("fiscal_year", "agency_id", "agency_name")
            if name in self.columns
        ]

    @property
    def key_column(self) -> int:
        """A column that every data row and no note fills."""
        names = {
            "scores": "score",
            "progress": "measure_no",
            "measures": "measure_th",
            "constraints": "note_th",
            "registry": "agency_id",
        }
        return self.columns[names[self.table]] if self.table in names else min(self.codes)


# Asked of the first cells of every row, not of headers alone: another table may begin at any row.
@lru_cache(maxsize=20_000)
def column_of(written: str) -> str:
    """The column that a header cell names, or ''."""
    return _COLUMN_OF.get(_key(written), "")


@lru_cache(maxsize=20_000)
def code_of(written: str) -> tuple[str, str, str] | None:
    """The level, code and part that a wide table's header cell names, or None.

    overall, EIT.public, 9.1, e1.public …
    """
    name = _SCALE.sub("", text(written))  # (ร้อยละ 30), คะแนน*
    scale = _FULL_MARK.search(digits(written))
    name = re.sub(
        r"(?:ส่วนที่|part)\s*(?=[12๑๒])", lambda found: found[0].strip(), name, flags=re.IGNORECASE
    )
    head, _, tail = re.sub(r"[_ ]+(?=\S)", ".", name).rpartition(".")
    part = _PARTS.get(_key(tail), "")
    name = head if part else name
    key = re.sub(r"^(?:ผล)?คะแนน|score$|ร้อยละ$", "", _key(name))
    key = _INSTRUMENT.sub(r"\1", key)
    if scale and scale[1] not in ("100", "100.00") and key not in ("iit", "eit", "oit"):
        return None  # of 10 or of 5: no score of 0–100; of an instrument it may be the weight
    if key in ("overall", "ita", "ภาพรวม", "รวม", "รวมita", "itaรวม", "itaภาพรวม", "ภาพรวมita"):
        return ("overall", "", part)
    if key in ("iit", "eit", "oit"):
        return ("instrument", key.upper(), part)
    if title := _indicator_titled(name):
        return ("indicator", title, part)
    number = re.sub(
        r"^(?:ตัวชี้วัดย่อยที่|ตัวชี้วัดที่|indicator)\s*(\d+(?:\.\d)?)(?![\d.]).*$", r"\1", digits(name)
    )
    if re.fullmatch(r"(?:[1-9]|10)(?:\.0)?", number):
        return ("indicator", number.removesuffix(".0"), part)
    if re.fullmatch(r"(?:[1-9]|10)\.[1-9]", number):
        return ("sub_indicator", number, part)
    code = item_code(name) or _item_titled(name)
    return ("item", code, part) if code else None


def _indicator_titled(written: str) -> str:
    """The number of the indicator that has this title, alone or behind its number.

    '' for any other text. Where the two differ the number that is written; the judge says so.
    """
    found = re.fullmatch(r"(?:ตัวชี้วัดที่|ตัวชี้วัด)?(\d{0,2})(\D+)", _key(written))
    number = _titles().get(found[2], "") if found else ""
    return found[1] or number if found and number else ""


def _item_titled(written: str) -> str:
    """The code of 'i1 เจ้าหน้าที่ปฏิบัติงาน…' where the words begin that item's question in a year.

    '' for any other text.
    """
    code, _, words = text(written).removeprefix("ข้อ").strip().partition(" ")
    code, words = item_code(code.rstrip(":")), _key(words)
    titles = (
        year.items[code].title for year in framework.load().years.values() if code in year.items
    )
    return (
        code if len(words) >= 6 and any(_key(title).startswith(words) for title in titles) else ""
    )


@cache
def _titles() -> dict[str, str]:
    """Key of a title → number, where all years agree."""
    numbers: dict[str, set[str]] = {}
    for year in framework.load().years.values():
        for number, title in year.indicator_names.items():
            numbers.setdefault(_key(title), set()).add(number)
    return {title: next(iter(own)) for title, own in numbers.items() if len(own) == 1}


def two_rows(upper: list[str], lower: list[str]) -> list[str] | None:
    """One header of two rows, or None if the lower row is none.

    EIT over ส่วนที่ 1 and ส่วนที่ 2, a group's name over figures. The lower row is empty, or as the
    upper one (a cell merged over both), where the upper one names the agency or the year.
    """
    width = max(len(upper), len(lower))
    upper, lower = ([*cells, *[""] * (width - len(cells))] for cells in (upper, lower))
    lower = ["" if below == own else below for own, below in zip(upper, lower, strict=True)]
    said = [below for below in lower if below]
    is_header = (
        any(_key(below) in _PARTS for below in said)
        or said
        and all(code_of(below) for below in said)
    )
    if not is_header or any(
        below and column_of(own) in WHOSE for own, below in zip(upper, lower, strict=True)
    ):
        return None
    joined, above = [], ""
    for own, below in zip(upper, lower, strict=True):
        above = own or (above if below else "")
        joined.append(
            below if _stands_under(above, below) else f"{above}.{below}" if below else own
        )
    return joined


def _stands_under(above: str, below: str) -> bool:
    """True if the lower cell names a figure by itself.

    A number under another instrument's name (EIT over 1) is no indicator.
    """
    if _NO_SCORES.search(above):
        return False
    figure, group = code_of(below) if below else None, code_of(above)
    if not figure or figure[0] != "indicator" or not group or group[0] != "instrument":
        return bool(figure)
    return all(
        year.indicators.get(figure[1]) == group[1] for year in framework.load().years.values()
    )


def recognise(cells: list[str], agency_known: bool = False) -> Header | None:
    """The table that a row of header cells begins, or None.

    `agency_known`: a template says elsewhere whose the table is.
    """
    columns: dict[str, int] = {}
    codes: dict[int, tuple[str, str, str]] = {}
    for position, cell in enumerate(cells):
        column = column_of(cell) if cell else ""
        if column:
            columns.setdefault(column, position)
        elif cell and (code := code_of(cell)):
            codes[position] = code
    named = agency_known or "agency_id" in columns or "agency_name" in columns
    if {"agency_id", "agency_name", "valid_from"} <= columns.keys():
        return Header("registry", columns)
    if not named:
        return None
    _take_for_codes(columns)
    if {"code", "score"} <= columns.keys():
        return Header("scores", _meaning_of_level(columns, "level"))
    if "measure_no" in columns and columns.keys() & {"result_th", "completed_on"}:
        return Header("progress", columns)
    if "measure_th" in columns:
        return Header("measures", columns)
    if {"kind", "note_th"} <= columns.keys():
        return Header("constraints", columns)
    if codes and columns.keys() & set(AGENCY_COLUMNS) and not _side_by_side(cells, codes):
        return Header("wide", _meaning_of_level(columns, "rating"), codes)
    return None


def _take_for_codes(columns: dict[str, int]) -> None:
    """ตัวชี้วัด beside คะแนน names the figure, and so does เครื่องมือ where no measure is planned."""
    if "score" not in columns or "code" in columns:
        return
    if "indicator_no" in columns:
        columns["code"] = columns.pop("indicator_no")
    elif "instrument" in columns and "measure_th" not in columns:
        columns["code"] = columns.pop("instrument")


def _side_by_side(cells: list[str], codes: dict[int, tuple[str, str, str]]) -> bool:
    """True for two tables beside each other: agency, figures, again agency, again figures.

    Read as one, the figures on the right would be those of the agency on the left.
    """
    names = [at for at, cell in enumerate(cells) if cell and column_of(cell) == "agency_name"]
    return any(
        any(first < at < second for at in codes) and any(at > second for at in codes)
        for first, second in pairwise(names)
    )


@lru_cache(maxsize=1_000)
def is_rating(written: str) -> bool:
    """True for a rating of any year (ผ่านดี, AA).

    In a long table ระดับ may hold it instead of the level of a figure.
    """
    return any(year.level_named(written) for year in framework.load().years.values())


def _meaning_of_level(columns: dict[str, int], meaning: str) -> dict[str, int]:
    """Thai ระดับ is the level of a figure in a long table, in a wide one the rating.

    Unless a clearer column says so.
    """
    position = columns.pop("level_or_rating", None)
    if position is not None:
        columns.setdefault(meaning if meaning not in columns else "rating", position)
    return columns


def recognise_below(above: list[str], cells: list[str]) -> Header | None:
    """The table that a row begins together with the row above it, which alone is no header.

    หน่วยงาน … ผลการประเมิน over IIT, EIT, OIT.
    """
    joined = two_rows(above, cells) if above else None
    header = recognise(joined) if joined else None
    return (
        header
        if header
        and header.table == "wide"
        and len(set(header.codes.values())) == len(header.codes)
        else None
    )
