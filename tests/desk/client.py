"""A person of the desk as a program: signed in with cookies, as a browser is."""

import json
import re
import uuid
from typing import Any

import requests

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"', re.S)


class Client:
    """A session of one person; `get`, `post`, `put` give the answer whatever its state is."""

    def __init__(self, address: str, name: str, password: str):
        self.address, self.name, self.password = address, name, password
        self.session = requests.Session()
        self.session.headers.update({"Referer": address, "Connection": "close"})
        page = self.session.get(f"{address}/login/")
        self.session.post(
            f"{address}/login/",
            data={
                "username": name,
                "password": password,
                "csrf_token": TOKEN.search(page.text)[1],
            },
        )

    def choose_password(self, new: str) -> requests.Response:
        """Change the first password by the form."""
        page = self.get("/desk/password")
        form = {"old": self.password, "new": new, "again": new}
        answer = self.post(
            "/desk/password", data={**form, "csrf_token": TOKEN.search(page.text)[1]}
        )
        self.password = new
        return answer

    def get(self, path: str, **options: Any) -> requests.Response:
        return self.session.get(self.address + path, timeout=120, **options)

    def post(self, path: str, **options: Any) -> requests.Response:
        return self._send("post", path, **options)

    def put(self, path: str, **options: Any) -> requests.Response:
        return self._send("put", path, **options)

    def delete(self, path: str, **options: Any) -> requests.Response:
        return self._send("delete", path, **options)

    def _send(self, method: str, path: str, **options: Any) -> requests.Response:
        if "X-CSRFToken" not in self.session.headers:
            token = self.session.get(self.address + "/api/v1/security/csrf_token/")
            if token.ok:
                self.session.headers["X-CSRFToken"] = token.json()["result"]
        return self.session.request(method, self.address + path, timeout=120, **options)

    def found(self, kind: str, **like: str) -> dict[str, Any]:
        """The one object of that kind (database, dataset, chart, dashboard) with these values."""
        rows = self.get(f"/api/v1/{kind}/?q=(page_size:500)").json()["result"]
        (row,) = [row for row in rows if all(row[key] == value for key, value in like.items())]
        return row

    def sql(self, statement: str, limit: int = 1000, **more: Any) -> requests.Response:
        """A statement in SQL Lab."""
        return self.post(
            "/api/v1/sqllab/execute/",
            json={
                "client_id": uuid.uuid4().hex[:11],
                "database_id": self.database(),
                "runAsync": False,
                "schema": "mart",
                "sql": statement,
                "sql_editor_id": "1",
                "tab": "test",
                "queryLimit": limit,
                "expand_data": False,
                **more,
            },
        )

    def rows(self, statement: str, limit: int = 100_000) -> list[dict]:
        """The rows of a statement in SQL Lab that goes well."""
        answer = self.sql(statement, limit)
        assert answer.ok, answer.text
        return answer.json()["data"]

    def database(self) -> int:
        return self.get("/api/v1/database/?q=(page_size:10)").json()["result"][0]["id"]

    def chart_data(self, dataset: int, query: dict, **more: Any) -> requests.Response:
        """An answer of /api/v1/chart/data for one query on a dataset."""
        asked = {
            "columns": [],
            "metrics": [],
            "filters": [],
            "orderby": [],
            "extras": {},
            "row_limit": 50_000,
            **query,
        }
        return self.post(
            "/api/v1/chart/data",
            json={
                "datasource": {"id": dataset, "type": "table"},
                "queries": [asked],
                "result_format": "json",
                "result_type": "full",
                **more,
            },
        )

    def explore_json(self, form: dict, options: str = "") -> requests.Response:
        """An answer of the old way, which charts like the map still use."""
        return self.post(f"/superset/explore_json/?{options}", data={"form_data": json.dumps(form)})
