"""What a change does to the figures: the same inputs through two revisions, and what differs.

Run as `make diff BASE=<revision>` (the commit before, if not given). The bundled samples and a
synthetic country of 300 agencies go through a night of each revision, by the commands that a
person would type; then every view of `mart` and the words of every pack are compared.
"""

import argparse
import html
import os
import re
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pandas as pd
import yaml

HERE = Path(__file__).resolve().parent.parent
AGENCIES = 300
YEARS = "2567-2568"
SMALL = 0.01  # a figure that moved by no more than rounding does, and in no more than 1 % of rows
# What names the build or its moment: different in every build, and no figure.
OF_THE_BUILD = {"received_at"}
BUILD = re.compile(r"\bb[0-9a-f]{12}\b")


def main() -> int:
    """Print what differs; 0 also where it differs a lot: a person judges that."""
    parser = argparse.ArgumentParser(prog="make diff", description=__doc__)
    parser.add_argument("--base", default="HEAD~1")
    base = parser.parse_args().base or "HEAD~1"
    revision = _git("rev-parse", "--verify", "--quiet", f"{base}^{{commit}}")
    if not revision:
        print(f"diff: {base} is not in this clone: nothing to compare with")
        return 0
    with tempfile.TemporaryDirectory(prefix="ita-diff-") as scratch:
        folder = Path(scratch)
        before = _check_out(revision, folder / "base")
        inputs = folder / "inputs"
        _ita(HERE, folder / "unused", "synth", f"--agencies={AGENCIES}", f"--years={YEARS}",
             "--seed=1", inputs)  # fmt: skip
        homes = {
            tree: _night(tree, folder / name, inputs)
            for name, tree in (("before", before), ("after", HERE))
        }
        print(f"what differs from {revision[:12]} ({AGENCIES} agencies, {YEARS}, and the samples)")
        _compare_marts(*homes.values())
        _compare_packs(*homes.values())
    return 0


# --- two nights -----------------------------------------------------------------------------------


def _check_out(revision: str, folder: Path) -> Path:
    """The tree of a revision, with an environment of its own only where its lock file differs."""
    archive = subprocess.check_output(["git", "-C", HERE, "archive", revision])  # noqa: S607
    with tarfile.open(fileobj=BytesIO(archive)) as tar:
        tar.extractall(folder, filter="data")
    if (folder / "requirements.lock").read_bytes() != (HERE / "requirements.lock").read_bytes():
        subprocess.run(
            ["make", "-s", "-C", folder, ".venv/ready"],  # noqa: S607
            check=True,
            stdout=sys.stderr,
        )
    return folder


def _ita(tree: Path, home: Path, *arguments: object) -> str:
    """What an `ita` command of a tree prints; its packages come before those installed here."""
    own = tree / ".venv" / "bin" / "ita"
    done = subprocess.run(
        [own if own.exists() else HERE / ".venv" / "bin" / "ita", *map(str, arguments)],
        env={**os.environ, "ITA_HOME": str(home), "PYTHONPATH": str(tree)},
        cwd=tree,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"diff: ita {arguments[0]} of {tree} ended with {done.returncode}\n{done.stdout}")
    return done.stdout


def _night(tree: Path, home: Path, inputs: Path) -> Path:
    """A night without Airflow; leaves `marts/<view>.csv` and `packs/` in the folder it gives."""
    try:
        _ita(tree, home, "up")
        _ita(tree, home, "receive", inputs, HERE / "ingestion" / "samples")
        for step in ("receive", "judge", "load", "build", "audit", "publish"):
            _ita(tree, home, step)
        marts = home / "marts"
        marts.mkdir()
        for view in _views(tree, home):
            # the view's name comes from the catalogue
            rows = _ita(tree, home, "query", f"select * from mart.{view}", "--format", "csv")  # noqa: S608
            (marts / f"{view}.csv").write_text(rows, encoding="utf-8")
        for year in YEARS.split("-"):
            _ita(tree, home, "packs", "--year", year, "--all", "--format", "html",
                 "--out", home / "packs")  # fmt: skip
    finally:
        _ita(tree, home, "down")
    return home


def _views(tree: Path, home: Path) -> list[str]:
    listed = _ita(
        tree,
        home,
        "query",
        "select table_name from information_schema.views where table_schema = 'mart' order by 1",
        "--format",
        "csv",
    )
    return listed.split()[1:]


# --- the marts ------------------------------------------------------------------------------------


def _compare_marts(before: Path, after: Path) -> None:
    keys = _keys()
    names = sorted({path.stem for home in (before, after) for path in home.glob("marts/*.csv")})
    changed = [line for name in names for line in _compare_view(name, keys, before, after)]
    print("\n".join(changed) if changed else "marts: none")


def _compare_view(name: str, keys: dict[str, list[str]], *homes: Path) -> Iterator[str]:
    """The lines that say how a view differs: rows, columns, agencies, and how much."""
    files = [home / "marts" / f"{name}.csv" for home in homes]
    if not all(file.exists() for file in files):
        yield f"mart.{name}: {'new' if files[1].exists() else 'gone'}"
        return
    old, new = (pd.read_csv(file, dtype=str, keep_default_na=False) for file in files)
    for column in sorted(set(old) ^ set(new)):
        yield f"mart.{name}.{column}: {'new column' if column in new else 'gone'}"
    shared_columns = set(old) & set(new) - OF_THE_BUILD
    key = [column for column in keys.get(name, list(new)) if column in shared_columns]
    both = old.merge(new, on=key, how="outer", suffixes=("_old", "_new"), indicator=True)
    gone, come = (both[both["_merge"] == side] for side in ("left_only", "right_only"))
    if len(gone) or len(come):
        yield f"mart.{name}: {len(gone)} rows gone, {len(come)} new{_agencies(gone, come)}"
    shared = both[both["_merge"] == "both"]
    for column in sorted(shared_columns - set(key)):
        differs = shared[shared[f"{column}_old"] != shared[f"{column}_new"]]
        if len(differs):
            yield (
                f"mart.{name}.{column}: {len(differs)} of {len(shared)} rows, "
                f"{_size(differs, column, len(shared))}{_agencies(differs)}"
            )


def _size(differs: pd.DataFrame, column: str, rows: int) -> str:
    moved = (
        (
            pd.to_numeric(differs[f"{column}_new"], errors="coerce")
            - pd.to_numeric(differs[f"{column}_old"], errors="coerce")
        )
        .abs()
        .round(6)
    )  # 90.01 - 90 is a little more than 0.01 in floats
    if moved.isna().any():  # words, or a figure where there was none
        return "small" if len(differs) <= SMALL * rows else "large"
    small = moved.max() <= SMALL and len(differs) <= SMALL * rows
    return f"{'small' if small else 'large'}, by up to {moved.max():g}"


def _agencies(*frames: pd.DataFrame) -> str:
    named = sorted({x for frame in frames if "agency_id" in frame for x in frame["agency_id"]})
    shown = ", ".join(named[:5]) + (" …" if len(named) > 5 else "")
    return f"; {len(named)} agencies: {shown}" if named else ""


def _keys() -> dict[str, list[str]]:
    """Mart → its key, from the tests that say so in the models' yml."""
    models = HERE / "dbt_project" / "models"
    found: dict[str, list[str]] = {}
    for file in models.rglob("*.yml"):
        for model in (yaml.safe_load(file.read_text(encoding="utf-8")) or {}).get("models", []):
            for test in model.get("data_tests", []):
                arguments = next(iter(test.values())).get("arguments", {})
                key = arguments.get("key") or arguments.get("columns")
                if key:
                    found.setdefault(model["name"], key)
    return found


# --- the packs ------------------------------------------------------------------------------------


def _compare_packs(before: Path, after: Path) -> None:
    packs = [
        {path.relative_to(home): _words(path) for path in home.glob("packs/*/*/*/pack.html")}
        for home in (before, after)
    ]
    changed = [name for name in packs[0] if packs[1].get(name, packs[0][name]) != packs[0][name]]
    lost = set(packs[0]) ^ set(packs[1])
    print(f"packs: {len(changed)} of {len(packs[1])} change in words, {len(lost)} come or go")
    for name in changed[:5]:
        old, new = set(packs[0][name]), set(packs[1][name])
        print(f"  {name.parent}")
        for sign, lines in (("-", old - new), ("+", new - old)):
            print("\n".join(f"    {sign} {line[:100]}" for line in sorted(lines)[:3]))


def _words(file: Path) -> list[str]:
    """The words of a pack, a line an element; styles, pictures and marks of the file left out."""
    text = re.sub(r"(?s)<(style|script|svg|head)\b.*?</\1>", "", file.read_text(encoding="utf-8"))
    text = BUILD.sub("", text)
    lines = html.unescape(re.sub(r"<[^>]+>", "\n", text)).splitlines()
    return [line.strip() for line in lines if line.strip()]


def _git(*arguments: str) -> str:
    done = subprocess.run(
        ["git", "-C", HERE, *arguments],  # noqa: S607
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.strip()


if __name__ == "__main__":
    sys.exit(main())
