"""What Superset is told: SUPERSET_CONFIG_PATH names this file (docs/desk.md has the variables)."""

import json
import os
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

from flask_appbuilder.exceptions import PasswordComplexityValidationError

from desk import connection, first_login, links, mends, pages, thai

SECRET_KEY = connection.secret("desk_session")
_SCHEME, _, _ADDRESS = os.environ["DESK_RECORDS"].partition("://")
_LOGIN, _, _PLACE = _ADDRESS.partition("@")
SQLALCHEMY_DATABASE_URI = (
    f"postgresql+psycopg2://{_LOGIN}:{quote(connection.secret('desk_records'), safe='')}@{_PLACE}"
)
SQLALCHEMY_ENGINE_OPTIONS = {"pool_pre_ping": True, "pool_size": 4, "max_overflow": 4}

# Who asks the warehouse is a login of PostgreSQL, and nothing that it said is kept: what one person
# was shown would answer another's question (old chart types do not tell users apart in a cache).
DB_CONNECTION_MUTATOR = connection.as_person
CACHE_CONFIG = {"CACHE_TYPE": "NullCache"}
DATA_CACHE_CONFIG = {"CACHE_TYPE": "NullCache"}
CACHE_QUERY_BY_USER = True
RESULTS_BACKEND = None
EVENT_LOGGER = mends.Events()

# Accounts are made by provision.py only. A password has twelve characters or more.
AUTH_USER_REGISTRATION = False
PUBLIC_ROLE_LIKE = None
CUSTOM_SECURITY_MANAGER = first_login.Security
EXTRA_RELATED_QUERY_FILTERS = {"user": mends.themselves}
RATELIMIT_ENABLED = True
RATELIMIT_APPLICATION = None
AUTH_RATE_LIMITED = True
AUTH_RATE_LIMIT = "20 per minute"
FAB_PASSWORD_COMPLEXITY_ENABLED = True


def FAB_PASSWORD_COMPLEXITY_VALIDATOR(password: str) -> None:  # noqa: N802  Superset's name
    """Raise Superset's error with what is wrong with a new password."""
    if problem := first_login.problem(password):
        raise PasswordComplexityValidationError(problem)


PERMANENT_SESSION_LIFETIME = timedelta(hours=12)
SESSION_COOKIE_SAMESITE = "Lax"
# Behind a server that ends TLS (docs/desk.md).
ENABLE_PROXY_FIX = SESSION_COOKIE_SECURE = os.environ.get("DESK_BEHIND_TLS") == "1"

# No request leaves the machine: pages may load from here only.
TALISMAN_ENABLED = True
TALISMAN_CONFIG = {
    "content_security_policy": {
        "default-src": "'self'",
        "base-uri": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'self'",
        "img-src": ["'self'", "blob:", "data:"],
        "worker-src": ["'self'", "blob:"],
        "connect-src": "'self'",
        "font-src": "'self'",
        "object-src": "'none'",
        "style-src": ["'self'", "'unsafe-inline'"],
        "script-src": ["'self'", "'strict-dynamic'"],
    },
    "content_security_policy_nonce_in": ["script-src"],
    "force_https": False,
    "session_cookie_secure": SESSION_COOKIE_SECURE,
    "referrer_policy": "same-origin",
}
THEME_FONT_URL_ALLOWED_DOMAINS: list[str] = []
MAPBOX_API_KEY = ""

# SQL: read only, no table of one's own, every answer bounded.
SQLLAB_TIMEOUT = SUPERSET_WEBSERVER_TIMEOUT = 120
DEFAULT_SQLLAB_LIMIT = 1000
SQL_MAX_ROW = ROW_LIMIT = 100_000
CSV_STREAMING_ROW_THRESHOLD = 10 * SQL_MAX_ROW  # never: it asks when nobody is signed in any more
SQL_VALIDATORS_BY_ENGINE: dict = {}  # PostgreSQL's own marks what it does not know as wrong
FEATURE_FLAGS = {
    "ENABLE_TEMPLATE_PROCESSING": False,
    "ALERT_REPORTS": False,
    "THUMBNAILS": False,
    "EMBEDDED_SUPERSET": False,
    "ESTIMATE_QUERY_COST": False,
    # Charts show stored figures, with nothing under them; each would ask two questions more for it.
    "DRILL_TO_DETAIL": False,
    "DRILL_BY": False,
    "DASHBOARD_VIRTUALIZATION_DEFER_DATA": True,  # what is two screens down is asked when near
    "DASHBOARD_RBAC": False,
}

# Thai. A CSV begins with the mark by which Excel knows it for UTF-8.
CSV_EXPORT = {"encoding": "utf-8-sig"}
LANGUAGES = {"th": {"flag": "th", "name": "ไทย"}, "en": {"flag": "us", "name": "English"}}
BABEL_DEFAULT_LOCALE = "th"
BABEL_TRANSLATION_DIRECTORIES = f"translations;{thai.folder()}"
D3_FORMAT = {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["", " บาท"]}
APP_NAME = "ITA โต๊ะนักวิเคราะห์"
THEME_DEFAULT = pages.THEME
THEME_DARK = None
ENABLE_UI_THEME_ADMINISTRATION = False
# The scales and series of the packs' colours, written by desk/boards/write.py.
_COLOURS = json.loads((Path(__file__).parent / "colours.json").read_text(encoding="utf-8"))
EXTRA_SEQUENTIAL_COLOR_SCHEMES = _COLOURS["sequential"]
EXTRA_CATEGORICAL_COLOR_SCHEMES = _COLOURS["categorical"]
FAVICONS = [{"href": "/desk-static/icon.svg"}]
BLUEPRINTS = [pages.BLUEPRINT, first_login.BLUEPRINT, links.BLUEPRINT]


def FLASK_APP_MUTATOR(app: Any) -> None:  # noqa: N802  Superset's name
    """Superset's hook: what cannot be said by a setting."""
    mends.apply(app)
    pages.dress(app)
    thai.speak(app)
    first_login.guard(app)
