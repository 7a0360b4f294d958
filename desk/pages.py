"""How the desk looks: the house's font and colours, on every page, from this server only."""

from pathlib import Path

import fontpkg
from flask import Blueprint, Flask, Response, send_from_directory
from jinja2 import ChoiceLoader, FileSystemLoader

HERE = Path(__file__).parent
FONTS = Path(str(fontpkg.path("Sarabun"))).parent
WEEK = 7 * 24 * 3600

BLUEPRINT = Blueprint("desk", __name__, static_folder="static", static_url_path="/desk-static")

THEME = {
    "token": {
        "brandAppName": "ITA โต๊ะนักวิเคราะห์",
        "brandLogoAlt": "ITA",
        "brandLogoUrl": "/desk-static/logo.svg",
        "brandLogoMargin": "18px 0",
        "brandLogoHref": "/",
        "brandLogoHeight": "24px",
        "fontFamily": "Sarabun, sans-serif",
        "fontUrls": [],
        "colorPrimary": "#1f4e79",
        "colorLink": "#1f4e79",
        "fontSize": 16,  # to be read in a meeting
    },
    "echartsOptionsOverrides": {
        "textStyle": {"fontFamily": "Sarabun, sans-serif", "fontSize": 15},
        "xAxis": {"axisLabel": {"fontSize": 14}},
        "yAxis": {"axisLabel": {"fontSize": 14}},
        "animation": False,  # a dashboard that moves is one that is read later
    },
    "algorithm": "default",
}


def font(name: str) -> Response:
    """A file of the font Sarabun (OFL) from its package."""
    return send_from_directory(FONTS, name, max_age=WEEK)


BLUEPRINT.add_url_rule("/desk-static/fonts/<path:name>", view_func=font)


def dress(app: Flask) -> None:
    """Let our templates go before Superset's: one of them brings the font to every page."""
    app.jinja_loader = ChoiceLoader([FileSystemLoader(HERE / "templates"), app.jinja_loader])
