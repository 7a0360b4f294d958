"""Mutated submissions through readers and judge: no crash, no hang, nothing accepted that the file does not say.

    python benchmarks/fuzz_intake.py --inputs 100000 --seed 1
    python benchmarks/fuzz_intake.py --seed 1 --only 4711        one input again, in this process; --keep FILE writes it

Bytes, lines, cells, values and tags of well-formed files of every layout and kind are mutated, with pieces that broke other readers. Each
input must be refused with a rule or judged with rows read = accepted + rejected; every accepted score must stand in the input (of a PDF
only its bounds are checked). The inputs are read in the processes of the nightly run: one that dies, hangs or takes too much memory is
told and replaced.
"""

import argparse
import html
import io
import json
import random
import re
import struct
import sys
import time
import zipfile
import zlib
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import xlsxwriter

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import extraction  # noqa: E402
from ingestion import framework, normalise, readers, template, workers  # noqa: E402
from ingestion.agencies import EVER, Agency, Registry  # noqa: E402
from ingestion.judge import File, Judged, judge, refused  # noqa: E402
from ingestion.readers.refused import Refused  # noqa: E402
from ingestion.readers.text_encoding import decode  # noqa: E402
from ingestion.rules import finding  # noqa: E402
from tests.ingestion.old_excel import xls  # noqa: E402
from warehouse.settings import REPOSITORY  # noqa: E402

AT_ITS_BOUND = (
    "the process died (SIGABRT)"  # so the workbook library ends when it is refused memory
)
SLOW = 10.0  # processor seconds that no input of this size may take, nor a batch
BATCH = 20
PIECES = [
    b"",
    b"\x00",
    b"\xff\xfe",
    b'"',
    b",",
    b";",
    b"\t",
    b"\n",
    b"\r\n",
    b"[",
    b"{",
    b"}",
    b"NaN",
    b"Infinity",
    b"-0",
    b"1e309",
    b"1e-400",
    b"1" * 400,
    b"=1+1",
    b"<p>",
    b"\\u0000",
    b"\xe0\xb9\x8d\xe0\xb8\xb2",
    b"\xe2\x80\x8b",
    b"%s%n",
    b"../../x",
    b"&lol;",
    b"100.005",
    b"101",
    b"-1",
    b"o99",
    b"\xe0\xb9\x90" * 3,
    b"2599",
    b"2023",
    b"\xf0\x9f\x92\xa9",
    b"\xed\xa0\x80",
    b"null",
    b"true",
]
WORDS = [piece.decode("utf-8", "replace") for piece in PIECES] + [
    "๐",
    "๐๑",
    "ข้อ",
    "public",
    "survey",
    "item",
    "overall",
    "IIT",
    "e1",
    "9.1",
    "10",
    "ผ่าน",
    "ใช่",
    "2568",
    "2567",
    "92,65",
    "9.2e1",
    "๑๐๐",
    "31 กุมภาพันธ์ 2567",
    "1 ต.ค. 2567",
    "อบต.แม่ใส",
    "พะเยา",
    "ซื้อ ๐๑๓",
    "๓๑๐",
    "๙๙.๙๙ %",
    "ไม่มี",
    "-",
    "รวม",
    "ค่าเฉลี่ย",
    "ส่วนที่ ๑",
    "(ต่อ)",
    "1,000.5",
]
ATTRIBUTES = [
    "0",
    "1",
    "-1",
    "99999999999",
    "A1048577",
    "XFD1048576",
    "",
    "s",
    "b",
    "e",
    "str",
    "inlineStr",
    "hidden",
    "rId1",
    "../../../etc/passwd",
]
ROWS = [
    ("1630001", "องค์การบริหารส่วนจังหวัดตาก", "pao", "63"),
    ("4240503", "เทศบาลตำบลลาดขวาง", "tambon_mun", "24"),
    ("4341506", "เทศบาลตำบลเมืองศรีไค", "tambon_mun", "34"),
    ("5300907", "องค์การบริหารส่วนตำบลเมืองโดน", "sao", "30"),
    ("5560112", "องค์การบริหารส่วนตำบลแม่ใส", "sao", "56"),
]
AGENCIES = [
    Agency(code, name, kind, province, "", 2560, EVER) for code, name, kind, province in ROWS
]
DOCUMENTS = {
    "rows": 4,
    "cells": 4,
    "html": 3,
    "docx": 3,
    "pdf": 2,
}  # how many of each kind are mutated
WEIGHTS = {
    "xlsx": 20,
    "document": 8,
    "table in html": 6,
    "pdf": 1,
}  # how often a kind is taken, beside 10


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--inputs", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--only", type=int, help="the number of one input")
    parser.add_argument("--keep", type=Path, help="where to write that input")
    options = parser.parse_args()
    if options.only is not None:
        originals, registry = corpus(options.seed)
        name, data = input_of(options.seed, options.only, originals)
        if options.keep:
            options.keep.write_bytes(data)
        print(name, len(data), "bytes:", *_judged([data], registry, framework.load()))
        return
    started = time.perf_counter()
    said, problems = run(options.inputs, options.seed, options.processes)
    print(
        f"{options.inputs:,} inputs in {time.perf_counter() - started:,.0f} s: "
        + ", ".join(f"{count:,} {what}" for what, count in said.most_common())
    )
    for problem in problems[:20]:
        print(problem)
    raise SystemExit(1 if problems else 0)


def run(inputs: int, seed: int, processes: int = 1) -> tuple[Counter, list[str]]:
    """How the inputs ended, and what went wrong (with the number that reproduces it).

    They are judged BATCH at a time, as small files are at night; of a batch in which something goes wrong each is judged alone.
    """
    rules, (originals, registry) = framework.load(), corpus(seed)
    said, problems, alone = Counter(), [], []

    def some(numbers: tuple[int, ...]) -> list[str]:
        return _judged(
            [input_of(seed, number, originals)[1] for number in numbers], registry, rules
        )

    batches = (tuple(range(first, min(first + BATCH, inputs))) for first in range(0, inputs, BATCH))
    for numbers, result in workers.run(some, ((numbers, 0) for numbers in batches), processes):
        if isinstance(result, Exception):
            alone += numbers
        else:
            said.update(result)
    for (number,), result in workers.run(some, (((number,), 0) for number in alone), processes):
        if isinstance(result, workers.Died | MemoryError) and str(result) in ("", AT_ITS_BOUND):
            said["ended at its memory bound"] += 1
        elif isinstance(result, Exception):  # this is what is looked for
            problems.append(
                f"seed {seed} input {number}: {type(result).__name__}: {str(result)[:300]}"
            )
        else:
            said.update(result)
    return said, problems


def corpus(seed: int) -> tuple[dict[str, list[tuple[str, bytes]]], Registry]:
    """Small well-formed files of every layout, by kind (name and bytes), and a registry of the agencies that they name."""
    samples = {
        file.name: file.read_bytes()
        for file in sorted((REPOSITORY / "ingestion" / "samples").iterdir())
    }
    tables = {name: data for name, data in samples.items() if name.endswith(".csv")}
    table = next(
        data.decode()
        for name, data in tables.items()
        if "valid_from" not in data.decode()[:400] and ",score" in data.decode()[:400]
    )
    rows = [line.split(",") for line in table.splitlines()[:60]]
    found = {
        "json": [(name, data) for name, data in samples.items() if name.endswith(".json")],
        "csv": list(tables.items())
        + [
            ("comma decimals", table.replace(",", ";").replace(".", ",").encode("cp874", "ignore")),
            ("utf-16", table.replace(",", "\t").encode("utf-16")),
        ],
        "xlsx": [
            ("template.xlsx", _template()),
            ("wide.xlsx", _wide(percent=False)),
            ("percent.xlsx", _wide(percent=True)),
        ],
        "xls": [("old.xls", xls([[_figure(cell) for cell in row] for row in rows]))],
        "table in html": [
            ("table.html", _page(rows).encode()),
            ("saved as .xls", _page(rows).encode("cp874", "ignore")),
        ],
        "document": [],
        "pdf": [],
    }
    wanted, agencies, number = dict(DOCUMENTS), list(AGENCIES), seed * 1_000_000
    while any(wanted.values()):
        _, kind, _, registry, data = extraction.write(number)
        if wanted[kind]:
            wanted[kind] -= 1
            agencies += [
                replace(agency, agency_id=f"{agency.agency_id}{number}")
                for agency in registry.rows()
            ]
            found["pdf" if kind == "pdf" else "document"].append((f"document {number}", data))
        number += 1
    return found, Registry(agencies, framework.load())


def _figure(cell: str) -> str | float:
    return float(cell) if re.fullmatch(r"\d+\.\d+", cell) else cell


def _template() -> bytes:
    with TemporaryDirectory() as folder:
        template.write(Path(folder) / "template.xlsx", 2568, None, None)
        return (Path(folder) / "template.xlsx").read_bytes()


def _wide(percent: bool) -> bytes:
    """A wide table under a merged title, its header in two rows, a second sheet, a hidden one, a formula."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        shown = book.add_format({"num_format": "0.00%"}) if percent else None
        for name, year in (("ผล 2568", 2568), ("ผล 2567", 2567), ("ซ่อน", 2566)):
            sheet = book.add_worksheet(name)
            sheet.merge_range(0, 0, 0, 8, f"ผลการประเมิน ITA ปีงบประมาณ พ.ศ. {year}")
            sheet.write_row(
                2, 0, ["ที่", "ปีงบประมาณ", "หน่วยงาน", "จังหวัด", "คะแนนรวม", "IIT", "EIT", "", "OIT"]
            )
            sheet.write_row(3, 0, ["", "", "", "", "", "", "ส่วนที่ 1", "ส่วนที่ 2", ""])
            for number, (_, agency, _, _) in enumerate(ROWS, 4):
                sheet.write_row(number, 0, [number - 3, year, agency, ""])
                for column in range(4, 8):
                    value = 90 + number / 4
                    sheet.write(number, column, value / 100 if percent else value, shown)
                sheet.write_formula(number, 8, "=AVERAGE(E1:H1)", shown, 0.5 if percent else 91.5)
            if name == "ซ่อน":
                sheet.hide()
    return out.getvalue()


def _page(rows: list[list[str]]) -> str:
    lines = "".join(
        f"<tr>{''.join(f'<td>{html.escape(cell)}</td>' for cell in row)}</tr>" for row in rows
    )
    return f"<html><head><meta charset=utf-8></head><body><table border=1>{lines}</table></body></html>"


def input_of(
    seed: int, number: int, originals: dict[str, list[tuple[str, bytes]]]
) -> tuple[str, bytes]:
    """The name of the original and the mutated bytes of one input."""
    chance = random.Random(f"{seed}-{number}")
    kind = chance.choices(list(originals), [WEIGHTS.get(kind, 10) for kind in originals])[0]
    name, data = chance.choice(originals[kind])
    return name, mutate(data, chance)


def mutate(data: bytes, chance: random.Random) -> bytes:
    """A few mutations; of a zip, mostly inside one of its parts."""
    if data[:2] == b"PK" and chance.random() < 0.8:
        return _inside_zip(data, chance)
    if data[:1] in (b"{", b"[") and chance.random() < 0.8:
        return _inside_json(data, chance)
    if b"<" in data[:4] and chance.random() < 0.8:
        return _inside_markup(data, chance)
    if data[:1] not in (b"P", b"%", b"\xd0", b"\xff") and chance.random() < 0.8:
        return _inside_cells(data, chance)
    for _ in range(chance.choice((1, 1, 2, 4, 8))):
        at = chance.randrange(len(data) + 1)
        until = min(len(data), at + chance.choice((0, 0, 1, 2, 8, 64)))
        data = (
            data[:at]
            + chance.choice(
                (chance.choice(PIECES), data[until : until + 40], bytes([chance.randrange(256)]))
            )
            + data[until:]
        )
    if chance.random() < 0.1:
        data = data.decode("utf-8", "ignore").encode(
            chance.choice(("utf-16", "cp874", "utf-8-sig", "utf-16-le")), "ignore"
        )
    return data[: chance.randrange(len(data) + 1)] if chance.random() < 0.05 else data


def _inside_zip(data: bytes, chance: random.Random) -> bytes:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as before,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        victim = chance.choice(before.namelist())
        for name in before.namelist():
            after.writestr(
                name, mutate(before.read(name), chance) if name == victim else before.read(name)
            )
    return out.getvalue()


def _inside_markup(data: bytes, chance: random.Random) -> bytes:
    """Replace texts and attributes of HTML or XML, repeat, drop and swap runs of tags and texts; it mostly stays well-formed."""
    tokens = re.findall(r"<[^>]*>|[^<]+", data.decode("utf-8", "replace"))
    texts = [
        at for at, token in enumerate(tokens) if not token.startswith("<") and token.strip()
    ] or [0]
    for _ in range(chance.choice((1, 1, 2, 4, 16))):
        at, action = chance.randrange(len(tokens)), chance.randrange(8)
        if action < 4:
            at = min(chance.choice(texts), len(tokens) - 1)
            tokens[at] = html.escape(
                chance.choice(
                    (
                        chance.choice(WORDS),
                        tokens[at] + chance.choice(WORDS),
                        tokens[chance.choice(texts) % len(tokens)],
                    )
                )
            )
        elif action == 4:
            tokens[at] = re.sub(
                r'"[^"]*"', lambda _: f'"{chance.choice(ATTRIBUTES)}"', tokens[at], count=1
            )
        elif action == 5:
            tokens[at:at] = tokens[at : at + chance.choice((1, 3, 12))]
        elif action == 6:
            del tokens[at : at + chance.choice((1, 3, 12))]
        else:
            other = chance.randrange(len(tokens))
            tokens[at], tokens[other] = tokens[other], tokens[at]
        if not tokens:
            break
    return "".join(tokens).encode("utf-8", "surrogatepass")


def _inside_json(data: bytes, chance: random.Random) -> bytes:
    """Replace, drop, repeat or nest values anywhere in the tree."""
    tree = json.loads(data)
    for _ in range(chance.choice((1, 1, 2, 4))):
        at = tree
        while True:
            keys = list(at) if isinstance(at, dict) else range(len(at))
            if not keys:
                break
            key = chance.choice(keys)
            if isinstance(at[key], dict | list) and at[key] and chance.random() < 0.85:
                at = at[key]
                continue
            word = chance.choice(WORDS)
            at[key] = chance.choice(
                (
                    None,
                    [],
                    {},
                    [at[key]],
                    {"x": at[key]},
                    True,
                    1e308,
                    -1,
                    10**400,
                    2599,
                    word,
                    f"{at[key]}{word}",
                    word,
                )
            )
            break
    return json.dumps(tree, ensure_ascii=False).encode("utf-8", "surrogatepass")


def _inside_cells(data: bytes, chance: random.Random) -> bytes:
    """Replace, shift, repeat cells and lines of a delimited text, or of a document in lines."""
    written = decode(data)
    separator = next((mark for mark in ",\t;" if mark in written[:200]), ",")
    lines = [line.split(separator) for line in written.splitlines()] or [[""]]
    for _ in range(chance.choice((1, 1, 2, 4))):
        line = chance.choice(lines)
        at = chance.randrange(len(line))
        action = chance.randrange(5)
        if action == 0:
            line.insert(at, chance.choice(WORDS))
        elif action == 1:
            lines.insert(chance.randrange(len(lines)), list(line))
        else:
            line[at] = chance.choice(
                (
                    chance.choice(WORDS),
                    line[at] + chance.choice(WORDS),
                    chance.choice(chance.choice(lines)),
                )
            )
    return "\n".join(separator.join(line) for line in lines).encode("utf-8", "surrogatepass")


def _judged(inputs: list[bytes], registry: Registry, rules: framework.Framework) -> list[str]:
    """Read and judge together; the state of each. Raises AssertionError where one takes too long or something is accepted that it does not say."""
    states, read = [], []
    before = time.process_time()
    for data in inputs:
        try:
            read.append((data, File("0" * 64, "agency", readers.read(Path("x"), data))))
        except Refused as error:
            states.append(
                f"refused ({refused('0' * 64, finding(error.rule, detail_th=error.detail_th, detail_en=error.detail_en)).findings[0].rule})"
            )
    judged = judge([file for _, file in read], rules, registry, {}) if read else []
    assert time.process_time() - before < SLOW, f"{time.process_time() - before:.0f} s"
    for (data, _), own in zip(read, judged, strict=True):
        _check(data, own, rules)
        states.append(f"{own.state} {own.layout}")
    return states


def _check(data: bytes, judged: Judged, rules: framework.Framework) -> None:
    assert 0 <= judged.rows_accepted <= judged.rows_read, "rows accepted"
    assert judged.state == "rejected" or judged.tables, "accepted without content"
    if "score" not in judged.tables:
        return
    scores = judged.tables["score"]
    said = {Decimal(str(score)) for score in scores["score"]}
    assert all(0 <= score <= 100 for score in said), "a score outside 0-100"
    assert data[:5] == b"%PDF-" or said <= _numbers(data, judged.layout), (
        f"a score that the input does not say: {said - _numbers(data, judged.layout)}"
    )
    assert not scores.duplicated(["agency_id", "fiscal_year", "level", "code", "part"]).any(), (
        "two values for one figure"
    )
    for year, own in scores.groupby("fiscal_year"):
        items = own.loc[own["level"] == "item", "code"]
        assert set(items) <= set(rules.years[int(year)].items), "an item outside the framework"


def _numbers(data: bytes, layout: str) -> set[Decimal]:
    """Every number that stands in the input: between separators, anywhere in a document, in a workbook as stored and as a percentage."""
    if data[:2] == b"PK":
        written = "\n".join(
            html.unescape(re.sub(r"<[^>]*>", "\n", part.decode("utf-8", "replace")))
            for part in _parts(data)
        )
    elif data[:4] == b"\xd0\xcf\x11\xe0":
        cells = (struct.unpack_from("<d", data, at)[0] for at in range(len(data) - 7))
        stored = {
            value
            for cell in cells
            if 0 <= cell <= 100 and (value := normalise.number(cell)) is not None
        }
        return stored | _numbers_of(data.decode("utf-16-le", "replace"))
    else:
        written = re.sub(
            r"\\u([0-9a-fA-F]{4})", lambda escaped: chr(int(escaped[1], 16)), decode(data)
        )
        written = (
            html.unescape(re.sub(r"<[^>]*>", "\n", written))
            if layout == "document" or "<t" in written
            else written
        )
    found = _numbers_of(written, anywhere=layout == "document")
    return found | {value * 100 for value in found} if data[:2] == b"PK" else found


def _parts(data: bytes) -> list[bytes]:
    """The parts of a zip that can be unpacked."""
    parts = []
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            try:
                parts.append(archive.read(name))
            except (
                zipfile.BadZipFile,
                zlib.error,
                EOFError,
                NotImplementedError,
                RuntimeError,
                ValueError,
            ):
                continue
    return parts


def _numbers_of(written: str, anywhere: bool = False) -> set[Decimal]:
    tokens = set(re.split(r'[,;\t|"\n\r:{}\[\]]', written)) | set(re.split(r'[;\t|"\n\r]', written))
    if anywhere:
        tokens |= set(re.findall(r"\d+(?:[.,]\d+)?", normalise.digits(written)))
    floats = {
        Decimal(f"{float(token):.15g}")
        for token in tokens
        if re.fullmatch(r"\d{1,3}\.\d{10,}|\d(?:\.\d+)?[eE]-?\d{1,2}", token)
    }
    return floats | {value for token in tokens if (value := normalise.number(token)) is not None}


if __name__ == "__main__":
    main()
