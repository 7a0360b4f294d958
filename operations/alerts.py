"""Alerts by mail and webhook: one for each problem when it begins, one when it is over.

What is open lies in nights/alerts.json. A problem is sent again only to a way that has not got it.
"""

import json
import re
import socket
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from operations import kept, say
from warehouse import durable, mail, nights, settings
from warehouse.errors import BadInput, Fault, ItaError

PATIENCE = 10.0  # seconds for an answer
SUBJECTS = {
    "night": ("ผลประจำคืน", "the night"),
    "lost": ("ตารางที่เผยแพร่หายไป", "what was published is gone"),
    "not_read": ("สิ่งที่อ่านไม่ได้", "what could not be read"),
    "disk": ("ดิสก์ใกล้เต็ม", "the disk is nearly full"),
    "pack": ("ชุดรายงานที่เขียนไม่ได้", "packs not written"),
    "database": ("ฐานข้อมูลไม่ตอบ", "the database does not answer"),
    "delivery": ("ข้อความถึงหน่วยงาน", "messages to agencies"),
    "step": ("ขั้นที่ขัดข้องหลังเผยแพร่", "a step after the publication"),
}
ADDRESS = re.compile(r"[!-~]+")  # what a request takes as it stands
Message = dict[str, Any]
# What could not be kept for want of disk: this process at least does not say it twice.
_unkept: dict | None = None


def tell(verdict: dict) -> list[str]:
    """Send what is new in the verdict and what is over; a line for each way that failed."""
    state = _state()
    _update(state, verdict)
    _keep(state)
    failed = []
    for way, send in _ways().items():
        try:
            _send_new(state, verdict, way, send)
            _send_over(state, verdict, way, send)
        except ItaError as error:
            failed.append(f"{way}: {error.what}")
    state["over"] = [one for one in state["over"] if set(_ways()) - set(one["said"])]
    state["failed"] = failed
    _keep(state)
    return failed


def waiting() -> bool:
    """Is there an alert that has not gone out by every way that is set?"""
    state = _state()
    ways = set(_ways())
    unsent = [one for one in state["open"].values() if ways - set(one["sent"])]
    return bool(unsent or state["over"])


def failed() -> list[str]:
    """The ways that failed when alerts were sent last, each with its reason."""
    return list(_state()["failed"])


def try_out() -> list[str]:
    """Send a test message by every way that is set; the ways. Raises ItaError where one fails."""
    text = "ข้อความทดสอบจากคลังข้อมูล ITA / a test of the ITA warehouse's alerts"
    ways = _ways()
    for send in ways.values():
        send({"event": "test", "subject": _subject(text), "text": text, "problems": []})
    return list(ways)


def heartbeat() -> str:
    """Call the address that ITA_HEARTBEAT sets, which an outside watcher misses when the machine is
    dead; why it failed, '' where it did not or none is set."""
    address = settings.option("ITA_HEARTBEAT")
    if not address:
        return ""
    try:
        _http(address, None)
    except ItaError as error:
        return f"heartbeat: {error.what}"
    return ""


def _update(state: dict, verdict: dict) -> None:
    """Open what is new. A night that went well closes what is no longer found; where nothing is
    known (the warehouse is silent), nothing is closed."""
    found = {problem["key"]: problem for problem in _problems(verdict)}
    for key, problem in found.items():
        state["open"].setdefault(key, {**problem, "since": verdict["written_at"], "sent": []})
    if verdict["state"] not in ("published", "nothing_new"):
        return
    for key in [key for key in state["open"] if key not in found]:
        problem = state["open"].pop(key)
        if problem["sent"]:  # what nobody heard of needs no end
            # it is over only for those ways that said that it began
            others = [way for way in _ways() if way not in problem["sent"]]
            state["over"].append({**problem, "said": others})


def _problems(verdict: dict) -> list[dict]:
    """The night itself where it did not end well, and the problems that it does not hold."""
    others = [problem for problem in verdict["problems"] if problem["kind"] in SUBJECTS]
    if verdict["state"] in ("published", "nothing_new"):
        return others
    night = {
        "key": f"night:{verdict['cause']}",
        "kind": "night",
        "text_th": verdict["reason_th"],
        "text_en": verdict["reason_en"],
    }
    return [night, *others]


def _send_new(state: dict, verdict: dict, way: str, send: Callable[[Message], None]) -> None:
    """One message for each kind of problem that is new."""
    for kind, names in SUBJECTS.items():
        new = [one for one in state["open"].values() if one["kind"] == kind]
        new = [one for one in new if way not in one["sent"]]
        if not new:
            continue
        subject = say.headline(verdict) if kind == "night" else " / ".join(names)
        send(_message("problem", subject, verdict, new))
        for one in new:
            one["sent"].append(way)
        _keep(state)


def _send_over(state: dict, verdict: dict, way: str, send: Callable[[Message], None]) -> None:
    over = [one for one in state["over"] if way not in one["said"]]
    if not over:
        return
    send(_message("over", "แก้ไขแล้ว / it is over", verdict, over))
    for one in over:
        one["said"].append(way)
    _keep(state)


def _message(event: str, subject: str, verdict: dict, problems: list[dict]) -> Message:
    """For both ways; the verdict stands in it as the page and `ita status` have it."""
    lines = [
        *say.thai(verdict),
        *say.problem_lines(problems, "th"),
        "",
        *say.english(verdict),
        *say.problem_lines(problems, "en"),
        "",
        f"{socket.gethostname()}: {settings.home() / 'index.html'}",
    ]
    names = ("state", "cause", "exit_code", "reason_th", "reason_en", "do_th", "do_en")
    return {
        "event": event,
        "subject": _subject(subject),
        "text": "\n".join(lines),
        **{name: verdict[name] for name in names},
        "problems": [
            {name: one.get(name, "") for name in ("key", "text_th", "text_en", "file", "agency")}
            for one in problems[: say.SHOWN]
        ],
    }


def _subject(text: str) -> str:
    return f"[ITA] {text}"


def _ways() -> dict[str, Callable[[Message], None]]:
    """The ways that are set: mail (ITA_ALERT_MAIL, and a server), webhook (ITA_ALERT_WEBHOOK)."""
    ways: dict[str, Callable[[Message], None]] = {}
    if settings.option("ITA_ALERT_MAIL"):
        ways["mail"] = _mail
    if settings.option("ITA_ALERT_WEBHOOK"):
        ways["webhook"] = _webhook
    return ways


def _mail(message: Message) -> None:
    server = mail.server()
    if not server:
        raise BadInput("ITA_ALERT_MAIL is set and ITA_SMTP_HOST is not", "set both, or neither")
    to = [one.strip() for one in settings.option("ITA_ALERT_MAIL").split(",") if one.strip()]
    with mail.session(server) as send:
        send(mail.compose(to, message["subject"], message["text"]))


def _webhook(message: Message) -> None:
    _http(settings.option("ITA_ALERT_WEBHOOK"), message)


def _http(address: str, content: Message | None) -> None:
    """GET, or POST of JSON. Raises Fault; no message says the address, which may hold a token."""
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host or parts.scheme not in ("http", "https") or not ADDRESS.fullmatch(address):
        raise BadInput(
            "ITA_ALERT_WEBHOOK or ITA_HEARTBEAT is no address",
            "write it as https://host/path, other letters than ASCII encoded",
        )
    data = json.dumps(content, ensure_ascii=False).encode() if content is not None else None
    request = urllib.request.Request(  # noqa: S310  its scheme is looked at above
        address, data, {"Content-Type": "application/json; charset=utf-8"}
    )
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE):  # noqa: S310  the same
            pass
    except (OSError, ValueError) as error:
        code = f" ({error.code})" if isinstance(error, urllib.error.HTTPError) else ""
        raise Fault(f"{host} does not take it: {type(error).__name__}{code}", "see it") from error


def _state() -> dict:
    return _unkept or nights.alerts()


def _keep(state: dict) -> None:
    global _unkept
    try:
        path = kept.folder() / "alerts.json"
        kept.with_room(lambda: durable.write(path, durable.to_json(state), mode=0o600))
        _unkept = None
    except OSError:
        _unkept = state
