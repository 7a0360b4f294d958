"""Checks of the candidate against the published build."""

from expectations.candidate_checks.figures import LATEST
from expectations.check import CRITICAL, DEVELOPER, PERSON, WARNING, Check

# Tables whose rows are counted against the last build.
COUNTED = (
    "agency",
    "assessment",
    "indicator_score",
    "item_score",
    "remark",
    "national_ranking",
    "provincial_ranking",
    "agency_deficiency",
    "common_deficiency",
    "province_summary",
    "national_summary",
    "measure",
    "measure_progress",
    "constraint_note",
)

# Have the candidate and the published build the same submissions?
SAME_SUBMISSIONS = """(select inputs -> 'submissions' from ops.publication
    order by publication_no desc limit 1)
    is not distinct from (select inputs -> 'submissions' from ops.build
        where schema_name = 'candidate')"""

# What the large tables that are taken over hold of each kept year.
KEPT = " union all ".join(
    f"""select '{table}' as table_name, fiscal_year, '{build}' as build, count(*) as rows,
        sum({column}) as total
        from {build}.{table} where fiscal_year < :first_year group by fiscal_year"""
    for table, column in (
        ("assessment", "overall_score"),
        ("indicator_score", "score"),
        ("agency_deficiency", "points_lost"),
        ("common_deficiency", "agencies_deficient"),
    )
    for build in ("candidate", "published")
).replace("candidate.assessment", "{batch}")

HISTORY = (
    Check(
        "kept_years_are_kept",
        CRITICAL,
        DEVELOPER,
        "ปีที่ข้อมูลนำเข้าไม่เปลี่ยนต้องเหมือนชุดที่เผยแพร่อยู่",
        "The years whose inputs have not changed are those of the published build",
        f"""select table_name, fiscal_year,
                     max(rows) filter (where build = 'published') as published,
                     max(rows) filter (where build = 'candidate') as kept
              from ({KEPT}) as kept group by table_name, fiscal_year
              having count(*) = 1 or min(rows) <> max(rows) or min(total) <> max(total)""",
    ),
    Check(
        "agency_year_is_kept",
        CRITICAL,
        DEVELOPER,
        "ผลการประเมินที่เผยแพร่แล้วหายไปได้ต่อเมื่อมีการถอนแฟ้ม หรือมีแฟ้มใหม่กว่ามาแทน",
        "A published agency-year goes only by a recorded withdrawal or a newer submission",
        f"""with {LATEST},
             lost as (
                 select p.agency_id, p.fiscal_year, p.submission_sha256, f.state, f.received_at
                 from published.assessment as p
                 left join raw.submission as f using (submission_sha256)
                 where (p.agency_id, p.fiscal_year)
                     not in (select c.agency_id, c.fiscal_year from {{batch}} as c))
             select agency_id, fiscal_year, submission_sha256 from lost
             where exists (select from latest join raw.score as s
                 using (submission_sha256, agency_id, fiscal_year)
                           where (latest.agency_id, latest.fiscal_year)
                                 = (lost.agency_id, lost.fiscal_year))
                or not (state not in ('accepted', 'accepted_with_warnings')
                        and exists (select from ops.withdrawal as w
                            where w.submission_sha256 = lost.submission_sha256)
                        or exists (select from accepted
                            where (accepted.agency_id, accepted.fiscal_year)
                                  = (lost.agency_id, lost.fiscal_year)
                              and (accepted.received_at, accepted.submission_sha256)
                                  > (lost.received_at, lost.submission_sha256)))""",
    ),
    Check(
        "score_changed_without_cause",
        WARNING,
        DEVELOPER,
        "คะแนนที่ประกาศเปลี่ยนไป ทั้งที่มาจากแฟ้มเดิม",
        "A published score changed though it comes from the same file",
        """select agency_id, fiscal_year, p.overall_score as last_build,
            c.overall_score as this_build
             from {batch} as c join published.assessment as p
                 using (agency_id, fiscal_year, submission_sha256)
             where c.score_source = 'published' and p.score_source = 'published'
                 and c.overall_score <> p.overall_score""",
    ),
)

# Grain: table. Its rows in the last build and in this one.
ROW_COUNT_BY_TABLE = (
    """
    select table_name, (last.counts ->> table_name)::bigint as last_build, this_build
    from (select counts from ops.publication order by publication_no desc limit 1) as last
    cross join ("""
    + " union all ".join(
        f"select '{table}' as table_name, count(*) as this_build from candidate.{table}"
        for table in COUNTED
    )
    + """
    ) as counted"""
)

ROW_COUNT = (
    Check(
        "rows_fell_without_cause",
        CRITICAL,
        DEVELOPER,
        "ไม่มีแฟ้มใดเข้าหรือถูกถอน แต่จำนวนแถวของตารางลดลงเกินครึ่ง",
        "No file came or was withdrawn, yet a table lost more than half its rows",
        f"select * from {{batch}} where this_build < 0.5 * last_build and {SAME_SUBMISSIONS}",
    ),
    Check(
        "rows_fell",
        WARNING,
        PERSON,
        "จำนวนแถวของตารางลดลงจากชุดที่เผยแพร่อยู่เกินร้อยละ 10 โปรดตรวจสอบ",
        "A table has lost more than a tenth of its rows since the last build; a person looks",
        "select * from {batch} where this_build < 0.9 * last_build",
    ),
)
