"""What the extractors share: who and which years the document is about, and the findings so far."""

from dataclasses import dataclass, field

from ingestion.documents import framework
from ingestion.documents.findings import finding
from ingestion.submission import Finding


@dataclass
class Context:
    """`agency`: the agency columns of a submission. Years are B.E., None where the document does not say."""

    agency: dict[str, str]
    results_year: int | None
    measures_year: int | None
    findings: list[Finding] = field(default_factory=list)

    def note(self, rule: str, place: str, value: str = "", fiscal_year: int | None = None, **words: str) -> None:
        """Add a finding about this agency (and year)."""
        found = finding(rule, place, value, **words)
        year = fiscal_year or self.results_year or self.measures_year
        self.findings.append(Finding(**{**found.__dict__, "agency": self.agency["agency_name"], "fiscal_year": str(year or "")}))

    def row(self, place: str, fiscal_year: int | None, **columns: object) -> dict[str, str]:
        """A row of a submission's table: place, year, agency and `columns`, all text ('' for None)."""
        row = {"place": place, "fiscal_year": fiscal_year, **self.agency, **columns}
        return {name: "" if value is None else str(value) for name, value in row.items()}

    def items(self) -> dict:
        """The items of the results year; of every year together where the results year is unknown."""
        if self.results_year in framework.years():
            return framework.items(self.results_year)
        return {code: row for year in sorted(framework.years()) for code, row in framework.items(year).items()}
