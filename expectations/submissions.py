"""Gate 1: what is accepted and not withdrawn in schema raw is fit to be modelled.

Ingestion has judged the same rules file by file and told the sender. This gate holds over
everything that a build has read, so a critical failure here means that something came past
ingestion: the data team looks, or takes the file back with `ita withdraw`.
"""

from expectations import framework, gate
from expectations.check import AGENCY, CRITICAL, DATA_TEAM, DEVELOPER, WARNING, Check, Suite

COUNTS = "s.state in ('accepted', 'accepted_with_warnings')"


def run(url: str, run_id: str, passed_before: list[str]) -> bool:
    """Judge schema raw of the warehouse at `url` (an SQLAlchemy URL).

    True if nothing critical failed. `run_id` names the result.

    passed_before: SHA-256 of the submissions that passed this gate under these very rules already:
    their scores, which nothing changes after they are loaded, are not read again. Writes what
    `gate.run` writes, and raises what it raises.
    """
    return gate.run("submissions", run_id, url, suites(), prepare=prepared(passed_before))


def suites() -> list[Suite]:
    """The suites of the gate, in the order of the pages."""
    return [
        Suite("submission", SUBMISSION, table="raw.submission"),
        Suite("unit", UNIT, table="raw.unit"),
        Suite("score", SCORE, query=_score_pass()),
        Suite("measure", MEASURE, table="raw.measure"),
    ]


def prepared(passed_before: list[str]) -> list[str]:
    """SQL for temporary tables.

    The codes of each year, the number of items of each instrument, the submissions whose scores are
    not read, and those whose scores are: all others in raw.score, recorded or not. They are found
    along the index, one step a submission.
    """
    rows = ", ".join(
        f"({year}, '{level}', '{code}', nullif('{instrument}', ''), {number})"
        for year, level, code, instrument, number in framework.codes()
    )
    return [
        "create temporary table framework (fiscal_year integer, level text, code text, instrument "
        "text, code_no integer)",
        f"insert into framework values {rows}",
        """create temporary table framework_size as
           select fiscal_year, instrument, count(*) as items from framework where level = 'item'
               group by fiscal_year, instrument""",
        "analyze framework",
        f"""create temporary table score_not_read as
            select s.submission_sha256 from raw.submission as s
            where not {COUNTS}
                or s.submission_sha256 = any ('{{{",".join(passed_before)}}}'::text[])""",
        """create temporary table score_read as
            with recursive held as (
                (select submission_sha256 from raw.score order by submission_sha256 limit 1)
                union all
                select (select s.submission_sha256 from raw.score as s
                    where s.submission_sha256 > held.submission_sha256 order by 1 limit 1)
                from held where held.submission_sha256 is not null)
            select submission_sha256 from held
            where submission_sha256 is not null and submission_sha256
                not in (select submission_sha256 from score_not_read)""",
        "analyze score_read",
    ]


def _score_pass() -> str:
    """SQL: one pass over raw.score but for files that do not count or have passed before.

    Grain submission × agency × year.

    `repeated_rows` and the `*_items` count codes seen, each a bit in a string: a GROUP BY down to
    the code takes ten times as long.
    """
    width = 1 + max(number for *_, number in framework.codes())
    seen = f"bit_or(set_bit(b'0'::bit({width}), f.code_no, 1))"
    code_and_part = "3 * f.code_no + case s.part when '' then 0 when 'public' then 1 else 2 end"
    seen_with_part = f"bit_or(set_bit(b'0'::bit({3 * width}), {code_and_part}, 1))"
    items = ", ".join(
        f"coalesce(bit_count({seen} filter (where s.level = 'item' and f.instrument = '{name}')), "
        f"0) as {name.lower()}_items"
        for name in ("IIT", "EIT", "OIT")
    )
    return f"""
        select s.submission_sha256, s.agency_id, s.fiscal_year,
               count(*) filter (where not s.score between 0 and 100) as out_of_range,
               count(*) filter (where f.code_no is null) as unknown_codes,
               count(*) filter (where s.part <> '' and (f.instrument is distinct from 'EIT'
                   or s.part not in ('public', 'survey'))) as wrong_parts,
               count(*) filter (where s.level = 'item' and f.instrument = 'OIT' and s.score
                   not in (0, 100)) as odd_oit_items,
               count(f.code_no) - bit_count({seen_with_part}) as repeated_rows, {items}
        from raw.score as s
        join score_read using (submission_sha256)
        left join framework as f using (fiscal_year, level, code)
        group by s.submission_sha256, s.agency_id, s.fiscal_year"""


def _scores_where(unit: str, score: str) -> str:
    """SQL: the score rows that fulfil `score`, of the units that fulfil `unit`.

    Asked once beforehand whether there is such a unit, for else the scores would be read.
    """
    return f"""
        select s.submission_sha256, s.agency_id, s.fiscal_year, s.level, s.code, s.part, s.score,
            s.source_place
        from {{batch}} as b
        join raw.score as s using (submission_sha256, agency_id, fiscal_year)
        left join framework as f using (fiscal_year, level, code)
        where (select bool_or({unit}) from {{batch}}) and b.{unit} and {score}"""


SUBMISSION = (
    Check(
        "rows_add_up",
        CRITICAL,
        DEVELOPER,
        "จำนวนแถวที่อ่านต้องเท่ากับแถวที่รับรวมกับแถวที่ปฏิเสธ ในทุกแฟ้ม",
        "In every file, rows read = rows accepted + rows rejected",
        "select submission_sha256, file_name, rows_read, rows_accepted, rows_rejected from "
        "{batch} where rows_read <> rows_accepted + rows_rejected",
    ),
    Check(
        "state_fits_rows",
        CRITICAL,
        DEVELOPER,
        "สถานะของแฟ้มต้องตรงกับแถว: แฟ้มที่ปฏิเสธต้องไม่มีแถวที่รับ แฟ้มที่รับโดยไม่มีข้อสังเกตต้องไม่มีแถวที่ปฏิเสธ",
        "A file's state fits its rows: a rejected one has none accepted, one accepted without "
        "warnings has none rejected",
        """select submission_sha256, file_name, state, rows_accepted, rows_rejected from {batch}
             where state = 'rejected' and rows_accepted > 0 or state = 'accepted'
                 and rows_rejected > 0""",
    ),
    Check(
        "accepted_is_loaded",
        CRITICAL,
        DATA_TEAM,
        "แฟ้มที่รับแล้วต้องมีข้อมูลในคลัง (หากไม่มี ให้สั่ง ita load อีกครั้ง)",
        "An accepted file has its content in the warehouse (if not, run `ita load` again)",
        f"""select s.submission_sha256, s.file_name from {{batch}} as s
              where {COUNTS} and s.rows_accepted > 0
                and not exists (select from raw.unit as u
                    where u.submission_sha256 = s.submission_sha256)
                and not exists (select from raw.agency as a
                    where a.submission_sha256 = s.submission_sha256)""",
    ),
    Check(
        "agencies_add_up",
        CRITICAL,
        DEVELOPER,
        "จำนวนหน่วยงานของแฟ้มต้องเท่ากับจำนวนหน่วยงานที่นำเข้าคลัง",
        "A file's number of agencies is the number of agencies loaded from it",
        f"""select s.submission_sha256, s.file_name, s.agencies,
            count(distinct u.agency_id) as agencies_loaded
              from {{batch}} as s join raw.unit as u using (submission_sha256)
              where {COUNTS} group by s.submission_sha256, s.file_name, s.agencies
                  having s.agencies <> count(distinct u.agency_id)""",
    ),
)

UNIT = (
    Check(
        "agency_is_registered",
        CRITICAL,
        DATA_TEAM,
        "ทุกหน่วยงานที่ส่งข้อมูลต้องอยู่ในทะเบียนหน่วยงาน (ส่ง agencies.csv ที่มีหน่วยงานนี้)",
        "Every agency with data is in the registry of agencies (send an agencies.csv that holds "
        "it)",
        f"""select distinct u.agency_id, u.submission_sha256, u.fiscal_year
              from {{batch}} as u join raw.submission as s using (submission_sha256)
              where {COUNTS} and u.agency_id not in (
                  select a.agency_id from raw.agency as a join raw.submission as s
                      using (submission_sha256) where {COUNTS})""",
    ),
    Check(
        "rows_have_their_unit",
        CRITICAL,
        DEVELOPER,
        "ข้อสังเกต มาตรการ ความก้าวหน้า และข้อจำกัดทุกแถวต้องเป็นของหน่วยงานและปีที่รับแล้ว",
        "Every remark, measure, progress and constraint row belongs to an accepted unit",
        " union all ".join(
            f"""select '{table}' as table_name, r.submission_sha256, r.agency_id, r.fiscal_year
                from raw.{table} as r
                  where (r.submission_sha256, r.agency_id, r.fiscal_year) not in (
                      select u.submission_sha256, u.agency_id, u.fiscal_year from {{batch}} as u
                          where u.kind = '{kind}')"""
            for table, kind in (
                ("remark", "scores"),
                ("measure", "measures"),
                ("progress", "progress"),
                ("constraint_note", "constraints"),
            )
        ),
    ),
)

SCORE = (
    Check(
        "score_in_range",
        CRITICAL,
        AGENCY,
        "คะแนนทุกค่าต้องอยู่ระหว่าง 0 ถึง 100",
        "Every score lies between 0 and 100",
        _scores_where("out_of_range > 0", "not s.score between 0 and 100"),
    ),
    Check(
        "code_in_framework",
        CRITICAL,
        AGENCY,
        "ระดับและรหัสทุกค่าต้องอยู่ในกรอบการประเมินของปีนั้น",
        "Every level and code belongs to that fiscal year's framework",
        _scores_where("unknown_codes > 0", "f.code_no is null"),
    ),
    Check(
        "part_only_in_eit",
        CRITICAL,
        AGENCY,
        "ส่วน (public, survey) ใช้ได้เฉพาะแบบวัด EIT",
        "Only the EIT has parts, public and survey",
        _scores_where(
            "wrong_parts > 0",
            "s.part <> '' and (f.instrument is distinct from 'EIT' or s.part not in ('public', "
            "'survey'))",
        ),
    ),
    Check(
        "score_is_unique",
        CRITICAL,
        DEVELOPER,
        "แต่ละหน่วยงาน ปี ระดับ รหัส และส่วน มีคะแนนได้ค่าเดียวในแฟ้มเดียว",
        "One score for each agency, year, level, code and part of a file",
        """select s.submission_sha256, s.agency_id, s.fiscal_year, s.level, s.code, s.part,
            count(*) as rows
             from {batch} as b join raw.score as s using (submission_sha256, agency_id, fiscal_year)
             where b.repeated_rows > 0
             group by s.submission_sha256, s.agency_id, s.fiscal_year, s.level, s.code, s.part
                 having count(*) > 1""",
    ),
    Check(
        "official_instrument_is_whole",
        CRITICAL,
        DATA_TEAM,
        "แบบวัดในข้อมูลทางการต้องมีครบทุกข้อ หรือไม่มีรายข้อเลย",
        "An instrument in an official submission holds all of its items or none",
        """select b.submission_sha256, b.agency_id, b.fiscal_year, i.instrument,
            i.items as items_found, z.items as items_expected
             from {batch} as b
             join raw.submission as s using (submission_sha256)
             cross join lateral (values ('IIT', b.iit_items), ('EIT', b.eit_items),
                 ('OIT', b.oit_items)) as i (instrument, items)
             join framework_size as z using (fiscal_year, instrument)
             where s.authority = 'nacc' and i.items not in (0, z.items)""",
    ),
    Check(
        "template_is_whole",
        CRITICAL,
        AGENCY,
        "แบบกรอกคะแนนต้องมีครบทุกข้อ หรือไม่มีรายข้อเลย",
        "A template workbook holds all items of the year or none",
        """select b.submission_sha256, b.agency_id, b.fiscal_year,
            b.iit_items + b.eit_items + b.oit_items as items_found, z.items as items_expected
             from {batch} as b
             join raw.submission as s using (submission_sha256)
             join (select fiscal_year, sum(items) as items from framework_size
                 group by fiscal_year) as z using (fiscal_year)
             where s.layout = 'template' and b.iit_items + b.eit_items + b.oit_items
                 not in (0, z.items)""",
    ),
    Check(
        "score_has_its_unit",
        CRITICAL,
        DEVELOPER,
        "คะแนนทุกแถวต้องเป็นของหน่วยงานและปีที่รับแล้ว",
        "Every score row belongs to an accepted unit",
        """select b.submission_sha256, b.agency_id, b.fiscal_year from {batch} as b
             where not exists (select from raw.unit as u
                 where (u.submission_sha256, u.agency_id, u.fiscal_year, u.kind)
                                                             = (b.submission_sha256, b.agency_id,
                                                                 b.fiscal_year, 'scores'))""",
    ),
    Check(
        "score_has_its_submission",
        CRITICAL,
        DEVELOPER,
        "คะแนนทุกแถวต้องเป็นของแฟ้มที่บันทึกไว้",
        "Every score row belongs to a recorded submission",
        "select submission_sha256, agency_id, fiscal_year from {batch} where submission_sha256 "
        "not in (select submission_sha256 from raw.submission)",
    ),
    Check(
        "unit_has_scores",
        WARNING,
        AGENCY,
        "หน่วยงานและปีที่รับว่ามีคะแนนต้องมีคะแนน ข้อสังเกต หรืออันดับอย่างน้อยหนึ่งรายการ",
        "A unit of scores holds a score, a remark or a rank",
        """select u.submission_sha256, u.agency_id, u.fiscal_year
              from raw.unit as u
              left join {batch} as b using (submission_sha256, agency_id, fiscal_year)
              where u.submission_sha256 not in (select submission_sha256 from score_not_read)
                  and u.kind = 'scores' and b.agency_id is null
                and u.published_province_rank is null and u.published_type_rank is null
                and not exists (select from raw.remark as r
                    where (r.submission_sha256, r.agency_id, r.fiscal_year)
                                                                = (u.submission_sha256, u.agency_id,
                                                                    u.fiscal_year))""",
    ),
    Check(
        "oit_item_is_0_or_100",
        WARNING,
        AGENCY,
        "ข้อ OIT มีคะแนน 0 หรือ 100 เท่านั้น โปรดตรวจสอบค่าที่ต่างไป",
        "An OIT item scores 0 or 100; look at any other value",
        _scores_where(
            "odd_oit_items > 0",
            "s.level = 'item' and f.instrument = 'OIT' and s.score not in (0, 100)",
        ),
    ),
)

MEASURE = (
    Check(
        "measure_ends_after_it_starts",
        WARNING,
        AGENCY,
        "วันสิ้นสุดของมาตรการต้องไม่ก่อนวันเริ่มต้น",
        "A measure does not end before it starts",
        f"""select m.submission_sha256, m.agency_id, m.fiscal_year, m.measure_no, m.starts_on,
            m.ends_on
              from {{batch}} as m join raw.submission as s using (submission_sha256) where {COUNTS}
                  and m.ends_on < m.starts_on""",
    ),
)
