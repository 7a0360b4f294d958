"""Ways around the wall, as each kind of login: none shows a row of another province.

Two builds lie there (tests/security/conftest.py) in which the hidden province 42 has agencies whose
numbers, remarks and files are known: a way has won if one of them is in an answer, or in what the
server says when it refuses. The same questions by headquarters find them: the counts are no
comparison of nothing with nothing.
"""

import contextlib
import re

import psycopg
import pytest

from publish import access, logins
from tests.access.conftest import login, no_watcher, nobody_yet  # noqa: F401
from tests.security.conftest import HIDDEN, OWN
from warehouse import connect, desk_login, persons, secret

# What only hidden rows hold: an agency's number beside a detail, a file's name.
SECRET = re.compile(r"remark \d|42\d{3}.*(urgent|develop)|file-00(1[2-9]|[2-5]\d)")
# The semicolons between statements, not those in a body between $$.
OUTSIDE_BODIES = re.compile(
    r"; (?=(?:(?:(?!\$\$).)*\$\$(?:(?!\$\$).)*\$\$)*(?:(?!\$\$).)*$)", re.DOTALL
)
DETAIL = "mart.agency_deficiency"

# Each is a session's statements; `me` is the login, `hidden` an agency of another province.
WAYS = {
    # to become somebody else
    "set role analyst": "set role ita_analyst; select * from {d}",
    "set role province": "set role ita_province_42; select * from {d}",
    "set role owner": "set role ita_owner; select * from {d}",
    "set local role": "begin; set local role ita_province_42; select * from {d}; commit",
    "role by set_config": "select set_config('role', 'ita_province_42', false); select * from {d}",
    "role in the query": "select set_config('role', 'ita_analyst', true), d.* from {d} as d",
    "session authorization": "set session authorization ita_analyst; select * from {d}",
    "authorization by config": "select set_config('session_authorization', 'ita_owner', false); "
    "select * from {d}",
    "grant oneself": "grant ita_analyst to {me}; select * from {d}",
    "admin of the role": "grant ita_province_42 to {me} with inherit true; select * from {d}",
    "rename oneself": "alter role {me} rename to ita_analyst2; select * from {d}",
    "superuser": "alter role {me} superuser; select * from {d}",
    "bypass": "alter role {me} bypassrls; select * from {d}",
    "settings of the role": "alter role {me} set role = 'ita_province_42'; select * from {d}",
    "create a role": "create role mine in role ita_analyst; set role mine; select * from {d}",
    # to change what the views ask
    "row security off": "set row_security = off; select * from {d}",
    "search path": "set search_path = candidate, shown_1, access; select * from agency_deficiency",
    "own operator": "set search_path = pg_temp, public, pg_catalog; select * from {d}",
    "scope": "insert into access.role_scope values ('{me}', null); select * from {d}",
    "scope delete": "delete from access.role_scope; select * from {d}",
    "shown": "update access.shown set build_no = 0; select * from {d}",
    "replication role": "set session_replication_role = replica; select * from {d}",
    "plan cache": "set plan_cache_mode = force_generic_plan; prepare p as select * from {d}; "
    "execute p; execute p",
    "planner": "set enable_seqscan = off; set enable_indexscan = off; select * from {d}",
    "constraint exclusion": "set constraint_exclusion = on; select * from {d} where true or true",
    # past the views
    "table": "select * from candidate.agency_deficiency",
    "shown view": "select * from shown_1.agency_deficiency",
    "own function for another": "select * from shown_1.own_agency_deficiency('ita_province_42')",
    "own function for owner": "select * from shown_1.own_agency_deficiency('ita_owner')",
    "withheld": "select * from candidate.withheld_common_deficiency where mean_score = 61",
    "only": "select * from only candidate.agency_deficiency",
    "sample": "select * from candidate.agency_deficiency tablesample system (100)",
    "copy": "copy candidate.agency_deficiency to stdout",
    "copy the view": "copy (select * from {d} where agency_id like '42%') to stdout",
    "copy program": "copy (select * from {d}) to program 'cat'",
    "copy file": "copy (select * from {d}) to '/tmp/ways'",
    "read file": "select pg_read_file('base/1/1259')",
    "ls": "select pg_ls_dir('base')",
    "large object": "select lo_import('/etc/passwd')",
    "raw page": "select * from get_raw_page('candidate.agency_deficiency', 0)",
    # by functions that ask for one
    "schema_to_xml": "select schema_to_xml('mart', true, true, '')",
    "schema_to_xml build": "select schema_to_xml('candidate', true, true, '')",
    "table_to_xml": "select table_to_xml('candidate.agency_deficiency', true, true, '')",
    "query_to_xml": "select query_to_xml('select * from {d}', true, true, '')",
    "query_to_xml role": "select query_to_xml('set role ita_analyst', true, true, ''),"
    " query_to_xml('select * from {d}', true, true, '')",
    "database_to_xml": "select database_to_xml(true, true, '')",
    "cursor_to_xml": "begin; declare c cursor for select * from {d}; "
    "select cursor_to_xml('c', 1000, true, true, ''); commit",
    "ts_stat": "select * from ts_stat('select to_tsvector(remark_th) from {d}')",
    "dblink": "select * from dblink('dbname=ita', 'select 1') as t(a int)",
    "do": "do $$ begin execute 'set role ita_analyst'; perform * from {d}; end $$",
    "do says": "do $$ declare r record; begin for r in select * from {d} loop"
    " raise exception '%', r; end loop; end $$",
    # functions and views of one's own
    "leaky function": "create function pg_temp.say(text) returns bool cost 0.000001"
    " language plpgsql as $$ begin raise notice '%', $1; return true; end $$; "
    "select * from {d} where pg_temp.say(remark_th)",
    "view": "create view public.mine as select * from candidate.agency_deficiency; "
    "select * from public.mine",
    "temp view": "create temp view mine as select * from {d}; select * from mine",
    "temp table": "create temp table mine as select * from candidate.agency_deficiency; "
    "select * from mine",
    "replace the view": "create or replace view {d} as select * from candidate.agency_deficiency; "
    "select * from {d}",
    "rule": "create rule r as on select to {d} do instead"
    " select * from candidate.agency_deficiency",
    "policy": "alter table candidate.agency_deficiency disable row level security; "
    "select * from candidate.agency_deficiency",
    "drop barrier": "alter view {d} set (security_invoker = true); select * from {d}",
    "own schema": "create schema mine; create view mine.v as select * from {d}",
    "materialized": "create materialized view mine as select * from candidate.agency_deficiency",
    # cursors, errors, plans, statistics
    "cursor": "begin; declare c scroll cursor with hold for select * from {d}; fetch all from c; "
    "commit; fetch backward all from c",
    "cast error": "select remark_th::int from {d} where agency_id = '{hidden}'",
    "division": "select 1 / (case when agency_id = '{hidden}' then 0 else 1 end) from {d}",
    "regex error": "select * from {d} where agency_id = '{hidden}' and remark_th ~ '('",
    "json error": "select (remark_th || '{{')::json from {d} where agency_id >= '42'",
    "overflow": "select (score * 1e300)::float4 from {d} where agency_id = '{hidden}'",
    "explain": "explain (analyze, verbose, buffers) select * from {d} where agency_id = '{hidden}'",
    "explain build": "explain (verbose) select * from candidate.agency_deficiency",
    "explain generic": "explain (generic_plan) select * from {d} where agency_id = $1",
    "pg_stats": "select * from pg_stats where schemaname in ('candidate', 'mart', 'shown_1')",
    "pg_statistic": "select stavalues1 from pg_statistic",
    "extended statistics": "select * from pg_stats_ext",
    "activity": "select query from pg_stat_activity where usename <> current_user",
    "most common": "select most_common_vals::text from pg_stats where attname = 'remark_th'",
    "system columns": "select xmin, ctid, tableoid, * from {d} where agency_id like '42%'",
    "lateral": "select * from mart.assessment as a, lateral (select * from {d} as d"
    " where d.agency_id = a.agency_id) as x where a.province_code = '42'",
    "outer join": "select * from mart.assessment as a left join {d} as d using (agency_id)"
    " where a.agency_id like '42%'",
    "anti join": "select d.* from {d} as d where not exists (select 1 from mart.assessment as a"
    " where a.agency_id = d.agency_id and a.province_code = '83')",
    "recursive": "with recursive r as (select agency_id, remark_th from {d} union all"
    " select d.agency_id, d.remark_th from r join {d} as d on d.agency_id > r.agency_id"
    " where r.agency_id < '83003') select * from r where agency_id like '42%'",
    "for update": "select * from {d} where agency_id like '42%' for update",
    "insert returning": "insert into {d} (agency_id) values ('{hidden}') returning *",
    "update returning": "update {d} set score = score where agency_id = '{hidden}' returning *",
    "merge": "merge into {d} as d using (values ('{hidden}')) as v (a) on d.agency_id = v.a"
    " when matched then do nothing",
    "hidden column": "select submission_sha256 from mart.assessment where province_code = '42'"
    " and submission_sha256 is not null",
    "files": "select * from mart.submission where '42' = any (province_codes)",
    "cells": "select * from mart.common_deficiency where province_code = '42'",
    "other database": "select * from other.mart.agency_deficiency",
    "settings": "select * from pg_settings where name ~ 'password|ssl_key'",
    "verifiers": "select rolpassword from pg_authid",
    "secrets": "select * from access.role_secret",  # pragma: allowlist secret
    "query log": "select * from ops.query_log",
    "large table": "select pg_relation_filepath('candidate.agency_deficiency')",
    "load": "load 'auto_explain'",
    "extension": "create extension file_fdw",
    "notify": "listen x; notify x, 'y'",
    "event trigger": "create event trigger t on ddl_command_end execute function f()",
    "lock": "lock table {d} in access exclusive mode",
    "comment": "comment on view {d} is 'mine'; select obj_description('{d}'::regclass)",
    "security label": "security label on view {d} is 'mine'",
    "reassign": "reassign owned by ita_owner to {me}",
    "cancel others": "select pg_cancel_backend(pid) from pg_stat_activity",
    "log of the server": "select pg_read_file(pg_current_logfile('jsonlog'))",
}


@pytest.fixture(scope="module")
def logins_of(builds, warehouse, no_watcher):  # noqa: F811
    """Login -> its password: the office's role, a person of it, and the desk's for them."""
    persons.path().unlink(missing_ok=True)
    with persons.changing():
        persons.write([persons.Person("wiset", "83")])
    own = logins.new_password(warehouse, "wiset")
    logins.sync(warehouse)
    desk = desk_login.login("wiset")
    yield {
        "ita_province_83": secret.kept("role-ita_province_83"),
        "wiset": own,
        desk: desk_login.password(secret.kept(desk_login.KEY), desk),
    }
    with persons.changing():
        persons.write([])
    logins.sync(warehouse)
    logins.forget_password("wiset")
    persons.path().unlink()
    access.set_up(warehouse, "ita_province_83", superuser=True)  # what it gave itself


@pytest.fixture(scope="module", params=["ita_province_83", "wiset", "desk_wiset"])
def who(request) -> str:
    return request.param


def said_to(session: psycopg.Connection, script: str) -> str:
    """All that the server says to the statements: rows of each, notices, errors."""
    heard: list[str] = []
    session.add_notice_handler(lambda notice: heard.append(str(notice.message_primary)))
    for statement in OUTSIDE_BODIES.split(script):
        try:
            if statement.startswith("copy") and "stdout" in statement:
                with session.cursor().copy(statement) as copied:
                    heard += [bytes(row).decode() for row in copied]
                continue
            cursor = session.execute(statement)
            if cursor.description:
                heard += [str(row) for row in cursor.fetchall()]
        except psycopg.Error as error:
            heard.append(str(error))
            with contextlib.suppress(psycopg.Error):
                session.execute("rollback")
    return "\n".join(heard)


def without_question(text: str, script: str) -> str:
    """What was said, but for the words of the question itself, which errors and plans repeat."""
    text = re.sub(r"LINE \d+:.*\n.*\^", "", text)
    return text.replace(HIDDEN[5], "HIDDEN") if HIDDEN[5] in script else text


@pytest.mark.parametrize("way", WAYS)
def test_no_way_shows_a_hidden_row(builds, logins_of, who, way):
    script = WAYS[way].format(d=DETAIL, me=who, hidden=HIDDEN[5])
    with login(who, logins_of[who], dbname=builds[0]) as session:
        with contextlib.suppress(psycopg.Error):
            session.execute("set default_transaction_read_only = off")
        said = without_question(said_to(session, script), script)
        own = len(session.execute(f"select * from {DETAIL}").fetchall()) if session else 0
    hidden = [line for line in said.splitlines() if SECRET.search(line) and not of_own(line)]
    assert not hidden, (way, hidden[:3])
    assert own == len(OWN), "and it still sees its own, no more and no less"


def of_own(line: str) -> bool:
    """Is it a row of the login's own province alone?"""
    return any(agency in line for agency in OWN) and not any(agency in line for agency in HIDDEN)


# What a session is opened with -> what libpq is told.
REFUSED = {
    "role": {"options": "-c role=ita_analyst"},
    "role of a province": {"options": "-c role=ita_province_42"},
    "authorization": {"options": "-c session_authorization=ita_analyst"},
    "system tables": {"options": "-c allow_system_table_mods=on"},
    "replication": {"replication": "database"},
    "physical replication": {"replication": "true"},
}
OPENINGS = {
    "row security": "-c row_security=off",
    "writable": "-c default_transaction_read_only=off",
    "search path": "-c search_path=candidate,shown_1,pg_temp",
    "generic plans": "-c plan_cache_mode=force_generic_plan",
    "words": "-c client_min_messages=debug5 -c debug_print_plan=on -c debug_print_parse=on",
}


@pytest.mark.parametrize("opening", REFUSED)
def test_nobody_opens_a_session_as_another(builds, logins_of, who, opening):
    with pytest.raises(psycopg.OperationalError) as refused:
        login(who, logins_of[who], dbname=builds[0], **REFUSED[opening])
    assert not SECRET.search(str(refused.value))


@pytest.mark.parametrize("opening", OPENINGS)
def test_no_opening_of_a_session_shows_a_hidden_row(builds, logins_of, who, opening):
    script = f"select current_user; select * from {DETAIL}; select * from agency_deficiency"
    with login(who, logins_of[who], dbname=builds[0], options=OPENINGS[opening]) as session:
        said = said_to(session, script)
    assert not [line for line in said.splitlines() if SECRET.search(line) and not of_own(line)]
    assert f"('{who}',)" in said
    assert sum(of_own(line) for line in said.splitlines()) == len(OWN)


@pytest.mark.parametrize("database", ["postgres", "template1", "template0", "nowhere"])
def test_a_login_enters_no_other_database(builds, logins_of, who, database):
    with pytest.raises(psycopg.OperationalError):
        login(who, logins_of[who], dbname=database)


@pytest.mark.parametrize("other", ["ita_province_42", "ita_analyst", "ita_owner", "desk_admin"])
def test_a_password_opens_one_login(builds, logins_of, who, other):
    for password in {logins_of[who], "", other}:
        with pytest.raises(psycopg.OperationalError):
            login(other, password, dbname=builds[0])


def test_headquarters_sees_by_the_same_questions_what_is_hidden_from_a_province(builds):
    """The XML functions are not among them: the embedded server is built without them."""
    seen = []
    with connect.connect("ita_analyst", dbname=builds[0], autocommit=True) as analyst:
        for way in ("cursor", "lateral", "copy the view", "anti join", "files"):
            script = WAYS[way].format(d=DETAIL, me="ita_analyst", hidden=HIDDEN[5])
            said = said_to(analyst, script)
            seen.append(any(SECRET.search(line) for line in said.splitlines()))
        assert len(analyst.execute(f"select * from {DETAIL}").fetchall()) == 51
    assert seen == [True] * 5


def test_what_was_tried_changed_nothing(builds, logins_of):
    """After all ways: the roles are what they were."""
    with connect.connect(dbname=builds[0]) as owner:
        found = owner.execute(
            "select rolname from pg_roles where (rolsuper or rolbypassrls or rolcreaterole)"
            " and rolname !~ '^pg_' and rolname <> current_user"
        ).fetchall()
        assert found == []
        members = owner.execute(
            "select g.rolname from pg_auth_members as m join pg_roles as g on g.oid = m.roleid"
            " where m.member = 'wiset'::regrole order by 1"
        ).fetchall()
        assert members == [(logins.PERSONS,), ("ita_province_83",)]
        ours = "select count(*) from pg_class where relname = 'mine'"
        assert owner.execute(ours).fetchone() == (0,)
    assert len(WAYS) > 90
