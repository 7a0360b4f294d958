"""Superset in Thai: the sentences of thai/th.po, for the server's texts and for the browser's."""

import json
import os
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask, Response, request

SOURCE = Path(__file__).parent / "thai" / "th.po"
PACK = "/superset/language_pack/th/"


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
    """Answer the browser's question for the Thai pack, which Superset does not bring."""
    app.before_request(_thai_pack)


def _thai_pack() -> Response | None:
    return Response(pack(), mimetype="application/json") if request.path == PACK else None
