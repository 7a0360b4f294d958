"""Thai text: digits, dates, figures as an official report writes them."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from warehouse import thai_dates, thai_digits

DIGITS = {
    "thai": str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙"),
    "arabic": thai_digits.TO_ARABIC,
}
NONE = "–"


def in_digits(text: str, digits: str) -> str:
    """The text with all its digits Thai or Arabic ("thai" or "arabic")."""
    return text.translate(DIGITS[digits])


def score(value: float | None, places: int = 2) -> str:
    """A score (0–100) half up to `places` decimals, thousands with commas; a dash where there is
    none."""
    if value is None:
        return NONE
    return f"{Decimal(str(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP):,}"


def signed(value: float | None, places: int = 2) -> str:
    """A difference with its sign ("+1.20", "−0.50", "0.00"); a dash where there is none."""
    if value is None:
        return NONE
    text = score(abs(value), places)
    if not Decimal(text.replace(",", "")):
        return text
    return ("+" if value > 0 else "−") + text


def count(value: int | None) -> str:
    """A whole number with thousands separators; a dash where there is none."""
    return NONE if value is None else f"{value:,}"


def as_date(value: str | date | None) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value


def long_date(value: str | date | None) -> str:
    """20 พฤศจิกายน 2569."""
    day = as_date(value)
    return NONE if day is None else f"{day.day} {thai_dates.MONTHS[day.month - 1]} {day.year + 543}"


def short_date(value: str | date | None) -> str:
    """20 พ.ย. 2569, never broken over lines."""
    day = as_date(value)
    return NONE if day is None else thai_dates.day(day).replace(" ", "\u00a0")


def place(agency: dict) -> str:
    """Where an agency is: อำเภอ… จังหวัด…; Bangkok has เขต and no จังหวัด; a central agency's ministry
    instead."""
    if not agency.get("province_th"):
        return agency.get("ministry_th") or ""
    bangkok = agency.get("province_code") == "10"
    district = agency.get("district_th")
    parts = [("เขต" if bangkok else "อำเภอ") + district] if district else []
    return " ".join([*parts, agency["province_th"] if bangkok else "จังหวัด" + agency["province_th"]])


def clean(text: str, known: frozenset[str]) -> str:
    """Text that the font can show: what it lacks becomes �'s Thai stand-in "?", controls go; no
    line begins with ๆ or ends in พ.ศ."""
    text = text.replace(" ๆ", "\u00a0ๆ").replace("พ.ศ. ", "พ.ศ.\u00a0")
    if known.issuperset(text):
        return text
    return "".join(
        c if c in known or c == "\n" else "" if ord(c) < 32 or 0x200B <= ord(c) <= 0x200F else "?"
        for c in text
    )
