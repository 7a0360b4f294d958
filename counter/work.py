"""What the counter has others do: the stages, which it does not import (ita/counter_work.py).

Called in the processes of the back room only, never in the web's.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

import psycopg


@dataclass(frozen=True)
class Decision:
    """What a person of headquarters said: approve or refuse of a build (its id) or a registry's
    file (SHA-256), again or drop of a message (its key)."""

    subject: str
    verdict: str
    reason: str
    who: str
    at: datetime


class Work(Protocol):
    """Can be sent to another process. `connection` is the owner's (autocommit)."""

    def judge(
        self, connection: psycopg.Connection, file: Path, agency_id: str
    ) -> tuple[dict, bytes | None]:
        """The receipt, as JSON-ready dict, and the marked workbook, of a file of the agency's
        inbox: the same as the night's, in the same bounded process."""

    def hand_in(self, files: list[tuple[Path, str, datetime]]) -> list[str]:
        """Put files in their agencies' inboxes (file, agency_id, when it was handed in); of each:
        'stored', 'known' or '' (not now: try again)."""

    def withdraw(
        self, connection: psycopg.Connection, sha256: str, agency_id: str, at: datetime
    ) -> bool:
        """Take back a file that came by the agency's own inbox; False where it is no such file."""

    def template(self, connection: psycopg.Connection, agency_id: str, year: int) -> bytes:
        """The workbook for scores of a year. Raises BadInput where there is none."""

    def measures(self, connection: psycopg.Connection, agency_id: str, year: int) -> bytes:
        """measures.xlsx of a measures year. Raises BadInput where there is none."""

    def pack(self, connection: psycopg.Connection, out: Path, agency_id: str, year: int) -> None:
        """Write the pack of an agency and year below `out`."""

    def decide(self, connection: psycopg.Connection, decision: Decision) -> str:
        """As `ita approve`, `ita refuse`, `ita deliver again` or `ita deliver drop`; a line.
        Raises BadInput where it cannot."""

    def fonts(self) -> Path:
        """The folder of the font "Sarabun ITA"."""

    def send(self, address: str, subject: str, text: str) -> None:
        """Mail a text; without a mail server it lies in ITA_HOME/counter/outbox."""
