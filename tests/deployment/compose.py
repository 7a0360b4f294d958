"""A small reader of docker-compose.yml: what each service runs, with which environment."""

import re
from collections.abc import Mapping
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
VARIABLE = re.compile(r"\$(?:(\$)|\{(\w+)(?::([-?])([^}]*))?\})")


def read(variables: Mapping[str, str], *files: str) -> dict:
    """The files' content with `variables` (those of .env) put in; later files add to earlier ones.

    Raises KeyError for a variable that must be given and is not.
    """
    merged: dict = {}
    for name in files or ("docker-compose.yml",):
        content = yaml.safe_load((ROOT / name).read_text("utf-8"))
        _merge(merged, _filled(content, variables))
    return merged


def _filled(node, variables: Mapping[str, str]):
    if isinstance(node, dict):
        return {key: _filled(value, variables) for key, value in node.items()}
    if isinstance(node, list):
        return [_filled(value, variables) for value in node]
    if isinstance(node, str):
        return VARIABLE.sub(lambda found: _value(found, variables), node)
    return node


def _value(found: re.Match, variables: Mapping[str, str]) -> str:
    dollar, name, how, other = found.groups()
    if dollar:
        return "$"
    if given := variables.get(name):
        return given
    if how == "-":
        return other
    raise KeyError(f"{name}: {other}")


def _merge(into: dict, more: dict) -> None:
    """As compose does it: maps are merged, commands and tests replaced, other lists added to."""
    for key, value in more.items():
        if isinstance(value, dict) and isinstance(into.get(key), dict):
            _merge(into[key], value)
        elif isinstance(value, list) and key not in ("command", "entrypoint", "test"):
            into[key] = into.get(key, []) + [one for one in value if one not in into.get(key, [])]
        else:
            into[key] = value


def dockerfile() -> dict[str, str]:
    """Instructions of the Dockerfile's first image, that of our services: the last of each."""
    text = (ROOT / "Dockerfile").read_text("utf-8").replace("\\\n", " ")
    lines = [line.split(None, 1) for line in text.splitlines() if line and line[0] != "#"]
    second = [number for number, (word, _) in enumerate(lines) if word == "FROM"][1]
    return dict(lines[:second])
