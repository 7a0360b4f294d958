"""Write desk/assets (datasets, charts, dashboards, saved queries) from what stands in this folder.

`python -m desk.boards.write` writes; with --check it only says whether they are up to date.
A chart's name is <dashboard>_<id>; nothing that is no longer written stays.
"""

import argparse
import json
import re
import sys
from pathlib import Path
from typing import Any

import yaml

from desk.boards import charts, layout
from desk.boards.names import DATABASE, uuid_of
from desk.boards.palette import TOKENS, schemes

HERE = Path(__file__).parent
ASSETS = HERE.parent / "assets"
GUIDE = HERE.parents[1] / "docs" / "analyst-guide.md"
MARTS = HERE.parents[1] / "dbt_project"
WRITTEN = ("datasets", "charts", "dashboards", "queries")
TYPES = {
    "text": "TEXT",
    "html": "TEXT",
    "time": "TIMESTAMP WITH TIME ZONE",
    "date": "DATE",
    "bool": "BOOLEAN",
    "int": "INTEGER",
    "year": "INTEGER",
    "move": "INTEGER",
}
METRIC = re.compile(r"^-- metric (\w+): (.+) = (.+)$", re.MULTILINE)


def columns() -> dict[str, list]:
    """Column -> [what it is called in Thai, its kind]."""
    return _read(HERE / "columns.yaml")


def boards() -> list[dict]:
    """The dashboards in the order of their files, each chart with its `id` made whole."""
    found = [_read(path) for path in sorted((HERE / "dashboards").glob("*.yaml"))]
    for board in found:
        for part in parts_of(board):
            if "text" in part:
                part["text"] = part["text"].replace("{navigation}", _navigation(found))
        for chart in charts_of(board):
            chart["id"] = f"{board['slug']}_{chart['id']}"
    return found


def charts_of(board: dict) -> list[dict]:
    """The charts of a dashboard, those of its tabs too, from the top."""
    return [part for part in parts_of(board) if "text" not in part]


def parts_of(board: dict) -> list[dict]:
    """The charts and texts of a dashboard, from the top."""
    rows = [*board.get("rows", []), *(row for tab in board.get("tabs", []) for row in tab["rows"])]
    return [part for row in rows for part in row]


def _navigation(found: list[dict]) -> str:
    return " · ".join(
        f"[{board['title']}](/superset/dashboard/{board['slug']}/)" for board in found
    )


def datasets() -> dict[str, dict]:
    """Name -> title, sql, columns (their names in order) and metrics (name -> title, SQL)."""
    found = {}
    for path in sorted((HERE / "datasets").glob("*.sql")):
        text = path.read_text(encoding="utf-8")
        for name, token in TOKENS.items():
            text = text.replace("{" + name + "}", token)
        head = text.splitlines()[0].removeprefix("-- ")
        sql = "\n".join(line for line in text.splitlines() if not line.startswith("-- "))
        found[path.stem] = {
            "title": head,
            "sql": sql.strip(),
            "columns": columns_of(sql),
            "metrics": {name: (title, made) for name, title, made in METRIC.findall(text)},
        }
    return found


def columns_of(sql: str) -> list[str]:
    """The columns of the last `select` that stands on a line of its own, up to its `from`."""
    listed = re.split(r"^select(?: distinct)?\n", sql, flags=re.MULTILINE)[-1]
    return [_name(part) for part in _parts(re.split(r"^from ", listed, flags=re.MULTILINE)[0])]


def _parts(listed: str) -> list[str]:
    """What a list of SQL has between its commas outside brackets and strings."""
    parts, depth, text, quoted = [], 0, "", False
    for character in listed:
        quoted ^= character == "'"
        depth += 0 if quoted else (character in "([") - (character in ")]")
        if character == "," and not depth and not quoted:
            parts.append(text)
            text = ""
        else:
            text += character
    return [*parts, text]


def _name(part: str) -> str:
    found = re.search(r"(\w+)\s*$", part)
    if not found:
        raise ValueError(f"a column without a name: {part!r}")
    return found[1]


def files() -> dict[str, Any]:
    """Path under desk/assets -> what is to stand there."""
    sets, names = datasets(), columns()
    texts = descriptions()
    made: dict[str, Any] = {
        f"datasets/{name}.yaml": _dataset(name, spec, names, texts) for name, spec in sets.items()
    }
    numbers: dict[str, int] = {}
    for board in boards():
        for chart in charts_of(board):
            numbers[chart["id"]] = len(numbers) + 1
            made[f"charts/{chart['id']}.yaml"] = _chart(chart, names)
        made[f"dashboards/{board['slug']}.yaml"] = _dashboard(board, sets, numbers)
    made.update(_queries())
    return made


def _dataset(name: str, spec: dict, names: dict, texts: dict) -> dict[str, Any]:
    return {
        "version": "1.0.0",
        "uuid": uuid_of("dataset", name),
        "database_uuid": DATABASE,
        "table_name": name,
        "description": spec["title"],
        "schema": "mart",
        "sql": spec["sql"] + "\n",
        "cache_timeout": -1,  # never: each person reads by a login, an answer is for no other
        "filter_select_enabled": True,
        "columns": [
            {
                "column_name": column,
                "verbose_name": names[column][0],
                "description": texts.get(column, names[column][0]),
                "type": TYPES.get(names[column][1], "NUMERIC"),
                "is_dttm": names[column][1] in ("time", "date"),
                "filterable": True,
                "groupby": True,
                "is_active": True,
            }
            for column in spec["columns"]
        ],
        "metrics": [
            {"metric_name": metric, "verbose_name": title, "expression": sql}
            for metric, (title, sql) in spec["metrics"].items()
        ],
    }


def _chart(chart: dict, names: dict) -> dict[str, Any]:
    made = charts.params(chart, names)
    return {
        "version": "1.0.0",
        "uuid": uuid_of("chart", chart["id"]),
        "dataset_uuid": uuid_of("dataset", chart["data"]),
        "slice_name": chart["title"],
        "description": chart.get("help", ""),
        "viz_type": made["viz_type"],
        "params": made,
        "cache_timeout": -1,
    }


def _dashboard(board: dict, sets: dict, numbers: dict) -> dict[str, Any]:
    return {
        "version": "1.0.0",
        "uuid": uuid_of("dashboard", board["slug"]),
        "dashboard_title": board["title"],
        "slug": board["slug"],
        "description": board["about"],
        "css": (HERE / "desk.css").read_text(encoding="utf-8"),
        "published": True,
        "position": layout.position(board, numbers),
        "metadata": layout.metadata(board, charts_of(board), sets, numbers),
    }


def _queries() -> dict[str, Any]:
    """The worked questions of the analyst's guide, as saved queries."""
    text = GUIDE.read_text(encoding="utf-8")
    made = {}
    found = re.findall(r"^## ([^\n]+)\n+((?:(?!^## ).)*?)```sql\n(.*?)```", text, re.M | re.S)
    for number, (question, _, sql) in enumerate(found, 1):
        made[f"queries/question_{number:02}.yaml"] = {
            "version": "1.0.0",
            "uuid": uuid_of("query", question),
            "database_uuid": DATABASE,
            "schema": "mart",
            "label": question,
            "description": "docs/analyst-guide.md",
            "sql": sql,
        }
    return made


def descriptions() -> dict[str, str]:
    """Column -> what dbt says of it in Thai, where it says the same in every mart."""
    said: dict[str, set[str]] = {}
    for path in (MARTS / "models/marts/_marts.yml", MARTS / "seeds/_seeds.yml"):
        parsed = _read(path)
        for table in [*parsed.get("models", []), *parsed.get("seeds", [])]:
            for column in table.get("columns", []):
                thai = column.get("description", "").split(" — ")[0]
                said.setdefault(column["name"], set()).add(thai)
    return {name: next(iter(texts)) for name, texts in said.items() if len(texts) == 1}


def _read(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


class _Dumper(yaml.SafeDumper):
    """Text of several lines as a block, so that SQL reads as SQL; lists indented."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)


def texts() -> dict[Path, str]:
    """File -> its text."""
    made = {
        ASSETS / path: yaml.dump(
            content, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=1000
        )
        for path, content in files().items()
    }
    made[ASSETS.parent / "colours.json"] = (
        json.dumps(schemes(), ensure_ascii=False, indent=2) + "\n"
    )
    return made


def main() -> int:
    """Write the files, or with --check say which differ; 1 if any does."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, say what differs")
    check = parser.parse_args().check
    wanted = texts()
    there = {path for kind in WRITTEN for path in (ASSETS / kind).glob("*.yaml")}
    changed = [
        path
        for path, text in wanted.items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]
    if check:
        for path in sorted([*changed, *(there - set(wanted))]):
            print(f"{path}: run `python -m desk.boards.write`")
        return 1 if changed or there - set(wanted) else 0
    for path in changed:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(wanted[path], encoding="utf-8")
    for path in there - set(wanted):
        path.unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main())
