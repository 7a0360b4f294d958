"""Every rejecting and every warning rule of the contract (§2) on a few lines of a long table.

Long, since it is read as one list beside the contract's.
"""

import json

import pytest

from ingestion import framework, normalise, receipts
from ingestion.judging import LISTED
from ingestion.judging.figures import figure_of
from ingestion.rules import rules
from tests.ingestion.intake_examples import HEADER, whole_year

GOOD = "2568,S1,overall,,,91.15"


def scores(judged) -> dict:
    return (
        {
            (row.agency_id, row.fiscal_year, row.level, row.code, row.part): row.score
            for row in judged.tables["score"].astype(str).itertuples()
        }
        if "score" in judged.tables
        else {}
    )


def test_a_good_file_is_accepted_without_a_word(judge_rows):
    judged = judge_rows(GOOD)
    assert (
        judged.state,
        judged.rows_read,
        judged.rows_accepted,
        judged.agencies,
        judged.findings,
    ) == ("accepted", 1, 1, 1, [])
    assert scores(judged) == {("S1", "2568", "overall", "", ""): "91.15"}


def test_the_receipt_names_the_level_as_its_year_does(judge_rows):
    judged = judge_rows("2568,S1,overall,,,80")
    said = receipts.as_markdown(receipts.receipt(judged, "own.csv", "agency"))
    (row,) = [line.split("|") for line in said.splitlines() if "(S1)" in line]
    assert row[-2].strip() == "ต้องปรับปรุง"


# --- errors: the unit goes, all its rows, and nothing else --------------------------------------


@pytest.mark.parametrize(
    ("row", "rule", "column"),
    [
        ("2599,S2,overall,,,90", "unknown_fiscal_year", "A"),
        ("abc,S2,overall,,,90", "unknown_fiscal_year", "A"),
        (",S2,overall,,,90", "unknown_fiscal_year", "A"),
        ("2568,X9,overall,,,90", "unknown_agency", "B"),
        ("2568,,overall,,,90", "unknown_agency", "C"),
        ("2568,S2,overall,,,ninety", "score_not_number", "J"),
        ("2568,S2,overall,,,-", "score_not_number", "J"),
        ("2568,S2,overall,,,100.01", "score_out_of_range", "J"),
        ("2568,S2,overall,,,-0.01", "score_out_of_range", "J"),
        ("2568,S2,item,i30,,90", "unknown_item", "H"),
        ("2568,S2,item,o43,,0", "unknown_item", "H"),
        ("2568,S2,item,zz,,90", "unknown_item", "H"),
        ("2568,S2,indicator,11,,90", "unknown_code", "H"),
        ("2568,S2,sub_indicator,9.9,,90", "unknown_code", "H"),
        ("2568,S2,item,IIT,,90", "unknown_code", "H"),
        ("2568,S2,instrument,i1,,90", "unknown_code", "H"),
        ("2568,S2,item,i1,public,90", "unknown_code", "H"),
        ("2568,S2,item,e1,third,90", "unknown_code", "H"),
        ("2568,S2,galaxy,1,,90", "unknown_code", "H"),
    ],
)
def test_an_error_rejects_its_unit_only(judge_rows, row, rule, column):
    judged = judge_rows(GOOD, row, "2567,S2,overall,,,88")
    assert judged.state == "accepted_with_warnings"
    assert [found.rule for found in judged.findings] == [rule]
    assert (
        judged.findings[0].severity == "error"
        and judged.findings[0].place == f"row 3 column {column}"
    )
    assert (judged.rows_read, judged.rows_accepted) == (3, 2)
    assert set(scores(judged)) == {
        ("S1", "2568", "overall", "", ""),
        ("S2", "2567", "overall", "", ""),
    }


def test_all_rows_of_the_unit_are_rejected(judge_rows):
    judged = judge_rows("2568,S1,item,i1,,100", "2568,S1,item,i2,,101", "2568,S1,overall,,,90")
    assert (judged.state, judged.rows_read, judged.rows_accepted) == (
        "rejected",
        3,
        0,
    ) and not judged.tables


def test_two_different_values_are_an_error_equal_ones_are_one(judge_rows):
    equal = judge_rows("2568,S1,overall,,,91.5", "2568,S1,overall,,,๙๑.๕๐")
    assert (
        equal.state == "accepted" and len(equal.tables["score"]) == 1 and equal.rows_accepted == 2
    )
    different = judge_rows(
        "2568,S1,overall,,,91.5", "2568,S1,overall,,,91.51", GOOD.replace("S1", "S2")
    )
    assert different.counted == {"conflicting_values": 1} and set(scores(different)) == {
        ("S2", "2568", "overall", "", "")
    }
    assert "91.51 (row 3 column J) ≠ 91.5 (row 2 column J)" in different.findings[0].message_en
    assert "91.51 (แถวที่ 3 คอลัมน์ J) ≠ 91.5 (แถวที่ 2 คอลัมน์ J)" in different.findings[0].message_th


def test_the_same_item_in_two_parts_is_no_conflict(judge_rows):
    judged = judge_rows(
        "2568,S1,item,e1,public,90", "2568,S1,item,e1,survey,80", "2568,S1,item,e1.public,,90"
    )
    assert "conflicting_values" not in judged.counted and len(judged.tables["score"]) == 2


def test_conflict_across_two_spellings_of_the_agency(judge_bytes):
    judged = judge_bytes(
        f"{HEADER}\n2568,S1,,,,,overall,,,90,,,\n2568,,อบต.สามพร้าว,,อุดรธานี,,overall,,,91,,,\n"
    )
    assert judged.counted == {"conflicting_values": 1} and judged.state == "rejected"


@pytest.mark.parametrize("authority", ["nacc", "agency"])
def test_an_instrument_with_some_items_is_an_error_only_in_an_official_file(judge_rows, authority):
    judged = judge_rows(*whole_year(2568, "S1")[:-1], GOOD.replace("S1", "S2"), authority=authority)
    if authority == "nacc":
        assert judged.counted["incomplete"] == 1 and "o28" in judged.findings[0].message_en
        assert set(scores(judged)) == {("S2", "2568", "overall", "", "")}
    else:
        assert judged.counted["missing_items"] == 1 and judged.state == "accepted_with_warnings"


def test_an_official_file_may_hold_one_instrument_whole_or_indicators_alone(judge_rows):
    oit = [row for row in whole_year(2568, "S1") if ",o" in row]
    assert judge_rows(*oit, authority="nacc").state == "accepted"
    assert (
        judge_rows("2568,S1,indicator,9,,90", "2568,S1,instrument,OIT,,90", authority="nacc").state
        == "accepted"
    )


def test_an_eit_part_that_is_begun_must_be_whole_in_an_official_file(judge_rows):
    rows = [
        row
        for row in whole_year(2568, "S1")
        if ",e" in row and not row.startswith("2568,S1,item,e4,survey")
    ]
    judged = judge_rows(*rows, authority="nacc")
    assert judged.counted == {"incomplete": 1} and "e4.survey" in judged.findings[0].message_en


def test_a_row_with_too_many_cells_rejects_its_unit(judge_bytes):
    judged = judge_bytes(f"{HEADER}\n2568,S1,,,,,overall,,,92,65,,,\n2568,S2,,,,,overall,,,90,,,\n")
    assert judged.counted == {"row_shape": 1} and set(scores(judged)) == {
        ("S2", "2568", "overall", "", "")
    }


def test_a_unit_with_nothing_to_record_is_rejected(judge_rows):
    judged = judge_rows("2568,S1,overall,,,")
    assert judged.state == "rejected" and judged.counted == {"blank_score": 1, "bad_content": 1}


def test_findings_are_all_counted_but_listed_up_to_a_bound(judge_rows):
    judged = judge_rows(GOOD, *(f"2568,X{number},overall,,,90" for number in range(LISTED + 20)))
    assert judged.counted["unknown_agency"] == LISTED + 20 and len(judged.findings) == LISTED
    assert (judged.rows_read, judged.rows_accepted) == (LISTED + 21, 1)


# --- warnings: kept, and said -------------------------------------------------------------------


def test_recomputed_differs_from_published_beyond_the_tolerance(judge_rows):
    rows = [f"2568,S1,indicator,{number},,90" for number in range(1, 11)]
    assert judge_rows(*rows, "2568,S1,overall,,,90.01").state == "accepted"
    judged = judge_rows(*rows, "2568,S1,overall,,,90.02")
    assert (
        judged.counted == {"recomputed_differs": 1}
        and "90.00 (+0.02)" in judged.findings[0].message_en
    )
    assert scores(judged)["S1", "2568", "overall", "", ""] == "90.02"  # the published figure stays


def test_recomputed_from_items_is_allowed_twice_as_much(judge_rows):
    items = whole_year(2568, "S1", 90)
    assert judge_rows(*items, "2568,S1,overall,,,90.02").state == "accepted"
    assert judge_rows(*items, "2568,S1,overall,,,90.03").counted == {"recomputed_differs": 1}
    assert judge_rows(*items, "2568,S1,indicator,1,,90.03").counted == {"recomputed_differs": 1}


def test_published_level_against_the_computed_one(judge_rows):
    items = whole_year(2568, "S1", 90)
    assert judge_rows(*items, "2568,S1,overall,,,90,ผ่านดี").state == "accepted"
    judged = judge_rows(*items, "2568,S1,overall,,,90,ผ่านดีเยี่ยม")
    assert judged.counted == {"level_differs": 1}
    assert (
        judged.tables["score"].set_index("level")["rating"]["overall"] == "excellent"
    )  # the published one stays
    assert judge_rows("2568,S1,overall,,,91,ผ่านดีเยี่ยม").counted == {
        "level_differs": 1
    }  # 91 can never be excellent
    assert (
        judge_rows("2568,S1,overall,,,96,ผ่านดีเยี่ยม").state == "accepted"
    )  # cannot be computed: no word


def test_unknown_rating_is_left_out(judge_rows):
    judged = judge_rows("2568,S1,overall,,,91,เยี่ยมยอด")
    assert judged.counted == {"unknown_rating": 1} and judged.tables["score"]["rating"].isna().all()


def test_missing_items_of_an_agencys_own_table(judge_rows):
    judged = judge_rows(*[row for row in whole_year(2568, "S1") if ",o15," not in row])
    assert judged.counted == {"missing_items": 1} and judged.findings[0].value == "o15"
    assert not judged.tables["score"]["code"].isin(["o15"]).any()  # missing, not zero


@pytest.mark.parametrize(
    ("score", "warned"), [("91.15", False), ("91.150", False), ("91.155", True), ("91", False)]
)
def test_more_than_two_decimals(judge_rows, score, warned):
    judged = judge_rows(f"2568,S1,overall,,,{score}")
    assert (
        judged.counted.get("more_than_two_decimals", 0) == warned
        and len(judged.tables["score"]) == 1
    )


@pytest.mark.parametrize(("score", "warned"), [(60, False), (59.99, True), (100, False)])
def test_jump_from_last_year(judge_rows, score, warned):
    judged = judge_rows(f"2568,S1,overall,,,{score}", last={("S1", 2567): 90.0})
    assert judged.counted.get("jump", 0) == warned
    assert (
        judge_rows("2567,S1,overall,,,90", f"2568,S1,overall,,,{score}").counted.get("jump", 0)
        == warned
    )


def test_blank_score_is_missing_and_said(judge_rows):
    judged = judge_rows(GOOD, "2568,S1,indicator,1,,")
    assert (
        judged.counted == {"blank_score": 1}
        and judged.rows_accepted == 2
        and len(judged.tables["score"]) == 1
    )


# --- what is kept -------------------------------------------------------------------------------


def test_codes_digits_and_flags_are_read_in_any_form(judge_rows):
    judged = judge_rows(
        "๒๕๖๘,S1,ข้อ,ข้อ i๑,,๙๙.๓๓,,ควรปรับปรุง,ใช่",
        "2025,S1,item,๐๑๐,,100",
        "พ.ศ. 2568,S1,,e1.public,,80%",
        "2568,S1,item,E1,ส่วนที่ ๒,90",
    )
    kept = judged.tables["score"].set_index(["code", "part"])
    assert kept.loc[("i1", ""), "score"] == "99.33" and kept.loc[("i1", ""), "flagged"]
    assert kept.loc[("o10", ""), "score"] == "100" and kept.loc[("e1", "public"), "score"] == "80"
    assert kept.loc[("e1", "survey"), "score"] == "90"
    assert judged.tables["remark"][["item_code", "remark_th"]].values.tolist() == [
        ["i1", "ควรปรับปรุง"]
    ]


@pytest.mark.parametrize(
    ("level", "code", "part", "expected"),
    [
        ("overall", "", "", ("overall", "", "")),
        ("ภาพรวม", "", "", ("overall", "", "")),
        ("", "overall", "", ("overall", "", "")),
        ("overall", "ita", "", ("overall", "", "")),
        ("เครื่องมือ", "iit", "", ("instrument", "IIT", "")),
        ("instrument", "EIT", "EIT Public", ("instrument", "EIT", "public")),
        ("", "EIT.survey", "", ("instrument", "EIT", "survey")),
        ("ตัวชี้วัด", "ตัวชี้วัดที่ ๑๐", "", ("indicator", "10", "")),
        ("indicator", "1.0", "", ("indicator", "1", "")),
        ("Sub-indicator", "๙.๑", "", ("sub_indicator", "9.1", "")),
        ("ข้อ", "ข้อ e๑", "ส่วนที่ ๑ (EIT Public)", ("item", "e1", "public")),
        ("รายข้อ", "๐๒๘", "", ("item", "o28", "")),
        ("item", "E9", "2", ("item", "e9", "survey")),
    ],
)
def test_what_a_figure_is_called(level, code, part, expected):
    figure = figure_of(
        normalise.text(level),
        normalise.text(code),
        normalise.text(part),
        framework.load().years[2568],
    )
    assert (figure.level, figure.code, figure.part, figure.rule) == (*expected, "")


def submission(**content) -> str:
    return json.dumps({"fiscal_year": 2567, "agency": {"agency_id": "S1"}, **content})


def test_measures_progress_and_constraints(judge_bytes):
    judged = judge_bytes(
        submission(
            measures=[
                {
                    "fiscal_year": 2568,
                    "measure_no": 1,
                    "item_codes": ["i1", "๐14", "?"],
                    "measure": "ก",
                    "starts_on": "1 ต.ค. 2567",
                    "ends_on": "2025-10-01",
                },
                {"fiscal_year": 2568, "measure_no": 2, "measure": "ข", "ends_on": "เร็ว ๆ นี้"},
                {"fiscal_year": 2568, "measure_no": 3, "measure": "ค"},
            ],
            progress=[
                {
                    "measure_no": 1,
                    "as_of": "2024-03-31",
                    "completed_on": "4 เมษายน 2567",
                    "result": "เสร็จ",
                },
                {
                    "measure_no": 1,
                    "as_of": "2024-03-31",
                    "completed_on": "ตุลาคม 2567",
                    "due_on": "2024-01-31",
                },
            ],
            constraints=[{"kind": "ด้านบุคลากร", "note": "น้อย"}, {"kind": "Money", "note": "จำกัด"}],
        )
    )
    assert judged.counted == {
        "content_warning": 1,
        "date_outside_period": 4,
        "unreadable_date": 1,
        "no_period": 1,
    }
    measure = judged.tables["measure"].iloc[0]
    assert (
        measure["item_codes"] == ["i1", "o14"]
        and str(measure["starts_on"]) == "2024-10-01"
        and measure["fiscal_year"] == 2568
    )
    progress = judged.tables["progress"]
    assert (
        len(progress) == 1
        and str(progress["completed_on"].iloc[0]) == "2024-10-31"
        and str(progress["due_on"].iloc[0]) == "2024-01-31"
    )
    assert judged.tables["constraint_note"]["kind"].tolist() == ["staff", "budget"]
    assert sorted(judged.tables["unit"]["kind"]) == ["constraints", "measures", "progress"]


@pytest.mark.parametrize(
    "content",
    [
        {"measures": [{"measure_no": 1, "measure": "ก"}, {"measure_no": 1, "measure": "ข"}]},
        {"progress": [{"measure_no": 1, "as_of": "someday", "result": "x"}]},
        {"constraints": [{"kind": "weather", "note": "x"}]},
        {"remarks": [{"item_code": "i99", "remark": "x"}]},
    ],
)
def test_errors_in_other_content_reject_the_unit(judge_bytes, content):
    judged = judge_bytes(submission(**content))
    assert judged.state == "rejected" and judged.errors == 1 and judged.rows_accepted == 0


def test_a_provisional_year_takes_measures_and_no_scores(judge_bytes):
    known = framework.load()
    (year,) = known.provisional
    measure = {"measure_no": 1, "measure": "ก", "ends_on": f"{year - 543}-09-30"}
    scores = [{"level": "overall", "score": 90}, {"level": "item", "code": "o1", "score": 100}]
    assert judge_bytes(submission(measures=[{"fiscal_year": year, **measure}])).state == "accepted"
    judged = judge_bytes(submission(fiscal_year=year, scores=scores))
    assert judged.state == "rejected" and judged.counted == {"provisional_fiscal_year": 1}
    assert str(max(known.years)) in judged.findings[0].action_en
    after = {"fiscal_year": max(known.plan_years), **measure}
    assert judge_bytes(submission(measures=[after])).tables["measure"].shape[0] == 1
    beyond = {"fiscal_year": max(known.plan_years) + 1, **measure}
    assert judge_bytes(submission(measures=[beyond])).counted["unknown_fiscal_year"] == 1


def test_ranks_remarks_and_kinds(judge_bytes):
    remarks = [
        {"topic_no": 5, "remark": "ก"},
        {"topic_no": 5, "remark": "ก"},
        {"item_code": "e1", "part": "public", "remark": "ข"},
    ]
    judged = judge_bytes(
        submission(
            province_rank=1,
            type_rank="๗",
            scores=[{"level": "overall", "score": "99.40"}],
            remarks=remarks,
        )
    )
    assert judged.tables["unit"].values.tolist() == [["S1", 2567, "scores", 1, 7]]
    assert (
        judged.tables["remark"]["remark_no"].tolist() == [1, 2]
        and judged.tables["remark"]["topic_no"].iloc[0] == 5
    )


# --- the registry -------------------------------------------------------------------------------

REGISTRY = (
    "agency_id,name_th,agency_type,province_code,district_th,ministry_th,"
    "valid_from,valid_to,replaces,aliases\n"
)


def test_registry_rows(judge_bytes):
    judged = judge_bytes(
        REGISTRY
        + "A,อบต.ก,อบต.,พะเยา,เมือง,,2560,2565,,\nA,ทต.ก,tambon_mun,56,เมือง,,2566,,B|C,อบต.ก|x\n"
        "B,กรม ข,DEPARTMENT,,,,2560,,,\n"
    )
    assert (judged.layout, judged.rows_accepted) == ("registry", 3)
    assert judged.counted == {"unknown_predecessor": 1}  # C
    rows = judged.tables["agency"]
    assert rows["agency_type"].tolist() == ["sao", "tambon_mun", "department"] and rows[
        "province_code"
    ].iloc[:2].tolist() == ["56", "56"]
    assert rows["replaces"].iloc[1] == ["B", "C"] and rows["province_code"].isna().iloc[2]


@pytest.mark.parametrize(
    "row",
    [
        "A,,sao,56,,,2560,,,",
        "A,ก,xx,56,,,2560,,,",
        "A,ก,sao,99,,,2560,,,",
        "A,ก,sao,,,,2560,,,",
        "A,ก,sao,56,,,x,,,",
        "A,ก,sao,56,,,2566,2565,,",
        "A,ก,sao,56,,,2566,,A,",  # replaces itself
        "A,ก,sao,56,,,2566,,B|A,",
        "เอ,ก,sao,56,,,2560,,,",  # an id of other letters
        "A B,ก,sao,56,,,2560,,,",
        "../A,ก,sao,56,,,2560,,,",
        f"{'A' * 65},ก,sao,56,,,2560,,,",
        "A,สามพร้าว,sao,41,เมืองอุดรธานี,,2560,,,",  # S1's name, district and years
    ],
)
def test_a_wrong_registry_row_is_rejected_alone(judge_bytes, row):
    judged = judge_bytes(REGISTRY + "Z,อบต.ดี,sao,56,,,2560,,,\n" + row + "\n")
    assert (
        judged.counted == {"registry_row": 1}
        and judged.tables["agency"]["agency_id"].tolist() == ["Z"]
        and (judged.rows_read, judged.rows_accepted) == (2, 1)
    )
    assert judged.findings[0].place == "row 3"


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        # two rows of one agency in the same years
        ("A,ก,sao,56,,,2560,2567,,\nA,ข,sao,56,,,2566,,,", "ช่วงปีซ้อน"),
        # a circle of two, and of three
        ("A,ก,sao,56,,,2560,,B,\nB,ข,sao,56,,,2560,,A,", "เป็นวง"),
        # one name twice in a district and year
        ("A,อบต.ก,sao,56,ปง,,2560,,,\nB,องค์การบริหารส่วนตำบลก,sao,56,อ.ปง,,2565,,,", "เดียวกับ"),
        # and of central agencies, which have no district
        ("A,กรม ก,department,,,,2560,,,\nB,กรม ก,department,,,,2565,,,", "เดียวกับ"),
    ],
)
def test_rows_that_contradict_each_other_are_both_named(judge_bytes, rows, said):
    judged = judge_bytes(REGISTRY + "Z,อบต.ดี,sao,56,,,2560,,,\n" + rows + "\n")
    assert judged.tables["agency"]["agency_id"].tolist() == ["Z"]
    assert judged.counted == {"registry_row": 2} and judged.rows_accepted == 1
    assert [found.place for found in judged.findings] == ["row 3", "row 4"]
    assert all(said in found.message_th for found in judged.findings)


def test_a_circle_of_three_is_named_whole(judge_bytes):
    judged = judge_bytes(
        REGISTRY + "A,ก,sao,56,,,2560,,B,\nB,ข,sao,56,,,2560,,C,\nC,ค,sao,56,,,2560,,A,\n"
    )
    assert judged.state == "rejected" and "A → B → C → A" in judged.findings[0].message_en


def test_the_same_name_elsewhere_or_at_another_time_is_no_fault(judge_bytes):
    judged = judge_bytes(
        REGISTRY + "A,อบต.ก,sao,56,ปง,,2560,2564,,\nB,อบต.ก,sao,56,ปง,,2565,,A,\n"
        "C,อบต.ก,sao,56,จุน,,2560,,,\nD,ทต.ก,tambon_mun,56,ปง,,2560,,,\nE,อบต.ก,sao,56,,,2560,,,\n"
    )
    assert judged.state == "accepted" and judged.rows_accepted == 5


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        ("A,ก,sao,56,,,2566,,X99,", "unknown_predecessor"),
        ("A,ก,sao,56,,,2566,,Z,", "later_predecessor"),
    ],
)
def test_a_predecessor_that_cannot_be_is_warned_of_and_the_row_kept(judge_bytes, row, rule):
    judged = judge_bytes(REGISTRY + "Z,อบต.ดี,sao,56,,,2568,,,\n" + row + "\n")
    assert judged.state == "accepted_with_warnings" and judged.counted == {rule: 1}
    (found,) = judged.findings
    assert (found.place, found.agency, judged.rows_accepted) == ("row 3", "A", 2)


# --- the rule list ------------------------------------------------------------------------------


def test_every_rule_says_in_both_languages_what_is_wrong_and_what_to_do():
    for rule, row in rules().items():
        assert row["severity"] in ("error", "warning") and row["fixed_by"], rule
        assert all(
            row[column] for column in ("message_th", "message_en", "action_th", "action_en")
        ), rule
