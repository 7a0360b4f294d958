"""Mail by any SMTP server; how it is reached is in settings (docs/operations/alerts.md).

Whoever has something to say (an alert, an agency's result) composes a message and sends it here.
"""

import re
import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, formatdate, make_msgid

from warehouse import settings
from warehouse.errors import BadInput, Fault

PORTS = {"starttls": "587", "tls": "465", "none": "25"}
LOOPBACK = ("localhost", "127.0.0.1", "::1")
PATIENCE = 20.0  # seconds that a server has for an answer


@dataclass(frozen=True)
class Server:
    """An SMTP server; `tls` is starttls, tls (from the first byte) or none (this machine only)."""

    host: str
    port: int
    tls: str
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)
    authorities: str = ""  # file of the certificates to trust; '' = the machine's


def server() -> Server | None:
    """The server that is set (ITA_SMTP_HOST, _PORT, _TLS, _USER, _CA; ITA_MAIL_FROM; the password
    in secrets/smtp-password of ITA_HOME or in the file that ITA_SMTP_PASSWORD_FILE names); None
    where none is. Raises BadInput for settings that cannot be right.
    """
    host = settings.option("ITA_SMTP_HOST")
    if not host:
        return None
    tls, sender = settings.option("ITA_SMTP_TLS", "starttls"), settings.option("ITA_MAIL_FROM")
    if tls not in PORTS or (tls == "none" and host not in LOOPBACK):
        raise BadInput(
            f"ITA_SMTP_TLS is {tls!r} for {host}",
            "starttls or tls; none is for a server on this machine only",
        )
    if "@" not in sender:
        raise BadInput("ITA_MAIL_FROM is no address", "set the address that mail comes from")
    port = settings.option("ITA_SMTP_PORT", PORTS[tls])
    if not port.isdecimal():
        raise BadInput(f"ITA_SMTP_PORT is {port!r}", "a number, such as 587")
    user = settings.option("ITA_SMTP_USER")
    password = settings.secret_option("ITA_SMTP_PASSWORD") if user else ""
    return Server(host, int(port), tls, sender, user, password, settings.option("ITA_SMTP_CA"))


def compose(
    to: list[str],
    subject: str,
    text: str,
    html: str = "",
    *,
    at: datetime | None = None,
    message_id: str = "",
) -> EmailMessage:
    """A message in UTF-8, from the sender that is set; the caller may add headers.

    at, message_id (what stands before the @): for a message that is the same however often it is
    composed; else the clock's time and a new one.
    """
    sender = settings.option("ITA_MAIL_FROM")
    message = EmailMessage()
    message["From"], message["To"] = sender, ", ".join(to)
    # "=?" would begin an encoded word, which the library decodes: also one that holds a line end
    message["Subject"] = " ".join(subject.replace("=?", "= ?").split())
    message["Date"] = format_datetime(at) if at else formatdate(localtime=True)
    domain = sender.rpartition("@")[2] or "localhost"
    message["Message-ID"] = f"<{message_id}@{domain}>" if message_id else make_msgid(domain=domain)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text, cte="base64")
    if html:
        message.add_alternative(html, subtype="html", cte="base64")
    return message


@contextmanager
def session(to: Server) -> Iterator[Callable[[EmailMessage], None]]:
    """A function that sends a message, over one connection. Raises Fault where the server cannot
    be reached, is not who it says, or refuses; the message says no password."""
    try:
        with connected(to) as smtp:
            yield lambda message: _send(smtp, message)
    except (OSError, smtplib.SMTPException) as error:
        raise Fault(
            f"mail was not sent by {to.host}:{to.port}: {reason(error)}",
            "see the settings ITA_SMTP_… and the server's log",
        ) from error


def connected(to: Server) -> smtplib.SMTP:
    """An open connection, encrypted and logged in as is set. Raises OSError and SMTPException,
    whose words may hold addresses: `reason` says them without.
    """
    context = ssl.create_default_context(cafile=to.authorities or None)
    smtp: smtplib.SMTP
    if to.tls == "tls":
        smtp = smtplib.SMTP_SSL(to.host, to.port, timeout=PATIENCE, context=context)
    else:
        smtp = smtplib.SMTP(to.host, to.port, timeout=PATIENCE)
    try:
        if to.tls == "starttls":
            smtp.starttls(context=context)
        if to.user:
            smtp.login(to.user, to.password)
    except BaseException:
        smtp.close()
        raise
    return smtp


def _send(smtp: smtplib.SMTP, message: EmailMessage) -> None:
    if refused := smtp.send_message(message):
        raise smtplib.SMTPRecipientsRefused(refused)


def reason(error: Exception) -> str:
    """What the server said, without addresses and without what was said to it."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return f"{len(error.recipients)} addresses refused"
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return f"the login was refused ({error.smtp_code})"
    return re.sub(r"\S+@\S+", "…", f"{type(error).__name__}: {error}")[:200]
