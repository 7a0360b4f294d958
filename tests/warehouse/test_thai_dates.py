"""Days and moments in Thailand's time and the Buddhist Era, however the moment was written."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from delivery.news import day_of
from warehouse import thai_dates

BANGKOK = timezone(timedelta(hours=7))


@pytest.mark.parametrize(
    "at",
    [
        "2025-12-31T17:00:00+00:00",
        datetime(2026, 1, 1, tzinfo=BANGKOK),
        datetime(2025, 12, 31, 12, tzinfo=timezone(timedelta(hours=-5))),
    ],
)
def test_a_moment_is_of_the_day_in_thailand(at):
    assert thai_dates.moment(at) == "1 ม.ค. 2569 00:00 น."


@pytest.mark.parametrize("zone", [0, 7, -5])
def test_the_night_of_a_message_does_not_hang_on_the_zone_in_which_its_moment_came(zone):
    at = datetime(2025, 12, 31, 18, 30, tzinfo=UTC)
    assert day_of(at.astimezone(timezone(timedelta(hours=zone)))) == date(2026, 1, 1)


def test_a_day():
    assert thai_dates.day(date(2026, 9, 9)) == "9 ก.ย. 2569"
