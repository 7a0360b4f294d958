"""Who a document is about, and its years: the year of the results, the year of the measures (not
the year it was published in).
"""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cache
from itertools import takewhile

from rapidfuzz import fuzz

from ingestion import framework, normalise
from ingestion.agencies import MENTION, RESULT, TITLE, looks_like_agency
from ingestion.documents import blocks, codes, named, titles
from ingestion.documents.blocks import Line, Table
from ingestion.documents.context import OTHERS, Context
from ingestion.submission import AGENCY_COLUMNS, Named

_NAME = r"\s?([ก-ฮะ-ูเ-์]{2,60})"
_CUT = re.compile(r"อำเภอ|จังหวัด|ประจำ|ในปี|ปีงบ|ตำบลที่ตั้ง")
# How a word begins that cannot go on with a name over a blank (บ้านใหม่ หนองปลาไหล can).
_NO_NAME = re.compile(
    "ประจำ|ปี|ใน|ได้|มี|ที่|ของ|จาก|ตาม|โดย|และ|กับ|เพื่อ|เป็น|ซึ่ง|คือ|อยู่|ระดับ|คะแนน|ผล|การ|รายงาน|มาตรการ"
    "|ประเภท|ขอ|จัด|ร่วม|ดำเนิน|ประกาศ|เรื่อง|ว่า|จึง|แล้ว|ณ|พ.?ศ|อำเภอ|จังหวัด|ตำบล|หมู่|เลขที่|ถนน|โทร|รหัส|นาย|นาง"
    "|ผ่าน|ต้อง|ควร|ไม่|ให้|นี้|ฉบับ|เข้า|รับ|สังกัด|ลงวันที่|แบบ|ส่วน|หน่วย|กอง|สำนัก|ฝ่าย|ขณะ|ทั้ง|แต่|เผย|คว้า|เปิด"
    "|โชว์|สรุป|พบ|ทำ|สามารถ|ตั้ง|แสดง|วิเคราะห์|คำนำ|สารบัญ|บท|ภาค|องค์การ|เทศบาล|หัวข้อ|ตัวชี้วัด|ข้อ|ด้าน"
)
# How much a place says of whose report it is.
_LABEL, _TITLE, _HEADING, _SENTENCE, _MERE = 3.0, 2.0, 1.0, 0.5, 0.1
_LABEL_BEFORE = re.compile(r"(?:(?:ของ|ชื่อ\s?)หน่วยงาน|^\s*หน่วยงาน)\s*[\s.:…]+$")
_OF = re.compile(r"(?:ของ|ภายใน|โดย|หน่วยงาน|ท้องถิ่น)\s*$")
_TITLE_WORDS = re.compile(r"รายงาน|มาตรการ|วิเคราะห์|คุณธรรม|โปร่งใส|ITA|^\s*ของ")
_HEADLINES = 3  # lines in which a headline stands
_HEADLINE = re.compile(
    r"[^\d]{0,80}?(?:ประกาศ|เผย|แจ้ง|รายงาน|ได้รับ|คว้า|ผ่าน|ขึ้น|โชว์|ปลื้ม|ประชาสัมพันธ์).*(?:คุณธรรมและความโปร่งใส|ITA)"
)
_CAPTION = re.compile(r"\s*(?:ตาราง|แผนภูมิ|ภาพ|กราฟ|เปรียบเทียบ)")
_OF_TABLE = re.compile(r"ราย(?:ตัวชี้วัด|ข้อ|เครื่องมือ)")
_SCORE = re.compile(r"\d\s*คะแนน|คะแนน\D{0,20}\d")
_STATES = re.compile(rf"{_SCORE.pattern}|ระดับ|ลำดับ|อันดับ")
_PLACES_BEHIND = re.compile(
    r"(?:ตำบล|อำเภอ|จังหวัด|[ตอจ]\.)\s?[ก-๎]+|ประจำปี.*|ใน\s?ปี.*|ปีงบ.*|พ\.?\s?ศ.*|\(.*?\)|\d+"
)


@dataclass(frozen=True)
class Mention:
    """A local government named in a line: full name, type, how much the place says, and whether a

    result is stated behind it.
    """

    name: str
    kind: str
    line: Line
    weight: float
    states: bool


def read(document: list[Line | Table]) -> Context:
    """The agency as the body names it and the years, with findings for what differs or had to be
    derived.
    """
    lines = _lines(document)
    context = Context(dict.fromkeys(AGENCY_COLUMNS, ""))
    _agency(lines, _cover(document), context)
    _years(lines, document, context)
    return context


def _lines(document: list[Line | Table]) -> list[Line]:
    """The lines of a document without rows in one cell below the header of a table (table 3 row 4):
    these head rows, and are no titles of the report.
    """
    found: list[Line] = []
    above = ""
    for block in document:
        name, within, _ = block.place.partition(" row ")
        if isinstance(block, Table):
            above = name
        elif not within or name != above:
            found.append(block)
    return found


def _cover(document: list[Line | Table]) -> int:
    """How many lines can be of the cover: none below a table, unless it begins the document."""
    before = takewhile(lambda block: isinstance(block, Line), document)
    return min(named.COVER_LINES, sum(1 for _ in before) or named.COVER_LINES)


# --- agency ---------------------------------------------------------------------------------------


def _beginnings() -> dict[str, tuple[str, str]]:
    """How a name of a local government begins → (the full beginning, agency type)."""
    found = {}
    for kind in framework.load().agency_types.values():
        if kind.is_local and kind.code != "special_lao":
            found[kind.name_th] = found[kind.short_th] = kind.name_th, kind.code
    return found


def _agency(lines: list[Line], most: int, context: Context) -> None:
    """The local government that the document names, and every other place that may name an agency

    (`context.named`); the first `most` lines can be of the cover. Which of several it is about is
    said by its titles, not by its sentences: a sentence may be about anybody.
    """
    scored = (number for number, line in enumerate(lines) if _states_score(line))
    cover = min(most, next(scored, most))
    mentions = [
        mention
        for number, line in enumerate(lines)
        for mention in _mentions(
            line,
            lines[number + 1 : number + 2],
            len({each.text for each in lines[:number]}) if number < cover else named.COVER_LINES,
        )
    ]
    local = f"(?:{'|'.join(map(_spaced, _beginnings()))})"
    context.named = [
        place
        for place in named.read(lines, most)
        if not any(re.match(local, text) for text in place.texts)
    ]
    if not mentions:
        _place_of_other(lines, context)
        return
    weights: dict[str, float] = defaultdict(float)
    for mention in mentions:
        if mention.weight > _SENTENCE or not weights[mention.name]:
            weights[mention.name] += mention.weight
    body = max(weights, key=lambda name: (weights[name], _support(name, mentions)))
    titled = any(
        place.weight > MENTION
        and any(looks_like_agency(text) or text.startswith(OTHERS) for text in place.texts)
        for place in context.named
    )
    labelled = any(
        place.weight == RESULT and any(map(looks_like_agency, place.texts))
        for place in context.named
    )
    own = _of(body, mentions)
    said = any(mention.states or mention.weight == _LABEL for mention in own)
    passing = labelled or max(mention.weight for mention in own) < _TITLE
    if titled and (weights[body] <= _SENTENCE or passing and not said):  # in another's report
        _place_of_other(lines, context)
        return
    stating = {body, *(mention.name for mention in mentions if mention.states)}
    if weights[body] <= _HEADING and len(stating) > 1:  # nor by a heading among them
        several = "; ".join(sorted(stating))
        context.note(
            "ambiguous_agency", mentions[0].line.place, body, detail_th=several, detail_en=several
        )
        return
    first = mentions[0]
    if first.name != body and first.weight > _SENTENCE and not first.name.startswith(body):
        context.note("cover_differs", first.line.place, first.name, expected=body)
    context.agency["agency_name"] = body
    context.agency["agency_type"] = next(each.kind for each in mentions if each.name == body)
    context.named = [_weighed(body, mentions, lines), *context.named] if context.named else []
    _place(body, lines, context)


def _states_score(line: Line) -> bool:
    """Whether a line states a score, and so stands behind the cover."""
    return bool(_SCORE.search(normalise.digits(line.text)))


def _of(name: str, mentions: list[Mention]) -> list[Mention]:
    return [mention for mention in mentions if mention.name == name]


def _weighed(body: str, mentions: list[Mention], lines: list[Line]) -> Named:
    """How much the document says that it is about the local government `body`."""
    own = [mention for mention in _of(body, mentions) if mention.weight >= _SENTENCE]
    if any(mention.weight == _LABEL for mention in own) or (
        any(mention.states for mention in own) and any(m.weight > _SENTENCE for m in own)
    ):
        return Named((body,), own[0].line.place, RESULT)
    titled = own and (len(own) > 1 or own[0].line in lines[: named.COVER_LINES])
    place = own[0].line.place if own else lines[0].place
    return Named((body,), place, TITLE if titled else MENTION)


def _place_of_other(lines: list[Line], context: Context) -> None:
    """The best name of an agency that is no local government, to show until the registry is asked,
    and its province.
    """
    best = max(
        context.named,
        key=lambda place: (place.weight, looks_like_agency(place.texts[-1])),
        default=None,
    )
    if best:
        context.agency["agency_name"] = re.split(r"\s+(?:อำเภอ|จังหวัด|อ\.|จ\.)", best.texts[-1])[0]
        context.agency["province"] = next(
            (province for line in lines[: named.COVER_LINES] if (province := _province(line.text))),
            "",
        )


def _mentions(line: Line, below: list[Line], number: int) -> list[Mention]:
    """Every name in a line that ends where a word ends; `below` is the next line, `number` how many
    different ones stand above (a title that is printed again on each page is one).
    """
    found = []
    beginnings = _beginnings()
    pattern = "|".join(
        _spaced(beginning) for beginning in sorted(beginnings, key=len, reverse=True)
    )
    for match in re.finditer(f"({pattern}){_NAME}", line.text):
        full, kind = beginnings[match[1].replace(" ", "")]
        if kind == "pao":
            rest = _beginning_province(_CUT.split(match[2])[0])
            end = match.start(2) + len(rest)
        else:
            rest, end = _whole_name(line.text, match.start(2), below)
        before, after = line.text[: match.start()], line.text[end:]
        ends = kind == "pao" or not re.match(r"[ก-๙]", after) or _CUT.match(after)
        if len(rest) >= 2 and ends:
            weight, states = _said(before, after, number)
            found.append(Mention(full + rest, kind, line, weight, states))
    return found


def _whole_name(written: str, start: int, below: list[Line]) -> tuple[str, int]:
    """(the rest of a name behind its type, where it ends): over blanks and hyphens, as long as what

    follows are words that mean nothing else. A shorter name may be another agency's, so a doubtful
    one is read long and then found in no registry. A name alone on its line may go on on the next.
    """
    first = re.match(r"[ก-ฮะ-ูเ-์]{2,60}(?:[-–][ก-ฮะ-ูเ-์]+)*", written[start:])
    if not first:
        return "", start
    rest = _CUT.split(first[0])[0]
    end = start + len(rest)
    while len(rest) == len(first[0]) or end > start + len(first[0]):
        chunk = re.match(r"\s?[-–]?\s?([ก-ฮะ-ูเ-์]{2,60})", written[end:])
        if not chunk or _NO_NAME.match(chunk[1]):
            break
        rest += chunk[0] if "-" in chunk[0] else chunk[1]
        end += len(chunk[0])
    if end == len(written) and below and re.fullmatch(r"[ก-ฮะ-ูเ-์]{2,30}", below[0].text):
        rest += "" if _NO_NAME.match(below[0].text) else below[0].text
    return rest, end


def _said(before: str, after: str, number: int) -> tuple[float, bool]:
    """(how much a place says that the document is about the agency named there, whether it states a

    result): a form's label, a title on the cover, a title in the body, a sentence, a mere mention.
    """
    states = bool(_STATES.search(normalise.digits(after)))
    if _LABEL_BEFORE.search(before):
        return _LABEL, states
    if number < _HEADLINES and not before.strip() and _HEADLINE.match(after):
        return _TITLE, states
    alone = not before.strip(" -•*#.…\"“”'") and not _PLACES_BEHIND.sub("", after).strip(
        " .…*\"“”'"
    )
    of_title = bool(_OF.search(before) and _TITLE_WORDS.search(before) or before.strip() == "ของ")
    if (alone or of_title) and not states and not _CAPTION.match(before):
        return (_TITLE if number < named.COVER_LINES else _HEADING), False
    return (_SENTENCE if states else _MERE), states


@cache
def _spaced(beginning: str) -> str:
    """A pattern of a beginning that a stray blank may part."""
    return " ?".join(re.escape(letter) for letter in beginning)


def _support(name: str, mentions: list) -> int:
    return sum(mention.name.startswith(name) for mention in mentions)


def _place(name: str, lines: list[Line], context: Context) -> None:
    """District and province: from the line that names the agency, else the next ones, else the ones
    said most.
    """
    short = next(
        (name.removeprefix(full) for full, _ in _beginnings().values() if name.startswith(full)),
        name,
    )
    found = [(_district(line.text), _province(line.text), short in line.text) for line in lines]
    provinces: Counter[tuple[str, str]] = Counter()
    for district, province, beside in found:
        if province:
            provinces[district, province] += 100 if beside else 1
    if provinces:
        district, province = max(provinces, key=lambda pair: (provinces[pair], bool(pair[0])))
        district = district or max(
            (pair[0] for pair in provinces if pair[1] == province), key=len, default=""
        )
        context.agency |= {"district": district, "province": province}
    elif context.agency["agency_type"] == "pao":
        context.agency["province"] = short
    if context.agency["agency_type"] == "pao":
        context.agency |= {"district": "", "province": short}


def _district(written: str) -> str:
    match = re.search(r"(?:อำเภอ|(?<![ก-๙])อ\.)\s?([ก-ฮะ-ูเ-์]{2,40})", written)
    return re.split(r"จังหวัด|ได้", match[1])[0] if match else ""


def _beginning_province(written: str) -> str:
    """The province whose name `written` begins with, '' if none."""
    return max(
        (name for name, _ in framework.load().provinces.values() if written.startswith(name)),
        key=len,
        default="",
    )


def _province(written: str) -> str:
    for match in re.finditer(r"(?<!ส่วน)(?:จังหวัด|(?<![ก-๙])จ\.)\s?([ก-ฮะ-ูเ-์]{2,40})", written):
        if province := _beginning_province(match[1]):
            return province
    return "กรุงเทพมหานคร" if "กรุงเทพมหานคร" in written else ""


# --- years ----------------------------------------------------------------------------------------

_YEAR = re.compile(
    r"(?:ปี\s*งบประมาณ|ประจำปี|ภายในปี|ในปี|รอบปี|ปี)\s*(?:งบประมาณ)?\s*(?:พ\s*\.?\s*ศ\s*\.?)?\s*(\d{4})(?!\d)"
    r"(?:\s*(?:และ|กับ|ถึง|[-–,/])\s*(?:พ\s*\.?\s*ศ\s*\.?)?\s*(2[45]\d\d)(?!\d))?"
)
_ROLE = re.compile(
    r"(?P<results>ผลการประเมิน|วิเคราะห์ผล|ผลคะแนน|ผลการวิเคราะห์การประเมิน)|(?P<measures>มาตรการ|ไปสู่การปฏิบัติ)|(?P<other>กำหนดการประเมิน)"
)


def _years(lines: list[Line], document: list[Line | Table], context: Context) -> None:
    told = [line.text for line in lines if not _CAPTION.match(line.text)]
    titles_alone = [text for text in told if not _STATES.search(normalise.digits(text))]
    # A statement may be about any year, and so may the caption of a table of items or indicators.
    votes = _votes([text for text in titles_alone if not _OF_TABLE.search(blocks.joined(text))])
    votes = votes if votes["results"] else _votes(titles_alone)
    votes = votes if votes["results"] or votes["measures"] else _votes(told)
    results, measures = map(_most, votes.values())
    if results is None and measures is not None:
        results = _year_of_codes(document, [measures, measures - 1]) or measures - 1
        context.results_year, context.measures_year = results, measures
        context.note("results_year_derived", lines[0].place, str(measures), expected=str(results))
        return
    context.results_year = results
    context.measures_year = measures or (results + 1 if results else None)


def _most(count: Counter[int]) -> int | None:
    """The year said most; None where two are said as often: a comparison is of neither."""
    first, second = [*count.most_common(2), (None, 0), (None, 0)][:2]
    return first[0] if first[1] > second[1] else None


def _votes(texts: list[str]) -> dict[str, Counter[int]]:
    """How often each year is said of results and of measures."""
    votes: dict[str, Counter[int]] = {"results": Counter(), "measures": Counter()}
    written = blocks.joined(normalise.digits(" ".join(texts)))
    last = 0
    for match in _YEAR.finditer(written):
        roles = list(_ROLE.finditer(written[max(last, match.start() - 300) : match.start()]))
        role = roles[-1].lastgroup if roles else None
        for written_year in (match[1], match[2]):
            year = normalise.fiscal_year(written_year or "")
            if year and role in votes:
                votes[role][year] += 1
        last = match.end()
    return votes


def _year_of_codes(document: list[Line | Table], candidates: list[int]) -> int | None:
    """The year whose framework gives the item codes the questions that the document writes beside
    them; None if none does better.
    """
    agreement: dict[int, float] = defaultdict(float)
    years = framework.load().years
    for table in document:
        for cell in (
            (cell for row in table.rows for cell in row) if isinstance(table, Table) else ()
        ):
            for paragraph in cell.text.split("\n"):
                lead = codes.leading(paragraph)
                if not lead:
                    continue
                said = titles.key(lead[1].split(":")[0])
                for year in candidates:
                    item = years[year].items.get(lead[0]) if year in years else None
                    if item and len(said) >= 6:
                        agreement[year] += fuzz.partial_ratio(said[:60], titles.key(item.title))
    best = sorted(agreement.items(), key=lambda each: -each[1])[:2]
    return best[0][0] if best and (len(best) == 1 or best[0][1] > best[1][1] * 1.05) else None
