"""index.html, the page of the night, with the lists of agencies without a score and of what the
last build changed.
"""

import psycopg
from psycopg.rows import dict_row

from reports.site import page, verdict_page
from warehouse import nights, settings, unwritten

LISTED = 1000  # changes on one page
MOVES = 200  # of agencies whose rank alone changed, the largest

PUBLICATION = """
    select build_id, published_at, git_revision, counts,
           jsonb_array_length(coalesce(inputs -> 'submissions', '[]')) as submissions
    from ops.publication order by publication_no desc limit 1"""
TROUBLES = "select * from ops.trouble order by serious desc, place"
WAITING = """
    select a.submission_sha256, s.file_name, s.inbox, a.agency_id, a.name_th, a.valid_from,
           count(*) over () as total
    from raw.agency as a join raw.submission as s using (submission_sha256)
    where a.waits and s.state in ('accepted', 'accepted_with_warnings')
    order by s.file_name, a.submission_sha256, a.agency_id, a.valid_from limit 200"""
CHANGED = """
    select fiscal_year, count(*) filter (where change = 'new') as new,
           count(*) filter (where change = 'gone') as gone,
           count(*) filter (where change = 'score') as score,
           count(*) filter (where change = 'rank') as rank, min(build_id) as build_id
    from ops.change_preview group by fiscal_year order by fiscal_year desc"""
NAMED_CHANGES = """
    select c.*, g.name_th, before.level_th as level_th_before, after.level_th as level_th_after,
           count(*) over () as total
    from ops.change_preview as c left join mart.agency as g using (agency_id)
    left join mart.rating_level as before
        on before.fiscal_year = c.fiscal_year and before.level_code = c.level_before
    left join mart.rating_level as after
        on after.fiscal_year = c.fiscal_year and after.level_code = c.level_after"""
CHANGES = f"""{NAMED_CHANGES}
    where c.change <> 'rank'
    order by c.fiscal_year desc, c.change, abs(c.overall_after - c.overall_before) desc nulls last,
             c.agency_id
    limit {LISTED}"""
RANK_MOVES = f"""{NAMED_CHANGES}
    where c.change = 'rank'
    order by c.fiscal_year desc, abs(c.national_rank_after - c.national_rank_before)
             desc nulls last, c.agency_id
    limit {MOVES}"""
TONIGHT = """
    select coalesce(seen_at, received_at) as seen_at, count(*) as files,
           count(*) filter (where state = 'accepted') as accepted,
           count(*) filter (where state = 'accepted_with_warnings') as warned,
           count(*) filter (where state = 'rejected') as rejected,
           count(*) filter (where state not in ('accepted', 'accepted_with_warnings', 'rejected'))
               as other
    from raw.submission
    where coalesce(seen_at, received_at)
        = (select max(coalesce(seen_at, received_at)) from raw.submission)
    group by coalesce(seen_at, received_at)"""
TONIGHT_FAILED = """
    select s.submission_sha256, s.file_name, s.state, s.errors, why.messages,
           count(*) over () as total
    from raw.submission as s
    cross join lateral (
        select array_agg(message_th order by finding_no) as messages
        from (select distinct on (rule) message_th, finding_no from ops.finding as f
              where f.submission_sha256 = s.submission_sha256 and f.severity = 'error'
              order by rule, finding_no) as first_of_each_rule) as why
    where coalesce(s.seen_at, s.received_at)
        = (select max(coalesce(seen_at, received_at)) from raw.submission) and s.errors > 0
    order by s.state desc, s.file_name, s.submission_sha256
    limit 200"""
STATES = "select state, count(*) as files from raw.submission group by state"
ARRIVALS = """
    select submission_sha256, file_name, state, received_at, rows_read, rows_accepted,
           rows_rejected, errors, warnings
    from raw.submission order by received_at desc, submission_sha256 desc limit 20"""
CHECKS = """
    select gate, build_id, check_name, severity, success, unexpected_count, named, who_fixes,
           message_th, message_en, checked_at
    from ops.check_result
    where (gate, build_id) in (select distinct on (gate) gate, build_id from ops.check_result
                               order by gate, checked_at desc)
    order by gate desc, success, severity, check_name"""
DELIVERIES = """
    select r.*, (select count(*) from ops.delivery_between) as between_count
    from ops.delivery_run as r order by run_no desc limit 1"""
FAILURES = """
    select failed_at, dag_id, task_id, try_number, exit_code, message
    from ops.failure order by failure_no desc limit 20"""
INTERFERENCES = """
    select noted_at, role_name, reason_th, reason_en from ops.interference
    order by interference_no desc limit 20"""
YEARS = """
    select s.fiscal_year, s.agencies, s.mean_score, s.agencies_passed, s.pass_share, s.provisional,
           r.registered
    from mart.national_summary as s
    cross join lateral (
        select count(*) as registered from mart.agency
        where s.fiscal_year between first_fiscal_year
            and coalesce(last_fiscal_year, s.fiscal_year)) as r
    order by s.fiscal_year desc"""
MISSING = """
    select coalesce(g.province_code, '00') as province_code,
           coalesce(g.province_th, 'หน่วยงานส่วนกลาง') as province_th,
           coalesce(g.province_en, 'central agencies') as province_en, g.agency_id, g.name_th,
           g.district_th, a.agency_id is not null as has_score,
           returned.submission_sha256 as returned
    from mart.agency as g
    left join mart.assessment as a
        on a.agency_id = g.agency_id and a.fiscal_year = %(fiscal_year)s
            and a.overall_score is not null
    left join (
        select distinct on (f.agency) f.agency, submission_sha256
        from ops.finding as f join raw.submission as s using (submission_sha256)
        where f.fiscal_year = %(fiscal_year)s::text and f.severity = 'error'
            and s.state <> 'withdrawn'
        order by f.agency, s.received_at desc, submission_sha256 desc) as returned
        on returned.agency = g.agency_id
    where %(fiscal_year)s
        between g.first_fiscal_year and coalesce(g.last_fiscal_year, %(fiscal_year)s)
    order by coalesce(g.province_code, '00'), g.name_sort_key collate "C", g.agency_id"""


def write(connection: psycopg.Connection) -> None:
    """Write index.html, documents/not-submitted.html and documents/changes.html from schemas ops,
    raw and mart.
    """
    with connection.cursor(row_factory=dict_row) as cursor:
        content = {
            name: cursor.execute(query).fetchall()
            for name, query in {
                "publications": PUBLICATION,
                "troubles": TROUBLES,
                "waiting": WAITING,
                "changed": CHANGED,
                "arrivals": ARRIVALS,
                "checks": CHECKS,
                "failures": FAILURES,
                "deliveries": DELIVERIES,
                "interferences": INTERFERENCES,
                "tonight": TONIGHT,
                "failed": TONIGHT_FAILED,
            }.items()
        }
        files = {row["state"]: row["files"] for row in cursor.execute(STATES).fetchall()}
        years = cursor.execute(YEARS).fetchall() if content["publications"] else []
        changes, moves = (
            cursor.execute(query).fetchall() if years else [] for query in (CHANGES, RANK_MOVES)
        )
        missing = (
            cursor.execute(MISSING, {"fiscal_year": years[0]["fiscal_year"]}).fetchall()
            if years
            else []
        )
    provinces = _by_province(missing)
    documents = settings.folder("documents")
    page.write(
        documents / "not-submitted.html",
        "not_submitted.html",
        "../",
        provinces=provinces,
        fiscal_year=years[0]["fiscal_year"] if years else None,
    )
    page.write(documents / "changes.html", "changes.html", "../", changes=changes, moves=moves)
    page.write(
        settings.home() / "index.html",
        "index.html",
        "",
        **content,
        verdict=verdict_page.fragment(),
        runs=nights.history(20),
        files=files,
        years=years,
        provinces=provinces,
        unwritten=unwritten.read()[::-1],
        has_packs=(settings.home() / "packs" / "index.html").exists(),
        has_models=(documents / "dbt.html").exists(),
        has_checks=(documents / "data_docs" / "index.html").exists(),
    )


def _by_province(agencies: list[dict]) -> list[dict]:
    """Provinces in the order of their codes: province_code, province_th, province_en, registered,
    and the agencies that are missing.
    """
    provinces: dict[str, dict] = {}
    for agency in agencies:
        province = provinces.setdefault(
            agency["province_code"],
            {
                "province_code": agency["province_code"],
                "province_th": agency["province_th"],
                "province_en": agency["province_en"],
                "registered": 0,
                "missing": [],
            },
        )
        province["registered"] += 1
        if not agency["has_score"]:
            province["missing"].append(agency)
    return list(provinces.values())
