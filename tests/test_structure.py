"""The shape of the repository holds: stages do not import each other, DAGs are wiring, the Compose
file is valid.
"""

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
STAGES = [
    "warehouse",
    "ingestion",
    "expectations",
    "publish",
    "recovery",
    "reports",
    "operations",
    "synth",
    "desk",
    "counter",
    "delivery",
]
MAY_IMPORT = {stage: {stage, "warehouse"} for stage in STAGES} | {
    "warehouse": {"warehouse"},
    "dags": {"steps", "warehouse"},
}
OURS = {*STAGES, "ita", "dags", "steps"}


def imports(file: Path) -> set[str]:
    """The top-level names that a Python file imports, anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            found.add(node.module.split(".")[0])
    return found


@pytest.mark.parametrize("folder", MAY_IMPORT)
def test_stages_do_not_import_each_other(folder):
    files = list((ROOT / folder).rglob("*.py"))
    assert files
    wrong = {
        str(file.relative_to(ROOT)): sorted(imports(file) & OURS - MAY_IMPORT[folder])
        for file in files
    }
    assert not {file: names for file, names in wrong.items() if names}


@pytest.mark.parametrize("file", sorted((ROOT / "dags").glob("*.py")), ids=lambda file: file.name)
def test_dag_files_are_wiring(file):
    allowed = {"airflow", "steps"} | set(sys.stdlib_module_names)
    if file.name == "steps.py":  # how processes end is known in one place
        allowed |= {"warehouse"}
    assert imports(file) <= allowed
    assert len(file.read_text().splitlines()) <= 80
