"""Scores in tables: items, indicators and instruments from the columns of scores. Exact or silent.

A table's caption governs it (`captions`): one that speaks of others, of another year, another
assessment or another quantity leaves nothing of its table to be taken.
"""

import re

from ingestion import normalise
from ingestion.documents import believed, beside, blocks, captions, codes, titles, unread
from ingestion.documents.blocks import Cell, Column, Line, Table
from ingestion.documents.claims import Claim, note_not_taken
from ingestion.documents.context import Context

Rows = list[dict[str, str]]


def read(document: list[Line | Table], context: Context) -> tuple[Rows, list[Claim]]:
    """(rows of `scores`, claims that are not taken) of the tables with a column of scores."""
    rows: Rows = []
    told: list[Claim] = []
    part = ""
    governed = captions.Governing(context)
    told += unread.without_header(document, context)
    for number, block in enumerate(document):
        if isinstance(block, Line):
            part = _part_of_heading(block.text) if len(block.text) < 200 else ""
            governed.line(block)
            continue
        if not block.has("score"):
            governed.other_table(block)
            continue
        obstacle, because = governed.table(block)
        if not obstacle:
            obstacle, because = governed.below(document[number + 1 : number + 4])
        if not obstacle:
            obstacle, because = _another_year(block, context)
        if not obstacle:
            obstacle, because = believed.counted_amiss(block)
        before = len(told), len(context.findings)
        found = _from_table(believed.without_others(block, governed, told), part, context)
        if not obstacle:
            obstacle, because = believed.points(block, found, context)
        if obstacle and found:
            told.append(believed.not_taken(found, obstacle, because))
        else:
            rows += found
            told += unread.overall(block) if found else []
        if not found and before == (len(told), len(context.findings)):
            told += unread.nothing_taken(block, obstacle, because)
    return rows, told


def _part_of_heading(written: str) -> str:
    """The EIT part that a heading announces; 'ส่วนที่ 1' alone is only a section of the document."""
    named = re.search(r"EIT|public|survey|ตอบด้วยตนเอง|ผู้ประเมินจัดเก็บ", written, re.IGNORECASE)
    return blocks.eit_part(written) if named else ""


def _from_table(table: Table, part: str, context: Context) -> Rows:
    """The scores of a table under a heading that announces the EIT part `part` ('' if none)."""
    scores = _score_columns(table, context)
    if not scores:
        return []
    if table.has("item"):
        return _items(table, scores, part, context)
    if table.has("indicator") or table.has("no"):
        return _indicators(table, scores, context)
    return (
        [found for row in table.rows for found in _instrument(row, table, scores, context)]
        if table.has("instrument")
        else []
    )


def _another_year(table: Table, context: Context) -> tuple[str, str]:
    """The year that the header of a table's labels says: a row ปี 2566 right below the header."""
    labels = (column for column in table.columns if column.role not in ("score", "other"))
    year = next((each.fiscal_year for each in labels if each.fiscal_year), None)
    return ("year", str(year)) if year not in (None, context.results_year) else ("", "")


def _score_columns(table: Table, context: Context) -> list[tuple[int, Column]]:
    """The columns whose figures are this year's scores: a column of another year is none; two of
    the same kind cannot be told apart.
    """
    found = [
        (number, column) for number, column in enumerate(table.columns) if column.role == "score"
    ]
    if any(column.fiscal_year for _, column in found):
        found = [
            (number, column)
            for number, column in found
            if column.fiscal_year == context.results_year
        ]
    parts = [column.part for _, column in found]
    if len(set(parts)) != len(parts):
        context.note(
            "two_score_columns", table.place, " / ".join(column.header for _, column in found)
        )
        return []
    return found


def _score(cell: Cell, code: str, context: Context) -> str:
    """The score in a cell as plain figures, '' if it is empty or no number from 0 to 100 (which is
    noted).
    """
    if set(cell.text) <= set("-–— .\n"):
        return ""
    first, _, rest = cell.text.partition("\n")
    apart = re.fullmatch(r"\d{1,3}\.\d\d|100", normalise.digits(first)) and not re.search(
        r"\d", normalise.digits(rest)
    )
    said = (
        first if apart else cell.text
    )  # a running title or a note below a whole figure is not part of it
    value, written = normalise.number(said), normalise.digits(said)
    if value is None or not 0 <= value <= 100 or written[-1:] in ".," or re.match(r"0\d", written):
        context.note("unreadable_figure", cell.place, cell.text, code=code)
        return ""
    return format(value, "f")


# --- items ----------------------------------------------------------------------------------------


def _items(table: Table, scores: list[tuple[int, Column]], part: str, context: Context) -> Rows:
    known = context.items()
    position = table.roles().index("item")
    table.rows = [_apart(row) for row in table.rows]
    read = [_codes_of(row, position, len(table.columns)) for row in table.rows]
    rows: Rows = []
    repaired: list[tuple[Cell, list[str]]] = []
    before = ""
    for index, row in enumerate(table.rows):
        instrument = table.get(row, "instrument").text
        part = (
            _part_of_heading(instrument) or part if instrument and len(instrument) <= 30 else part
        )
        place, found = read[index]
        if not found and place is not None and codes.lacks_letter(row[place].text):
            after = next((below[0] for _, below in read[index + 1 : index + 2] if below), "")
            found = [
                code for code in [codes.by_order(row[place].text, before, after, known)] if code
            ]
            repaired += [(row[place], found)] if found else []
        elif (
            found
            and place is not None
            and any(codes.repaired(line) for line in row[place].text.split("\n"))
        ):
            repaired.append((row[place], found))
        before = found[-1] if found else before
        if not found or place is None:
            continue
        for number, column in scores:
            whole = (
                place == position and len(row) == len(table.columns) or table.has("other")
            )  # its empty cells are empty
            rows += _of_items(
                row,
                place,
                number + place - position,
                found,
                column.part or part,
                len(scores) == 1,
                whole,
                context,
            )
    if repaired:
        context.note(
            "read_by_repair",
            repaired[0][0].place,
            ", ".join(cell.text for cell, _ in repaired),
            expected=", ".join(code for _, found in repaired for code in found),
        )
    return rows


def _apart(row: list[Cell]) -> list[Cell]:
    """The row with a cell 'ข้อ i1 92.65' as two cells."""
    apart = []
    for cell in row:
        words = cell.text.split()
        both = (
            len(words) > 1
            and codes.one(" ".join(words[:-1]))
            and normalise.number(words[-1]) is not None
        )
        apart += (
            [Cell(" ".join(words[:-1]), cell.place), Cell(words[-1], cell.place)]
            if both
            else [cell]
        )
    return apart


def _codes_of(row: list[Cell], position: int, width: int) -> tuple[int | None, list[str]]:
    """(place in the row, codes) of the cell with item codes: the item column, or the only such cell
    of a row that lost or won cells.
    """
    whole = position < len(row) and (len(row) == width or codes.one(row[position].text))
    found = [
        (place, read)
        for place in ([position] if whole else range(len(row)))
        if (read := _codes_in(row[place].text))
    ]
    return found[0] if len(found) == 1 else (position if position < len(row) else None, [])


def _codes_in(written: str) -> list[str]:
    """The codes of an item cell: one alone, one before its question, or several and nothing
    else.
    """
    if code := codes.one(written):
        return [code]
    several = [
        codes.one(part) for part in re.split(r"[\n,;]+|(?=ข้อ)|(?=ซื้อ)", written) if part.strip()
    ]
    if len(several) > 1 and all(several):
        return several
    lead = codes.leading(written)
    return (
        [lead[0]]
        if lead and len(codes.all_in(written)) == 1 and re.match(r"[\s:.)\n]", lead[1])
        else []
    )


def _of_items(
    row: list[Cell],
    place: int,
    number: int,
    found: list[str],
    part: str,
    alone: bool,
    whole: bool,
    context: Context,
) -> Rows:
    """The scores of the items of one row in one column; `part` is EIT's, where it is stated.

    `whole`: no cell of the row was lost.
    """
    cell = row[number] if 0 <= number < len(row) else None
    if alone and not whole and (cell is None or not cell.text):
        cell = _next_figure(row[place + 1 :]) or cell
    if cell is None:
        return []
    beside = row[row.index(cell) + 1].text if alone and cell is not row[-1] else ""
    if re.fullmatch(
        r"[0-9.,]+", normalise.digits(beside)
    ):  # a stray tab may have cut the figure in two
        context.note(
            "unreadable_figure", cell.place, f"{cell.text} {beside}", code=", ".join(found)
        )
        return []
    values = cell.text.split() if len(found) > 1 else [cell.text]
    if len(values) != len(found):
        if cell.text:
            context.note("codes_without_own_score", cell.place, cell.text, code=", ".join(found))
        return []
    rows = []
    for code, value in zip(found, values, strict=True):
        score = _score(Cell(value, cell.place), code, context)
        rows += (
            [context.score(cell.place, "item", code, part if code[0] == "e" else "", score)]
            if score
            else []
        )
    return rows


def _next_figure(cells: list[Cell]) -> Cell | None:
    """The first cell with text, if it is a figure that can only be a score (not the indicator
    number of a following row).
    """
    cell = next((cell for cell in cells if cell.text), None)
    value = normalise.number(cell.text) if cell else None
    return cell if value is not None and (value == 0 or value > 11) else None


# --- indicators and instruments -------------------------------------------------------------------


def _indicators(table: Table, scores: list[tuple[int, Column]], context: Context) -> Rows:
    """The scores of a table whose rows are indicators, sub-indicators or instruments."""
    rows: Rows = []
    before = 0
    if believed.numbers_of_a_list(table, context):
        return []
    for row in table.rows:
        found = _indicator(row, table, scores, before, context)
        rows += found
        before = next((int(each["code"]) for each in found if each["level"] == "indicator"), before)
    return rows


def _indicator(
    row: list[Cell], table: Table, scores: list[tuple[int, Column]], before: int, context: Context
) -> Rows:
    """The score of a row that begins with an indicator's or sub-indicator's number and names its
    title. `before`: the indicator of the row before.
    """
    cell, code, title = beside.numbered(table, row)
    if not code or len(row) > len(table.columns):
        return _instrument(row, table, scores, context)
    known = context.framework_year()
    level = (
        "indicator"
        if code in known.indicators
        else "sub_indicator"
        if code in known.sub_indicators
        else ""
    )
    if not level or not titles.key(title):
        return []
    if level == "sub_indicator" and (other := titles.other_sub_indicator(code, title)):
        words = " | ".join(each.text for each in row)
        note_not_taken(context, Claim(code, code, cell.place, words, "title", other))
        return []
    if level == "indicator" and not titles.same(title, known.indicator_names[code], 80):
        context.note(
            "title_differs", cell.place, title, code=code, expected=known.indicator_names[code]
        )
        agreed = titles.agreed(int(code), title, before, context.results_year)
        titled = titles.indicator_of(title, context.results_year)
        code = str(agreed) if agreed and (titled or titles.resembles(agreed, title)) else ""
    rows = []
    for number, column in scores if code else ():
        score = _score(row[number], code, context) if number < len(row) and not column.part else ""
        rows += [context.score(row[number].place, level, code, "", score)] if score else []
    return rows


def _instrument(
    row: list[Cell], table: Table, scores: list[tuple[int, Column]], context: Context
) -> Rows:
    """The score of a row that is about a whole instrument ('IIT', 'EIT ส่วนที่ 1')."""
    number = scores[0][0] if len(scores) == 1 else len(row)
    figures = {at for at, column in enumerate(table.columns) if column.role in ("score", "other")}
    labels = " ".join(cell.text for at, cell in enumerate(row) if at not in {number, *figures})
    named = set(re.findall(r"(?<![A-Za-z])(IIT|EIT|OIT)(?![A-Za-z])", labels))
    if (
        number >= len(row)
        or len(named) != 1
        or table.has("title")
        or re.search(r"ตัวชี้วัดที่|\d\.\d", normalise.digits(labels))
    ):
        return []
    code = named.pop()
    score = _score(row[number], code, context)
    part = blocks.eit_part(labels) if code == "EIT" else ""
    return [context.score(row[number].place, "instrument", code, part, score)] if score else []
