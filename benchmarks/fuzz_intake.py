"""Mutated submissions through readers and judge: no crash, no hang, nothing accepted that the file does not say.

    python -m benchmarks.fuzz_intake --inputs 100000 --seed 1

Bytes, lines, cells and numbers of well-formed files of every layout are mutated, with pieces that broke other readers. Each input must
be refused with a rule or judged with rows read = accepted + rejected; every accepted score must stand in the (decoded) input.
"""

import argparse
import io
import json
import random
import re
import tempfile
import time
import zipfile
from collections import Counter
from decimal import Decimal
from pathlib import Path

from ingestion import framework, normalise, readers, template
from ingestion.agencies import EVER, Agency, Registry
from ingestion.judge import File, judge, refused
from ingestion.readers.refused import Refused
from ingestion.readers.text_encoding import decode
from ingestion.rules import finding
from warehouse.settings import REPOSITORY

SLOW = 10.0      # processor seconds that no input of this size may take
PIECES = [b"", b"\x00", b"\xff\xfe", b'"', b",", b";", b"\t", b"\n", b"\r\n", b"[", b"{", b"}", b"NaN", b"Infinity", b"-0", b"1e309", b"1e-400", b"1" * 400,
          b"=1+1", b"<p>", b"\\u0000", b"\xe0\xb9\x8d\xe0\xb8\xb2", b"\xe2\x80\x8b", b"%s%n", b"../../x", b"&lol;", b"100.005", b"101", b"-1", b"o99",
          b"\xe0\xb9\x90" * 3, b"2599", b"2023", b"\xf0\x9f\x92\xa9", b"\xed\xa0\x80", b"null", b"true"]
WORDS = [piece.decode("utf-8", "replace") for piece in PIECES] + [
    "๐", "๐๑", "ข้อ", "public", "survey", "item", "overall", "IIT", "e1", "9.1", "10", "ผ่าน", "ใช่", "2568", "2567", "92,65", "9.2e1", "๑๐๐",
    "31 กุมภาพันธ์ 2567", "1 ต.ค. 2567", "อบต.แม่ใส", "พะเยา", "ซื้อ ๐๑๓", "๓๑๐"]
ROWS = [("1630001", "องค์การบริหารส่วนจังหวัดตาก", "pao", "63"), ("4240503", "เทศบาลตำบลลาดขวาง", "tambon_mun", "24"),
        ("4341506", "เทศบาลตำบลเมืองศรีไค", "tambon_mun", "34"), ("5300907", "องค์การบริหารส่วนตำบลเมืองโดน", "sao", "30"),
        ("5560112", "องค์การบริหารส่วนตำบลแม่ใส", "sao", "56")]
AGENCIES = [Agency(code, name, kind, province, "", 2560, EVER) for code, name, kind, province in ROWS]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--inputs", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    started = time.perf_counter()
    said, problems = run(options.inputs, options.seed)
    print(f"{options.inputs:,} inputs in {time.perf_counter() - started:,.0f} s: " + ", ".join(f"{count:,} {what}" for what, count in said.most_common()))
    for problem in problems[:20]:
        print(problem)
    raise SystemExit(1 if problems else 0)


def run(inputs: int, seed: int) -> tuple[Counter, list[str]]:
    """How the inputs ended, and what went wrong (with the number that reproduces it)."""
    rules, originals = framework.load(), originals_of(seed)
    registry = Registry(AGENCIES, rules)
    said, problems = Counter(), []
    for number in range(inputs):
        chance = random.Random(f"{seed}-{number}")
        name, data = chance.choice(originals)
        data = mutate(data, chance)
        before = time.process_time()
        try:
            said[_one(data, rules, registry)] += 1
        except Exception as error:                     # this is what is looked for
            problems.append(f"seed {seed} input {number} ({name}): {type(error).__name__}: {error}")
        if time.process_time() - before > SLOW:
            problems.append(f"seed {seed} input {number} ({name}): {time.process_time() - before:.0f} s")
    return said, problems


def originals_of(seed: int) -> list[tuple[str, bytes]]:
    """Small well-formed files of every layout."""
    samples = REPOSITORY / "ingestion" / "samples"
    found = [(file.name, file.read_bytes()) for file in sorted(samples.iterdir()) if file.suffix in (".csv", ".json")]
    workbook = Path(tempfile.mkdtemp()) / "template.xlsx"
    template.write(workbook, 2568, None, None)
    found.append(("template.xlsx", workbook.read_bytes()))
    workbook.unlink()
    return found


def mutate(data: bytes, chance: random.Random) -> bytes:
    """A few mutations; of a zip, mostly inside one of its parts."""
    if data[:2] == b"PK" and chance.random() < 0.8:
        return _inside_zip(data, chance)
    if data[:1] in b"{[" and chance.random() < 0.8:
        return _inside_json(data, chance)
    if b"<" not in data[:3] and data[:2] != b"PK" and chance.random() < 0.8:
        return _inside_cells(data, chance)
    for _ in range(chance.choice((1, 1, 2, 4, 8))):
        at = chance.randrange(len(data) + 1)
        until = min(len(data), at + chance.choice((0, 0, 1, 2, 8, 64)))
        data = data[:at] + chance.choice((chance.choice(PIECES), data[until : until + 40], bytes([chance.randrange(256)]))) + data[until:]
    if chance.random() < 0.1:
        data = data.decode("utf-8", "ignore").encode(chance.choice(("utf-16", "cp874", "utf-8-sig", "utf-16-le")), "ignore")
    return data[: chance.randrange(len(data) + 1)] if chance.random() < 0.05 else data


def _inside_zip(data: bytes, chance: random.Random) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after:
        victim = chance.choice(before.namelist())
        for name in before.namelist():
            after.writestr(name, mutate(before.read(name), chance) if name == victim else before.read(name))
    return out.getvalue()


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
            at[key] = chance.choice((None, [], {}, [at[key]], {"x": at[key]}, True, 1e308, -1, 10**400, 2599, word, f"{at[key]}{word}", word))
            break
    return json.dumps(tree, ensure_ascii=False).encode("utf-8", "surrogatepass")


def _inside_cells(data: bytes, chance: random.Random) -> bytes:
    """Replace, shift, repeat cells and lines of a delimited text."""
    lines = [line.split(",") for line in data.decode("utf-8", "replace").splitlines()]
    for _ in range(chance.choice((1, 1, 2, 4))):
        line = chance.choice(lines)
        at = chance.randrange(len(line))
        action = chance.randrange(5)
        if action == 0:
            line.insert(at, chance.choice(WORDS))
        elif action == 1:
            lines.insert(chance.randrange(len(lines)), list(line))
        else:
            line[at] = chance.choice((chance.choice(WORDS), line[at] + chance.choice(WORDS), chance.choice(chance.choice(lines))))
    return "\n".join(",".join(line) for line in lines).encode("utf-8", "surrogatepass")


def _one(data: bytes, rules, registry: Registry) -> str:
    """Read and judge; the state. Raises AssertionError where something is accepted that the input does not say."""
    try:
        submission = readers.read(Path("x"), data)
    except Refused as error:
        return f"refused ({refused('0' * 64, finding(error.rule, detail_th=error.detail_th, detail_en=error.detail_en)).findings[0].rule})"
    judged = judge([File("0" * 64, "agency", submission)], rules, registry, {})[0]
    assert 0 <= judged.rows_accepted <= judged.rows_read, "rows accepted"
    assert judged.state == "rejected" or judged.tables, "accepted without content"
    if "score" in judged.tables:
        scores = judged.tables["score"]
        assert all(0 <= Decimal(str(score)) <= 100 for score in scores["score"]), "a score outside 0-100"
        assert data[:2] == b"PK" or {Decimal(str(score)) for score in scores["score"]} <= _numbers(data), "a score that the input does not say"
        assert not scores.duplicated(["agency_id", "fiscal_year", "level", "code", "part"]).any(), "two values for one figure"
        for year, own in scores.groupby("fiscal_year"):
            items = own.loc[own["level"] == "item", "code"]
            assert set(items) <= set(rules.years[int(year)].items), "an item outside the framework"
    return f"{judged.state} {judged.layout}"


def _numbers(data: bytes) -> set[Decimal]:
    """Every number that stands in the input between separators."""
    tokens = set(re.split(r'[,;\t|"\n\r:{}\[\]]', decode(data))) | set(re.split(r'[;\t|"\n\r]', decode(data)))
    return {value for token in tokens if (value := normalise.number(token)) is not None}


if __name__ == "__main__":
    main()
