"""The data dictionary: docs/data-dictionary.md and documents/data-dictionary.html, both from the
descriptions in dbt's yml.

python -m reports.site.dictionary           writes docs/data-dictionary.md
python -m reports.site.dictionary --check   exits 1 if the committed one is out of date
"""

import re
import sys

import yaml

from reports.site import page
from warehouse import settings

COMMITTED = settings.REPOSITORY / "docs" / "data-dictionary.md"


def tables() -> list[dict]:
    """What is described: name, kind (mart or reference), th, en (the grain), columns of name, type,
    th, en. Marts first, as in the yml.

    A reference table that a mart of the same name extends is left out.
    """
    marts = [_table(model, "mart") for model in _described("models", "models")]
    extended = {table["name"] for table in marts}
    return marts + [
        _table(seed, "reference")
        for seed in _described("seeds", "seeds")
        if seed["name"] not in extended
    ]


def markdown() -> str:
    """docs/data-dictionary.md."""
    lines = [
        "# Data dictionary",
        "",
        "Made from the descriptions in `dbt_project` by `python -m reports.site.dictionary`;"
        " not edited by hand.",
        "Scores are `numeric`, 0–100; shares are percentages, 0–100; `fiscal_year` is the Buddhist"
        " Era year.",
        "",
    ]
    headings = {"mart": "## Schema `mart`", "reference": "## Reference data (`dbt_project/seeds`)"}
    described = tables()
    for kind, heading in headings.items():
        chosen = [table for table in described if table["kind"] == kind]
        lines += [
            heading,
            "",
            ", ".join(f"[{table['name']}](#{table['name']})" for table in chosen),
            "",
        ]
        for table in chosen:
            lines += [
                f"### {table['name']}",
                "",
                table["th"],
                "",
                f"Grain: {table['en']}",
                "",
                "| column | type | ไทย | English |",
                "|---|---|---|---|",
            ]
            lines += [
                f"| {column['name']} | {column['type']} | {_cell(column['th'])} |"
                f" {_cell(column['en'])} |"
                for column in table["columns"]
            ]
            lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def write_page() -> None:
    """Write documents/data-dictionary.html below ITA_HOME."""
    page.write(
        settings.folder("documents") / "data-dictionary.html",
        "dictionary.html",
        "../",
        tables=tables(),
    )


def _described(folder: str, key: str) -> list[dict]:
    found = []
    for file in sorted((settings.DBT_PROJECT / folder).rglob("*.yml")):
        found += (yaml.safe_load(file.read_text(encoding="utf-8")) or {}).get(key, [])
    return found


def _table(entry: dict, kind: str) -> dict:
    types = entry.get("config", {}).get("column_types", {})
    columns = [
        {
            "name": column["name"],
            "type": column.get("data_type") or types.get(column["name"], ""),
            **_languages(column.get("description", "")),
        }
        for column in entry.get("columns", [])
    ]
    return {
        "name": _alias(entry["name"]) or entry["name"],
        "kind": kind,
        **_languages(entry.get("description", "")),
        "columns": columns,
    }


def _alias(model: str) -> str | None:
    """The name of a model's table where its SQL sets another than the model's."""
    for file in (settings.DBT_PROJECT / "models").rglob(f"{model}.sql"):
        if found := re.search(r"alias='(\w+)'", file.read_text(encoding="utf-8")):
            return found[1]
    return None


def _languages(description: str) -> dict:
    """A description is `Thai — English`."""
    thai, _, english = description.partition(" — ")
    return {"th": thai.strip(), "en": english.strip()}


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def main(arguments: list[str]) -> int:
    if "--check" in arguments:
        if COMMITTED.exists() and COMMITTED.read_text(encoding="utf-8") == markdown():
            return 0
        print(
            "docs/data-dictionary.md is out of date: run `python -m reports.site.dictionary`",
            file=sys.stderr,
        )
        return 1
    COMMITTED.write_text(markdown(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
