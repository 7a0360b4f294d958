"""Every relative link of the Markdown files leads to a file, and to a heading of it.

Run as `python -m checks.links [FILE.md …]`; without files, those that git tracks. No library on
the package index follows links without asking the network.
"""

import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote

LINK = re.compile(r"!?\[[^\]]*\]\(<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\)")
DEFINED = re.compile(r"^ {0,3}\[[^\]^][^\]]*\]:\s*<?([^\s>]+)", re.MULTILINE)
CODE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*#*$", re.MULTILINE)


def faults(file: Path) -> list[str]:
    """The links of a Markdown file that lead nowhere, as `file:line: what`."""
    text = file.read_text(encoding="utf-8")
    code = [match.span() for match in CODE.finditer(text)]
    found = []
    for match in (*LINK.finditer(text), *DEFINED.finditer(text)):
        target = match[1]
        if re.match(r"[a-z][a-z0-9+.-]*:", target) or _inside(match.start(), code):
            continue
        path, _, heading = unquote(target).partition("#")
        aim = file.parent / path if path else file
        if not aim.exists():
            found.append(f"{file}:{_line(text, match)}: {target}: no such file")
        elif heading and aim.suffix == ".md" and heading not in headings(aim):
            found.append(f"{file}:{_line(text, match)}: {target}: no such heading")
    return found


def headings(file: Path) -> set[str]:
    """The anchors of a Markdown file, made as code hosts make them: lower case, - for a blank."""
    text = CODE.sub("", file.read_text(encoding="utf-8"))
    return {
        re.sub(r"[^\w\- ]", "", title.replace("`", "").lower()).replace(" ", "-")
        for title in HEADING.findall(text)
    }


def _inside(place: int, spans: list[tuple[int, int]]) -> bool:
    return any(start <= place < end for start, end in spans)


def _line(text: str, match: re.Match) -> int:
    return text.count("\n", 0, match.start()) + 1


def main(names: list[str]) -> int:
    """Print the faults; 1 if there is one."""
    if not names:
        names = subprocess.check_output(["git", "ls-files", "*.md"], text=True).split()  # noqa: S607 - whose git is on the PATH is the developer's business
    found = [fault for name in names for fault in faults(Path(name))]
    print("\n".join(found), end="\n" if found else "")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
