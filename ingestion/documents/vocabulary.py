"""The words of a passage, each with what it means for a figure beside it (`vocabulary.csv`).

Refusing by default rests on this: what is not in the table is `unknown`, and a figure among unknown
words is not taken. So a wording nobody thought of costs a figure that a person then hands in, and
never makes another agency's, year's or assessment's figure into this one's.
"""

import csv
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from ingestion import framework, normalise
from warehouse import thai_digits

# What ends a statement: the words behind it are about the next figure.
CLOSING = {"figure", "levelname", "rankno"}
_LEAD = 3  # letters that words are looked up by; shorter words by all of theirs
_WITHIN = ("ของ", "ภาพรวมของ", "ภาพรวม", "ใน", "ภายใน", "ระดับ", "ทั้ง", "ในเขต", "ของทุกหน่วยงานใน")
_PLACE = re.compile(
    r"(?<![ก-๎])(?:(?:อำเภอ|ตำบล|แขวง|เขต) ?|[ตอ] )[ก-๎]{2,30}(?= +(?:อำเภอ|จังหวัด|อ |จ ))"
)
_UNKNOWN_LETTER = 4  # cost beside 1 for a word: a known word always wins over letters that are none
_MONTH = (
    r"มกราคม|กุมภาพันธ์|มีนาคม|เมษายน|พฤษภาคม|มิถุนายน|กรกฎาคม|สิงหาคม|กันยายน|ตุลาคม|พฤศจิกายน|ธันวาคม"
    r"|(?:ม\s?\.?\s?ค|ก\s?\.?\s?พ|มี\s?\.?\s?ค|เม\s?\.?\s?ย|พ\s?\.?\s?ค|มิ\s?\.?\s?ย|ก\s?\.?\s?ค"
    r"|ส\s?\.?\s?ค|ก\s?\.?\s?ย|ต\s?\.?\s?ค|พ\s?\.?\s?ย|ธ\s?\.?\s?ค)(?=[\s.]\s*\d)"
)
_RAW = re.compile(
    rf"(?P<date>\d{{1,2}}\s*(?:เดือน\s*)?(?:{_MONTH})[\s.]*(?:(?:พ\s?ศ|พศ)?\s*\d{{4}}|\d{{2}})?(?!\d)"
    rf"|(?:{_MONTH})[\s.]*(?:พ\s?ศ|พศ)?\s*\d{{4}}(?!\d))"
    r"|(?P<number>\d+(?:[.,]\d+)*)|(?P<percent>[%％])|(?P<latin>[A-Za-z][A-Za-z\-]*)"
    r"|(?P<thai>[ก-ฮะ-ฺเ-๎]+(?: +[ก-ฮะ-ฺเ-๎]+)*)"
)
_DROPPED = set("\u0e47\u0e48\u0e49\u0e4a\u0e4b\u0e4c\u0e4d\u0e46 \n")
_YEAR_LEAD = re.compile(r"(?:ปี|งบ|งบประมาณ|พ\s?ศ|fy)$", re.IGNORECASE)
_NUMBERED = re.compile(r"(?:ตาราง|ภาพ|แผนภูมิ|ส่วน|ข้อ|หน้า|ตัวชี้วัด|รอบ|ประเด็น|ครั้ง|บท|หัวข้อ|มิติ)\s*(?:ที่)?$")
_UNIT = re.compile(
    r"[ \t.…\"“”'=*]*คะแนน(?=$|[^ก-๎]|ขึ้น|หรือ|เต็ม|และ|ซึ่ง|โดย|อยู่|จาก"
    r"| *(?:ผล|ระดับ|ใน|ตาม|เป็น|ของ|คิด|สูง|ต่ำ))"
)
_RANK_LEAD = re.compile(r"(?:ลำดับ|อันดับ)\s*(?:ที่)?$")


@dataclass(frozen=True)
class Token:
    """A word, number or run of unknown letters.

    `meaning` as in `vocabulary.csv`, or figure, year, number, date, place (of the agency),
    levelname, rankno, ownname, type, unknown; `value` is a year (B.E.), an agency type's code or a
    level's code; `start` and `end` are places in the text.
    """

    meaning: str
    text: str
    start: int
    end: int
    value: str = ""


def key(written: str) -> str:
    """`written` without blanks, tone marks and repetition marks: what words are compared by."""
    return "".join(letter for letter in written.lower() if letter not in _DROPPED)


def level_ground(written: str) -> str:
    """The text with Arabic digits, and dots and hyphens inside words as blanks (same length)."""
    written = written.translate(thai_digits.TO_ARABIC)
    written = re.sub(r"(?<=[ก-๎])\.(?!\.)", " ", written)
    written = re.sub(r"\((องค์การมหาชน)\)", r" \1 ", written)  # part of a name
    return re.sub(r"(?<=[ก-๎])[-–](?=[ก-๎])|ฯ", " ", written)


@cache
def _static() -> dict[str, tuple[str, str]]:
    with Path(__file__).with_name("vocabulary.csv").open(encoding="utf-8", newline="") as file:
        words = {key(row["words"]): (row["meaning"], "") for row in csv.DictReader(file)}
    known = framework.load()
    for kind in known.agency_types.values():
        for name in (kind.name_th, kind.short_th.replace(".", "")):
            for lead in ("ประเภท", "ในประเภท", "ของประเภท", "ตามประเภท"):
                words[key(lead + name)] = "type", kind.code
            if kind.is_local and kind.code != "special_lao":
                words.setdefault(key(name), ("other", ""))
    for province, _ in known.provinces.values():
        words[key(f"จังหวัด{province}")] = "plain", ""
        for lead in _WITHIN:
            words[key(f"{lead}จังหวัด{province}")] = "scope", ""
    for year in known.years.values():
        for title in year.indicator_names.values():
            words[key(title)] = "part", ""
        for level in year.levels:
            words.setdefault(key(level.name_th), ("plain", ""))
    return words


Words = dict[str, list[tuple[str, tuple[str, str]]]]  # first letters → words, meanings


def _by_lead(words: dict[str, tuple[str, str]]) -> Words:
    found: Words = defaultdict(list)
    for word, meaning in words.items():
        found[word[:_LEAD]].append((word, meaning))
    return found


@cache
def _index() -> Words:
    return _by_lead(_static())


class Vocabulary:
    """The words of one document: the table's, and the names of its own agency and places."""

    def __init__(self, names: list[str], district: str, province: str) -> None:
        words: dict[str, tuple[str, str]] = {}
        self._district = key(district)
        for place in (f"อำเภอ{district}", f"อ{district}") if district else ():
            words[key(place)] = "place", ""
            for lead in _WITHIN:
                words[key(lead + place)] = "scope", "district"
        for other, _ in framework.load().provinces.values() if province else ():
            words[key(f"จังหวัด{other}")] = "other", ""  # a name in another province is another's
        for place in (f"จังหวัด{province}", f"จ{province}") if province else ():
            words[key(place)] = "place", ""
            for lead in _WITHIN:
                words[key(lead + place)] = "scope", "province"
        for name in names:
            words[key(re.sub(r"[.\-–()]", "", name))] = "ownname", ""
            if name.startswith("จังหวัด"):  # a province as the agency, not as a place
                words[key(f"ของ{name}")] = "ownname", ""
        self._own = _by_lead(words)
        self._runs: dict[str, list[Token]] = {}  # headings and labels come again and again

    def tokens(self, written: str, masked: Sequence[tuple[int, int, str, str]] = ()) -> list[Token]:
        """The tokens of `written`; `masked` are spans (start, end, meaning, value) already read."""
        text = level_ground(written)
        places = [(*match.span(), self._place(match[0]), "") for match in _PLACE.finditer(text)]
        masked = [*masked, *places]
        for start, end, *_ in masked:
            text = text[:start] + "\x00" * (end - start) + text[end:]
        found = [
            Token(meaning, written[start:end], start, end, value)
            for start, end, meaning, value in masked
        ]
        for match in _RAW.finditer(text):
            found += self._of(match, text)
        return sorted(found, key=lambda token: token.start)

    def _place(self, written: str) -> str:
        """A place in an address: the agency's, or another district, where an agency of the same
        name is another one (อำเภอเมือง is also written with the province's name behind it).
        """
        kind, _, named = key(written.replace("อำเภอ", "อ ", 1)).partition("อ")
        if kind or not named or not self._district:
            return "place"
        same = named.startswith(self._district) or self._district.startswith(named)
        return "place" if same else "other"

    def _of(self, match: re.Match, text: str) -> list[Token]:
        kind, (start, end), words = match.lastgroup, match.span(), match[0]
        if kind == "thai":
            if words not in self._runs:
                self._runs[words] = self._thai(words)
            return [
                replace(each, start=each.start + start, end=each.end + start)
                for each in self._runs[words]
            ]
        if kind == "latin":
            meaning, value = _static().get(words.lower(), ("unknown", ""))
            return [Token(meaning, words, start, end, value)]
        if kind == "percent":
            return [Token("share", words, start, end)]
        if kind == "date":
            return [Token("date", words, start, end)]
        return [_number(words, start, end, text)]

    def _thai(self, words: str) -> list[Token]:
        """The cheapest way to cover a run of Thai letters with known words."""
        places = [place for place, letter in enumerate(words) if letter not in _DROPPED]
        letters = "".join(words[place] for place in places)
        count = len(letters)
        index = _index()
        cost: list[float] = [0.0] * (count + 1)
        step: list[tuple[int, tuple[str, str]]] = [(1, ("unknown", ""))] * (count + 1)
        for at in range(count - 1, -1, -1):
            cost[at], step[at] = cost[at + 1] + _UNKNOWN_LETTER, (1, ("unknown", ""))
            known = [
                each
                for lead in (letters[at : at + _LEAD], letters[at : at + 2])
                for words_of in (self._own, index)
                for each in words_of.get(lead, ())
            ]
            for word, told in known:
                after = at + len(word)
                if letters.startswith(word, at) and cost[after] + 1 < cost[at]:
                    cost[at], step[at] = cost[after] + 1, (len(word), told)
        found: list[Token] = []
        at = 0
        while at < count:
            length, (meaning, value) = step[at]
            first = places[at]
            after = places[at + length] if at + length < count else len(words)
            last = len(words[:after].rstrip())
            if meaning == "unknown" and found and found[-1].meaning == "unknown":
                begun = found.pop()
                first = begun.start
            found.append(Token(meaning, words[first:last], first, last, value))
            at += length
        return _longer_names(_within_unknown(found))


def _longer_names(found: list[Token]) -> list[Token]:
    """The tokens with the agency's name as another's where unknown letters go on with it: วังบัวใต้ is
    not วังบัว.
    """
    after = [*found[1:], None]
    return [
        replace(one, meaning="other")
        if one.meaning == "ownname" and two and two.meaning == "unknown" and one.end == two.start
        else one
        for one, two in zip(found, after, strict=True)
    ]


def _within_unknown(found: list[Token]) -> list[Token]:
    """The tokens with short words between unknown letters as part of these (ถ้า in สถาบัน)."""
    kept: list[Token] = []
    for index, token in enumerate(found):
        before = kept[-1] if kept else None
        after = found[index + 1] if index + 1 < len(found) else None
        unknown = token.meaning == "unknown" or (
            len(token.text) <= 4
            and after is not None
            and after.meaning == "unknown"
            and token.end == after.start
        )
        if unknown and before and before.meaning == "unknown" and before.end == token.start:
            kept[-1] = Token("unknown", before.text + token.text, before.start, token.end)
        else:
            kept.append(token)
    return kept


def _number(words: str, start: int, end: int, text: str) -> Token:
    before, after = text[max(0, start - 14) : start].rstrip(" \n'’:"), text[end : end + 24]
    if words.isdecimal() and len(words) == 4 and (year := normalise.fiscal_year(words)):
        return Token("year", words, start, end, str(year))
    if words.isdecimal() and len(words) == 2 and _YEAR_LEAD.search(before):
        return Token("year", words, start, end, f"25{words}")
    if words.isdecimal() and _NUMBERED.search(before):
        return Token("number", words, start, end)
    if words.isdecimal() and len(words) <= 4 and _RANK_LEAD.search(before):
        return Token("rankno", words, start, end, words)
    value = normalise.number(words)
    unit = _UNIT.match(after) and not re.search(r"[A-Za-z]$", text[:start])  # ข้อ o28 คะแนน …
    if value is None or value > 100 or not ("." in words or "," in words or unit):
        return Token("number", words, start, end)
    return Token("figure", words, start, end, format(value, "f"))
