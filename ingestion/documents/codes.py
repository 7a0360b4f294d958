"""Item codes in published documents, and the two repairs of domain.md §7 that need more than the
code itself.
"""

import re

from ingestion import normalise

LETTERS = {"i": "IIT", "e": "EIT", "o": "OIT"}
# A code inside a sentence: never glued to a letter or digit before it; ๐ or 0 for o only directly
# before its number.
CODE = (
    r"(?<![0-9A-Za-z๐-๙.\-])(?:([ieoIEO])\s?\.?\s?([0-9๐-๙]{1,2})|(๐)([0-9๐-๙]{1,2}))"
    r"(?![0-9A-Za-z๐-๙]|[.,][0-9๐-๙])"
)
_INLINE = re.compile(CODE)
_ZERO = re.compile(
    r"(?<![0-9A-Za-z๐-๙.,/\-])0([1-9๑-๙][0-9๐-๙]?)(?![0-9A-Za-z๐-๙/\-]|[.,][0-9๐-๙])"
)
_LED = re.compile(r"\s*[-•▪■]*\s*(?:ข้อ|ซื้อ)?(?:ที่)?\s*\(?\s*" + CODE)


def one(written: str) -> str:
    """The code that a cell holds and nothing else ('ข้อ i1', 'ซื้อ ๐๑๓', '(e3)'); '' otherwise."""
    code = normalise.item_code(written)
    if code:
        return code
    zero = re.fullmatch(r"(?:ข้อ|ซื้อ)\s*0([0-9]{1,2})", normalise.digits(written))
    return f"o{int(zero[1])}" if zero and int(zero[1]) else ""


def of(match: re.Match) -> str:
    """The code of a match of `CODE`."""
    letter, number = (match[1].lower(), match[2]) if match[1] else ("o", match[4])
    return f"{letter}{int(normalise.digits(number))}"


def all_in(written: str, zeros: bool = False) -> list[tuple[str, str, int]]:
    """Every code in `written`: (code, words as written, position).

    `zeros`: in a list of codes 013 is o13 too.
    """
    found = [(of(match), match[0], match.start()) for match in _INLINE.finditer(written)]
    if zeros:
        found += [
            (f"o{int(normalise.digits(match[1]))}", match[0], match.start())
            for match in _ZERO.finditer(written)
        ]
    return sorted(found, key=lambda code: code[2])


def leading(written: str) -> tuple[str, str] | None:
    """(code, rest) where `written` begins with a code, else None."""
    match = _LED.match(written)
    return (of(match), written[match.end() :]) if match else None


def repaired(written: str) -> bool:
    """Whether reading the code took a repair: Thai zero or 0 for o, ซื้อ for ข้อ."""
    return bool(re.match(r"\s*(?:[-•▪■]\s*)?(?:ซื้อ|(?:ข้อ)?\s*\(?\s*[๐0])", written))


_LETTERLESS = re.compile(r"\s*(?:ข้อ|ซื้อ)?\s*[3๓]\s*([0-9๐-๙]{1,2})(?![0-9๐-๙.,])")


def lacks_letter(written: str) -> bool:
    """Whether a cell begins as a code whose letter was read as a figure (๓๑๐)."""
    return bool(_LETTERLESS.match(written))


def by_order(written: str, before: str, after: str, known: set[str]) -> str:
    """The code of a cell that begins with a figure in place of its letter (๓๑๐ = e10), proved by
    its neighbours.

    `before` and `after` are the codes of the entries beside it, `known` the framework's codes. The
    number must follow on the one before
    (or precede the one after where there is none before) with that one's letter; '' if nothing
    proves it.
    """
    match = _LETTERLESS.match(written)
    if not match:
        return ""
    number = int(normalise.digits(match[1]))
    if before:
        code = f"{before[0]}{number}"
        proved = int(before[1:]) + 1 == number
    elif after:
        code = f"{after[0]}{number}"
        proved = int(after[1:]) - 1 == number
    else:
        return ""
    return code if proved and code in known and code not in (before, after) else ""
