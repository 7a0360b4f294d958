"""OUT/index.html: the list of all packs, by year and province, from their manifests; and
OUT/index.json, its rows, so that one pack on demand need not read them all."""

import json
import sys
from html import escape
from itertools import groupby
from pathlib import Path
from urllib.parse import quote

from reports import thai
from warehouse import durable

STYLE = (
    'body{font:16px/1.6 "Sarabun","TH Sarabun New",system-ui,sans-serif;margin:2rem auto;'
    "max-width:70rem;padding:0 1rem;color:#1b2733}\n"
    "h1{color:#17406d}summary{font-weight:600;cursor:pointer}table{border-collapse:collapse;"
    "width:100%;margin:.5rem 0 1rem}\n"
    "td,th{border-bottom:1px solid #d5dbe1;padding:.25rem .5rem;text-align:left;"
    "vertical-align:top}td.n{text-align:right}a{color:#17406d}"
)

# Of a manifest; and its files and how many things must be added.
SAID = ("fiscal_year", "province_code", "province_th", "name_th", "overall_score", "level_th")

# Stands for a manifest that is there and says nothing: it is like no pack that would be written.
UNREADABLE: dict[str, dict | None] = {
    "own_key": None,
    "facts_sha256": None,
    "writer_sha256": None,
    "digits": None,
    "files": {},
}


def manifests(out: Path) -> dict[str, dict]:
    """Folder below `out` -> its manifest.json, of all packs that are there."""
    folders = [path.parent for path in out.glob("[0-9]*/[0-9]*/[!.]*/manifest.json")]
    return {
        folder.relative_to(out).as_posix(): found
        for folder in folders
        if (found := manifest(folder))
    }


def manifest(folder: Path) -> dict | None:
    """A pack's manifest.json; None where there is none (any more: another run may be replacing it),
    UNREADABLE where it is there and broken: that pack is written again.
    """
    try:
        found = json.loads((folder / "manifest.json").read_bytes())
        if not UNREADABLE.keys() <= found.keys() or not _is_whole(found):
            raise ValueError("no manifest of ours")
        return found
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError, KeyError, AttributeError, RecursionError) as error:
        print(f"{folder / 'manifest.json'}: cannot be read ({error})", file=sys.stderr)
        return UNREADABLE


def _is_whole(found: dict) -> bool:
    """Has it what is asked of it? Raises KeyError where a part is not there."""
    types = {"fiscal_year": int, "files": dict, "must_add": list, "build": dict}
    texts = dict.fromkeys(("province_code", "name_th", "own_key"), str)
    return isinstance(found.get("body", ""), str) and all(
        isinstance(found[name], type_) for name, type_ in {**types, **texts}.items()
    )


def rows(found: dict[str, dict]) -> dict[str, dict]:
    """What the page says of these packs (folder -> manifest, as `manifests` gives them)."""
    return {
        folder: {
            **{name: manifest[name] for name in SAID},
            "files": [name for name in manifest["files"] if name.startswith(("pack.", "todo."))],
            "must_add": len(manifest["must_add"]),
        }
        for folder, manifest in found.items()
        if manifest is not UNREADABLE
    }


def listed(out: Path) -> dict[str, dict] | None:
    """The rows that the page has, from index.json beside it: of a whole country its manifests take
    a second to read. None where nothing can be said; they are read then."""
    try:
        found = json.loads((out / "index.json").read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    whole = isinstance(found, dict) and all(
        isinstance(row, dict) and row.keys() == {*SAID, "files", "must_add"}
        for row in found.values()
    )
    return found if whole else None  # another release may have said other things


def write(out: Path, said: dict[str, dict]) -> None:
    """Write the page with these rows. index.json after it: what it says the page has."""
    packs = [{**row, "folder": folder} for folder, row in sorted(said.items())]
    packs.sort(key=lambda m: (-m["fiscal_year"], m["province_code"], m["name_th"]))
    body = [f"<h1>รายงานการวิเคราะห์ผลการประเมิน ITA</h1><p>{len(packs):,} ชุด</p>"]
    for fiscal_year, of_year in groupby(packs, lambda m: m["fiscal_year"]):
        body.append(f"<h2>ปีงบประมาณ พ.ศ. {fiscal_year}</h2>")
        for _, group in groupby(of_year, lambda m: m["province_code"]):
            of_province = list(group)
            name = of_province[0]["province_th"] or "ส่วนกลาง"
            body.append(
                f"<details{' open' if len(packs) < 200 else ''}><summary>{escape(name)} "
                f"({len(of_province):,})</summary><table>"
                "<tr><th>หน่วยงาน<th>คะแนน<th>ระดับ<th>ไฟล์<th>ต้องเพิ่มก่อนเผยแพร่</tr>"
            )
            body += [_row(m) for m in of_province]
            body.append("</table></details>")
    page = (
        '<!doctype html><html lang="th"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>รายงาน ITA</title><style>{STYLE}</style>{''.join(body)}</html>"
    )
    durable.write(out / "index.html", page)
    durable.write(out / "index.json", json.dumps(said, ensure_ascii=False, sort_keys=True))


def _row(m: dict) -> str:
    folder = quote(m["folder"])
    links = " ".join(
        f'<a href="{folder}/{name}">{name.split(".")[1]}</a>'
        for name in m["files"]
        if name.startswith("pack.")
    )
    todo = m["must_add"] or ""
    if todo and "todo.html" in m["files"]:
        todo = f'<a href="{folder}/todo.html">{todo}</a>'
    return (
        f"<tr><td>{escape(m['name_th'])}<td class=n>{thai.score(m['overall_score'])}"
        f"<td>{escape(m['level_th'] or thai.NONE)}<td>{links}<td>{todo}</tr>"
    )
