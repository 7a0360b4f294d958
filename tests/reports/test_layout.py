"""How the report is laid out: nothing orphaned, nothing cut, nothing said twice."""

import csv
import io
import re
from itertools import combinations, pairwise

import docx
import pypdfium2
import pytest

from reports import blocks, content, pack
from reports.blocks import plain
from reports.content import sentences
from reports.content.words import SEVERITIES
from reports.setting import charts, html, svg
from reports.setting.pdf import render
from tests.reports.conftest import NAMES, facts_of
from tests.reports.test_content import without_parts
from tests.reports.test_formats import W
from warehouse import settings

ABOUT = {"title": "รายงาน", "running": "รายงาน", "date": "2026-11-30", "kind": "report"}


def kinds() -> list[tuple]:
    """(facts, body) of every kind of agency, told in both ways."""
    known = [facts_of(name) for name in NAMES]
    known += [without_parts(instruments) for instruments in (True, False)]
    return [(facts, body) for facts in known for body in pack.BODIES]


def tables(facts: dict, body: str = "topics") -> list[dict]:
    return [b for b in content.report(pack.complete(facts, body)) if b["t"] == "table"]


def pages(pdf: bytes) -> list[str]:
    return [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf)]


@pytest.mark.parametrize(("facts", "body"), kinds())
def test_every_heading_is_followed_by_what_it_heads(facts, body):
    report = content.report(pack.complete(facts, body))
    headings = [
        (block, following)
        for block, following in zip(report, [*report[1:], {"t": "page"}], strict=True)
        if block["t"] == "heading"
    ]
    assert len(headings) > 20
    for block, following in headings:
        assert following["t"] != "page", block
        if following["t"] == "heading":
            assert following["level"] > block["level"], (block, following)


def test_sections_are_numbered_without_a_gap():
    for facts, body in kinds():
        report = content.report(pack.complete(facts, body))
        said = [b["text"] for b in report if b["t"] == "heading" and b["level"] == 2]
        numbers = [int(text.split()[0].split(".")[1]) for text in said if text.startswith("1.")]
        assert numbers == list(range(1, len(numbers) + 1)) and len(numbers) > 2


def test_by_indicators_its_heading_alone_names_the_indicator():
    facts = pack.complete(facts_of("s4"), "indicators")
    report = content.report(facts)
    lists = [b for b in report if b["t"] == "list"]
    name = facts["indicators"][0]["indicator_th"]
    headings = [b["text"] for b in report if b["t"] == "heading" and b["level"] == 3]
    assert any(name in text for text in headings)
    assert [i for b in lists for i in b["items"] if name in plain(i)] == []
    by_topic = content.report(pack.complete(facts_of("s4")))
    assert any(name in plain(i) for b in by_topic if b["t"] == "list" for i in b["items"])


def test_the_index_does_not_repeat_the_indicator_of_its_row():
    index = next(t for t in tables(facts_of("s2")) if t["head"][0] == "ตัวชี้วัด")
    cells = [plain(cell) for row in index["rows"] for cell in row[2:5]]
    assert cells.count("ทั้งตัวชี้วัด") == len(index["rows"])
    assert not any(cell.startswith("ตัวชี้วัดที่") for cell in cells)


def test_no_column_of_the_items_is_empty():
    for name in ("s4", "worst", "y2564", "s0"):
        items = [t for t in tables(facts_of(name)) if t["head"][-1] == "คะแนนที่เสียไป"]
        assert len(items) == 4  # IIT, EIT, OIT, and of OIT the last group
        for shown in items:
            rows = [row for row in shown["rows"] if type(row) is list]
            for column in range(len(shown["head"])):
                assert any(plain(row[column]) for row in rows), shown["head"]


@pytest.mark.parametrize("name", ["s4", "worst", "y2564", "s0"])
def test_the_notes_on_method_do_not_stand_alone_on_the_last_page(made, name):
    facts, files = made[name]
    last = pages(files["pack.pdf"])[-1]
    code = blocks.with_digits(facts["items"][-1]["item_code"], "thai")
    assert "วิธีคำนวณและที่มาของตัวเลข" in last and f"{code} " in last.replace("\r\n", " ")


@pytest.mark.parametrize("rows", range(14, 34, 2))
def test_no_page_ends_between_an_introduction_and_its_table(ita_home, rows):
    """Whatever stands before: the heading, the sentence and the first row come together."""
    cell = "ความก้าวหน้า " * 30
    report = [
        blocks.page(landscape=True),
        *(blocks.paragraph(f"บรรทัด {n}", "plain") for n in range(rows)),
        blocks.heading(1, "ส่วนใหม่"),
        blocks.paragraph("คำนำของตาราง", "plain"),
        blocks.table([40, 60], ["หัวตาราง", "รายละเอียด"], [["แถวแรก", cell], ["แถวสอง", cell]]),
    ]
    found = pages(render.pdf(report, **ABOUT, author="หน่วยงาน", digits="thai"))
    of = {
        words: [n for n, text in enumerate(found) if words in text]
        for words in ("ส่วนใหม่", "คำนำของตาราง", "แถวแรก")
    }
    assert len({tuple(places) for places in of.values()}) == 1, of
    assert len(of["แถวแรก"]) == 1


@pytest.mark.parametrize(
    "name",
    ["เทศบาลตำบลลำปู่", "องค์การบริหารส่วนตำบลแก่งหางแมว", "สำนักงานศาลยุติธรรม", "กองทุนเพื่อการออม"],
)
def test_no_line_cuts_the_name_of_the_agency(ita_home, name):
    own = name[render.KINDS.match(name).end() :] if render.KINDS.match(name) else name
    report = [
        blocks.paragraph("ก" * n + " " + f"รายงานของ{name} ระบุจุดอ่อนและมาตรการ " * 3)
        for n in range(1, 40, 2)
    ]
    text = "".join(pages(render.pdf(report, **ABOUT, author=name, digits="thai")))
    assert text.replace("\r\n", "").count(own) == text.count(own) == 60


def test_no_line_cuts_a_word_that_names_a_person_or_a_quality():
    """ผู้ and ความ begin words that the line breaker ends too early: each is in the list."""
    known = re.compile(render.GLOSSARY)
    texts = [row["text_th"] for row in sentences.rows("sentences")]
    texts += [row["text_th"] for row in sentences.rows("reference")]
    for seed in ("remedy", "measure_group", "drawn_measure", "responsible_unit"):
        with (settings.SEEDS / f"{seed}.csv").open(encoding="utf-8", newline="") as file:
            texts += [text for row in csv.DictReader(file) for text in row.values() if text]
    begun = [
        (text, found.start()) for text in texts for found in re.finditer("ผู้|(?<!ข้อ)ความ", text)
    ]
    assert len(begun) > 1000
    wrong = {
        text[at : at + 20]
        for text, at in begun
        if not any(m.start() <= at < m.end() for m in known.finditer(text))
    }
    assert wrong == set()


def test_of_terms_that_begin_alike_the_longest_is_kept_whole():
    drawn = re.compile(render._drawn_together(["ผู้รับ", "ผู้รับเงิน", "ความ", "ผู้รับบริการ", "ความลับ"]))
    found = [m[0] for m in drawn.finditer("ผู้รับเงินและผู้รับบริการ ผู้รับ ความลับ ความ")]
    assert found == ["ผู้รับเงิน", "ผู้รับบริการ", "ผู้รับ", "ความลับ", "ความ"]
    whole = re.compile(render.GLOSSARY)
    longest = [whole.match(term) for term in render.TERMS]
    assert all(m and m[0] == term for m, term in zip(longest, render.TERMS, strict=True))


def test_no_line_cuts_the_name_of_a_province():
    with (settings.SEEDS / "province.csv").open(encoding="utf-8", newline="") as file:
        names = [row["province_th"] for row in csv.DictReader(file)]
    assert len(names) == 77
    assert {name for name in names if len(name) >= 8} <= set(render.TERMS)


def boxes(drawing: dict) -> list[tuple]:
    """(words, left, right, baseline) of each text, as wide as its characters may be."""
    found = []
    for kind, *mark in drawing["marks"]:
        if kind == "text":
            x, y, anchor, look, words = mark
            wide = len(re.sub("[ัิ-ฺ็-๎]", "", words)) * look.get("size", 9) * svg.POINT * 0.55
            left = {"start": x, "middle": x - wide / 2, "end": x - wide}[anchor]
            found.append((words, left, left + wide, y))
    return found


@pytest.mark.parametrize("score", [0.0, 3.0, 84.99, 100.0])
def test_on_a_telephone_charts_are_read_without_moving_sideways(score):
    facts = facts_of("s4")
    rows = [{**i, "score": score} for i in facts["indicators"]]
    years = [{"fiscal_year": y, "overall_score": score} for y in range(2564, 2569)]
    scopes = ["province", "type", "national"]
    for drawing in (
        charts.narrow_bars(rows, facts["means"], scopes, 85),
        charts.trend(years, 85, charts.NARROW),
    ):
        pixels = 360 / drawing["width"]
        sizes = [mark[4].get("size", 9) for mark in drawing["marks"] if mark[0] == "text"]
        assert min(sizes) * svg.POINT * pixels >= 9
        assert all(left >= 0 and right <= drawing["width"] for _, left, right, _ in boxes(drawing))
        for one, two in combinations(boxes(drawing), 2):
            apart = one[2] <= two[1] or two[2] <= one[1] or abs(one[3] - two[3]) >= 2.8
            assert apart, (one, two)


def test_html_draws_each_chart_for_both_widths(made):
    page = made["s4"][1]["pack.html"].decode()
    assert page.count("<svg class=narrow") == page.count("<svg class=broad") == 2
    assert "min-width:620px" not in html._style()


def test_what_is_to_be_done_is_not_said_to_be_under_way():
    """Where nothing was reported nobody knows that work on it has begun."""
    facts = facts_of("worst")
    facts["last_measures"] = []
    for body in pack.BODIES:
        report = content.report(pack.complete(facts, body))
        texts = [plain(b["text"]) for b in report if b["t"] in ("heading", "paragraph")]
        assert [text for text in texts if "อยู่ระหว่าง" in text] == []
    assert {f"group.none.{kind}" for kind in SEVERITIES} <= sentences.sentences().keys()


def test_the_last_items_stand_with_the_notes_in_docx_too(made):
    body = docx.Document(io.BytesIO(made["s4"][1]["pack.docx"])).element.body
    *_, last = (t for t in body.iter(W + "tbl") if t.find(f"{W}tblPr/{W}tblStyle") is not None)
    assert all(list(row.iter(W + "keepNext")) for row in last.iter(W + "tr"))
    assert list(last.getnext().iter(W + "keepNext"))


def test_the_cover_names_a_place_that_is_the_agency_once():
    facts = facts_of("s0")
    facts["agency"].update(name_th="กรุงเทพมหานคร", province_code="10", province_th="กรุงเทพมหานคร")
    facts["agency"]["district_th"] = None
    cover = content.report(pack.complete(facts))[0]
    assert cover["name"] == "กรุงเทพมหานคร" and cover["place"] == ""
    assert content.report(pack.complete(facts_of("s0")))[0]["place"] != ""


def test_years_of_a_predecessor_are_drawn_together():
    facts = facts_of("s0")
    last = facts["history"][-1]
    facts["history"] = [
        {**last, "fiscal_year": year, "predecessor_th": "อบต. เดิม" if year < 2566 else None}
        for year in range(2563, 2567)
    ]
    texts = [
        plain(b["text"]) for b in content.report(pack.complete(facts)) if b["t"] == "paragraph"
    ]
    assert any(text.startswith("ผลของปี 2563–2565 เป็นของอบต. เดิม") for text in texts)


def test_a_figure_that_is_only_relatively_weak_is_said_to_be_so():
    """It stands in (b) though it is above the thresholds that the part opens with."""
    facts = facts_of("s2")
    assert any(f["basis"] == "relative" and not f["item_code"] for f in facts["findings"])
    report = content.report(pack.complete(facts))
    told = [
        following["t"]
        for block, following in pairwise(report)
        if block["t"] == "paragraph" and "อ่อนกว่าคะแนนอื่นโดยเปรียบเทียบ" in plain(block["text"])
    ]
    assert told and set(told) == {"table"}


def test_the_working_file_has_no_sheet_without_a_row():
    sheets = {s["name"]: s for s in content.workbook(pack.complete(without_parts(True)))}
    assert "ตัวชี้วัด" not in sheets
    whole = {s["name"]: s for s in content.workbook(pack.complete(facts_of("s0")))}
    assert whole["ตัวชี้วัด"]["rows"]
    due = [row[4] for row in whole["ความก้าวหน้า"]["rows"]]
    assert due and all(due)


def test_a_column_is_headed_by_what_it_holds():
    """Of a type of few agencies it is told how long an item was found, not by how many."""
    facts = facts_of("worst")
    for item in facts["items"]:
        item.update(shared=None, years_running=3 if item["severity"] == "urgent" else None)
    heads = {head for t in tables(facts) for head in t["head"]}
    assert "พบต่อเนื่อง" in heads and "หน่วยงานที่พบข้อนี้" not in heads
    assert "หน่วยงานที่พบข้อนี้" in {head for t in tables(facts_of("worst")) for head in t["head"]}
