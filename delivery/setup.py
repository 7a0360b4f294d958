"""How delivery is set up: the settings of docs/operations/delivery.md, read once a run."""

import re
from dataclasses import dataclass

from warehouse import contacts, mail, settings
from warehouse.errors import BadInput

URL = re.compile(r"https?://[A-Za-z0-9.-]+(:\d{1,5})?(/[A-Za-z0-9._~/-]*)?")
COUNTERS_OWN = "http://127.0.0.1:8090"


@dataclass(frozen=True)
class Setup:
    """server None or url '': nothing is sent. per_minute messages, at most `minutes` long."""

    server: mail.Server | None
    url: str
    reply_to: str
    per_minute: int
    minutes: int

    @property
    def missing(self) -> str:
        """Why nothing can be sent, a cause of sentences.csv; '' where it can."""
        return "no_server" if not self.server else "" if self.url else "no_url"


def read() -> Setup:
    """Raises BadInput for a setting that cannot be right."""
    url = settings.option("ITA_COUNTER_URL").rstrip("/")
    if url and not URL.fullmatch(url):
        raise BadInput("ITA_COUNTER_URL is no address", "write it as https://ita.example.go.th")
    reply_to = settings.option("ITA_MAIL_REPLY_TO")
    if reply_to and not contacts.is_address(reply_to):
        raise BadInput("ITA_MAIL_REPLY_TO is no address", "one plain address")
    server = mail.server()
    if server and not contacts.is_address(server.sender):
        raise BadInput("ITA_MAIL_FROM is no address", "one plain address, without a name")
    per_minute = _number("ITA_DELIVER_PER_MINUTE", "200")
    return Setup(server, url, reply_to, per_minute, _number("ITA_DELIVER_MINUTES", "45"))


def _number(name: str, default: str) -> int:
    given = settings.option(name, default)
    if not given.isdecimal() or not 0 < int(given) <= 1_000_000:
        raise BadInput(f"{name} is {given!r}", "a whole number from 1")
    return int(given)
