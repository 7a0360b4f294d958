"""The figures of the five real documents, through the whole night (issue: the nightly refresh;
domain.md §2 and §3).
"""

import pytest

ASSESSMENT = """
    select
        a.fiscal_year, overall_score::float, recomputed_score::float, score_gap::float,
        recomputed_basis, level_code, level_source,
        (select count(*) from mart.item_score as i
         where i.agency_id = a.agency_id and i.fiscal_year = a.fiscal_year) as items,
        (select count(*) from mart.indicator_score as i
         where i.agency_id = a.agency_id and i.fiscal_year = a.fiscal_year) as indicators
    from mart.assessment a join mart.agency g using (agency_id) where g.name_th = '{name}'"""


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "องค์การบริหารส่วนตำบลแม่ใส",
            {
                "fiscal_year": 2566,
                "overall_score": 91.15,
                "recomputed_score": 92.56,
                "score_gap": -1.41,
                "recomputed_basis": "partial",
                "level_code": "pass",
                "level_source": "published",
                "items": 87,
                "indicators": 10,
            },
        ),
        (
            "องค์การบริหารส่วนจังหวัดตาก",
            {
                "fiscal_year": 2567,
                "overall_score": 99.40,
                "recomputed_score": 99.39,
                "score_gap": 0.01,
                "recomputed_basis": "indicators",
                "level_code": "excellent",
                "level_source": "published",
                "items": 0,
                "indicators": 10,
            },
        ),
        (
            "เทศบาลตำบลลาดขวาง",
            {
                "fiscal_year": 2568,
                "overall_score": 99.34,
                "recomputed_score": 99.34,
                "score_gap": 0,
                "recomputed_basis": "mixed",
                "level_code": "excellent",
                "level_source": "published",
                "items": 51,
                "indicators": 10,
            },
        ),
    ],
)
def test_assessments(night, name, expected):
    assert night.query(ASSESSMENT.format(name=name)) == [expected]


def test_no_assessment_without_a_score(night):
    assert night.query("select count(*) as n from mart.assessment") == [{"n": 3}]


def test_mae_sai_items(night):
    rows = night.query("""
        select item_code, score::float from mart.item_score
        where fiscal_year = 2566 and item_code in ('o4', 'o30', 'o42', 'o43')
        order by item_code""")
    assert rows == [
        {"item_code": "o30", "score": 0},
        {"item_code": "o42", "score": 0},
        {"item_code": "o43", "score": 0},
    ]


def test_mae_sai_flagged_remarks(night):
    rows = night.query(
        "select distinct item_code from mart.remark where fiscal_year = 2566 and item_code is "
        "not null and agency_id in "
        "(select agency_id from mart.agency where name_th = 'องค์การบริหารส่วนตำบลแม่ใส')"
    )
    assert {row["item_code"] for row in rows} == {
        "e1",
        "e3",
        "e6",
        "e7",
        "e8",
        "e10",
        "e12",
        "e13",
        "i19",
        "o30",
    }


def test_tak_ranks_as_published(night):
    rows = night.query(
        "select published_province_rank, published_type_rank from mart.assessment where "
        "fiscal_year = 2567"
    )
    assert rows == [{"published_province_rank": 1, "published_type_rank": 7}]


@pytest.mark.parametrize(
    ("name", "fiscal_year", "count"),
    [
        ("องค์การบริหารส่วนตำบลแม่ใส", 2567, 14),
        ("องค์การบริหารส่วนจังหวัดตาก", 2568, 7),
        ("เทศบาลตำบลลาดขวาง", 2569, 12),
        ("องค์การบริหารส่วนตำบลเมืองโดน", 2566, 8),
        ("เทศบาลตำบลเมืองศรีไค", 2566, 7),
    ],
)
def test_measures(night, name, fiscal_year, count):
    rows = night.query(
        "select fiscal_year, count(*) as n from mart.measure join mart.agency using "
        f"(agency_id) where name_th = '{name}' group by 1"
    )
    assert rows == [{"fiscal_year": fiscal_year, "n": count}]


def test_mueang_don_completed_late(night):
    """Four completions after 31 March 2566 are flagged, one of them after the fiscal year too; two
    belong to one measure, whose last one counts.

    Its last step (online services) was due in December 2565 and done on 6 April 2566: late. Measure
    3 was due at the end of April.
    """
    flagged = night.query(
        "select value, count(*) as n from ops.finding where rule = 'date_outside_period' group "
        "by value order by value"
    )
    assert flagged == [
        {"value": "2023-04-04", "n": 2},
        {"value": "2023-04-06", "n": 1},
        {"value": "2023-10-31", "n": 2},
    ]
    rows = night.query(
        "select measure_no, completed_on, status from mart.measure_progress where completed_on "
        "> '2023-03-31' order by 1"
    )
    assert rows == [
        {"measure_no": 1, "completed_on": "2023-04-06", "status": "late"},
        {"measure_no": 3, "completed_on": "2023-04-04", "status": "done"},
        {"measure_no": 8, "completed_on": "2023-10-31", "status": "late"},
    ]


def test_mueang_si_khai_has_time_frames_for_three_topics_only(night):
    rows = night.query(
        "select topic_no from mart.measure join mart.agency using (agency_id) where name_th = "
        "'เทศบาลตำบลเมืองศรีไค' "
        "and starts_on is not null order by 1"
    )
    assert [row["topic_no"] for row in rows] == [1, 2, 3]


def test_constraints(night):
    rows = night.query(
        "select name_th, array_agg(distinct kind order by kind) as kinds "
        "from mart.constraint_note join mart.agency using (agency_id) group by 1"
    )
    assert {row["name_th"]: row["kinds"] for row in rows} == {
        "องค์การบริหารส่วนตำบลแม่ใส": ["budget", "staff", "technology"],
        "เทศบาลตำบลเมืองศรีไค": ["budget", "material", "method", "staff"],
    }
