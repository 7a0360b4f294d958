"""Who a document is about, and its years: the year of the results, the year of the measures (not the year it was published in)."""

import re
from collections import Counter
from functools import cache

from rapidfuzz import fuzz

from ingestion import framework, normalise
from ingestion.agencies import MENTION, RESULT, TITLE, looks_like_agency
from ingestion.documents import codes, named, titles
from ingestion.documents.blocks import Line, Table
from ingestion.documents.context import Context
from ingestion.submission import AGENCY_COLUMNS, Named

_NAME = r"\s?([ก-ฮะ-ูเ-์]{2,60})"
_CUT = re.compile(r"อำเภอ|จังหวัด|ประจำ|ในปี|ปีงบ|ตำบลที่ตั้ง")
_TITLE_BEFORE = re.compile(r"(?:^|ของ|หน่วยงาน[\s.:…]*|ท้องถิ่น\s*|ชื่อ\S{0,12}\s*)$")


def read(document: list[Line | Table]) -> Context:
    """The agency as the body names it and the years, with findings for what differs or had to be derived."""
    lines = [block for block in document if isinstance(block, Line)]
    context = Context(dict.fromkeys(AGENCY_COLUMNS, ""))
    _agency(lines, context)
    _years(lines, document, context)
    return context


# --- agency -------------------------------------------------------------------------------------------------------------------


def _beginnings() -> dict[str, tuple[str, str]]:
    """How a name of a local government begins → (the full beginning, agency type)."""
    found = {}
    for kind in framework.load().agency_types.values():
        if kind.is_local and kind.code != "special_lao":
            found[kind.name_th] = found[kind.short_th] = kind.name_th, kind.code
    return found


def _agency(lines: list[Line], context: Context) -> None:
    """The local government that the document names, and every other place that may name an agency (`context.named`)."""
    mentions = [mention for line in lines for mention in _mentions(line)]
    strong = [mention for mention in mentions if mention[3]] or mentions
    local = f"(?:{'|'.join(map(_spaced, _beginnings()))})"
    context.named = [
        place
        for place in named.read(lines)
        if not any(re.match(local, text) for text in place.texts)
    ]
    if not strong:
        _place_of_other(lines, context)
        return
    counts = Counter(name for name, *_ in strong)
    # The first mention may be the cover of another agency's report: the body is what is said most, and last where that is even.
    body = max(
        counts, key=lambda name: (counts[name], _support(name, mentions), _last(name, strong))
    )
    first_name, first_line = strong[0][0], strong[0][2]
    if first_name != body and not first_name.startswith(body):
        context.note("cover_differs", first_line.place, first_name, expected=body)
    context.agency["agency_name"] = body
    context.agency["agency_type"] = next(mention[1] for mention in strong if mention[0] == body)
    context.named = [_weighed(body, strong, lines), *context.named] if context.named else []
    _place(body, lines, context)


def _weighed(body: str, strong: list, lines: list[Line]) -> Named:
    """How much the document says that it is about the local government `body`."""
    own = [mention[2] for mention in strong if mention[0] == body and mention[3]]
    if any("คะแนน" in line.text for line in own):
        return Named((body,), own[0].place, RESULT)
    titled = own and (len(own) > 1 or own[0] in lines[: named.COVER_LINES])
    return Named((body,), own[0].place if own else lines[0].place, TITLE if titled else MENTION)


def _place_of_other(lines: list[Line], context: Context) -> None:
    """The best name of an agency that is no local government, to show until the registry is asked, and its province."""
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


def _mentions(line: Line) -> list[tuple[str, str, Line, bool]]:
    """(full name, type, line, whether it stands where a title names the agency) of every name in a line that ends where a word ends."""
    found = []
    beginnings = _beginnings()
    pattern = "|".join(
        _spaced(beginning) for beginning in sorted(beginnings, key=len, reverse=True)
    )
    for match in re.finditer(f"({pattern}){_NAME}", line.text):
        full, kind = beginnings[match[1].replace(" ", "")]
        rest = _CUT.split(match[2])[0]
        if kind == "pao":
            rest = _beginning_province(rest)
        after = line.text[match.start(2) + len(rest) :]
        ends = kind == "pao" or not re.match(r"[ก-๙]", after) or _CUT.match(after)
        if len(rest) >= 2 and ends:
            strong = (
                bool(_TITLE_BEFORE.search(line.text[: match.start()]))
                or "คะแนน" in line.text
                or bool(re.match(r"\s*อำเภอ", after))
            )
            found.append((full + rest, kind, line, strong))
    return found


@cache
def _spaced(beginning: str) -> str:
    """A pattern of a beginning that a stray blank may part."""
    return " ?".join(re.escape(letter) for letter in beginning)


def _support(name: str, mentions: list) -> int:
    return sum(mention[0].startswith(name) for mention in mentions)


def _last(name: str, mentions: list) -> int:
    return max(position for position, mention in enumerate(mentions) if mention[0] == name)


def _place(name: str, lines: list[Line], context: Context) -> None:
    """District and province: from the line that names the agency, else the next ones, else the ones said most."""
    short = next(
        (name.removeprefix(full) for full, _ in _beginnings().values() if name.startswith(full)),
        name,
    )
    found = [(_district(line.text), _province(line.text), short in line.text) for line in lines]
    provinces = Counter()
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


# --- years --------------------------------------------------------------------------------------------------------------------

_YEAR = re.compile(
    r"(?:ปี\s*งบประมาณ|ประจำปี|ภายในปี|ในปี|รอบปี|ปี)\s*(?:งบประมาณ)?\s*(?:พ\s*\.?\s*ศ\s*\.?)?\s*(\d{4})(?!\d)"
)
_ROLE = re.compile(
    r"(?P<results>ผลการประเมิน|วิเคราะห์ผล|ผลคะแนน|ผลการวิเคราะห์การประเมิน)|(?P<measures>มาตรการ|ไปสู่การปฏิบัติ)|(?P<other>กำหนดการประเมิน)"
)


def _years(lines: list[Line], document: list[Line | Table], context: Context) -> None:
    votes = {"results": Counter(), "measures": Counter()}
    written = normalise.digits(" ".join(line.text for line in lines))
    last = 0
    for match in _YEAR.finditer(written):
        roles = list(_ROLE.finditer(written[max(last, match.start() - 300) : match.start()]))
        year = normalise.fiscal_year(match[1])
        if roles and year and roles[-1].lastgroup in votes:
            votes[roles[-1].lastgroup][year] += 1
        last = match.end()
    results, measures = (max(count, key=count.get) if count else None for count in votes.values())
    if results is None and measures is not None:
        results = _year_of_codes(document, [measures, measures - 1]) or measures - 1
        context.results_year, context.measures_year = results, measures
        context.note("results_year_derived", lines[0].place, str(measures), expected=str(results))
        return
    context.results_year = results
    context.measures_year = measures or (results + 1 if results else None)


def _year_of_codes(document: list[Line | Table], candidates: list[int]) -> int | None:
    """The year whose framework gives the item codes the questions that the document writes beside them; None if none does better."""
    agreement, years = Counter(), framework.load().years
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
    best = agreement.most_common(2)
    return best[0][0] if best and (len(best) == 1 or best[0][1] > best[1][1] * 1.05) else None
