"""Measures for the next year: one for each entry of a table with a column of measures (or, in
progress reports, of issues).
"""

import re
from dataclasses import dataclass, field

from ingestion import normalise
from ingestion.documents import blocks, codes, remarks, timeframes, titles
from ingestion.documents.blocks import Cell, Line, Table
from ingestion.documents.context import Context


@dataclass
class Measure:
    """A measure being read; `cells` holds the texts by role, `row` and `table` where its result
    stands.
    """

    place: str
    topic: int | None
    indicator: int | None
    cells: dict[str, list[str]]
    codes: list[str] = field(default_factory=list)
    places: dict[str, str] = field(default_factory=dict)

    def text(self, role: str) -> str:
        """The text of a role on one line."""
        return normalise.text(" ".join(self.cells[role]))


_ROLES = ("measure", "steps", "responsible", "period", "followup", "due", "result")


def read(document: list[Line | Table], context: Context) -> list[Measure]:
    """The measures in the order of the document; entries split over pages are put together."""
    found: list[Measure] = []
    topic, indicator, of_heading, headed = None, None, None, False
    for block in document:
        if isinstance(block, Line):
            topic = remarks.heading_topic(block, context) or topic
            if _is_heading(block):
                of_heading, headed = _indicator_of_heading(block.text, context), True
            continue
        if not _of_measures(block):
            continue
        for number, row in enumerate(block.rows):
            subject = _subject(block, row)
            begun = _begins(subject, block, context)
            if not _readable(block, number, subject, begun, context):
                continue
            if _continues(block, row, begun, number == 0 and not headed, bool(found)):
                _append(found[-1], block, row)
                continue
            if not _says_something(block, row):
                continue
            indicator = None if subject.text else indicator
            if block.has("topic") and subject.text:
                # none where the cell names something else
                topic = remarks.topic_of_cell(subject, context)
            if begun:
                before = found[-1].indicator if found else 0
                indicator = _indicator(subject, block, of_heading, before, context)
            found.append(_new(block, row, topic, indicator))
            if not subject.text:
                _take_items_from_above(found)
        headed = False
    _codes(found, context)
    return found


def _is_heading(line: Line) -> bool:
    """Whether a line begins a section or an entry, and is no running title."""
    return blocks.is_heading(line.text) or bool(re.match(r"[0-9๐-๙]{1,2}\s*[.)]?\s*\D", line.text))


def _of_measures(block: Table) -> bool:
    """Whether a table is one of measures (or, in progress reports, of issues and results)."""
    return (block.has("measure") or block.has("issue")) and (
        block.has("responsible") or block.has("period") or block.has("result")
    )


def _subject(block: Table, row: list[Cell]) -> Cell:
    """The cell that says what a row is about."""
    roles = [role for role in ("topic", "indicator", "issue") if block.has(role)]
    return block.get(row, roles[0]) if roles else Cell("", block.place)


def _readable(block: Table, number: int, subject: Cell, begun: bool, context: Context) -> bool:
    """Whether the cells of a row stand in their columns; a doubtful row is noted."""
    row, width = block.rows[number], len(block.columns)
    after_short = number > 0 and len(block.rows[number - 1]) < width
    of_scores = any(
        re.fullmatch(r"\d{1,3}[.,]\d{2}\s*%?", normalise.digits(cell.text))
        for column, cell in zip(block.columns, row, strict=False)
        if column.role != "other"
    )  # the rows of a table of scores right below, whose header is not known
    headed = blocks.column(subject.text) if begun or subject.text else None
    of_scores = of_scores or headed is not None and headed.role in ("indicator", "instrument")
    odd = of_scores or len(row) > width or block.loose and len(row) < width
    if not odd and not _displaced(row, subject, begun, after_short, block):
        return True
    written = " | ".join(cell.text for cell in row if cell.text)
    context.note("unreadable_row", row[0].place, written, context.measures_year)
    return False


def _says_something(block: Table, row: list[Cell]) -> bool:
    """False for a heading, an empty row, or a line of text under which nothing is said."""
    if not block.get(row, "measure" if block.has("measure") else "issue").text:
        return False
    return any(block.get(row, role).text for role in ("responsible", "steps", "period", "result"))


def _take_items_from_above(found: list[Measure]) -> None:
    """The items of a row whose cells are merged with those of the row above."""
    if len(found) > 1 and not found[-1].cells["item"]:
        found[-1].cells["item"] = found[-2].cells["item"]
        found[-1].places["item"] = found[-2].places.get("item", "")


def rows(found: list[Measure], context: Context) -> list[dict[str, str]]:
    """Rows of `measures`, numbered from 1, with the time frames as dates."""
    result = []
    for number, measure in enumerate(found, 1):
        starts_on, ends_on = _time_frame(measure, context)
        result.append(
            context.row(
                measure.place,
                context.measures_year,
                measure_no=number,
                topic_no=measure.topic,
                indicator_no=measure.indicator,
                item_codes="|".join(measure.codes),
                measure_th=measure.text("measure"),
                steps_th=measure.text("steps"),
                responsible_th=measure.text("responsible"),
                starts_on=starts_on,
                ends_on=ends_on,
                followup_th=measure.text("followup"),
            )
        )
    return result


def _begins(subject: Cell, block: Table, context: Context) -> bool:
    """Whether the first cell of a row begins a new topic, indicator or issue."""
    if block.has("topic"):
        return titles.topic_of(subject.text) is not None
    if block.has("indicator"):
        return titles.begins_entry(subject.text) or _titled(subject.text, context) is not None
    return bool(subject.text)


def _displaced(
    row: list[Cell], subject: Cell, begun: bool, after_short: bool, block: Table
) -> bool:
    """Whether a row may be the rest of a broken one, so that its cells stand in wrong columns: it
    or the row before lacks cells.
    """
    missing = len(block.columns) - len(row)
    return (
        missing > 1
        and block.has("issue")
        or (missing > 0 or after_short)
        and bool(subject.text)
        and not begun
    )


def _continues(
    block: Table, row: list[Cell], begun: bool, after_page_break: bool, any_before: bool
) -> bool:
    """Whether a row is the rest of the entry before: it has no measure, or only the rest of one on
    a new page.
    """
    if begun or not any_before:
        return False
    if not block.get(row, "measure" if block.has("measure") else "issue").text:
        return True
    alone = not any(block.get(row, role).text for role in ("responsible", "period", "result"))
    return alone and after_page_break


def _new(block: Table, row: list[Cell], topic: int | None, indicator: int | None) -> Measure:
    measure = Measure(
        "", topic, indicator, {role: [] for role in (*_ROLES, "item", "remark", "issue")}
    )
    _append(measure, block, row)
    if block.has("issue") and not block.has("measure"):
        measure.cells["measure"] = measure.cells["issue"]
    measure.place = block.get(row, "measure" if block.has("measure") else "issue").place
    return measure


def _append(measure: Measure, block: Table, row: list[Cell]) -> None:
    for role, texts in measure.cells.items():
        cell = block.get(row, role)
        if block.has(role) and cell.text:
            texts.append(cell.text)
            measure.places.setdefault(role, cell.place)


# --- what a measure is about ----------------------------------------------------------------------


def _indicator_of_heading(heading: str, context: Context) -> int | None:
    match = re.search(r"ตัวชี้วัด(?:ด้าน|ที่\s*[0-9๐-๙]{1,2})\s*[.:]?\s*(.+)$", heading)
    return titles.indicator_of(match[1], _titles_year(context)) if match else None


def _titled(written: str, context: Context) -> int | None:
    """The indicator whose title a cell begins with (its number may be a list's, which is not
    text).
    """
    return titles.indicator_of(
        re.split(r"หมายถึง|\n", written)[0].strip(" -•▪■"), _titles_year(context)
    )


def _titles_year(context: Context) -> int | None:
    return context.results_year or context.measures_year


def _indicator(
    subject: Cell, block: Table, of_heading: int | None, before: int | None, context: Context
) -> int | None:
    """The one indicator that the first cell names: by number in a table by indicators, else by its
    title. `before`: that of the measure before.
    """
    known = titles.indicators(_titles_year(context))
    if block.has("indicator"):
        match = re.match(r"(?:ตัวชี้วัดที่)?\s*(\d{1,2})\s*[.:)]?\s*", normalise.digits(subject.text))
        number = int(match[1]) if match and int(match[1]) in known else None
        title = (
            re.split(r"หมายถึง", normalise.digits(subject.text)[match.end() :])[0] if match else ""
        )
        if number and not titles.same(title, known[number], 80):
            context.note(
                "title_differs",
                subject.place,
                title.strip(),
                code=str(number),
                expected=known[number],
            )
        return (
            titles.agreed(number, title.strip(" -•▪■"), before or 0, _titles_year(context))
            if number
            else _titled(subject.text, context)
        )
    stated = re.search(r"ตัวชี้วัดที่\s*(\d{1,2})(?![\d.])", normalise.digits(subject.text))
    if stated and int(stated[1]) in known:
        return int(stated[1])
    named = {
        titles.indicator_of(line.strip(" -•▪■"), _titles_year(context))
        for line in re.split(r"\n|\(ต่อ\)", subject.text)
    } - {None}
    if named:
        return named.pop() if len(named) == 1 else None
    return of_heading if block.has("issue") else None


def _codes(found: list[Measure], context: Context) -> None:
    """Fill in the item codes: of the column of items, of the entries of the analysis, or at the
    beginning of the issue.
    """
    known = context.items()
    for measure in found:
        if measure.cells["item"]:
            measure.codes = _listed(
                " ".join(measure.cells["item"]), measure.places["item"], context
            )
        elif measure.cells["issue"]:
            lead = codes.leading(measure.cells["issue"][0])
            measure.codes = [lead[0]] if lead else []
        elif measure.cells["remark"]:
            entries: list[remarks.Entry] = []
            remarks.read_cell(
                Cell("\n".join(measure.cells["remark"]), ""), None, "", False, entries, context
            )
            measure.codes = list(dict.fromkeys(code for entry in entries for code in entry.codes))
    for index, measure in enumerate(found):
        if measure.cells["issue"] and not measure.codes:
            before = found[index - 1].codes[-1] if index and found[index - 1].codes else ""
            after = (
                found[index + 1].codes[0]
                if index + 1 < len(found) and found[index + 1].codes
                else ""
            )
            code = codes.by_order(measure.cells["issue"][0], before, after, known)
            if code:
                context.note(
                    "read_by_repair", measure.place, measure.text("measure")[:40], expected=code
                )
                measure.codes = [code]
    for measure in found:
        unknown = [code for code in measure.codes if code not in known]
        if unknown:
            context.note(
                "text_names_unknown_item",
                measure.place,
                measure.text("measure"),
                code=", ".join(unknown),
            )
            measure.codes = [code for code in measure.codes if code in known]


def _listed(written: str, place: str, context: Context) -> list[str]:
    """All codes of an item cell, ranges (i1 - i3) written out."""
    found: list[str] = []
    repaired = []
    end = 0
    for code, words, start in codes.all_in(written, zeros=True):
        between = written[end:start]
        ranges = re.fullmatch(r"\s*(?:-|–|ถึง)\s*(?:ข้อ)?\s*", between)
        if found and ranges and found[-1][0] == code[0]:
            found += [
                f"{code[0]}{number}" for number in range(int(found[-1][1:]) + 1, int(code[1:]))
            ]
        found.append(code)
        if words[0] in "๐0":
            repaired.append(words)
        end = start + len(words)
    if repaired:
        context.note(
            "read_by_repair",
            place,
            " ".join(repaired),
            expected=", ".join(code for code in found if code[0] == "o"),
        )
    return list(dict.fromkeys(found))


# --- when -----------------------------------------------------------------------------------------


def _time_frame(measure: Measure, context: Context) -> tuple[str, str]:
    """(first day, last day) as ISO dates, '' where unknown; what is not understood is noted."""
    if not measure.cells["period"]:
        return "", ""
    written = measure.text("period")
    period = timeframes.period(written, context.measures_year)
    if period is None:
        context.note(
            "unreadable_time_frame",
            measure.places["period"],
            written,
            fiscal_year=context.measures_year,
        )
        return "", ""
    return period.starts_on.isoformat() if period.starts_on else "", period.ends_on.isoformat()
