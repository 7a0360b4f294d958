"""What a gate is made of.

Checks, each a query of failing rows, grouped into suites, each over one table or one pass over it.
"""

from dataclasses import dataclass

# Who has to act when a check fails: one of them for each check, the words of ingestion/rules.csv.
AGENCY = "agency"
DATA_TEAM = "data team"
DEVELOPER = "developer"
PERSON = "a person looks"

CRITICAL = "critical"  # stops publication
WARNING = "warning"  # is shown, stops nothing


@dataclass(frozen=True)
class Check:
    """One rule. `rows` is SQL that gives the failing rows, key columns first.

    `{batch}` in it is the suite's table or pass.

    Great Expectations makes a temporary table of the batch, of which PostgreSQL knows no
    statistics: ask `not in (select … from {batch})` of it, which is hashed, not `not exists`, which
    may be compared row by row.
    """

    name: str
    severity: str
    who_fixes: str
    message_th: str
    message_en: str
    rows: str


@dataclass(frozen=True)
class Suite:
    """Checks over one `table` ("schema.table"), or over the rows of `query`, which is then run once
    for all of them.
    """

    name: str
    checks: tuple[Check, ...]
    table: str = ""
    query: str = ""
