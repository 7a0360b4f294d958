"""What is installed, under which licences, and with which known faults: of a CycloneDX SBOM.

`make sbom` writes the SBOM of each environment (`sbom.json`, `sbom-desk.json`) and runs this:

    python -m checks.supply SBOM LOCK [--advisories FILE] [--tools-of PYPROJECT]

- every package of the lock for this platform is in the SBOM with that version;
- every licence stands in `licences.csv` (used_in: everywhere, or tools, which never leave a
  developer's machine); what a package does not say of itself stands in `licences_by_hand.csv`;
- no package has a known fault: advisories (one of OSV's or PyPI's JSON records, a list of them, or
  lines of them) are read from a file that is brought in. Without one that is said, not passed over.
"""

import argparse
import csv
import json
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

HERE = Path(__file__).parent


def components(sbom: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Canonical name → component of the SBOM."""
    return {str(canonicalize_name(part["name"])): part for part in sbom.get("components", [])}


def not_as_locked(lock: str, known: dict[str, dict[str, Any]]) -> list[str]:
    """What the lock has for this platform and the SBOM has not, or in another version."""
    wrong = []
    for name, version, marker in re.findall(
        r"^([\w.\[\],-]+)==(\S+?)(?: ; ([^\\\n]+?))? *\\?$", lock, re.MULTILINE
    ):
        if marker and not Marker(marker).evaluate():
            continue
        found = known.get(str(canonicalize_name(name.split("[")[0])))
        if not found or Version(found["version"]) != Version(version):
            wrong.append(f"{name} {version}: the SBOM has {found['version'] if found else 'none'}")
    return wrong


def of_run_time(sbom: dict[str, Any], pyproject: dict[str, Any]) -> set[str]:
    """The packages that `dependencies` of a pyproject.toml reach: what is shipped.

    What it names as a tool itself is none, though an extra of another package names it, too.
    """
    tools = {
        str(canonicalize_name(Requirement(said).name))
        for extra in pyproject["project"].get("optional-dependencies", {}).values()
        for said in extra
    }
    names = {part["bom-ref"]: str(canonicalize_name(part["name"])) for part in sbom["components"]}
    needs = {
        names.get(one["ref"], one["ref"]): [names[ref] for ref in one.get("dependsOn", ())]
        for one in sbom["dependencies"]
    }
    todo = [
        str(canonicalize_name(Requirement(said).name))
        for said in pyproject["project"]["dependencies"]
    ]
    found: set[str] = set()
    while todo:
        name = todo.pop()
        if name not in found and name not in tools:
            found.add(name)
            todo += needs.get(name, [])
    return found


def licences_of(component: dict[str, Any]) -> list[str]:
    """The licences that a component names; classifiers only where it names nothing else."""
    said = [
        entry.get("expression") or entry["license"].get("id") or entry["license"].get("name", "")
        for entry in component.get("licenses", [])
    ]
    ids = [one for one in said if not one.startswith("License ::")]
    return ids or [one for one in said if one.count("::") > 1]


def not_allowed(known: dict[str, dict[str, Any]], shipped: set[str] | None) -> list[str]:
    """Packages whose licence is unknown or not allowed where they are used. shipped: None = all."""
    allowed = {row["licence"]: row["used_in"] for row in _rows("licences.csv")}
    by_hand = {row["package"]: row["licence"] for row in _rows("licences_by_hand.csv")}
    wrong = []
    for name, component in sorted(known.items()):
        places = {"everywhere"} if shipped is None or name in shipped else {"everywhere", "tools"}
        said = [by_hand[name]] if name in by_hand else licences_of(component)
        good = said and all(_is_allowed(one, allowed, places) for one in said)
        if not good:
            wrong.append(
                f"{name} {component['version']}: {' and '.join(said) or 'no licence said'}"
            )
    return wrong


def _is_allowed(said: str, allowed: dict[str, str], places: set[str]) -> bool:
    """Of an expression each part of an AND, and one of an OR, must be allowed."""
    if said.startswith("License ::"):
        return allowed.get(said) in places
    return all(
        any(allowed.get(one.strip(" ()")) in places for one in part.split(" OR "))
        for part in said.split(" AND ")
    )


def advisories(text: str) -> Iterator[dict[str, Any]]:
    """The records of a file: a record, a list, lines of records, or PyPI's `vulnerabilities`."""
    try:
        content = json.loads(text)
    except ValueError:
        content = [json.loads(line) for line in text.splitlines() if line.strip()]
    for record in content if isinstance(content, list) else [content]:
        if "vulnerabilities" in record:  # PyPI's page of a package: pypi.org/pypi/NAME/json
            name = record["info"]["name"]
            for one in record["vulnerabilities"]:
                versions = [record["info"]["version"]]
                yield {**one, "affected": [{"package": {"name": name}, "versions": versions}]}
        else:
            yield record


def affected(records: Iterator[dict[str, Any]], known: dict[str, dict[str, Any]]) -> list[str]:
    """Packages of the SBOM that a record names, with what it says and where it is mended."""
    found = []
    for record in records:
        if record.get("withdrawn"):
            continue
        for one in record.get("affected", ()):
            name = str(canonicalize_name(one.get("package", {}).get("name", "")))
            ecosystem = one.get("package", {}).get("ecosystem", "PyPI")
            component = known.get(name)
            if ecosystem == "PyPI" and component and _hit(component["version"], one):
                mended = ", ".join(_fixed(one)) or "no mended version named"
                text = f"{name} {component['version']}: {record.get('id')} {_short(record)}"
                found.append(f"{text} (mended in: {mended})")
    return sorted(set(found))


def _short(record: dict[str, Any]) -> str:
    return str(record.get("summary") or record.get("details") or "")[:100].replace("\n", " ")


def _fixed(one: dict[str, Any]) -> list[str]:
    events = [event for part in one.get("ranges", ()) for event in part.get("events", ())]
    return [event["fixed"] for event in events if "fixed" in event]


def _hit(version: str, one: dict[str, Any]) -> bool:
    """Is a version among those listed, or in a range of OSV (introduced … fixed/last_affected)?"""
    if version in one.get("versions", ()):
        return True
    ours = Version(version)
    for part in one.get("ranges", ()):
        if part.get("type") != "ECOSYSTEM":
            continue
        inside = False
        try:
            for event in part["events"]:
                if "introduced" in event:
                    inside |= ours >= Version(event["introduced"])
                if "fixed" in event:
                    inside &= ours < Version(event["fixed"])
                if "last_affected" in event:
                    inside &= ours <= Version(event["last_affected"])
        except InvalidVersion:  # not to be compared: a person must look
            return True
        if inside:
            return True
    return False


def _rows(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def main() -> int:
    """Say what is wrong, a line each; 1 if something is."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("sbom", type=Path)
    parser.add_argument("lock", type=Path)
    parser.add_argument("--advisories", type=Path)
    parser.add_argument("--tools-of", type=Path)
    given = parser.parse_args()
    sbom = json.loads(given.sbom.read_bytes())
    known = components(sbom)
    shipped = None
    if given.tools_of:
        shipped = of_run_time(sbom, tomllib.loads(given.tools_of.read_text(encoding="utf-8")))
    wrong = [f"not as locked: {line}" for line in not_as_locked(given.lock.read_text(), known)]
    wrong += [f"licence: {line}" for line in not_allowed(known, shipped)]
    if given.advisories and given.advisories.exists():
        records = list(advisories(given.advisories.read_text(encoding="utf-8")))
        wrong += [f"advisory: {line}" for line in affected(iter(records), known)]
        said = f"{len(records)} advisories"
    else:
        said = (
            "NO ADVISORY FILE: known faults were not looked for (bring one in as advisories.json)"
        )
    for line in wrong:
        print(line)
    print(f"{given.sbom.name}: {len(known)} packages, {len(wrong)} faults; {said}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
