"""Every form in which a table may come: encodings, separators, headers, sheets; recognised by
content, never by name.
"""

import io
import zipfile

import openpyxl
import pytest
import xlsxwriter

from tests.ingestion.intake_examples import HEADER
from tests.ingestion.old_excel import xls

TABLE = (
    "ปีงบประมาณ,ชื่อหน่วยงาน,จังหวัด,ระดับข้อมูล,รหัส,ส่วน,คะแนน\n"
    "2568,อบต.สามพร้าว,อุดรธานี,item,i1,,92.65\n"
    "2568,อบต.สามพร้าว,อุดรธานี,item,๐๒,,๑๐๐\n"
)
EXPECTED = {("S1", "i1"): "92.65", ("S1", "o2"): "100"}


def kept(judged) -> dict:
    return (
        {
            (row.agency_id, row.code): row.score
            for row in judged.tables["score"].astype(str).itertuples()
        }
        if "score" in judged.tables
        else {}
    )


def book(*sheets: tuple[str, list[list]], hidden=(), formats=None) -> bytes:
    """An .xlsx with these sheets."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as workbook:
        percent = workbook.add_format({"num_format": "0.00%"})
        for name, rows in sheets:
            sheet = workbook.add_worksheet(name)
            for number, row in enumerate(rows):
                for position, value in enumerate(row):
                    sheet.write(
                        number, position, value, percent if formats == (number, position) else None
                    )
            if name in hidden:
                sheet.hide()
    return out.getvalue()


def rows(text: str = TABLE) -> list[list]:
    return [
        [
            float(cell) if cell.isascii() and cell.replace(".", "").isdigit() else cell
            for cell in line.split(",")
        ]
        for line in text.splitlines()
    ]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp874", "tis-620"]
)
def test_encodings(judge_bytes, encoding):
    assert kept(judge_bytes(TABLE.encode(encoding))) == EXPECTED


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_separators(judge_bytes, separator):
    assert kept(judge_bytes(TABLE.replace(",", separator))) == EXPECTED


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_line_ends(judge_bytes, line_end):
    assert kept(judge_bytes(TABLE.replace("\n", line_end))) == EXPECTED


def test_decimal_comma(judge_bytes):
    assert kept(judge_bytes(TABLE.replace(",", ";").replace("92.65", "92,65"))) == EXPECTED
    assert kept(judge_bytes(TABLE.replace("92.65", '"92,65"'))) == EXPECTED
    assert (
        judge_bytes(TABLE.replace("92.65", "92,65")).counted["row_shape"] == 1
    )  # not quoted: it cannot be told apart, so it is not read


def test_percent_sign_and_words(judge_bytes):
    assert kept(judge_bytes(TABLE.replace("92.65", "92.65%"))) == EXPECTED
    assert kept(judge_bytes(TABLE.replace("92.65", "92.65 คะแนน"))) == EXPECTED


def test_title_rows_notes_blank_lines_and_repeated_headers(judge_bytes):
    head, first, second = TABLE.splitlines()
    judged = judge_bytes(
        "\n".join(
            ["ผลการประเมิน ITA", "", head, first, "", head, second, "หมายเหตุ: ข้อมูลจากระบบ", ""]
        )
    )
    assert kept(judged) == EXPECTED and judged.tables["score"]["source_place"].tolist() == [
        "row 4",
        "row 7",
    ]


def test_year_from_the_title_if_no_column_says_it(judge_bytes):
    text = "ผลการประเมิน ปีงบประมาณ พ.ศ. ๒๕๖๘\n" + TABLE.replace("ปีงบประมาณ,", "").replace(
        "2568,", ""
    )
    assert kept(judge_bytes(text)) == EXPECTED
    assert (
        judge_bytes("ปี 2567 ถึง 2568\n" + text.partition("\n")[2]).counted["unknown_fiscal_year"]
        == 1
    )


def test_decomposed_and_invisible_marks(judge_bytes):
    assert (
        kept(
            judge_bytes(TABLE.replace("สามพร้าว", "สา\u200bม\xa0พร้าว").replace("2568", "\u200b2568"))
        )
        == EXPECTED
    )


def test_buddhist_and_common_era(judge_bytes):
    assert kept(judge_bytes(TABLE.replace("2568", "2025"))) == EXPECTED
    assert kept(judge_bytes(TABLE.replace("2568", "พ.ศ. ๒๕๖๘"))) == EXPECTED


def test_wide_table(judge_bytes):
    wide = (
        "ปีงบประมาณ,หน่วยงาน,จังหวัด,คะแนนรวม,ระดับ,IIT,EIT.public,EIT ส่วนที่ "
        "2,1,ตัวชี้วัดที่ 2,9.1,ข้อ i๑,e1.public,e1_survey,๐๒\n"
        "2568,อบต.สามพร้าว,อุดรธานี,91.5,ผ่าน,98,,84,97,96,100,92.65,80,70,100\n"
    )
    judged = judge_bytes(wide)
    table = judged.tables["score"].astype({"score": str})
    assert set(zip(table["level"], table["code"], table["part"], table["score"], strict=True)) == {
        ("overall", "", "", "91.5"),
        ("instrument", "IIT", "", "98"),
        ("instrument", "EIT", "survey", "84"),
        ("indicator", "1", "", "97"),
        ("indicator", "2", "", "96"),
        ("sub_indicator", "9.1", "", "100"),
        ("item", "i1", "", "92.65"),
        ("item", "e1", "public", "80"),
        ("item", "e1", "survey", "70"),
        ("item", "o2", "", "100"),
    }
    assert judged.layout == "wide_table" and table.set_index("code")["rating"][""] == "pass"


def test_a_header_of_two_rows(judge_bytes):
    upper = ["ปีงบประมาณ", "หน่วยงาน", "จังหวัด", "EIT", None, "OIT"]
    data = [2568, "อบต.สามพร้าว", "อุดรธานี", 90, 91, 100]
    judged = judge_bytes(book(("ผล", [upper, [None, None, None, "ส่วนที่ 1", "ส่วนที่ 2", None], data])))
    found = {(row.code, row.part): str(row.score) for row in judged.tables["score"].itertuples()}
    assert found == {("EIT", "public"): "90", ("EIT", "survey"): "91", ("OIT", ""): "100"}
    assert list(
        judge_bytes(book(("ผล", [upper, [None, None, None, "เช้า", "บ่าย", None], data]))).counted
    ) == ["unknown_layout"]  # never guessed
    assert list(judge_bytes(book(("ผล", [upper, data]))).counted) == ["unknown_layout"]


def test_a_column_of_numbers_that_is_not_understood_is_said(judge_bytes):
    judged = judge_bytes(
        "ที่,ปีงบประมาณ,หน่วยงาน,จังหวัด,ตัวชี้วัดที่ 1 การปฏิบัติหน้าที่,คะแนน "
        "ITA,คะแนนพิเศษ,โทรศัพท์\n1,2568,อบต.สามพร้าว,อุดรธานี,90,91,5,ไม่มี\n"
    )
    assert kept(judged) == {("S1", "1"): "90", ("S1", ""): "91"} and judged.counted == {
        "column_not_read": 1
    }
    assert judged.findings[0].value == "คะแนนพิเศษ"


def test_wide_workbook_with_numbers_as_headers(judge_bytes):
    assert kept(
        judge_bytes(
            book(("ผล", [["fiscal_year", "agency_id", 1, 10, 9.1], [2568, "S1", 90.5, 80, 70]]))
        )
    ) == {("S1", "1"): "90.5", ("S1", "10"): "80", ("S1", "9.1"): "70"}


def test_workbook_sheets(judge_bytes):
    head, first, second = rows()
    sheets = [
        ("อ่านก่อน", [["คำชี้แจง"]]),
        ("ผล 1", [head, first]),
        ("ผล 2", [["ผลปี 2568"], [], head, second]),
        ("เก่า", [head, [2567, *second[1:]]]),
    ]
    judged = judge_bytes(book(*sheets, hidden=("เก่า",)))
    assert kept(judged) == EXPECTED and judged.counted["hidden_sheet"] == 1
    assert judged.tables["score"]["source_place"].tolist() == [
        "sheet ผล 1 row 2",
        "sheet ผล 2 row 4",
    ]


def test_numbers_as_text_and_binary_dust_in_a_workbook(judge_bytes):
    text = book(("ผล", [[str(cell) for cell in row] for row in rows()]))
    assert kept(judge_bytes(text)) == {**EXPECTED, ("S1", "i1"): "92.65"}
    dust = [
        [*row[:6], 30.9 * 3 - 0.05] if number == 1 else row for number, row in enumerate(rows())
    ]
    assert kept(judge_bytes(book(("ผล", dust)))) == EXPECTED


def test_a_cell_shown_as_percent_counts_as_shown(judge_bytes):
    shown = [[*row[:6], 0.9265] if number == 1 else row for number, row in enumerate(rows())]
    assert kept(judge_bytes(book(("ผล", shown), formats=(1, 6)))) == EXPECTED
    assert kept(judge_bytes(book(("ผล", shown))))["S1", "i1"] == "0.9265"


def test_merged_cells_belong_to_all_their_rows(judge_bytes):
    out = io.BytesIO()
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    for row in rows():
        sheet.append(row)
    for column in "ABC":
        sheet.merge_cells(f"{column}2:{column}3")
    workbook.save(out)
    assert kept(judge_bytes(out.getvalue())) == EXPECTED


def test_html_table(judge_bytes):
    head, first, second = TABLE.splitlines()
    cells = "".join(f"<th>{cell}</th>" for cell in head.split(","))
    year, name, province, *rest = first.split(",")
    body = (
        f"<tr><td rowspan=2>{year}<td rowspan='2'>{name}<br></td><td rowspan=2>{province}</td>"
        + "".join(f"<td>{cell}</td>" for cell in rest)
        + "</tr><tr>"
        + "".join(f"<td> {cell}&nbsp;</td>" for cell in second.split(",")[3:])
        + "</tr>"
    )
    page = (
        "<html><head><meta charset=utf-8><script>x=1</script></head><body><h1>ผล</h1>"
        f"<table><tr>{cells}</tr>{body}</table></body></html>"
    )
    assert kept(judge_bytes(page)) == EXPECTED
    assert kept(judge_bytes(page.encode("cp874"))) == EXPECTED
    assert judge_bytes(page).tables["score"]["source_place"].tolist() == [
        "table 1 row 2",
        "table 1 row 3",
    ]


def test_old_excel(judge_bytes):
    assert kept(judge_bytes(xls(rows(), "ผล"))) == EXPECTED
    wide = xls(
        [
            ["ปีงบประมาณ", "หน่วยงาน", "จังหวัด", "i1", "๐๒"],
            [2568, "อบต.สามพร้าว", "อุดรธานี", 92.65, "๑๐๐"],
        ]
    )
    assert kept(judge_bytes(wide)) == EXPECTED


@pytest.mark.parametrize(
    ("stream", "word"), [("EncryptedPackage", "password"), ("WordDocument", ".docx")]
)
def test_old_containers_that_hold_no_table_say_why(judge_bytes, stream, word):
    judged = judge_bytes(
        xls([["x"]]).replace("Workbook".encode("utf-16-le"), stream[:8].encode("utf-16-le"))
        + stream.encode("utf-16-le")
    )
    assert judged.state == "rejected" and word in judged.findings[0].message_en


def test_a_file_is_recognised_by_content(judge_bytes):
    assert judge_bytes(TABLE).layout == "long_table"
    assert (
        judge_bytes(
            '{"fiscal_year": 2568, "agency": {"agency_id": "S1"}, "scores": [{"level": '
            '"overall", "score": 90}]}'
        ).layout
        == "json"
    )


def test_json_numbers_are_exact(judge_bytes):
    judged = judge_bytes(
        '[{"fiscal_year": 2568, "agency": {"agency_id": "S1"}, "scores": [{"level": "overall", '
        '"score": 91.10}, '
        '{"level": "item", "code": "i1", "score": 0.1000000000000000055511151231257827}]}]'
    )
    assert judged.tables["score"]["score"].astype(str).tolist() == [
        "91.1",
        "0.1000000000000000055511151231257827",
    ]


def test_one_wrong_object_of_a_list_rejects_only_itself(judge_bytes):
    judged = judge_bytes(
        '[{"fiscal_year": 2568, "agency": {"agency_id": "S1"}, "scores": [{"level": "overall", '
        '"score": 90}]}, '
        '{"fiscal_year": 2568, "agency": {"agency_id": "S2"}, "scores": "all fine"}, 7]'
    )
    assert (
        kept(judged) == {("S1", ""): "90"}
        and judged.counted == {"wrong_type": 2}
        and judged.state == "accepted_with_warnings"
    )


def test_a_broken_place_in_utf8_is_named(judge_bytes):
    data = TABLE.encode()
    at = data.index("๑๐๐".encode()) + 1
    judged = judge_bytes(data[:at] + b"\xff" + data[at + 1 :])
    assert (
        judged.counted == {"unreadable": 1}
        and f"utf-8 at byte {at - 1:,}" in judged.findings[0].message_en
    )


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"", "unreadable"),
        (b"  \n", "unreadable"),
        (b"\x00\x01\x02", "unreadable"),
        (b"\xff\xfe\x00", "unreadable"),
        (b"\x89PNG\r\n\x1a\n", "unknown_layout"),
        (b"PK\x03\x04broken", "unreadable"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "unreadable"),
        (b"{broken", "unreadable"),
        (b"[" * 100_000, "over_bound"),
        (b'{"a": 1, "a": 2}', "wrong_type"),
        (b"[1]", "wrong_type"),
        (b"{}", "wrong_type"),
        (b'{"agency": {}, "scores": [{"level": {}}]}', "wrong_type"),
        (b'{"agency": {}, "fiscal_year": 2568}', "unknown_layout"),
        (b"hello, world", "unknown_layout"),
        (HEADER.encode(), "unknown_layout"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_reason(judge_bytes, content, rule):
    judged = judge_bytes(content)
    assert (
        judged.state == "rejected"
        and list(judged.counted) == [rule]
        and judged.rows_read == judged.rows_accepted == 0
    )


def zipped(**entries: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name.replace("__", "/"), content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("entries", "rule"),
    [
        ({"a.txt": b"x"}, "unknown_layout"),
        ({"xl__workbook.xml": b"<x/>", "xl__vbaProject.bin": b"x"}, "unreadable"),
        ({"xl__workbook.xml": b"<x/>"}, "unreadable"),
        ({"xl__workbook.xml": b"<x/>", "xl__big.xml": b"0" * 50_000_000}, "over_bound"),
        (
            {"xl__workbook.xml": b"<x/>", **{f"xl__s{number}": b"" for number in range(2_001)}},
            "over_bound",
        ),
    ],
)
def test_hostile_zips_are_refused(judge_bytes, entries, rule):
    assert list(judge_bytes(zipped(**entries)).counted) == [rule]


def test_ten_thousand_sheets_are_refused(judge_bytes):
    assert list(judge_bytes(book(*((f"s{number}", [[1]]) for number in range(300)))).counted) == [
        "over_bound"
    ]


def test_a_sheet_of_a_million_empty_columns_is_refused(judge_bytes):
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write(0, 0, "x")
        sheet.write(1_048_575, 16_383, "x")
    assert list(judge_bytes(out.getvalue()).counted) == ["over_bound"]


def test_formulas_and_markup_stay_text(judge_bytes):
    judged = judge_bytes(f'{HEADER}\n2568,S1,,,,,overall,,,90,,=HYPERLINK("http://x"),\n')
    assert judged.tables["remark"]["remark_th"].tolist() == ['=HYPERLINK("http://x")']
