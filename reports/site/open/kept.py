"""What of the site stays as it is without being read again: pages of years that nothing was new in.

What decides a year (its files and those before, the registry, rules) decides what its pages say,
but for two things: all name the years that there are, and those of an agency the years in which it,
or what it has become, has a result.
"""

from dataclasses import dataclass

from reports.site.open.facts import Facts

GONE = "gone "  # begins the digest of an address that no fact stands behind


@dataclass(frozen=True)
class Kept:
    """pages: address -> digest of those that stay; the rest is of `years`, or of `agencies` in any
    year."""

    years: list[int]
    agencies: list[str]
    pages: dict[str, str]


def find(facts: Facts, before: dict[str, str], now: dict[str, str]) -> Kept:
    """before: the list of the site; now: what of it is known of the published build (=years, and
    =year/<year> with what decides it)."""
    there = {f"{year}/{agency_id}": agency_id for year, agency_id in facts.assessed}
    same = _same_years(facts, before, now)
    had = {a for a, digest in before.items() if a[:1].isdigit() and not digest.startswith(GONE)}
    touched = {address.partition("/")[2] for address in had ^ there.keys()}
    touched |= {row["agency_id"] for row in facts.names if row["replaced_by"] in touched}
    pages = {
        address: digest
        for address, digest in before.items()
        if year_of(address) in same
        and (not address[:1].isdigit() or address in there and there[address] not in touched)
    }
    years = [year for year in facts.years if str(year) not in same]
    return Kept(years, sorted(touched), pages)


def _same_years(facts: Facts, before: dict[str, str], now: dict[str, str]) -> set[str]:
    """The years up to the first that something was new in."""
    same: set[str] = set()
    if before.get("=years") == now["=years"]:
        for year in facts.years:
            key = f"=year/{year}"
            if key not in now or before.get(key) != now[key]:
                break
            same.add(str(year))
    return same


def year_of(address: str) -> str:
    """The year that a page or file of the list is of; '' for none."""
    if address[:1].isdigit():  # an agency's page, as nearly all are
        return address[:4]
    parts = address.removeprefix("=").split("/")
    return next((part for part in parts if len(part) == 4 and part.isdigit()), "")
