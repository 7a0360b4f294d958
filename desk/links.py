"""Short addresses that lead on from a row: to an agency's dashboard, to its pack.

The rows of the dashboards and their exports hold these, so that a link is an address that a person
can read, keep and send. Who asks is asked for in PostgreSQL, by their own login.
"""

import os
from pathlib import Path
from typing import Any
from urllib.parse import quote

import prison
from flask import Blueprint, Response, redirect, render_template, request, send_from_directory
from flask_login import current_user

from desk import connection

BLUEPRINT = Blueprint("desk_links", __name__)
PACK = ("pack.pdf", "todo.pdf", "pack.docx", "pack.xlsx", "measures.xlsx")


def _answer(statement: str, values: dict[str, Any]) -> Any:
    """The first row that the warehouse gives the person who is signed in, or None."""
    from sqlalchemy import create_engine, text
    from sqlalchemy.pool import NullPool

    url, options = connection.as_person(None, {}, current_user.username)
    engine = create_engine(url, poolclass=NullPool, **options)
    with engine.connect() as warehouse:
        return warehouse.execute(text(statement), values).first()


def _signed_out() -> Response | None:
    if current_user.is_authenticated:
        return None
    return redirect(f"/login/?next={quote(request.path)}")


def agency(agency_id: str, fiscal_year: int) -> Any:
    """The agency's dashboard, open at this agency and year."""
    statement = "select label_th from mart.agency where agency_id = :id"
    if refused := _signed_out():
        return refused
    found = _answer(statement, {"id": agency_id})
    if not found:
        return _nothing("ไม่มีหน่วยงานนี้ในทะเบียน")
    chosen = prison.dumps(
        _filter("agency", "agency_label", found[0]) | _filter("year", "fiscal_year", fiscal_year)
    )
    return redirect(f"/superset/dashboard/agency/?native_filters={quote(chosen)}")


def pack(fiscal_year: int, agency_id: str, name: str) -> Any:
    """A file of an agency's pack: for whom PostgreSQL shows its place among its peers, which a
    province sees of its own agencies only."""
    if refused := _signed_out():
        return refused
    found = _answer(
        "select coalesce(assessment.province_code, '00') from mart.assessment"
        " join mart.peer_group as seen using (agency_id, fiscal_year)"
        " where agency_id = :id and fiscal_year = :year",
        {"id": agency_id, "year": fiscal_year},
    )
    folder = Path(os.environ["ITA_HOME"]) / "packs" / str(fiscal_year)
    if not found or name not in PACK or not (folder / found[0] / agency_id / name).is_file():
        return _nothing("ไม่มีรายงานวิเคราะห์นี้ หรือไม่ใช่หน่วยงานที่ท่านเห็นได้")
    answer = send_from_directory(folder / found[0] / agency_id, name, max_age=0)
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


def _filter(name: str, column: str, value: Any) -> dict[str, Any]:
    """A filter of a dashboard with one choice, as Superset has it in an address."""
    key = f"NATIVE_FILTER-{name}"
    return {
        key: {
            "id": key,
            "extraFormData": {"filters": [{"col": column, "op": "IN", "val": [value]}]},
            "filterState": {"value": [value]},
            "ownState": {},
        }
    }


def _nothing(said: str) -> tuple[str, int]:
    return render_template("nothing.html", said=said), 404


BLUEPRINT.add_url_rule("/desk/agency/<agency_id>/<int:fiscal_year>", view_func=agency)
BLUEPRINT.add_url_rule("/desk/pack/<int:fiscal_year>/<agency_id>/<name>", view_func=pack)
