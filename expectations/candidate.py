"""Gate 2: the candidate build may be shown in `mart`.

The schema `candidate` holds it, the schema `published` the build that `mart` shows. In the SQL below `:first_year` stands for the fiscal year
before which the candidate took over the rows of the published build (0: none). The large tables of those years are not audited again, but counted.
"""

from dataclasses import replace

from expectations import framework, gate
from expectations.check import AGENCY, CRITICAL, DATA_TEAM, DEVELOPER, PERSON, WARNING, Check, Suite

# The rows of a table that were built anew.
REBUILT = "select * from candidate.{} where fiscal_year >= :first_year"
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


def run(url: str, build_id: str, first_year: int, published: bool) -> bool:
    """Judge the candidate of the warehouse at `url` (an SQLAlchemy URL); True if nothing critical failed.

    Where nothing is `published` yet, nothing is compared with it. Writes what `gate.run` writes, and raises what it raises.
    """
    return gate.run(
        "candidate", build_id, url, suites(first_year, published), prepare=_framework_size()
    )


def suites(first_year: int, published: bool) -> list[Suite]:
    """The suites of the gate, in the order of the pages."""
    chosen = [
        Suite("agency", AGENCY_CHECKS, table="candidate.agency"),
        Suite("assessment", ASSESSMENT, table="candidate.assessment"),
        Suite("indicator_score", INDICATOR_SCORE, query=REBUILT.format("indicator_score")),
        Suite("item_score", ITEM_SCORE, query=ITEM_SCORE_PASS),
        Suite("national_ranking", NATIONAL_RANKING, table="candidate.national_ranking"),
        Suite("provincial_ranking", PROVINCIAL_RANKING, table="candidate.provincial_ranking"),
        Suite("agency_deficiency", AGENCY_DEFICIENCY, query=AGENCY_DEFICIENCY_PASS),
        Suite("common_deficiency", COMMON_DEFICIENCY, query=REBUILT.format("common_deficiency")),
        Suite("national_summary", NATIONAL_SUMMARY, table="candidate.national_summary"),
        Suite("province_summary", PROVINCE_SUMMARY, table="candidate.province_summary"),
        Suite("measure", MEASURE, table="candidate.measure"),
    ]
    if published:
        chosen += [
            Suite("history", HISTORY, table="candidate.assessment"),
            Suite("row_count", ROW_COUNT, query=ROW_COUNT_PASS),
        ]
    return [_from_year(suite, str(first_year)) for suite in chosen]


def _from_year(suite: Suite, first_year: str) -> Suite:
    checks = tuple(
        replace(check, rows=check.rows.replace(":first_year", first_year)) for check in suite.checks
    )
    return replace(suite, query=suite.query.replace(":first_year", first_year), checks=checks)


def _framework_size() -> list[str]:
    """SQL for a temporary table: the items of each year, and how many part-scores a complete submission has with every EIT item in two halves."""
    sizes: dict[int, list[int]] = {}
    for year, level, _, instrument, _ in framework.codes():
        if level == "item":
            size = sizes.setdefault(year, [0, 0])
            size[0] += 1
            size[1] += 2 if instrument == "EIT" else 1
    rows = ", ".join(f"({year}, {items}, {halves})" for year, (items, halves) in sizes.items())
    return [
        "create temporary table framework_size (fiscal_year integer, items integer, halves integer)",
        f"insert into framework_size values {rows}",
    ]


# SQL, after `with`: the accepted units of scores, and the latest of each authority, the ones that count.
LATEST = """
    accepted as (
        select u.agency_id, u.fiscal_year, u.submission_sha256, f.authority, f.received_seq
        from raw.unit as u join raw.submission as f using (submission_sha256)
        where u.kind = 'scores' and f.state in ('accepted', 'accepted_with_warnings')),
    latest as (
        select distinct on (agency_id, fiscal_year, authority) * from accepted order by agency_id, fiscal_year, authority, received_seq desc)"""

AGENCY_CHECKS = (
    Check(
        "agency_is_unique",
        CRITICAL,
        DEVELOPER,
        "หน่วยงานหนึ่งมีแถวเดียว",
        "An agency has one row",
        "select agency_id, count(*) as rows from {batch} group by agency_id having count(*) > 1",
    ),
    Check(
        "agency_type_is_known",
        CRITICAL,
        DATA_TEAM,
        "ประเภทของทุกหน่วยงานต้องอยู่ในข้อมูลอ้างอิง",
        "Every agency's type is in the reference data",
        """select agency_id, name_th, agency_type from {batch}
             where agency_type is null or agency_type not in (select agency_type from candidate.agency_type)""",
    ),
    Check(
        "province_is_known",
        CRITICAL,
        DATA_TEAM,
        "จังหวัดของทุกหน่วยงานและทุกผลประเมินต้องเป็นหนึ่งใน 77 จังหวัด หรือว่างสำหรับหน่วยงานส่วนกลาง",
        "The province of every agency and every assessment is one of the 77, or empty for central agencies",
        """select agency_id, null::integer as fiscal_year, province_code from {batch}
             where province_code not in (select province_code from candidate.province)
             union all
             select agency_id, fiscal_year, province_code from candidate.assessment
             where province_code not in (select province_code from candidate.province)""",
    ),
    Check(
        "agency_is_registered",
        CRITICAL,
        DATA_TEAM,
        "ทุกหน่วยงานที่มีข้อมูลต้องอยู่ในตารางหน่วยงาน",
        "Every agency with data is in the table of agencies",
        " union all ".join(
            f"""select distinct '{table}' as table_name, agency_id from candidate.{table}
                  where agency_id not in (select agency_id from {{batch}})"""
            for table in ("assessment", "remark", "measure", "measure_progress", "constraint_note")
        ),
    ),
)

ASSESSMENT = (
    Check(
        "agency_year_is_unique",
        CRITICAL,
        DEVELOPER,
        "หน่วยงานหนึ่งในปีหนึ่งมีผลการประเมินแถวเดียว",
        "An agency has one assessment a year",
        "select agency_id, fiscal_year, count(*) as rows from {batch} group by agency_id, fiscal_year having count(*) > 1",
    ),
    Check(
        "assessment_in_range",
        CRITICAL,
        DEVELOPER,
        "คะแนนรวมและคะแนนรายส่วนต้องอยู่ระหว่าง 0 ถึง 100",
        "Overall scores and parts lie between 0 and 100",
        """select agency_id, fiscal_year, overall_score, recomputed_score, iit_score, eit_score, eit_public_score, eit_survey_score, oit_score
             from {batch}
             where not (coalesce(overall_score, 0) between 0 and 100 and coalesce(recomputed_score, 0) between 0 and 100
                        and coalesce(iit_score, 0) between 0 and 100 and coalesce(eit_score, 0) between 0 and 100
                        and coalesce(eit_public_score, 0) between 0 and 100 and coalesce(eit_survey_score, 0) between 0 and 100
                        and coalesce(oit_score, 0) between 0 and 100)""",
    ),
    Check(
        "level_is_known",
        CRITICAL,
        DEVELOPER,
        "ระดับผลการประเมินต้องเป็นระดับของปีนั้น",
        "The level is one of that fiscal year's",
        """select agency_id, fiscal_year, level_code, level_source from {batch}
             where level_code is not null and (fiscal_year, level_code) not in (select fiscal_year, level_code from candidate.rating_level)
                or (level_code is null) <> (level_source = 'not_computable')""",
    ),
    Check(
        "pass_fits_score",
        CRITICAL,
        DEVELOPER,
        "การผ่านเกณฑ์ต้องตรงกับคะแนนรวมและเกณฑ์ของปีนั้น",
        "is_pass follows from the overall score and that year's rule",
        """select a.agency_id, a.fiscal_year, a.overall_score, l.pass_min, a.is_pass
             from {batch} as a
             left join (select fiscal_year, min(overall_min) as pass_min from candidate.rating_level where is_pass group by fiscal_year) as l
                 using (fiscal_year)
             where a.is_pass is distinct from (a.overall_score >= l.pass_min)""",
    ),
    Check(
        "assessment_counts_no_withdrawn_file",
        CRITICAL,
        DEVELOPER,
        "ผลการประเมินต้องมาจากแฟ้มที่รับแล้วและไม่ถูกถอน",
        "An assessment comes from an accepted file that is not withdrawn",
        """select agency_id, fiscal_year, submission_sha256 from {batch}
             where submission_sha256 not in (select submission_sha256 from raw.submission where state in ('accepted', 'accepted_with_warnings'))""",
    ),
    Check(
        "accepted_score_is_assessed",
        CRITICAL,
        DEVELOPER,
        "ทุกหน่วยงานและปีที่รับคะแนนรวมไว้แล้วต้องมีผลการประเมิน",
        "Every agency and year whose overall score was accepted has an assessment",
        f"""with {LATEST}
              select l.agency_id, l.fiscal_year, l.submission_sha256
              from latest as l join raw.score as s using (submission_sha256, agency_id, fiscal_year)
              where s.level = 'overall'
                and (l.agency_id, l.fiscal_year) not in (select a.agency_id, a.fiscal_year from {{batch}} as a)""",
    ),
    Check(
        "recomputed_is_near",
        WARNING,
        PERSON,
        "คะแนนที่ประกาศต่างจากคะแนนที่คำนวณใหม่เกิน 0.01 (จากตัวชี้วัด) หรือ 0.02 (จากรายข้อ) โปรดตรวจสอบ คะแนนที่ประกาศยังคงใช้",
        "Published and recomputed differ by more than 0.01 (from indicators) or 0.02 (from items); the published score stands, a person looks",
        """select agency_id, fiscal_year, overall_score, recomputed_score, recomputed_basis, score_gap from {batch}
             where abs(score_gap) > case recomputed_basis when 'indicators' then 0.01 else 0.02 end""",
    ),
)

INDICATOR_SCORE = (
    Check(
        "indicator_in_range",
        CRITICAL,
        DEVELOPER,
        "คะแนนรายตัวชี้วัดต้องอยู่ระหว่าง 0 ถึง 100",
        "Indicator scores lie between 0 and 100",
        "select agency_id, fiscal_year, indicator_no, score from {batch} where not score between 0 and 100",
    ),
    Check(
        "indicator_has_assessment",
        CRITICAL,
        DEVELOPER,
        "คะแนนรายตัวชี้วัดต้องเป็นของหน่วยงานและปีที่มีผลการประเมิน",
        "An indicator score belongs to an agency and year with an assessment",
        """select distinct i.agency_id, i.fiscal_year from {batch} as i
             where not exists (select from candidate.assessment as a where a.agency_id = i.agency_id and a.fiscal_year = i.fiscal_year)""",
    ),
)

# One pass over item_score. Grain: agency × year. A score of an EIT item that states no part counts as both halves.
ITEM_SCORE_PASS = """
    select agency_id, fiscal_year, count(*) as rows, count(*) filter (where title_th is null) as unknown_items,
           count(*) filter (where not score between 0 and 100 or points_lost is null or not points_lost between 0 and 100) as out_of_range,
           sum(points_lost) as points_lost, sum(case when eit_part is null and item_code like 'e%' then 2 else 1 end) as halves
    from candidate.item_score
    where fiscal_year >= :first_year
    group by agency_id, fiscal_year"""

ITEM_SCORE = (
    Check(
        "item_in_range",
        CRITICAL,
        DEVELOPER,
        "คะแนนรายข้อและคะแนนที่เสียไปต้องอยู่ระหว่าง 0 ถึง 100",
        "Item scores and points lost lie between 0 and 100",
        """select i.agency_id, i.fiscal_year, i.item_code, i.eit_part, i.score, i.points_lost
             from {batch} as b join candidate.item_score as i using (agency_id, fiscal_year)
             where b.out_of_range > 0
               and (not i.score between 0 and 100 or i.points_lost is null or not i.points_lost between 0 and 100)""",
    ),
    Check(
        "item_in_framework",
        CRITICAL,
        DEVELOPER,
        "ทุกข้อต้องอยู่ในกรอบการประเมินของปีนั้น",
        "Every item belongs to that fiscal year's framework",
        """select i.agency_id, i.fiscal_year, i.item_code
             from {batch} as b join candidate.item_score as i using (agency_id, fiscal_year) where b.unknown_items > 0 and i.title_th is null""",
    ),
    Check(
        "item_has_assessment",
        CRITICAL,
        DEVELOPER,
        "คะแนนรายข้อต้องเป็นของหน่วยงานและปีที่มีผลการประเมิน",
        "Item scores belong to an agency and year with an assessment",
        """select b.agency_id, b.fiscal_year, b.rows from {batch} as b
             where not exists (select from candidate.assessment as a where a.agency_id = b.agency_id and a.fiscal_year = b.fiscal_year)""",
    ),
    Check(
        "items_are_not_more_than_the_framework",
        WARNING,
        PERSON,
        "จำนวนคะแนนรายข้อของหน่วยงานต้องไม่เกินกรอบการประเมิน",
        "An agency has no more item scores than the framework has items and parts",
        """select b.agency_id, b.fiscal_year, b.halves, z.halves as expected from {batch} as b join framework_size as z using (fiscal_year)
             where b.halves > z.halves""",
    ),
    Check(
        "points_lost_add_up",
        CRITICAL,
        DEVELOPER,
        "เมื่อมีคะแนนครบทุกข้อ คะแนนที่เสียไปรวมกันต้องเท่ากับ 100 ลบคะแนนที่คำนวณใหม่",
        "Over a complete submission the points lost sum to 100 − the recomputed score",
        """select b.agency_id, b.fiscal_year, b.points_lost, a.recomputed_score, b.points_lost - (100 - a.recomputed_score) as difference
             from {batch} as b
             join candidate.assessment as a using (agency_id, fiscal_year)
             join framework_size as z using (fiscal_year)
             where a.recomputed_basis = 'items' and b.halves = z.halves
               and abs(b.points_lost - (100 - a.recomputed_score)) > 0.00501""",
    ),
)

NATIONAL_RANKING = (
    Check(
        "national_ranking_is_whole",
        CRITICAL,
        DEVELOPER,
        "ทุกหน่วยงานที่มีคะแนนรวมต้องอยู่ในอันดับระดับประเทศ ด้วยคะแนนเดียวกัน และไม่มีหน่วยงานอื่น",
        "The national ranking holds every agency with an overall score, with that score, and nobody else",
        """select agency_id, fiscal_year, a.overall_score as assessed, r.overall_score as ranked
             from (select agency_id, fiscal_year, overall_score from candidate.assessment where overall_score is not null) as a
             full join {batch} as r using (agency_id, fiscal_year)
             where a.overall_score is distinct from r.overall_score""",
    ),
    Check(
        "national_rank_is_right",
        CRITICAL,
        DEVELOPER,
        "อันดับระดับประเทศเริ่มที่ 1 คะแนนเท่ากันได้อันดับเดียวกันและข้ามอันดับถัดไป (1, 2, 2, 4)",
        "National ranks start at 1, equal scores share a rank and the next one is skipped (1, 2, 2, 4)",
        """select agency_id, fiscal_year, overall_score, national_rank, expected_rank, national_count, expected_count
             from (select *, rank() over (partition by fiscal_year order by overall_score desc) as expected_rank,
                          count(*) over (partition by fiscal_year) as expected_count
                   from {batch}) as r
             where (national_rank, national_count) is distinct from (expected_rank, expected_count)""",
    ),
    Check(
        "type_rank_is_right",
        CRITICAL,
        DEVELOPER,
        "อันดับในประเภทเดียวกันต้องถูกต้องตามคะแนน",
        "Ranks within the agency's type follow from the scores",
        """select agency_id, fiscal_year, agency_type, overall_score, type_rank, expected_rank, type_count, expected_count
             from (select r.agency_id, r.fiscal_year, a.agency_type, r.overall_score, r.type_rank, r.type_count,
                          rank() over (partition by r.fiscal_year, a.agency_type order by r.overall_score desc) as expected_rank,
                          count(*) over (partition by r.fiscal_year, a.agency_type) as expected_count
                   from {batch} as r join candidate.assessment as a using (agency_id, fiscal_year)) as ranked
             where (type_rank, type_count) is distinct from (expected_rank, expected_count)""",
    ),
)

PROVINCIAL_RANKING = (
    Check(
        "provincial_ranking_is_whole",
        CRITICAL,
        DEVELOPER,
        "ทุกหน่วยงานที่มีคะแนนรวมและสังกัดจังหวัดต้องอยู่ในอันดับของจังหวัดนั้น ด้วยคะแนนเดียวกัน",
        "The provincial ranking holds every agency with an overall score and a province, with that score",
        """select agency_id, fiscal_year, province_code, a.overall_score as assessed, r.overall_score as ranked
             from (select agency_id, fiscal_year, province_code, overall_score from candidate.assessment
                   where overall_score is not null and province_code is not null) as a
             full join {batch} as r using (agency_id, fiscal_year, province_code)
             where a.overall_score is distinct from r.overall_score""",
    ),
    Check(
        "province_rank_is_right",
        CRITICAL,
        DEVELOPER,
        "อันดับในจังหวัด และอันดับในประเภทเดียวกันของจังหวัด ต้องถูกต้องตามคะแนน",
        "Ranks in the province, and in the type within the province, follow from the scores",
        """select agency_id, fiscal_year, province_code, agency_type, overall_score, province_rank, expected_rank, province_count, expected_count,
                    province_type_rank, expected_type_rank, province_type_count, expected_type_count
             from (select r.agency_id, r.fiscal_year, r.province_code, a.agency_type, r.overall_score,
                          r.province_rank, r.province_count, r.province_type_rank, r.province_type_count,
                          rank() over in_province as expected_rank,
                          count(*) over (partition by r.fiscal_year, r.province_code) as expected_count,
                          rank() over in_type as expected_type_rank,
                          count(*) over (partition by r.fiscal_year, r.province_code, a.agency_type) as expected_type_count
                   from {batch} as r join candidate.assessment as a using (agency_id, fiscal_year)
                   window in_province as (partition by r.fiscal_year, r.province_code order by r.overall_score desc),
                          in_type as (partition by r.fiscal_year, r.province_code, a.agency_type order by r.overall_score desc)) as ranked
             where (province_rank, province_count, province_type_rank, province_type_count)
                   is distinct from (expected_rank, expected_count, expected_type_rank, expected_type_count)""",
    ),
)

# One pass over agency_deficiency. Grain: year × item.
AGENCY_DEFICIENCY_PASS = """
    select fiscal_year, item_code, count(*) as agencies, count(*) filter (where is_urgent) as urgent
    from (select fiscal_year, item_code, agency_id, bool_or(severity = 'urgent') as is_urgent
          from candidate.agency_deficiency where fiscal_year >= :first_year group by fiscal_year, item_code, agency_id) as deficient
    group by fiscal_year, item_code"""

AGENCY_DEFICIENCY = (
    Check(
        "deficiencies_are_counted",
        CRITICAL,
        DEVELOPER,
        "จำนวนหน่วยงานที่บกพร่องทั่วประเทศของแต่ละข้อต้องเท่ากับที่นับจากข้อบกพร่องรายหน่วยงาน",
        "The national count of deficient agencies is that of agency_deficiency, item by item",
        """select fiscal_year, item_code, c.agencies_deficient, b.agencies as counted, c.agencies_urgent, b.urgent as counted_urgent
             from (select * from candidate.common_deficiency where scope = 'national' and fiscal_year >= :first_year) as c
             full join {batch} as b using (fiscal_year, item_code)
             where (coalesce(c.agencies_deficient, 0), coalesce(c.agencies_urgent, 0)) <> (coalesce(b.agencies, 0), coalesce(b.urgent, 0))""",
    ),
)

COMMON_DEFICIENCY = (
    Check(
        "deficient_within_assessed",
        CRITICAL,
        DEVELOPER,
        "หน่วยงานที่ต้องแก้ไขโดยด่วนต้องไม่เกินหน่วยงานที่บกพร่อง และไม่เกินหน่วยงานที่ประเมิน และร้อยละต้องตรงกัน",
        "Urgent ≤ deficient ≤ assessed, and the share follows from them",
        """select fiscal_year, scope, province_code, agency_type, item_code, agencies_assessed, agencies_deficient, agencies_urgent, deficient_share
             from {batch}
             where agencies_urgent > agencies_deficient or agencies_deficient > agencies_assessed or agencies_assessed <= 0
                or abs(deficient_share - 100.0 * agencies_deficient / nullif(agencies_assessed, 0)) > 0.00501""",
    ),
    Check(
        "scopes_add_up",
        CRITICAL,
        DEVELOPER,
        "ผลรวมของทุกประเภทต้องเท่ากับทั้งประเทศ และผลรวมของทุกประเภทในจังหวัดต้องเท่ากับจังหวัด",
        "The types sum to the country, and a province's types to the province",
        """select fiscal_year, province_code, item_code, sum(agencies_assessed) filter (where is_whole) as assessed,
                    sum(agencies_assessed) filter (where not is_whole) as assessed_by_type,
                    sum(agencies_deficient) filter (where is_whole) as deficient, sum(agencies_deficient) filter (where not is_whole) as deficient_by_type
             from (select *, scope in ('national', 'province') as is_whole from {batch}) as scoped
             group by fiscal_year, province_code, item_code
             having sum(agencies_assessed * case when is_whole then 1 else -1 end) <> 0
                 or sum(agencies_deficient * case when is_whole then 1 else -1 end) <> 0""",
    ),
    Check(
        "deficiency_rank_is_right",
        CRITICAL,
        DEVELOPER,
        "อันดับของข้อบกพร่องเริ่มที่ 1 ในทุกขอบเขต และเรียงตามจำนวนหน่วยงานที่บกพร่อง",
        "Deficiency ranks start at 1 in every scope and follow the number of deficient agencies",
        """select fiscal_year, scope, province_code, agency_type, item_code, agencies_deficient, deficiency_rank, expected_rank, better
             from (select *, rank() over (scoped order by deficiency_rank) as expected_rank,
                          lag(agencies_deficient) over (scoped order by deficiency_rank, agencies_deficient desc) as better
                   from {batch} window scoped as (partition by fiscal_year, scope, province_code, agency_type)) as ranked
             where deficiency_rank <> expected_rank or agencies_deficient > better""",
    ),
)

NATIONAL_SUMMARY = (
    Check(
        "national_summary_adds_up",
        CRITICAL,
        DEVELOPER,
        "สรุประดับประเทศต้องเท่ากับที่นับจากผลการประเมิน",
        "The national summary is what the assessments give",
        """select fiscal_year, s.agencies, a.agencies as counted, s.agencies_passed, a.passed as counted_passed, s.pass_share, s.mean_score,
                    a.mean as counted_mean, l.levels as levels_counted
             from {batch} as s
             full join (select fiscal_year, count(*) as agencies, count(*) filter (where is_pass) as passed, avg(overall_score) as mean
                        from candidate.assessment where overall_score is not null group by fiscal_year) as a using (fiscal_year)
             left join lateral (select sum(value::integer) as levels from jsonb_each_text(s.level_counts)) as l on true
             where (s.agencies, s.agencies_passed, l.levels) is distinct from (a.agencies, a.passed, s.agencies)
                or abs(s.mean_score - a.mean) > 0.00501 or abs(s.pass_share - 100.0 * a.passed / a.agencies) > 0.00501""",
    ),
    Check(
        "national_figures_are_as_announced",
        WARNING,
        PERSON,
        "ค่าเฉลี่ยหรือร้อยละที่ผ่านของปีที่ข้อมูลครบต่างจากที่ ป.ป.ช. ประกาศเกิน 0.5 โปรดตรวจสอบ",
        "The mean or the pass share of a year that is all there differs by more than 0.5 from what the NACC announced; a person looks",
        """with announced as materialized (
                 select fiscal_year, metric, value::numeric as value from candidate.national_statistic
                 where scope = 'national' and metric in ('agencies_assessed', 'mean_score', 'share_pass_85'))
             select s.fiscal_year, f.metric, a.value as announced, f.value as this_build
             from {batch} as s
             cross join lateral (values ('mean_score', s.mean_score), ('share_pass_85', s.pass_share)) as f (metric, value)
             join announced as a on a.fiscal_year = s.fiscal_year and a.metric = f.metric
             join announced as n on n.fiscal_year = s.fiscal_year and n.metric = 'agencies_assessed'
             where abs(s.agencies - n.value) <= 0.02 * n.value and abs(f.value - a.value) > 0.5""",
    ),
)

PROVINCE_SUMMARY = (
    Check(
        "province_summary_adds_up",
        CRITICAL,
        DEVELOPER,
        "สรุปรายจังหวัดต้องเท่ากับที่นับจากผลการประเมิน",
        "Each province's summary is what its assessments give",
        """select fiscal_year, province_code, s.agencies, a.agencies as counted, s.agencies_passed, a.passed as counted_passed, s.pass_share,
                    s.mean_score, a.mean as counted_mean, l.levels as levels_counted
             from {batch} as s
             full join (select fiscal_year, province_code, count(*) as agencies, count(*) filter (where is_pass) as passed, avg(overall_score) as mean
                        from candidate.assessment where overall_score is not null and province_code is not null
                        group by fiscal_year, province_code) as a using (fiscal_year, province_code)
             left join lateral (select sum(value::integer) as levels from jsonb_each_text(s.level_counts)) as l on true
             where (s.agencies, s.agencies_passed, l.levels) is distinct from (a.agencies, a.passed, s.agencies)
                or abs(s.mean_score - a.mean) > 0.00501 or abs(s.pass_share - 100.0 * a.passed / a.agencies) > 0.00501""",
    ),
)

MEASURE = (
    Check(
        "progress_has_its_measure",
        WARNING,
        AGENCY,
        "ความก้าวหน้าต้องอ้างถึงมาตรการที่หน่วยงานส่งไว้",
        "Progress refers to a measure that the agency has submitted",
        """select p.agency_id, p.fiscal_year, p.measure_no, p.as_of from candidate.measure_progress as p
             where (p.agency_id, p.fiscal_year, p.measure_no) not in (select m.agency_id, m.fiscal_year, m.measure_no from {batch} as m)""",
    ),
)

# Have the candidate and the published build the same submissions?
SAME_SUBMISSIONS = """(select inputs -> 'submissions' from ops.publication order by publication_no desc limit 1)
    is not distinct from (select inputs -> 'submissions' from ops.build where schema_name = 'candidate')"""

# What the large tables that are taken over hold of each kept year.
KEPT = " union all ".join(
    f"""select '{table}' as table_name, fiscal_year, '{build}' as build, count(*) as rows, sum({column}) as total
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
        f"""select table_name, fiscal_year, max(rows) filter (where build = 'published') as published, max(rows) filter (where build = 'candidate') as kept
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
                 select p.agency_id, p.fiscal_year, p.submission_sha256, f.state, f.received_seq
                 from published.assessment as p
                 left join raw.submission as f using (submission_sha256)
                 where (p.agency_id, p.fiscal_year) not in (select c.agency_id, c.fiscal_year from {{batch}} as c))
             select agency_id, fiscal_year, submission_sha256 from lost
             where exists (select from latest join raw.score as s using (submission_sha256, agency_id, fiscal_year)
                           where (latest.agency_id, latest.fiscal_year) = (lost.agency_id, lost.fiscal_year))
                or not (state not in ('accepted', 'accepted_with_warnings')
                        and exists (select from ops.withdrawal as w where w.submission_sha256 = lost.submission_sha256)
                        or exists (select from accepted where (accepted.agency_id, accepted.fiscal_year) = (lost.agency_id, lost.fiscal_year)
                                                          and accepted.received_seq > lost.received_seq))""",
    ),
    Check(
        "score_changed_without_cause",
        WARNING,
        DEVELOPER,
        "คะแนนที่ประกาศเปลี่ยนไป ทั้งที่มาจากแฟ้มเดิม",
        "A published score changed though it comes from the same file",
        """select agency_id, fiscal_year, p.overall_score as last_build, c.overall_score as this_build
             from {batch} as c join published.assessment as p using (agency_id, fiscal_year, submission_sha256)
             where c.score_source = 'published' and p.score_source = 'published' and c.overall_score <> p.overall_score""",
    ),
)

# Grain: table. Its rows in the last build and in this one.
ROW_COUNT_PASS = (
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
