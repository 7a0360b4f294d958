"""The first password is not a person's own: nothing is shown before another has been chosen.

`desk.first_password` (in the desk's own records, made by provision.py) holds the hash of the
password that a person was given. As long as it is the one they have, every page leads here.
"""

from typing import Any

from flask import Blueprint, Flask, g, jsonify, redirect, render_template, request
from flask_login import current_user
from sqlalchemy import text
from superset.extensions import db
from superset.security import SupersetSecurityManager
from werkzeug.security import check_password_hash

LEAST = 12  # characters
PAGE = "/desk/password"
OPEN = ("/static/", "/desk-static/", "/login", "/logout", "/health", PAGE, "/lang/")

BLUEPRINT = Blueprint("first_login", __name__)


class Security(SupersetSecurityManager):
    """Superset's accounts; a first password is none for programs, which have no page for it."""

    def auth_user_db(self, username: str, password: str) -> Any:
        """The user of that name and password, or None."""
        user = super().auth_user_db(username, password)
        if user and request.path.startswith("/api/") and must_change(user):
            return None
        return user


def problem(password: str) -> str | None:
    """What is wrong with a new password, in Thai; None: nothing."""
    if len(password) < LEAST:
        return f"รหัสผ่านต้องมีอย่างน้อย {LEAST} ตัวอักษร"
    if len(set(password)) < 5:
        return "รหัสผ่านมีตัวอักษรที่ต่างกันน้อยเกินไป"
    return None


def must_change(user: Any) -> bool:
    """Has the user still the password that they were given?"""
    found = db.session.execute(
        text("select 1 from desk.first_password where username = :name and hash = :hash"),
        {"name": user.username, "hash": user.password},
    )
    return found.first() is not None


def guard(app: Flask) -> None:
    """Lead a person with a first password to the page that changes it, whatever they ask for."""
    app.before_request(_first_password)


def _first_password() -> Any:
    if request.path.startswith(OPEN) or not current_user.is_authenticated:
        return None
    if not must_change(current_user):
        return None
    if request.path.startswith("/api/") or request.method != "GET":
        return jsonify(message="ต้องเปลี่ยนรหัสผ่านครั้งแรกก่อน: " + PAGE), 403
    return redirect(PAGE)


def page() -> Any:
    """The form of a new password, also for later changes."""
    if not current_user.is_authenticated:
        return redirect("/login/")
    wrong = _change() if request.method == "POST" else ""
    if wrong is None:
        return redirect("/")
    return render_template(
        "password.html", wrong=wrong, least=LEAST, first=must_change(current_user)
    ), (400 if wrong else 200)


BLUEPRINT.add_url_rule(PAGE, view_func=page, methods=["GET", "POST"])


def _change() -> str | None:
    """Give the person the password of the form. What is wrong with it, or None."""
    old, new, again = (request.form.get(name, "") for name in ("old", "new", "again"))
    if not check_password_hash(current_user.password, old):
        return "รหัสผ่านปัจจุบันไม่ถูกต้อง"
    if new != again:
        return "รหัสผ่านใหม่สองครั้งไม่ตรงกัน"
    if new == old:
        return "รหัสผ่านใหม่ต้องต่างจากรหัสผ่านเดิม"
    if wrong := problem(new):
        return wrong
    from superset import security_manager

    security_manager.reset_password(g.user.id, new)
    return None
