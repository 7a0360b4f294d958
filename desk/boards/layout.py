"""Where a dashboard's charts and texts stand, and what its filters act on, as Superset has it."""

from typing import Any

from desk.boards.names import slug_id, uuid_of
from desk.boards.palette import SERIES

VERSION = "v2"
ROW = {"type": "ROW", "meta": {"background": "BACKGROUND_TRANSPARENT"}}


def position(board: dict, numbers: dict[str, int]) -> dict[str, Any]:
    """The tree of a dashboard: rows, or tabs of rows. `numbers`: chart -> its number."""
    made: dict[str, Any] = {
        "DASHBOARD_VERSION_KEY": VERSION,
        "ROOT_ID": {"id": "ROOT_ID", "type": "ROOT", "children": ["GRID_ID"]},
        "GRID_ID": {"id": "GRID_ID", "type": "GRID", "children": [], "parents": ["ROOT_ID"]},
        "HEADER_ID": {"id": "HEADER_ID", "type": "HEADER", "meta": {"text": board["title"]}},
    }
    top = ["ROOT_ID", "GRID_ID"]
    _rows(made, board["slug"], board.get("rows", []), top, numbers)
    if "tabs" in board:
        tabs = f"TABS-{board['slug']}"
        made["GRID_ID"]["children"].append(tabs)
        made[tabs] = {"id": tabs, "type": "TABS", "children": [], "parents": top, "meta": {}}
        for number, tab in enumerate(board["tabs"], 1):
            name = f"TAB-{board['slug']}-{number}"
            made[tabs]["children"].append(name)
            made[name] = {
                "id": name,
                "type": "TAB",
                "children": [],
                "parents": [*top, tabs],
                "meta": {"text": tab["title"], "defaultText": "แท็บ", "placeholder": "แท็บ"},
            }
            _rows(made, f"{board['slug']}-{number}", tab["rows"], [*top, tabs, name], numbers)
    return made


def _rows(made: dict, prefix: str, rows: list, parents: list[str], numbers: dict) -> None:
    for number, parts in enumerate(rows, 1):
        row = f"ROW-{prefix}-{number}"
        made[parents[-1]]["children"].append(row)
        made[row] = {"id": row, "children": [], "parents": parents, **ROW}
        for place, part in enumerate(parts, 1):
            name = _part(made, part, f"{prefix}-{number}-{place}", [*parents, row], numbers)
            made[row]["children"].append(name)


def _part(made: dict, part: dict, place: str, parents: list[str], numbers: dict) -> str:
    size = {"width": part.get("wide", 12), "height": part.get("high", 40)}
    if "text" in part:
        name = f"MARKDOWN-{place}"
        meta = {**size, "code": part["text"]}
    else:
        name = f"CHART-{slug_id(part['id'])}"
        meta = {
            **size,
            "chartId": numbers[part["id"]],
            "uuid": uuid_of("chart", part["id"]),
            "sliceName": part["title"],
        }
    kind = "MARKDOWN" if "text" in part else "CHART"
    made[name] = {"id": name, "type": kind, "children": [], "parents": parents, "meta": meta}
    return name


def metadata(board: dict, charts: list[dict], datasets: dict, numbers: dict) -> dict[str, Any]:
    """Filters, colours and the rest of a dashboard's settings."""
    return {
        "native_filter_configuration": [
            _filter(name, spec, charts, datasets, numbers)
            for name, spec in board.get("filters", {}).items()
        ],
        "label_colors": SERIES,
        "shared_label_colors": [],
        "color_scheme": "",
        "timed_refresh_immune_slices": [],
        "expanded_slices": {},
        "refresh_frequency": 0,
        "cross_filters_enabled": False,
        "filter_bar_orientation": "HORIZONTAL",
        "default_filters": "{}",
    }


def _filter(
    name: str, spec: dict, charts: list[dict], datasets: dict, numbers: dict
) -> dict[str, Any]:
    """A filter acts on the charts whose dataset has its column, unless they say `ignores`."""
    outside = [
        numbers[chart["id"]]
        for chart in charts
        if spec["column"] not in datasets[chart["data"]]["columns"]
        or name in chart.get("ignores", [])
    ]
    within = [numbers[chart["id"]] for chart in charts if numbers[chart["id"]] not in outside]
    first = bool(spec.get("first"))
    made: dict[str, Any] = {
        "id": f"NATIVE_FILTER-{name}",
        "name": spec["title"],
        "type": "NATIVE_FILTER",
        "filterType": "filter_select",
        "targets": [
            {
                "datasetUuid": uuid_of("dataset", spec["data"]),
                "column": {"name": spec["column"]},
            }
        ],
        "controlValues": {
            "multiSelect": spec.get("many", False),
            "defaultToFirstItem": first,
            "enableEmptyFilter": first,
            "sortAscending": not spec.get("descending", False),
            "searchAllOptions": spec.get("search", False),
            "inverseSelection": False,
        },
        "defaultDataMask": {"extraFormData": {}, "filterState": {}, "ownState": {}},
        "cascadeParentIds": [f"NATIVE_FILTER-{parent}" for parent in spec.get("after", [])],
        "scope": {"rootPath": ["ROOT_ID"], "excluded": outside},
        "chartsInScope": within,
        "tabsInScope": [],
        "description": spec.get("help", ""),
        "requiredFirst": first,  # the first choice counts at once, without a press on the button
    }
    if "sort" in spec:
        made["sortMetric"] = spec["sort"]
        made["controlValues"]["sortMetric"] = spec["sort"]
    return made
