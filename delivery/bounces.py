"""Mail that came back: delivery status notifications (RFC 3464) in ITA_HOME/delivery/bounces.

Whatever reads the mailbox of ITA_MAIL_FROM puts them there, a file each (a maildir's `new` will
do); the next run reads and removes them; those that are no bounce of ours go to `unread/`.
"""

import email
import email.policy
import re
import sys
from datetime import datetime
from email.message import Message
from pathlib import Path

import psycopg

from delivery import book
from warehouse import durable, settings

LARGEST, MOST = 2_000_000, 20_000  # bytes of one, files of a run
OURS = re.compile(r"<ita\.([0-9a-f]{32})@")
STATUS = re.compile(r"[45]\.\d{1,3}\.\d{1,3}")
RETURNED = ("message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers")


def folder() -> Path:
    return settings.home() / "delivery" / "bounces"


def read(connection: psycopg.Connection, where: Path, at: datetime) -> int:
    """Record the bounces in a folder; how many. What they hold of addresses is not kept."""
    count = 0
    files = [path for path in sorted(where.glob("*")) if path.is_file() and path.name[0] != "."]
    for path in files[:MOST]:
        key, code = _of(path)
        if key and code and book.bounced(connection, key, code, at):
            count += 1
        elif not code:  # a delay, a success, or none of ours
            durable.rename(path, durable.make_folder(where / "unread") / path.name)
            continue
        path.unlink()
    return count


def _of(path: Path) -> tuple[str, str]:
    """Key of the message and status code of a failure; '' for what is none."""
    if path.is_symlink() or path.stat().st_size > LARGEST:
        return "", ""
    try:
        message = email.message_from_bytes(path.read_bytes(), policy=email.policy.compat32)
        return key_and_code(message)
    except Exception as error:  # hostile mail: what the parser makes of it is no fault of ours
        print(f"a bounce could not be read: {type(error).__name__}", file=sys.stderr)
        return "", ""


def key_and_code(message: Message) -> tuple[str, str]:
    """Of a delivery status notification: the key of our message and the code of the failure."""
    key = code = ""
    for part in message.walk():
        kind = part.get_content_type()
        if kind in ("message/delivery-status", "message/global-delivery-status"):
            code = code or _failure(part)
        elif kind in RETURNED or not part.is_multipart():
            text = part.as_string() if kind in RETURNED else ""
            found = OURS.search(text)
            key = key or (found[1] if found else "")
    if not key:
        found = OURS.search(f"{message.get('In-Reply-To', '')} {message.get('References', '')}")
        key = found[1] if found else ""
    return (key, code) if key else ("", "")


def _failure(report: Message) -> str:
    """The status of the first recipient whose action is failed."""
    fields = report.get_payload()
    for one in fields if isinstance(fields, list) else []:
        if not isinstance(one, Message):
            continue
        action, status = str(one.get("Action", "")).strip(), str(one.get("Status", ""))
        if action.lower() == "failed":
            found = STATUS.search(status)
            return found[0] if found else "5.0.0"
    return ""
