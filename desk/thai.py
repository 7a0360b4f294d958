"""Superset in Thai: the sentences of thai/th.po, for the server's texts and for the browser's."""

import csv
import json
import os
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask, Response, current_app, request

SOURCE = Path(__file__).parent / "thai" / "th.po"
PACK = "/superset/language_pack/th/"
PROVINCES = SOURCE.parents[2] / "dbt_project" / "seeds" / "province.csv"
MAP = "thailand"  # the name in its file, which a hash names


@cache
def catalog() -> Catalog:
    """The sentences: a message of Superset's and its Thai."""
    with SOURCE.open("rb") as file:
        return read_po(file, locale="th", domain="messages")


def folder() -> Path:
    """The folder in which the server's texts are looked for; written anew at each start."""
    target = Path(os.environ["SUPERSET_HOME"]) / "translations"
    compiled = target / "th" / "LC_MESSAGES" / "messages.mo"
    compiled.parent.mkdir(parents=True, exist_ok=True)
    part = compiled.with_name(f".messages.{os.getpid()}")
    with part.open("wb") as file:
        write_mo(file, catalog())
    part.replace(compiled)
    return target


@cache
def pack() -> str:
    """The sentences as the browser wants them: jed's JSON."""
    sentences: dict = {
        "": {"domain": "superset", "lang": "th", "plural_forms": "nplurals=1; plural=0"}
    }
    for message in catalog():
        if message.id and message.string:
            key, said = message.id, message.string
            if isinstance(key, tuple):
                key, said = key[0], said[0]
            sentences[key] = [said]
    return json.dumps(
        {"domain": "superset", "locale_data": {"superset": sentences}}, ensure_ascii=False
    )


def speak(app: Flask) -> None:
    """Answer the browser's questions for the Thai pack and map, which Superset does not bring."""
    app.before_request(_thai_pack)
    app.before_request(_thai_map)


def _thai_pack() -> Response | None:
    return Response(pack(), mimetype="application/json") if request.path == PACK else None


@cache
def country(path: Path) -> str | None:
    """Superset's map of Thailand with the provinces' Thai names; None: the map is another's."""
    found = json.loads(path.read_text(encoding="utf-8"))
    if found.get("name") != MAP:
        return None
    with PROVINCES.open(encoding="utf-8") as file:
        names = {f"TH-{row['province_code']}": row["province_th"] for row in csv.DictReader(file)}
    for feature in found["features"]:
        feature["properties"]["NAME_1"] = names[feature["properties"]["ISO"]]
    return json.dumps(found, ensure_ascii=False)


def _thai_map() -> Response | None:
    if not request.path.endswith(".geojson"):
        return None
    path = Path(str(current_app.static_folder)) / "assets" / Path(request.path).name
    content = country(path) if path.is_file() else None
    return Response(content, mimetype="application/geo+json") if content else None
