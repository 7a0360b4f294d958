"""What tests of the wall look for, and the questions that would show it."""

OWN = "39"  # the province of the person `own`
HASHES = "select submission_sha256 from mart.submission"
COLUMN = {"columns": ["submission_sha256"]}
MAP = {
    "viz_type": "country_map",
    "select_country": "thailand",
    "entity": "submission_sha256",
    "metric": {"expressionType": "SQL", "label": "m", "sqlExpression": "count(*)"},
    "adhoc_filters": [],
    "row_limit": 50_000,
}


def told(text: str, foreign: set[str]) -> set[str]:
    return {value for value in foreign if value in text}


def grid(parts: dict[str, dict]) -> dict:
    """A dashboard's tree: one row of these parts."""
    above = ["ROOT_ID", "GRID_ID"]
    tree = {
        "DASHBOARD_VERSION_KEY": "v2",
        "ROOT_ID": {"id": "ROOT_ID", "type": "ROOT", "children": ["GRID_ID"]},
        "GRID_ID": {"id": "GRID_ID", "type": "GRID", "children": ["ROW-1"], "parents": above[:1]},
        "ROW-1": {
            "id": "ROW-1",
            "type": "ROW",
            "children": list(parts),
            "parents": above,
            "meta": {"background": "BACKGROUND_TRANSPARENT"},
        },
    }
    for name, part in parts.items():
        tree[name] = {"id": name, "children": [], "parents": [*above, "ROW-1"], **part}
    return tree


def chart_cell(number: int) -> dict:
    return {"type": "CHART", "meta": {"chartId": number, "width": 6, "height": 50}}
