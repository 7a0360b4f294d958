"""The wall holds through the desk: whatever a province asks, by SQL Lab or the REST API, no row of
another province comes back; and what headquarters loaded before answers nobody else."""

import io
from concurrent.futures import ThreadPoolExecutor

import pandas
import pytest

from tests.desk.looked import COLUMN, MAP, OWN, told
from tests.desk.ways import SQL

pytestmark = pytest.mark.slow_group


def test_headquarters_sees_all_hashes_and_a_province_its_own(hq, own, desk, foreign):
    """What all other tests look for is there to be found."""
    statement = "select distinct submission_sha256 as s from mart.assessment"
    assert foreign <= {row["s"] for row in hq.rows(statement)}
    seen = {row["s"] for row in own.rows(statement)} - {None}
    assert seen and not seen & foreign


@pytest.mark.parametrize("statement", SQL, ids=range(len(SQL)))
def test_no_statement_shows_a_foreign_row(own, foreign, statement):
    answer = own.sql(statement, limit=100_000)
    assert answer.status_code < 500 or "error" in answer.text
    assert not told(answer.text, foreign)


VIEWS = ("agency_deficiency", "item_score", "indicator_score", "remark", "level_path")


@pytest.mark.parametrize("view", VIEWS)
def test_of_each_view_a_province_gets_its_own_rows_and_all_of_them(own, hq, desk, view):
    of_own = f"""
        select count(*) as n from published.{view} as d
        join published.assessment as a using (agency_id, fiscal_year)
        where a.province_code = '{OWN}'"""
    wanted = desk.query(of_own)[0]["n"]
    counted = f"select count(*) as n from mart.{view}"
    assert own.rows(counted) == [{"n": wanted}]
    assert hq.rows(counted)[0]["n"] > wanted > 0 or wanted == 0


QUERIES = {
    "column": COLUMN,
    "metric": {
        "metrics": [
            {
                "expressionType": "SQL",
                "label": "m",
                "sqlExpression": "string_agg(submission_sha256, ',')",
            }
        ]
    },
    "subquery": {
        "metrics": [
            {
                "expressionType": "SQL",
                "label": "m",
                "sqlExpression": "(select string_agg(submission_sha256, ',')"
                " from published.assessment)",
            }
        ]
    },
    "adhoc column": {
        "columns": [
            {
                "expressionType": "SQL",
                "label": "c",
                "sqlExpression": "coalesce(submission_sha256,"
                " set_config('role', 'ita_owner', true))",
            }
        ]
    },
    "where": {
        **COLUMN,
        "extras": {"where": "1 = 1) union select sha256 from raw.submission where (1 = 1"},
    },
    "having": {**COLUMN, "extras": {"having": "true or true"}},
    "filter": {
        **COLUMN,
        "filters": [{"col": "province_code", "op": "NOT IN", "val": [OWN]}],
    },
    "no limit": {**COLUMN, "row_limit": 0},
}


@pytest.mark.parametrize("kind", QUERIES)
@pytest.mark.parametrize("result", ["full", "samples", "drill_detail", "results"])
def test_no_chart_query_shows_a_foreign_row(hq, own, assessments, foreign, kind, result):
    hq.chart_data(assessments, QUERIES[kind], result_type=result)  # headquarters looked before
    answer = own.chart_data(assessments, QUERIES[kind], result_type=result)
    assert answer.status_code < 500
    assert not told(answer.text, foreign)


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_exports_hold_own_rows_only(hq, own, assessments, foreign, form):
    files = {}
    for who in (hq, own):
        answer = who.chart_data(assessments, COLUMN, result_format=form)
        assert answer.ok, answer.text
        read = pandas.read_csv if form == "csv" else pandas.read_excel
        files[who] = set(read(io.BytesIO(answer.content))["submission_sha256"].dropna())
    assert foreign <= files[hq]
    assert files[own] and not files[own] & foreign


OLD_FORMS = [MAP, {**MAP, "viz_type": "table"}, {**MAP, "viz_type": "heatmap"}]


@pytest.mark.parametrize("form", OLD_FORMS, ids=lambda form: form["viz_type"])
@pytest.mark.parametrize("options", ["", "csv=true", "force=false", "results=true", "samples=true"])
def test_the_old_way_is_answered_anew_for_each_person(hq, own, assessments, foreign, form, options):
    """Superset's old charts keep no user in the key of their cache: there must be no cache."""
    asked = {**form, "datasource": f"{assessments}__table"}
    first = hq.explore_json(asked, options)
    second = hq.explore_json(asked, options)
    assert '"is_cached": true' not in second.text
    answer = own.explore_json(asked, options)
    assert not told(answer.text, foreign)
    if form is MAP and not options:
        assert told(first.text, foreign) == foreign
        assert len(answer.json()["data"]) > 0


def test_other_ways_to_rows_of_a_dataset(hq, own, assessments, foreign):
    for path in (
        f"/datasource/samples?datasource_type=table&datasource_id={assessments}&per_page=1000",
        f"/api/v1/datasource/table/{assessments}/column/submission_sha256/values/",
    ):
        asked = "post" if "samples" in path else "get"
        before = getattr(hq, asked)(path, **({"json": {}} if asked == "post" else {}))
        answer = getattr(own, asked)(path, **({"json": {}} if asked == "post" else {}))
        assert before.status_code == answer.status_code
        assert not before.ok or told(before.text, foreign)
        assert not told(answer.text, foreign)


def test_a_dataset_of_anothers_is_read_with_ones_own_eyes(admin, own, foreign):
    """Who writes the SQL of a dataset does not lend their eyes, whoever looks."""
    made = admin.post(
        "/api/v1/dataset/",
        json={
            "database": admin.database(),
            "schema": "mart",
            "table_name": "the administrator's own",
            "sql": "select submission_sha256 from mart.submission",
        },
    )
    assert made.ok, made.text
    number = made.json()["id"]
    assert told(admin.chart_data(number, COLUMN).text, foreign)
    assert not told(own.chart_data(number, COLUMN).text, foreign)
    changed = own.put(
        f"/api/v1/dataset/{number}?override_columns=true",
        json={"sql": "select * from raw.submission"},
    )
    assert changed.status_code in (403, 404)


def test_what_headquarters_asked_is_not_anothers_to_fetch(hq, own, foreign):
    asked = hq.sql("select submission_sha256 from mart.submission")
    assert told(asked.text, foreign)
    query = asked.json()["query"]
    for path in (
        f"/api/v1/sqllab/export/{query['id']}/",
        f"/api/v1/query/{query['queryId']}",
    ):
        answer = own.get(path)  # an export of SQL Lab asks again, with the eyes of who exports
        assert answer.status_code in (200, 403, 404, 410), (path, answer.text)
        assert not told(answer.text, foreign)
    listed = own.get("/api/v1/query/?q=(page_size:100)").json()["result"]
    assert all("mart.submission" not in (row["sql"] or "") or row["user"]["first_name"] == "own"
               for row in listed)  # fmt: skip


def test_own_export_of_sql_lab_is_whole_and_own(own, foreign):
    asked = own.sql("select agency_id, name_th, submission_sha256 from mart.assessment")
    export = own.get(f"/api/v1/sqllab/export/{asked.json()['query']['id']}/")
    assert export.ok and export.content.startswith(b"\xef\xbb\xbf")
    table = pandas.read_csv(io.BytesIO(export.content))
    assert len(table) == len(asked.json()["data"]) > 400
    assert not told(export.text, foreign)
    assert table["name_th"].str.contains("[ก-๙]").all()


FORBIDDEN = {
    "post": {
        "/api/v1/database/": {
            "database_name": "x",
            "sqlalchemy_uri": "postgresql://a@127.0.0.1/ita",
        },
        "/api/v1/database/test_connection/": {"sqlalchemy_uri": "postgresql://a@127.0.0.1/ita"},
        "/api/v1/security/users/": {"username": "x", "password": "x" * 12},
        "/api/v1/security/roles/": {"name": "x"},
        "/api/v1/security/guest_token/": {"user": {}, "resources": [], "rls": []},
        "/api/v1/rowlevelsecurity/": {"name": "x"},
        "/api/v1/assets/import/": {},
    },
    "get": {
        "/api/v1/security/users/": None,
        "/api/v1/security/roles/": None,
        "/api/v1/assets/export/": None,
        "/api/v1/log/": None,
        "/roles/list/": None,
    },
}


@pytest.mark.parametrize(
    ("method", "path"), [(method, path) for method in FORBIDDEN for path in FORBIDDEN[method]]
)
def test_pages_that_decide_what_somebody_sees_are_not_for_readers(own, method, path):
    options = {"json": FORBIDDEN[method][path]} if method == "post" else {}
    answer = getattr(own, method)(path, allow_redirects=False, **options)
    assert answer.status_code in (302, 400, 401, 403, 404, 405), answer.text
    if answer.status_code == 302:
        assert answer.headers["Location"].partition("?")[0] in ("/", "/login/")
    if answer.status_code == 400:
        assert "result" not in answer.json() and "id" not in answer.json()


def test_the_database_cannot_be_changed_nor_a_name_taken(own, desk):
    number = own.database()
    for body in ({"impersonate_user": True}, {"allow_dml": True}, {"cache_timeout": 60}):
        assert own.put(f"/api/v1/database/{number}", json=body).status_code in (403, 404)
    own.put("/api/v1/me/", json={"username": "hq", "first_name": "hq"})
    assert own.get("/api/v1/me/").json()["result"]["username"] == "own"


def test_no_table_of_ones_own(own, hq):
    for who in (own, hq):
        answer = who.sql(
            "select 1 as a", select_as_cta=True, ctas_method="TABLE", tmp_table_name="x"
        )
        assert answer.status_code == 403
        assert "error" in who.sql("create table mart.x as select 1 as a").text


@pytest.mark.parametrize("limit", [1, 2, 7])
def test_a_limit_that_a_person_writes_is_kept(hq, limit):
    statement = "select agency_id from mart.assessment order by 1"
    assert len(hq.rows(f"{statement} limit {limit}", 1000)) == limit
    assert len(hq.rows(statement, 50)) == 50


def test_each_question_is_asked_by_the_persons_own_login(own, desk):
    """What the server's log shows is the person."""
    slow = "select count(*) from generate_series(1, 20000000)"
    with ThreadPoolExecutor() as pool, desk.connect() as owner:
        asked = pool.submit(own.sql, slow)
        seen = set()
        while not asked.done():
            seen |= set(
                owner.execute(
                    "select usename, application_name from pg_stat_activity"
                    " where query ilike '%%generate_series(1, 20000000)%%'"
                    " and pid <> pg_backend_pid() and datname = current_database()",
                    [],
                ).fetchall()
            )
    assert asked.result().ok
    assert seen == {("desk_own", "desk")}
