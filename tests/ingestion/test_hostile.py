"""Files made to harm: each is refused with a reason, in bounded time, by the real worker processes; nothing of them is loaded."""

import os
import time
import zipfile
from io import BytesIO

import pytest

from ingestion import workers
from ingestion.check import judge_files
from tests.ingestion.intake_examples import HEADER

ENTITIES = "".join(f'<!ENTITY l{number} "{f"&l{number - 1};" * 10}">' for number in range(1, 10))
BOMB = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "lol">{ENTITIES}]><html>&l9;</html>'


def zipped(**entries) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name.replace("__", "/"), content)
    return out.getvalue()


FILES = {
    "deep.json": "[" * 1_000_000, "deep-objects.json": '{"a":' * 200_000 + "1" + "}" * 200_000, "one-line.csv": "a," * 3_000_000,
    "open-quote.csv": HEADER + "\n" + '"' * 2_000_000, "nul.csv": HEADER.replace(",", ",\x00"), "commas.csv": HEADER + "\n" + ("," * 500_000 + "\n") * 3,
    "long-cell.csv": f"{HEADER}\n2568,S1,{'x' * 4_000_000},,,,overall,,,9,,,\n", "deep.html": "<html>" + "<div>" * 200_000,
    "spans.html": "<table>" + "<tr>" + "<td rowspan=99999999 colspan=99999999>x" * 1_000 + "</table>", "entities.xml": BOMB,
    "external.html": '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><html><table><tr><td>&e;</td></tr></table>',
    "entities.docx": zipped(**{"word__document.xml": BOMB}),
    "traversal.docx": zipped(**{"..__..__etc__passwd": "x", "word__document.xml": "<x/>"}),
    "bomb.docx": zipped(**{"word__document.xml": "<w:document>" + " " * 120_000_000}), "bomb.xlsx": zipped(**{"xl__workbook.xml": "0" * 60_000_000}),
    "loop.pdf": "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[2 0 R]/Count 1>>endobj trailer<</Root 1 0 R>>",
    "noise.pdf": b"%PDF-1.7\n" + os.urandom(50_000), "noise.bin": os.urandom(500_000), "ชื่อ =cmd|'calc'!A0.csv": "=1+1,@SUM(A1)\n-2,+3\n",
}


@pytest.mark.slow
def test_hostile_files_are_refused_in_bounded_time(tmp_path):
    for name, content in FILES.items():
        (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    started = time.monotonic()
    for file, judged in judge_files(sorted(tmp_path.iterdir())):
        assert judged.state == "rejected" and not judged.tables and judged.findings, file.name
        assert "root:" not in "".join(found.message_en for found in judged.findings)
    assert time.monotonic() - started < 60 + len(FILES) * 5


def test_a_process_that_takes_too_long_or_too_much_memory_is_ended(monkeypatch):
    monkeypatch.setattr(workers, "PATIENCE", 1.0)

    def work(job):
        if job == "slow":
            time.sleep(60)
        if job == "large":
            return len(bytearray(workers.MEMORY + 1))
        return job
    results = dict(workers.run(work, [(job, 0) for job in ("a", "slow", "b", "large", "c")], processes=2))
    assert isinstance(results.pop("slow"), workers.Died) and isinstance(results.pop("large"), MemoryError)
    assert results == {"a": "a", "b": "b", "c": "c"}
