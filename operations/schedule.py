"""When a night begins and by when its verdict must be there, in Thailand's time."""

from datetime import datetime, time, timedelta

from warehouse import settings
from warehouse.errors import BadInput
from warehouse.thai_dates import BANGKOK

NIGHT_BEGINS = time(1, 0)  # the schedule of dags/nightly_refresh.py


def deadline_time() -> time:
    """The time of day that ITA_DEADLINE sets (HH:MM, default 05:00). Raises BadInput."""
    given = settings.option("ITA_DEADLINE", "05:00")
    try:
        return datetime.strptime(given, "%H:%M").time()
    except ValueError as error:
        raise BadInput(f"ITA_DEADLINE is {given!r}", "write it as HH:MM, such as 05:00") from error


def last_deadline(at: datetime) -> datetime:
    """The last deadline that is not after `at`."""
    return _last(at, deadline_time())


def next_deadline(at: datetime) -> datetime:
    """The first deadline after `at`."""
    return last_deadline(at) + timedelta(days=1)  # Thailand has no summer time


def begin_of_night(deadline: datetime) -> datetime:
    """When the night began whose verdict is due at `deadline`."""
    return _last(deadline, NIGHT_BEGINS)


def _last(at: datetime, of_day: time) -> datetime:
    local = at.astimezone(BANGKOK)
    found = datetime.combine(local.date(), of_day, BANGKOK)
    return found if found <= local else found - timedelta(days=1)
