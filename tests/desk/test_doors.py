"""Doors of Superset beside SQL Lab and chart data: what headquarters saved, shared or left there
shows a province nothing that is not its own, and what a province makes reads with its own eyes."""

import json

import pytest

from tests.desk.looked import COLUMN, HASHES, told

pytestmark = pytest.mark.slow_group

EXPRESSION = "(select string_agg(submission_sha256, ',') from mart.assessment)"
LOOKED = [
    "/api/v1/dataset/{dataset}",
    "/api/v1/dataset/{dataset}/drill_info/",
    "/api/v1/dataset/{dataset}/related_objects",
    "/api/v1/dataset/distinct/schema",
    "/api/v1/dataset/export/?q=!({dataset})",
    "/api/v1/explore/?datasource_id={dataset}&datasource_type=table",
    "/api/v1/database/{database}",
    "/api/v1/database/{database}/connection",
    "/api/v1/database/{database}/schemas/",
    "/api/v1/database/{database}/tables/?q=(schema_name:published)",
    "/api/v1/database/{database}/table_metadata/?name=assessment&schema=published",
    "/api/v1/database/{database}/table_metadata/extra/?name=assessment&schema=published",
    "/api/v1/database/{database}/select_star/assessment/published/",
    "/api/v1/database/{database}/table/submission/raw/",
    "/api/v1/database/{database}/related_objects/",
    "/api/v1/database/export/?q=!({database})",
    "/api/v1/query/",
    "/api/v1/query/updated_since?q=(last_updated_ms:0)",
    "/api/v1/saved_query/?q=(page_size:100)",
    "/api/v1/log/recent_activity/",
    "/api/v1/sqllab/",
    "/api/v1/report/",
    "/api/v1/annotation_layer/",
    "/api/v1/tag/get_objects/",
    "/api/v1/security/users/?q=(page_size:100)",
    "/users/list/",
    "/actionlogs/",
    "/superset/profile/hq/",
    "/api/v1/async_event/",
]


@pytest.mark.parametrize("path", LOOKED)
def test_no_description_holds_a_foreign_row(own, foreign, assessments, path):
    answer = own.get(path.format(dataset=assessments, database=own.database()))
    assert not told(answer.text, foreign)
    assert (
        "postgresql" not in answer.text or "@" not in answer.text.partition("postgresql")[2][:200]
    )


LEFT = [
    "/api/v1/chart/{chart}",
    "/api/v1/chart/{chart}/data/",
    "/api/v1/chart/{chart}/data/?format=csv",
    "/api/v1/chart/{chart}/data/?type=results&force=false",
    "/api/v1/chart/export/?q=!({chart})",
    "/api/v1/explore/?slice_id={chart}",
    "/superset/explore_json/?slice_id={chart}",
    "/superset/explore_json/?slice_id={chart}&csv=true",
    "/superset/slice/{chart}/",
    "/api/v1/saved_query/{saved}",
    "/api/v1/saved_query/export/?q=!({saved})",
    "/api/v1/explore/form_data/{form}",
    "/api/v1/explore/permalink/{link}",
    "/api/v1/sqllab/permalink/{sql}",
    "/api/v1/dashboard/{dashboard}/filter_state/{filter}",
    "/api/v1/dashboard/permalink/{board}",
    "/api/v1/query/{query}",
    "/api/v1/sqllab/results/?q=(key:'{results}')",
    "/api/v1/sqllab/export/{results}/",
    "/api/v1/chart/data/{results}",
    "/tabstateview/1",
]


@pytest.mark.parametrize("path", LEFT)
def test_what_headquarters_left_shows_a_province_its_own(own, foreign, left, path):
    answer = own.get(path.format(**left))
    assert not told(answer.text, foreign)


def test_a_chart_of_headquarters_is_drawn_with_ones_own_eyes(hq, own, foreign, left):
    path = f"/api/v1/chart/{left['chart']}/data/"
    assert told(hq.get(path).text, foreign) == foreign
    drawn = own.get(path)
    assert drawn.ok and not told(drawn.text, foreign) and drawn.json()["result"][0]["rowcount"] > 0


def test_a_saved_query_is_ones_own(own, left):
    assert own.get(f"/api/v1/saved_query/{left['saved']}").status_code == 404


QUERIES = {
    "annotation of a chart": {
        **COLUMN,
        "annotation_layers": [
            {"name": "a", "annotationType": "EVENT", "sourceType": "table", "value": "{chart}",
             "show": True, "style": "solid", "overrides": {}},
        ],
    },
    "axis": {"columns": [{"columnType": "BASE_AXIS", "expressionType": "SQL", "label": "c",
                          "sqlExpression": EXPRESSION}]},
    "order": {**COLUMN, "orderby": [[{"expressionType": "SQL", "label": "o",
                                      "sqlExpression": EXPRESSION}, True]]},
    "limit": {**COLUMN, "series_columns": ["submission_sha256"], "series_limit": 9_999},
    "having": {**COLUMN, "extras": {"having": f"1 = 1 or {EXPRESSION} is not null"}},
    "macro": {**COLUMN, "extras": {"where": "1 = 1 {% if True %} or true {% endif %}"}},
    "dataset macro": {**COLUMN, "extras": {"where": "exists (select {{ dataset(1) }})"}},
    "user macro": {**COLUMN, "filters": [{"col": "province_code", "op": "==",
                                          "val": "{{ current_username() }}"}]},
    "granularity": {**COLUMN, "granularity": "received_at", "time_range": "1900-01-01 : 2100"},
    "offset": {**COLUMN, "granularity": "received_at", "time_offsets": ["1 year ago"]},
    "unused": {**COLUMN, "applied_time_extras": {"__time_range": "x"}, "row_offset": 1},
    "rolling": {**COLUMN, "post_processing": [{"operation": "select",
                                               "options": {"columns": ["submission_sha256"]}}]},
    "totals": {**COLUMN, "is_rowcount": False, "result_type": "samples"},
    "row count": {**COLUMN, "is_rowcount": True},
}  # fmt: skip


@pytest.mark.parametrize("kind", QUERIES)
@pytest.mark.parametrize("source", ["table", "query", "saved_query"])
def test_no_source_and_no_option_of_a_chart_lends_eyes(hq, own, foreign, left, kind, source):
    """Also by the numbers of queries that headquarters ran and saved: Superset stumbles there."""
    number = {"table": left["dataset"], "query": left["query"], "saved_query": left["saved"]}
    query = json.loads(json.dumps(QUERIES[kind]).replace("{chart}", str(left["chart"])))
    more = {"datasource": {"id": number[source], "type": source}, "force": False}
    hq.chart_data(0, query, **more)
    answer = own.chart_data(0, query, **more)
    assert not told(answer.text, foreign)


def _made(number: int, database: int) -> dict:
    """Path -> what a province sends there."""
    shown = {"datasource_id": number, "datasource_type": "table"}
    return {
        "/api/v1/dataset/": {
            "database": database, "schema": "published", "table_name": "assessment"},
        "/api/v1/dataset/get_or_create/": {
            "database_id": database, "schema": "raw", "table_name": "submission"},
        "/api/v1/dataset/duplicate": {"base_model_id": number, "table_name": "mine"},
        "/api/v1/sqllab/execute/": {"database_id": database, "sql": HASHES, "runAsync": True,
                                    "client_id": "abcdefghijk", "schema": "published"},
        "/api/v1/sqllab/estimate/": {"database_id": database, "sql": HASHES},
        "/api/v1/sqllab/export_streaming/": {"client_id": "abcdefghijk"},
        "/api/v1/sqllab/format_sql/": {"sql": HASHES, "database_id": database},
        f"/api/v1/database/{database}/validate_sql/": {"sql": HASHES, "schema": "published"},
        f"/api/v1/database/{database}/upload/": {"type": "csv", "table_name": "x"},
        f"/api/v1/database/{database}/sync_permissions/": {},
        "/api/v1/saved_query/import/": {},
        "/api/v1/chart/warm_up_cache": {"chart_id": 1},
        "/api/v1/dataset/warm_up_cache": {"db_name": "x", "table_name": "y"},
        "/api/v1/cachekey/invalidate": {"cache_keys": ["x"]},
        "/api/v1/advanced_data_type/convert": {},
        "/api/v1/query/stop": {"client_id": "abcdefghijk"},
        "/api/v1/chart/": {**shown, "slice_name": "mine", "viz_type": "table",
                           "params": json.dumps({"metrics": [EXPRESSION]})},
        "/api/v1/explore/form_data": {**shown, "form_data": "{}"},
        "/api/v1/annotation_layer/": {"name": "mine", "descr": HASHES},
        "/api/v1/css_template/": {"css": "a{}", "template_name": "mine"},
        "/api/v1/tag/": {"name": "mine", "objects_to_tag": []},
    }  # fmt: skip


@pytest.mark.parametrize("path", range(21))
def test_what_a_province_sends_reads_with_its_own_eyes(own, foreign, left, path):
    sent = _made(left["dataset"], own.database())
    path = list(sent)[path]
    answer = own.post(path, json=sent[path])
    assert not told(answer.text, foreign)
    if answer.ok and path in ("/api/v1/dataset/", "/api/v1/dataset/get_or_create/",
                              "/api/v1/dataset/duplicate"):  # fmt: skip
        made = answer.json()
        number = made.get("id") or made["result"]["table_id"]
        assert not told(own.chart_data(number, COLUMN).text, foreign)
