"""A made-up fiscal year comes in as rows alone: a copy of this repository gets them, then works.

Intake, marts, template, packs, synth and the tests of the reference data, without a line changed.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.night import made_up_year
from warehouse import reference

pytestmark = pytest.mark.slow_group

ROOT = Path(__file__).resolve().parents[2]
YEAR = max(reference.states()) + 1
ITA = "import sys; sys.argv[0] = 'ita'; from ita.cli import main; main()"


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """`ita` and pytest of a copy of the repository with the made-up year, in a home of its own."""
    folder = tmp_path_factory.mktemp("copy")
    kept = shutil.ignore_patterns(".*", "var", "__pycache__", "*.egg-info")
    shutil.copytree(ROOT, folder, ignore=kept, dirs_exist_ok=True)
    made_up_year.add(folder / "dbt_project" / "seeds", YEAR)
    environment = {name: own for name, own in os.environ.items() if not name.startswith("ITA_")}
    environment |= {"ITA_HOME": str(folder / "var"), "PYTHONPATH": str(folder)}

    class Copy:
        path = folder

        @staticmethod
        def run(*command: str) -> subprocess.CompletedProcess:
            return subprocess.run(
                [sys.executable, *command],
                cwd=folder,
                env=environment,
                capture_output=True,
                text=True,
                check=False,
            )

        @classmethod
        def ita(cls, *arguments: str) -> str:
            done = cls.run("-c", ITA, *arguments)
            assert done.returncode == 0, f"ita {' '.join(arguments)}: {done.stdout}{done.stderr}"
            return done.stdout

    yield Copy
    Copy.run("-c", ITA, "down")


def test_the_year_is_whole(copy):
    assert f"FY{YEAR} complete: no seeds lack rows" in copy.ita("framework", "check")


def test_intake_marts_template_packs_and_synth_take_it(copy):
    country, packs = copy.path / "country", copy.path / "packs"
    copy.ita("up")
    copy.ita("synth", "--agencies", "12", "--years", str(YEAR), "--seed", "7", str(country))
    copy.ita("receive", str(country))
    for step in ("receive", "judge", "load", "build", "audit", "publish"):
        copy.ita(step)
    rejected = "select count(*) from mart.submission where state = 'rejected'"
    assert copy.ita("query", rejected, "--format", "csv").split() == ["count", "0"]
    gaps = (
        "select count(*), max(abs(score_gap)) from mart.assessment "
        f"where fiscal_year = {YEAR} and overall_score is not null"
    )
    assert copy.ita("query", gaps, "--format", "csv").split()[1] == "12,0.00"
    weights = f"select round(sum(weight), 10) from mart.framework_item where fiscal_year = {YEAR}"
    assert float(copy.ita("query", weights, "--format", "csv").split()[1]) == 100
    copy.ita("template", "--year", str(YEAR), str(copy.path / "scores.xlsx"))
    copy.ita("packs", "--year", str(YEAR), "--format", "json", "--out", str(packs))
    assert len(list(packs.rglob("pack.json"))) == 12


def test_the_tests_take_it(copy):
    tests = ("tests/content", "tests/warehouse/test_reference.py", "tests/synth")
    intake = ("test_judge", "test_template", "test_scoring", "test_readers", "test_oddities")
    files = [*tests, *(f"tests/ingestion/{name}.py" for name in intake)]
    done = copy.run("-m", "pytest", "-q", "-p", "no:cacheprovider", *files)
    assert done.returncode == 0, done.stdout[-3_000:]
