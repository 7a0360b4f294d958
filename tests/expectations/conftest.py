"""A database of its own for the gates, with a small sound country in schema raw and in two builds.

Every check passes on it.
"""

import psycopg
import pytest
from psycopg import sql

from expectations import framework
from warehouse import connect, schema

REGISTRY, OFFICIAL, OWN, WITHDRAWN = ("1" * 64, "2" * 64, "3" * 64, "4" * 64)
YEAR = 2568

RAW = f"""
insert into raw.submission (submission_sha256, file_name, authority, layout, received_at, state,
    agencies, rows_read, rows_accepted, rows_rejected)
values ('{REGISTRY}', 'agencies.csv', 'nacc', 'registry', '2025-08-01', 'accepted', 0, 4, 4, 0),
       ('{OFFICIAL}', 'nacc-2568.csv', 'nacc', 'long_table', '2025-08-02', 'accepted', 4, 55, 55,
           0),
       ('{OWN}', 'own.docx', 'agency', 'document', '2025-08-03', 'accepted_with_warnings', 1, 4, 3,
           1),
       ('{WITHDRAWN}', 'old.csv', 'agency', 'long_table', '2025-07-01', 'withdrawn', 1, 1, 1, 0);
insert into ops.withdrawal values ('{WITHDRAWN}', '2025-07-02', 'wrong year');
insert into raw.agency (submission_sha256, agency_id, name_th, agency_type, province_code,
    valid_from)
select '{REGISTRY}', id, 'หน่วยงาน ' || id, 'sao', '56', 2564
    from unnest(array['A1', 'A2', 'A3', 'A4']) as id;
insert into raw.unit (submission_sha256, agency_id, fiscal_year, kind)
select '{OFFICIAL}', id, {YEAR}, 'scores' from unnest(array['A1', 'A2', 'A3', 'A4']) as id
union all select '{OWN}', 'A1', {YEAR}, 'scores' union all select '{OWN}', 'A1', 2569, 'measures'
union all select '{WITHDRAWN}', 'A1', {YEAR}, 'scores';
insert into raw.score (submission_sha256, agency_id, fiscal_year, level, code, part, score)
select '{OFFICIAL}', id, {YEAR}, 'overall', '', '', overall
from (values ('A1', 97.5), ('A2', 90), ('A3', 90), ('A4', 70.25)) as country (id, overall)
union all select '{OFFICIAL}', 'A1', {YEAR}, 'item', code, '', case code when 'o1' then 0
    else 100 end from framework where fiscal_year = {YEAR}
union all select '{OWN}', 'A1', {YEAR}, 'item', 'e1', 'public', 88.8
union all select '{OWN}', 'A1', {YEAR}, 'item', 'e1', 'survey', 90
union all select '{WITHDRAWN}', 'A1', {YEAR}, 'overall', '', '', 100;
insert into ops.publication (build_id, published_at, inputs_sha256, inputs, counts, git_revision)
values ('b0', '2025-08-04', 'x', '{{"submissions": ["1", "2"]}}',
    '{{"assessment": 4, "item_score": 52, "national_ranking": 4}}', 'r');
insert into raw.measure (submission_sha256, agency_id, fiscal_year, measure_no, measure_th,
    starts_on, ends_on)
values ('{OWN}', 'A1', 2569, 1, 'เปิดเผยข้อมูล', '2025-10-01', '2026-09-30');
insert into ops.build (schema_name, build_id, inputs_sha256, inputs, state, built_at)
values ('candidate', 'b1', 'y', '{{"submissions": ["1", "2"]}}', 'built', '2025-08-05');
"""

# A1 is a complete submission that lost 2.5 points at o1. Two agencies tie: ranks 1, 2, 2, 4. A4 is
# a central agency of another type.
BUILD = f"""
create table agency as select id as agency_id, 'หน่วยงาน ' || id as name_th, type as agency_type,
    province as province_code
from (values ('A1', 'sao', '56'), ('A2', 'sao', '56'), ('A3', 'sao', '56'),
    ('A4', 'department', null)) as country (id, type, province);
create table agency_type as select unnest(array['sao', 'department']) as agency_type;
create table province as select unnest(array['10', '56']) as province_code;
create table rating_level (fiscal_year, level_code, overall_min, is_pass) as
values ({YEAR}, 'excellent', 95, true), ({YEAR}, 'good', 85, true), ({YEAR}, 'pass', 85, true),
    ({YEAR}, 'improve', 70, false), ({YEAR}, 'urgent', 0, false);
create table assessment as
select a.agency_id, {YEAR} as fiscal_year, a.agency_type, a.province_code,
    s.overall::numeric(5, 2) as overall_score, 'published' as score_source,
       case when a.agency_id = 'A1' then 97.5 end::numeric(5, 2) as recomputed_score, case
           when a.agency_id = 'A1' then 'items' end as recomputed_basis,
       case when a.agency_id = 'A1' then 0 end::numeric(5, 2) as score_gap,
       s.overall::numeric(5, 2) as iit_score, null::numeric as eit_score,
           null::numeric as eit_public_score, null::numeric as eit_survey_score,
       null::numeric as oit_score, s.level as level_code, 'published' as level_source,
           s.overall >= 85 as is_pass, '{OFFICIAL}' as submission_sha256
from agency as a
join (values ('A1', 97.5, 'excellent'), ('A2', 90, 'good'), ('A3', 90, 'pass'),
    ('A4', 70.25, 'improve')) as s (agency_id, overall, level) using (agency_id);
create table indicator_score as select 'A1' as agency_id, {YEAR} as fiscal_year, 9 as indicator_no,
    93.75 as score;
create table item_score as
select 'A1' as agency_id, fiscal_year, code as item_code, null::text as eit_part,
    (case code when 'o1' then 0 else 100 end)::numeric as score,
       (case code when 'o1' then 2.5 else 0 end)::numeric as points_lost, 'ชื่อข้อ' as title_th
from framework where fiscal_year = {YEAR};
create table national_ranking (agency_id, fiscal_year, overall_score, national_rank, national_count,
    type_rank, type_count) as
values ('A1', {YEAR}, 97.5, 1, 4, 1, 3), ('A2', {YEAR}, 90, 2, 4, 2, 3),
    ('A3', {YEAR}, 90, 2, 4, 2, 3), ('A4', {YEAR}, 70.25, 4, 4, 1, 1);
create table provincial_ranking
    (agency_id, fiscal_year, province_code, overall_score, province_rank, province_count,
        province_type_rank, province_type_count) as
values ('A1', {YEAR}, '56', 97.5, 1, 3, 1, 3), ('A2', {YEAR}, '56', 90, 2, 3, 2, 3),
    ('A3', {YEAR}, '56', 90, 2, 3, 2, 3);
create table agency_deficiency (agency_id, fiscal_year, item_code, eit_part, severity,
    points_lost) as
values ('A1', {YEAR}, 'o1', null, 'urgent', 2.5), ('A1', {YEAR}, 'e1', 'public', 'develop', 0),
    ('A1', {YEAR}, 'e1', 'survey', 'develop', 0);
create table common_deficiency
    (fiscal_year, scope, province_code, agency_type, item_code, agencies_assessed,
        agencies_deficient, agencies_urgent, deficient_share, deficiency_rank, region_th) as
select {YEAR}, scope, province, type, item, 3, 1, urgent, 33.33, 1, region
from (values ('national', null, null, null), ('type', null, 'sao', null),
    ('province', '56', null, null), ('province_type', '56', 'sao', null),
    ('region', null, null, 'north')) as scopes (scope, province, type, region)
cross join (values ('o1', 1), ('e1', 0)) as items (item, urgent)
union all select {YEAR}, scope, province, type, 'o2', 3, 0, 0, 0, 3, region
from (values ('national', null, null, null), ('type', null, 'sao', null),
    ('province', '56', null, null), ('province_type', '56', 'sao', null),
    ('region', null, null, 'north')) as scopes (scope, province, type, region);
create table national_summary as
select {YEAR} as fiscal_year, 4 as agencies, 86.94 as mean_score, 3 as agencies_passed,
    75.00 as pass_share,
       '{{"excellent": 1, "good": 1, "pass": 1, "improve": 1}}'::jsonb as level_counts;
create table province_summary as
select {YEAR} as fiscal_year, '56' as province_code, 3 as agencies, 92.50 as mean_score,
    3 as agencies_passed, 100.00 as pass_share,
       '{{"excellent": 1, "good": 1, "pass": 1}}'::jsonb as level_counts;
create table national_statistic (fiscal_year, metric, scope, value) as
values ({YEAR}, 'agencies_assessed', 'national', '4'), ({YEAR}, 'mean_score', 'national', '87.40'),
    ({YEAR}, 'share_pass_85', 'national', '75.1'),
       ({YEAR}, 'respondents', 'national', '>100');
create table measure as select 'A1' as agency_id, 2569 as fiscal_year, 1 as measure_no;
create table int_proposal (agency_id text, fiscal_year integer, measure_no integer);
create table int_drawn (agency_id text, fiscal_year integer, measure_no integer);
create table measure_progress as select 'A1' as agency_id, 2569 as fiscal_year, 1 as measure_no,
    date '2026-03-31' as as_of;
create table remark (agency_id text);
create table constraint_note (agency_id text);
"""


def make_country(name: str) -> None:
    """A database in which every check of both gates passes: builds `candidate` and `published`."""
    with connect.connect(autocommit=True) as owner:
        owner.execute(
            sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name))
        )
        owner.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
    with connect.connect(dbname=name, autocommit=True) as connection:
        schema.apply(connection)
        connection.execute("create table public.framework (fiscal_year integer, code text)")
        items = [(year, code) for year, level, code, *_ in framework.codes() if level == "item"]
        connection.cursor().executemany("insert into framework values (%s, %s)", items)
        connection.execute(RAW)
        for build in ("candidate", "published"):
            connection.execute(
                sql.SQL("create schema {0}; set search_path = {0}, public").format(
                    sql.Identifier(build)
                )
            )
            connection.execute(BUILD)
        connection.execute("drop table public.framework")


@pytest.fixture(scope="session")
def sound_country(ita_home):
    """The name of the database of a sound country."""
    make_country("gates_sound")
    return "gates_sound"


@pytest.fixture
def country(sound_country):
    """A connection to the sound country; whatever a test does to it is undone."""
    connection = connect.connect(dbname=sound_country)
    yield connection
    connection.rollback()
    connection.close()


@pytest.fixture
def country_url(ita_home):
    """The URL of a sound country that a test may spoil for good, and a connection (autocommit) to
    it.
    """
    make_country("gates_spoilt")
    with connect.connect(dbname="gates_spoilt", autocommit=True) as connection:
        yield connect.sqlalchemy_url(database="gates_spoilt"), connection


def failing_rows(
    connection: psycopg.Connection, prepare: list[str], suites: list, check_name: str
) -> list[dict]:
    """The rows that a check finds, by its own SQL, on the data as this transaction sees them."""
    for statement in prepare:
        connection.execute(statement)
    suite, check = next(
        (suite, check) for suite in suites for check in suite.checks if check.name == check_name
    )
    connection.execute(
        f"create temporary table batch as {suite.query or f'select * from {suite.table}'}"
    )
    with connection.cursor(row_factory=psycopg.rows.dict_row) as cursor:
        return cursor.execute(check.rows.format(batch="batch")).fetchall()
