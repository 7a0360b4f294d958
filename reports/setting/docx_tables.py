"""Tables of the DOCX, as XML: data, figures at a glance, the place for signature and seal.

`body` gives paragraphs and runs (`setting.docx.Body`).
"""

from typing import Any

from reports.blocks import Text, bold
from reports.setting import palette

TWIPS = 56.6929  # a millimetre
SIDES = {"l": "left", "c": "center", "r": "right"}
AFTER = '<w:p><w:pPr><w:pStyle w:val="AfterTable"/></w:pPr></w:p>'
AFTER_KEPT = AFTER.replace("</w:pPr>", "<w:keepNext/></w:pPr>")
PORTRAIT = 160


def table(body: Any, block: dict) -> str:
    widths = [round(width * TWIPS) for width in block["widths"]]
    kept = block.get("kept", False)  # with what follows, too
    together = block["together"] or kept  # each row with the next one: Word knows no other way
    head = "".join(
        _cell(body, {"text": bold(words), "fill": palette.PALE}, width, "center", keep=together)
        for words, width in zip(block["head"], widths, strict=True)
    )
    last = len(block["rows"]) - 1
    rows = "".join(
        _row(body, row, widths, block["align"], keep=together and (kept or n < last))
        for n, row in enumerate(block["rows"])
    )
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="Grid"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        '<w:tblLayout w:type="fixed"/><w:tblLook w:val="00A0" w:firstRow="1" w:lastRow="0" '
        'w:firstColumn="1" w:lastColumn="0" w:noHBand="1" w:noVBand="1"/></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid><w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{head}"
        f"</w:tr>{rows}</w:tbl>{AFTER_KEPT if kept else AFTER}"
    )


def _row(body: Any, row: dict, widths: list, align: Any, keep: bool) -> str:
    if "span" in row:
        fill = {"text": bold(row["span"]), "fill": "#f1f5fa"}
        cells = _cell(body, fill, sum(widths), "left", span=len(widths), keep=True)
    else:
        cells = "".join(
            _cell(body, words, width, SIDES[side], keep=keep)
            for words, width, side in zip(row, widths, align, strict=True)
        )
    return f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{cells}</w:tr>"


def _cell(body: Any, words: Text, width: int, side: Any, span: int = 0, keep: bool = False) -> str:
    fill = words.get("fill") if isinstance(words, dict) else None
    shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{fill[1:]}"/>' if fill else ""
    across = f'<w:gridSpan w:val="{span}"/>' if span else ""
    look = "<w:keepNext/>" if keep else ""
    look += f'<w:jc w:val="{side}"/>' if side != "left" else ""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{across}{shade}</w:tcPr>'
        f'<w:p><w:pPr><w:pStyle w:val="TableText"/>{look}</w:pPr>{body.runs(words)}</w:p></w:tc>'
    )


def figures(body: Any, block: dict) -> str:
    """A row of figures at a glance."""
    width = round(PORTRAIT * TWIPS / len(block["cards"]))
    cells = "".join(
        _cell(
            body,
            {
                "text": [
                    label,
                    "\n",
                    bold(figure),
                    ("\n" + note.replace(" · ", "\n")) if note else "",
                ],
                "fill": palette.PALE,
            },
            width,
            "center",
        )
        for label, figure, note in block["cards"]
    )
    return _plain([width] * len(block["cards"]), cells)


def signature(body: Any, block: dict, sign: Any, seal: Any) -> str:
    """The place for signature and seal."""
    widths = [round(part * TWIPS) for part in (80, 80)]
    lines = [f"{sign} ", "." * 60, "\n", "\n".join(block["lines"])]
    cells = _cell(body, seal, widths[0], "center") + _cell(body, lines, widths[1], "center")
    return AFTER + _plain(widths, cells)


def _plain(widths: list, cells: Any) -> str:
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
        f"</w:tblPr><w:tblGrid>{grid}</w:tblGrid><w:tr>{cells}</w:tr></w:tbl>{AFTER}"
    )
