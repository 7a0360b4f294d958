"""Text of an agency's page is escaped once, where its document is read: nothing is left out."""

import io
import json
from decimal import Decimal
from types import SimpleNamespace

import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markupsafe import escape

from reports.site.open import agencies, downloads, pages, parts

HOSTILE = "<b>\"'&</b>"
FACTS = SimpleNamespace(
    years=[2567, 2568],
    provinces={"56": {"province_th": "พะเยา"}},
    types={"tambon_mun": {"agency_type_th": "เทศบาลตำบล"}},
    indicators={2567: [{"indicator_no": 1, "indicator_th": "การปฏิบัติหน้าที่"}]},
    indicator_means={(2567, "tambon_mun"): {1: Decimal("88.125")}},
    national={2567: {"provisional": False}},
)
DOCUMENT = {
    "agency_id": HOSTILE,
    "fiscal_year": 2567,
    "name": HOSTILE,
    "type": "tambon_mun",
    "province": "56",
    "district": HOSTILE,
    "score": 91.125,
    "source": "recomputed",
    "level": "good",
    "level_th": HOSTILE,
    "level_source": "computed",
    "reason": HOSTILE,
    "parts": [99.5, None, 80, 85, 90],
    "national": [1, 8320, 3],
    "type_rank": [1, 2000, None],
    "province_rank": None,
    "indicators": [[1, 90.125, -0.5]],
    "series": [[2566, 80, HOSTILE], [2567, 91.125, HOSTILE]],
    "years": [2567, 2566],
    "successor": [HOSTILE, HOSTILE, True],
    "last": 2567,
    "before": [[HOSTILE, HOSTILE, 2565]],
}


@pytest.fixture
def page():
    environment = pages.environment()
    environment.globals.update(pages.shared(FACTS))
    return agencies.Pages(environment, FACTS).render(json.dumps(DOCUMENT))


def test_no_text_of_an_agency_is_markup(page):
    assert '<b>"' not in page and "&</b>" not in page
    assert page.count("&lt;b&gt;&#34;&#39;&amp;&lt;/b&gt;") == 12
    assert "&amp;lt;" not in page  # nor escaped twice


@given(st.text())
@example("it's <b> & &#34;")
@example("a\\")
@example('\\"')
def test_any_text_is_escaped_once(text):
    """With a backslash in its JSON, or without one: two ways to the same."""
    document = json.dumps({**DOCUMENT, "name": text, "before": [[text]]}, ensure_ascii=False)
    without = document.replace(json.dumps(HOSTILE), '""')
    for written in (document, without):
        found = agencies.parsed(written)
        assert found["name"] == found["before"][0][0] == str(escape(text))
        assert found["score"] == "91.125"


def test_figures_are_rounded_half_up(page):
    for figure in ("91.13", "90.13", "88.13", "−0.50", "8,320"):
        assert figure in page, figure


def test_parts_of_all_pages_are_escaped_once():
    assert parts.level("good", HOSTILE).endswith(f">{escape(HOSTILE)}</span>")
    assert parts.level("good", escape(HOSTILE)) == parts.level("good", HOSTILE)
    assert parts.level(None, None) == "–"
    chart = parts.chart([(2566, 80, "x"), (2567, None), (2568, "91.13")], HOSTILE)
    assert f'aria-label="{escape(HOSTILE)}"' in chart and chart.count("<circle") == 2
    assert parts.chart([(2567, None), (2568, 80)], "") == ""  # a point is no line


def test_json_of_the_data_holds_each_value_as_it_is():
    rows = [{"agency_id": "A", "ปี": HOSTILE, "score": 91.13}, {"agency_id": "B"}, {}]
    columns = {name: [row.get(name) for row in rows] for name in rows[0]}
    text = downloads._json_lines(pa.table(columns)).decode()
    assert json.loads(text) == [
        {"agency_id": None, "ปี": None, "score": None, **row} for row in rows
    ]
    assert len(io.StringIO(text).readlines()) == len(rows) + 2 and "<" not in text
