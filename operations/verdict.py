"""The verdict on a night: one state, its reason, what to do. Made here and nowhere else; the page,
`ita status`, the exit code of `ita refresh` and the alerts only say it.

What there is to say is data: sentences.csv, by cause.
"""

import csv
import re
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from operations import problems, schedule
from operations.facts import SKEW, Facts
from operations.words import thai_time, time
from warehouse.runs import Run, Task

FULL = 200 * 1024 * 1024  # bytes free, below which a failed night is laid to the disk
MAY_BE_HELD = ("published", "nothing_new", "held", "refused")
GOOD = ("published", "nothing_new")
NOT_FINISHED = ("failed", "upstream_failed", "removed")
SHOWN_CHECKS = 3
CHANGES = re.compile(r"FY(\d{4}): (\d+) of (\d+)")  # what publish/preview.py says of a held build


@dataclass(frozen=True)
class Verdict:
    """Times are ISO 8601 in UTC, '' where there is none; `problems` as problems.found gives them.

    state: published, nothing_new, held or not_published; cause: a row of sentences.csv. `kind`:
    scheduled, manual, or none for a night that never started.
    """

    state: str
    cause: str
    exit_code: int
    reason_th: str
    reason_en: str
    do_th: str
    do_en: str
    kind: str
    run_id: str
    began_at: str
    ended_at: str
    night_began_at: str
    last_good: str
    serving: str  # the published build, '' where none is known
    serving_since: str
    written_at: str
    next_by: str
    going_since: str = ""
    log: str = ""
    problems: list[dict] = field(default_factory=list)

    def as_dict(self) -> dict:
        return asdict(self)


def judge(facts: Facts, before: dict | None) -> Verdict:
    """The verdict on the last night of which one can be given; `before`: the one given last.

    A run that goes on changes nothing until it ends, dies or misses the deadline.
    """
    cause, run, step = _cause(facts)
    if facts.taken_back and cause in MAY_BE_HELD:
        cause = "taken_back"
    elif problems.waits_for_a_person(facts) and cause in MAY_BE_HELD:
        cause, step = "held", "publish"  # also by steps that were run by hand
    found = problems.found(facts, cause, run)
    sentence = _sentences()[cause]
    said = _words(facts, run, step)
    # what could not be read, packs not written: the night stands, its end is not a good one
    serious = any(problem["serious"] for problem in found)
    good = sentence["state"] in GOOD
    published = facts.published or {}
    before = before or {}
    return Verdict(
        state=sentence["state"],
        cause=cause,
        exit_code=int(sentence["exit_code"]) or int(serious),
        **{
            name: sentence[name].format_map(said)
            for name in ("reason_th", "reason_en", "do_th", "do_en")
        },
        kind=("manual" if run.by_hand else "scheduled") if run else "none",
        run_id=run.run_id if run else "",
        began_at=_iso(run.began_at if run else None),
        ended_at=_iso(run.ended_at if run else None),
        night_began_at=_iso(schedule.begin_of_night(facts.deadline)),
        last_good=_iso(run.ended_at) if good and run else _last_good(before, facts.at),
        serving=published.get("build_id", "") if not facts.database else before.get("serving", ""),
        serving_since=_iso(published.get("published_at"))
        if not facts.database
        else before.get("serving_since", ""),
        written_at=_iso(facts.at),
        next_by=_iso(facts.next_by),
        going_since=_going_since(facts, run),
        log=f"airflow/logs/dag_id={run.dag_id}/run_id={run.run_id}" if run else "",
        problems=found,
    )


def is_of_night(given: dict, deadline: datetime) -> bool:
    """Is the verdict on a run of the night that was due at that deadline, or of a later one?"""
    begin = schedule.begin_of_night(deadline)
    return bool(given["began_at"]) and datetime.fromisoformat(given["began_at"]) >= begin


def is_still_to_come(given: dict, at: datetime) -> bool:
    """Is the verdict of a clock that ran ahead? It says nothing of what has been since."""
    return datetime.fromisoformat(given["written_at"]) > at + SKEW


def _last_good(before: dict, at: datetime) -> str:
    """As it was said before; '' for a time that is still to come: the clock was wrong then."""
    said = before.get("last_good", "")
    return "" if said and datetime.fromisoformat(said) > at + SKEW else said


def has_not_begun(given: dict, facts: Facts) -> bool:
    """Could an `ita refresh` not begin, and has nothing begun and no deadline passed since?"""
    newest, said_at = facts.going or facts.ended, datetime.fromisoformat(given["written_at"])
    begun = facts.database or (newest and newest.began_at > said_at)
    return given["cause"] == "no_run" and not begun and said_at >= facts.deadline


def is_forgotten(given: dict, facts: Facts) -> bool:
    """Does Airflow's own database know no run any more (lost, made anew)? What was said of this
    night's run stays true; a night that nobody knows of has not started."""
    known = facts.database or facts.going or facts.ended
    return bool(given["run_id"]) and not known and is_of_night(given, facts.deadline)


def with_silence(given: dict, facts: Facts) -> dict:
    """The verdict on a night that has one, while the warehouse does not answer: it stands, and the
    silence is a problem beside it."""
    others = [one for one in given["problems"] if one["kind"] != "database"]
    return {
        **given,
        "problems": [*others, problems.silence(facts.database)],
        "exit_code": given["exit_code"] or 1,
        "written_at": _iso(facts.at),
        "next_by": _iso(facts.next_by),
    }


def _cause(facts: Facts) -> tuple[str, Run | None, str]:
    """The cause (of sentences.csv), the run that it is of, and the step where it came."""
    if facts.database:
        return "disk_full" if facts.free_bytes < FULL else "database", None, ""
    begin = schedule.begin_of_night(facts.deadline)
    run, going = facts.ended, facts.going
    newest = going or run
    if facts.started and (not newest or newest.began_at < facts.started):
        return "no_run", None, ""
    if going and _died(facts, going):
        run, going = going, None
    if going and going.began_at < facts.deadline:
        return "late", going, _step(going)
    was_due = facts.since <= begin
    if was_due and (not run or run.began_at < begin):
        return "not_started", None, ""  # one that began after the deadline counts when it ends
    if not run:
        return _cause_of_nothing(facts, None)
    return _cause_of_end(facts, run) if run.ended_at else _cause_of_kill(facts, run)


def _cause_of_kill(facts: Facts, run: Run) -> tuple[str, Run, str]:
    """What was published before the kill stands; that the steps behind it did not end is a problem
    beside it."""
    return ("published" if _published_since(facts, run) else "killed"), run, _step(run)


def _published_since(facts: Facts, run: Run) -> bool:
    """Published by the run itself, whatever its clock said, or by hand since it began: one of a
    time that is still to come says nothing then, for the clock was wrong."""
    published = facts.published
    if not published:
        return False
    if published["run_id"] == run.run_id:
        return True
    return bool(run.began_at <= published["published_at"] <= facts.at + SKEW)


def _going_since(facts: Facts, run: Run | None) -> str:
    """When a run began that goes on and is not the one of which the verdict is."""
    going = facts.going
    return _iso(going.began_at) if going and going != run and not _died(facts, going) else ""


def _died(facts: Facts, going: Run) -> bool:
    """A run of `ita refresh` that says it goes on, and nobody holds the lock of a refresh."""
    return going.by_hand and not facts.refreshing


def _cause_of_end(facts: Facts, run: Run) -> tuple[str, Run | None, str]:
    if _published_since(facts, run):
        return "published", run, ""
    failed = next((task for task in run.tasks if task.state == "failed"), None)
    after = problems.AFTER_PUBLICATION
    if run.state == "success" or (failed and failed.task_id in after):
        return _cause_of_nothing(facts, run)
    step = failed.task_id if failed else _step(run)
    failure = problems.failure_of(facts, run, step)
    message, code = failure.get("message", ""), failure.get("exit_code")
    candidate = facts.candidate or {}
    if re.search(r"No space left|DiskFull|disk full", message) or facts.free_bytes < FULL:
        return "disk_full", run, step
    if code == 2 and step == "publish" and candidate.get("state") == "audited":
        return "held", run, step
    # a test of a model failed (publish/build.py), else the reference data are not whole
    if code == 2 and step == "build":
        return ("data" if "dbt build failed" in message else "input"), run, step
    if code == 2:
        return ("gate" if step == "audit" else "input"), run, step
    if "does not answer" in message or "server closed the connection" in message:
        return "database", run, step
    without_word = not message or message.startswith("the task ended without a word")
    return ("killed" if without_word or (code or 0) < 0 else "step"), run, step


def _cause_of_nothing(facts: Facts, run: Run | None) -> tuple[str, Run | None, str]:
    """Nothing failed, and nothing was published."""
    if (facts.candidate or {}).get("refused_by"):
        return "refused", run, "publish"
    return ("nothing_new" if facts.published else "nothing_yet"), run, ""


def _step(run: Run) -> str:
    """The task at which a run is, or was when it died."""
    unfinished = [task for task in run.tasks if not _is_over(task)]
    return (unfinished or list(run.tasks) or [Task("", "", None, None)])[0].task_id


def _is_over(task: Task) -> bool:
    return task.state in ("success", "skipped", *NOT_FINISHED)


def _words(facts: Facts, run: Run | None, step: str) -> dict[str, str]:
    """What the sentences leave open."""
    published, candidate = facts.published or {}, facts.candidate or {}
    back = facts.taken_back or {}
    failure = problems.said(problems.failure_of(facts, run, step))
    message = facts.database or failure or facts.said_last
    critical = [check for check in facts.checks if check["severity"] == "critical"]
    waits = candidate.get("state") in ("audited", "failed")
    changes = CHANGES.findall(failure or candidate.get("held_for") or "")
    build = candidate.get("build_id") if waits and step else published.get("build_id")
    return {
        "build": build or "",
        "published": time(published.get("published_at")),
        "published_th": thai_time(published.get("published_at")),
        "said": message or "no reason was given",
        "checks": "; ".join(map(problems.check_en, critical[:SHOWN_CHECKS])) or message,
        "checks_th": "; ".join(map(problems.check_th, critical[:SHOWN_CHECKS])) or message,
        "changes": "; ".join(f"FY{y}: {n} of {of} agencies" for y, n, of in changes) or message,
        "changes_th": " ".join(f"ปี {y} {n} จาก {of} หน่วยงาน" for y, n, of in changes) or message,
        "step": step or "-",
        "taken_back": back.get("build_id", ""),
        "who": back.get("held_by") or candidate.get("refused_by") or "",
        "why": back.get("reason") or candidate.get("refused_for") or "",
        "deadline": time(facts.deadline),
        "deadline_th": thai_time(facts.deadline),
    }


@cache
def _sentences() -> dict[str, dict[str, str]]:
    path = Path(__file__).with_name("sentences.csv")
    with path.open(encoding="utf-8", newline="") as file:
        return {row["cause"]: row for row in csv.DictReader(file)}


def _iso(at: datetime | None) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds") if at else ""
