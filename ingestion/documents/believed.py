"""Which tables and rows may be believed: what arithmetic, titles and labels say of them."""

import re
from dataclasses import replace

from ingestion import framework, normalise
from ingestion.documents import captions, codes, titles
from ingestion.documents.beside import Beside, numbered
from ingestion.documents.blocks import Cell, Column, Table
from ingestion.documents.claims import Claim, note_not_taken
from ingestion.documents.context import Context

Rows = list[dict[str, str]]
_SECTION = 60  # characters of a row that heads those below it


def not_taken(found: Rows, obstacle: str, because: str) -> Claim:
    words = ", ".join(f"{row['code']} {row['score']}" for row in found[:12])
    return Claim("table", str(len(found)), found[0]["place"], words, obstacle, because)


def without_others(table: Table, governed: captions.Governing, told: list[Claim]) -> Table:
    """The table without rows whose label or note speaks of others, of another year or another
    quantity, or that stand below such a label in a row of its own (ปี 2566, no figure beside it).
    """
    if table.has("measure"):
        return table
    kept, section = [], governed.section  # a table under the same header again goes on
    headed = False  # whether the row above heads this one
    beside = Beside(governed)
    for column in _hardly_filled(table):  # written a cell a line, a row below the header joins it
        section = next(filter(any, (governed.row(column.header), section)), section)
    for row in table.rows:
        label, figures = _label(row, table)
        if not figures and (found := governed.note_below(label))[0]:  # a note of the whole table
            told.append(Claim("row", str(len(row)), row[0].place, label, *found))
            return replace(table, rows=[])
        heads = not figures and 0 < len(label) <= _SECTION and not codes.leading(label)
        own = governed.row(label, heads and (len(row) == 1 or not label[:1].isdecimal()))
        bracketed = _of_label(table, row, label, governed) if figures else ("", "")
        own = bracketed if bracketed[0] else own
        if heads:
            ends = not headed and governed.ends_section(label, section[0], len(row) == 1)
            section = own if own[0] or ends else section
            governed.section = section
        headed = heads
        obstacle, because = own if own[0] else section
        if obstacle and table.has("item") and not section[0] and not bracketed[0]:
            obstacle = ""
        elif own[0] and figures:
            beside.others = own
        elif figures and not obstacle:
            obstacle, because = beside.row(table, row, label)
        if obstacle:
            told.append(Claim("row", str(len(row)), row[0].place, label, obstacle, because))
        else:
            kept.append(row)
        for cell in row[len(table.columns) :]:  # a row in one cell that was counted to this one
            section = next(filter(any, (governed.note(cell.text), section)), section)
    if table.rows and section[0] and (headed or len(table.rows[-1]) > len(table.columns)):
        told += [not_below(table, section)] if kept else []
        return replace(table, rows=[])  # the last row heads nothing: it is a note on all of them
    return replace(table, rows=kept)


def not_below(table: Table, found: tuple[str, str]) -> Claim:
    """The claim of a table whose last row says that it is others'."""
    words = " ".join(cell.text for cell in table.rows[-1])
    return Claim("table", str(len(table.rows)), table.place, words, *found)


def _of_label(
    table: Table, row: list[Cell], label: str, governed: captions.Governing
) -> tuple[str, str]:
    """What a label says behind the name of its row: (จังหวัด), ข้อ i1 (ปี 2566), IIT เป้า."""
    if table.has("item"):
        code = table.get(row, "item").text
        return governed.bracket(code) if codes.one(code.partition("(")[0].strip()) else ("", "")
    if table.has("instrument") and not table.has("title") and not table.has("indicator"):
        return governed.instrument(label)
    return governed.bracket(label)


def counted_amiss(table: Table) -> tuple[str, str]:
    """The words that stand where a score should in a table written a cell a line: its header has a
    column that is not known, and every row is counted off one cell amiss.
    """
    if table.by_cell:
        for number in (at for at, column in enumerate(table.columns) if column.role == "score"):
            for row in table.rows:
                cell = row[number].text if number < len(row) == len(table.columns) else ""
                if re.search("[ก-๎A-Za-z]", cell) and not re.search("[0-9๐-๙]|^-|^ไม่", cell):
                    return "several", cell[:60]
    return "", ""


def _hardly_filled(table: Table) -> list[Column]:
    """The columns in which at most every fourth row has something."""
    return [
        column
        for number, column in enumerate(table.columns)
        if 4 * sum(any(cell.text for cell in row[number : number + 1]) for row in table.rows)
        <= len(table.rows)
    ]


def _label(row: list[Cell], table: Table) -> tuple[str, bool]:
    """(what a row calls itself, whether a figure stands in a column of scores)."""
    named = ("indicator", "instrument", "title", "no")
    pairs = list(zip(table.columns, row, strict=False))
    labels = [cell.text for column, cell in pairs if column.role in named]
    alone = {cell.text for cell in row if cell.text}
    if len(row) == 1 or len(alone) == 1 and normalise.number(*alone) is None:
        return "".join(alone), False  # whatever column it stands in
    scores = [cell.text for column, cell in pairs if column.role == "score"]
    words = [written for written in scores if _is_words(written)]  # ปี 2566
    figures = any(re.search(r"\d", normalise.digits(each)) for each in scores if each not in words)
    return " ".join([*labels, *words]), figures


def _is_words(written: str) -> bool:
    """Whether a cell begins with words that make its number none of a score."""
    begins = re.match("[^0-9๐-๙]*[ก-๎]{2}[^0-9๐-๙]*[0-9๐-๙]", written)
    return begins is not None and normalise.number(written) is None


def _full_marks(table: Table) -> set[str]:
    """The figures other than 100 in columns of full marks or weights."""
    return {
        cell.text
        for number, column in enumerate(table.columns)
        if re.search("เต็ม|น้ำหนัก", column.header) and column.role != "score"
        for row in table.rows
        for cell in row[number : number + 1]
        if normalise.number(cell.text) not in (None, 100)
    }


def points(table: Table, found: Rows, context: Context) -> tuple[str, str]:
    """Whether the scores of a table are weighted points (26.17 of 30).

    So it is where a column of full marks says something else than 100, or where no instrument is
    above its weight of the framework: scores that low in all are none that were ever published. A
    single OIT may be (40 of 100).
    """
    if marks := _full_marks(table):
        return "points", ", ".join(sorted(marks)[:4])
    year = context.framework_year()
    weights = year.weights
    scores = {
        row["code"]: score
        for row in found
        if row["level"] == "instrument" and (score := normalise.number(row["score"])) is not None
    }
    if (len(scores) >= 2 or set(scores) & {"IIT", "EIT"}) and all(
        scores[code] <= weights[code] for code in scores
    ):
        return "points", ", ".join(f"{code} {score}" for code, score in scores.items())
    labels = " ".join(cell.text for row in table.rows for cell in row)
    for code, score in scores.items():  # OIT (40) | 39.25
        if score <= weights[code] and re.search(rf"{code}\s*\([^\d)]*{weights[code]:g}\D", labels):
            return "points", f"{code} {score}"
    return _points_of_indicators(found, year)


def _points_of_indicators(found: Rows, year: framework.Year) -> tuple[str, str]:
    """Three indicators or more, none of which is above its share of the overall score."""
    shares = {
        code: year.weights[own] / list(year.indicators.values()).count(own)
        for code, own in year.indicators.items()
    }
    scores = {row["code"]: row["score"] for row in found if row["code"] in shares}
    low = all(float(score) <= shares[code] for code, score in scores.items())
    return ("points", ", ".join(scores.values())) if low and len(scores) >= 3 else ("", "")


def numbers_of_a_list(table: Table, context: Context) -> bool:
    """Whether the numbers before the titles number the rows (a list from best to worst): two or
    more of them are not those of their titles. Nothing of such a table is taken: which of the two
    is meant is the sender's to say. One alone is a slip (S4, row 10), that its neighbours decide.
    """
    known = titles.indicators(context.results_year)
    wrong = []
    for row in table.rows:
        _, number, title = numbered(table, row)
        titled = titles.indicator_of(title, context.results_year)
        if number.isdecimal() and titled and int(number) in known:
            wrong += [f"{number} {title}"] if titled != int(number) else []
    if len(wrong) < 2:
        return False
    count, words = str(len(table.rows)), ", ".join(wrong[:4])
    note_not_taken(context, Claim("table", count, table.place, words, "list"))
    return True
