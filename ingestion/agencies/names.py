"""How types, provinces and names of agencies are written, made comparable."""

import re
from functools import lru_cache

from ingestion.framework import Framework
from ingestion.normalise import digits, text

_AGENCY_LIKE = re.compile(
    r"(?:กรม|กอง|สำนัก|ศาล|มหาวิทยาลัย|วิทยาลัย|คณะ|สถาบัน|สถานี|องค์การ|โรงพยาบาล|โรงเรียน|เรือนจำ|ศูนย์|กลุ่ม|ฝ่าย|หน่วย(?!งาน)|ธนาคาร|บริษัท|ราช|สภา|"
    r"สหกรณ์|ร้าน|โครงการ|ที่ว่าการ|ที่ทำการ|อำเภอ|เขต|ด่าน|แขวง|จังหวัด|การ(?:ไฟฟ้า|ประปา|ทาง|ท่า|รถไฟ|เคหะ|กีฬา|นิคม|ยาง))[\sก-๙]{3}"
)
_SENTENCE = re.compile("ได้|มีการ|ดำเนินการ|ซึ่ง")


def looks_like_agency(written: str) -> bool:
    """Whether words begin as the name of an agency that is no local government, no sentence.

    Blanks within words are overlooked (การ  ไฟฟ้า…): lines are set wide, and broken anywhere.
    """
    joined = re.sub(r"\s+", "", written)
    return bool(_AGENCY_LIKE.match(joined)) and not _SENTENCE.search(joined)


class Names:
    """How types, provinces and names are written, made comparable."""

    def __init__(self, framework: Framework) -> None:
        self._provinces: dict[str, str] = {}
        for code, (name_th, name_en) in framework.provinces.items():
            self._provinces |= {code: code, key_of(name_th): code, key_of(name_en): code}
        self._provinces |= {"กทม": "10"}
        self._province_names = {code: names[0] for code, names in framework.provinces.items()}
        self._types: dict[str, str] = {}
        for agency_type in framework.agency_types.values():
            self._types |= {
                key_of(name): agency_type.code
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
        # A national table writes each name for many years. A cache of the object's own: that of a
        # decorator would keep each registry that was ever read.
        for name in ("province", "agency_type", "split", "district"):
            setattr(self, name, lru_cache(maxsize=100_000)(getattr(self, name)))

    def province(self, written: str) -> str | None:
        """Province code; '' for nothing written; None if it is no province."""
        key = key_of(re.sub(r"^(?:จังหวัด|จ\.)\s*", "", digits(written)))
        return self._provinces.get(key) if key else ""

    def agency_type(self, written: str) -> str | None:
        """Type code; '' for nothing written; None if it is no type."""
        name = text(written)
        if not name:
            return ""
        return next(
            (
                self._types[key_of(part)]
                for part in [name, *re.split(r"[()]", name)]
                if key_of(part) in self._types
            ),
            None,
        )

    def district(self, written: str, province_code: str) -> str:
        """A district without อำเภอ or เขต; a bare เมือง is the province's."""
        name = key_of(re.sub(r"^(?:อำเภอ|อ\.|เขต)\s*", "", text(written)))
        return (
            name + key_of(self._province_names.get(province_code, "")) if name == "เมือง" else name
        )

    def split(self, written: str) -> tuple[str, str, str, str]:
        """A name as written → its parts.

        Its core, the type that its prefix says (or ''), and a district and province behind it.
        """
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
                return key_of(name[found.end() :]), code, *tail
        return key_of(name), "", *tail


def short_name(name: str) -> str:
    """A name without an abbreviation or the legal form in brackets behind it."""
    return re.sub(r"\s*\((?:องค์การมหาชน|[ก-ฮA-Z.\s]{2,12})\)(?=\s|$)", "", name)


def with_type(province: str) -> str:
    return "จังหวัด" + province.removeprefix("จังหวัด")


def key_of(written: str) -> str:
    return re.sub(r"[\s.\-–()]+", "", text(written)).casefold()
