"""Each scoring rule gives the figures of its page's example, on a real build."""

import re

import pytest

from checks import rule_pages
from tests.marts.conftest import build, marts_database  # noqa: F401 - fixtures
from tests.marts.country import Country, items

RULES = rule_pages.notes("scoring")
GIVEN = re.compile(r"(\S+) (\S+) (\S+) (\d{4}): (.*)")


@pytest.fixture(scope="module")
def marts(build):  # noqa: F811 - the fixture
    """One build of all examples: each has agencies and a province of its own."""
    country = Country()
    lines = [GIVEN.fullmatch(row).groups() for rule in RULES.values() for row in _given(rule)]
    country.registry(
        *(
            {"agency_id": agency, "agency_type": kind, "province_code": province,
             "valid_from": 2560, "valid_to": None}
            for agency, kind, province in dict.fromkeys(line[:3] for line in lines)
        )
    )  # fmt: skip
    sha = country.submission("nacc")
    for agency, _, _, year, said in lines:
        country.scores(sha, agency, int(year), **_figures(int(year), said))
    # dbt's tests see other countries (tests/marts)
    return build(country, "--exclude-resource-type", "unit_test", "--exclude-resource-type", "test")


def _given(rule: dict) -> list[str]:
    return rule["example"]["given"]


def _figures(year: int, said: str) -> dict:
    """`items=100 o1=0 e1=80/100 overall=91.15` as the figures of a unit."""
    pairs = dict(pair.split("=") for pair in said.split())
    base = pairs.pop("items", None)
    figures = items(year, lambda item, part: base) if base else {}
    if every := pairs.pop("indicators", None):
        figures |= {("indicator", str(number), ""): every for number in range(1, 11)}
    for code, score in pairs.items():
        if code == "overall":
            figures["overall", "", ""] = score
        elif code.isdigit():
            figures["indicator", code, ""] = score
        elif "/" in score:
            public, survey = score.split("/")
            figures |= {("item", code, "public"): public, ("item", code, "survey"): survey}
        else:
            figures["item", code, ""] = score
    return {"figures": figures}


@pytest.mark.parametrize("rule", RULES)
def test_the_example_gives_what_the_page_says(rule, marts):
    rows = marts.execute(RULES[rule]["example"]["query"]).fetchall()
    assert [[str(value) for value in row.values()] for row in rows] == RULES[rule]["example"][
        "gives"
    ]
