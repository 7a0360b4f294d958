"""Ways that are no question of data: forged identities, exports of whole dashboards, other
databases of the server, another's tabs and keys."""

import io
import json
import time
import zipfile

import itsdangerous
import jwt
import pandas
import pytest
import requests

from tests.desk.conftest import PERSONS
from tests.desk.looked import COLUMN, HASHES, chart_cell, grid, told

pytestmark = pytest.mark.slow_group

# The values that Superset has where nobody set one.
GIVEN_SECRET = "CHANGE_ME_TO_A_COMPLEX_RANDOM_SECRET"  # pragma: allowlist secret
GUEST_SECRET = "test-guest-secret-change-me"  # pragma: allowlist secret


@pytest.fixture(scope="module")
def shown(hq, left):
    """A dashboard of headquarters, published, with the chart that shows all hashes."""
    made = hq.post(
        "/api/v1/dashboard/",
        json={
            "dashboard_title": "of headquarters",
            "published": True,
            "position_json": json.dumps(grid({"CHART-1": chart_cell(left["chart"])})),
        },
    )
    assert made.ok, made.text
    number = made.json()["id"]
    added = hq.put(f"/api/v1/chart/{left['chart']}", json={"dashboards": [number]})
    assert added.ok, added.text
    return number


def unpacked(content: bytes) -> dict[str, str]:
    """Name -> text of the files of a ZIP; a table of Parquet as CSV."""
    found = {}
    with zipfile.ZipFile(io.BytesIO(content)) as files:
        for name in files.namelist():
            data = files.read(name)
            if name.endswith(".parquet"):
                found[name] = pandas.read_parquet(io.BytesIO(data)).to_csv()
            else:
                found[name] = data.decode(errors="replace")
    return found


def test_a_dashboard_taken_away_with_its_data_has_ones_own(hq, own, foreign, shown):
    for path in ("export_as_example/", "export_as_example/?export_data=true&sample_rows=50000"):
        seen = {}
        for who in (hq, own):
            answer = who.get(f"/api/v1/dashboard/{shown}/{path}")
            assert answer.ok or who is own, answer.text
            seen[who] = "".join(unpacked(answer.content).values()) if answer.ok else answer.text
        assert told(seen[hq], foreign) == foreign
        assert not told(seen[own], foreign)


def test_another_ones_statement_streams_no_foreign_row(hq, own, foreign):
    """A large export asks again, after the request is over, when nobody is signed in any more: it
    fails for everybody, and the page does not offer it (CSV_STREAMING_ROW_THRESHOLD)."""
    asked = hq.sql(HASHES).json()["query"]["id"]
    answer = own.post("/api/v1/sqllab/export_streaming/", data={"client_id": asked})
    assert not told(answer.text, foreign)


OTHER_DATABASES = [("superset", "public", "select username, password from ab_user")]


@pytest.mark.parametrize(("database", "schema", "statement"), OTHER_DATABASES)
def test_no_other_database_of_the_server_answers(own, desk, database, schema, statement):
    """Whatever catalog is asked for, it is the warehouse that a person's login opens."""
    answer = own.sql(statement, catalog=database, schema=schema)
    assert "data" not in answer.json()
    years = "select count(*) as n from mart.national_summary"
    assert own.sql(years, catalog=database).json()["data"] == own.rows(years)
    assert "scrypt:" not in answer.text and "pbkdf2:" not in answer.text
    for path in (
        f"schemas/?q=(catalog:{database})",
        f"tables/?q=(catalog_name:{database},schema_name:{schema})",
        f"table_metadata/?name=ab_user&schema={schema}&catalog={database}",
    ):
        said = own.get(f"/api/v1/database/{own.database()}/{path}").text
        assert "password" not in said and "first_password" not in said


def _forged(desk, hq) -> dict[str, dict]:
    """What a stranger sends to be taken for headquarters -> options of a request."""
    number = hq.get("/api/v1/me/").json()["result"]["id"] if "result" in hq.get(
        "/api/v1/me/").json() else 1  # fmt: skip
    now = int(time.time())
    cookie = itsdangerous.URLSafeTimedSerializer(
        GIVEN_SECRET, salt="cookie-session", signer_kwargs={"key_derivation": "hmac"}
    ).dumps({"_user_id": str(number), "_fresh": True})
    claims = {"sub": str(number), "iat": now, "exp": now + 600, "type": "access", "fresh": True}
    guest = {
        "user": {"username": "hq"}, "resources": [{"type": "dashboard", "id": "1"}],
        "rls_rules": [], "iat": now, "exp": now + 600, "aud": desk.address, "type": "guest",
    }  # fmt: skip
    token = jwt.encode(guest, GUEST_SECRET, algorithm="HS256")
    return {
        "a cookie": {"cookies": {"session": cookie}},
        "a token": {"headers": {"Authorization": f"Bearer {jwt.encode(claims, GIVEN_SECRET)}"}},
        "an unsigned token": {
            "headers": {"Authorization": f"Bearer {jwt.encode(claims, '', algorithm='none')}"}
        },
        "a guest": {"headers": {"X-GuestToken": token}},
        "a name in front": {
            "headers": {"X-Forwarded-User": "hq", "Remote-User": "hq", "X-Remote-User": "hq"}
        },
        "a basic login": {"auth": ("hq", "hq")},
        "an api key": {"headers": {"X-API-Key": "sst_hq", "Authorization": "Bearer sst_hq"}},
    }


@pytest.mark.parametrize(
    "kind",
    ["a cookie", "a token", "an unsigned token", "a guest", "a name in front", "a basic login",
     "an api key"],
)  # fmt: skip
def test_nobody_is_taken_for_another(desk, hq, own, foreign, left, kind):
    options = _forged(desk, hq)[kind]
    for path in (
        "/api/v1/me/",
        f"/api/v1/chart/{left['chart']}/data/",
        "/api/v1/dashboard/?q=(page_size:5)",
    ):
        stranger = requests.get(desk.address + path, timeout=60, allow_redirects=False, **options)
        assert stranger.status_code in (302, 401, 403, 422), (path, stranger.text[:200])
    headers = options.get("headers", {})  # on top of a session of one's own
    assert own.get("/api/v1/me/", headers=headers).json()["result"]["username"] == "own"
    drawn = own.get(f"/api/v1/chart/{left['chart']}/data/", headers=headers)
    assert not told(drawn.text, foreign)


PEOPLE = [
    "/api/v1/chart/related/owners",
    "/api/v1/chart/related/changed_by",
    "/api/v1/dashboard/related/owners?q=(page_size:100)",
    "/api/v1/dashboard/related/created_by",
    "/api/v1/dataset/related/owners?q=(filter:hq)",
    "/api/v1/query/related/user",
    "/api/v1/saved_query/related/changed_by",
    "/api/v1/tag/related/created_by",
]


@pytest.mark.parametrize("path", PEOPLE)
def test_a_reader_is_told_of_no_other_person(own, admin, path):
    answer = own.get(path)
    assert answer.ok, answer.text
    named = {row["text"].split()[0] for row in answer.json()["result"]}
    assert named <= {"own"}
    if "q=" not in path and "owners" in path:
        everybody = {row["text"].split()[0] for row in admin.get(path).json()["result"]}
        assert everybody >= set(PERSONS), "who administers chooses among all"


LOOKED = [
    "/api/v1/chart/{chart}/cache_screenshot/",
    "/api/v1/chart/{chart}/screenshot/x/",
    "/api/v1/chart/{chart}/thumbnail/x/",
    "/api/v1/chart/?q=(columns:!(id,params,query_context),page_size:200)",
    "/api/v1/chart/?q=(columns:!(id,changed_by.password),page_size:200)",
    "/api/v1/dashboard/{shown}/charts",
    "/api/v1/dashboard/{shown}/datasets",
    "/api/v1/dashboard/{shown}/tabs",
    "/api/v1/dashboard/{shown}/thumbnail/x/",
    "/api/v1/dashboard/{shown}/screenshot/x/",
    "/api/v1/dashboard/export/?q=!({shown})",
    "/api/v1/dataset/{dataset}?include_rendered_sql=true",
    "/api/v1/dataset/{dataset}?q=(columns:!(sql,database.sqlalchemy_uri,database.password))",
    "/api/v1/query/?q=(columns:!(sql,executed_sql,user.password),page_size:100)",
    "/api/v1/query/?q=(filters:!((col:user,opr:rel_o_m,value:1)))",
    "/api/v1/query/distinct/status",
    "/api/v1/saved_query/?q=(filters:!((col:sql,opr:ct,value:submission)))",
    "/api/v1/database/{database}/function_names/",
    "/api/v1/database/{database}/catalogs/",
    "/api/v1/form_data/?slice_id={chart}",
    "/api/v1/time_range/?q='now() : (select submission_sha256 from mart.submission)'",
    "/api/v1/datasource/table/{dataset}/column/submission_sha256/values/?q=x",
    "/superset/fetch_datasource_metadata?datasourceKey={dataset}__table",
    "/superset/warm_up_cache/?slice_id={chart}",
    "/superset/dashboard/p/{board}/",
    "/superset/dashboard/{shown}/",
    "/superset/explore/p/{link}/",
    "/superset/explore_json/data/{results}",
    "/superset/sqllab/history/",
]


@pytest.mark.parametrize("path", LOOKED)
def test_no_other_door_shows_a_foreign_row(own, foreign, left, shown, path):
    answer = own.get(path.format(**{**left, "shown": shown, "database": own.database()}))
    said = answer.text
    if answer.ok and answer.content.startswith(b"PK"):
        said = "".join(unpacked(answer.content).values())
    assert not told(said, foreign)
    assert "scrypt:" not in said and "DB_CONNECTION_MUTATOR" not in said


def _sent(left: dict, shown: int, database: int) -> dict[str, tuple[str, str, dict]]:
    """What a province does to what headquarters left -> method, path, options."""
    context = {
        "datasource": {"id": left["dataset"], "type": "table"},
        "queries": [{**COLUMN, "metrics": [], "row_limit": 50_000}],
    }
    asked = json.dumps(context)
    return {
        "the old query": ("post", "/api/v1/query/", {"data": {"query_context": asked}}),
        "data as a form": ("post", "/api/v1/chart/data", {"data": {"form_data": asked}}),
        "samples of a dashboard": (
            "post",
            f"/datasource/samples?datasource_type=table&datasource_id={left['dataset']}"
            f"&per_page=10000&dashboard_id={shown}",
            {"json": {"filters": [{"col": "province_code", "op": "!=", "val": "39"}]}},
        ),
        "a template": (
            "post",
            "/api/v1/sqllab/execute/",
            {"json": {"database_id": database, "client_id": "abcdefghij1", "runAsync": False,
                      "sql": "select {{ x }} from mart.submission",
                      "templateParams": json.dumps({"x": "submission_sha256"})}},
        ),
        "the dataset's SQL": (
            "post",
            "/datasource/save/",
            {"data": {"data": json.dumps({
                "id": left["dataset"], "type": "table", "database": {"id": database}, "owners": [],
                "sql": HASHES, "columns": [], "metrics": []})}},
        ),
        "formats": ("post", f"/api/v1/dataset/{left['dataset']}/detect_datetime_formats", {}),
        "refresh": ("put", f"/api/v1/dataset/{left['dataset']}/refresh", {}),
        "the chart": ("put", f"/api/v1/chart/{left['chart']}", {"json": {"params": "{}"}}),
        "the dashboard": ("put", f"/api/v1/dashboard/{shown}", {"json": {"css": "a{}"}}),
        # pragma: allowlist nextline secret
        "a password": ("put", "/api/v1/me/", {"json": {"password": "taken over 2569 x"}}),
    }  # fmt: skip


NOT_MINE = {"the dataset's SQL", "refresh", "the chart", "the dashboard", "a password"}
NUMBERS = ("dataset", "chart", "dashboard", "filter", "form", "saved", "results")
SENT = list(_sent(dict.fromkeys(NUMBERS, 0), 0, 0))


@pytest.mark.parametrize("what", SENT)
def test_a_province_changes_nothing_of_anothers_and_reads_its_own(
    hq, own, foreign, left, shown, what
):
    method, path, options = _sent(left, shown, own.database())[what]
    answer = getattr(own, method)(path, allow_redirects=False, **options)
    assert not told(answer.text, foreign)
    if what in NOT_MINE:
        assert answer.status_code in (302, 400, 401, 403, 404, 405, 422), answer.text[:300]
    drawn = hq.get(f"/api/v1/chart/{left['chart']}/data/")
    assert told(drawn.text, foreign) == foreign, "headquarters' own is what it was"
