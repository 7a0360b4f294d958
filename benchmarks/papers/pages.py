"""A document as text, HTML, DOCX or PDF, with accidents of copying."""

import io
import re
from html import escape
from pathlib import Path

from benchmarks.papers.wording import Words


class Pages(Words):
    """The document as a file."""

    def finish(self) -> None:
        """What happens to a whole document.

        A scale in headers of scores, a column of notes, a title on every page, a section twice.
        """
        pieces = []
        for piece in self.paper.pieces:
            if isinstance(piece, tuple):
                header, rows = piece
                header = [cell + self.scale if cell == "คะแนน" else cell for cell in header]
                if self.noted:
                    header, rows = (
                        [*header, "หมายเหตุ"] if header else [],
                        [
                            [*row, self.rng.choice(["", "-", "ดี", self.d("12.50")])]
                            if len(row) > 1
                            else row
                            for row in rows
                        ],
                    )
                piece = header, rows
                again = "คะแนน" in "".join(header) and self.chance(0.05)
                pieces += (
                    [pieces[-1], piece] if again and pieces and isinstance(pieces[-1], str) else []
                )
            pieces.append(piece)
        self.paper.pieces = [self.running] * 3 + pieces if self.running else pieces

    def as_text(self, cells: bool) -> str:
        """The document as plain text, its tables a cell a line or a row a line."""
        lines: list[str] = []
        for piece in self.paper.pieces:
            if isinstance(piece, str):
                lines += [self.typos(piece) if "\n" not in piece else piece] + [
                    ""
                ] * self.rng.randint(0, 2)
                if self.chance(0.05):
                    lines += [f"-{self.d(self.rng.randint(1, 60))}-", "[image: F:\\งาน\\ตรา.jpg]"]
                continue
            header, rows = piece
            lines += self.cell_lines(header, rows) if cells else self.row_lines(header, rows)
        return "\n".join(lines)

    def row_lines(self, header: list[str], rows: list[list[str]]) -> list[str]:
        """A row a line: cells between tabs, pipes or wide gaps.

        Now and then a broken line, a stray tab, a running title.
        """
        between = self.rng.choice(["tab"] * 6 + ["pipe", "gap"])
        joined = {
            "tab": "\t".join,
            "pipe": lambda cells: "| " + " | ".join(cells) + " |",
            "gap": lambda cells: "    ".join(re.sub(" +", " ", cell) for cell in cells if cell),
        }
        lines = [joined[between]([cell.replace("\n", " ") for cell in header])] if header else []
        if between == "pipe":
            lines += ["|" + "---|" * len(header)] if header else []
        paragraphs = between == "tab" and self.chance(0.3)
        quoted = between == "tab" and self.chance(0.05)
        if lines and between == "tab" and self.chance(0.1) and " " in lines[0]:
            lines = lines[0].rsplit(" ", 1)
        begins = "\n".join(lines)
        for row in rows:
            row = [cell.replace("\t", " ") for cell in row] if between == "pipe" else row
            inside = [
                f"<p>{cell.replace(chr(10), '</p> <p>')}</p>"
                if paragraphs and cell
                else cell.replace("\n", " ")
                for cell in row
            ]
            line = joined[between](
                [f'"{cell}"' if cell else "" for cell in inside] if quoted else inside
            )
            if between == "tab" and self.chance(0.05):
                line = line.rstrip("\t")
            if between == "tab" and self.chance(0.03):
                line += "\t"
            if between == "tab" and "  " not in line and len(inside[-1]) > 40 and self.chance(0.1):
                at = line.rindex(" ") if " " in inside[-1] else None
                line = f"{line[:at]}\n{line[at + 1 :]}" if at else line
            elif (
                between == "tab"
                and self.chance(0.02)
                and (gaps := [gap.start() for gap in re.finditer(r"(?<=[ก-๙]) (?=[ก-๙])", line)])
            ):
                at = self.rng.choice(gaps)
                line = f"{line[:at]}\n{line[at + 1 :]}"
            lines.append(line)
            if self.running and self.chance(0.05):
                lines.append(self.running)
            if self.chance(0.03):
                lines += ["", f"- {self.d(self.rng.randint(1, 60))} -", ""]
            if self.chance(0.02):
                lines.append(self.name)
            if header and self.chance(0.03):
                lines.append(begins)
        return [*"\n".join(lines).split("\n"), ""]

    def cell_lines(self, header: list[str], rows: list[list[str]]) -> list[str]:
        """A cell a line, each begun by a tab; blank lines anywhere, now and then a tab too many."""
        lines = ["\t" + cell for cell in header]
        for row in rows:
            row = row + [""] * (len(rows[-1]) - len(row))  # a cell over the whole row
            lines += [""] * self.rng.randint(0, 2)
            for cell in row:
                lines.append(
                    "\t" + cell + ("\t" if cell and "\n" not in cell and self.chance(0.02) else "")
                )
                if self.running and len(cell) > 20 and self.chance(0.05):
                    lines.append(self.running)
                lines += [""] * (self.rng.randint(1, 3) if self.chance(0.1) else 0)
            if self.chance(0.02):
                lines.append("\t")
            if self.chance(0.02):
                lines += ["", f"-{self.d(self.rng.randint(1, 60))}-", ""]
        return [*"\n".join(lines).split("\n"), ""]

    def as_html(self) -> str:
        """The document as an HTML page; empty first cells are merged with the cell above."""
        written = [
            "<!DOCTYPE html><html><head><meta "
            "charset='utf-8'><style>p{color:#000}</style></head><body><div>"
        ]
        for piece in self.paper.pieces:
            if isinstance(piece, str):
                written.append(f"<p>{escape(piece)}</p>")
                continue
            header, rows = piece
            written.append(
                "<table>"
                + (
                    "<tr>" + "".join(f"<th>{escape(cell)}</th>" for cell in header) + "</tr>"
                    if header
                    else ""
                )
            )
            merged = self.chance(0.5) and all(rows[0][:1])
            for number, row in enumerate(rows):
                written.append("<tr>")
                if len(row) == 1 < len(rows[-1]):
                    width = len(rows[-1])
                    written.append(f"<td colspan={width}>{escape(row[0])}</td></tr>")
                    continue
                for column, cell in enumerate(row):
                    if merged and column == 0 and not cell:
                        continue
                    next_one = next(
                        (place for place in range(number + 1, len(rows)) if rows[place][0]),
                        len(rows),
                    )
                    below = next_one - number if merged and column == 0 else 1
                    text = escape(cell).replace("\n", "<br>")
                    written.append(
                        f"<td rowspan={below}>{text}</td>" if below > 1 else f"<td>{text}</td>"
                    )
                written.append("</tr>")
            written.append("</table>")
        return "".join(written) + "</div></body></html>"

    def as_docx(self) -> bytes:
        """The document as a Word file."""
        import docx

        document = docx.Document()
        for piece in self.paper.pieces:
            if isinstance(piece, str):
                document.add_paragraph(piece.replace("\u200b", ""))
                continue
            header, rows = piece
            table = document.add_table(rows=0, cols=len(rows[-1]))
            for row in [header, *rows] if header else rows:
                cells = table.add_row().cells
                if len(row) == 1 < len(cells):
                    cells = [cells[0].merge(cells[-1])]
                for cell, text in zip(cells, row, strict=True):
                    cell.text = text
        file = io.BytesIO()
        document.save(file)
        return file.getvalue()

    def as_pdf(self) -> bytes:
        """The document as a PDF with ruled tables."""
        import fontpkg_sarabun
        import typst

        def quoted(text: str) -> str:
            plain = (
                text.replace("\\", "/").replace('"', "'").replace("\u200b", "").replace("\t", " ")
            )
            return '"' + plain.replace("\n", '" + linebreak() + "') + '"'

        written = [
            '#set page(paper: "a4", flipped: true, margin: 1cm)',
            '#set text(font: "Sarabun", size: 11pt, lang: "th")',
        ]
        for piece in self.paper.pieces:
            if isinstance(piece, str):
                written.append(f"#par({quoted(piece)})")
                continue
            header, rows = piece
            width = len(rows[-1])
            whole = [row for row in rows if len(row) == width]
            longest = [max(len(row[column]) for row in whole) for column in range(width)]
            shares = ", ".join(
                "3fr" if length > 40 else "auto" if length < 12 else "2fr" for length in longest
            )
            cells = ", ".join(
                f"[#({quoted(cell)})]"
                if len(row) == width
                else f"table.cell(colspan: {width})[#({quoted(cell)})]"
                for row in ([header] if header else []) + rows
                for cell in row
            )
            written.append(f"#table(columns: ({shares}), {cells})")
        fonts = str(Path(fontpkg_sarabun.__file__).parent)
        return typst.compile("\n\n".join(written).encode(), font_paths=[fonts])
