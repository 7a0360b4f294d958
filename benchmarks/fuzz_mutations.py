"""For benchmarks/fuzz_intake.py: what is done to a well-formed file."""

import html
import io
import json
import random
import re
import zipfile

from ingestion.readers.text_encoding import decode

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
    """Replace texts and attributes of HTML or XML, repeat, drop and swap runs of tags and texts.

    It mostly stays well-formed.
    """
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
