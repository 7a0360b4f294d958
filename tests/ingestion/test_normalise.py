"""Text, numbers, item codes and years as senders type them (domain.md §7)."""

import unicodedata
from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion import normalise


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("น\u0e4d\u0e32", "นำ"),  # decomposed sara am
        ("น\u0e49\u0e4d\u0e32", "น้ำ"),  # with the tone before
        ("น\u0e4d\u0e49\u0e32", "น้ำ"),  # and behind nikhahit
        ("น\u0e33\u0e49", "น้ำ"),  # tone behind sara am
        ("น\u0e4d\u0e32\u0e49", "น้ำ"),  # and behind a decomposed one
        ("น\u0e49\u0e33\u0e49", "น้ำ"),  # on both sides
        ("น\u0e4d\u0e4d\u0e32", "นำ"),  # nikhahit twice
        ("น\u0e4d\u0e49\u0e4d\u0e32", "น้ำ"),
        ("ก\u0e48\u0e34น", "กิ่น"),  # tone typed before its vowel
        ("ก็็็น", "ก็น"),  # repeated marks
        ("\u0e48ก", "ก"),  # a mark on nothing
        ("เเม่", "แม่"),
        ("แม่\u200bใส\ufeff", "แม่ใส"),
        ("  แม่\xa0\u3000ใส\t\n", "แม่ ใส"),
        ("ก\uf70aา", "ก่า"),  # private-use glyph of old fonts
        (None, ""),
        (float("nan"), ""),
        (92.65, "92.65"),
    ],
)
def test_text(typed, expected):
    assert normalise.text(typed) == expected


@given(st.text() | st.text("กนาำเแ\u0e4d\u0e49\u0e48\u0e34 "))
def test_text_is_nfc_idempotent_and_one_line(typed):
    once = normalise.text(typed)
    assert normalise.text(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert "\n" not in once and once == once.strip() and "  " not in once


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("๙๙.๓๔", "99.34"),
        ("92,65", "92.65"),
        ("1,234.5", "1234.5"),
        ("92.65%", "92.65"),
        ("ร้อยละ 80", "80"),
        ("91.15 คะแนน", "91.15"),
        ("+7", "7"),
        ("９５．００", "95.00"),  # full width
        ("9๕.00", "95.00"),
        ("95.00％", "95.00"),
        ("95\xa0", "95"),
        ("-1", "-1"),
        ("100.", "100"),
        ("99,3379", "99.3379"),
        (92.65000000000001, "92.65"),
        (0.1 + 0.2, "0.3"),
        (100, "100"),
        (Decimal("95.00"), "95.00"),
        (5e-07, "0.0000005"),  # a spreadsheet's tiny number
        ("-1.5e-07", "-0.00000015"),
    ],
)
def test_number(typed, expected):
    assert normalise.number(typed) == Decimal(expected)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "x",
        "92,650",
        "1.2.3",
        "1e2",
        "nan",
        "Infinity",
        "--1",
        "9 2",
        "๙-๙",
        True,
        float("nan"),
        float("inf"),
        None,
        "-",
        "१५",  # other scripts
        "٩٥",
        "9²",
        "1_00",
        "1E1",
        "0x5F",
        "IV",
        "½",
        "95..00",
        Decimal("NaN"),
        Decimal("Infinity"),
    ],
)
def test_no_number(typed):
    assert normalise.number(typed) is None


@given(st.decimals(min_value=-1000, max_value=1000, places=2))
def test_number_reads_what_is_written(value):
    assert normalise.number(str(value)) == value
    thai = str(value).translate(str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙"))
    assert normalise.number(thai) == value
    assert normalise.number(str(value).replace(".", ",")) == value


@given(st.text(alphabet="0123456789๐๑๒.,-+% eEนคะแ", max_size=12))
def test_number_never_fails_and_is_finite(typed):
    value = normalise.number(typed)
    assert value is None or value.is_finite()


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("ข้อ i๑", "i1"),
        ("I8", "i8"),
        ("๐๑๐", "o10"),
        ("๐8", "o8"),
        ("ซื้อ ๐๑๓", "o13"),
        ("(e3)", "e3"),
        ("o 14", "o14"),
        ("O28", "o28"),
        ("i01", "i1"),
        ("๓๑๐", ""),
        ("จัดซื้อ", ""),
        ("o39 – o41", ""),
        ("16.13", ""),
        ("10", ""),
        ("e0", ""),
        ("", ""),
        ("i1 i2", ""),
        ("xi1", ""),
    ],
)
def test_item_code(typed, code):
    assert normalise.item_code(typed) == code


@given(st.sampled_from("ieo"), st.integers(1, 99), st.booleans(), st.booleans())
def test_item_code_reads_what_is_written(kind, number, thai, prefix):
    numeral = (
        str(number).translate(str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")) if thai else str(number)
    )
    assert (
        normalise.item_code(("ข้อ " if prefix else "") + kind.upper() + numeral) == f"{kind}{number}"
    )
    if kind == "o":
        assert normalise.item_code("๐" + numeral) == f"o{number}"


@pytest.mark.parametrize(
    ("typed", "year"),
    [
        ("2566", 2566),
        ("พ.ศ.๒๕๖๖", 2566),
        (".พ.ศ.๒๕๖๕", 2565),
        ("ปีงบประมาณ พ.ศ. 2567", 2567),
        ("2023", 2566),
        ("ค.ศ. 2023", 2566),
        (2566.0, 2566),
        ("66", None),
        ("2566/2567", None),
        ("25661", None),
        ("", None),
        ("1066", None),
    ],
)
def test_fiscal_year(typed, year):
    assert normalise.fiscal_year(typed) == year


def test_each_calls_once_for_each_different_value():
    calls = []
    column = pd.Series(["i1", "i2", "i1"], index=[5, 6, 7])
    result = normalise.each(lambda value: calls.append(value) or value.upper(), column)
    assert (
        result.tolist() == ["I1", "I2", "I1"]
        and result.index.tolist() == [5, 6, 7]
        and calls == ["i1", "i2"]
    )
