"""What the extractors share: who and which years the document is about, and the findings so far."""

from dataclasses import dataclass, field

from ingestion import framework
from ingestion.rules import finding
from ingestion.submission import Finding, Named


@dataclass
class Context:
    """`agency`: the agency columns of a submission; `named`: where else it may be named. Years are B.E., None where the document does not say."""

    agency: dict[str, str]
    results_year: int | None = None
    measures_year: int | None = None
    named: list[Named] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def note(
        self, rule: str, place: str, value: str = "", fiscal_year: int | None = None, **details: str
    ) -> None:
        """Add a finding about this agency, of `fiscal_year` or of the results' year. `details` as in `rules.finding`."""
        year = fiscal_year or self.results_year or self.measures_year or ""
        self.findings.append(
            finding(
                rule,
                place,
                value.replace("\n", " "),
                self.agency["agency_name"],
                str(year),
                **details,
            )
        )

    def row(self, place: str, fiscal_year: int | None, **columns: object) -> dict[str, str]:
        """A row of a submission's table: place, year, agency and `columns`, all text ('' for None)."""
        row = {"place": place, "fiscal_year": fiscal_year, **self.agency, **columns}
        return {name: "" if value is None else str(value) for name, value in row.items()}

    def score(
        self, place: str, level: str, code: str, part: str, score: str, rating: str = ""
    ) -> dict[str, str]:
        """A row of `scores` of the results' year; `flagged` is filled in when the remarks have been read."""
        return self.row(
            place,
            self.results_year,
            level=level,
            code=code,
            part=part,
            score=score,
            rating=rating,
            remark="",
            flagged="",
        )

    def items(self) -> set[str]:
        """The item codes of the results' year; of every year together where that year has no framework."""
        years = framework.load().years
        known = [years[self.results_year]] if self.results_year in years else years.values()
        return {code for year in known for code in year.items}
