"""What the messages say, to whom, and what cannot be done to them by a name."""

import email
import email.policy
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from delivery.message import compose
from delivery.setup import Setup
from delivery.words import one_line
from tests.delivery.conftest import NIGHT

SETUP = Setup(None, "https://ita.example.go.th", "help@nacc.example.go.th", 1, 1)


def said(message) -> tuple[str, str]:
    return tuple(message.get_body((kind,)).get_content() for kind in ("plain", "html"))


def test_a_message_says_it_in_half_a_page_in_text_and_html(country, mailboxes, monkeypatch):
    monkeypatch.setenv("ITA_MAIL_REPLY_TO", "help@nacc.example.go.th")
    address = country.agency("A1")
    country.receipt("A1", 1, "accepted")
    country.deliver()
    message = mailboxes.of(address)
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Reply-To"] == "help@nacc.example.go.th"
    assert message["Date"] == "Tue, 02 Sep 2025 01:05:00 +0700"
    assert message["To"] == address
    assert not list(message.iter_attachments())
    text, html = said(message)
    for words in (
        "ได้คะแนนภาพรวม 90.50 คะแนน",
        "เหตุผลของระดับคือ",
        "เรื่องที่ช่วยเพิ่มคะแนนได้มากที่สุด",
        "ภายในวันที่ 1 ตุลาคม 2568",
        "https://ita.example.go.th/agency/A1",
        "“scores.xlsx” รับแล้ว",
    ):
        assert words in text and words in html, words
    assert text.count("หากได้คะแนนเต็ม คะแนนภาพรวมเพิ่มขึ้น") == 3
    assert len(text) < 2_500, "half a page"
    late = message_on(country, mailboxes, NIGHT + timedelta(days=60))
    assert "มีกำหนดเผยแพร่ภายในวันที่ 1 ตุลาคม 2568" in late and "โดยเร็ว" in late


def message_on(country, mailboxes, at) -> str:
    country.pack("A1", "key-2")
    country.deliver(at)
    return said(mailboxes.mails[-1][1])[0]


def test_a_rejected_file_is_told_with_its_first_errors(country, mailboxes):
    address = country.agency("A1")
    country.deliver()
    country.receipt("A1", 2, "rejected", "คะแนน\nBcc: x@y.go.th.xlsx")
    done = country.deliver(NIGHT + timedelta(days=1))
    assert done.counts["sent"] == 1
    message = [parsed for to, parsed, _ in mailboxes.mails if address in to][1]
    text, _ = said(message)
    assert "ไม่รับ มีข้อผิดพลาด 1 ข้อ" in text and "แผ่นงาน “ผล” แถวที่ 7 คอลัมน์ C: คะแนน 140 เกิน 100" in text
    assert "ผลการประเมิน" not in text, "its pack is not new"
    assert message["Bcc"] is None and "\nBcc" not in text
    assert country.deliver(NIGHT + timedelta(days=2)).counts["sent"] == 0


def test_a_receipt_of_long_ago_is_no_news(country, mailboxes):
    country.agency("A1")
    country.deliver()
    country.receipt("A1", 1, "accepted")
    assert country.deliver(NIGHT + timedelta(days=8)).counts["sent"] == 0


def test_others_files_are_never_told(country, mailboxes):
    country.agency("A1")
    country.deliver()
    country.receipt("A1", 1, "accepted")
    country.connection.execute("update raw.submission set speaks_for = 'province:24'")
    assert country.deliver(NIGHT + timedelta(days=1)).counts["sent"] == 0


def test_only_the_newest_year(country, mailboxes):
    country.agency("A1")
    country.connection.execute("insert into mart.assessment values ('A9', 2569, 90)")
    assert country.deliver().counts["sent"] == 0


def test_one_digest_a_province_and_night(country, mailboxes):
    country.agency("A1", name="อบต.หนึ่ง")
    country.agency("A2", "refused", name="อบต.สอง")
    country.agency("A3", "", name="อบต.สาม")
    country.agency("B1", "", province="25", name="อบต.สี่")
    somchai, somsri = country.person("somchai", "24"), country.person("somsri", "24")
    other, head = country.person("manee", "25"), country.person("head", "headquarters")
    done = country.deliver()
    assert done.counts["digests"] == 2 and done.counts["no_contact"] == 2
    counted = mailboxes.counted()
    assert (counted[somchai], counted[somsri], counted[other], counted[head]) == (1, 1, 1, 0)
    digest = mailboxes.of(somchai)
    text, html = said(digest)
    for words in ("อบต.หนึ่ง", "อบต.สอง", "อบต.สาม", "ฉะเชิงเทรา", "/province/24/contacts"):
        assert words in text and words in html, words
    assert "อบต.สี่" not in text and "อบต.สี่" in said(mailboxes.of(other))[0]
    assert "90.50" not in text and "คะแนน" not in text, "no figures of agencies"
    assert country.deliver(NIGHT + timedelta(days=1)).counts["digests"] == 0, "nothing to tell"
    country.pack("A1", "key-2", name="อบต.หนึ่ง")
    assert country.deliver(NIGHT + timedelta(days=2)).counts["digests"] == 1
    again = said(mailboxes.mails[-1][1])[0]
    assert "อบต.หนึ่ง" in again and "อบต.สอง" not in again and "อบต.สาม" not in again


def test_an_agency_gets_its_message_when_it_has_an_address(country, mailboxes):
    country.agency("A1", "")
    assert country.deliver().counts["sent"] == 0
    from warehouse import contacts

    contacts.mend("A1", "new-a1@example.go.th")
    country.deliver(NIGHT + timedelta(days=1))
    assert mailboxes.counted() == {"new-a1@example.go.th": 1}


HOSTILE = st.one_of(
    st.text(max_size=400),
    st.text(st.characters(min_codepoint=0x0E01, max_codepoint=0x0E5B), max_size=400),
    st.sampled_from(
        [
            "อบต.ก\r\nBcc: x@y.go.th\r\n\r\nhello",
            "=?utf-8?q?a=0ABcc=3A_x=40y?=",
            "<script>alert(1)</script>{{ 7*7 }}",
            "ก\u202eข\u2028ค\x85ง",
            "น้ำ" * 200,
            "A" * 5_000,
        ]
    ),
)


@settings(max_examples=150)
@given(name=HOSTILE)
def test_a_name_makes_no_header_no_line_and_no_tag(name):
    blocks = [("text", f"เรียน {name}"), ("list", [name]), ("link", (name, "https://x.go.th/"))]
    what = (["a@example.go.th"], f"ผลของ{name}", blocks, SETUP, "0" * 32, NIGHT)
    raw = bytes(compose(*what))
    assert raw == bytes(compose(*what)), "the same bytes"
    assert max(map(len, raw.split(b"\n"))) <= 998
    read = email.message_from_bytes(raw, policy=email.policy.default)
    assert sorted(read.keys()) == sorted(
        [
            *("From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "Reply-To"),
            *("MIME-Version", "Content-Type", "Content-Language"),
        ]
    )
    assert not read.defects and read["To"] == "a@example.go.th"
    assert len(read["Subject"].splitlines()) == 1
    text, html = said(read)
    assert len(text.splitlines()) == 5, text
    assert "<script>" not in html


def test_a_long_name_is_cut_between_letters():
    assert one_line("น้ำ" * 3, 4) == "น้ำ…"
    assert one_line("ก้" * 2, 3) == "ก้…"
