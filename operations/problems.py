"""What is wrong now, one thing each, with the file and the agency that it is about.

A problem has a key that stays the same until it is over: an alert goes out once for a key, however
often it is found again.
"""

import re
from typing import Any

from operations.facts import Facts
from warehouse import durable
from warehouse.runs import Run

AFTER_PUBLICATION = ("packs", "documents", "tidy", "site", "deliver")
MAIL = ("deliver",)  # steps that make no night a bad one
LISTED = 200


def found(facts: Facts, cause: str, run: Run | None) -> list[dict]:
    """key, kind, serious, text_th, text_en, file, agency of each; the night's own state is none of
    them: it is the verdict."""
    if facts.database:
        return []
    return [
        *_lost(facts),
        *(_held(facts) if cause not in ("held", "taken_back") else []),
        *(_disk(facts) if cause != "disk_full" else []),
        *(_check(check) for check in facts.checks if _stopped(check, cause)),
        *(_trouble(trouble) for trouble in facts.troubles[:LISTED]),
        *_packs(facts),
        *_delivery(facts),
        *(_steps_after(facts, run) if run and cause not in ("killed", "late") else []),
        *_afterwards(facts),
    ]


def _lost(facts: Facts) -> list[dict]:
    """Views that were published and that somebody dropped: the night's verdict is true, and readers
    get errors all the same."""
    if not facts.lost:
        return []
    names = ", ".join(facts.lost[:3]) + (f" … ({len(facts.lost)})" if facts.lost[3:] else "")
    return [
        _problem(
            "lost",
            "lost",
            True,
            f"ตารางที่เผยแพร่ถูกลบไปจาก mart: {names} ผู้อ่านจึงอ่านไม่ได้ สั่ง ita refresh เพื่อสร้างใหม่",
            f"what was published is gone from mart: {names}; readers get errors,"
            " `ita refresh` makes it anew",
        )
    ]


def waits_for_a_person(facts: Facts) -> bool:
    """Was the candidate held, by whoever's step, and has nobody refused it since?"""
    candidate = facts.candidate or {}
    held = candidate.get("state") == "audited" and candidate.get("held_for")
    return bool(held) and not candidate.get("refused_by")


def _held(facts: Facts) -> list[dict]:
    """A build that waits for a person while the last night failed."""
    if not waits_for_a_person(facts):
        return []
    build = (facts.candidate or {})["build_id"]
    return [
        _problem(
            f"held:{build}",
            "held",
            False,  # the night's own exit code says what is worse
            f"ชุด {build} ผ่านการตรวจสอบแล้วแต่รอผู้อนุมัติ ดูหน้า documents/changes.html",
            f"build {build} passed its checks and waits for a person: documents/changes.html",
        )
    ]


def _disk(facts: Facts) -> list[dict]:
    """So little room that the next night takes nothing in, also where this one had nothing to."""
    if facts.free_bytes >= durable.ROOM:
        return []
    return [
        _problem(
            "disk",
            "disk",
            True,
            f"ดิสก์ของ ITA_HOME เหลือที่ว่างไม่ถึง {durable.ROOM // 10**6} MB จึงไม่รับแฟ้มใหม่"
            " ทำที่ว่างตามคู่มือ (ห้ามลบ archive)",
            f"the disk of ITA_HOME has less than {durable.ROOM // 10**6} MB left: no file is taken"
            " in until there is room (the runbook: the disk is full)",
        )
    ]


def silence(why: str) -> dict:
    """The warehouse does not answer now, whatever became of the night."""
    return _problem(
        "database",
        "database",
        True,
        f"ฐานข้อมูลไม่ตอบในขณะนี้: {why}",
        f"the database does not answer now: {why}",
    )


def failure_of(facts: Facts, run: Run | None, step: str) -> dict:
    """The last failure of the run that was written down, of that step first; {} where none was."""
    own = [one for one in facts.failures if run and one.get("run_id") == run.run_id]
    of_step = [one for one in own if one.get("task_id") == step]
    return (of_step or [{}])[-1]


def said(failure: dict) -> str:
    """What a failure's message says of the reason: without the command and without what to do."""
    message = re.sub(
        r"^ita \w+ ended with exit code -?\d+: (ita: )?", "", failure.get("message", "")
    )
    return " ".join(message.split(" — ")[0].split())[:400]


def check_en(check: dict) -> str:
    return f"{check['message_en']} ({_who(check['named']) or 'the build as a whole'})"


def check_th(check: dict) -> str:
    return f"{check['message_th']} ({_who(check['named']) or 'ทั้งชุดข้อมูล'})"


def _who(named: list[dict]) -> str:
    """`nacc-2568.csv: อบต.หนึ่ง (A1), …`: files and agencies of the first rows that failed."""
    shown = [
        f"{row.get('file') or '–'}: {row.get('agency') or '–'}"
        for row in named[:3]
        if row.get("file") or row.get("agency")
    ]
    more = f" … ({len(named)})" if len(named) > len(shown) else ""
    return ", ".join(shown) + (more if shown else "")


def _stopped(check: dict, cause: str) -> bool:
    return check["severity"] == "critical" and cause in ("gate", "data")


def _check(check: dict) -> dict:
    first: dict = next(iter(check["named"]), {})
    return _problem(
        f"check:{check['gate']}:{check['check_name']}",
        "check",
        False,  # the verdict says it already
        check_th(check),
        check_en(check),
        first.get("file", ""),
        first.get("agency", ""),
    )


def _trouble(trouble: dict) -> dict:
    return _problem(
        f"not_read:{trouble['place']}",
        "not_read",
        True,
        f"อ่านไม่ได้ {trouble['place']}: {trouble['message_th']}",
        f"not read: {trouble['place']}: {trouble['message_en']}",
        trouble["place"],
    )


def _packs(facts: Facts) -> list[dict]:
    """Packs that the last run could not write (`ita packs` writes each down)."""
    rows = [one for one in facts.failures if one.get("dag_id") == "packs"]
    newest = {one["message"].partition(":")[0]: one for one in rows}
    return [
        _problem(
            f"pack:{pack}",
            "pack",
            False,
            f"เขียนชุดรายงานไม่ได้ {one['message']}",
            f"pack not written: {one['message']}",
            agency=pack,
        )
        for pack, one in list(newest.items())[:LISTED]
    ]


def _delivery(facts: Facts) -> list[dict]:
    """Why messages to agencies did not go out, and those of which nobody knows whether they did. No
    server set is a choice of the house, and no problem."""
    run, between = facts.delivery or {}, facts.undelivered
    found = []
    if run.get("cause") in ("settings", "unreachable", "first", "not_known"):
        said = (run["said_th"], run["said_en"])
        found.append(
            _problem(
                f"delivery:{run['cause']}",
                "delivery",
                False,
                f"ข้อความถึงหน่วยงาน: {said[0]}",
                f"messages to agencies: {said[1]}",
            )
        )
    if between:
        found.append(
            _problem(
                "delivery:between",
                "delivery",
                False,
                f"ไม่ทราบว่าข้อความ {between} ฉบับส่งออกแล้วหรือไม่: ita deliver --list"
                " หรือหน้า “รอตัดสินใจ” ของเคาน์เตอร์",
                f"whether {between} messages went out is not known: `ita deliver --list`,"
                " or headquarters on the counter",
            )
        )
    return found


def _steps_after(facts: Facts, run: Run) -> list[dict]:
    """A step behind the publication that failed: the marts stand, the packs or pages do not."""
    return [
        _problem(
            f"step:{task.task_id}",
            "step",
            task.task_id not in MAIL,
            f"ขั้น {task.task_id} ขัดข้องหลังเผยแพร่: {_reason(facts, run, task.task_id)}",
            f"step {task.task_id} failed after the publication: "
            f"{_reason(facts, run, task.task_id)}",
        )
        for task in run.tasks
        if task.task_id in AFTER_PUBLICATION
        and (task.state == "failed" or (not run.ended_at and task.state == "running"))
    ]


def _afterwards(facts: Facts) -> list[dict]:
    """packs_refresh, which follows a publication by itself, until it has run well again."""
    run = facts.afterwards
    if not run or run.state != "failed":
        return []
    return [
        _problem(
            "packs_refresh",
            "step",
            False,
            "งาน packs_refresh ซึ่งปรับชุดรายงานหลังเผยแพร่ขัดข้อง",
            "the DAG packs_refresh, which brings packs up to date after a publication, failed",
        )
    ]


def _reason(facts: Facts, run: Run | None, step: str) -> str:
    return said(failure_of(facts, run, step)) or "no reason was given"


def _problem(
    key: str,
    kind: str,
    serious: bool,
    text_th: str,
    text_en: str,
    file: Any = "",
    agency: Any = "",
) -> dict:
    """serious: the night's exit code is 1 over it."""
    return {
        "key": key,
        "kind": kind,
        "serious": serious,
        "text_th": text_th,
        "text_en": text_en,
        "file": str(file or ""),
        "agency": str(agency or ""),
    }
