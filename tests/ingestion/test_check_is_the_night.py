"""What `ita check` says of a file is what the night says: every kind of input, both ways, compared.

The inputs in ../shared/cases beside the checkout are taken where they are there, our own always.
"""

import json
from pathlib import Path

from ingestion import inboxes, receipts
from ingestion.check import judge_files
from tests.beside import CASES, beside
from tests.ingestion.intake_examples import AGENCIES, HEADER
from tests.ingestion.old_excel import Look, xls
from tests.ingestion.test_night import database, night  # noqa: F401 (fixtures)
from tests.ingestion.workbook_files import STRICT, Cell, figures, ods, packed, table, xlsx
from warehouse import settings

REGISTRY = "agency_id,name_th,agency_type,province_code,district_th,ministry_th,valid_from,valid_to"
ERROR = table(88.41, Cell("#N/A", formula="NA()", error=True), 86.1, 91.02)
FORMULA = table(Cell(0, formula="SUM(J3:J5)"), 87.25, 86.1, 91.02)
OURS = {
    "agencies.csv": "\n".join(
        [
            REGISTRY,
            *(
                f"{one.agency_id},{one.name_th},{one.agency_type},{one.province_code},"
                f"{one.district_th},,{one.valid_from},{one.valid_to % 9999 or ''}"
                for one in AGENCIES
            ),
        ]
    ),
    "error.xlsx": xlsx(ERROR),
    "error-strict.xlsx": xlsx(ERROR, space=STRICT),
    "blank-strict.xlsx": xlsx(table(88.41, None, 86.1, 91.02), space=STRICT),
    "error.ods": ods(ERROR),
    "error.xls": xls(table(88.41, Look(error=0x2A), 86.1, 91.02)),
    "formula.xlsx": xlsx(FORMULA),
    "formula-on-load.xlsx": xlsx(FORMULA, on_load=True),
    "percent.xlsx": xlsx(table(Cell(0.8841, style=1))),
    "hidden.xlsx": xlsx([*table(88.41), *figures(90, agency="S2")], hidden_rows=(2,)),
    "far.xlsx": xlsx(table(88.41), more_rows='<row r="1048576"><c r="XFD1048576" s="1"/></row>'),
    "dimension.xlsx": xlsx(table(88.41), before='<dimension ref="A1:XFD1048576"/>'),
    "other.xlsx": xlsx([["ผลสำรวจความพึงพอใจ ปี 2568"], ["หน่วยงาน", "จังหวัด", "1", "รวม"]]),
    "page.xls": b"MIME-Version: 1.0\nContent-Type: multipart/related\n\n--x\n",
    "picture.xlsx": b"\x89PNG\r\n\x1a\n",
    "archive.zip": packed({"ผล.xlsx": "x"}),
    "table.csv": f"{HEADER}\n2568,S1,,,,,overall,,,91.15,ผ่าน,,\n2568,S9,,,,,overall,,,9,,,\n",
    "nacc_table.csv": f"{HEADER}\n2568,S1,,,,,item,i1,,91.15,,,\n",
    "office/folder.csv": f"{HEADER}\n2568,S2,,,,,overall,,,-1,,,\n",
    "agencies_scores.csv": f"{HEADER}\n2568,อบต.สามพร้าว,,,,,overall,,,88,,,\n",
    "report.txt": "รายงานผลการประเมิน ITA อบต.สามพร้าว จังหวัดอุดรธานี ปี 2568\nคะแนนรวม 88.41 คะแนน\n",
    "page.html": "<html><table><tr><td>x</td></tr></table></html>",
    "broken.json": "{",
    "empty.csv": "",
}


def authority(name: str) -> str:
    """What a name claims, in an inbox that may claim it, as the landing zone itself may."""
    return "nacc" if inboxes.is_official(name) else "agency"


def said(content: dict) -> dict:
    """A receipt without what only the night knows: when it came and under which folder."""
    beside = ("received_at", "file_name")
    return {name: value for name, value in content.items() if name not in beside}


def assert_the_same(night, files: dict[str, bytes | str], folder: Path) -> None:  # noqa: F811
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    checked = {
        judged.sha256: (file, said(receipts.receipt(judged, "", authority(file.name))))
        for file, judged in judge_files(
            sorted(path for path in folder.rglob("*") if path.is_file())
        )
    }
    night.put(**{name.replace("/", "__").replace(".", "_dot_"): own for name, own in files.items()})
    night.run()
    received = night.conn.execute("select submission_sha256 from raw.submission").fetchall()
    assert {sha256 for (sha256,) in received} == set(checked)
    for sha256, (file, mine) in checked.items():
        theirs = said(receipts_of(night, sha256))
        mine["marked_copy"] = theirs["marked_copy"]  # check keeps no copy
        assert mine == theirs, file.name


def receipts_of(night, sha256: str) -> dict:  # noqa: F811
    return json.loads((settings.folder("receipts") / f"{sha256}.json").read_text("utf-8"))


def test_our_own_inputs(night, tmp_path):  # noqa: F811
    assert_the_same(night, OURS, tmp_path / "sent")


@beside
def test_every_case(night, tmp_path):  # noqa: F811
    files = {path.name: path.read_bytes() for path in CASES.iterdir() if path.name != "README.md"}
    assert len(files) > 80
    assert_the_same(night, files, tmp_path / "sent")
