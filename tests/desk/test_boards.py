"""The dashboards in git, without Superset: they are as their specification, name what there is, and
say nothing that row security could change the meaning of."""

import functools
import re

import pytest

from desk.boards import palette, write
from publish import access
from reports.setting import palette as packs

THAI = re.compile("[ก-๙]")
DICTIONARY = write.GUIDE.with_name("data-dictionary.md")
SETS = write.datasets()
BOARDS = write.boards()
CHARTS = [chart for board in BOARDS for chart in write.charts_of(board)]
RULES = {view["view_name"]: view["rows"] for view in access.views()}


@functools.cache
def _described() -> dict[str, set[str]]:
    """View of mart -> its columns, as the data dictionary has them (`make check` holds it)."""
    found: dict[str, set[str]] = {}
    for line in DICTIONARY.read_text(encoding="utf-8").splitlines():
        if line.startswith("### "):
            columns = found.setdefault(line.removeprefix("### "), set())
        elif line.startswith("| "):
            columns.add(line.split("|")[1].strip())
    return found


def test_assets_are_as_their_specification():
    wanted = write.texts()
    assert {path: path.read_text(encoding="utf-8") for path in wanted} == wanted
    there = {path for kind in write.WRITTEN for path in (write.ASSETS / kind).glob("*.yaml")}
    assert there <= set(wanted), "an asset that nothing writes"


@pytest.mark.parametrize("name", SETS)
def test_a_dataset_reads_what_is_there(name):
    sql, described = SETS[name]["sql"], _described()
    read = re.findall(r"\b(?:from|join)\s+mart\.(\w+)(?:\s+as\s+(\w+))?", sql)
    assert read
    for view, alias in read:
        assert view in RULES, f"{view} is no view of mart"
        for column in re.findall(rf"\b{alias or view}\.(\w+)\b", sql):
            assert column in described[view], f"{view} has no column {column}"


@pytest.mark.parametrize("name", SETS)
def test_what_a_person_may_not_see_changes_no_mean_and_no_rank(name):
    sql = SETS[name]["sql"]
    if re.search(r"\b(avg|rank|dense_rank|percentile_cont|ntile)\s*\(", sql):
        of_rows = {
            view for view in re.findall(r"mart\.(\w+)", sql) if RULES[view] not in ("whole",)
        }
        assert not of_rows, "a mean or rank over rows that a province sees in part"


@pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: chart["id"])
def test_a_chart_shows_stored_figures_of_its_dataset(chart):
    columns = set(SETS[chart["data"]]["columns"])
    shown = chart.get("show", {})
    expressions = list(shown.values()) if isinstance(shown, dict) else [shown]
    for expression in expressions:
        of = re.fullmatch(r"(?:max|min)\((\w+)\)|count\(\*\)", expression)
        assert of, f"{expression}: figures are stored; charts pick them, they do not compute"
        assert not of[1] or of[1] in columns
    named = [chart.get(key) for key in ("x", "y", "by", "entity")] + chart.get("columns", [])
    named += [name.lstrip("-") for name in chart.get("sort", [])]
    named += [colour[0] for colour in chart.get("colours", [])]
    named += re.findall(r"\b([a-z]\w*_\w+)\b", re.sub(r"'[^']*'", "", chart.get("where", "")))
    assert {name for name in named if name} <= columns


@pytest.mark.parametrize("board", BOARDS, ids=lambda board: board["slug"])
def test_filters_are_of_datasets_and_act_on_a_chart(board):
    for name, spec in board["filters"].items():
        assert spec["column"] in SETS[spec["data"]]["columns"]
        assert spec.get("sort", "place") in SETS[spec["data"]]["metrics"] or "sort" not in spec
        after = [other.get("after", []) for other in board["filters"].values()]
        acts_on = [
            chart["id"]
            for chart in write.charts_of(board)
            if spec["column"] in SETS[chart["data"]]["columns"]
            and name not in chart.get("ignores", [])
        ]
        assert acts_on or [name] in after, "it narrows neither a chart nor another filter"


def test_everything_that_is_read_is_thai():
    columns = write.columns()
    titles = [board[key] for board in BOARDS for key in ("title", "about")]
    titles += [spec["title"] for board in BOARDS for spec in board["filters"].values()]
    titles += [tab["title"] for board in BOARDS for tab in board.get("tabs", [])]
    titles += [chart["title"] for chart in CHARTS] + [spec["title"] for spec in SETS.values()]
    titles += [text["help"] for text in CHARTS if "help" in text]
    titles += [
        columns[name][0]
        for spec in SETS.values()
        for name in spec["columns"]
        if not name.startswith("tile_")
    ]
    assert [title for title in titles if title.strip() and not THAI.search(title)] == []


def test_colours_are_those_of_the_packs():
    same = ("INK", "PALE", "RULE", "OWN", "BELOW", "PROVINCE", "TYPE", "NATION")
    assert [getattr(palette, name) for name in same] == [getattr(packs, name) for name in same]
    assert palette.EXCELLENT == packs.LEVELS["excellent"][0] == packs.LEVELS["AA"][0]
    assert palette.GOOD == packs.LEVELS["good"][0] == packs.LEVELS["A"][0]
    severities = [packs.SEVERITIES[name][0] for name in ("urgent", "develop", "keep")]
    assert severities == [palette.URGENT, palette.DEVELOP, palette.KEEP]
    named = {value for value in vars(palette).values() if isinstance(value, str)}
    assert set(palette.SERIES.values()) | set(palette.MARKS.values()) <= named
    written = " ".join(spec["sql"] for spec in SETS.values())
    assert set(re.findall(r"#[0-9a-f]{6}\b", written)) <= named


def test_saved_queries_are_the_questions_of_the_guide():
    asked = write.GUIDE.read_text(encoding="utf-8").count("```sql\n")
    assert len(list((write.ASSETS / "queries").glob("*.yaml"))) == asked
