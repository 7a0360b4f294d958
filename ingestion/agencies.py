"""Who is it: an agency as a file names it → its agency_id in the registry, as of the year of the results.

By agency_id, else by name + type + province (+ district where needed); abbreviations, aliases and former names count. Never by similarity:
near misses are only offered in the finding. A published document may also name an agency whose name begins with no type (`Registry.assessed`).
"""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from functools import lru_cache

from rapidfuzz import fuzz, process

from ingestion.framework import Framework
from ingestion.normalise import digits, text
from ingestion.submission import Named

EVER = 9999
NEAR_MISS_FROM = 75  # rapidfuzz ratio, 0–100
NEAR_MISSES_TRIED = 50  # a file with thousands of unknown names is wrong as a whole; the search costs milliseconds a name

RESULT, TITLE, MENTION = (
    3,
    2,
    1,
)  # what a place in a document says: whose result it states · the title's own words · a line of the cover
_AGENCY_LIKE = re.compile(
    r"(?:กรม|กอง|สำนัก|ศาล|มหาวิทยาลัย|วิทยาลัย|คณะ|สถาบัน|สถานี|องค์การ|โรงพยาบาล|โรงเรียน|เรือนจำ|ศูนย์|กลุ่ม|ฝ่าย|หน่วย(?!งาน)|ธนาคาร|บริษัท|ราช|สภา|"
    r"สหกรณ์|ร้าน|โครงการ|ที่ว่าการ|ที่ทำการ|อำเภอ|เขต|ด่าน|แขวง|จังหวัด|การ(?:ไฟฟ้า|ประปา|ทาง|ท่า|รถไฟ|เคหะ|กีฬา|นิคม|ยาง))[\sก-๙]{3}"
)
_SENTENCE = re.compile("ได้|มีการ|ดำเนินการ|ซึ่ง")
# The assessor is named in nearly every document, and a place in every address: a mention of these says little.
_ASSESSOR = re.compile("ป้องกันและปราบปรามการทุจริตแห่งชาติ|ปปช")
_PLACES = {"province", "special_lao"}
_LOCAL = ""  # stands for the local government that the reader found by its type


def looks_like_agency(written: str) -> bool:
    """Whether words begin as the name of an agency that is no local government does, and are no sentence."""
    return bool(_AGENCY_LIKE.match(written)) and not _SENTENCE.search(written)


@dataclass(frozen=True)
class Agency:
    """A registry row: the agency from `valid_from` to `valid_to` (fiscal years B.E., EVER = still so)."""

    agency_id: str
    name_th: str
    agency_type: str
    province_code: str  # '' for central agencies
    district_th: str
    valid_from: int
    valid_to: int
    replaces: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()

    def covers(self, fiscal_year: int) -> bool:
        """True if the row holds in that year."""
        return self.valid_from <= fiscal_year <= self.valid_to


@dataclass
class Resolution:
    """agency_id, or '' with an error; notes are (rule, details) of findings."""

    agency_id: str = ""
    notes: list[tuple[str, dict[str, str]]] = field(default_factory=list)


class Names:
    """How types, provinces and names are written, made comparable."""

    def __init__(self, framework: Framework):
        self._provinces = {}
        for code, (name_th, name_en) in framework.provinces.items():
            self._provinces |= {code: code, _key(name_th): code, _key(name_en): code}
        self._provinces |= {"กทม": "10"}
        self._province_names = {code: names[0] for code, names in framework.provinces.items()}
        self._types = {}
        for agency_type in framework.agency_types.values():
            self._types |= {
                _key(name): agency_type.code
                for name in (agency_type.code, agency_type.name_th, agency_type.short_th)
            }
        local = [
            kind
            for kind in framework.agency_types.values()
            if kind.is_local and kind.code != "special_lao"
        ]
        forms = [(re.escape(kind.name_th), kind.code) for kind in local]
        forms += [
            (
                re.escape(kind.short_th.rstrip("."))
                + (r"\.?" if len(kind.short_th) > 3 else r"(?:\.|(?=\s))"),
                kind.code,
            )
            for kind in local
        ]
        self._prefixes = [
            (re.compile(rf"{pattern}\s*"), code)
            for pattern, code in sorted(forms, key=lambda form: -len(form[0]))
        ]
        for name in (
            "province",
            "agency_type",
            "split",
        ):  # a national table writes each name for many years
            setattr(self, name, lru_cache(maxsize=100_000)(getattr(self, name)))

    def province(self, written: str) -> str | None:
        """Province code; '' for nothing written; None if it is no province."""
        key = _key(re.sub(r"^(?:จังหวัด|จ\.)\s*", "", digits(written)))
        return self._provinces.get(key) if key else ""

    def agency_type(self, written: str) -> str | None:
        """Type code; '' for nothing written; None if it is no type."""
        name = text(written)
        if not name:
            return ""
        return next(
            (
                self._types[_key(part)]
                for part in [name, *re.split(r"[()]", name)]
                if _key(part) in self._types
            ),
            None,
        )

    def district(self, written: str, province_code: str) -> str:
        """A district without อำเภอ or เขต; a bare เมือง is the province's."""
        name = _key(re.sub(r"^(?:อำเภอ|อ\.|เขต)\s*", "", text(written)))
        return name + _key(self._province_names.get(province_code, "")) if name == "เมือง" else name

    def split(self, written: str) -> tuple[str, str, str, str]:
        """A name as written → its core, the type that its prefix says (or ''), and a district and province written behind it."""
        name = text(written)
        province = re.search(r"\s(?:จังหวัด|จ\.)\s*(\S.*)$", name)
        if province:
            name = name[: province.start()]
        district = re.search(r"\s(?:อำเภอ|อ\.)\s*(\S.*)$", name)
        if district:
            name = name[: district.start()]
        tail = (district[1] if district else "", province[1] if province else "")
        for pattern, code in self._prefixes:
            found = pattern.match(name)
            if found and found.end() < len(name):
                return _key(name[found.end() :]), code, *tail
        return _key(name), "", *tail


def _short(name: str) -> str:
    """A name without an abbreviation or the legal form in brackets behind it."""
    return re.sub(r"\s*\((?:องค์การมหาชน|[ก-ฮA-Z.\s]{2,12})\)(?=\s|$)", "", name)


def _with_type(province: str) -> str:
    return "จังหวัด" + province.removeprefix("จังหวัด")


def _key(written: str) -> str:
    return re.sub(r"[\s.\-–()]+", "", text(written)).casefold()


class Registry:
    """The registry rows, ready to resolve names against. `rows`: one for each agency_id and valid_from."""

    def __init__(self, rows: list[Agency], framework: Framework):
        self.names = Names(framework)
        self._rows: dict[str, list[Agency]] = defaultdict(list)
        for row in sorted(rows, key=lambda row: (row.agency_id, row.valid_from)):
            self._rows[row.agency_id].append(row)
        self._by_name: dict[str, list[tuple[str, Agency]]] = defaultdict(list)
        self._by_whole_name: dict[str, list[Agency]] = defaultdict(list)
        self._names_of: dict[str, set[str]] = defaultdict(set)
        self._successors: dict[str, list[str]] = defaultdict(list)
        named_wholly = {
            kind.code for kind in framework.agency_types.values() if not kind.is_local
        } | {"special_lao"}
        for row in rows:
            for written in (row.name_th, *row.aliases):
                core, prefix_type, *_ = self.names.split(written)
                self._by_name[core].append((prefix_type or row.agency_type, row))
                self._names_of[row.agency_id].add(core)
                if not prefix_type and row.agency_type in named_wholly:
                    for whole in {core, self.names.split(_short(written))[0]}:
                        self._by_whole_name[
                            _with_type(whole) if row.agency_type == "province" else whole
                        ].append(row)
            for predecessor in row.replaces:
                self._successors[predecessor].append(row.agency_id)
        self._near_misses_left = NEAR_MISSES_TRIED

    def rows(self) -> list[Agency]:
        """All rows, by agency_id and valid_from."""
        return [row for rows in self._rows.values() for row in rows]

    def row(self, agency_id: str, fiscal_year: int) -> Agency | None:
        """The agency as it was in that year: the covering row that began last; None if there is none."""
        return next(
            (row for row in reversed(self._rows.get(agency_id, [])) if row.covers(fiscal_year)),
            None,
        )

    def nearest_row(self, agency_id: str, fiscal_year: int) -> Agency | None:
        """`row`, else the row nearest in time."""
        rows = self._rows.get(agency_id, [])
        return self.row(agency_id, fiscal_year) or min(
            rows, key=lambda row: abs(row.valid_from - fiscal_year), default=None
        )

    def display(self, agency_id: str, fiscal_year: int) -> str:
        """'name (agency_id)' for a reader."""
        row = self.nearest_row(agency_id, fiscal_year)
        return f"{row.name_th} ({agency_id})" if row else agency_id

    def resolve(
        self,
        fiscal_year: int,
        agency_id: str,
        name: str,
        agency_type: str,
        province: str,
        district: str,
    ) -> Resolution:
        """The agency that a row names by agency_id, or by name, type, province and district, as it was in `fiscal_year` (B.E.)."""
        core, prefix_type, district_behind, province_behind = self.names.split(name)
        province_code = self.names.province(province or province_behind)
        district = district or district_behind
        agency_id = digits(agency_id)
        if agency_id:
            return self._by_id(fiscal_year, agency_id, name, core, province_code)
        column_type = self.names.agency_type(agency_type)
        if not core or province_code is None or column_type is None:
            return self._unknown(
                fiscal_year,
                name,
                core,
                province_code or "",
                _what_is_wrong(core, province, province_code, agency_type, column_type),
            )
        return self._by_its_name(
            fiscal_year, name, core, {prefix_type, column_type} - {""}, province_code, district
        )

    def assessed(
        self,
        fiscal_year: int,
        named: list[Named],
        name: str,
        agency_type: str,
        province: str,
        district: str,
    ) -> Resolution:
        """The agency that a published document is about. `named`: where it may be named; the rest: the local government it names, if any.

        Words count only where they are, whole, a name of the registry. The place that says most decides; where two agencies are named by
        places that say as much, or what is named there looks like an agency and is none of the registry, nobody is taken. A mere line of the
        cover counts only where the title names nobody at all: it may be whom the agency belongs to.
        """
        said: dict[
            str, tuple[int, str]
        ] = {}  # agency_id, _LOCAL or unknown words → what the places say, the words
        for place in sorted(named, key=lambda place: -place.weight):
            local = agency_type and place.texts == (name,)
            for who, words in (
                [(_LOCAL, name)] if local else self._called(place, fiscal_year, province)
            ):
                said.setdefault(who, (place.weight, words))
        most = max((weight for weight, _ in said.values()), default=0)
        if most == MENTION and any(place.weight > MENTION for place in named):
            said, most = {}, 0
        known = [
            who
            for who, (weight, _) in said.items()
            if weight == most and (who == _LOCAL or who in self._rows)
        ]
        unknown = [
            words
            for who, (weight, words) in said.items()
            if weight == most and who != _LOCAL and who not in self._rows
        ]
        if len(known) > 1:
            several = "; ".join(
                name if who == _LOCAL else self.display(who, fiscal_year) for who in known
            )
            return Resolution(
                notes=[
                    (
                        "ambiguous_agency",
                        {"value": said[known[0]][1], "detail_th": several, "detail_en": several},
                    )
                ]
            )
        if known == [_LOCAL]:
            found = self.resolve(fiscal_year, "", name, agency_type, province, district)
        elif known and not unknown:
            found = self._by_whole(fiscal_year, known[0], said[known[0]][1])
        else:
            words = unknown[0] if unknown else name
            return self._unknown(fiscal_year, words, self.names.split(words)[0], "")
        others = [
            words
            for who, (weight, words) in said.items()
            if who not in known and weight >= TITLE and (who == _LOCAL or who in self._rows)
        ]
        if others and found.agency_id:
            found.notes.append(
                ("cover_differs", {"value": others[0], "expected": said[known[0]][1]})
            )
        return found

    def _called(self, place: Named, fiscal_year: int, province: str) -> list[tuple[str, str]]:
        """(agency_id, words) of the agencies whose whole name stands at a place; (words, words) where it only looks like an agency's."""
        for words in dict.fromkeys([*place.texts, *map(_short, place.texts)]):
            core, kind, _, behind = self.names.split(words)
            rows = [] if kind else self._by_whole_name.get(core, [])
            rows = [row for row in rows if row.covers(fiscal_year)] or rows
            home = self.names.province(behind or province)
            rows = [
                row for row in rows if len(rows) == 1 or row.province_code in ("", home)
            ] or rows
            if rows:
                least = (
                    RESULT
                    if _ASSESSOR.search(core)
                    else TITLE
                    if rows[0].agency_type in _PLACES
                    else MENTION
                )
                return (
                    [
                        (agency_id, words)
                        for agency_id in dict.fromkeys(row.agency_id for row in rows)
                    ]
                    if place.weight >= least
                    else []
                )
        words = place.texts[-1]
        return (
            [(words, words)]
            if looks_like_agency(words) and not _ASSESSOR.search(_key(words))
            else []
        )

    def _by_whole(self, fiscal_year: int, agency_id: str, words: str) -> Resolution:
        """The agency of a whole name, as it was in that year; a former name is noted."""
        found = self._in_year(agency_id, fiscal_year)
        now = self.nearest_row(agency_id, fiscal_year)
        if found.agency_id and not any(
            row == now for row in self._by_whole_name[self.names.split(words)[0]]
        ):
            found.notes.append(("agency_by_former_name", {"value": words, "expected": now.name_th}))
        return found

    def _by_id(
        self, fiscal_year: int, agency_id: str, name: str, core: str, province_code: str | None
    ) -> Resolution:
        if agency_id not in self._rows:
            return self._unknown(
                fiscal_year, f"{agency_id} {name}".strip(), core, province_code or ""
            )
        found = self._in_year(agency_id, fiscal_year)
        row = self.nearest_row(agency_id, fiscal_year)
        if found.agency_id and core and core not in self._names_of[agency_id]:
            found.notes.append(
                (
                    "agency_name_differs",
                    {
                        "value": agency_id,
                        "expected": row.name_th,
                        "detail_th": name,
                        "detail_en": name,
                    },
                )
            )
        if (
            found.agency_id
            and province_code
            and row.province_code
            and province_code != row.province_code
        ):
            found.notes.append(
                ("agency_detail_differs", {"value": province_code, "expected": row.province_code})
            )
        return found

    def _by_its_name(
        self,
        fiscal_year: int,
        name: str,
        core: str,
        types: set[str],
        province_code: str,
        district: str,
    ) -> Resolution:
        named = [
            row
            for kind, row in self._by_name.get(core, [])
            if (not types or kind in types or row.agency_type in types)
            and (not province_code or row.province_code in ("", province_code))
        ]
        now = [row for row in named if self.row(row.agency_id, fiscal_year) == row]
        rows = {row.agency_id: row for row in now or named}
        if len(rows) > 1 and district:
            rows = {
                agency_id: row
                for agency_id, row in rows.items()
                if self._same_district(district, row)
            } or rows
        if not rows:
            return self._unknown(fiscal_year, name, core, province_code)
        if len(rows) > 1:
            several = "; ".join(self._full_name(row) for row in rows.values())
            return Resolution(
                notes=[
                    (
                        "ambiguous_agency",
                        {"value": name, "detail_th": several, "detail_en": several},
                    )
                ]
            )
        row = next(iter(rows.values()))
        found = Resolution(row.agency_id) if now else self._in_year(row.agency_id, fiscal_year)
        if found.agency_id and not now:
            current = self.nearest_row(row.agency_id, fiscal_year)
            if current != row:
                found.notes.append(
                    ("agency_by_former_name", {"value": name, "expected": current.name_th})
                )
        if (
            found.agency_id
            and district
            and row.district_th
            and not self._same_district(district, row)
        ):
            found.notes.append(
                ("agency_detail_differs", {"value": district, "expected": row.district_th})
            )
        return found

    def _in_year(self, agency_id: str, fiscal_year: int) -> Resolution:
        """The agency if it existed in that year. One that had ended, or whose predecessor still existed, is unknown in that year.

        Where the registry merely does not reach back so far the agency is taken, with a warning: refusing a whole year for it helps nobody.
        """
        if self.row(agency_id, fiscal_year):
            return Resolution(agency_id)
        rows = self._rows[agency_id]
        if fiscal_year > max(row.valid_to for row in rows):
            return self._not_then(agency_id, fiscal_year, self._successors[agency_id])
        earlier = [old for old in rows[0].replaces if self.row(old, fiscal_year)]
        if fiscal_year < rows[0].valid_from and earlier:
            return self._not_then(agency_id, fiscal_year, earlier)
        nearest = self.nearest_row(agency_id, fiscal_year)
        years = f"{nearest.valid_from}–{'' if nearest.valid_to == EVER else nearest.valid_to}"
        return Resolution(
            agency_id,
            [("agency_not_in_year", {"value": agency_id, "detail_th": years, "detail_en": years})],
        )

    def _not_then(self, agency_id: str, fiscal_year: int, instead: list[str]) -> Resolution:
        others = ", ".join(self.display(other, fiscal_year) for other in instead)
        hint_th = f" (ไม่มีสถานะเป็นหน่วยงานในปีนั้น{' ดู ' + others if others else ''})"
        hint_en = f" (it did not exist in that year{'; see ' + others if others else ''})"
        return Resolution(
            notes=[
                (
                    "unknown_agency",
                    {
                        "value": self.display(agency_id, fiscal_year),
                        "hint_th": hint_th,
                        "hint_en": hint_en,
                    },
                )
            ]
        )

    def _same_district(self, written: str, row: Agency) -> bool:
        return self.names.district(written, row.province_code) == self.names.district(
            row.district_th, row.province_code
        )

    def _full_name(self, row: Agency) -> str:
        place = " ".join(part for part in (row.district_th, row.province_code) if part)
        return f"{row.name_th} {place} ({row.agency_id})"

    def _unknown(
        self, fiscal_year: int, name: str, core: str, province_code: str, wrong: str = ""
    ) -> Resolution:
        near = wrong or "; ".join(
            self._full_name(row) for row in self._near(fiscal_year, core, province_code)
        )
        hint_th = f" — {wrong}" if wrong else f" หมายถึง {near} หรือไม่" if near else ""
        hint_en = f" — {wrong}" if wrong else f"; did you mean {near}?" if near else ""
        return Resolution(
            notes=[("unknown_agency", {"value": name, "hint_th": hint_th, "hint_en": hint_en})]
        )

    def _near(self, fiscal_year: int, core: str, province_code: str) -> list[Agency]:
        if not core or self._near_misses_left <= 0:
            return []
        self._near_misses_left -= 1
        rows = [row for row in self.rows() if row.covers(fiscal_year)]
        cores = {index: self.names.split(row.name_th)[0] for index, row in enumerate(rows)}
        found = process.extract(
            core, cores, scorer=fuzz.ratio, score_cutoff=NEAR_MISS_FROM, limit=20
        )
        best = sorted(
            found,
            key=lambda hit: (
                rows[hit[2]].province_code != province_code,
                -hit[1],
                rows[hit[2]].agency_id,
            ),
        )
        return [rows[index] for _, _, index in best[:3]]


def _what_is_wrong(
    core: str, province: str, province_code: str | None, agency_type: str, column_type: str | None
) -> str:
    if not core:
        return "ไม่มีชื่อ / no name"
    return (
        f"จังหวัด/province “{province}”" if province_code is None else f"ประเภท/type “{agency_type}”"
    )
