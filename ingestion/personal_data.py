"""Personal data in free text: masked before anything but the archive holds it.

Masked are 13-digit numbers whose check digit is right, mobile telephones, e-mail addresses outside
official domains, and names behind a Thai title or rank. Kept are office telephones, official
addresses and posts (นายกเทศมนตรี is no นาย). Titles, posts and the words that end a name are rows
of `personal_words.csv`. A name without a title before it is not seen: docs/testing.md says so.
"""

import csv
import re
from functools import cache
from pathlib import Path

import pandas as pd

from warehouse import thai_digits

WORDS = Path(__file__).with_name("personal_words.csv")
OFFICIAL = (".go.th", ".ac.th", ".or.th")
DIGIT = "[0-9๐-๙]"
THAI = "ก-ฺเ-๎"
NUMBER, MOBILE, MAIL, NAME = (
    "[เลขประจำตัวประชาชน]",
    "[โทรศัพท์มือถือ]",
    "[อีเมล]",
    "[ชื่อบุคคล]",
)
# What is written between digits: blanks, points, hyphens and dashes of any length.
BETWEEN = "[ .\\u00a0\\u2010-\\u2015-]"
_NUMBER = re.compile(rf"(?<!{DIGIT})(?:{DIGIT}{BETWEEN}?){{12}}{DIGIT}(?!{DIGIT})")
_MOBILE = re.compile(
    rf"(?<!{DIGIT})(?:\((?=[^()]{{2,6}}\)))?"  # (081) 234-5678
    rf"(?:\+?(?:66|๖๖){BETWEEN}?(?:\([0๐]\){BETWEEN}?)?[689๖๘๙]|[0๐]{BETWEEN}?[689๖๘๙])"
    rf"(?:\)?{BETWEEN}?{DIGIT}){{8}}(?!{DIGIT})"
)
_LOCAL, _DOMAIN = "[A-Za-z0-9._%+-]", r"(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}"
_MAIL = re.compile(f"{_LOCAL}+@{_DOMAIN}")
# Addresses one behind another, looked for at the beginning of a word only: without this a word of a
# megabyte would be gone through once for each of its letters.
_MAILS = re.compile(f"(?<!{_LOCAL})(?:{_LOCAL}+@{_DOMAIN})+")
_LONGEST_NAME = 25  # letters and marks of a given name or a surname


def mask(text: str) -> str:
    """`text` with personal data replaced by what it was, in brackets; other text as it is."""
    text = _NUMBER.sub(lambda found: NUMBER if _is_valid(found[0]) else found[0], text)
    text = _MOBILE.sub(MOBILE, text)
    text = _MAILS.sub(lambda found: _MAIL.sub(_masked_mail, found[0]), text)
    return _names().sub(_masked_name, text)


def mask_columns(table: pd.DataFrame, columns: tuple[str, ...]) -> pd.DataFrame:
    """`table` with those of its text columns masked that hold something to look at."""
    for column in columns:
        if column in table:
            texts = table[column]
            suspect = texts.notna() & texts.astype(str).str.contains(_suspect())
            if suspect.any():
                table = table.assign(**{column: texts.where(~suspect, texts[suspect].map(mask))})
    return table


def _masked_mail(found: re.Match) -> str:
    return found[0] if found[0].lower().endswith(OFFICIAL) else MAIL


def _is_valid(written: str) -> bool:
    """Whether thirteen digits are an identity number: the last is the check digit."""
    digits = [int(digit) for digit in re.sub(r"\D", "", written.translate(thai_digits.TO_ARABIC))]
    weighted = sum(digit * weight for digit, weight in zip(digits, range(13, 1, -1), strict=False))
    return (11 - weighted % 11) % 10 == digits[-1]


@cache
def _words(kind: str) -> list[str]:
    """The words of a kind, the longest first: an alternation takes the first that fits."""
    with WORDS.open(encoding="utf-8", newline="") as lines:
        words = [row["word"] for row in csv.DictReader(lines) if row["kind"] == kind]
    return sorted(words, key=len, reverse=True)


@cache
def _names() -> re.Pattern:
    """Titles that begin no post and end no other word, and what may be a name behind them.

    Thai has no blanks between words: a title can stand right behind some (โดยนาย…), not behind any
    letters (ทนาย, เจ้านาย).
    """
    titles = "|".join(map(re.escape, _words("title")))
    posts = "|".join(map(re.escape, _words("post")))
    begins = "|".join(f"(?<={word})" for word in _words("before"))
    return re.compile(
        rf"(?:(?<![{THAI}.])|{begins})(?!{posts})"
        rf"((?:{titles})(?:\s*(?!{posts})(?:{titles}|หญิง(?=\s)))*)"
        rf"(\s*)([{THAI}]{{2,}})(?:(\s+)([{THAI}]{{2,}}))?"
    )


def _masked_name(found: re.Match) -> str:
    title, blank, given, between, surname = found.groups()
    name = _cut(given)
    if not name:
        return found[0]
    rest = given[len(name) :]
    if rest or surname is None:
        tail = (between or "") + (surname or "")
        return f"{title}{blank}{NAME}{rest}{tail}"
    last = _cut(surname)
    return f"{title}{blank}{NAME}" + (between + surname if not last else surname[len(last) :])


def _cut(word: str) -> str:
    """`word` up to the first word that ends a name: นายสมชายเป็นผู้… is สมชาย."""
    ends = [word.find(end) for end in _words("after") if end in word]
    return word[: min([*ends, _LONGEST_NAME])]


@cache
def _suspect() -> re.Pattern:
    """What a text must hold to be looked at: national tables have millions of others."""
    titles = "|".join(map(re.escape, _words("title")))
    return re.compile(rf"@|(?:{DIGIT}[()]?{BETWEEN}?[()]?){{9}}|(?:{titles})")
