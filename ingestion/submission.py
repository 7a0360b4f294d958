"""What every reader returns.

One file's content as tables of normalised text, before it is judged.
"""

from dataclasses import dataclass, field

import pandas as pd

FORMULA_ZERO = "formula_zero"  # problem of a score that is the stored 0 of a formula
AGENCY_COLUMNS = ["agency_id", "agency_name", "agency_type", "province", "district"]

# Every cell is text as `normalise.text` leaves it, or empty. `place` says where the row stood
# ("row 7", "sheet ผล row 7", "line 155", "table 2 row 3", "$[0].scores[4]"). More columns of scores
# may be there: `letters`, which column of the sheet holds what (`places.letters_of`); `title`, what
# the row or its column calls the figure; `problem`, the rule that a row breaks by its shape.
COLUMNS = {
    "scores": [
        "place",
        "fiscal_year",
        *AGENCY_COLUMNS,
        "level",
        "code",
        "part",
        "score",
        "rating",
        "remark",
        "flagged",
    ],
    "remarks": [
        "place",
        "fiscal_year",
        *AGENCY_COLUMNS,
        "item_code",
        "part",
        "topic_no",
        "remark_th",
    ],
    "measures": [
        "place",
        "fiscal_year",
        *AGENCY_COLUMNS,
        "measure_no",
        "topic_no",
        "indicator_no",
        "item_codes",
        "measure_th",
        "steps_th",
        "responsible_th",
        "starts_on",
        "ends_on",
        "followup_th",
        "measure_key",
        "printed",
        "adopted",
    ],
    "progress": [
        "place",
        "fiscal_year",
        *AGENCY_COLUMNS,
        "measure_no",
        "as_of",
        "result_th",
        "due_on",
        "completed_on",
        "measure_key",
    ],
    "constraints": ["place", "fiscal_year", *AGENCY_COLUMNS, "kind", "note_no", "note_th"],
    "ranks": ["place", "fiscal_year", *AGENCY_COLUMNS, "province_rank", "type_rank"],
    "registry": [
        "place",
        "agency_id",
        "name_th",
        "agency_type",
        "province_code",
        "district_th",
        "ministry_th",
        "valid_from",
        "valid_to",
        "replaces",
        "aliases",
    ],
}


@dataclass(frozen=True)
class Finding:
    """One thing that the sender should know.

    `rule` is a code of `rules.csv`; severity is error or warning.
    """

    rule: str
    severity: str
    place: str
    value: str
    message_th: str
    message_en: str
    action_th: str
    action_en: str
    agency: str = ""  # agency_id or name as read; '' when the finding concerns the file
    fiscal_year: str = ""


@dataclass(frozen=True)
class Named:
    """A place of a document that may name the agency.

    The words (a longer and a shorter reading), and how much the place says (1 to 3).
    """

    texts: tuple[str, ...]
    place: str
    weight: int


_EMPTY = {name: pd.DataFrame(columns=columns, dtype="str") for name, columns in COLUMNS.items()}


# One for all: a night reads thousands of files, and nobody writes into the tables of a submission.
def empty(table: str) -> pd.DataFrame:
    """An empty table of `COLUMNS[table]`."""
    return _EMPTY[table]


@dataclass
class Submission:
    """One file as read.

    `named`: where a document may name its agency; empty where only the agency columns of the rows
    do.
    """

    layout: str
    findings: list[Finding] = field(default_factory=list)
    scores: pd.DataFrame = field(default_factory=lambda: empty("scores"))
    remarks: pd.DataFrame = field(default_factory=lambda: empty("remarks"))
    measures: pd.DataFrame = field(default_factory=lambda: empty("measures"))
    progress: pd.DataFrame = field(default_factory=lambda: empty("progress"))
    constraints: pd.DataFrame = field(default_factory=lambda: empty("constraints"))
    ranks: pd.DataFrame = field(default_factory=lambda: empty("ranks"))
    registry: pd.DataFrame = field(default_factory=lambda: empty("registry"))
    named: list[Named] = field(default_factory=list)
    of_ours: bool = False  # a document that this product wrote
