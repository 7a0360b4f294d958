"""What goes into a judgement and what comes out of it: a file, and what is accepted and found."""

from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

import pandas as pd

from ingestion.rules import rules
from ingestion.submission import Finding, Submission

LISTED = 100  # findings of one rule that a receipt lists; all are counted


class Rights(NamedTuple):
    """What the inbox of a file may say, as of its arrival (`inboxes.py`).

    registry: counts, waits or no; speaks_for: everybody, province:<code> or agency:<agency_id>;
    overclaims: its name is an official export's, which the inbox may not claim.
    """

    inbox: str = ""
    registry: str = "counts"
    speaks_for: str = "everybody"
    overclaims: bool = False


class File(NamedTuple):
    """One file to judge."""

    sha256: str
    authority: str  # nacc or agency
    submission: Submission
    rights: Rights = Rights()


@dataclass
class Judged:
    """What came of one file.

    `tables` holds the accepted rows, as the tables of raw.* of the same name, without
    submission_sha256. `counted` says how often each rule was broken, also where not all are
    listed. `units` are for the receipt: agency, year, accepted, what was recomputed.
    """

    sha256: str
    layout: str | None
    state: str = "rejected"
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    counted: Counter = field(default_factory=Counter)
    rows_read: int = 0
    rows_accepted: int = 0
    agencies: int = 0
    units: list[dict] = field(default_factory=list)

    @property
    def errors(self) -> int:
        """How many findings are errors."""
        return sum(
            count for rule, count in self.counted.items() if rules()[rule]["severity"] == "error"
        )

    @property
    def warnings(self) -> int:
        """How many findings are warnings."""
        return sum(self.counted.values()) - self.errors

    def add(self, found: Finding) -> None:
        """Count a finding, and list it while there is room."""
        self.counted[found.rule] += 1
        if self.counted[found.rule] <= LISTED:
            self.findings.append(found)


def refused(sha256: str, found: Finding) -> Judged:
    """The judgement of a file that could not be read."""
    judged = Judged(sha256, None)
    judged.add(found)
    return judged
