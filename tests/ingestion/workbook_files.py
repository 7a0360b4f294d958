"""Workbooks written by hand, with what no library of ours writes: error cells, formulas without a
value, Strict OOXML, hidden parts, cells far out, dimension lies.
"""

import io
import zipfile
from dataclasses import dataclass
from html import escape

USUAL = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
_RELATIONS = {
    USUAL: "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    STRICT: "http://purl.oclc.org/ooxml/officeDocument/relationships",
}
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
FORMATS = ["General", "0.00%", '0.00"%"', r"0.00\%", "0.00", "[Red]0%;-0%", "0.00_%", "0.0%%"]
HEADER = [
    *("fiscal_year", "agency_id", "agency_name", "agency_type", "province", "district"),
    *("level", "code", "part", "score"),
]


@dataclass
class Cell:
    """A cell of `xlsx` or `ods` that is more than a value."""

    value: float | str | None = None  # None: nothing is stored
    formula: str = ""
    style: int = 0  # position in FORMATS
    error: bool = False


def figures(*scores, agency: str = "S1") -> list[list]:
    """Rows of a long table for one agency of FY2568: overall, IIT, EIT, OIT as far as given."""
    names = [("overall", ""), ("instrument", "IIT"), ("instrument", "EIT"), ("instrument", "OIT")]
    return [
        [2568, agency, "", "", "", "", level, code, "", score]
        for (level, code), score in zip(names, scores, strict=False)
    ]


def table(*scores) -> list[list]:
    """`figures` under their header."""
    return [HEADER, *figures(*scores)]


def packed(parts: dict[str, str]) -> bytes:
    """A zip of these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def letters(column: int) -> str:
    """0 → A"""
    return chr(65 + column)


def xlsx(
    rows: list[list],
    *,
    space: str = USUAL,
    prefix: str = "",
    before: str = "",
    more_rows: str = "",
    hidden_rows=(),
    on_load: bool = False,
    part: str = "worksheets/sheet1.xml",
) -> bytes:
    """An .xlsx of one sheet. `before`: XML in front of its rows, `more_rows`: behind them."""
    relations = _RELATIONS[space]
    declared = f'xmlns{":" + prefix if prefix else ""}="{space}" xmlns:r="{relations}"'
    name = f"{prefix}:" if prefix else ""
    hidden = dict.fromkeys(hidden_rows, ' hidden="1"')
    lines = "".join(
        f'<{name}row r="{number + 1}"{hidden.get(number, "")}>'
        + "".join(_xlsx_cell(name, f"{letters(at)}{number + 1}", own) for at, own in enumerate(row))
        + f"</{name}row>"
        for number, row in enumerate(rows)
    )
    formats = "".join(
        f'<{name}numFmt numFmtId="{164 + at}" formatCode="{escape(own)}"/>'
        for at, own in enumerate(FORMATS)
    )
    styles = "".join(f'<{name}xf numFmtId="{164 + at}"/>' for at in range(len(FORMATS)))
    calculate = f'<{name}calcPr fullCalcOnLoad="1"/>' if on_load else ""
    kind = "http://purl.oclc.org/ooxml" if space == STRICT else "http://schemas.openxmlformats.org"
    content = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    return packed(
        {
            "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package'
            f'.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="{content}'
            f'.sheet.main+xml"/><Override PartName="/xl/{part}" ContentType="{content}'
            '.worksheet+xml"/></Types>',
            "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship '
            f'Id="rId1" Type="{kind}/officeDocument/relationships/officeDocument" '
            'Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f"<{name}workbook {declared}><{name}sheets><{name}sheet "
            f'name="ผล" sheetId="1" r:id="rId1"/></{name}sheets>{calculate}</{name}workbook>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
            f'<Relationship Id="rId1" Type="{relations}/worksheet" Target="{part}"/>'
            "</Relationships>",
            "xl/styles.xml": f"<{name}styleSheet {declared}><{name}numFmts>{formats}"
            f"</{name}numFmts><{name}cellXfs>{styles}</{name}cellXfs></{name}styleSheet>",
            f"xl/{part}": f"<{name}worksheet {declared}>{before}<{name}sheetData>{lines}{more_rows}"
            f"</{name}sheetData></{name}worksheet>",
        }
    )


def _xlsx_cell(name: str, place: str, own) -> str:
    own = own if isinstance(own, Cell) else Cell(own)
    if own.value in (None, "") and not own.formula:
        return ""
    formula = f"<{name}f>{escape(own.formula)}</{name}f>" if own.formula else ""
    style = f' s="{own.style}"' if own.style else ""
    if own.error:
        return (
            f'<{name}c r="{place}"{style} t="e">{formula}<{name}v>{own.value}</{name}v></{name}c>'
        )
    if isinstance(own.value, str):
        text = f"<{name}is><{name}t>{escape(own.value)}</{name}t></{name}is>"
        return f'<{name}c r="{place}" t="inlineStr">{text}</{name}c>'
    value = "" if own.value is None else f"<{name}v>{own.value}</{name}v>"
    return f'<{name}c r="{place}"{style}>{formula}{value}</{name}c>'


def ods(rows: list[list], *, hidden_rows=(), hidden_columns=(), behind: str = "") -> bytes:
    """An .ods of one sheet, as LibreOffice saves it. `behind`: XML after its rows."""
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    calc = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"
    columns = "".join(
        "<table:table-column"
        + (' table:visibility="collapse"' if at in hidden_columns else "")
        + "/>"
        for at in range(max(map(len, rows)))
    )
    lines = "".join(
        "<table:table-row"
        + (' table:visibility="filter"' if number in hidden_rows else "")
        + f">{''.join(map(_ods_cell, row))}</table:table-row>"
        for number, row in enumerate(rows)
    )
    return packed(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": f'<office:document-content {spaces} xmlns:calcext="{calc}"><office:body>'
            f'<office:spreadsheet><table:table table:name="ผล">{columns}{lines}{behind}'
            "</table:table></office:spreadsheet></office:body></office:document-content>",
        }
    )


def _ods_cell(own) -> str:
    own = own if isinstance(own, Cell) else Cell(own)
    formula = f' table:formula="of:{escape(own.formula)}"' if own.formula else ""
    if own.error:
        return (
            f'<table:table-cell{formula} office:value-type="string" office:string-value="" '
            f'calcext:value-type="error"><text:p>{own.value}</text:p></table:table-cell>'
        )
    if own.value in (None, ""):
        return f"<table:table-cell{formula}/>"
    if isinstance(own.value, str):
        return (
            f'<table:table-cell office:value-type="string"><text:p>{escape(own.value)}</text:p>'
            "</table:table-cell>"
        )
    kind = "percentage" if own.style == 1 else "float"
    return (
        f'<table:table-cell{formula} office:value-type="{kind}" office:value="{own.value}">'
        f"<text:p>{own.value}</text:p></table:table-cell>"
    )
