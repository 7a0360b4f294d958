"""Checks on the summaries and on measures."""

from expectations.check import AGENCY, CRITICAL, DEVELOPER, PERSON, WARNING, Check

NATIONAL_SUMMARY = (
    Check(
        "national_summary_adds_up",
        CRITICAL,
        DEVELOPER,
        "สรุประดับประเทศต้องเท่ากับที่นับจากผลการประเมิน",
        "The national summary is what the assessments give",
        """select fiscal_year, s.agencies, a.agencies as counted, s.agencies_passed,
            a.passed as counted_passed, s.pass_share, s.mean_score,
                    a.mean as counted_mean, l.levels as levels_counted
             from {batch} as s
             full join (select fiscal_year, count(*) as agencies, count(*)
                 filter (where is_pass) as passed, avg(overall_score) as mean
                        from candidate.assessment where overall_score is not null
                            group by fiscal_year) as a using (fiscal_year)
             left join lateral (select sum(value::integer) as levels
                 from jsonb_each_text(s.level_counts)) as l on true
             where (s.agencies, s.agencies_passed, l.levels) is distinct
                 from (a.agencies, a.passed, s.agencies)
                or abs(s.mean_score - a.mean) > 0.00501
                    or abs(s.pass_share - 100.0 * a.passed / a.agencies) > 0.00501""",
    ),
    Check(
        "national_figures_are_as_announced",
        WARNING,
        PERSON,
        "ค่าเฉลี่ยหรือร้อยละที่ผ่านของปีที่ข้อมูลครบต่างจากที่ ป.ป.ช. ประกาศเกิน 0.5 โปรดตรวจสอบ",
        "The mean or the pass share of a year that is all there differs by more than 0.5 from "
        "what the NACC announced; a person looks",
        """with announced as materialized (
                 select fiscal_year, metric, value::numeric as value
                     from candidate.national_statistic
                 where scope = 'national' and metric in ('agencies_assessed', 'mean_score',
                     'share_pass_85'))
             select s.fiscal_year, f.metric, a.value as announced, f.value as this_build
             from {batch} as s
             cross join lateral (values ('mean_score', s.mean_score),
                 ('share_pass_85', s.pass_share)) as f (metric, value)
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
        """select fiscal_year, province_code, s.agencies, a.agencies as counted, s.agencies_passed,
            a.passed as counted_passed, s.pass_share,
                    s.mean_score, a.mean as counted_mean, l.levels as levels_counted
             from {batch} as s
             full join (select fiscal_year, province_code, count(*) as agencies, count(*)
                 filter (where is_pass) as passed, avg(overall_score) as mean
                        from candidate.assessment where overall_score is not null
                            and province_code is not null
                        group by fiscal_year, province_code) as a using (fiscal_year, province_code)
             left join lateral (select sum(value::integer) as levels
                 from jsonb_each_text(s.level_counts)) as l on true
             where (s.agencies, s.agencies_passed, l.levels) is distinct
                 from (a.agencies, a.passed, s.agencies)
                or abs(s.mean_score - a.mean) > 0.00501
                    or abs(s.pass_share - 100.0 * a.passed / a.agencies) > 0.00501""",
    ),
)

MEASURE = (
    Check(
        "progress_has_its_measure",
        WARNING,
        AGENCY,
        "ความก้าวหน้าต้องอ้างถึงมาตรการที่หน่วยงานส่งไว้หรือที่ระบบเสนอ",
        "Progress refers to a measure that the agency has submitted, or to a proposed one",
        """select p.agency_id, p.fiscal_year, p.measure_no, p.as_of
            from candidate.measure_progress as p
             where (p.agency_id, p.fiscal_year, p.measure_no)
                 not in (
                     select m.agency_id, m.fiscal_year, m.measure_no from {batch} as m
                     union all
                     select m.agency_id, m.fiscal_year + 1, m.measure_no
                     from candidate.int_proposal as m
                     union all
                     select m.agency_id, m.fiscal_year + 1, m.measure_no
                     from candidate.int_drawn as m
                 )""",
    ),
)
