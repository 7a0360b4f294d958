"""The registry of agencies, looked up by id, by name and by year."""

from collections import defaultdict
from dataclasses import dataclass, field

from rapidfuzz import fuzz, process

from ingestion.agencies.names import Names, short_name, with_type
from ingestion.framework import Framework

EVER = 9999
NEAR_MISS_FROM = 75  # rapidfuzz ratio, 0–100
# A file with thousands of unknown names is wrong as a whole; the search costs milliseconds a name.
NEAR_MISSES_TRIED = 50


@dataclass(frozen=True)
class Agency:
    """A registry row.

    The agency from `valid_from` to `valid_to` (fiscal years B.E., EVER = still so).
    """

    agency_id: str
    name_th: str
    agency_type: str
    province_code: str  # '' for central agencies
    district_th: str
    valid_from: int
    valid_to: int
    replaces: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()

    def covers(self, fiscal_year: int) -> bool:
        """True if the row holds in that year."""
        return self.valid_from <= fiscal_year <= self.valid_to


@dataclass
class Resolution:
    """agency_id, or '' with an error; notes are (rule, details) of findings."""

    agency_id: str = ""
    notes: list[tuple[str, dict[str, str]]] = field(default_factory=list)


class Registry:
    """The registry rows, ready to resolve names against.

    `rows`: one for each agency_id and valid_from.
    """

    def __init__(self, rows: list[Agency], framework: Framework) -> None:
        self.names = Names(framework)
        self.rows_of: dict[str, list[Agency]] = defaultdict(list)
        for row in sorted(rows, key=lambda row: (row.agency_id, row.valid_from)):
            self.rows_of[row.agency_id].append(row)
        self.by_name: dict[str, list[tuple[str, Agency]]] = defaultdict(list)
        self.by_whole_name: dict[str, list[Agency]] = defaultdict(list)
        self.cores_of: dict[str, set[str]] = defaultdict(set)
        self.successors: dict[str, list[str]] = defaultdict(list)
        named_wholly = {
            kind.code for kind in framework.agency_types.values() if not kind.is_local
        } | {"special_lao"}
        for row in rows:
            for written in (row.name_th, *row.aliases):
                core, prefix_type, *_ = self.names.split(written)
                self.by_name[core].append((prefix_type or row.agency_type, row))
                self.cores_of[row.agency_id].add(core)
                if not prefix_type and row.agency_type in named_wholly:
                    for whole in {core, self.names.split(short_name(written))[0]}:
                        self.by_whole_name[
                            with_type(whole) if row.agency_type == "province" else whole
                        ].append(row)
            for predecessor in row.replaces:
                self.successors[predecessor].append(row.agency_id)
        self._near_misses_left = NEAR_MISSES_TRIED

    def rows(self) -> list[Agency]:
        """All rows, by agency_id and valid_from."""
        return [row for rows in self.rows_of.values() for row in rows]

    def row(self, agency_id: str, fiscal_year: int) -> Agency | None:
        """The agency as it was in that year: the covering row that began last.

        None if there is none.
        """
        return next(
            (row for row in reversed(self.rows_of.get(agency_id, [])) if row.covers(fiscal_year)),
            None,
        )

    def nearest_row(self, agency_id: str, fiscal_year: int) -> Agency | None:
        """`row`, else the row nearest in time; None for an agency that is not in the registry."""
        return self.known_row(agency_id, fiscal_year) if self.rows_of.get(agency_id) else None

    def known_row(self, agency_id: str, fiscal_year: int) -> Agency:
        """`row`, else the row nearest in time, of an agency that is in the registry."""
        return self.row(agency_id, fiscal_year) or min(
            self.rows_of[agency_id], key=lambda row: abs(row.valid_from - fiscal_year)
        )

    def display(self, agency_id: str, fiscal_year: int) -> str:
        """'name (agency_id)' for a reader."""
        row = self.nearest_row(agency_id, fiscal_year)
        return f"{row.name_th} ({agency_id})" if row else agency_id

    def in_year(self, agency_id: str, fiscal_year: int) -> Resolution:
        """The agency if it existed in that year.

        One that had ended, or whose predecessor still existed, is unknown in that year.

        Where the registry merely does not reach back so far the agency is taken, with a warning:
        refusing a whole year for it helps nobody.
        """
        if self.row(agency_id, fiscal_year):
            return Resolution(agency_id)
        rows = self.rows_of[agency_id]
        if fiscal_year > max(row.valid_to for row in rows):
            return self._not_then(agency_id, fiscal_year, self.successors[agency_id])
        earlier = [old for old in rows[0].replaces if self.row(old, fiscal_year)]
        if fiscal_year < rows[0].valid_from and earlier:
            return self._not_then(agency_id, fiscal_year, earlier)
        nearest = self.known_row(agency_id, fiscal_year)
        years = f"{nearest.valid_from}–{'' if nearest.valid_to == EVER else nearest.valid_to}"
        return Resolution(
            agency_id,
            [("agency_not_in_year", {"value": agency_id, "detail_th": years, "detail_en": years})],
        )

    def _not_then(self, agency_id: str, fiscal_year: int, instead: list[str]) -> Resolution:
        others = ", ".join(self.display(other, fiscal_year) for other in instead)
        hint_th = f" (ไม่มีสถานะเป็นหน่วยงานในปีนั้น{' ดู ' + others if others else ''})"
        hint_en = f" (it did not exist in that year{'; see ' + others if others else ''})"
        return Resolution(
            notes=[
                (
                    "unknown_agency",
                    {
                        "value": self.display(agency_id, fiscal_year),
                        "hint_th": hint_th,
                        "hint_en": hint_en,
                    },
                )
            ]
        )

    def same_district(self, written: str, row: Agency) -> bool:
        return self.names.district(written, row.province_code) == self.names.district(
            row.district_th, row.province_code
        )

    def full_name(self, row: Agency) -> str:
        place = " ".join(part for part in (row.district_th, row.province_code) if part)
        return f"{row.name_th} {place} ({row.agency_id})"

    def unknown(
        self,
        fiscal_year: int,
        name: str,
        core: str,
        province_code: str,
        wrong: tuple[str, str] | None = None,
    ) -> Resolution:
        """wrong: what cannot be understood of the agency's columns, in Thai and in English."""
        if wrong:
            hint_th, hint_en = f" — {wrong[0]}", f" — {wrong[1]}"
        else:
            near = "; ".join(
                self.full_name(row) for row in self._near(fiscal_year, core, province_code)
            )
            hint_th = f" หมายถึง {near} หรือไม่" if near else ""
            hint_en = f"; did you mean {near}?" if near else ""
        return Resolution(
            notes=[("unknown_agency", {"value": name, "hint_th": hint_th, "hint_en": hint_en})]
        )

    def _near(self, fiscal_year: int, core: str, province_code: str) -> list[Agency]:
        if not core or self._near_misses_left <= 0:
            return []
        self._near_misses_left -= 1
        rows = [row for row in self.rows() if row.covers(fiscal_year)]
        cores = {index: self.names.split(row.name_th)[0] for index, row in enumerate(rows)}
        found = process.extract(
            core, cores, scorer=fuzz.ratio, score_cutoff=NEAR_MISS_FROM, limit=20
        )
        best = sorted(
            found,
            key=lambda hit: (
                rows[hit[2]].province_code != province_code,
                -hit[1],
                rows[hit[2]].agency_id,
            ),
        )
        return [rows[index] for _, _, index in best[:3]]
