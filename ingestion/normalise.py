"""Thai text, digits, numbers, codes and years as senders type them → one form (domain.md §7)."""

import math
import re
import unicodedata
from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache
from typing import Any

import pandas as pd

from warehouse import thai_digits

_TO_ARABIC = thai_digits.TO_ARABIC | str.maketrans("０１２３４５６７８９", "0123456789")

# Glyph variants of old Thai Windows fonts, kept in the private use area by some programs.
_PRIVATE_USE = str.maketrans(
    {
        0xF700: "ฐ",
        0xF701: "ิ",
        0xF702: "ี",
        0xF703: "ึ",
        0xF704: "ื",
        0xF705: "่",
        0xF706: "้",
        0xF707: "๊",
        0xF708: "๋",
        0xF709: "์",
        0xF70A: "่",
        0xF70B: "้",
        0xF70C: "๊",
        0xF70D: "๋",
        0xF70E: "์",
        0xF70F: "ญ",
        0xF710: "ั",
        0xF711: "ํ",
        0xF712: "็",
        0xF713: "่",
        0xF714: "้",
        0xF715: "๊",
        0xF716: "๋",
        0xF717: "์",
        0xF718: "ุ",
        0xF719: "ู",
        0xF71A: "ฺ",
    }
)
_INVISIBLE = re.compile(
    "[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]"
)
_MARK = "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e"
_STRAY_MARK = re.compile(f"(?<![\u0e01-\u0e2e{_MARK}\u25cc])[{_MARK}]+")
_REPEATED_MARK = re.compile(f"([{_MARK}])\\1+")
_TONE, _VOWEL = "\u0e48-\u0e4b", "\u0e31\u0e34-\u0e3a\u0e47\u0e4d"
_MARK_ORDER = re.compile(f"[{_TONE}][{_TONE}{_VOWEL}]*[{_VOWEL}]")  # a tone typed before its vowel
# ํ (tone) า → (tone) ำ; a tone typed behind ำ (or ํา) belongs before it: it looks the same on paper.
_SARA_AM = re.compile(f"(?:\u0e4d+([{_TONE}]*)[\u0e32\u0e33]|\u0e33)([{_TONE}]*)")
# [0-9] and not \d: digits of other scripts (९५, ٩٥) are no numbers here. Nobody in Thailand types
# them; where they stand, something else went wrong.
_NUMBER = re.compile(r"([+-]?)([0-9]{1,30})(?:\.([0-9]{0,60}))?")
_ITEM = re.compile(
    r"(?:ข้อ|ซื้อ)?(?:ที่)?[\s:.]*\(?\s*(?:([ieo])[\s.\-]*([0-9๐-๙]{1,3})|๐([0-9๐-๙]{1,2}))\s*\)?\.?",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?<!\d)[0-9]{4}(?!\d)")


def _vowels_first(found: re.Match) -> str:
    return "".join(sorted(found[0], key=lambda mark: "\u0e48" <= mark <= "\u0e4b"))


def _tone_before_am(found: re.Match) -> str:
    return f"{found[1] or ''}{found[2]}\u0e33"


def multiline(value: Any) -> str:
    """`value` as NFC text with one space for every run of blanks.

    Line breaks are kept, empty lines are not. '' for None and NaN.
    """
    if value is None or isinstance(value, float) and math.isnan(value):
        return ""
    written = str(value)
    if written.isascii():
        written = _INVISIBLE.sub("", written)
    else:
        written = _INVISIBLE.sub("", written.translate(_PRIVATE_USE))
        written = unicodedata.normalize("NFC", written)
        written = _MARK_ORDER.sub(_vowels_first, written)
        written = _SARA_AM.sub(_tone_before_am, written)
        # NFC again after each change: it sorts marks of other scripts among ours.
        written = unicodedata.normalize("NFC", _REPEATED_MARK.sub(r"\1", written))
        written = _STRAY_MARK.sub("", written).replace("\u0e40\u0e40", "\u0e41")
        written = unicodedata.normalize("NFC", written)
    lines = (" ".join(line.split()) for line in written.splitlines())
    return "\n".join(line for line in lines if line)


def text(value: Any) -> str:
    """`value` as NFC text on one line.

    Sara am composed, stray, repeated and zero-width marks gone, one space for every run of blanks.
    """
    return multiline(value).replace("\n", " ")


def digits(value: Any) -> str:
    """`text(value)` with Thai and full-width digits as 0–9."""
    return text(value).translate(_TO_ARABIC)


def number(value: Any) -> Decimal | None:
    """The number that `value` states, exact; None where it states none or could state two.

    Understood: Thai digits, decimal comma, thousands with a decimal point, a percent sign, the
    words คะแนน and ร้อยละ, the apostrophe before text. '92,650' is None: it may be 92.650 or 92 650.
    A float counts with 15 digits, as a spreadsheet shows it.
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, float):
        value = format(value, ".15g") if abs(value) < 1e15 else ""
    if isinstance(value, Decimal):
        return value if value.is_finite() else None
    written = digits(value).replace("−", "-").replace("．", ".")
    written = re.sub(r"^'|^ร้อยละ\s*|\s*(?:คะแนน|%|％)$", "", written).strip()
    if "," in written:
        if re.fullmatch(r"[+-]?[0-9]{1,3}(,[0-9]{3})+\.[0-9]*", written):
            written = written.replace(",", "")
        elif re.fullmatch(r"[+-]?[0-9]{1,30},(?![0-9]{3}$)[0-9]{0,30}|[+-]?0,[0-9]+", written):
            written = written.replace(",", ".")
    if re.fullmatch(r"-?[0-9](?:\.[0-9]+)?e-[0-9]{1,2}", written):  # a spreadsheet's tiny number
        return Decimal(written)
    found = _NUMBER.fullmatch(written)
    return (
        Decimal(f"{found[1]}{found[2]}.{found[3] or '0'}")
        if found and found[3]
        else Decimal(found[1] + found[2])
        if found
        else None
    )


def item_code(value: Any) -> str:
    """An item code as i1, e10 or o28 (Thai digits, upper case, ๐ or ซื้อ ๐ for o, 'ข้อ', brackets).

    '' if `value` is not exactly one code.

    ๓๑๐ is not repaired here: only its neighbours prove that it is e10.
    """
    found = _ITEM.fullmatch(text(value))
    if not found:
        return ""
    numeral = (found[2] or found[3]).translate(_TO_ARABIC).lstrip("0")
    return f"{(found[1] or 'o').lower()}{numeral}" if numeral else ""


@lru_cache(maxsize=10_000)
def fiscal_year(value: Any) -> int | None:
    """The one year that `value` names, B.E.; None if it names none or several.

    4 digits from 1990 to 2100 can only be C.E. and get 543.
    """
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    years = {
        year + 543 if 1990 <= year <= 2100 else year
        for year in map(int, _YEAR.findall(digits(value)))
    }
    year = years.pop() if len(years) == 1 else 0
    return year if 2500 <= year <= 2699 else None


def each(function: Callable[[str], Any], column: pd.Series) -> pd.Series:
    """`function` of every cell of `column`, called once for each different value.

    A national table has few different values.
    """
    codes, values = pd.factorize(column, use_na_sentinel=False)
    results = pd.Series([function(value) for value in values], dtype=object)
    return pd.Series(results.to_numpy()[codes], index=column.index, name=column.name, dtype=object)
