"""The worked questions of the analyst's guide: title, query, and the answer on the bundled samples.

`python -m tests.night.guide` writes the answers anew from the warehouse of ITA_HOME, which holds
the samples (after `make run`).
"""

import csv
import re
import subprocess
import sys
from io import StringIO
from pathlib import Path

ROOT = Path(__file__).parents[2]
GUIDE = ROOT / "docs" / "analyst-guide.md"
ITA = Path(sys.executable).with_name("ita")
QUESTION = re.compile(
    r"^## (?P<title>[^\n]+)\n\n```sql\n(?P<query>.+?);\n```\n\n"
    r"<!-- answer -->\n(?P<answer>.*?)<!-- /answer -->\n",
    re.M | re.S,
)
SHOWN = 5
WIDTH = 48
MOMENT = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d[.\d]*[+-]\d\d(:?\d\d)?")  # of the night


def questions() -> list[dict]:
    """title, query (without its semicolon) and answer of each worked question, in their order."""
    return [found.groupdict() for found in QUESTION.finditer(GUIDE.read_text(encoding="utf-8"))]


def answer(printed: str) -> str:
    """The answer as the guide shows it, from what `ita query --format csv` prints: a table of the
    first rows, long texts cut."""
    head, *rows = csv.reader(StringIO(printed))
    if not rows:
        return "On the samples: no row, for they hold one year of each of five agencies.\n"
    lines = [head, ["---"] * len(head), *([_cell(text) for text in row] for row in rows[:SHOWN])]
    count = f"{SHOWN} of {len(rows)} rows" if len(rows) > SHOWN else "all rows"
    table = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    return f"On the samples ({count}):\n\n{table}\n\n"


def _cell(text: str) -> str:
    text = MOMENT.sub("(time)", text.replace("\n", " ").replace("|", "\\|"))
    return text if len(text) <= WIDTH else f"{text[: WIDTH - 1]}…"


def main() -> int:
    """Write the answers anew; 0."""

    def written(found: re.Match) -> str:
        done = subprocess.run(
            [ITA, "query", found["query"], "--format", "csv", "--as", "ita_analyst"],
            capture_output=True,
            text=True,
            check=True,
        )
        whole = found[0]
        start, end = found.start("answer") - found.start(), found.end("answer") - found.start()
        return whole[:start] + answer(done.stdout) + whole[end:]

    text = GUIDE.read_text(encoding="utf-8")
    GUIDE.write_text(QUESTION.sub(written, text), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
