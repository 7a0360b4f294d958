"""After a night, however it ended: the verdict is made once and said everywhere.

`close` is called when an `ita refresh` ends and by the watch (`ita deadline`), a process apart from
Airflow, which also sees runs that nobody could close: killed, late, never begun.
"""

import threading
import time
import traceback
from collections.abc import Callable
from datetime import UTC, datetime

import click

from operations import alerts, facts, kept, metrics, verdict
from reports.site import night, verdict_page
from warehouse import connect, events, runs, settings
from warehouse.errors import Fault

EVERY = 20.0  # seconds between two looks of the watch
PATIENCE = 6  # halves of that for which a database may be silent
# A verdict that is another in one of these is a new one.
WHAT_COUNTS = (
    "state",
    "cause",
    "exit_code",
    "run_id",
    "reason_en",
    "problems",
    "next_by",
    "going_since",
)


def look(started: datetime | None = None, said_last: str = "") -> tuple[facts.Facts, dict]:
    """What is known, and the verdict on it; writes nothing but the first look's time."""
    known, last = facts.gather(datetime.now(UTC), started, said_last), kept.latest()
    if not started and last and not verdict.is_still_to_come(last, known.at):
        if known.database and verdict.is_of_night(last, known.deadline):
            return known, verdict.with_silence(last, known)
        if verdict.has_not_begun(last, known) or verdict.is_forgotten(last, known):
            return known, last
    return known, verdict.judge(known, last).as_dict()


def _look_and_end_killed(
    started: datetime | None = None, said_last: str = ""
) -> tuple[facts.Facts, dict]:
    """`look`, after runs that a killed `ita refresh` has left open are ended.

    A scheduler begins no night beside one (max_active_runs). `ita status` only looks.
    """
    known, given = look(started, said_last)
    if not known.going or not known.going.by_hand or known.refreshing:
        return known, given
    try:
        with connect.lock("refresh", on_wait=_leave_it):
            runs.close_killed(facts.NIGHT)
    except Fault:
        return known, given
    return look(started, said_last)


def _leave_it() -> None:
    raise Fault("an `ita refresh` has begun meanwhile", "it ends what was killed by itself")


def is_new(given: dict, last: dict | None) -> bool:
    """Is the verdict another than the last one that was said?"""
    return not last or any(given[name] != last.get(name) for name in WHAT_COUNTS)


def close(started: datetime | None = None, said_last: str = "") -> dict:
    """Give the verdict: kept, on the page, in the metrics, as alerts, to the heartbeat's address.

    `started`: when an `ita refresh` began, whose last words are `said_last`. One part that fails
    stops no other: it is named on stderr.
    """
    with kept.lock():
        known, given = _look_and_end_killed(started, said_last)
        _say(known, given)
        _beat()
    return given


def _say(known: facts.Facts, given: dict) -> None:
    _part("the verdict's file", lambda: kept.keep(given))
    about = {name: given[name] for name in ("state", "cause", "exit_code", "kind")}
    events.write("verdict", run=given["run_id"], **about, problems=len(given["problems"]))
    for line in alerts.tell(given):
        click.echo(f"ita: an alert was not sent: {line}", err=True)
    _part("the page of the night", lambda: kept.with_room(lambda: _page(known)))
    _part("metrics", lambda: metrics.write(metrics.text(known, given)))


def _beat() -> None:
    if failed := alerts.heartbeat():
        click.echo(f"ita: {failed}", err=True)


def _page(known: facts.Facts) -> None:
    """All of it where the warehouse answers, else its head alone."""
    if not known.database:
        try:
            with connect.connect(autocommit=True) as connection:
                night.write(connection)
            return
        except Exception:
            note("the page")
    verdict_page.put_in()


def _part(what: str, do: Callable[[], None]) -> None:
    try:
        do()
    except Exception as error:
        click.echo(f"ita: {what} could not be written: {error}", err=True)
        note(what)


def note(what: str) -> None:
    """Write the traceback of the fault in hand to faults.log in ITA_HOME; on stderr where not."""
    try:
        with (settings.home() / "faults.log").open("a", encoding="utf-8") as file:
            traceback.print_exc(file=file)
    except OSError:
        click.echo(f"ita: {what}: {traceback.format_exc()}", err=True)


def wait_for_database() -> None:
    """Return when it answers, after a minute in any case: one that starts anew, or with the
    machine, is no alarm."""
    for number in range(PATIENCE):
        if not facts.gather(datetime.now(UTC)).database:
            return
        if not number:
            click.echo("ita: the warehouse does not answer: waiting for it, a minute", err=True)
        time.sleep(EVERY / 2)


def tick() -> dict | None:
    """One look of the watch: close what is not closed yet; None where nothing is new."""
    wait_for_database()
    with kept.lock():
        known, now = _look_and_end_killed()
        last = kept.latest()
        if not last or is_new(now, last):
            _say(known, now)
            if is_new(now | {"going_since": (last or {}).get("going_since")}, last):
                _beat()  # that a run has begun is no verdict
            return now
        if alerts.waiting():
            alerts.tell(last)
        _part("metrics", lambda: metrics.write(metrics.text(known, last)))
    return None


def watch(ended: threading.Event) -> None:
    """Look again and again until `ended` is set; a look that fails is noted, and the next comes."""
    while True:
        try:
            if new := tick():
                click.echo(f"{new['state']}: {new['reason_en']}")
        except Exception as error:
            click.echo(f"ita: the watch: {type(error).__name__}: {error}", err=True)
            note("the watch")
        if ended.wait(EVERY):
            return
