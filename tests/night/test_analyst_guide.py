"""Every worked query of the analyst's guide runs on the published build, as an analyst and as a
province.
"""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "analyst-guide.md").read_text(encoding="utf-8")
QUERIES = re.findall(r"^## (.+?)\n(?:(?!^## ).)*?```sql\n(.+?);\n```", GUIDE, re.M | re.S)
# Those of the extra marts find something in the random country of tests/marts.
EMPTY_ON_THE_SAMPLES = {
    "Which agencies have failed the same thing for years?",
    "Who is one step from the next level, and what is the step?",
    "Who improved most, and by what?",
    "Who rose or fell a level, and by which part?",
    "Which items fail together?",
}


def test_the_guide_has_queries():
    assert len(QUERIES) == GUIDE.count("```sql") > 10


@pytest.mark.parametrize(("title", "statement"), QUERIES, ids=[title for title, _ in QUERIES])
@pytest.mark.parametrize("role", ["ita_analyst", "ita_province_56"])
def test_query(night, title, statement, role):
    rows = night.query(statement, role)
    if role == "ita_analyst" and title not in EMPTY_ON_THE_SAMPLES:
        assert rows
