"""Kinds of charts: what Superset is told for each (`params`), from the few words of a dashboard.

A chart of a dashboard is a mapping: title, kind, data (a dataset), and by kind
  big    show: expression; format; below: a line under the figure
  line, bar   x: column; show: {label: expression}; by: column that makes the series;
              legend: right, for many
  table  columns: [name, …]; sort: [column, …] (a leading - for descending); rows: how many
  heat   x, y: columns; show: expression
  map    entity: column with ISO codes; show: expression
and for all: where: SQL condition; help: what the figure means; wide: of 12; high: in rows of 8 px.
"""

from typing import Any

from desk.boards.palette import CATEGORIES, MARKS, SEQUENCE

FORMATS = {
    "int": ",d",
    "year": "d",
    "score": ",.2f",
    "share": ",.2f",
    "change": "+,.2f",
    "move": "+,d",
}


def params(chart: dict, columns: dict[str, list]) -> dict[str, Any]:
    """The `params` of a chart; `columns` as in columns.yaml. Raises KeyError for another kind."""
    made: dict[str, Any] = {
        "adhoc_filters": [_condition(chart["where"])] if "where" in chart else [],
        "row_limit": chart.get("rows", 1000),
        **_KINDS[chart["kind"]](chart, columns),
    }
    return made


def metric(label: str, expression: str) -> dict[str, Any]:
    """An expression of SQL as a figure of a chart, with the label that it is shown under."""
    return {
        "expressionType": "SQL",
        "sqlExpression": expression,
        "label": label,
        "hasCustomLabel": True,
        "optionName": f"metric_{label}",
    }


def _condition(sql: str) -> dict[str, Any]:
    return {"expressionType": "SQL", "clause": "WHERE", "sqlExpression": sql}


def _big(chart: dict, _: dict) -> dict[str, Any]:
    return {
        "viz_type": "big_number_total",
        "metric": metric(chart["title"], chart["show"]),
        "subtitle": chart.get("below", ""),
        "subheader_font_size": 0.15,
        "subtitle_font_size": 0.125,
        "header_font_size": chart.get("size", 0.6),
        "y_axis_format": FORMATS.get(chart.get("format", ""), chart.get("format", "")),
        "time_format": "%d/%m/%Y %H:%M",
        "force_timestamp_formatting": chart.get("format") == "time",
    }


def _series(chart: dict, _: dict) -> dict[str, Any]:
    made: dict[str, Any] = {
        "x_axis": chart["x"],
        "xAxisForceCategorical": True,
        "metrics": [metric(label, sql) for label, sql in chart["show"].items()],
        "groupby": [chart["by"]] if "by" in chart else [],
        "x_axis_sort_asc": True,
        "x_axis_sort": chart.get("order", chart["x"]),
        "sort_series_type": "name",
        "sort_series_ascending": True,
        "order_desc": True,
        "show_legend": "by" in chart or len(chart["show"]) > 1,
        "legendOrientation": chart.get("legend", "top"),
        "legendType": "scroll",
        "rich_tooltip": True,
        "showTooltipTotal": False,
        "color_scheme": CATEGORIES,
        "y_axis_format": FORMATS.get(chart.get("format", "score")),
        "y_axis_bounds": chart.get("bounds", [None, None]),
        "truncateYAxis": "bounds" in chart,
        "show_value": chart.get("values", "by" not in chart and len(chart["show"]) == 1),
        "only_total": False,
        "show_empty_columns": True,
        "tooltipTimeFormat": "smart_date",
    }
    if "order" in chart:  # another column than the one that is written at the axis
        made["x_axis_sort"] = "ลำดับ"
        made["metrics"] = [*made["metrics"]]
        made["timeseries_limit_metric"] = metric("ลำดับ", chart["order"])
    return made


def _line(chart: dict, columns: dict) -> dict[str, Any]:
    return {
        **_series(chart, columns),
        "viz_type": "echarts_timeseries_line",
        "markerEnabled": True,
        "markerSize": 7,
    }


def _bar(chart: dict, columns: dict) -> dict[str, Any]:
    made = {
        **_series(chart, columns),
        "viz_type": "echarts_timeseries_bar",
        "orientation": "horizontal" if chart.get("lying") else "vertical",
        "stack": "Stack" if chart.get("stacked") else None,
        "xAxisLabelRotation": 0,
    }
    if chart.get("lying"):  # the first at the top; has no effect where there are several series
        made["x_axis_sort_asc"] = False
    return made


def _table(chart: dict, columns: dict) -> dict[str, Any]:
    shown = chart["columns"]
    order = [[name.lstrip("-"), not name.startswith("-")] for name in chart.get("sort", [])]
    return {
        "viz_type": "table",
        "query_mode": "raw",
        "all_columns": shown,
        "order_by_cols": [_json_pair(pair) for pair in order],
        "server_pagination": False,
        "page_length": chart.get("page", 0),
        "include_search": chart.get("search", False),
        "table_timestamp_format": "%d/%m/%Y %H:%M",
        "allow_render_html": True,
        "show_cell_bars": False,
        "color_pn": False,
        "allow_rearrange_columns": False,
        "column_config": {name: _column(name, columns, chart) for name in shown},
        "conditional_formatting": [
            {
                "column": column,
                "operator": operator,
                "targetValue": value,
                "colorScheme": MARKS[colour],
            }
            for column, operator, value, colour in chart.get("colours", [])
        ],
    }


def _json_pair(pair: list) -> str:
    """A column and whether it ascends, as Superset writes it: '["name", true]'."""
    return f'["{pair[0]}", {"true" if pair[1] else "false"}]'


def _column(name: str, columns: dict, chart: dict) -> dict[str, Any]:
    kind = columns[name][1]
    made: dict[str, Any] = {"horizontalAlign": "right" if kind in FORMATS else "left"}
    if kind in FORMATS:
        made["d3NumberFormat"] = FORMATS[kind]
        made["d3SmallNumberFormat"] = FORMATS[kind]
    if name in chart.get("widths", {}):
        made["columnWidth"] = chart["widths"][name]
    return made


def _heat(chart: dict, _: dict) -> dict[str, Any]:
    return {
        "viz_type": "heatmap_v2",
        "x_axis": chart["x"],
        "groupby": chart["y"],
        "metric": metric(chart.get("label", "ร้อยละ"), chart["show"]),
        "sort_x_axis": "alpha_asc",
        "sort_y_axis": "alpha_desc",
        "normalize_across": "heatmap",
        "linear_color_scheme": SEQUENCE[chart.get("colour", "deficient")],
        "xscale_interval": 1,
        "yscale_interval": 1,
        "left_margin": chart.get("left", "auto"),
        "bottom_margin": 45,  # "auto" cuts the labels off
        "value_bounds": [None, None],
        "y_axis_format": FORMATS.get(chart.get("format", "score")),
        "show_legend": True,
        "show_percentage": False,
        "show_values": chart.get("values", False),
        "x_axis_label_rotation": 0,
    }


def _map(chart: dict, _: dict) -> dict[str, Any]:
    return {
        "viz_type": "country_map",
        "select_country": "thailand",
        "entity": chart["entity"],
        "metric": metric(chart.get("label", chart["title"]), chart["show"]),
        "number_format": FORMATS.get(chart.get("format", "score")),
        "linear_color_scheme": SEQUENCE[chart.get("colour", "score")],
    }


_KINDS = {"big": _big, "line": _line, "bar": _bar, "table": _table, "heat": _heat, "map": _map}
