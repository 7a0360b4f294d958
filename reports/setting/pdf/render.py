"""Blocks to PDF (PDF/A-2a, tagged) and charts to PNG, by Typst with one compiler a process."""

import atexit
import json
import re
import shutil
import tempfile
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pypdfium2
import typst

from reports import thai
from reports.blocks import leads, plain
from reports.setting import palette
from reports.setting.pdf import compact, fonts
from warehouse import mark, thai_dates

TEMPLATES = ("report.typ", "drawing.typ", "charts.typ")
SIGN, SEAL = "ลงชื่อ", "ประทับตราหน่วยงาน"  # of the place for signature and seal
LONG_ROW = 800  # characters of a cell from which its row may break over pages
# Terms that a line break must not cut (the line breaker knows words, not the terms made of them,
# and errs in a few): longer ones first.
TERMS = (Path(__file__).parent / "unbroken.txt").read_text("utf-8").split()


def _drawn_together(terms: list[str]) -> str:
    """The terms as one expression that reads each beginning once, the longest term first: a plain
    list of hundreds costs a fifth of a report."""
    rest: dict[str, list[str]] = {}
    for term in terms:
        rest.setdefault(term[0], []).append(term[1:])
    parts = []
    for first, ends in sorted(rest.items()):
        longer = _drawn_together([end for end in ends if end])
        ending = "?" if longer and "" in ends else ""
        parts.append(first + (f"(?:{longer})" if longer else "") + ending)
    return "|".join(parts)


GLOSSARY = _drawn_together(TERMS)
# "อื่น ๆ", dates, "รหัสปี 2569", a run of codes, a number with what it counts, the number of a
# part, a short name in quotation marks.
UNBROKEN = (
    "(อื่น|ต่าง)\u00a0ๆ|[0-9๐-๙]{1,2}\u00a0[ก-๙]{1,2}\\.[ก-๙]{1,2}\\.\u00a0[0-9๐-๙]{4}"
    "|รหัสปี\u00a0[0-9๐-๙]{4}\\)|[ieo][0-9๐-๙]{1,2}–[ieo][0-9๐-๙]{1,2}"
    f"|[0-9๐-๙]{{1,2}} ({'|'.join(thai_dates.MONTHS)}) [0-9๐-๙]{{4}}"
    "|[0-9๐-๙.,]+ (ครั้ง|คะแนน|เดือน|วัน)|ส่วนที่ [0-9๐-๙]|“[^” \n]{1,16}”"
)


@cache
def _compiler(digits: str) -> tuple[typst.Compiler, Path]:
    """This process's compiler for one style of digits, and the folder where it finds the report:
    it keeps the fonts and what it laid out."""
    folder = Path(tempfile.mkdtemp(prefix="ita-report-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    for template in TEMPLATES:
        shutil.copy(Path(__file__).parent / template, folder)
    look = {
        "ink": palette.INK,
        "brand": palette.BRAND,
        "pale": palette.PALE,
        "rule": palette.RULE,
        "digits": digits,
        "glossary": f"{UNBROKEN}|{GLOSSARY}",
        "sign": SIGN,
        "seal": SEAL,
    }
    loaded = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(fonts.folder())]
    )
    return typst.Compiler(
        str(folder / "report.typ"),
        root=str(folder),
        font_paths=loaded,
        ignore_system_fonts=True,
        sys_inputs={"look": json.dumps(look, ensure_ascii=False)},
    ), folder


@cache
def _characters() -> frozenset[str]:
    return fonts.characters()


def pdf(
    blocks: list[dict], *, title: str, author: str, running: str, date: str, digits: str, kind: str
) -> bytes:
    """One report as PDF bytes, the same for the same input. `running` is the head line of every
    page, `date` ISO."""
    compiler, folder = _compiler(digits)
    data = {
        "title": title,
        "author": author,
        "running": running,
        "date": date,
        "sections": _sections(_named(blocks, author)),
    }
    (folder / "report.json").write_text(json.dumps(_clean(data), ensure_ascii=False), "utf-8")
    stamp = datetime.fromisoformat(date).replace(tzinfo=UTC)
    compiled = compiler.compile(
        str(folder / "report.typ"), format="pdf", pdf_standards=["a-2a", "ua-1"], timestamp=stamp
    )
    return compact.smaller(compiled, mark.of(kind))  # type: ignore[arg-type]  # a PDF is one


def heading_pages(pdf: bytes) -> list[int]:
    """The page of every heading of a PDF that `pdf` made, in their order."""
    with pypdfium2.PdfDocument(pdf) as document:
        return [mark.get_dest().get_index() + 1 for mark in document.get_toc()]


def number(page: int | None, digits: str) -> str:
    """A page number in the report's digits; a blank where it is not known."""
    return " " if page is None else thai.in_digits(str(page), digits)


def _sections(blocks: list[dict]) -> list[dict]:
    """Blocks cut at pages: each section begins a new page of one orientation."""
    sections: list[dict[str, Any]] = [{"landscape": False, "blocks": []}]
    for before, block, following in zip([None, *blocks], blocks, [*blocks[1:], None], strict=False):
        if block["t"] == "page":
            sections.append({"landscape": block["landscape"], "blocks": []})
            continue
        target = sections[-1]["blocks"]
        if block.get("kept"):
            if not (before and before.get("kept")):
                target.append({"t": "kept", "blocks": []})
            target = target[-1]["blocks"]
        target.append(_block(before, block, following))
    return sections


# What the name of an agency begins with; the rest is a name that no line may cut.
KINDS = re.compile(
    "องค์การบริหารส่วน(ตำบล|จังหวัด)|เทศบาล(ตำบล|เมือง|นคร)|มหาวิทยาลัย|จังหวัด|กรม|องค์การ|สถาบัน|สำนักงาน"
)
LONGEST_NAME = 24  # characters: a longer one is more than one word


def _named(blocks: list[dict], name: str) -> list[dict]:
    """The blocks with the agency's own name marked, in text, as what no line may cut."""
    kind = KINDS.match(name)
    own = name[kind.end() :] if kind else name
    if not 1 < len(own) <= LONGEST_NAME:
        return blocks
    return [
        {**block, part: _marked(block[part], name, len(name) - len(own))}
        if (part := NAMED_IN.get(block["t"]))
        else block
        for block in blocks
    ]


NAMED_IN = {"paragraph": "text", "list": "items", "table": "rows"}


def _marked(value: Any, name: str, at: int) -> Any:
    if isinstance(value, str) and name in value:
        first, *rest = value.split(name)
        whole = [name[:at], {"whole": name[at:]}]
        return [first, *(piece for words in rest for piece in (*whole, words))]
    if isinstance(value, list):
        return [_marked(part, name, at) for part in value]
    if isinstance(value, dict):
        return {key: _marked(part, name, at) for key, part in value.items()}
    return value


def _block(before: dict | None, block: dict, following: dict | None) -> dict:
    if block["t"] == "cover":
        return {**block, "look": list(palette.level(block["colour"]))}
    if block["t"] == "table":
        return {**block, "rows": [_row(row) for row in block["rows"]]}
    return {k: v for k, v in block.items() if k != "narrow"} | {
        "leads": leads(block, before, following)
    }


def _row(row: dict) -> Any:
    if "span" in row:
        return row
    return {"cells": row, "long": max(len(plain(cell)) for cell in row) > LONG_ROW}


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return thai.clean(value, _characters())
    if isinstance(value, list):
        return [_clean(part) for part in value]
    if isinstance(value, dict):
        return {key: _clean(part) for key, part in value.items()}
    return value


def pngs(drawings: list[dict], dots_per_inch: int = 130) -> list[bytes]:
    """Each drawing (`reports.setting.charts`) as a PNG."""
    if not drawings:
        return []
    compiler, folder = _compiler("arabic")
    (folder / "charts.json").write_text(
        json.dumps(_clean({"drawings": drawings, "ink": palette.INK}), ensure_ascii=False), "utf-8"
    )
    made = compiler.compile(str(folder / "charts.typ"), format="png", ppi=dots_per_inch)
    return made if isinstance(made, list) else [made]  # type: ignore[list-item]  # never None
