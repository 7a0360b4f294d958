"""Files made to harm: each is refused with a reason, in bounded time, by the real worker processes;
nothing of them is loaded.
"""

import os
import struct
import time
import zipfile
from io import BytesIO

import numpy as np
import openpyxl
import pytest

from ingestion import marked_copy, readers
from ingestion.check import judge_files
from ingestion.rules import finding
from tests.ingestion.intake_examples import HEADER
from tests.ingestion.old_excel import xls
from warehouse import workers

ENTITIES = "".join(f'<!ENTITY l{number} "{f"&l{number - 1};" * 10}">' for number in range(1, 10))
BOMB = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "lol">{ENTITIES}]><html>&l9;</html>'


def zipped(**entries) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name.replace("__", "/"), content)
    return out.getvalue()


def far_cell() -> bytes:
    """An old .xls with a cell in row 65,536 of column 65,536: the library makes every cell up to
    it.
    """
    data = xls([["x", 5]])
    at = data.index(struct.pack("<HHHH", 0x203, 14, 0, 1))
    return data[: at + 4] + b"\xff\xff\xff\xff" + data[at + 8 :]


def repeated_cell() -> bytes:
    """An .ods of one cell that stands for seventeen thousand million."""
    cell = (
        '<table:table-cell table:number-columns-repeated="16384" office:value-type="string">'
        "<text:p>x</text:p></table:table-cell>"
    )
    table = (
        '<table:table table:name="a"><table:table-row table:number-rows-repeated="1048576">'
        f"{cell}</table:table-row></table:table>"
    )
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    content = (
        f"<office:document-content {spaces}><office:body><office:spreadsheet>{table}"
        "</office:spreadsheet></office:body></office:document-content>"
    )
    return zipped(
        mimetype="application/vnd.oasis.opendocument.spreadsheet", **{"content.xml": content}
    )


def hostile_files() -> dict[str, str | bytes]:
    """Made when they are asked for: they take seconds and a hundred megabytes."""
    return {
        "far.xls": far_cell(),
        "repeated.ods": repeated_cell(),
        "broken.xls": xls([["x", 5]])[:1240],
        "sheets.xlsx": zipped(
            **{
                "xl__workbook.xml": "<x/>",
                **{f"xl__worksheets__sheet{number}.xml": "<x/>" for number in range(10_000)},
            }
        ),
        "macros.xlsm": zipped(**{"xl__workbook.xml": "<x/>", "xl__vbaProject.bin": "x"}),
        "lines.txt": "ก ข\n" * 9_000_000,
        "deep.json": "[" * 1_000_000,
        "deep-objects.json": '{"a":' * 200_000 + "1" + "}" * 200_000,
        "one-line.csv": "a," * 3_000_000,
        "open-quote.csv": HEADER + "\n" + '"' * 2_000_000,
        "nul.csv": HEADER.replace(",", ",\x00"),
        "commas.csv": HEADER + "\n" + ("," * 500_000 + "\n") * 3,
        "long-cell.csv": f"{HEADER}\n2568,S1,{'x' * 4_000_000},,,,overall,,,9,,,\n",
        "deep.html": "<html>" + "<div>" * 200_000,
        "spans.html": "<table>"
        + "<tr>"
        + "<td rowspan=99999999 colspan=99999999>x" * 1_000
        + "</table>",
        "entities.xml": BOMB,
        "external.html": '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><html><table><tr><td>&e;</td></tr></table>',
        "entities.docx": zipped(**{"word__document.xml": BOMB}),
        "traversal.docx": zipped(**{"..__..__etc__passwd": "x", "word__document.xml": "<x/>"}),
        "bomb.docx": zipped(**{"word__document.xml": "<w:document>" + " " * 120_000_000}),
        "bomb.xlsx": zipped(**{"xl__workbook.xml": "0" * 60_000_000}),
        "loop.pdf": "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj "
        "2 0 obj<</Type/Pages/Kids[2 0 R]/Count 1>>endobj trailer<</Root 1 0 R>>",
        "noise.pdf": b"%PDF-1.7\n" + os.urandom(50_000),
        "noise.bin": os.urandom(500_000),
        "ชื่อ =cmd|'calc'!A0.csv": "=1+1,@SUM(A1)\n-2,+3\n",
    }


@pytest.mark.slow
def test_hostile_files_are_refused_in_bounded_time(tmp_path):
    files = hostile_files()
    for name, content in files.items():
        (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    started = time.monotonic()
    for file, judged in judge_files(sorted(tmp_path.iterdir())):
        assert judged.state == "rejected" and not judged.tables and judged.findings, file.name
        assert "root:" not in "".join(found.message_en for found in judged.findings)
        assert "reader_died" not in judged.counted, f"{file.name} was ended, not read"
    assert time.monotonic() - started < 60 + len(files) * 5


def test_a_process_that_takes_too_long_or_too_much_memory_is_ended(monkeypatch):
    monkeypatch.setattr(workers, "PATIENCE", 1.0)

    def work(job):
        if job == "slow":
            time.sleep(60)
        if job == "large":
            return len(bytearray(workers.MEMORY + 500_000_000))
        return job

    results = dict(
        workers.run(work, [(job, 0) for job in ("a", "slow", "b", "large", "c")], processes=2)
    )
    assert isinstance(results.pop("slow"), workers.Died) and isinstance(
        results.pop("large"), MemoryError
    )
    assert results == {"a": "a", "b": "b", "c": "c"}


@pytest.mark.slow
def test_half_a_gigabyte_is_read_once_and_refused(tmp_path):
    with (tmp_path / "ผล.xlsx").open("wb") as file:
        file.truncate(500_000_000)
    ((_, judged),) = judge_files([tmp_path / "ผล.xlsx"])
    assert judged.state == "rejected" and judged.counted == {"unreadable": 1}


def test_json_over_its_bound_is_refused_before_it_is_parsed(tmp_path, monkeypatch):
    monkeypatch.setattr(readers, "LARGEST_JSON", 1_000)
    (tmp_path / "a.json").write_text("[" + "1," * 1_000)
    ((_, judged),) = judge_files([tmp_path / "a.json"])
    assert judged.counted == {"over_bound": 1} and "1,000" in judged.findings[0].message_en


def test_a_job_gets_memory_by_what_it_reads():
    def work(size):
        return len(np.empty(size, dtype=np.uint8))

    size = workers.MEMORY + 500_000_000
    assert dict(workers.run(work, [(size, 200_000_000)], processes=1)) == {
        size: size
    }  # a large file may take more
    ((_, refused),) = workers.run(work, [(size, 10)], processes=1)
    assert isinstance(refused, MemoryError)


def test_nothing_that_was_read_becomes_a_formula_in_the_marked_copy(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "s"
    book.active.append(["text", "formula"])
    book.active.append(["x", '=HYPERLINK("http://x")'])
    book.active["A2"].value, book.active["A2"].data_type = "=1+1", "s"
    book.save(tmp_path / "a.xlsx")
    copy = marked_copy.marked(
        tmp_path / "a.xlsx",
        [finding("score_not_number", "sheet s row 2 column B", "=cmd|' /C calc'!A0")],
    )
    with zipfile.ZipFile(BytesIO(copy)) as archive:
        assert b"<f>" not in archive.read(
            "xl/worksheets/sheet1.xml"
        ) and b"<f " not in archive.read("xl/worksheets/sheet1.xml")
