"""A mail server, at the pace that is set, and what it said of a message.

Nothing that a server says is kept but its codes: its words may hold addresses.
"""

import re
import smtplib
import time
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP

from warehouse import mail

A_CONNECTION = 50  # messages; servers end connections that go on for longer
FINAL_PATIENCE = 120.0  # seconds for the answer to a message: the server may look into it
REFUSED_AFTER = 20  # mailboxes in a row: it is not the mailboxes either
STOP_AFTER = 5  # messages in a row that the server did not take: it is not the mailboxes
ENHANCED = re.compile(rb"\b[245]\.\d{1,3}\.\d{1,3}\b")  # RFC 3463
# Not the mailbox but the house is refused: log in first, no relaying, policy.
OF_THE_HOUSE = re.compile(r"^(530|535|550 5\.7\.\d+|554 5\.7\.\d+)")


class Unreachable(Exception):
    """The server cannot be reached or takes nothing; the words hold no address."""


@dataclass(frozen=True)
class Answer:
    """sent, refused (the mailbox does not take it), later (surely not sent), or '': nobody knows.

    note: the server's codes, e.g. "550 5.1.1".
    """

    outcome: str
    note: str = ""


class Post:
    """Opened by the first message; `ready` before the intent is written, `send` after."""

    def __init__(
        self,
        server: mail.Server,
        per_minute: int,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.server, self.gap, self.sleep = server, 60 / per_minute, sleep
        self.smtp: smtplib.SMTP | None = None
        self.on_connection = self.not_taken = self.refused = 0
        self.next_at = 0.0

    def ready(self) -> None:
        """Wait for the pace, and see that the server answers. Raises Unreachable where not."""
        if self.not_taken >= STOP_AFTER:
            raise Unreachable(f"{self.not_taken} messages in a row were not taken")
        if self.refused >= REFUSED_AFTER:
            raise Unreachable(f"{self.refused} mailboxes in a row were refused")
        self.sleep(max(0.0, self.next_at - time.monotonic()))
        self.next_at = time.monotonic() + self.gap
        if self.smtp and (self.on_connection >= A_CONNECTION or not self._answers()):
            self.close()
        if not self.smtp:
            try:
                self.smtp = mail.connected(self.server)
                self.smtp.ehlo_or_helo_if_needed()
            except (OSError, smtplib.SMTPException) as error:
                raise Unreachable(mail.reason(error)) from None
            self.on_connection = 0

    def send(self, message: EmailMessage, to: list[str]) -> Answer:
        """Hand a message over, after `ready`. Where several are to get it, sent is that one does.

        Raises nothing.
        """
        self.on_connection += 1
        try:
            answer = self._envelope(to)
        except (OSError, smtplib.SMTPException):  # before any of the message was said
            self.close()
            answer = Answer("later")
        if not answer:
            answer = self._content(message)
        if answer.outcome == "refused" and OF_THE_HOUSE.match(answer.note):
            answer = Answer("later", answer.note)
        if self.smtp and answer.outcome != "sent":
            self._reset()
        self.not_taken = 0 if answer.outcome in ("sent", "refused") else self.not_taken + 1
        self.refused = self.refused + 1 if answer.outcome == "refused" else 0
        return answer

    def close(self) -> None:
        if self.smtp:
            self.smtp.close()
            self.smtp = None

    def goodbye(self) -> None:
        """End the connection as a server likes it."""
        try:
            if self.smtp:
                self.smtp.quit()
        except (OSError, smtplib.SMTPException):
            pass
        self.close()

    def _answers(self) -> bool:
        try:
            return bool(self.smtp and self.smtp.noop()[0] == 250)
        except (OSError, smtplib.SMTPException):
            return False

    def _envelope(self, to: list[str]) -> Answer | None:
        """None where the server waits for the message, else why it does not."""
        smtp = self._open()
        code, words = smtp.mail(self.server.sender)
        if code != 250:
            return Answer("later", _codes(code, words))
        said = [smtp.rcpt(address) for address in to]
        if any(code in (250, 251, 252) for code, _ in said):
            return None
        notes = [_codes(code, words) for code, words in said]
        refused = all(code >= 500 for code, _ in said)
        return Answer("refused" if refused else "later", notes[0])

    def _content(self, message: EmailMessage) -> Answer:
        smtp = self._open()
        try:
            if smtp.sock:
                smtp.sock.settimeout(FINAL_PATIENCE)
            code, words = smtp.data(message.as_bytes(policy=SMTP))
            if smtp.sock:
                smtp.sock.settimeout(mail.PATIENCE)
        except smtplib.SMTPDataError as error:  # it does not want to hear it
            outcome = "refused" if error.smtp_code >= 500 else "later"
            return Answer(outcome, _codes(error.smtp_code, b""))
        except (OSError, smtplib.SMTPException):
            code, words = 0, b""
        # what is neither yes nor no (smtplib makes -1 of words without a code) may mean taken
        outcome = {2: "sent", 4: "later", 5: "refused"}.get(code // 100, "")
        if not outcome:
            self.close()
            return Answer("")
        return Answer(outcome, _codes(code, words))

    def _reset(self) -> None:
        try:
            self._open().rset()
        except (OSError, smtplib.SMTPException):
            self.close()

    def _open(self) -> smtplib.SMTP:
        if not self.smtp:
            raise smtplib.SMTPServerDisconnected
        return self.smtp


def _codes(code: int, words: bytes) -> str:
    found = ENHANCED.search(words)
    return f"{code} {found[0].decode()}" if found else str(code)
