"""Which assessment the words over a table speak of: ITA, or one that it must not be taken for."""

import csv
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

from ingestion.normalise import text

FILE = Path(__file__).with_name("assessments.csv")
_ITA = re.compile(r"(?<![a-z])(?:o?ita|iit|eit|oit)(?![a-z])|คุณธรรมและความโปร่งใส", re.IGNORECASE)


class Another(NamedTuple):
    """An assessment that is not the ITA result, by name."""

    name_th: str
    name_en: str


def names_ita(words: str) -> bool:
    """True where the words name ITA or one of its instruments."""
    return bool(_ITA.search(text(words)))


def another(words: str, of_any: bool = False) -> Another | None:
    """The other assessment that a title names, or None.

    A self-assessment, a forecast or a target is none of ITA's results even where ITA is named
    beside it. A title that names ITA and, say, a satisfaction survey counts as ITA's, unless the
    table may be `of_any` assessment by its columns: then nothing says of which of the two.
    """
    written, ita = text(words), names_ita(words)
    return next(
        (
            name
            for pattern, with_ita, name in _known()
            if (with_ita >= ita or of_any) and pattern.search(written)
        ),
        None,
    )


@cache
def _known() -> list[tuple[re.Pattern, bool, Another]]:
    with FILE.open(encoding="utf-8", newline="") as lines:
        return [
            (
                re.compile(
                    "|".join(
                        rf"(?<![a-z]){re.escape(word)}(?![a-z])" if word.isascii() else word
                        for word in row["words"].split("|")
                    ),
                    re.IGNORECASE,
                ),
                row["also_with_ita"] == "true",
                Another(row["name_th"], row["name_en"]),
            )
            for row in csv.DictReader(lines)
        ]
