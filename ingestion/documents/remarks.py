"""Remarks of the assessors and the analysis: one row for each item that a text names, or one for
its topic where it names none.
"""

import re
from dataclasses import dataclass, field

from ingestion import normalise
from ingestion.documents import blocks, codes, titles
from ingestion.documents.blocks import Line, Table
from ingestion.documents.context import Context

_LIST = re.compile(
    rf"\s*[-•▪■]*\s*(?:ข้อ)?\s*\(?\s*{codes.CODE}\s*\)?(?:\s*(?:\+|,|และ)\s*\(?\s*{codes.CODE}\s*\)?)*\s*:?"
)
_REFERS = re.compile(r"(?:อ้างอิง(?:จาก)?|ตามข้อ|จากข้อ|และ|,|–|-|\()\s*(?:ข้อ)?\s*\(?\s*$")
_REFERENCE_END = re.compile(r"(?:อ้างอิง(?:จาก)?|ตามข้อ|จากข้อ|และ|,|–)\s*\(?\s*$")
_KEEP = re.compile(r"รักษา(?:มาตรฐาน|ระดับ)")
_IMPROVE = re.compile(r"ควรพัฒนา|ควรปรับปรุง|ปรับปรุง|แก้ไข|ควรจัด|ควรมี|ไม่ทราบ|ยังไม่|ควร(?!รักษา)")
_ADVICE_ENDS = re.compile(
    r"ข้อเสนอแนะ|การวิเคราะห์|การนำผล|รายงาน|มาตรการ|สรุป|ตาราง|ผลการประเมิน|บท|[0-9๐-๙]{1,2}\s*[.)]"
)
_MOST_PARAGRAPHS = 12


@dataclass
class Entry:
    """A remark being read."""

    codes: list[str]
    part: str
    topic: int | None
    place: str
    paragraphs: list[str] = field(default_factory=list)

    def text(self) -> str:
        """The remark on one line."""
        return normalise.text(" ".join(self.paragraphs))


def extract(
    document: list[Line | Table], context: Context
) -> tuple[list[dict[str, str]], set[str]]:
    """(rows of `remarks`, codes of the items that a remark flags for improvement beside their
    score).
    """
    entries: list[Entry] = []
    flagged = set()
    topic, part, continued = None, "", False
    for block in document:
        if isinstance(block, Line):
            found = heading_topic(block, context)
            if found:
                continued = found == topic and ("(ต่อ)" in block.text or continued)
                part = part if found == topic else ""
                topic = found
            continue
        if not block.has("remark"):
            continue
        first = len(entries)
        for row in block.rows:
            if block.has("topic"):
                found = topic_of_cell(block.get(row, "topic"), context)
                topic, part = (found, "") if found and found != topic else (topic, part)
            part = read_cell(
                block.get(row, "remark"),
                topic,
                part,
                continued and len(entries) == first,
                entries,
                context,
            )
            continued = continued and len(entries) == first
        if block.has("item", "score"):
            flagged |= {
                code for entry in entries[first:] for code in entry.codes if flags(entry.text())
            }
    known = context.items()
    rows = []
    for entry in [*entries, *_advice(document)]:
        for code in entry.codes or [""]:
            if code and code not in known:
                context.note("text_names_unknown_item", entry.place, entry.text(), code=code)
                code = ""
            rows.append(
                context.row(
                    entry.place,
                    context.results_year,
                    item_code=code,
                    part=entry.part if code[:1] == "e" else "",
                    topic_no=entry.topic,
                    remark_th=entry.text(),
                )
            )
    return rows, flagged


def _advice(document: list[Line | Table]) -> list[Entry]:
    """The assessors' paragraphs below headings that name an instrument
    ('ข้อเสนอแนะสำหรับการประเมินตามแบบวัด … (… : IIT)').
    """
    found: list[Entry] = []
    entry = None
    for block in document:
        if isinstance(block, Table):
            entry = None
            continue
        named = set(re.findall(r"(?<![A-Za-z])(IIT|EIT|OIT)(?![A-Za-z])", block.text))
        if (
            re.match(r"ข้อเสนอแนะ(?:สำหรับ|ตาม|ของ|จาก|ใน)", block.text)
            and len(named) == 1
            and len(block.text) < 250
        ):
            part = blocks.eit_part(block.text) if named == {"EIT"} else ""
            entry = Entry([], part, None, block.place, [f"({named.pop()})"])
        elif entry and (
            _ADVICE_ENDS.match(block.text)
            or blocks.is_heading(block.text)
            or len(entry.paragraphs) > _MOST_PARAGRAPHS
        ):
            entry = None
        elif entry:
            if len(entry.paragraphs) == 1:
                entry.place = block.place
                found.append(entry)
            entry.paragraphs.append(block.text)
    return found


def flags(remark: str) -> bool:
    """Whether a remark asks for an improvement (and does not only say that the standard should be
    kept).
    """
    return bool(_IMPROVE.search(remark)) or not _KEEP.search(remark)


def heading_topic(line: Line, context: Context) -> int | None:
    """The topic that a heading outside tables begins ('ประเด็นที่ 2 : …')."""
    match = re.match(r"(?:ประเด็นที่|หัวข้อที่)?\s*([0-9๐-๙]{1,2})\s*[.:)]\s*", line.text)
    if not match or len(line.text) > 150:
        return None
    return _checked(
        normalise.digits(match[1]), titles.topic_of(line.text), line.text, line.place, context
    )


def topic_of_cell(cell: blocks.Cell, context: Context) -> int | None:
    """The topic that a cell of the topic column names; a number that is not this topic's is noted,
    the title decides.
    """
    match = re.match(r"(?:ประเด็นที่)?\s*([0-9๐-๙]{1,2})\s*[.:)]?", cell.text)
    return _checked(
        normalise.digits(match[1]) if match else "",
        titles.topic_of(cell.text),
        cell.text,
        cell.place,
        context,
    )


def _checked(
    number: str, topic: int | None, written: str, place: str, context: Context
) -> int | None:
    if topic and number and int(number) != topic:
        context.note(
            "topic_number_differs", place, written, expected=f"{topic} {titles.topics()[topic]}"
        )
    return topic


def read_cell(
    cell: blocks.Cell,
    topic: int | None,
    part: str,
    continues: bool,
    entries: list[Entry],
    context: Context,
) -> str:
    """Add what a remark cell says to `entries`; returns the EIT part that holds at its end.

    `continues`: the cell may go on with the last entry.
    """
    entry = None
    before = ""
    for paragraph in cell.text.split("\n") if cell.text else []:
        said = (
            blocks.eit_part(paragraph)
            if len(paragraph) < 90 and re.match(r"(?:ส่วนที่|EIT|\()", paragraph)
            else ""
        )
        if said:
            part, entry, before = said, None, paragraph
            continue
        for piece in _pieces(paragraph, listing=entry is not None and bool(entry.codes)):
            found = _named(piece, before, entry)
            goes_on = continues and entry is None and bool(entries) and entries[-1].topic == topic
            if found is None and goes_on and not _begins_anew(piece, context):
                entry = entries[-1]
            elif found is not None or entry is None or _begins_anew(piece, context):
                entry = Entry(found or [], part, topic, cell.place)
                entries.append(entry)
            entry.paragraphs.append(piece)
            continues = False
        before = paragraph
    return part


def _begins_anew(paragraph: str, context: Context) -> bool:
    name = context.agency["agency_name"]
    return (
        bool(name) and paragraph.startswith(name) or paragraph.startswith("หน่วยงานได้มีการดำเนินการ")
    )


def _pieces(paragraph: str, listing: bool) -> list[str]:
    """A paragraph cut before each further item that it comes to: a code, its question and a colon.

    `listing`: what stands before is an item's.
    """
    cuts: list[int] = []
    places = list(re.finditer(codes.CODE, paragraph))
    for match, following in zip(places, [*places[1:], None], strict=False):
        colon = paragraph.find(
            ":", match.end(), (following.start() if following else len(paragraph))
        )
        inline = match.start() > 0 and not _REFERS.search(paragraph[: match.start()])
        if (
            inline
            and match.end() + 4 <= colon <= match.end() + 250
            and (cuts or listing or codes.leading(paragraph))
        ):
            cuts.append(match.start())
    return [
        paragraph[start:end].strip()
        for start, end in zip([0, *cuts], [*cuts, len(paragraph)], strict=True)
    ]


def _named(piece: str, before: str, entry: Entry | None) -> list[str] | None:
    """The codes of the items that a piece of text is about; None if it names none (references are
    none).
    """
    wrapped = bool(_REFERENCE_END.search(before)) or bool(re.search(r"\([^()]{0,30}$", before))
    lead = None if wrapped and entry else _LIST.match(piece)
    if lead and codes.leading(piece):
        return [code for code, *_ in codes.all_in(lead[0])]
    inline = list(re.finditer(rf"(?:ข้อ|ซื้อ)\s*\(\s*{codes.CODE}\s*\)\s*:", piece))
    return [codes.of(match) for match in inline] or None
