"""Where a document says whose it is, for agencies whose names do not begin with a type: whole lines
of the cover, and lines that state the result.

Nothing is decided here: each place gives the words as written, and how much it says. The registry
decides (`Registry.assessed`).
"""

import re

from ingestion import normalise
from ingestion.agencies import MENTION, RESULT, TITLE, looks_like_agency
from ingestion.documents import blocks
from ingestion.documents.blocks import Line
from ingestion.documents.context import OTHERS
from ingestion.submission import Named

COVER_LINES = 30
_LONGEST = 120  # characters of a name with its district and province
_ABOUT = re.compile(
    r"คุณธรรม|โปร่งใส|ITA|ประเมิน|มาตรการ|รายงาน|ประจำปี|ปีงบประมาณ|พ\s*\.?\s*ศ\s*\.|^\("
)
_YEAR = r"(?:ปี\s*(?:งบประมาณ)?\s*)?(?:พ\s*\.?\s*ศ\s*\.?\s*)?[12]\d{3}"
_LABEL = r"(?:ชื่อ\s*)?หน่วยงาน(?:ภาครัฐ|ของรัฐ)?(?:\s*ที่(?:รับ|ถูก|ได้รับ)การประเมิน|\s*ผู้รับการประเมิน)?"
_LABELLED = re.compile(rf"{_LABEL}\s*[:.…]+\s*(\S.*)")
_LABEL_ALONE = re.compile(rf"{_LABEL}\s*[:.…]*")
_SCORED = (
    r"\s*[.…\"“”']*\s*(?:คะแนนที่ได้|ได้รับคะแนน|ได้คะแนน|มีผลคะแนน|มีคะแนน|ได้|คะแนน)"
    r"[\s:.…\"“”']*\d{1,3}(?:[.,]\d+)?"
)
_OF_RESULT = re.compile(
    r"(?:คะแนน|ประเมิน|ภาพรวม)[ก-๎\s]{0,40}ของหน่วยงาน[\s:.…\"“”']*"
    rf"([^\d:…]{{3,{2 * _LONGEST}}}?){_SCORED}"
)
_SENTENCE = re.compile(
    rf"(?:{_YEAR}|ITA\)?|ว่า|ของ(?!หน่วยงาน|รัฐ))[\s:]+([^\d:…]{{3,{2 * _LONGEST}}}?){_SCORED}\s*คะแนน"
)
_TYPE = re.compile(
    r"ประเภท\s*(?:องค์กร\s*ปกครอง\s*ส่วน\s*ท้องถิ่น|ส่วนราชการระดับกรม|กรมหรือเทียบเท่า|รัฐวิสาหกิจ|องค์การมหาชน|สถาบันอุดมศึกษา|จังหวัด)\s+"
)
_TITLE_OF = re.compile(
    r"(?:^|(?:คุณธรรม|โปร่งใส|ดำเนินงาน|ประเมิน|หน่วยงาน|ITA\)?|มาตรการ|ภาครัฐ)\S*?\s*)ของ\s*(?!หน่วยงาน|รัฐ)(\S.*)$"
)
_TITLE_AFTER = re.compile(r"(?:ITA\)?|ภาครัฐ|โปร่งใส)\s+(\S.*)$")
_CAPTION = re.compile(r"^\s*(?:ตาราง|แผนภูมิ|ภาพที่|กราฟ|เปรียบเทียบ|คะแนน)|ราย(?:ตัวชี้วัด|ข้อ|เครื่องมือ)")
_STATES = re.compile(r"\d\s*คะแนน|คะแนน\D{0,20}\d")
_HEADLINES = 3  # different lines in which a headline stands: NAME ประกาศผลการประเมิน … (ITA)
_HEADLINE = re.compile(
    r"([^\d:…]{3,120}?)\s+(?:ขอ)?(?:ประกาศ|เผย|แจ้ง|รายงาน|ได้รับ|คว้า|ผ่าน|ขึ้น|โชว์|ปลื้ม|ประชาสัมพันธ์).*"
    r"(?:คุณธรรมและความโปร่งใส|ITA)"
)
_LEAD = re.compile(r"^(?:จัดทำ)?โดย\s*|^(?:[ก-ฮ]{1,4}\.){1,4}\s+(?=[ก-ฮเ-ไ]{3})")
_TAIL = re.compile(
    rf"\s*(?:ประจำ|ใน\s*ปี|{_YEAR}|รอบ\s*\d|ได้\s*(?:คะแนน|รับ|\d)|มี(?:ผล)?คะแนน|คะแนน|ดังนี้|[.…]{{2,}}|:).*$"
)


def read(lines: list[Line], most: int) -> list[Named]:
    """Every place that may name the agency, in the order of the document.

    The first `most` lines can be of the cover.
    """
    found: list[Named] = []
    cover = lines[:most]
    # a title that is printed again on each page is one line
    different = list(dict.fromkeys(blocks.joined(line.text) for line in cover))
    for number, line in enumerate(cover):
        first = different.index(blocks.joined(line.text)) < _HEADLINES
        found += _on_cover(cover, number, first)
    titled = any(
        place.weight > MENTION
        and any(looks_like_agency(text) or text.startswith(OTHERS) for text in place.texts)
        for place in found
    )
    for number, line in enumerate(lines):
        below = lines[number + 1].text if number + 1 < len(lines) else ""
        found += _results(line, below, MENTION if titled else TITLE)
    return found


def _on_cover(cover: list[Line], number: int, first: bool) -> list[Named]:
    """What a line of the cover names: behind ของ in its title, or as a whole; a name may go on on
    the next line. `first`: it is of the first lines, where a headline stands.
    """
    written = normalise.digits(cover[number].text)
    below = normalise.digits(cover[number + 1].text) if number + 1 < len(cover) else ""
    above = normalise.digits(cover[number - 1].text) if number else ""
    place = cover[number].place
    if label := _LABELLED.fullmatch(written):
        return _named([label[1]], place, RESULT)
    if first and (headline := _HEADLINE.match(written)):
        return _named([headline[1]], place, TITLE)
    if titled := _titled(written):
        return [
            named
            for text in dict.fromkeys(titled)
            for named in _named([text + below, text], place, TITLE)
        ]
    if "คะแนน" in written or _ABOUT.search(written) and not looks_like_agency(written):
        return []
    headed = (
        above.endswith("ของ")
        or bool(_ABOUT.search(above))
        and not _titled(above)
        and not looks_like_agency(above)
    )
    weight = RESULT if above and _LABEL_ALONE.fullmatch(above) else TITLE if headed else MENTION
    return _named([written + below, written], place, weight)


def _titled(written: str) -> list[str]:
    """What a line of a title names: the words behind its ของ, or behind what the report is
    about.
    """
    if not _ABOUT.search(written) and not written.startswith("ของ"):
        return []
    if _CAPTION.search(written) or _STATES.search(written):  # says it of a table, or of a figure
        return []
    of, after = _TITLE_OF.search(written), _TITLE_AFTER.search(written)
    found = [of[1]] if of else []
    return [*found, after[1]] if after and looks_like_agency(after[1]) else found


def _results(line: Line, below: str, of_sentence: int) -> list[Named]:
    """The agency in a sentence that gives its score and may go on on the next line; type words may
    stand between the year and the name. A sentence may be about anybody: it weighs `of_sentence`.
    """
    written = normalise.digits(f"{line.text} {below}")
    found = []
    for match in (
        match for pattern in (_OF_RESULT, _SENTENCE) for match in pattern.finditer(written)
    ):
        weight = RESULT if match.re is _OF_RESULT else of_sentence
        found += _named([_TYPE.sub("", match[1])], line.place, weight)
    return found


def _named(texts: list[str], place: str, weight: int) -> list[Named]:
    """The words without what follows a name; nothing where a name is too long to be one."""
    kept = [name for text in texts if 2 < len(name := _bare(text)) <= _LONGEST]
    return [Named(tuple(dict.fromkeys(kept)), place, weight)] if kept else []


def _bare(text: str) -> str:
    """A name without what follows it, and without an abbreviation or a โดย before it."""
    return _LEAD.sub("", _TAIL.sub("", text).strip(" -•▪■*#\"“”'.,…"))
