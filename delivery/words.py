"""The sentences of messages and of what a run says, as data: sentences.csv."""

import csv
import re
from functools import cache
from pathlib import Path
from typing import Any

from warehouse import settings

# Controls, line ends of all kinds, marks that turn the direction of writing around.
UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]+")


def say(key: str, language: str = "th", **values: Any) -> str:
    """The sentence of that key, in "th" or "en". Raises KeyError for one that is not there."""
    return _sentences()[key][f"text_{language}"].format(**values)


def one_line(text: str, longest: int = 300) -> str:
    """What others wrote, on one line, without what a header or a page would obey; cut where it is
    longer, never between a letter and the marks on it."""
    plain = " ".join(UNSEEN.sub(" ", text).split())
    if len(plain) <= longest:
        return plain
    end = longest
    while end and re.match(r"[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]", plain[end]):
        end -= 1
    return f"{plain[:end].rstrip()}…"


def province(code: str) -> str:
    """จังหวัดฉะเชิงเทรา; กรุงเทพมหานคร; หน่วยงานส่วนกลาง for 00."""
    if code == "00":
        return "หน่วยงานส่วนกลาง"
    name = _provinces().get(code, code)
    return name if code == "10" else f"จังหวัด{name}"


@cache
def _sentences() -> dict[str, dict[str, str]]:
    with Path(__file__).with_name("sentences.csv").open(encoding="utf-8", newline="") as file:
        return {row["key"]: row for row in csv.DictReader(file)}


@cache
def _provinces() -> dict[str, str]:
    with (settings.SEEDS / "province.csv").open(encoding="utf-8", newline="") as file:
        return {row["province_code"]: row["province_th"] for row in csv.DictReader(file)}
