"""Scores: overall and level from sentences; items, indicators and instruments from tables with a column คะแนน. Exact or silent."""

import re
from decimal import Decimal

from ingestion import normalise
from ingestion.documents import blocks, codes, framework
from ingestion.documents.blocks import Cell, Column, Line, Table
from ingestion.documents.context import Context

_NUMBER = r"(\d{1,3}(?:[.,]\d{1,4})?)"
_OVERALL = [
    rf"ผลคะแนน(?:รวม|ภาพรวม|การประเมิน)?[\s:.\"“”'=]*{_NUMBER}(?!\d)",
    rf"คะแนนที่ได้[\s:.\"“”'=]*{_NUMBER}[\s.\"“”']*(?:คะแนน|$)",
    rf"(?:คะแนนรวม|คะแนนภาพรวม|คะแนนในภาพรวม|ภาพรวม|คะแนนเฉลี่ยรวม)[^0-9]{{0,60}}?[\s:.\"“”']{_NUMBER}[\s.\"“”']*คะแนน",
    rf"(?:จังหวัด|อำเภอ)\S+\s+(?:มีผลคะแนน|ได้คะแนน|ได้)\s*[\"“”']*{_NUMBER}[\s\"“”']*คะแนน",
]
# What follows or stands before a figure that is a target or a limit, a share, another year's or another agency's.
_LIMIT_AFTER = re.compile(r"\s*[\"“”']*\s*(?:คะแนน)?\s*(?:ขึ้นไป|หรือมากกว่า|หรือสูงกว่า|หรือต่ำกว่า)")
_LIMIT_BEFORE = re.compile(r"(?:ไม่น้อยกว่า|น้อยกว่า|มากกว่า|เกินกว่า|เกณฑ์|เป้าหมาย|ร้อยละ|ตั้งแต่|ไม่ต่ำกว่า|ต่ำกว่า|เฉลี่ยของประเทศ|ระดับประเทศ|คะแนนเต็ม|เต็ม)[^0-9]{0,12}$")
_LEVEL_LEAD = r"ระดับ(?:ผลการประเมิน)?(?:อยู่ที่)?[\s:.\"“”'*]*(?:ระดับ)?[\s:.\"“”'*]*"
_LEVEL_END = r"(?=$|[\s.\"“”'*,)]|และ|ตาม|ซึ่ง|โดย|คือ|จาก)"


def extract(document: list[Line | Table], context: Context) -> list[dict[str, str]]:
    """Rows of `scores`, one for each level, code and part; a figure said twice equally counts once, differently is an error."""
    found = [*_overall(document, context)]
    for table in document:
        if isinstance(table, Table) and table.has("score"):
            found += _from_table(table, context)
    return _once(found, context)


def _once(found: list[dict[str, str]], context: Context) -> list[dict[str, str]]:
    rows: dict[tuple, dict[str, str]] = {}
    for row in found:
        key = row["level"], row["code"], row["part"]
        first = rows.setdefault(key, row)
        if Decimal(first["score"]) != Decimal(row["score"]):
            context.note("document_conflict", row["place"], f"{row['code'] or 'ITA'} {first['score']} / {row['score']}", first=first["place"])
    return list(rows.values())


# --- overall and level --------------------------------------------------------------------------------------------------------

def _overall(document: list[Line | Table], context: Context) -> list[dict[str, str]]:
    rating = _rating(document, context)
    rows = []
    for line in document:
        if isinstance(line, Line):
            for score in _overall_in(normalise.digits(line.text), context.results_year):
                rows.append(context.row(line.place, context.results_year, level="overall", code="", part="", score=score, rating=rating, remark="", flagged=""))
    return rows


def _overall_in(written: str, results_year: int | None) -> list[str]:
    found = {}
    for pattern in _OVERALL:
        for match in re.finditer(pattern, written):
            before, after = written[:match.start(1)], written[match.end(1):]
            value = normalise.number(match[1])
            if value is None or value > 100 or _LIMIT_AFTER.match(after) or _LIMIT_BEFORE.search(before) or re.match(r"\s*%", after):
                continue
            if _other_year(before, results_year) or re.search(r"(?:IIT|EIT|OIT|ตัวชี้วัด)[^.]{0,30}$", before):
                continue
            found[match.start(1)] = format(value, "f")
    return [found[position] for position in sorted(found)]


def _other_year(before: str, results_year: int | None) -> bool:
    """Whether the last year named before a figure is another one than the year of the results."""
    years = re.findall(r"(?:ปี|พ\s*\.?\s*ศ\s*\.?)\s*(?:งบประมาณ)?\s*(?:พ\s*\.?\s*ศ\s*\.?)?\s*(\d{4})", before)
    return bool(years) and results_year is not None and normalise.fiscal_year(years[-1]) != results_year


def _rating(document: list[Line | Table], context: Context) -> str:
    """The level code that the document states; '' if it states none, two different ones or an unknown one."""
    levels = framework.levels(context.results_year or max(framework.years()))
    names = "|".join(re.escape(name) for name in levels)
    found = {}
    for line in document:
        if isinstance(line, Line):
            for match in re.finditer(f"{_LEVEL_LEAD}({names}){_LEVEL_END}", line.text):
                if not _other_year(normalise.digits(line.text[:match.start()]), context.results_year):
                    found.setdefault(levels[match[1]], line)
    if len(found) > 1:
        context.note("document_two_levels", list(found.values())[1].place, " / ".join(found))
    return next(iter(found)) if len(found) == 1 else ""


# --- tables -------------------------------------------------------------------------------------------------------------------

def _from_table(table: Table, context: Context) -> list[dict[str, str]]:
    scores = _score_columns(table, context)
    if table.has("item"):
        return _items(table, scores, context)
    if table.has("indicator") or table.has("no"):
        return _indicators(table, scores, context)
    return _instruments(table, scores, context) if table.has("instrument") else []


def _score_columns(table: Table, context: Context) -> list[tuple[int, Column]]:
    """The columns whose figures are this year's scores: a column of another year is none; two of the same kind cannot be told apart."""
    found = [(number, column) for number, column in enumerate(table.columns) if column.role == "score"]
    if any(column.fiscal_year for _, column in found):
        found = [(number, column) for number, column in found if column.fiscal_year == context.results_year]
    parts = [column.part for _, column in found]
    if len(set(parts)) != len(parts):
        context.note("document_two_score_columns", table.place, " / ".join(column.header for _, column in found))
        return []
    return found


def _score(cell: Cell, what: str, context: Context) -> str:
    """The score in a cell as plain figures, '' if it is empty or no number (which is noted)."""
    written = cell.text.replace("\n", " ").strip()
    if not written or set(written) <= set("-–— ."):
        return ""
    value = normalise.number(written)
    if value is None or not 0 <= value <= 100:
        context.note("document_unreadable_score", cell.place, written, code=what)
        return ""
    return format(value, "f")


def _items(table: Table, scores: list[tuple[int, Column]], context: Context) -> list[dict[str, str]]:
    known = context.items()
    position = table.roles().index("item")
    rows, repaired = [], []
    read = [_codes_of(row, position, len(table.columns)) for row in table.rows]
    for index, row in enumerate(table.rows):
        place, cell_codes = read[index]
        if not cell_codes and place is not None:
            before = next((pair[1][-1] for pair in reversed(read[:index]) if pair[1]), "")
            after = next((pair[1][0] for pair in read[index + 1:] if pair[1]), "")
            code = codes.by_order(row[place].text, before, after, known)
            if code:
                context.note("document_code_by_order", row[place].place, row[place].text, code=code, neighbours=f"{before} {after}".strip())
                read[index] = place, [code]
                cell_codes = [code]
        if not cell_codes:
            continue
        if any(codes.repaired(part) for part in row[place].text.split("\n")):
            repaired.append((row[place], cell_codes))
        for number, column in scores:
            shift = place - position
            rows += _item_rows(row, place, number + shift, cell_codes, column, len(scores) == 1, context)
    if repaired:
        context.note("document_code_repaired", repaired[0][0].place, ", ".join(cell.text.replace("\n", " ") for cell, _ in repaired),
                     code=", ".join(code for _, cell_codes in repaired for code in cell_codes))
    return rows


def _codes_of(row: list[Cell], position: int, width: int) -> tuple[int | None, list[str]]:
    """(place in the row, codes) of the cell with item codes: the item column, or the only such cell of a row that lost or won cells."""
    places = [position] if position < len(row) and (len(row) == width or codes.one(row[position].text)) else range(len(row))
    found = [(place, cell_codes) for place in places if (cell_codes := _codes_in(row[place].text))]
    if len(found) == 1:
        return found[0]
    return (position if position < len(row) else None), []


def _codes_in(written: str) -> list[str]:
    """The codes of an item cell: one alone, one before its question, or several and nothing else."""
    code = codes.one(written)
    if code:
        return [code]
    parts = [part for part in re.split(r"[\n,;]+|(?=ข้อ)|(?=ซื้อ)", written) if part.strip()]
    several = [codes.one(part) for part in parts]
    if len(several) > 1 and all(several):
        return several
    lead = codes.leading(written)
    return [lead[0]] if lead and len(codes.all_in(written)) == 1 and re.match(r"[\s:.)\n]", lead[1]) else []


def _item_rows(row: list[Cell], place: int, number: int, cell_codes: list[str], column: Column, alone: bool, context: Context) -> list[dict[str, str]]:
    cell = row[number] if 0 <= number < len(row) else None
    if alone and (cell is None or not cell.text):
        cell = _next_figure(row[place + 1:]) or cell
    if cell is None:
        return []
    values = [part for part in re.split(r"\s+", cell.text) if part]
    if len(cell_codes) > 1 and len(values) != len(cell_codes):
        context.note("document_codes_without_own_score", cell.place, cell.text.replace("\n", " "), code=", ".join(cell_codes))
        return []
    cells = [Cell(value, cell.place) for value in values] if len(cell_codes) > 1 else [cell]
    rows = []
    for code, each in zip(cell_codes, cells, strict=True):
        score = _score(each, code, context)
        if score:
            rows.append(context.row(each.place, context.results_year, level="item", code=code, part=column.part if code[0] == "e" else "",
                                    score=score, rating="", remark="", flagged=""))
    return rows


def _next_figure(cells: list[Cell]) -> Cell | None:
    """The first cell with text, if it is a figure that can only be a score (not the indicator number of a following row)."""
    cell = next((cell for cell in cells if cell.text), None)
    value = normalise.number(cell.text) if cell else None
    return cell if value is not None and (value == 0 or value > 11) else None


def _indicators(table: Table, scores: list[tuple[int, Column]], context: Context) -> list[dict[str, str]]:
    rows = []
    for row in table.rows:
        cell = table.get(row, "indicator" if table.has("indicator") else "no")
        title = table.get(row, "title").text
        written = normalise.digits(cell.text)
        match = re.match(r"(?:ตัวชี้วัด(?:ย่อย)?ที่\s*)?(\d{1,2}(?:\.\d)?)\.?(?:\s|$)", written)
        if not match or not scores or len(row) > len(table.columns):
            rows += _instruments_of(row, table, scores, context)
            continue
        code, rest = match[1], written[match.end():].strip()
        title = title or rest
        level = "sub_indicator" if "." in code else "indicator"
        known = framework.sub_indicators(context.results_year or 0) if level == "sub_indicator" else {str(n): t for n, t in framework.indicators(
            context.results_year or max(framework.years())).items()}
        if code not in known or not title:
            continue
        if not framework.same_title(title, known[code], 80):
            context.note("document_title_differs", cell.place, title.replace("\n", " "), code=code, title=known[code])
        for number, column in scores:
            score = _score(row[number], code, context) if number < len(row) else ""
            if score and not column.part:
                rows.append(context.row(row[number].place, context.results_year, level=level, code=code, part="", score=score, rating="", remark="", flagged=""))
    return rows


def _instruments(table: Table, scores: list[tuple[int, Column]], context: Context) -> list[dict[str, str]]:
    return [found for row in table.rows for found in _instruments_of(row, table, scores, context)]


def _instruments_of(row: list[Cell], table: Table, scores: list[tuple[int, Column]], context: Context) -> list[dict[str, str]]:
    """The score of a row that is about a whole instrument ('IIT', 'EIT ส่วนที่ 1')."""
    number = scores[0][0] if len(scores) == 1 else None
    labels = " ".join(cell.text for place, cell in enumerate(row) if place != number)
    named = set(re.findall(r"(?<![A-Za-z])(IIT|EIT|OIT)(?![A-Za-z])", labels))
    if number is None or number >= len(row) or len(named) != 1 or re.search(r"ตัวชี้วัดที่|\d\.\d", normalise.digits(labels)) or table.has("title"):
        return []
    code = named.pop()
    score = _score(row[number], code, context)
    part = blocks.eit_part(labels) if code == "EIT" else ""
    return [context.row(row[number].place, context.results_year, level="instrument", code=code, part=part, score=score, rating="", remark="", flagged="")] if score else []
