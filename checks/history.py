"""No secret in any commit: `python -m checks.history`.

Looks at every line that a commit so far has added, with detect-secrets' patterns of keys and
tokens (not with its guesses about entropy and names, which `make check-secrets` makes of what is
there now; of tests, an address with a password is a guess, too). What is made up stands in
`.secrets.baseline` or `known_in_history.csv`, as a hash.
"""

import csv
import hashlib
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from detect_secrets.core.plugins.util import get_mapping_from_secret_type_to_class
from detect_secrets.plugins.base import RegexBasedDetector
from detect_secrets.plugins.basic_auth import BasicAuthDetector

ROOT = Path(__file__).parent.parent
GUESSES = {"KeywordDetector", "IPPublicDetector"}


def detectors() -> list[RegexBasedDetector]:
    """detect-secrets' detectors that know what they look for."""
    kinds: list[Any] = list(get_mapping_from_secret_type_to_class().values())
    return [
        kind()
        for kind in kinds
        if issubclass(kind, RegexBasedDetector) and kind.__name__ not in GUESSES
    ]


def known() -> set[str]:
    """Hashes of what looks like a secret and is none."""
    baseline = json.loads((ROOT / ".secrets.baseline").read_bytes())
    hashes = {one["hashed_secret"] for found in baseline["results"].values() for one in found}
    with (Path(__file__).parent / "known_in_history.csv").open(encoding="utf-8") as file:
        return hashes | {row["sha1"] for row in csv.DictReader(file)}


def added(repository: Path) -> Iterator[tuple[str, str, str]]:
    """Commit, file and text of each line that a commit added, the newest first."""
    command = ["git", "log", "--patch", "--no-renames", "--unified=0", "--format=commit %h"]
    process = subprocess.Popen(
        [*command, "--diff-merges=separate"], cwd=repository, stdout=subprocess.PIPE
    )
    commit = file = ""
    for raw in process.stdout or ():
        line = raw.decode(errors="replace").rstrip("\n")
        if line.startswith("commit "):
            commit = line[7:]
        elif line.startswith("+++ "):
            file = line[6:]
        elif line.startswith("+"):
            yield commit, file, line[1:]
    if process.wait():
        raise RuntimeError("git log failed")


def found(repository: Path, passed: set[str]) -> list[str]:
    """What looks like a secret in a line of a commit: where, and the hash by which it is known."""
    looking = detectors()
    seen: set[tuple[str, bool]] = set()
    any_of_all = re.compile(
        "|".join(
            f"(?i:{pattern.pattern})" if pattern.flags & re.IGNORECASE else f"(?:{pattern.pattern})"
            for detector in looking
            for pattern in detector.denylist
        )
    )
    said = []
    for commit, file, line in added(repository):
        of_test = file.startswith("tests/")
        if (line, of_test) in seen or not any_of_all.search(line):
            continue
        seen.add((line, of_test))
        for detector in looking:
            if of_test and isinstance(detector, BasicAuthDetector):
                continue
            for secret in detector.analyze_string(line):
                sha1 = hashlib.sha1(str(secret).encode(), usedforsecurity=False).hexdigest()
                if sha1 not in passed:
                    said.append(f"{commit} {file}: {detector.secret_type}, sha1 {sha1}")
    return sorted(set(said))


def main() -> int:
    """Say what was found, a line each; 1 if something was."""
    wrong = found(ROOT, known())
    for line in wrong:
        print(line)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
