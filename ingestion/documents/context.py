"""What the extractors share: who and which years the document is about, and the findings so far."""

import re
from dataclasses import dataclass, field
from functools import cache, cached_property

from ingestion import framework
from ingestion.agencies import MENTION, looks_like_agency
from ingestion.documents.vocabulary import Vocabulary
from ingestion.rules import finding
from ingestion.submission import Finding, Named

# A municipality is often called without its rank: เทศบาลวังบัว.
_MUNICIPAL = {"tambon_mun": ("เทศบาล",), "town": ("เทศบาล",), "city": ("เทศบาล",)}

# Agencies whose names do not begin as others' do.
OTHERS = ("กรุงเทพมหานคร", "เมืองพัทยา", "เนติบัณฑิตยสภา")
_NO_AGENCY = re.compile(
    r"คะแนน|ตัวชี้วัด|มาตรการ|ผลการ|ประเด็น|ส่วนที่|ระดับ|สารบัญ|ข้อเสนอ|ขอบคุณ|ข้อมูล|หมายเหตุ|ราย(?:ข้อ|เครื่องมือ)"
)


@cache
def _plain() -> Vocabulary:
    """The words of no document in particular."""
    return Vocabulary([], "", "")


def _could_be_name(text: str) -> bool:
    """Whether words can be an agency's name: they begin as one does, or most of them mean nothing
    else.
    """
    if not text or _NO_AGENCY.search(text):
        return False
    if looks_like_agency(text):
        return True
    tokens = _plain().tokens(text)
    unknown = sum(len(token.text) for token in tokens if token.meaning in ("unknown", "other"))
    return 2 * unknown >= len(text)


@dataclass
class Context:
    """`agency`: the agency columns of a submission; `named`: where else it may be named.

    Years are B.E., None where the document does not say.
    """

    agency: dict[str, str]
    results_year: int | None = None
    measures_year: int | None = None
    named: list[Named] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def own_names(self) -> list[str]:
        """How the document may call its own agency.

        A local government by its whole name, and by its type's abbreviation with the rest of it;
        any other agency by the names that the places which say most give it. The registry decides
        later which of these it is; here they only must not be words that say something else.
        """
        name = self.agency["agency_name"]
        kind = framework.load().agency_types.get(self.agency["agency_type"])
        if kind and kind.is_local and name.startswith(kind.name_th):
            rest = name.removeprefix(kind.name_th)
            short = kind.short_th.replace(".", "")
            return [name, *(f"{lead}{rest}" for lead in (short, *_MUNICIPAL.get(kind.code, ())))]
        could_be = {
            text
            for place in self.named
            for text in place.texts
            if _could_be_name(text) and (place.weight > MENTION or looks_like_agency(text))
        }
        most = max((place.weight for place in self.named if could_be & {*place.texts}), default=0)
        words = {
            text for place in self.named if place.weight == most for text in place.texts
        } & could_be
        words = {  # a name and what goes on behind it is no longer name
            text
            for text in words
            if not any(f" {other} " in f" {text} " for other in words - {text})
        }
        words |= {name} if _could_be_name(name) else set()
        alike = {text for text in words if looks_like_agency(text) or text.startswith(OTHERS)}
        if name in alike:  # another agency that is named as much is another one all the same
            alike = {text for text in alike if text in name or name in text}
        words = alike or words
        bare = {re.sub(r"\s*\([^()]*\)$", "", text) for text in words}
        return sorted(text for text in words | bare if len(text) > 2)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The words of this document (asked for when agency and place are known)."""
        return Vocabulary(self.own_names(), self.agency["district"], self.agency["province"])

    @property
    def named_in_title(self) -> bool:
        """Whether the document says at all whose it is."""
        return bool(self.agency["agency_name"] or self.named)

    def level(self, code: str) -> framework.Level | None:
        """The level of the results' year with that code."""
        year = framework.load().years.get(self.results_year or 0)
        return year.level_named(code) if year else None

    def note(
        self, rule: str, place: str, value: str = "", fiscal_year: int | None = None, **details: str
    ) -> None:
        """Add a finding about this agency, of `fiscal_year` or of the results' year.

        `details` as in `rules.finding`.
        """
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
        """A row of a submission's table: place, year, agency and `columns`, all text ('' for
        None).
        """
        row = {"place": place, "fiscal_year": fiscal_year, **self.agency, **columns}
        return {name: "" if value is None else str(value) for name, value in row.items()}

    def score(
        self, place: str, level: str, code: str, part: str, score: str, rating: str = ""
    ) -> dict[str, str]:
        """A row of `scores` of the results' year; `flagged` is filled in when the remarks have been
        read.
        """
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

    def framework_year(self) -> framework.Year:
        """The framework of the results' year; the latest where that year has none."""
        years = framework.load().years
        year = self.results_year
        return years[year if year in years else max(years)]

    def items(self) -> set[str]:
        """The item codes of the results' year; of every year together where that year has no
        framework.
        """
        years = framework.load().years
        known = [years[self.results_year]] if self.results_year in years else years.values()
        return {code for year in known for code in year.items}
