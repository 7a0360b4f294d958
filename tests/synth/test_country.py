"""The synthetic country.

Same seed same bytes, calibrated, and right by the rules when somebody else computes them.

Long, since its countries are written once for all of it, and the rules are computed beside them.
"""

import hashlib
import json
from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import combinations_with_replacement, product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion import check
from ita.commands.synth import synth
from synth import agencies, country, scores
from synth.layouts import LAYOUTS
from synth.reference import seed_table
from warehouse import reference
from warehouse.errors import BadInput

YEARS = range(2564, 2569)
WEIGHTS = {"IIT": Fraction(30, 100), "EIT": Fraction(30, 100), "OIT": Fraction(40, 100)}


@pytest.fixture(scope="module", autouse=True)
def few_own_files():
    """Ten agencies with files of their own instead of 200: the files are many and slow to write."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(country, "SAMPLE", 10)
        yield


@pytest.fixture(scope="module")
def small(tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("small")
    country.write(out, 40, 2564, 2568, 11)
    return out


@pytest.fixture(scope="module")
def large(tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("large")
    country.write(out, 3000, 2564, 2568, 5, ["long"])
    return out


def digest(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def long_table(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def final(folder: Path, fiscal_year: int) -> pd.DataFrame:
    """The year's official rows with the correction applied."""
    first, correction = (
        long_table(folder / "long" / f"nacc_{fiscal_year}{ending}.csv")
        for ending in ("", "_correction")
    )
    return pd.concat([first[~first.agency_id.isin(correction.agency_id)], correction])


def test_same_seed_same_bytes_other_seed_other_bytes(small, tmp_path):
    country.write(tmp_path / "again", 40, 2564, 2568, 11)
    country.write(tmp_path / "other", 40, 2564, 2568, 12)
    assert digest(tmp_path / "again") == digest(small)
    common = digest(small).keys() & digest(tmp_path / "other").keys()
    assert {"agencies.csv", "long/nacc_2564.csv", "json/nacc_2568.json"} <= common
    assert all(digest(small)[name] != digest(tmp_path / "other")[name] for name in common)


def test_means_and_pass_shares_are_the_published_ones(large):
    """Within 0.1 points and 0.5 percentage points (national_statistic.csv)."""
    published = (
        seed_table("national_statistic")
        .query("metric in ('mean_score', 'share_pass_85')")
        .set_index(["fiscal_year", "metric"])["value"]
    )
    for year in YEARS:
        overall = final(large, year).query("level == 'overall'")["score"].astype(float)
        assert overall.mean() == pytest.approx(float(published[str(year), "mean_score"]), abs=0.1)
        assert (overall >= 85).mean() * 100 == pytest.approx(
            float(published[str(year), "share_pass_85"]), abs=0.5
        )


@pytest.mark.parametrize(("count", "seed"), [(300, 1), (1000, 99)])
def test_small_countries_are_calibrated_too(count, seed):
    published = (
        seed_table("national_statistic")
        .query("metric in ('mean_score', 'share_pass_85')")
        .set_index(["fiscal_year", "metric"])["value"]
    )
    registry = agencies.build(count, 2564, 2568, seed)
    lasting = scores.traits(registry, seed)
    for year in YEARS:
        overall = country._scores(country.load(year), registry, lasting, seed).figures[:, 0]
        assert overall.mean() / 100 == pytest.approx(
            float(published[str(year), "mean_score"]), abs=0.1
        )
        assert (overall >= 8500).mean() * 100 == pytest.approx(
            float(published[str(year), "share_pass_85"]), abs=0.5
        )


def test_published_indicator_means(large):
    """The three indicator means that are published come out within half a point."""
    for year, code, mean in ((2567, "8", 84.49), (2568, "8", 94.39), (2568, "3", 99.45)):
        rows = final(large, year).query("level == 'indicator'").set_index("code")
        assert rows.loc[code, "score"].astype(float).mean() == pytest.approx(mean, abs=0.75)


def half_up(value: Fraction) -> str:
    return str(
        (Decimal(value.numerator) / Decimal(value.denominator)).quantize(
            Decimal("0.01"), ROUND_HALF_UP
        )
    )


def mean(values) -> Fraction:
    values = list(values)
    return sum(values, Fraction(0)) / len(values)


def recompute(
    items: dict[tuple[str, str], Fraction], framework: pd.DataFrame
) -> dict[tuple[str, str, str], str]:
    """Domain rules 1 to 6 in exact fractions, written apart from synth.

    Gives {(level, code, part): text}.
    """
    found, of_instrument, parts = {}, defaultdict(list), defaultdict(list)
    for (instrument, indicator), rows in framework.groupby(
        ["instrument", "indicator_no"], sort=False
    ):
        if instrument == "IIT":
            score = mean(items[code, ""] for code in rows.item_code)
        elif instrument == "EIT":
            both = [
                mean(items[code, part] for code in rows.item_code) for part in ("public", "survey")
            ]
            parts["public"].append(both[0])
            parts["survey"].append(both[1])
            score = mean(both)
        else:
            subs = {
                sub: mean(items[code, ""] for code in of.item_code)
                for sub, of in rows.groupby("sub_indicator")
            }
            found |= {("sub_indicator", sub, ""): half_up(value) for sub, value in subs.items()}
            score = mean(subs.values())
        found["indicator", indicator, ""] = half_up(score)
        of_instrument[instrument].append(score)
    found |= {("instrument", "EIT", part): half_up(mean(values)) for part, values in parts.items()}
    found |= {
        ("instrument", code, ""): half_up(mean(values)) for code, values in of_instrument.items()
    }
    found["overall", "", ""] = half_up(
        sum(WEIGHTS[code] * mean(values) for code, values in of_instrument.items())
    )
    return found


def level(published: dict[tuple[str, str, str], str], fiscal_year: int) -> str:
    """Domain, section 3."""
    overall = Decimal(published["overall", "", ""])
    if fiscal_year <= 2565:
        return next(
            code
            for code, least in (
                ("AA", 95),
                ("A", 85),
                ("B", 75),
                ("C", 65),
                ("D", 55),
                ("E", 50),
                ("F", 0),
            )
            if overall >= least
        )
    lowest = min(
        Decimal(published["instrument", code, part])
        for code, part in (("IIT", ""), ("EIT", "public"), ("EIT", "survey"), ("OIT", ""))
    )
    if overall < 85:
        return "improve" if overall >= 70 else "urgent"
    return "excellent" if overall >= 95 and lowest >= 95 else "good" if lowest >= 85 else "pass"


@pytest.mark.parametrize("fiscal_year", YEARS)
def test_published_figures_follow_from_the_items(small, fiscal_year):
    framework = seed_table("framework_item").query("fiscal_year == @fiscal_year.__str__()")
    for ending in ("", "_correction"):
        for _, rows in long_table(small / "long" / f"nacc_{fiscal_year}{ending}.csv").groupby(
            "agency_id"
        ):
            items = rows[rows.level == "item"]
            exact = {
                (code, part): Fraction(score)
                for code, part, score in items[["code", "part", "score"]].values
            }
            assert len(exact) == len(items)
            said = {
                (row.level, row.code, row.part): row.score
                for row in rows[rows.level != "item"].itertuples()
            }
            assert said == recompute(exact, framework)
            assert rows.loc[rows.level == "overall", "rating"].tolist() == [
                level(said, fiscal_year)
            ]


def test_items_are_the_frameworks_and_on_its_scales(small):
    for year in YEARS:
        items = final(small, year).query("level == 'item'")
        framework = seed_table("framework_item").query("fiscal_year == @year.__str__()")
        assert set(items.code) == set(framework.item_code)
        assert set(items.loc[items.code.str.startswith("o"), "score"]) <= {"0.00", "100.00"}
        assert items["score"].str.fullmatch(r"\d{1,3}\.\d\d").all()
        parts = items.groupby(items.code.str[0])["part"].agg(lambda part: tuple(sorted(set(part))))
        assert parts.to_dict() == {"e": ("public", "survey"), "i": ("",), "o": ("",)}


@given(
    st.floats(0, 100),
    st.integers(1, 9),
    st.sampled_from([(0, 33, 67, 100), (0, 20, 40, 60, 80, 100)]),
)
def test_answers_are_answers(wanted, asked, losses):
    """What respondents lose in all is a sum of `asked` answers of the scale."""
    given_ = scores._answers(np.array([wanted]), np.array([asked]), list(losses))[0]
    assert given_ in {sum(answers) for answers in combinations_with_replacement(losses, asked)}


def test_many_respondents_come_close():
    """Where half of the points or less are lost, the mean is off by half a mild answer at most.

    Beyond, the next cell takes it up.
    """
    for wanted, losses in product(
        np.linspace(0, 50, 50), ([0, 33, 67, 100], [0, 20, 40, 60, 80, 100])
    ):
        lost = scores._answers(np.array([wanted]), np.array([200]), losses)[0]
        assert abs(lost / 200 - wanted) <= losses[1] / 2 / 200 + 1e-9


def test_registry_is_valid(large):
    registry = long_table(large / "agencies.csv")
    assert list(registry.columns) == agencies.REGISTRY_COLUMNS
    assert registry["agency_id"].str.fullmatch(r"SYN-\d{5}").all()
    assert set(registry["agency_type"]) == set(seed_table("agency_type")["agency_type"])
    assert set(registry["province_code"]) - {""} == set(seed_table("province")["province_code"])
    assert (registry.groupby("agency_id")["province_code"].nunique() == 1).all()
    spells = registry.assign(
        start=registry.valid_from.astype(int), end=registry.valid_to.replace("", "9999").astype(int)
    )
    assert (spells.start <= spells.end).all()
    spells = spells.sort_values(["agency_id", "start"])
    after = spells.groupby("agency_id")["start"].shift(-1)
    assert (after.isna() | (after > spells.end)).all()
    ended = dict(zip(spells.agency_id, spells.end, strict=True))
    successors = spells[spells.replaces != ""]
    assert (
        successors["replaces"].str.contains("|", regex=False).any()
        and not successors["replaces"].str.contains("|", regex=False).all()
    )
    for row in successors.itertuples():
        assert all(ended[before] == row.start - 1 for before in row.replaces.split("|"))
    assert (registry["aliases"] != "").any()
    types = spells.groupby("agency_id")["agency_type"].agg(list)
    assert types.map(lambda of: len(set(of)) > 1).any(), "nobody was upgraded"


def test_names_are_unique_within_province_and_type(large):
    """Over all years and former names: a name with type and province means one agency."""
    registry = long_table(large / "agencies.csv")
    assert (
        registry.groupby(["name_th", "agency_type", "province_code"])["agency_id"].nunique() == 1
    ).all()


@pytest.mark.parametrize("count", [1, 7, 50, 300, 8320])
def test_every_size_has_its_kinds(count):
    registry = agencies.build(count, 2568, 2568, 3)
    assert len(registry) == count
    if count >= 50:
        assert registry["agency_type"].nunique() == 17
        assert (
            0.5
            < (registry["agency_type"] == "sao").mean()
            + (registry["agency_type"] == "tambon_mun").mean()
            < 0.95
        )


def test_kinds_fail_other_items(large):
    """Small SAOs and universities do not fail the same OIT items."""
    rows = (
        final(large, 2568)
        .query("level == 'item' and code.str.startswith('o')")
        .assign(failed=lambda rows: rows.score == "0.00")
    )
    shares = rows.pivot_table(index="code", columns="agency_type", values="failed")
    assert (shares["sao"] - shares["university"]).abs().max() > 0.1


def test_strength_and_weakness_persist(large):
    before, now = final(large, 2567), final(large, 2568)
    overall = [
        year.query("level == 'overall'").set_index("agency_id")["score"].astype(float)
        for year in (before, now)
    ]
    assert 0.6 < overall[0].corr(overall[1]) < 0.95
    report = {"2567": "o35", "2568": "o28"}  # the report on last year's measures, item_meaning.csv
    failed = [
        year[(year.level == "item") & (year.code == report[year.fiscal_year.iloc[0]])].set_index(
            "agency_id"
        )["score"]
        == "0.00"
        for year in (before, now)
    ]
    both = pd.concat(failed, axis=1, keys=["before", "now"]).dropna().astype(bool)
    assert both.loc[both.before, "now"].mean() > 1.3 * both["now"].mean()


def test_json_says_what_the_long_table_says(small):
    for year in YEARS:
        rows = long_table(small / "long" / f"nacc_{year}_correction.csv")
        table = {
            (row.agency_id, row.level, row.code, row.part): (
                float(row.score),
                row.rating,
                row.flagged == "true",
                row.remark,
            )
            for row in rows.itertuples()
        }
        objects = json.loads(
            (small / "json" / f"nacc_{year}_correction.json").read_text(encoding="utf-8")
        )
        assert {one["fiscal_year"] for one in objects} == {year}
        assert table == {
            (one["agency"]["agency_id"], score["level"], score["code"], score["part"]): (
                score["score"],
                score.get("rating", ""),
                score.get("flagged", False),
                score.get("remark", ""),
            )
            for one in objects
            for score in one["scores"]
        }


def test_corrections_change_figures_and_bring_the_late(large):
    first, correction = (
        long_table(large / "long" / f"nacc_2566{ending}.csv")
        .query("level == 'overall'")
        .set_index("agency_id")["score"]
        for ending in ("", "_correction")
    )
    again = correction.index.intersection(first.index)
    assert len(again) == pytest.approx(30, abs=2)
    assert (first[again] != correction[again]).all()
    assert 3 <= len(correction.index.difference(first.index)) <= 9
    assert len(first) + len(correction) - len(again) == pytest.approx(
        3000 * (1 - country.MISSING), abs=10
    )


def test_own_files_of_the_sample_agree(small):
    for path in (small / "own" / "wide").glob("*.csv"):
        wide = pd.read_csv(path, dtype=str, keep_default_na=False).iloc[0]
        rows = long_table(small / "own" / "long" / path.name)
        names = [
            ".".join(filter(None, [row.code or "overall", row.part])) for row in rows.itertuples()
        ]
        assert wide[names].tolist() == rows["score"].tolist()
        for layout in ("wide-xlsx", "long-xlsx"):
            book = pd.read_excel(small / "own" / layout / f"{path.stem}.xlsx")
            said = book["score"].tolist() if layout == "long-xlsx" else book.iloc[0][names].tolist()
            assert said == [float(score) for score in rows["score"]]


def test_templates_are_taken_whole(small):
    """Intake reads the same figures from the filled-in template as from the JSON of the same
    agency, and has nothing to say.
    """
    files = sorted((small / "own" / "template").glob("*.xlsx"))
    assert len(files) >= 5
    others = [small / "own" / "json" / f"{file.stem}.json" for file in files]
    judged = [judged for _, judged in check.judge_files([small / "agencies.csv", *files, *others])][
        1:
    ]
    for template, other in zip(judged[: len(files)], judged[len(files) :], strict=True):
        assert (template.layout, template.state, template.findings) == ("template", "accepted", [])
        columns = [
            "agency_id",
            "fiscal_year",
            "level",
            "code",
            "part",
            "score",
            "rating",
            "flagged",
        ]
        here, there = (
            set(
                one.tables["score"]
                .query("level != 'sub_indicator'")[columns]
                .astype(str)
                .itertuples(index=False, name=None)
            )
            for one in (template, other)
        )
        assert here == there and len(here) > 60


def test_documents_are_one_an_agency(tmp_path):
    """Not official: a late or corrected agency has one document, the final one."""
    country.write(tmp_path, 60, 2568, 2568, 11, ["document"])
    files = sorted((tmp_path / "document").iterdir())
    names = {f"SYN-{number:05d}_2568.txt" for number in range(1, 61)}
    assert {file.name for file in files} < names and len(files) >= 59, "one agency may be missing"
    assert "คะแนนที่ได้ ๙" in files[0].read_text(encoding="utf-8")


def test_wrong_arguments_say_what_to_do(tmp_path):
    with pytest.raises(BadInput, match="choose from long, json"):
        country.write(tmp_path, 10, 2568, 2568, 1, ["paper"])
    known = reference.complete_years()
    with pytest.raises(BadInput, match=f"not known.*{min(known)} to {max(known)}"):
        country.write(tmp_path, 10, max(known), max(known) + 1, 1)
    with pytest.raises(BadInput, match="at least one agency"):
        country.write(tmp_path, 0, 2568, 2568, 1)
    assert not list(tmp_path.iterdir())


def test_the_command_offers_the_layouts_that_there_are():
    (option,) = (option for option in synth.params if option.name == "layout")
    assert list(option.type.choices) == list(LAYOUTS)
