"""What Superset 6.1.0 does otherwise than an analyst, or a machine with two cores, needs it.

Each mend says what would have to be true to take it away.
"""

import re
from codecs import BOM_UTF8
from functools import lru_cache
from typing import Any

from flask import Flask, Response, has_request_context, jsonify, request, session
from flask_login import current_user
from superset.sql import parse
from superset.utils.log import DBEventLogger

QUIET = (
    "/api/v1/chart/data",
    "/superset/explore_json",
    "/superset/log",
    "/api/v1/me",
    "/desk-static",
)


def apply(app: Flask) -> None:
    """Mend all of it."""
    keep_the_smaller_limit()
    know_the_default_schema()
    parse_once()
    plain_exports()
    app.before_request(_nothing_to_log_of_nobody)
    app.before_request(_no_table_of_ones_own)
    app.before_request(_no_password_without_the_old)
    app.after_request(_mark_csv)


def keep_the_smaller_limit() -> None:
    """SQL Lab keeps the LIMIT that a person wrote, where it is smaller than the page's.

    Superset puts its own in place of it: https://github.com/apache/superset/issues/40070. Goes
    when a release answers `limit 2` with two rows.
    """
    statement = parse.SQLStatement
    if getattr(statement, "keeps_the_smaller", False):
        return
    set_limit = statement.set_limit_value

    def set_limit_value(
        self: parse.SQLStatement,
        limit: int,
        method: parse.LimitMethod = parse.LimitMethod.FORCE_LIMIT,
    ) -> None:
        own = self.get_limit_value()
        set_limit(self, limit if own is None else min(own, limit), method)

    statement.set_limit_value = set_limit_value
    statement.keeps_the_smaller = True


def know_the_default_schema() -> None:
    """A login of the warehouse begins in `public`, which Superset asked twice for each chart, each
    time by a connection of its own. Goes when it asks no more than once."""
    from superset.db_engine_specs.postgres import PostgresEngineSpec  # needs the app

    PostgresEngineSpec.get_default_schema = classmethod(lambda *_: "public")


def parse_once() -> None:
    """The same SQL is parsed once, not ten times for each chart. Goes when Superset does so."""
    statement = parse.SQLStatement
    if getattr(statement, "parses_once", False):
        return
    parsed = lru_cache(512)(statement._parse)
    statement._parse = classmethod(
        lambda _, script, engine: [ast and ast.copy() for ast in parsed(script, engine)]
    )
    statement.parses_once = True


LINK = re.compile(r'<a href="([^"]+)">[^<]*</a>')
TAG = re.compile(r"<[^>]+>")


def plain_exports() -> None:
    """A CSV or Excel file of a table has addresses where the page has links, and no HTML.

    Goes when Superset's tables make a link of an address themselves.
    """
    from superset.common.chart_data import ChartDataResultFormat
    from superset.common.query_context_processor import QueryContextProcessor  # needs the app

    if getattr(QueryContextProcessor, "exports_plain", False):
        return
    get_data = QueryContextProcessor.get_data

    def plain_data(self: Any, df: Any, coltypes: list) -> Any:
        if self._query_context.result_format in ChartDataResultFormat.table_like():
            host = request.host_url.rstrip("/")
            for name in df.columns:
                if df[name].astype(str).str.startswith(("<a ", "<div ")).any():
                    df[name] = [_plain(value, host) for value in df[name]]
        return get_data(self, df, coltypes)

    QueryContextProcessor.get_data = plain_data
    QueryContextProcessor.exports_plain = True


def _plain(value: Any, host: str) -> Any:
    if not isinstance(value, str):
        return value
    return " ".join(TAG.sub(" ", LINK.sub(rf"{host}\1", value)).split())


def _nothing_to_log_of_nobody() -> Any:
    """What the sign-in page logs of itself a second after it came is taken without an answer.

    Superset leads it back to the sign-in page, whose new session of nobody takes the place of that
    of a person who has signed in meanwhile. Goes when that page logs nothing.
    """
    if request.path.rstrip("/") != "/superset/log" or current_user.is_authenticated:
        return None
    session.modified = False  # to look who it is marks the session, and would send it
    return "", 204


def _no_table_of_ones_own() -> Any:
    """ "CREATE TABLE AS" is off: the page hides it by `allow_ctas`, the API does not look there."""
    if request.path.rstrip("/") != "/api/v1/sqllab/execute":
        return None
    asked = request.get_json(silent=True)
    if isinstance(asked, dict) and asked.get("select_as_cta"):
        return jsonify(errors=[{"message": "ไม่อนุญาตให้สร้างตาราง (no tables of one's own)"}]), 403
    return None


def _no_password_without_the_old() -> Any:
    """Who sits down at an open page does not take the account: the API would ask for nothing."""
    if request.path.rstrip("/") != "/api/v1/me" or request.method != "PUT":
        return None
    asked = request.get_json(silent=True)
    if isinstance(asked, dict) and "password" in asked:
        return jsonify(message="เปลี่ยนรหัสผ่านที่ /desk/password"), 403
    return None


def themselves(query: Any) -> Any:
    """Whom the lists of persons behind the pages name: everybody for who administers, else only
    who asks. Superset's setting EXTRA_RELATED_QUERY_FILTERS."""
    from superset import security_manager  # needs the app

    if security_manager.is_admin():
        return query
    return query.filter(security_manager.user_model.username == current_user.username)


def _mark_csv(response: Response) -> Response:
    """A CSV begins with the mark by which Excel knows Thai, that of a chart too: Superset encodes
    only those of SQL Lab by CSV_EXPORT. Goes when it does both."""
    if response.mimetype == "text/csv" and not response.is_streamed:
        content = response.get_data()
        if not content.startswith(BOM_UTF8):
            response.set_data(BOM_UTF8 + content)
    return response


class Events(DBEventLogger):
    """What persons did to the desk, and their SQL; not that a chart was looked at.

    Superset writes five lines for a chart, each in a transaction that makes it read all that it had
    read again: a third of what a chart costs. Who asked the warehouse what, it writes down itself.
    """

    def log(self, user_id: int | None, action: str, *arguments: Any, **named: Any) -> None:
        """Write down what a request changes; nothing of one that only reads."""
        if has_request_context() and (request.method == "GET" or request.path.startswith(QUIET)):
            return
        super().log(user_id, action, *arguments, **named)
