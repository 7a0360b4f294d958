"""`ita status`: the warehouse in a few lines."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from delivery import book
from ingestion import waiting
from ita import morning
from operations import alerts, kept, say, schedule, verdict
from publish import candidate, fence, rollback
from recovery import restore
from recovery import state as recovery
from warehouse import certificate, connect, door, postgres, settings
from warehouse.connect import one
from warehouse.errors import BadInput, Fault


def lines() -> Iterator[str]:
    """Where, the verdict on the last night, the published build, what is wrong; starts nothing.

    Raises Fault after the verdict where the warehouse runs and does not answer.
    """
    yield f"ITA_HOME   {settings.home()}"
    if (begun := restore.unfinished()) is not None:
        yield f"restore    was cut off here: `ita restore {begun or 'BACKUP'}` again"
    yield from _verdict_lines()
    if not _runs():
        yield "warehouse  stopped (start it with `ita up`)"
        return
    yield f"warehouse  {connect.address()}"
    yield from _door()
    with connect.connect() as connection:
        if not one(connection.execute("select to_regclass('ops.publication')"))[0]:
            yield "build      none: this warehouse has no schemas yet (`ita up`)"
            return
        build = connection.execute("""
            select build_id, published_at, git_revision from ops.publication
            order by publication_no desc limit 1""").fetchone()
        yield (
            "build      {}, published {:%Y-%m-%d %H:%M:%S%z}, revision {}".format(*build)
            if build
            else "build      none published yet"
        )
        yield from _waiting_lines(connection)
        yield from _taken_back(connection)
        yield from _delivery_lines(connection)
        yield from recovery.lines(datetime.now(UTC))
        yield from _open_doors(connection)


def _verdict_lines() -> list[str]:
    """The words of the page. A warehouse that somebody stopped is as it was found last."""
    last = kept.latest()
    given = last
    if _runs() or (last and not _is_of_last_night(last)):
        now = morning.look()[1]
        given = now if morning.is_new(now, last) else last
    if not given:
        return []
    lines = [*say.thai(given), *say.english(given)]
    lines += say.problem_lines(given["problems"], "en")
    lines += [f"an alert could not be sent: {line}" for line in alerts.failed()]
    return [f"{'night' if number == 0 else '':10} {line}" for number, line in enumerate(lines)]


def _is_of_last_night(given: dict) -> bool:
    now = datetime.now(UTC)
    written = datetime.fromisoformat(given["written_at"])
    return written >= schedule.last_deadline(now) and not verdict.is_still_to_come(given, now)


def _taken_back(connection: Any) -> list[str]:
    """The build that a person took back, while the night is held for that."""
    if not one(connection.execute("select to_regclass('ops.rollback')"))[0]:
        return []
    back = rollback.held(connection)
    if not back:
        return []
    why = "{build_id} was taken back by {by} at {at:%Y-%m-%d %H:%M:%S%z}: {reason}".format(**back)
    return [f"held       {why} (`ita release --by NAME`)"]


def _refused(connection: Any) -> list[str]:
    """The candidate that a person refused."""
    if not one(connection.execute("select to_regclass('ops.refusal') is not null"))[0]:
        return []
    refused = candidate.refused(connection)
    if not refused:
        return []
    said = "{build_id} by {by} at {at:%Y-%m-%d %H:%M:%S%z}: {reason}".format(**refused)
    return [f"refused    {said} (until something changes, or `ita approve`)"]


def _delivery_lines(connection: Any) -> list[str]:
    """What the last `ita deliver` did, and the messages that a person decides on."""
    if not one(connection.execute("select to_regclass('ops.delivery_run')"))[0]:
        return []
    last = connection.execute(
        "select began_at, said_en from ops.delivery_run order by run_no desc limit 1"
    ).fetchone()
    said = ["mail       {:%Y-%m-%d %H:%M:%S%z}: {}".format(*last)] if last else []
    if found := len(book.between(connection)):
        said.append(f"mail       {found} messages went out or not: `ita deliver --list`")
    return said


def _open_doors(connection: Any) -> list[str]:
    """What the server lets every login do and our rights do not close."""
    doors = fence.open_doors(connection)
    if not doors:
        return []
    return [f"open       {len(doors)} statements for the server's administrator: `ita access open`"]


def dsn(role: str) -> str:
    """The DSN of a role with its password. Raises Fault where the warehouse is stopped."""
    if not _runs():
        raise Fault("the warehouse is stopped", "start it with `ita up`")
    if role == connect.parameters()["user"]:
        return connect.address(role, connect.parameters()["password"])
    return connect.address(role, connect.password(role))


def _door() -> list[str]:
    """The way in from other machines, where there is one."""
    try:
        place = None if settings.external_dsn() else door.address()
    except BadInput as error:
        return [f"door       {error}"]
    if not place or not certificate.path().exists():
        return []
    if not door.is_open():
        return [f"door       {place[0]}:{place[1]} is not open: see {settings.home() / 'door.log'}"]
    try:
        until = f"its certificate ends {certificate.ends_at():%Y-%m-%d}"
    except BadInput as error:  # a door that is open has read it; the next one cannot
        until = str(error)
    return [f"door       {place[0]}:{place[1]} by TLS, for persons; {until}"]


def _runs() -> bool:
    return bool(settings.external_dsn() or postgres.number())


def _waiting_lines(connection: Any) -> list[str]:
    """The registry rows that wait for a person."""
    if not connection.execute("select to_regclass('ops.trouble')").fetchone()[0]:
        return []
    said = []
    for sha256, name, rows in waiting.listed(connection):
        said.append(
            f"waits      {rows} registry rows of {name}: `ita approve {sha256[:12]} --by …`,"
            " or `ita refuse`"
        )
    return said
