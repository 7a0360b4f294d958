"""What the agencies of one year score.

A deficit for each agency from the published distribution, shared out to indicators and items.

Order of decisions: how much each agency loses (calibration.csv), in which indicators
(indicator_mean.csv, weakness.csv), which OIT items fail (0 or 100), and at last what the
respondents answered (answer_scale.csv), which takes up what is left exactly.
"""

from dataclasses import dataclass
from math import comb

import numpy as np
import pandas as pd

from synth.framework import Framework
from synth.reference import assumed, assumption, random, seed_table

LARGEST_DEFICIT = 80.0  # points of 100
LARGEST_ITEM_DEFICIT = 95.0  # of a survey item
INDICATORS = [str(no) for no in range(1, 11)]


@dataclass(frozen=True)
class Traits:
    """What stays with an agency over the years, by agency_id.

    A successor is the mean of those it replaces.

    strength: standard deviations, high = good. indicator, meaning: log multipliers of what is lost
    there, agencies × 10 and agencies × meanings.
    """

    ids: pd.Index
    meanings: pd.Index
    strength: np.ndarray
    indicator: np.ndarray
    meaning: np.ndarray
    respondents: np.ndarray
    difficulty: np.ndarray  # by meaning
    group_meaning: dict[str, np.ndarray]


def traits(registry: pd.DataFrame, seed: int) -> Traits:
    rng = random(seed, "traits")
    ids = pd.Index(registry["agency_id"].unique())
    meanings = pd.Index(sorted(seed_table("item_meaning")["meaning"].unique()))
    province_strength = pd.Series(
        rng.normal(0, 0.25, 100), index=[f"{code:02d}" for code in range(100)]
    )
    first = registry.drop_duplicates("agency_id").set_index("agency_id")
    strength = (
        rng.normal(0, 0.8, len(ids))
        + first["province_code"].map(province_strength).fillna(0).to_numpy()
    )
    indicator = rng.normal(0, 0.35, (len(ids), len(INDICATORS)))
    meaning = rng.normal(0, 0.8, (len(ids), len(meanings)))
    respondents = rng.lognormal(0, 0.25, len(ids))
    for agency_id, replaces in registry.loc[
        registry.replaces != "", ["agency_id", "replaces"]
    ].values:
        parents = ids.get_indexer(replaces.split("|"))
        for table in (strength, indicator, meaning, respondents):
            table[ids.get_loc(agency_id)] = table[parents].mean(axis=0)
    groups = sorted(assumption("agency_kind")["weakness_group"].unique())
    return Traits(
        ids,
        meanings,
        strength,
        indicator,
        meaning,
        respondents,
        rng.normal(0, 0.7, len(meanings)),
        {group: rng.normal(0, 0.5, len(meanings)) for group in groups},
    )


def deficits(count: int, shape: float, scale: float) -> np.ndarray:
    """`count` quantiles of the gamma law, ascending: points below 100.

    Quantiles, not draws, so that a small country is calibrated too.
    """
    grid = np.linspace(0, 3 * LARGEST_DEFICIT, 400_001)
    cumulated = np.cumsum(grid ** (shape - 1) * np.exp(-grid / scale))
    return np.minimum(
        np.interp((np.arange(count) + 0.5) / count, cumulated / cumulated[-1], grid),
        LARGEST_DEFICIT,
    )


def simulate(framework: Framework, agencies: pd.DataFrame, traits: Traits, seed: int) -> np.ndarray:
    """Scores of one year in hundredths of a point.

    Agencies (rows of `roster`) × framework.cells, integers 0–10000.
    """
    rng = random(seed, "scores", framework.fiscal_year)
    kinds = assumption("agency_kind").set_index("agency_kind").loc[agencies["agency_kind"]]
    who = traits.ids.get_indexer(agencies["agency_id"])
    law = assumed("calibration", framework.fiscal_year).iloc[0]

    strength = (
        kinds["strength"].astype(float).to_numpy()
        + traits.strength[who]
        + rng.normal(0, 0.45, len(who))
    )
    lost = np.empty(len(who))
    lost[np.argsort(-strength, kind="stable")] = deficits(
        len(who), float(law.deficit_shape), float(law.deficit_scale)
    )

    groups = kinds["weakness_group"].to_numpy()
    shares = _indicator_losses(
        framework, lost, traits.indicator[who] + _group_effects(groups, INDICATORS), rng
    )
    leaning = _leanings(framework, groups, traits, who, rng)
    scores = np.full((len(who), len(framework.cells)), 10_000, dtype=np.int32)
    left = _fail_oit_items(framework, lost, shares, leaning, scores, rng)
    respondents = {"IIT": kinds["respondents_iit"], "EIT": kinds["respondents_eit"]}
    respondents = {
        name: np.maximum(
            10, np.rint(count.astype(float).to_numpy() * traits.respondents[who])
        ).astype(np.int64)
        for name, count in respondents.items()
    }
    _answer_surveys(framework, left, shares, leaning, respondents, scores, rng)
    return scores


def _group_effects(groups: np.ndarray, codes: list[str]) -> np.ndarray:
    """weakness.csv as agencies × codes (indicators or sub-indicators)."""
    table = assumption("weakness").assign(effect=lambda rows: rows.effect.astype(float))
    table = table.pivot(index="weakness_group", columns="code", values="effect")
    return table.reindex(index=groups, columns=codes).fillna(0.0).to_numpy()


def _indicator_losses(
    framework: Framework, lost: np.ndarray, effects: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Points of the overall score that each agency loses in each indicator (agencies × 10).

    Rows sum to `lost`, columns come to the year's indicator means.
    """
    means = (
        assumed("indicator_mean", framework.fiscal_year)
        .set_index("indicator_no")["mean_score"]
        .astype(float)
    )
    weights = _indicator_weights(framework)
    wanted = weights * (100 - means[INDICATORS].to_numpy())
    wanted *= lost.sum() / wanted.sum()
    shares = wanted * np.exp(effects + rng.normal(0, 0.2, effects.shape))
    for _ in range(30):
        shares *= wanted / np.maximum(shares.sum(axis=0), 1e-9)
        shares *= (lost / shares.sum(axis=1))[:, None]
        shares = np.minimum(shares, weights * LARGEST_ITEM_DEFICIT)
    return shares * (lost / shares.sum(axis=1))[:, None]


def _indicator_weights(framework: Framework) -> np.ndarray:
    """Weight of the ten indicators in the overall score (sum 1)."""
    return np.array(
        [
            framework.loss_weights[(framework.cells.indicator_no == no).to_numpy()].sum()
            for no in INDICATORS
        ]
    )


def _leanings(
    framework: Framework,
    groups: np.ndarray,
    traits: Traits,
    who: np.ndarray,
    rng: np.random.Generator,
) -> np.ndarray:
    """How readily each agency loses points in each cell (agencies × cells, log scale).

    The item's difficulty, its kind's weakness, its own, this year's luck, and in the EIT which of
    the two parts judges it more severely.
    """
    cells = framework.cells
    part = cells["part"].map({"public": 1, "survey": -1, "": 0}).to_numpy()
    which = traits.meanings.get_indexer(cells["meaning"])
    by_group = np.stack([traits.group_meaning[group] for group in traits.group_meaning])
    group_no = pd.Index(list(traits.group_meaning)).get_indexer(groups)
    return (
        traits.difficulty[which]
        + by_group[group_no][:, which]
        + traits.meaning[who][:, which]
        + _group_effects(groups, cells["sub_indicator"].tolist())
        + rng.normal(0, 0.5, (len(who), len(cells)))
        + rng.normal(0, 0.4, (len(who), 1)) * part
    )


def _fail_oit_items(
    framework: Framework,
    lost: np.ndarray,
    shares: np.ndarray,
    leaning: np.ndarray,
    scores: np.ndarray,
    rng: np.random.Generator,
) -> np.ndarray:
    """Sets failed OIT items to 0, the likeliest first, until the indicator's loss is used up.

    Returns what the surveys must still lose.

    The last item fails with the chance that keeps the indicator's mean loss right, but never takes
    more than the agency loses at all.
    """
    left = lost.copy()
    everyone = np.arange(len(lost))
    for column in (9, 8):
        cells = np.flatnonzero(framework.cells.indicator_no == INDICATORS[column])
        order = cells[np.argsort(-leaning[:, cells], axis=1, kind="stable")]
        budget = shares[:, column].copy()
        going_on = np.ones(len(lost), dtype=bool)
        for position in range(len(cells)):
            item = order[:, position]
            points = framework.loss_weights[item] * 100
            going_on &= (budget > rng.random(len(lost)) * points) & (left >= points)
            scores[everyone[going_on], item[going_on]] = 0
            budget -= points * going_on
            left -= points * going_on
    return left


def _answer_surveys(
    framework: Framework,
    left: np.ndarray,
    shares: np.ndarray,
    leaning: np.ndarray,
    respondents: dict[str, np.ndarray],
    scores: np.ndarray,
    rng: np.random.Generator,
) -> None:
    """Fills the survey cells with means of respondents' answers on the year's scale, so that they
    lose `left` points of the overall.
    """
    steps = [
        int(answer)
        for answer in assumed("answer_scale", framework.fiscal_year).iloc[0].answers.split("|")
    ]
    losses = [100 - answer for answer in sorted(steps, reverse=True)]
    survey = np.flatnonzero(framework.cells.instrument != "OIT")
    weights = framework.loss_weights[survey] * 100
    relative = np.exp(0.8 * leaning[:, survey])
    for column, no in enumerate(INDICATORS[:8]):
        inside = np.flatnonzero(framework.cells.indicator_no.to_numpy()[survey] == no)
        relative[:, inside] *= shares[:, [column]] / relative[:, inside].sum(axis=1, keepdims=True)
    points = _capped_shares(left, relative, weights * LARGEST_ITEM_DEFICIT / 100)
    carried = np.zeros(len(left))
    for place, cell in enumerate(survey):
        asked = respondents[framework.cells.instrument[cell]]
        wanted = np.clip((points[:, place] + carried) / weights[place] * 100, 0, 100)
        given = _answers(wanted, asked, losses)
        carried += points[:, place] - given / asked * weights[place] / 100
        scores[:, cell] = (2 * (10_000 * asked - 100 * given) + asked) // (2 * asked)


def _capped_shares(total: np.ndarray, relative: np.ndarray, most: np.ndarray) -> np.ndarray:
    """Shares the totals out over columns in proportion to `relative`, no column above `most`."""
    points = np.zeros_like(relative)
    for _ in range(12):
        rest = np.maximum(total - points.sum(axis=1), 0)
        room = np.where(points < most, relative, 0)
        points = np.minimum(
            points + room * (rest / np.maximum(room.sum(axis=1), 1e-12))[:, None], most
        )
    return points


def _answers(wanted: np.ndarray, asked: np.ndarray, losses: list[int]) -> np.ndarray:
    """Points lost in all by `asked` respondents whose mean loss comes nearest to `wanted` (0–100).

    Severe answers as a binomial law has them, the mildest answer for the rest. `losses`: loss of
    each answer, 0 first.
    """
    steps = len(losses) - 1
    share = wanted / 100
    counts = [
        np.floor(asked * comb(steps, step) * share**step * (1 - share) ** (steps - step)).astype(
            np.int64
        )
        for step in range(2, steps + 1)
    ]
    severe = sum(count * loss for count, loss in zip(counts, losses[2:], strict=True))
    mild = np.clip(np.rint((wanted * asked - severe) / losses[1]), 0, asked - sum(counts)).astype(
        np.int64
    )
    return severe + mild * losses[1]
