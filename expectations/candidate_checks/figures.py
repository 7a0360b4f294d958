"""Checks on the agencies and their figures: assessments, indicators, items."""

from expectations.check import CRITICAL, DATA_TEAM, DEVELOPER, PERSON, WARNING, Check

# SQL, after `with`: the accepted units of scores, and the latest of each authority, the ones that
# count.
LATEST = """
    accepted as (
        select u.agency_id, u.fiscal_year, u.submission_sha256, f.authority, f.received_at
        from raw.unit as u join raw.submission as f using (submission_sha256)
        where u.kind = 'scores' and f.state in ('accepted', 'accepted_with_warnings')),
    latest as (
        select distinct on (agency_id, fiscal_year, authority) * from accepted order by agency_id,
            fiscal_year, authority, received_at desc, submission_sha256 desc)"""

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
             where agency_type is null or agency_type
                 not in (select agency_type from candidate.agency_type)""",
    ),
    Check(
        "province_is_known",
        CRITICAL,
        DATA_TEAM,
        "จังหวัดของทุกหน่วยงานและทุกผลประเมินต้องเป็นหนึ่งใน 77 จังหวัด หรือว่างสำหรับหน่วยงานส่วนกลาง",
        "The province of every agency and every assessment is one of the 77, or empty for central "
        "agencies",
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
        "select agency_id, fiscal_year, count(*) as rows from {batch} group by agency_id, "
        "fiscal_year having count(*) > 1",
    ),
    Check(
        "assessment_in_range",
        CRITICAL,
        DEVELOPER,
        "คะแนนรวมและคะแนนรายส่วนต้องอยู่ระหว่าง 0 ถึง 100",
        "Overall scores and parts lie between 0 and 100",
        """select agency_id, fiscal_year, overall_score, recomputed_score, iit_score, eit_score,
            eit_public_score, eit_survey_score, oit_score
             from {batch}
             where not (coalesce(overall_score, 0) between 0 and 100
                 and coalesce(recomputed_score, 0) between 0 and 100
                 and coalesce(iit_score, 0) between 0 and 100
                 and coalesce(eit_score, 0) between 0 and 100
                 and coalesce(eit_public_score, 0) between 0 and 100
                 and coalesce(eit_survey_score, 0) between 0 and 100
                 and coalesce(oit_score, 0) between 0 and 100)""",
    ),
    Check(
        "level_is_known",
        CRITICAL,
        DEVELOPER,
        "ระดับผลการประเมินต้องเป็นระดับของปีนั้น",
        "The level is one of that fiscal year's",
        """select agency_id, fiscal_year, level_code, level_source from {batch}
             where level_code is not null and (fiscal_year, level_code)
                 not in (select fiscal_year, level_code from candidate.rating_level)
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
             left join (select fiscal_year, min(overall_min) as pass_min from candidate.rating_level
                 where is_pass group by fiscal_year) as l
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
             where submission_sha256 not in (select submission_sha256 from raw.submission
                 where state in ('accepted', 'accepted_with_warnings'))""",
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
                and (l.agency_id, l.fiscal_year)
                    not in (select a.agency_id, a.fiscal_year from {{batch}} as a)""",
    ),
    Check(
        "recomputed_is_near",
        WARNING,
        PERSON,
        "คะแนนที่ประกาศต่างจากคะแนนที่คำนวณใหม่เกิน 0.01 (จากตัวชี้วัด) หรือ 0.02 (จากรายข้อ) โปรดตรวจสอบ "
        "คะแนนที่ประกาศยังคงใช้",
        "Published and recomputed differ by more than 0.01 (from indicators) or 0.02 (from "
        "items); the published score stands, a person looks",
        """select agency_id, fiscal_year, overall_score, recomputed_score, recomputed_basis,
            score_gap from {batch}
             where abs(score_gap) > case
                 when recomputed_basis in ('indicators', 'instruments') then 0.01 else 0.02 end""",
    ),
)

INDICATOR_SCORE = (
    Check(
        "indicator_in_range",
        CRITICAL,
        DEVELOPER,
        "คะแนนรายตัวชี้วัดต้องอยู่ระหว่าง 0 ถึง 100",
        "Indicator scores lie between 0 and 100",
        "select agency_id, fiscal_year, indicator_no, score from {batch} where not score between "
        "0 and 100",
    ),
    Check(
        "indicator_has_assessment",
        CRITICAL,
        DEVELOPER,
        "คะแนนรายตัวชี้วัดต้องเป็นของหน่วยงานและปีที่มีผลการประเมิน",
        "An indicator score belongs to an agency and year with an assessment",
        """select distinct i.agency_id, i.fiscal_year from {batch} as i
             where not exists (select from candidate.assessment as a where a.agency_id = i.agency_id
                 and a.fiscal_year = i.fiscal_year)""",
    ),
)

# One pass over item_score. Grain: agency × year. A score of an EIT item that states no part counts
# as both halves.
ITEM_SCORE_BY_AGENCY = """
    select agency_id, fiscal_year, count(*) as rows,
           count(*) filter (where title_th is null) as unknown_items,
           count(*) filter (where not score between 0 and 100 or points_lost is null
               or not points_lost between 0 and 100) as out_of_range,
           sum(points_lost) as points_lost,
           sum(case when eit_part is null and item_code like 'e%' then 2 else 1 end) as halves
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
               and (not i.score between 0 and 100 or i.points_lost is null
                    or not i.points_lost between 0 and 100)""",
    ),
    Check(
        "item_in_framework",
        CRITICAL,
        DEVELOPER,
        "ทุกข้อต้องอยู่ในกรอบการประเมินของปีนั้น",
        "Every item belongs to that fiscal year's framework",
        """select i.agency_id, i.fiscal_year, i.item_code
             from {batch} as b join candidate.item_score as i using (agency_id, fiscal_year)
                 where b.unknown_items > 0 and i.title_th is null""",
    ),
    Check(
        "item_has_assessment",
        CRITICAL,
        DEVELOPER,
        "คะแนนรายข้อต้องเป็นของหน่วยงานและปีที่มีผลการประเมิน",
        "Item scores belong to an agency and year with an assessment",
        """select b.agency_id, b.fiscal_year, b.rows from {batch} as b
             where not exists (select from candidate.assessment as a where a.agency_id = b.agency_id
                 and a.fiscal_year = b.fiscal_year)""",
    ),
    Check(
        "items_are_not_more_than_the_framework",
        WARNING,
        PERSON,
        "จำนวนคะแนนรายข้อของหน่วยงานต้องไม่เกินกรอบการประเมิน",
        "An agency has no more item scores than the framework has items and parts",
        """select b.agency_id, b.fiscal_year, b.halves, z.halves as expected from {batch} as b
            join framework_size as z using (fiscal_year)
             where b.halves > z.halves""",
    ),
    Check(
        "points_lost_add_up",
        CRITICAL,
        DEVELOPER,
        "เมื่อมีคะแนนครบทุกข้อ คะแนนที่เสียไปรวมกันต้องเท่ากับ 100 ลบคะแนนที่คำนวณใหม่",
        "Over a complete submission the points lost sum to 100 − the recomputed score",
        """select b.agency_id, b.fiscal_year, b.points_lost, a.recomputed_score,
            b.points_lost - (100 - a.recomputed_score) as difference
             from {batch} as b
             join candidate.assessment as a using (agency_id, fiscal_year)
             join framework_size as z using (fiscal_year)
             where a.recomputed_basis = 'items' and b.halves = z.halves
               and abs(b.points_lost - (100 - a.recomputed_score)) > 0.00501""",
    ),
)
