"""Every worked query of the analyst's guide runs on the published build, as an analyst and as a
province, and gives the answer that the guide shows.
"""

import pytest

from tests.night import guide

QUESTIONS = guide.questions()
TITLES = [question["title"] for question in QUESTIONS]


def test_the_guide_has_twenty_questions():
    assert len(QUESTIONS) == guide.GUIDE.read_text(encoding="utf-8").count("```sql") >= 20


@pytest.mark.parametrize("question", QUESTIONS, ids=TITLES)
def test_the_answer_is_that_of_the_samples(night, question):
    """Where the samples have none, tests/marts asks a random country."""
    done = night.ita("query", question["query"], "--format", "csv", "--as", "ita_analyst")
    assert done.returncode == 0, done.stderr
    assert guide.answer(done.stdout) == question["answer"]


@pytest.mark.parametrize("question", QUESTIONS, ids=TITLES)
def test_a_province_may_ask_it(night, question):
    night.query(question["query"], "ita_province_56")
