"""A page for each rule: docs/rules/<rule>.md from its sentences, its notes and its example.

Run as `python -m checks.rule_pages` to write them; with `--check` it only says which are out of
date. The sentences of receipts are those of ingestion/rules.csv, the rest is docs/rules/*.yml;
tests/rules executes each example.
"""

import csv
import json
import sys
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "rules"
WHO = {
    "agency": "หน่วยงานผู้ส่ง — the agency that sent it",
    "data team": "ทีมข้อมูล — the data team",
    "a person looks": "เจ้าหน้าที่ตรวจดู — a person looks; nothing is held up",
}
OUTCOME = {
    "error": "error: the unit (one agency and year in the file), or the whole file, is rejected",
    "warning": "warning: the figures are accepted and the receipt says so",
}


def notes(name: str) -> dict[str, dict[str, Any]]:
    """The notes of docs/rules/<name>.yml, by rule."""
    text = (FOLDER / f"{name}.yml").read_text(encoding="utf-8")
    return yaml.load(text, Loader=yaml.CSafeLoader)  # in C: a tenth of the time


def pages() -> dict[Path, str]:
    """What each page of a rule holds, and the list of all."""
    with (ROOT / "ingestion" / "rules.csv").open(encoding="utf-8", newline="") as lines:
        sentences = {row["rule"]: row for row in csv.DictReader(lines)}
    receipts, scoring = notes("receipts"), notes("scoring")
    if lonely := sentences.keys() ^ receipts.keys():
        sys.exit(f"in ingestion/rules.csv or docs/rules/receipts.yml only: {sorted(lonely)}")
    found = {FOLDER / f"{rule}.md": _receipt(sentences[rule], receipts[rule]) for rule in sentences}
    found |= {FOLDER / f"{rule}.md": _scoring(rule, note) for rule, note in scoring.items()}
    found[FOLDER / "README.md"] = _list(sentences, receipts, scoring)
    return found


def _receipt(row: dict[str, str], note: dict[str, Any]) -> str:
    return "\n".join(
        [
            f"# {row['rule']}",
            "",
            note["about"],
            "",
            f"- **What follows**: {OUTCOME[row['severity']]}",
            f"- **Who mends it**: {WHO[row['fixed_by']]}",
            f"- **Source**: {note['source']} ({note['status']})",
            *([f"- **Not this rule**: {note['not']}"] if note.get("not") else []),
            "",
            "| | ไทย | English |",
            "|---|---|---|",
            f"| the receipt says | {_cell(row['message_th'])} | {_cell(row['message_en'])} |",
            f"| what to do | {_cell(row['action_th'])} | {_cell(row['action_en'])} |",
            "",
            "## Example",
            "",
            *_example(note["example"]),
            "",
            *([_finds(note.get("finds") or {}), ""] if "shown_by" not in note["example"] else []),
        ]
    )


def _example(example: dict[str, Any]) -> list[str]:
    """The example as its sender would see it."""
    if "json" in example:
        return ["```json", json.dumps(example["json"], ensure_ascii=False, indent=2), "```"]
    if "lines" in example:
        return ["```", example["lines"].rstrip("\n"), "```"]
    if "rows" in example:
        head = "fiscal_year,agency_id,level,code,part,score,rating,remark,flagged"
        return ["```", head, *example["rows"], "```"]
    if "sheet" in example:
        rows = [",".join(str(cell) for cell in row) for row in example["sheet"]]
        kept = {key: value for key, value in example.items() if key != "sheet"}
        marks = [f"{name}: {value}" for name, value in kept.items()]
        return ["A workbook:", "", "```", *rows, "```", *(["", ", ".join(marks)] if marks else [])]
    if "shown_by" in example:
        return [f"No small file shows it; [its test](../../{example['shown_by']}) does."]
    return [f"The bytes `{example['bytes']}`."]


def _finds(finds: dict[str, str]) -> str:
    said = [f"{what} “{finds[what]}”" for what in ("place", "value") if finds.get(what)]
    return (
        "The receipt names " + " and ".join(said) + "." if said else "The receipt names the file."
    )


def _scoring(rule: str, note: dict[str, Any]) -> str:
    rows = [f"`{row}`" for row in note["example"]["given"]]
    return "\n".join(
        [
            f"# {rule}",
            "",
            f"{note['name_th']} — {note['about']}",
            "",
            f"- **Source**: {note['source']} ({note['status']})",
            f"- **Code**: {', '.join(f'`{file}`' for file in note['code'])}",
            *([f"- **Not this rule**: {note['not']}"] if note.get("not") else []),
            "",
            "## Example",
            "",
            f"Given ({note['example']['of']}):",
            "",
            *(f"- {row}" for row in rows),
            "",
            "Then:",
            "",
            "```sql",
            note["example"]["query"].rstrip("\n"),
            "```",
            "",
            "gives " + "; ".join(" · ".join(row) for row in note["example"]["gives"]) + ".",
            "",
        ]
    )


def _list(
    sentences: dict[str, dict[str, str]], receipts: dict[str, Any], scoring: dict[str, Any]
) -> str:
    lines = ["# Rules", "", "One page a rule; made by `python -m checks.rule_pages`.", ""]
    lines += ["## How scores, levels and ranks are made", ""]
    lines += [f"- [{rule}]({rule}.md): {note['about']}" for rule, note in scoring.items()]
    for severity, heading in (("error", "What rejects"), ("warning", "What warns")):
        lines += ["", f"## {heading}", ""]
        lines += [
            f"- [{rule}]({rule}.md): {receipts[rule]['about']}"
            for rule, row in sentences.items()
            if row["severity"] == severity
        ]
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def main(arguments: list[str]) -> int:
    """Write the pages, or with --check name those that are not what they should be."""
    wanted = pages()
    stray = set(FOLDER.glob("*.md")) - set(wanted)
    if "--check" in arguments:
        wrong = sorted(
            str(path.relative_to(ROOT))
            for path, text in wanted.items()
            if not path.exists() or path.read_text(encoding="utf-8") != text
        ) + sorted(str(path.relative_to(ROOT)) for path in stray)
        if wrong:
            print(f"out of date: {', '.join(wrong)}: run `python -m checks.rule_pages`")
        return int(bool(wrong))
    for path in stray:
        path.unlink()
    for path, text in wanted.items():
        path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
