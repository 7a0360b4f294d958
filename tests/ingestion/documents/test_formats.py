"""The same report as HTML, DOCX and PDF; and files that are hostile or broken."""

import io
import zipfile

import docx
import pytest

from ingestion import documents
from ingestion.readers.refused import Refused

PARAGRAPHS = [
    "รายงานการวิเคราะห์ผลการประเมินคุณธรรมและความโปร่งใส ปีงบประมาณ พ.ศ. ๒๕๖๘",
    "เทศบาลตำบลสวนบัว อำเภอท่าใหม่ จังหวัดจันทบุรี",
    "ผลคะแนน ๙๖.๕๐",
    "- ระดับ ผ่านดี",
]
SCORES = [
    ["ลำดับ", "หัวข้อ", "เครื่องมือ การประเมิน", "ข้อคำถาม", "คะแนน", "ข้อบกพร่อง"],
    ["๑", "การปฏิบัติหน้าที่", "IIT", "ข้อ i๑", "๙๙.๐๐", "(i1) : ควรปรับปรุงคู่มือ"],
    ["", "", "", "ข้อ i๒", "๙๘.๐๐", ""],
    ["", "", "", "ข้อ ๐๓", "๑๐๐", ""],
]
PLAN = "การนำผลการวิเคราะห์แต่ละประเด็นไปสู่การปฏิบัติ ในปีงบประมาณ พ.ศ. ๒๕๖๙"
MEASURES = [
    ["ตัวชี้วัด", "ข้อคำถาม", "มาตรการ", "ผู้รับผิดชอบ", "ขั้นตอน", "ระยะเวลา"],
    [
        "๑. การปฏิบัติหน้าที่",
        "ข้อ i๑ ข้อ i๒",
        "จัดทำคู่มือ",
        "สำนักปลัด",
        "๑. ร่าง\n๒. เผยแพร่",
        "๑ ตุลาคม ๒๕๖๘ - ๓๐ กันยายน ๒๕๖๙",
    ],
    ["๒. การใช้งบประมาณ", "ข้อ i๔", "เปิดเผยแผน", "กองคลัง", "๑. ประชุม", ""],
]


def check(submission, unit):
    assert submission.layout == "document"
    assert submission.scores[["level", "code", "score"]].values.tolist() == [
        ["overall", "", "96.50"],
        ["item", "i1", "99.00"],
        ["item", "i2", "98.00"],
        ["item", "o3", "100"],
    ]
    assert list(submission.scores.place) == [
        f"{unit} 3",
        "table 1 row 2",
        "table 1 row 3",
        "table 1 row 4",
    ]
    assert submission.scores.rating.iloc[0] == "good" and list(submission.scores.flagged) == [
        "",
        "1",
        "",
        "",
    ]
    assert set(submission.scores.agency_name) == {"เทศบาลตำบลสวนบัว"} and set(
        submission.scores.province
    ) == {"จันทบุรี"}
    columns = [
        "fiscal_year",
        "indicator_no",
        "item_codes",
        "measure_th",
        "steps_th",
        "responsible_th",
        "ends_on",
    ]
    assert submission.measures[columns].values.tolist() == [
        ["2569", "1", "i1|i2", "จัดทำคู่มือ", "๑. ร่าง ๒. เผยแพร่", "สำนักปลัด", "2026-09-30"],
        ["2569", "2", "i4", "เปิดเผยแผน", "๑. ประชุม", "กองคลัง", "2026-09-30"],
    ]


def html_table(rows, merged_last=False):
    cells = ""
    for number, row in enumerate(rows):
        texts = ["<br>".join(text.split("\n")) for text in row]
        ends = (
            ""
            if merged_last and number == 2
            else f"<td rowspan={1 + (merged_last and number == 1)}>{texts[-1]}</td>"
        )
        cells += "<tr>" + "".join(f"<td>{text}</td>" for text in texts[:-1]) + ends + "</tr>"
    return f"<!-- ข้อ i9 --><table>{cells}</table>"


def page(layout="{}"):
    content = (
        "<p>"
        + "</p><p>".join(PARAGRAPHS)
        + "</p>"
        + html_table(SCORES)
        + f"<p>{PLAN}</p>"
        + html_table(MEASURES, merged_last=True)
    )
    head = "<!DOCTYPE html><html><head><style>td{}</style><script>var x='<table>'</script></head>"
    return f"{head}<body>{layout.format(content)}</body></html>"


@pytest.mark.parametrize(
    "layout",
    [
        "{}",
        "<table><tr><td>เมนู</td><td>{}</td></tr></table>",
        "<div hidden>ผลคะแนน 11.11</div>{}",
        "<p style='display: none'>ผลคะแนน 11.11</p>{}",
    ],
)
def test_html(layout):
    submission = documents.read("page.html", page(layout).encode())
    assert list(submission.scores.score) == ["96.50", "99.00", "98.00", "100"]
    if layout == "{}":
        check(submission, "paragraph")


def word(change=lambda document: None):
    document = docx.Document()
    for text in PARAGRAPHS:
        document.add_paragraph(text)
    for rows in (SCORES, MEASURES):
        if rows is MEASURES:
            document.add_paragraph(PLAN)
        table = document.add_table(rows=len(rows), cols=len(rows[0]))
        for row, texts in zip(table.rows, rows, strict=True):
            for cell, text in zip(row.cells, texts, strict=True):
                cell.text = text
        if rows is MEASURES:
            table.cell(1, 5).merge(table.cell(2, 5)).text = rows[1][5]
        else:
            table.cell(1, 1).merge(table.cell(3, 1)).text = rows[1][1]
    change(document)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def test_docx():
    check(documents.read("report.docx", word()), "paragraph")


def test_docx_with_a_list_and_deleted_text():
    def change(document):
        document.add_paragraph("ข้อจำกัดของหน่วยงานในการดำเนินการ")
        table = document.add_table(rows=2, cols=2)
        texts = ["ข้อจำกัด", "รายละเอียด", "ด้านบุคลากร", "1. คนน้อย\n2. งานมาก"]
        for cell, text in zip(
            [cell for row in table.rows for cell in row.cells], texts, strict=True
        ):
            cell.text = text
        run = document.add_paragraph("")._p
        run.append(
            run.makeelement("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}del", {})
        )

    assert list(documents.read("report.docx", word(change)).constraints.note_th) == [
        "คนน้อย",
        "งานมาก",
    ]


def pdf(text):
    import fontpkg_sarabun
    import typst

    fonts = fontpkg_sarabun.__path__[0]
    return typst.compile(
        f'#set text(font: "Sarabun", size: 12pt, lang: "th")\n{text}'.encode(), font_paths=[fonts]
    )


def test_pdf_with_ruled_tables():
    def table(rows):
        cells = [
            f'[#("{text}")]'.replace("\n", '" + linebreak() + "') for row in rows for text in row
        ]
        return f"#table(columns: {len(rows[0])}, {', '.join(cells)})"

    filled = [*MEASURES[:2], [*MEASURES[2][:5], MEASURES[1][5]]]
    text = "#set page(flipped: true)\n" + "\n\n".join(
        [*PARAGRAPHS[:3], '#str("- ระดับ ผ่านดี")', table(SCORES), PLAN, table(filled)]
    )
    check(documents.read("report.pdf", pdf(text)), "paragraph")


def test_pdf_page_of_few_words():
    """Where a page holds hardly a line, the library takes it for written downwards and breaks words
    between marks: เปิ|ดช่อง|ทาง.
    """
    words = [
        "๑๐. การป้องกันการทุจริต หมายถึง",
        "o๓๑",
        "เปิดช่องทางรับฟังความคิดเห็นทางออนไลน์ชุดที่ 10",
        "งานพัสดุ",
        "1. ประชุมชี้แจง",
        "ไตรมาส 2",
        "ดี",
    ]
    cells = ", ".join(f'[#("{each}")]' for each in words)
    data = pdf(f"#set page(flipped: true)\n#table(columns: (1fr,) * {len(words)}, {cells})")
    assert [block.text for block in documents.pdf.parse(data)] == words


def test_pdf_that_is_a_scan():
    submission = documents.read("scan.pdf", pdf("#rect(width: 5cm, height: 5cm)"))
    assert [(finding.rule, finding.severity) for finding in submission.findings] == [
        ("scanned_pdf", "error")
    ] and submission.scores.empty


def container(xml, name="word/document.xml"):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as written:
        written.writestr(name, xml)
    return file.getvalue()


W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.7 broken",
        container("<not closed"),
        container(f"<w:document {W}/>", "word/other.xml"),
        b"PK\x03\x04broken",
        container(
            f'<?xml version="1.0"?>{BOMB}<w:document {W}><w:body><w:p><w:r><w:t>&b;</w:t></w:r>'
            "</w:p></w:body></w:document>"
        ),
        container(
            f'<?xml version="1.0"?><!DOCTYPE x SYSTEM "file:///etc/passwd"><w:document {W}/>'
        ),
        container(" " * (101 * 1024 * 1024)),
        container(
            f"<w:document {W}><w:body>"
            + f"<w:sdt {W}>" * 5000
            + "</w:sdt>" * 5000
            + "</w:body></w:document>"
        ),
    ],
    ids=["pdf", "xml", "no document", "zip", "entities", "external", "large", "deep"],
)
def test_broken_and_hostile_files_are_refused(data):
    with pytest.raises(Refused):
        documents.read("hostile", data)


def test_deep_html_is_bounded():
    deep = (
        "<!DOCTYPE html><html><body>"
        + "<div>" * 100_000
        + "ผลการประเมินคุณธรรมและความโปร่งใส"
        + "</div>" * 100_000
    )
    try:
        documents.read("deep.html", deep.encode())
    except Refused as refused:
        if refused.rule != "over_bound":
            raise


# --- the final view of a Word file ---------------------------------------------------------------


def document_xml(body):
    return container(f"<w:document {W}><w:body>{body}</w:body></w:document>")


def paragraph(text, properties=""):
    return f"<w:p><w:r>{properties}<w:t>{text}</w:t></w:r></w:p>"


def word_row(*cells, properties=""):
    inside = "".join(
        f"<w:tc>{cell if cell[0] == '<' else paragraph(cell)}</w:tc>" for cell in cells
    )
    return f"<w:tr>{properties}{inside}</w:tr>"


def scores_of(body):
    cover = "".join(map(paragraph, PARAGRAPHS[:2]))
    scores = documents.read("view.docx", document_xml(cover + body)).scores
    return scores[["code", "score"]].values.tolist()


HEAD = word_row("ข้อคำถาม", "คะแนน")
DELETED = "<w:trPr><w:del w:id='1'/></w:trPr>"


def test_a_table_inside_a_cell_is_a_table_of_its_own():
    inner = f"<w:tbl>{HEAD}{word_row('ข้อ i1', '91.25')}{word_row('ข้อ i2', '88.75')}</w:tbl><w:p/>"
    assert scores_of(f"<w:tbl>{word_row('สรุป', inner)}</w:tbl>") == [
        ["i1", "91.25"],
        ["i2", "88.75"],
    ]
    gone = word_row("สรุป", inner, properties=DELETED)
    assert scores_of(f"<w:tbl>{gone}</w:tbl>" + paragraph("ผลคะแนน 90.00")) == [["", "90.00"]]


TITLES = ["การปฏิบัติหน้าที่", "การใช้งบประมาณ", "การใช้อำนาจ"]


@pytest.mark.parametrize("number", ["ลำดับ", "ที่", "ตัวชี้วัดที่"])
@pytest.mark.parametrize("title", ["ตัวชี้วัด", "ชื่อตัวชี้วัด"])
def test_an_indicators_number_may_have_a_column_of_its_own(number, title):
    rows = [word_row(number, title, "คะแนน")]
    rows += [word_row(f"{n}", words, f"9{n}.50") for n, words in enumerate(TITLES, 1)]
    expected = [["1", "91.50"], ["2", "92.50"], ["3", "93.50"]]
    assert scores_of(f"<w:tbl>{''.join(rows)}</w:tbl>") == expected


def test_a_column_of_ranks_before_the_titles_numbers_no_indicator():
    rows = [word_row("ลำดับ", "ตัวชี้วัด", "คะแนน")]
    rows += [word_row(f"{n}", words, f"9{n}.50") for n, words in enumerate(reversed(TITLES), 1)]
    assert scores_of(f"<w:tbl>{''.join(rows)}</w:tbl>") == []


@pytest.mark.parametrize("mark", [DELETED, "<w:trPr><w:hidden/></w:trPr>"])
def test_rows_that_the_final_view_has_no_more(mark):
    rows = word_row("ข้อ i1", "91.25") + word_row("ข้อ i1", "11.25", properties=mark)
    assert scores_of(f"<w:tbl>{HEAD}{rows}</w:tbl>") == [["i1", "91.25"]]


def test_hidden_text_is_not_read():
    hidden = paragraph("ผลคะแนน 11.11", "<w:rPr><w:vanish/></w:rPr>")
    shown = paragraph("ผลคะแนน 90.00", "<w:rPr><w:vanish w:val='0'/></w:rPr>")
    assert scores_of(hidden + shown) == [["", "90.00"]]


# --- documents that we wrote ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "head",
    [
        "<meta name='generator' content='ITA warehouse: report'>",
        "",
    ],
)
def test_a_document_of_ours_is_no_witness_of_what_it_computed(head):
    """Known by its mark, or, published before there were marks, by its sentences."""
    sentences = "".join(
        f"<p>{text}</p>"
        for text in (
            "สามเรื่องที่ทำให้คะแนนภาพรวมลดลงมากที่สุด",
            "มาตรการที่ช่วยเพิ่มคะแนนได้มากที่สุด",
            "คะแนนที่คำนวณซ้ำจากรายข้อทั้งหมดคือ 96.40 คะแนน",
        )
    )
    said = "<p>ใช้คะแนนที่ประกาศเป็นหลักในการจัดระดับและลำดับ</p>"
    for published, scores in ((said, [["", "96.50"]]), ("", [])):
        written = page("{}" + sentences + published).replace("<style>", head + "<style>", 1)
        submission = documents.read("pack.html", written.encode())
        assert submission.scores[["code", "score"]].values.tolist() == scores
        assert submission.measures.empty and submission.remarks.empty and submission.of_ours
        assert "document_of_ours" in {found.rule for found in submission.findings}
