"""Every format of every pack: opens, holds the facts, and gives correct Thai back to each
reader."""

import io
import json
import re
import shutil
import subprocess
import zipfile

import docx
import jsonschema
import openpyxl
import pikepdf
import pymupdf
import pypdf
import pypdfium2
import pytest
from lxml import etree
from pdfminer.high_level import extract_text_to_fp

from reports import blocks, content, pack, thai
from reports.setting.pdf import compact, fonts
from tests.reports.conftest import HERE, NAMES, facts_of

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def texts_of(facts: dict, digits: str = "thai") -> list[str]:
    """The text of every heading, paragraph, list item and cell of the report, without spaces."""
    found = []
    for block in blocks.with_digits(content.report(facts), digits):
        if block["t"] in ("heading", "paragraph"):
            found.append(blocks.plain(block["text"]))
        elif block["t"] == "list":
            found += map(blocks.plain, block["items"])
        elif block["t"] == "table":
            found += map(blocks.plain, block["head"])
            for row in block["rows"]:
                found += [row["span"]] if "span" in row else map(blocks.plain, row)
    return [squeezed for text in found if (squeezed := squeeze(text))]


def squeeze(text: str) -> str:
    return re.sub(r"[\s\u00a0]+", "", text)


def pdfminer(data: bytes) -> str:
    """In the order of the page's content, not pdfminer's guess of columns."""
    out = io.StringIO()
    extract_text_to_fp(io.BytesIO(data), out, laparams=None)
    return out.getvalue()


READERS = {
    "pdfium": lambda data: "".join(
        page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(data)
    ),
    "pypdf": lambda data: "".join(
        page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages
    ),
    "mupdf": lambda data: "".join(
        page.get_text() for page in pymupdf.open(stream=data, filetype="pdf")
    ),
    "pdfminer": pdfminer,
}
if shutil.which("pdftotext"):  # a fifth, of the system: no index of packages has it
    READERS["pdftotext"] = lambda data: subprocess.run(
        ["pdftotext", "-raw", "-", "-"], input=data, capture_output=True, check=True
    ).stdout.decode()


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("name", ["s0", "worst"])
def test_each_reader_gets_every_text_back(made, name, reader):
    facts, files = made[name]
    read = squeeze(READERS[reader](files["pack.pdf"]))
    lost = [text for text in texts_of(facts) if text not in read]
    assert not lost, f"{len(lost)} texts lost, first: {lost[:3]}"


@pytest.mark.parametrize("name", NAMES)
def test_pdf_is_tagged_archival_and_titled(made, name):
    facts, files = made[name]
    with pikepdf.open(io.BytesIO(files["pack.pdf"])) as document:
        assert document.Root.MarkInfo.Marked
        assert str(document.Root.Lang).startswith("th")
        metadata = document.open_metadata()
        assert (
            metadata["pdfaid:part"],
            metadata["pdfaid:conformance"],
            metadata["pdfuaid:part"],
        ) == ("2", "A", "1")
        assert facts["agency"]["name_th"] in metadata["dc:title"]
        with document.open_outline() as outline:
            titles = [entry.title for entry in outline.root]
        parts = [t.split()[0] for t in titles].count("ส่วนที่")
        assert parts == (5 if facts["constraints"] else 4)


def test_every_document_says_that_we_made_it_and_what_it_is(made):
    """What a person sends back by mistake is known by this mark, in the place that each form
    has."""
    _, files = made["s2"]
    with pikepdf.open(io.BytesIO(files["pack.pdf"])) as document:
        assert document.docinfo["/Creator"] == "ITA warehouse: report"
        assert document.docinfo["/Producer"] == "ITA warehouse"
        metadata = document.open_metadata()
        assert metadata["xmp:CreatorTool"] == "ITA warehouse: report"
        assert metadata["pdf:Producer"] == "ITA warehouse"
        assert "/Suspects" not in document.Root.MarkInfo
    word = docx.Document(io.BytesIO(files["pack.docx"]))
    assert word.core_properties.category == "ITA warehouse: report"
    with zipfile.ZipFile(io.BytesIO(files["pack.docx"])) as package:
        custom = etree.fromstring(package.read("docProps/custom.xml"))
    assert [(p.get("name"), p[0].text) for p in custom] == [("ITA warehouse", "report")]
    book = openpyxl.load_workbook(io.BytesIO(files["pack.xlsx"]))
    assert book.properties.category == "ITA warehouse: working file"
    assert book.custom_doc_props["ITA warehouse"].value == "working file"
    assert b'<meta name="generator" content="ITA warehouse: report">' in files["pack.html"]


def test_first_cells_head_their_rows(made):
    with pikepdf.open(io.BytesIO(made["s0"][1]["pack.pdf"])) as document:
        elements = [o for o in document.objects if isinstance(o, pikepdf.Dictionary)]
        rows = [o for o in elements if o.get("/S") == "/TR"]
        heads = [row.K[0] for row in rows]
        assert {str(head.S) for head in heads} == {"/TH"}
        scopes = [str(a.Scope) for head in heads for a in head.A if a.O == "/Table"]
        assert scopes.count("/Row") > len(rows) / 2


def test_charts_have_alternative_texts(made):
    with pikepdf.open(io.BytesIO(made["s0"][1]["pack.pdf"])) as document:
        alts = [
            str(o.Alt)
            for o in document.objects
            if isinstance(o, pikepdf.Dictionary) and o.get("/S") == "/Figure"
        ]
    assert len(alts) == 2
    assert all("คะแนน" in alt for alt in alts)
    assert "ค่าเฉลี่ยจังหวัด" in alts[0]


def test_compact_form_is_written_of_plain_pdfs_only(made):
    with pytest.raises(ValueError, match="cross-reference"):
        compact.smaller(made["s0"][1]["pack.pdf"], "ITA warehouse: report")


def test_nothing_runs_over_the_edge_of_a_page(made):
    for name in ("worst", "y2564"):
        _, files = made[name]
        for page in pypdfium2.PdfDocument(files["pack.pdf"]):
            width, height = page.get_size()
            text = page.get_textpage()
            boxes = [text.get_charbox(n) for n in range(text.count_chars())]
            assert all(
                left >= 20 and right <= width - 20 and bottom >= 20 and top <= height - 20
                for left, bottom, right, top in boxes
                if right > left and top > bottom
            )


@pytest.mark.parametrize("name", ["s0", "s2"])
def test_same_facts_same_bytes(made, name):
    assert pack.files(pack.complete(facts_of(name))) == made[name][1]


def test_arabic_digits(made):
    facts, _ = made["s4"]
    files = pack.files(facts, digits="arabic")
    read = READERS["pdfium"](files["pack.pdf"])
    assert "99.34 คะแนน" in read
    assert not re.search("[๐-๙]", read)
    assert b"D00041E" not in b"".join(
        zipfile.ZipFile(io.BytesIO(files["pack.xlsx"])).read("xl/styles.xml").splitlines()
    )


def test_json_follows_its_published_schema(made):
    schema = json.loads((HERE.parent.parent / "reports" / "pack.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    for _, files in made.values():
        jsonschema.validate(json.loads(files["pack.json"]), schema)


def test_docx_has_styles_contents_repeated_heads_and_controls(made):
    facts, files = made["s4"]
    document = docx.Document(io.BytesIO(files["pack.docx"]))
    styles = {p.style.name for p in document.paragraphs}
    assert {"Heading 1", "Heading 2", "Heading 3", "Heading 4", "Title", "toc 1"} <= styles
    body = document.element.body
    instructions = "".join(e.text for e in body.iter(W + "instrText"))
    assert "TOC \\o" in instructions
    assert all(
        len(list(t.iter(W + "tblHeader"))) == 1
        for t in body.iter(W + "tbl")
        if t.find(f"{W}tblPr/{W}tblStyle") is not None
    )
    numbers = re.findall(r"PAGEREF[^<]*</w:instrText>.*?<w:t[^>]*>([๐-๙]+)</w:t>", text_of(body))
    headings = [p for p in document.paragraphs if p.style.name in ("Heading 1", "Heading 2")]
    assert len(numbers) == len(headings) > 8  # each with its page, as it is opened
    orientations = {s.orientation for s in document.sections}
    assert len(orientations) == 2
    text = squeeze("".join(e.text or "" for e in body.iter(W + "t")))
    assert all(t in text for t in texts_of(facts))


def test_a_table_that_stays_together_does_so_in_docx_too(made):
    facts, files = made["worst"]
    described = [b for b in content.report(facts) if b["t"] == "table"]
    body = docx.Document(io.BytesIO(files["pack.docx"])).element.body
    tables = [t for t in body.iter(W + "tbl") if t.find(f"{W}tblPr/{W}tblStyle") is not None]
    assert len(tables) == len(described)
    for told, table in zip(described, tables, strict=True):
        kept = [bool(list(row.iter(W + "keepNext"))) for row in table.iter(W + "tr")]
        assert not told["together"] or (all(kept[:-1]) and not kept[-1])
    assert {told["together"] for told in described} == {True, False}


@pytest.mark.parametrize("name", NAMES)
def test_no_line_ends_within_a_run_of_codes_or_before_the_number_of_a_part(made, name):
    lines = [
        line.strip()
        for page in pypdfium2.PdfDocument(made[name][1]["pack.pdf"])
        for line in page.get_textpage().get_text_range().splitlines()
    ]
    assert lines
    assert [line for line in lines if re.search("([ieo][๐-๙]+–|ส่วนที่)$", line)] == []


def text_of(element) -> str:
    return etree.tostring(element, encoding="unicode")


def test_controls_stand_around_finished_text_and_share_it(made):
    """A unit that is typed once stands wherever it is responsible."""
    package = zipfile.ZipFile(io.BytesIO(made["worst"][1]["pack.docx"]))
    body = etree.fromstring(package.read("word/document.xml"))
    choices = [e.text for e in etree.fromstring(package.read("customXml/item1.xml"))]
    controls = list(body.iter(W + "sdt"))
    assert len(controls) > len(choices) >= 1
    for control in controls:
        path = next(control.iter(W + "dataBinding")).get(W + "xpath")
        shown = "".join(e.text for e in control.iter(W + "t"))
        assert shown == choices[int(re.search(r"choice\[(\d+)]", path)[1]) - 1]
    assert not list(body.iter(W + "showingPlcHdr", W + "alias"))


def test_docx_brings_its_font(made):
    """Without it a reader takes another font, and the report grows to twice its pages."""
    from fontTools.ttLib import TTFont

    package = zipfile.ZipFile(io.BytesIO(made["s2"][1]["pack.docx"]))
    table = etree.fromstring(package.read("word/fontTable.xml"))
    guid = next(table.iter(W + "embedRegular")).get(W + "fontKey")
    key = bytes.fromhex(guid.strip("{}").replace("-", ""))[::-1]
    data = bytearray(package.read("word/fonts/font1.odttf"))
    data[:32] = bytes(value ^ key[k % 16] for k, value in enumerate(data[:32]))
    assert TTFont(io.BytesIO(data))["name"].getDebugName(1) == "Sarabun"


def test_docx_names_the_thai_font_for_complex_script(made):
    styles = etree.fromstring(
        zipfile.ZipFile(io.BytesIO(made["s0"][1]["pack.docx"])).read("word/styles.xml")
    )
    normal = next(s for s in styles if s.get(W + "styleId") == "Normal")
    assert normal.find(f"{W}rPr/{W}rFonts").get(W + "cs") == "Sarabun"
    assert normal.find(f"{W}rPr/{W}szCs").get(W + "val") == "22"  # as large as TH Sarabun New 16


def test_xlsx_holds_numbers_not_texts(made):
    facts, files = made["s0"]
    book = openpyxl.load_workbook(io.BytesIO(files["pack.xlsx"]))
    rows = list(book["รายข้อ"].iter_rows(min_row=4))
    scores = [(r[6].value, r[6].number_format) for r in rows if r[6].value is not None]
    assert [score for score, _ in scores] == [
        i["score"] for i in facts["items"] if i["score"] is not None
    ]
    assert {look for _, look in scores} == {"[$-D00041E]0.00"}
    assert [row[0].value for row in rows] == [i["item_code"] for i in facts["items"]]
    assert book.sheetnames[0] == "ก่อนเผยแพร่" and "วิเคราะห์ตามตัวชี้วัด" in book.sheetnames
    ends = [row[7] for row in book["มาตรการ"].iter_rows(min_row=4)]
    assert all(cell.is_date and "mmm" in cell.number_format for cell in ends)
    assert sum(len(sheet._charts) for sheet in book) == 3
    assert all(sheet.print_title_rows == "$3:$3" for sheet in book)


def test_html_needs_nothing_from_outside(made):
    page = made["s0"][1]["pack.html"].decode()
    assert page.count("<svg") == 4  # two charts, each for two widths
    assert not re.search(r'(src|href)="?(https?:)?//', page)
    assert "<script" not in page


def test_hostile_text_stays_text(ita_home):
    facts = facts_of("s4")
    facts["agency"]["name_th"] = "<script>x</script>=1+1{{BODY}} #panic() 😀\u0007\u200b\uf70a"
    facts["constraints"] = [
        {"kind": "staff", "note_no": 1, "note_th": '=HYPERLINK("http://x") #set text(99pt) $x$ @y'}
    ]
    files = pack.files(pack.complete(facts))
    assert b"<script>" not in files["pack.html"]
    assert "#panic()" in READERS["pdfium"](files["pack.pdf"])
    assert docx.Document(io.BytesIO(files["pack.docx"])).core_properties.author.startswith(
        "<script>x</script>=1+1"
    )
    sheet = openpyxl.load_workbook(io.BytesIO(files["pack.xlsx"]))["ข้อจำกัด"]
    assert sheet["B4"].data_type == "s"


def test_first_year_agency_without_a_province(made):
    facts, files = made["y2564"]
    read = READERS["pdfium"](files["pack.pdf"])
    assert "เริ่มมีในปีงบประมาณ" in squeeze(read)
    assert facts["agency"]["ministry_th"][:12] in read
    assert thai.NONE in read


def test_font_covers_every_thai_cluster_with_one_glyph(ita_home):
    from fontTools.ttLib import TTFont

    order = TTFont(fonts.folder() / "SarabunITA-Regular.ttf").getGlyphOrder()
    assert sum(name.startswith("th_") for name in order) > 3000
    assert (fonts.folder() / "OFL.txt").read_text("utf-8").startswith("Copyright")


def test_a_broken_font_is_built_again(tmp_path, monkeypatch, capsys):
    """A reader of fonts passes over one that is broken: all would be set in bold, or in nothing."""
    monkeypatch.setenv("ITA_HOME", str(tmp_path))
    folder = fonts.folder()
    names = {path.name for path in folder.iterdir()}
    whole = {name: (folder / name).read_bytes() for name in names}

    def built_again() -> None:
        fonts._is_whole.cache_clear()
        assert fonts.folder() == folder
        assert {name: (folder / name).read_bytes() for name in names} == whole

    (folder / "SarabunITA-Regular.ttf").write_bytes(whole["SarabunITA-Regular.ttf"][:1000])
    (folder / "Sarabun-Bold.woff2").unlink()
    (folder / "Sarabun-Bold.woff2").mkdir()
    (folder / "characters.json").unlink()
    built_again()
    assert capsys.readouterr().err.count("broken (not as it was built)") == 2
    (folder / fonts.DIGESTS).write_text("[]")
    built_again()


def test_html_contents_lead_to_headings_of_their_own(made):
    page = made["s0"][1]["pack.html"].decode()
    ids = re.findall(r"<h[1-4] id=(\w+)>", page)
    assert len(ids) == len(set(ids)) > 30
    ids = re.findall(r"<h[1-2] id=(\w+)>", page)
    assert re.findall(r'<a class=l\d href="#(\w+)">', page) == ids


def test_a_row_longer_than_a_page_is_set(ita_home):
    facts = facts_of("s0")
    facts["measures"][0]["steps_th"] = "|".join(
        f"ขั้นตอนที่ {n} จัดประชุมผู้เกี่ยวข้องเพื่อทบทวนผลการประเมินและมอบหมายงานให้แต่ละส่วนงาน"
        for n in range(1, 61)
    )
    read = squeeze(
        READERS["pdfium"](pack.files(pack.complete(facts), ("pdf",), "arabic")["pack.pdf"])
    )
    assert "60.ขั้นตอนที่60" in read
