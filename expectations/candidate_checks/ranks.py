"""Checks on what follows from comparing agencies: ranks and common deficiencies."""

from expectations.check import CRITICAL, DEVELOPER, Check

NATIONAL_RANKING = (
    Check(
        "national_ranking_is_whole",
        CRITICAL,
        DEVELOPER,
        "ทุกหน่วยงานที่มีคะแนนรวมต้องอยู่ในอันดับระดับประเทศ ด้วยคะแนนเดียวกัน และไม่มีหน่วยงานอื่น",
        "The national ranking holds every agency with an overall score, with that score, and "
        "nobody else",
        """select agency_id, fiscal_year, a.overall_score as assessed, r.overall_score as ranked
             from (select agency_id, fiscal_year, overall_score from candidate.assessment
                 where overall_score is not null) as a
             full join {batch} as r using (agency_id, fiscal_year)
             where a.overall_score is distinct from r.overall_score""",
    ),
    Check(
        "national_rank_is_right",
        CRITICAL,
        DEVELOPER,
        "อันดับระดับประเทศเริ่มที่ 1 คะแนนเท่ากันได้อันดับเดียวกันและข้ามอันดับถัดไป (1, 2, 2, 4)",
        "National ranks start at 1, equal scores share a rank and the next one is skipped (1, 2, "
        "2, 4)",
        """select agency_id, fiscal_year, overall_score, national_rank, expected_rank,
            national_count, expected_count
             from (select *, rank() over (partition by fiscal_year
                 order by overall_score desc) as expected_rank,
                          count(*) over (partition by fiscal_year) as expected_count
                   from {batch}) as r
             where (national_rank, national_count) is distinct
                 from (expected_rank, expected_count)""",
    ),
    Check(
        "type_rank_is_right",
        CRITICAL,
        DEVELOPER,
        "อันดับในประเภทเดียวกันต้องถูกต้องตามคะแนน",
        "Ranks within the agency's type follow from the scores",
        """select agency_id, fiscal_year, agency_type, overall_score, type_rank, expected_rank,
            type_count, expected_count
             from (select r.agency_id, r.fiscal_year, a.agency_type, r.overall_score, r.type_rank,
                 r.type_count,
                          rank() over (partition by r.fiscal_year, a.agency_type
                              order by r.overall_score desc) as expected_rank,
                          count(*) over (partition by r.fiscal_year,
                              a.agency_type) as expected_count
                   from {batch} as r join candidate.assessment as a
                       using (agency_id, fiscal_year)) as ranked
             where (type_rank, type_count) is distinct from (expected_rank, expected_count)""",
    ),
)

PROVINCIAL_RANKING = (
    Check(
        "provincial_ranking_is_whole",
        CRITICAL,
        DEVELOPER,
        "ทุกหน่วยงานที่มีคะแนนรวมและสังกัดจังหวัดต้องอยู่ในอันดับของจังหวัดนั้น ด้วยคะแนนเดียวกัน",
        "The provincial ranking holds every agency with an overall score and a province, with "
        "that score",
        """select agency_id, fiscal_year, province_code, a.overall_score as assessed,
            r.overall_score as ranked
             from (select agency_id, fiscal_year, province_code, overall_score
                 from candidate.assessment
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
        """select agency_id, fiscal_year, province_code, agency_type, overall_score, province_rank,
            expected_rank, province_count, expected_count,
                    province_type_rank, expected_type_rank, province_type_count, expected_type_count
             from (select r.agency_id, r.fiscal_year, r.province_code, a.agency_type,
                 r.overall_score,
                          r.province_rank, r.province_count, r.province_type_rank,
                              r.province_type_count,
                          rank() over in_province as expected_rank,
                          count(*) over (partition by r.fiscal_year,
                              r.province_code) as expected_count,
                          rank() over in_type as expected_type_rank,
                          count(*) over (partition by r.fiscal_year, r.province_code,
                              a.agency_type) as expected_type_count
                   from {batch} as r join candidate.assessment as a using (agency_id, fiscal_year)
                   window in_province as (partition by r.fiscal_year, r.province_code
                       order by r.overall_score desc),
                          in_type as (partition by r.fiscal_year, r.province_code, a.agency_type
                              order by r.overall_score desc)) as ranked
             where (province_rank, province_count, province_type_rank, province_type_count)
                   is distinct from (expected_rank, expected_count, expected_type_rank,
                       expected_type_count)""",
    ),
)

# One pass over agency_deficiency. Grain: year × item.
AGENCY_DEFICIENCY_BY_ITEM = """
    select fiscal_year, item_code, count(*) as agencies, count(*) filter (where is_urgent) as urgent
    from (select fiscal_year, item_code, agency_id, bool_or(severity = 'urgent') as is_urgent
          from candidate.agency_deficiency where fiscal_year >= :first_year group by fiscal_year,
              item_code, agency_id) as deficient
    group by fiscal_year, item_code"""

AGENCY_DEFICIENCY = (
    Check(
        "deficiencies_are_counted",
        CRITICAL,
        DEVELOPER,
        "จำนวนหน่วยงานที่บกพร่องทั่วประเทศของแต่ละข้อต้องเท่ากับที่นับจากข้อบกพร่องรายหน่วยงาน",
        "The national count of deficient agencies is that of agency_deficiency, item by item",
        """select fiscal_year, item_code, c.agencies_deficient, b.agencies as counted,
            c.agencies_urgent, b.urgent as counted_urgent
             from (select * from candidate.common_deficiency where scope = 'national'
                 and fiscal_year >= :first_year) as c
             full join {batch} as b using (fiscal_year, item_code)
             where (coalesce(c.agencies_deficient, 0), coalesce(c.agencies_urgent, 0))
                   <> (coalesce(b.agencies, 0), coalesce(b.urgent, 0))""",
    ),
)

COMMON_DEFICIENCY = (
    Check(
        "deficient_within_assessed",
        CRITICAL,
        DEVELOPER,
        "หน่วยงานที่ต้องแก้ไขโดยด่วนต้องไม่เกินหน่วยงานที่บกพร่อง และไม่เกินหน่วยงานที่ประเมิน และร้อยละต้องตรงกัน",
        "Urgent ≤ deficient ≤ assessed, and the share follows from them",
        """select fiscal_year, scope, province_code, agency_type, item_code, agencies_assessed,
            agencies_deficient, agencies_urgent, deficient_share
             from {batch}
             where agencies_urgent > agencies_deficient or agencies_deficient > agencies_assessed
                 or agencies_assessed <= 0
                or abs(deficient_share - 100.0 * agencies_deficient / nullif(agencies_assessed, 0))
                   > 0.00501""",
    ),
    Check(
        "scopes_add_up",
        CRITICAL,
        DEVELOPER,
        "ผลรวมของทุกประเภทต้องเท่ากับทั้งประเทศ และผลรวมของทุกประเภทในจังหวัดต้องเท่ากับจังหวัด",
        "The types sum to the country, and a province's types to the province",
        """select fiscal_year, province_code, item_code, sum(agencies_assessed)
            filter (where is_whole) as assessed,
                    sum(agencies_assessed) filter (where not is_whole) as assessed_by_type,
                    sum(agencies_deficient) filter (where is_whole) as deficient,
                        sum(agencies_deficient) filter (where not is_whole) as deficient_by_type
             from (select *, scope in ('national', 'province') as is_whole from {batch}
                 where scope <> 'region') as scoped
             group by fiscal_year, province_code, item_code
             having sum(agencies_assessed * case when is_whole then 1 else -1 end) <> 0
                 or sum(agencies_deficient * case when is_whole then 1 else -1 end) <> 0""",
    ),
    Check(
        "regions_add_up",
        CRITICAL,
        DEVELOPER,
        "ผลรวมของทุกภูมิภาคต้องเท่ากับผลรวมของทุกจังหวัด",
        "The regions sum to what the provinces sum to",
        """select fiscal_year, item_code, sum(agencies_assessed) filter (where scope = 'region')
                as assessed, sum(agencies_assessed) filter (where scope = 'province')
                as assessed_by_province
             from {batch} where scope in ('region', 'province')
             group by fiscal_year, item_code
             having sum(agencies_assessed * case scope when 'region' then 1 else -1 end) <> 0
                 or sum(agencies_deficient * case scope when 'region' then 1 else -1 end) <> 0""",
    ),
    Check(
        "deficiency_rank_is_right",
        CRITICAL,
        DEVELOPER,
        "อันดับของข้อบกพร่องเริ่มที่ 1 ในทุกขอบเขต และเรียงตามจำนวนหน่วยงานที่บกพร่อง",
        "Deficiency ranks start at 1 in every scope and follow the number of deficient agencies",
        """select fiscal_year, scope, province_code, agency_type, item_code, agencies_deficient,
            deficiency_rank, expected_rank, better
             from (select *, rank() over (scoped order by deficiency_rank) as expected_rank,
                          lag(agencies_deficient) over (scoped order by deficiency_rank,
                              agencies_deficient desc) as better
                   from {batch} window scoped as (partition by fiscal_year, scope, region_th,
                       province_code, agency_type)) as ranked
             where deficiency_rank <> expected_rank or agencies_deficient > better""",
    ),
)
