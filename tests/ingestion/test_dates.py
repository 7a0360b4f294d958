"""Dates as officers write them, and the limits of a fiscal year."""

from datetime import date

import pytest

from ingestion.dates import date_of, fiscal_period


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2567-09-30", date(2024, 9, 30)),
        ("2024-09-30", date(2024, 9, 30)),
        ("2024-09-30 00:00:00", date(2024, 9, 30)),
        ("30/9/2567", date(2024, 9, 30)),
        ("๓๐.๐๙.๒๕๖๗", date(2024, 9, 30)),
        ("30 กันยายน 2567", date(2024, 9, 30)),
        ("วันที่ 1 ต.ค. พ.ศ. 2566", date(2023, 10, 1)),
        ("เดือนกุมภาพันธ์ 2567", date(2024, 2, 29)),  # a month alone is its last day
        ("ก.พ. 2566", date(2023, 2, 28)),
        ("29/2/2567", date(2024, 2, 29)),
    ],
)
def test_a_day(written, day):
    assert date_of(written) == day


@pytest.mark.parametrize(
    "written",
    [
        "",
        "ปี 2567",
        "1 ต.ค. 66",
        "31/9/2567",  # September has 30
        "29 กุมภาพันธ์ 2566",
        "0/9/2567",
        "1/13/2567",
        "1/1/2300",  # between the two eras
        "2567-09-30 13:45",
        "30 กันยาย 2567",
    ],
)
def test_no_day(written):
    assert date_of(written) is None


def test_a_fiscal_year_begins_in_october():
    assert fiscal_period(2567) == (date(2023, 10, 1), date(2024, 9, 30))
