"""What the two sides of `measures.xlsx` agree on: reports write it, ingestion reads it back."""

import hashlib
import unicodedata

from warehouse import thai_digits

MARK = "ITA-TEMPLATE-1"  # first cell of every workbook of ours that is meant to come back
FIRST_PROPOSAL = 101  # numbers of proposals: the topic, then the place in it (seed measure_group)
# The cells of a row of measures that make it what was printed, in this order.
PRINTED = (
    "topic_no",
    "indicator_no",
    "item_codes",
    "measure_th",
    "steps_th",
    "responsible_th",
    "starts_on",
    "ends_on",
    "followup_th",
)


def fingerprint(row: dict[str, str]) -> str:
    """What tells whether a row's PRINTED cells are still those that were printed.

    A spreadsheet changes some things on its own: spaces and line breaks, the script of digits and
    the time beside a date do not count.
    """
    cells = [str(row.get(name) or "").translate(thai_digits.TO_ARABIC) for name in PRINTED]
    cells = [
        cell[:10] if name.endswith("_on") else cell
        for name, cell in zip(PRINTED, cells, strict=True)
    ]
    whole = unicodedata.normalize("NFC", "\x1f".join(cells))
    kept = "".join(c for c in whole if c == "\x1f" or not c.isspace() and c not in "\u200b\ufeff|")
    return hashlib.sha256(kept.encode()).hexdigest()[:16]


def key(fiscal_year: int, measure_no: int, item_codes: list[str], measure_th: str) -> str:
    """The key of a measure, as the dbt macro measure_key makes it."""
    codes = ",".join(item_codes)
    words = hashlib.md5((codes + measure_th).encode(), usedforsecurity=False).hexdigest()[:8]
    return f"{fiscal_year}/{measure_no}/{codes}/{words}"


def key_parts(key: str) -> tuple[int, list[str]]:
    """(number, item codes) of "2568/102/e1,e3/1f2e3d4c"; raises ValueError for another text."""
    _, number, codes, _ = key.split("/")
    return int(number), [code for code in codes.split(",") if code]
