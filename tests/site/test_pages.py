"""The pages of the night: what they say, that they stand alone, that their links lead somewhere."""

import json

import lxml.html
import pytest

from reports import site
from reports.site import verdict_page
from reports.site.page import thai_time
from tests.site.conftest import ACCEPTED, REJECTED, WARNED

VERDICT = {
    "state": "not_published",
    "cause": "step",
    "exit_code": 1,
    "reason_th": "ขั้น load ขัดข้อง",
    "reason_en": "Step load failed",
    "do_th": "สั่ง ita refresh",
    "do_en": "ita refresh",
    "kind": "manual",
    "run_id": "manual__1",
    "began_at": "2025-08-02T18:00:00+00:00",
    "ended_at": "2025-08-02T18:02:00+00:00",
    "night_began_at": "2025-08-02T18:00:00+00:00",
    "last_good": "",
    "serving": "b1a2b3",
    "serving_since": "2025-08-02T18:05:00+00:00",
    "written_at": "2025-08-02T18:02:01+00:00",
    "next_by": "2025-08-03T22:00:00+00:00",
    "going_since": "",
    "log": "airflow/logs/dag_id=nightly_refresh/run_id=manual__1",
    "problems": [],
}


def read(home) -> dict:
    """Path below ITA_HOME → parsed page."""
    return {
        str(path.relative_to(home)): lxml.html.fromstring(path.read_text(encoding="utf-8"))
        for path in home.rglob("*.html")
    }


@pytest.fixture
def pages(after_a_night, tmp_path):
    site.write(after_a_night)
    return read(tmp_path)


def test_an_empty_warehouse_has_its_page(empty_warehouse, tmp_path):
    site.write(empty_warehouse)
    text = read(tmp_path)["index.html"].text_content()
    assert "ยังไม่มีการเผยแพร่" in text and "ยังไม่ได้รับแฟ้มใด" in text and "ยังไม่มีชุดรายงาน" in text


def test_the_published_build_is_the_newest(pages):
    text = pages["index.html"].xpath("//h2[@id='build']/following::table")[0].text_content()
    assert "b1a2b3" in text and "f00dfeed" in text and "3 ส.ค. 2568 01:05 น." in text
    assert "1,234,567" in pages["index.html"].text_content()


def test_files_are_counted_by_state_and_listed_with_their_receipts(pages):
    text = " ".join(pages["index.html"].text_content().split())
    assert "รับแล้ว 1 แฟ้ม" in text and "รับแล้ว มีข้อสังเกต 1 แฟ้ม" in text and "ไม่รับ 1 แฟ้ม" in text
    assert pages["receipts/index.html"].xpath(
        f"//h2[@id='rejected']/following::tr[@id='{REJECTED}']"
    )
    assert pages["receipts/index.html"].xpath(f"//tr[@id='{WARNED}']//a/@href") == [
        f"{WARNED}.html"
    ]
    assert not pages["receipts/index.html"].xpath(
        f"//tr[@id='{ACCEPTED}']//a"
    )  # no receipt written yet


def test_a_receipt_says_what_to_do(pages):
    text = pages[f"receipts/{WARNED}.html"].text_content()
    assert (
        "row 7" in text
        and "คะแนนอยู่นอกช่วง 0–100" in text
        and "แก้คะแนน" in text
        and "correct it" in text
    )


def test_what_files_say_is_text_never_markup(pages):
    assert "ผล <b>2568</b>.xlsx" in pages["index.html"].text_content()
    for name, page in pages.items():
        assert not page.xpath("//script | //td//b"), name
    assert "<assessment>" in pages["index.html"].text_content()


def test_the_last_gate_is_shown_with_what_failed(pages):
    text = " ".join(pages["index.html"].text_content().split())
    assert "1 จาก 2 ข้อผ่าน" in text and "คะแนนต่างกัน" in text and "a person looks" in text
    assert "ข้อเก่า" not in text


def test_failures_and_runs_are_shown(pages):
    text = " ".join(pages["index.html"].text_content().split())
    assert "nightly_refresh / build" in text and "dbt build failed" in text


def test_failures_without_a_warehouse_are_shown(after_a_night, tmp_path):
    (tmp_path / "failures.jsonl").write_text(
        '{"failed_at": "2025-08-03T18:00:00+00:00", "dag_id": "nightly_refresh", "run_id": '
        '"r2", "task_id": "load", "try_number": 2, "exit_code": 1, '
        '"message": "no answer", "warehouse": "down"}\n',
        encoding="utf-8",
    )
    site.write(after_a_night)
    assert "no answer" in read(tmp_path)["index.html"].text_content()


def test_who_has_not_submitted_in_the_newest_year(pages):
    page = pages["documents/not-submitted.html"]
    assert [item.text_content().split()[0] for item in page.xpath("//li")] == [
        "อบต.สอง"
    ]  # A4 left the registry in 2567
    assert "1 of 2" in page.xpath("//h2[@id='p56']")[0].text_content()


def test_an_agency_whose_file_was_not_accepted_is_told_from_one_that_sent_nothing(pages):
    (link,) = pages["documents/not-submitted.html"].xpath("//li//a")
    assert (
        link.get("href") == f"../receipts/{WARNED}.html" and "A2" in link.getparent().text_content()
    )


def test_what_came_last_is_counted_and_what_failed_says_why(after_a_night, tmp_path):
    after_a_night.execute(
        "update raw.submission set received_at = '2025-08-02 02:00+00' where state <> 'accepted'"
    )
    site.write(after_a_night)
    page = read(tmp_path)["index.html"]
    text = " ".join(page.xpath("//h2[@id='tonight']/following::p")[0].text_content().split())
    assert "2 แฟ้ม — รับแล้ว 0 รับแล้วมีข้อสังเกต 1 ไม่รับ 1" in text
    failed = [
        " ".join(" ".join(row.itertext()).split())
        for row in page.xpath("//h2[@id='tonight']/following::table[1]//tr[td]")
    ]
    assert (
        len(failed) == 2
        and "scan.pdf ไม่รับ 1 แฟ้ม PDF เป็นภาพสแกน <b>" in failed[0]
        and "คะแนนอยู่นอกช่วง" in failed[1]
        and "กระโดด" not in failed[1]
    )


def test_the_verdict_stands_at_the_head_and_can_be_replaced_alone(after_a_night, tmp_path):
    """Also where the warehouse, of which the rest is made, is silent, and with no page yet."""
    verdict = VERDICT | {"reason_th": "<b>ขั้น load ขัดข้อง</b>"}
    (tmp_path / "nights").mkdir()
    (tmp_path / "nights" / "verdict.json").write_text(json.dumps(VERDICT))
    site.write(after_a_night)
    before = (tmp_path / "index.html").read_text("utf-8")
    assert VERDICT["reason_th"] in before
    (tmp_path / "nights" / "verdict.json").write_text(json.dumps(verdict))
    verdict_page.put_in()
    after = (tmp_path / "index.html").read_text("utf-8")
    head = read(tmp_path)["index.html"].get_element_by_id("verdict")
    assert verdict["reason_th"] in head.text_content() and not head.xpath(".//p[2]//b")
    assert after.partition("<!--/verdict-->")[2] == before.partition("<!--/verdict-->")[2]
    (tmp_path / "index.html").unlink()
    verdict_page.put_in()
    assert verdict["reason_th"] in read(tmp_path)["index.html"].text_content()


def test_the_last_runs_are_listed_with_their_reason_and_log(after_a_night, tmp_path):
    (tmp_path / "nights").mkdir()
    (tmp_path / "nights" / "run-20250802T180000Z-manual.json").write_text(json.dumps(VERDICT))
    site.write(after_a_night)
    row = read(tmp_path)["index.html"].xpath("//h2[@id='runs']/following::tr")[1].text_content()
    for word in ("สั่งเอง", "ไม่ได้เผยแพร่", VERDICT["reason_th"], VERDICT["log"]):
        assert word in row


def test_what_the_build_changed_is_counted_and_listed(after_a_night, tmp_path):
    after_a_night.execute("""
        insert into ops.change_preview (build_id, agency_id, fiscal_year, change, overall_before,
            overall_after, level_before, level_after,
                                        national_rank_before, national_rank_after)
        values ('b1a2b3', 'A1', 2568, 'score', 98.00, 99.34, 'good', 'excellent', 2, 1),
            ('b1a2b3', 'A3', 2568, 'rank', 90, 90, 'good', 'good', 1, 2),
               ('b1a2b3', 'A2', 2567, 'gone', 80, null, null, null, 1, null)""")
    site.write(after_a_night)
    pages = read(tmp_path)
    counts = [
        [cell.text_content() for cell in row.xpath("td")]
        for row in pages["index.html"].xpath("//h2[@id='changes']/following::table[1]//tr[td]")
    ]
    assert counts == [["2568", "0", "0", "1", "1"], ["2567", "0", "1", "0", "0"]]
    text = " ".join(pages["documents/changes.html"].text_content().split())
    assert (
        "อบต.หนึ่ง A1" in text
        and "98.00 → 99.34" in text
        and "80 → –" in text
        and "ผ่านดี → ผ่านดีเยี่ยม" in text
    )
    assert (
        "A3" in text[text.index("เฉพาะอันดับเปลี่ยน") :]
        and "A3" not in text[: text.index("เฉพาะอันดับเปลี่ยน")]
    )


def test_pages_stand_alone_and_links_lead_somewhere(after_a_night, tmp_path):
    (tmp_path / "packs").mkdir()
    (tmp_path / "packs" / "index.html").write_text("<h1>packs</h1>", encoding="utf-8")
    (tmp_path / "documents" / "data_docs").mkdir(parents=True)
    (tmp_path / "documents" / "data_docs" / "index.html").write_text(
        "<h1 id='candidate'>checks</h1><p id='candidate-gap_check'>x</p>", encoding="utf-8"
    )
    site.write(after_a_night)
    pages = read(tmp_path)
    for name, page in pages.items():
        assert not page.xpath(
            "//script | //link | //img | //iframe | //*[contains(@style, 'url(')]"
        ), name
        for link in page.xpath("//a/@href"):
            path, _, anchor = link.partition("#")
            target = ((tmp_path / name).parent / path).resolve() if path else tmp_path / name
            assert target.is_file(), (name, link)
            if anchor and not anchor.startswith(("item_score",)):
                assert pages[str(target.relative_to(tmp_path.resolve()))].xpath(
                    f"//*[@id='{anchor}']"
                ), (name, link)
    reached = {
        str(
            ((tmp_path / "index.html").parent / link.partition("#")[0])
            .resolve()
            .relative_to(tmp_path.resolve())
        )
        for link in pages["index.html"].xpath("//a/@href")
        if not link.startswith("#")
    }
    assert {
        "packs/index.html",
        "receipts/index.html",
        "documents/data_docs/index.html",
        "documents/data-dictionary.html",
        "documents/not-submitted.html",
    } <= reached


def test_the_same_state_gives_the_same_bytes(after_a_night, tmp_path):
    site.write(after_a_night)
    first = {path: path.read_bytes() for path in tmp_path.rglob("*.html")}
    site.write(after_a_night)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*.html")} == first


def test_a_receipt_written_again_changes_its_page(after_a_night, tmp_path):
    site.write(after_a_night)
    receipt = tmp_path / "receipts" / f"{WARNED}.json"
    receipt.write_text(
        receipt.read_text(encoding="utf-8").replace("row 7", "row 70"), encoding="utf-8"
    )
    site.write(after_a_night)
    assert "row 70" in read(tmp_path)[f"receipts/{WARNED}.html"].text_content()


@pytest.mark.parametrize("content", ["{}", '{"findings": 5}', "[]", '{"state": '])
def test_a_broken_receipt_is_set_aside_and_has_no_page(after_a_night, tmp_path, content):
    receipt = tmp_path / "receipts" / f"{WARNED}.json"
    receipt.write_text(content, encoding="utf-8")
    site.write(after_a_night)
    assert not read(tmp_path)["receipts/index.html"].xpath(f"//tr[@id='{WARNED}']//a/@href")
    assert not receipt.exists() and receipt.with_name(f"{receipt.name}.broken").exists()


def test_times_are_thai():
    assert thai_time("2025-12-31T17:00:00+00:00") == "1 ม.ค. 2569 00:00 น."
    assert thai_time(None) == ""
