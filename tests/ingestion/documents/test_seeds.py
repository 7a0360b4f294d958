"""The five real documents come out exactly (run where they are at hand; they are not ours to
ship).
"""

import csv

import pytest

from ingestion import documents
from tests.beside import SEEDS as FILES
from tests.beside import SHARED, beside

SEEDS = {int(path.name[:3]): path for path in FILES}
pytestmark = beside


@pytest.fixture(scope="module")
def read():
    return {number: documents.read(str(path), path.read_bytes()) for number, path in SEEDS.items()}


def expected_scores(number):
    """(level, code) → (score, line of its first appearance), from the figures read by hand."""
    found = {}
    with (SHARED / "reference" / "seed_scores.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            is_score = (
                row["level"] in ("overall", "indicator", "item")
                and "NOT a score" not in row["note"]
            )
            if row["source_file"] == SEEDS[number].name and is_score:
                code = "" if row["level"] == "overall" else row["code"]
                found.setdefault(
                    (row["level"], code), (float(row["score"]), f"line {row['line_no']}")
                )
    return found


@pytest.mark.parametrize(
    ("number", "items", "indicators", "rating"),
    [
        (0, 87, 0, "pass"),
        (2, 0, 10, "excellent"),
        (4, 51, 10, "excellent"),
    ],
)
def test_scores(read, number, items, indicators, rating):
    scores = read[number].scores
    got = {(row.level, row.code): (float(row.score), row.place) for row in scores.itertuples()}
    assert got == expected_scores(number)
    assert len(scores) == items + indicators + 1
    assert list(scores.loc[scores.level == "overall", "rating"]) == [rating]
    assert set(scores.part) == {""}


@pytest.mark.parametrize("number", [1, 3])
def test_no_score(read, number):
    assert read[number].scores.empty


@pytest.mark.parametrize(
    ("number", "name", "kind", "district", "province", "results", "measures"),
    [
        (0, "องค์การบริหารส่วนตำบลแม่ใส", "sao", "เมืองพะเยา", "พะเยา", "2566", "2567"),
        (1, "องค์การบริหารส่วนตำบลเมืองโดน", "sao", "ประทาย", "นครราชสีมา", None, "2566"),
        (2, "องค์การบริหารส่วนจังหวัดตาก", "pao", "", "ตาก", "2567", "2568"),
        (3, "เทศบาลตำบลเมืองศรีไค", "tambon_mun", "", "", "2566", "2566"),
        (4, "เทศบาลตำบลลาดขวาง", "tambon_mun", "บ้านโพธิ์", "ฉะเชิงเทรา", "2568", "2569"),
    ],
)
def test_identity_and_years(read, number, name, kind, district, province, results, measures):
    submission = read[number]
    for table in ("scores", "remarks", "measures", "progress", "constraints", "ranks"):
        rows = getattr(submission, table)
        if not rows.empty:
            agencies = rows[
                ["agency_name", "agency_type", "district", "province"]
            ].drop_duplicates()
            assert agencies.values.tolist() == [[name, kind, district, province]]
            assert set(rows.fiscal_year) == {
                measures if table in ("measures", "progress") else results
            }


def rules(submission):
    return [finding.rule for finding in submission.findings]


def test_s0_remarks_and_flags(read):
    submission = read[0]
    named = {"e1", "e3", "e6", "e7", "e8", "e10", "e12", "e13", "i19", "o30"}
    assert set(submission.remarks.item_code) - {""} == named
    assert set(submission.scores.loc[submission.scores.flagged == "1", "code"]) == named
    unnamed = submission.remarks[submission.remarks.item_code == ""]
    assert list(
        unnamed.loc[unnamed.remark_th.str.contains("กระบวนการจัดทำงบประมาณ"), "topic_no"]
    ) == ["5"]
    assert list(unnamed.loc[unnamed.remark_th.str.contains("ไม่ได้ทำการวิเคราะห์"), "topic_no"]) == [
        "7"
    ]
    assert set(submission.remarks.topic_no) == set("1234567")
    assert set(submission.remarks.loc[submission.remarks.item_code == "e3", "part"]) == {"public"}
    assert set(submission.remarks.loc[submission.remarks.item_code == "e1", "part"]) == {"survey"}
    e12 = submission.remarks[
        (submission.remarks.item_code == "e12") & (submission.remarks.topic_no == "2")
    ]
    assert (
        len(e12) == 1 and "(อ้างอิงจาก o9) เป็นต้น" in e12.remark_th.iloc[0]
    )  # goes on in the next table


def test_s0_zero_scores_and_missing_item(read):
    scores = read[0].scores.set_index("code").score
    assert "o4" not in scores.index
    assert [float(scores[code]) for code in ("o30", "o42", "o43")] == [0, 0, 0]


def test_s0_measures(read):
    measures = read[0].measures
    assert list(measures.topic_no) == list("11122233345677")
    assert set(measures.starts_on) == {"2023-10-01"} and set(measures.ends_on) == {"2024-09-30"}
    assert (measures[["measure_th", "steps_th", "responsible_th"]] != "").all(axis=None)


def test_s0_constraints(read):
    assert read[0].constraints.groupby("kind").size().to_dict() == {
        "staff": 4,
        "budget": 2,
        "technology": 3,
    }


def test_s1_progress(read):
    submission = read[1]
    assert len(submission.measures) == 8 and list(submission.measures.item_codes) == [
        "",
        "",
        "",
        "e6",
        "e7",
        "e8",
        "e9",
        "e10",
    ]
    progress = submission.progress
    assert set(progress.as_of) == {"2023-03-31"}
    assert list(progress.completed_on) == [
        "2023-04-06",
        "2022-10-31",
        "2023-04-04",
        *["2022-11-30"] * 4,
        "2023-10-31",
    ]
    # The last step of measure 1 was due in December 2565 (its own number); measure 2 numbers its
    # steps and not its result: the last due date.
    assert list(progress.due_on) == ["2022-12-31", "2023-04-30", "2023-04-30"] + [""] * 5
    # Of the four completions after March 2566 three are the last of their measure, which the judge
    # flags; the reader flags the other.
    assert [
        finding.value for finding in submission.findings if finding.rule == "date_outside_period"
    ] == ["4 เมษายน พ.ศ.2566"]
    assert [
        finding.value[:3] for finding in submission.findings if finding.rule == "read_by_repair"
    ] == ["๓๑๐"]


def test_s2_ranks_and_measures(read):
    submission = read[2]
    assert submission.ranks[["province_rank", "type_rank"]].values.tolist() == [["1", "7"]]
    half, whole = ("2024-10-01", "2025-03-31"), ("2024-10-01", "2025-09-30")
    frames = list(zip(submission.measures.starts_on, submission.measures.ends_on, strict=True))
    assert frames == [half, whole, half, whole, whole, half, whole]
    assert list(submission.measures.topic_no) == list("1234567")
    advice = submission.remarks[submission.remarks.topic_no == ""]
    assert [
        (place, remark[:5]) for place, remark in zip(advice.place, advice.remark_th, strict=True)
    ] == [("line 73", "(IIT)"), ("line 77", "(EIT)"), ("line 81", "(OIT)")]
    assert list(submission.measures.item_codes) == [
        "o8|o9",
        "o13",
        "o4|o5|o6",
        "i10|i11|i12",
        "o14|o15|o16|o17",
        "o20|o21",
        "o22|o23|o24",
    ]


def test_s3_measures_remarks_constraints(read):
    submission = read[3]
    assert list(submission.measures.topic_no) == list("1234567")
    assert list(submission.measures.ends_on) == [
        "2023-09-30",
        "2023-06-30",
        "2023-06-30",
        "",
        "",
        "",
        "",
    ]
    assert "results_year_derived" in rules(submission)
    assert list(zip(submission.remarks.topic_no, submission.remarks.item_code, strict=True)) == [
        ("1", "i8"),
        ("2", "i2"),
        ("2", "e13"),
        ("2", "o18"),
        ("3", "e8"),
        ("3", "o9"),
        ("4", "i19"),
        ("4", "i20"),
        ("4", "o34"),
        ("5", "i7"),
        ("5", "i8"),
        ("5", "o11"),
        ("6", "i18"),
        ("7", "i26"),
        ("7", "e10"),
        ("7", "o27"),
    ]
    assert submission.constraints.groupby("kind").size().to_dict() == {
        "staff": 2,
        "budget": 2,
        "method": 1,
        "material": 2,
    }


def test_s4_cover_and_measures(read):
    submission = read[4]
    assert "cover_differs" in rules(submission)
    assert "o15" not in set(submission.scores.code)
    assert list(submission.measures.indicator_no) == [
        "1",
        "1",
        "1",
        "2",
        "3",
        "4",
        "5",
        "6",
        "7",
        "8",
        "9",
        "10",
    ]
    assert list(submission.measures.item_codes)[:4] == ["i1|i2|i3"] * 3 + ["i4|i5|i6"]
    assert set(submission.measures.starts_on) == {"2025-10-01"} and set(
        submission.measures.ends_on
    ) == {"2026-09-30"}
    assert "เพิ่มพูนทักษะ" in submission.measures.measure_th.iloc[9]  # goes on after the page break


@pytest.mark.parametrize("number", range(5))
def test_every_row_says_where_it_stood(read, number):
    lines = len(SEEDS[number].read_text(encoding="utf-8").split("\n"))
    for table in ("scores", "remarks", "measures", "progress", "constraints", "ranks"):
        for place in getattr(read[number], table).place:
            assert place.startswith("line ") and 1 <= int(place[5:]) <= lines
    assert not [finding for finding in read[number].findings if finding.severity == "error"]
