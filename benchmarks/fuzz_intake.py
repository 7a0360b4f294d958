"""Mutated submissions through readers and judge.

No crash, no hang, nothing accepted that the file does not say.

    python benchmarks/fuzz_intake.py --inputs 100000 --seed 1
    python benchmarks/fuzz_intake.py --seed 1 --only 4711    one input again, in this process;
                                                             --keep FILE writes it

Bytes, lines, cells, values and tags of well-formed files of every layout and kind are mutated, with
pieces that broke other readers. Each input must be refused with a rule or judged with rows read =
accepted + rejected; every accepted score must stand in the input (of a PDF only its bounds are
checked). The inputs are read in the processes of the nightly run: one that dies, hangs or takes too
much memory is told and replaced.
"""

import argparse
import html
import io
import random
import re
import struct
import sys
import time
import zipfile
import zlib
from collections import Counter
from decimal import Decimal
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.fuzz_corpus import corpus
from benchmarks.fuzz_mutations import mutate
from ingestion import framework, normalise, readers
from ingestion.agencies import Registry
from ingestion.judging import File, Judged, judge, refused
from ingestion.readers.refused import Refused
from ingestion.readers.text_encoding import decode
from ingestion.rules import finding
from warehouse import workers

# So the workbook library ends when it is refused memory.
AT_ITS_BOUND = "the process died (SIGABRT)"
SLOW = 10.0  # processor seconds that no input of this size may take, nor a batch
BATCH = 20
# How often a kind is taken, beside 10.
WEIGHTS = {"xlsx": 20, "document": 8, "table in html": 6, "pdf": 1}


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

    They are judged BATCH at a time, as small files are at night; of a batch in which something goes
    wrong each is judged alone.
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


def input_of(
    seed: int, number: int, originals: dict[str, list[tuple[str, bytes]]]
) -> tuple[str, bytes]:
    """The name of the original and the mutated bytes of one input."""
    chance = random.Random(f"{seed}-{number}")
    kind = chance.choices(list(originals), [WEIGHTS.get(kind, 10) for kind in originals])[0]
    name, data = chance.choice(originals[kind])
    return name, mutate(data, chance)


def _judged(inputs: list[bytes], registry: Registry, rules: framework.Framework) -> list[str]:
    """Read and judge together; the state of each.

    Raises AssertionError where one takes too long or something is accepted that it does not say.
    """
    states, read = [], []
    before = time.process_time()
    for data in inputs:
        try:
            read.append((data, File("0" * 64, "agency", readers.read(Path("x"), data))))
        except Refused as error:
            states.append(f"refused ({_rule_of(error)})")
    judged = judge([file for _, file in read], rules, registry, {}) if read else []
    assert time.process_time() - before < SLOW, f"{time.process_time() - before:.0f} s"
    for (data, _), own in zip(read, judged, strict=True):
        _check(data, own, rules)
        states.append(f"{own.state} {own.layout}")
    return states


def _rule_of(error: Refused) -> str:
    said = finding(error.rule, detail_th=error.detail_th, detail_en=error.detail_en)
    return refused("0" * 64, said).findings[0].rule


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
    """Every number that stands in the input.

    Between separators, anywhere in a document, in a workbook as stored and as a percentage.
    """
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
