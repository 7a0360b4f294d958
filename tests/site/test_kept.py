"""Which pages of the open site are looked at again after a night, and which stay as they are."""

from types import SimpleNamespace

import pytest

from reports.site.open import kept

PAGES = {
    "": "country",
    "country/2567": "c67",
    "ranking/2567": "r67",
    "=ranking/2567/rows.js": "rows67",
    "item/2567/o1": "i67",
    "province/24/2568": "p68",
    "2567/A": "a67",
    "2567/B": "b67",
    "2568/B": "b68",
    "2567/GONE": "gone x",
}
YEARS = {"=years": "both", "=year/2567": "files of 2567", "=year/2568": "files of 2568"}


def look(now: dict, assessed, replaced: dict | None = None) -> kept.Kept:
    names = [{"agency_id": a, "replaced_by": (replaced or {}).get(a)} for a in ("A", "B", "C")]
    facts = SimpleNamespace(years=[2567, 2568], assessed=assessed, names=names)
    return kept.find(facts, {**PAGES, **YEARS}, {**YEARS, **now})


def test_only_the_years_from_the_first_with_news_are_looked_at():
    found = look({"=year/2568": "another file"}, [(2567, "A"), (2567, "B"), (2568, "B")])
    assert (found.years, found.agencies) == ([2568], [])
    assert set(found.pages) >= {"country/2567", "=ranking/2567/rows.js", "item/2567/o1", "2567/A"}
    assert not set(found.pages) & {"", "province/24/2568", "2568/B", "2567/GONE"}
    found = look({"=year/2567": "another file"}, [(2567, "A"), (2567, "B"), (2568, "B")])
    assert (found.years, set(found.pages)) == ([2567, 2568], set())


@pytest.mark.parametrize(
    ("assessed", "looked_at"),
    [
        ([(2567, "A"), (2568, "A"), (2567, "B"), (2568, "B")], ["A", "C"]),  # a first result
        ([(2567, "A"), (2567, "B")], ["B"]),  # its result was withdrawn
        ([(2567, "A"), (2567, "B"), (2568, "B"), (2567, "GONE")], ["GONE"]),  # it is there again
    ],
)
def test_pages_of_an_agency_name_all_its_years_and_of_what_it_has_become(assessed, looked_at):
    """C became A: its pages lead to A's newest."""
    found = look({"=year/2568": "another file"}, assessed, {"C": "A"})
    assert found.agencies == looked_at
    assert not {f"2567/{agency_id}" for agency_id in looked_at} & set(found.pages)


def test_another_list_of_years_or_of_a_year_nothing_known_leaves_nothing_as_it_is():
    assessed = [(2567, "A"), (2567, "B"), (2568, "B")]
    assert look({"=years": "three"}, assessed).years == [2567, 2568]
    facts = SimpleNamespace(years=[2567, 2568], assessed=assessed, names=[])
    assert kept.find(facts, PAGES, {"=years": "both"}).years == [2567, 2568]
