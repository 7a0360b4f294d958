"""The bundled samples are judged as the five real documents must come out; the JSON ones follow the
published schema.
"""

import csv
import json

import jsonschema
import pytest

from ingestion.check import judge_files
from tests.beside import SHARED, beside
from warehouse.settings import REPOSITORY

SAMPLES = REPOSITORY / "ingestion" / "samples"
SCHEMA = json.loads(
    (REPOSITORY / "ingestion" / "submission.schema.json").read_text(encoding="utf-8")
)


@pytest.fixture(scope="module")
def judged():
    return {
        file.name: result
        for file, result in judge_files(
            sorted(file for file in SAMPLES.iterdir() if file.suffix in (".csv", ".json"))
        )
    }


def scores(result) -> dict:
    return {
        row.code or "overall": float(str(row.score)) for row in result.tables["score"].itertuples()
    }


def unit(result, fiscal_year: int) -> dict:
    return next(unit for unit in result.units if unit["fiscal_year"] == fiscal_year)


def test_all_are_accepted(judged):
    assert {name: result.state for name, result in judged.items()} == {
        "agencies.csv": "accepted",
        "lat-khwang-2568.csv": "accepted_with_warnings",
        "lat-khwang-2569-measures.json": "accepted",
        "mae-sai-2566.json": "accepted_with_warnings",
        "mueang-don-2566-progress.json": "accepted_with_warnings",
        "mueang-si-khai-2566.json": "accepted_with_warnings",
        "tak-2567.csv": "accepted",
        "tak-2568-measures.json": "accepted",
    }
    assert len(judged["agencies.csv"].tables["agency"]) == 5


def test_mae_sai(judged):
    result = judged["mae-sai-2566.json"]
    found = scores(result)
    assert (
        found.pop("overall") == 91.15
        and len(found) == 87
        and "o4" not in found
        and found["o30"] == found["o42"] == found["o43"] == 0
    )
    assert (found["e3"], found["i19"], found["e12"]) == (92.65, 98.43, 91.58)
    table = result.tables["score"]
    flagged = {"e1", "e3", "e6", "e7", "e8", "e10", "e12", "e13", "i19", "o30"}
    assert set(table.loc[table["flagged"], "code"]) == flagged and table[
        "rating"
    ].dropna().tolist() == ["pass"]
    remarks = result.tables["remark"]
    assert set(remarks["item_code"].dropna()) == flagged and set(remarks["topic_no"]) == set(
        range(1, 8)
    )
    assert remarks.loc[remarks["topic_no"] == 5, "item_code"].isna().all()
    measures = result.tables["measure"]
    assert (
        len(measures) == 14
        and set(measures["fiscal_year"]) == {2567}
        and measures[["steps_th", "responsible_th"]].notna().all(axis=None)
    )
    assert set(measures["starts_on"].astype(str)) == {"2023-10-01"} and set(
        measures["ends_on"].astype(str)
    ) == {"2024-09-30"}
    assert result.tables["constraint_note"]["kind"].value_counts().to_dict() == {
        "staff": 4,
        "technology": 3,
        "budget": 2,
    }
    assert (round(unit(result, 2566)["recomputed"], 2), unit(result, 2566)["basis"]) == (
        92.56,
        "partial",
    )
    assert result.counted == {"missing_items": 1, "recomputed_differs": 1}


def test_tak(judged):
    result = judged["tak-2567.csv"]
    assert (
        scores(result)["overall"] == 99.40
        and len(result.tables["score"]) == 11
        and result.tables["score"]["rating"].dropna().tolist() == ["excellent"]
    )
    assert result.tables["unit"][
        ["published_province_rank", "published_type_rank"]
    ].values.tolist() == [[1, 7]]
    assert (round(unit(result, 2567)["recomputed"], 2), unit(result, 2567)["basis"]) == (
        99.39,
        "indicators",
    )
    assert len(judged["tak-2568-measures.json"].tables["measure"]) == 7


def test_lat_khwang(judged):
    result = judged["lat-khwang-2568.csv"]
    table = result.tables["score"]
    assert (
        scores(result)["overall"] == 99.34
        and (table["level"] == "item").sum() == 51
        and (table["level"] == "indicator").sum() == 10
    )
    assert "o15" not in set(table["code"]) and result.counted == {"missing_items": 1}
    assert (round(unit(result, 2568)["recomputed"], 2), unit(result, 2568)["basis"]) == (
        99.34,
        "mixed",
    )
    assert len(judged["lat-khwang-2569-measures.json"].tables["measure"]) == 12


def test_mueang_don(judged):
    result = judged["mueang-don-2566-progress.json"]
    assert (
        "score" not in result.tables
        and len(result.tables["measure"]) == 8
        and len(result.tables["progress"]) == 8
    )
    assert (
        result.counted["date_outside_period"] == 5
    )  # four completions after 31 March 2566, one of them after the year too
    assert sum("2023-09-30" in found.message_en for found in result.findings) == 1


def test_mueang_si_khai(judged):
    result = judged["mueang-si-khai-2566.json"]
    measures = result.tables["measure"].set_index("measure_no")
    assert (
        "score" not in result.tables and len(measures) == 7 and result.counted == {"no_period": 4}
    )
    assert (
        measures["ends_on"].notna().tolist() == [True] * 3 + [False] * 4
        and str(measures["ends_on"][2]) == "2023-06-30"
    )
    assert result.tables["constraint_note"]["kind"].value_counts().to_dict() == {
        "staff": 2,
        "budget": 2,
        "material": 2,
        "method": 1,
    }


@pytest.mark.parametrize("file", sorted(SAMPLES.glob("*.json")), ids=lambda file: file.name)
def test_json_samples_follow_the_published_schema(file):
    jsonschema.validate(json.loads(file.read_text(encoding="utf-8")), SCHEMA)


@beside
def test_figures_are_those_of_the_real_documents(judged):
    with (SHARED / "reference" / "seed_scores.csv").open(encoding="utf-8", newline="") as lines:
        rows = [
            row
            for row in csv.DictReader(lines)
            if row["level"] in ("overall", "indicator", "item")
            and not row["source_file"].startswith("003")
        ]
    files = {"000": "mae-sai-2566.json", "002": "tak-2567.csv", "004": "lat-khwang-2568.csv"}
    for row in rows:
        code = "overall" if row["level"] == "overall" else row["code"]
        assert scores(judged[files[row["source_file"][:3]]])[code] == float(row["score"]), row
