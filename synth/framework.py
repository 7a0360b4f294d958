"""One year's framework as arithmetic.

The cells that are scored, and the published figures as weighted means of them.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from synth.reference import of_year, seed_table


@dataclass(frozen=True)
class Framework:
    """The figures of a year and the cells they are made of.

    `cells`: what is scored, one row an item and EIT part (instrument, indicator_no, sub_indicator,
    item_code, part, meaning).
    `figures`: what is published above the items, one row each (level, code, part).
    `matrix`: cells × figures; cells @ matrix = figures, all on 0–100."""

    fiscal_year: int
    cells: pd.DataFrame
    figures: pd.DataFrame
    matrix: np.ndarray
    levels: pd.DataFrame

    @property
    def loss_weights(self) -> np.ndarray:
        """Each cell's weight in the overall score (sum 1)."""
        return self.matrix[:, 0]


def load(fiscal_year: int) -> Framework:
    """The framework of a fiscal year (B.E.) from the seeds.

    Raises BadInput where the seeds do not know the year.
    """
    items = of_year(seed_table("framework_item"), fiscal_year)
    meanings = of_year(seed_table("item_meaning"), fiscal_year).set_index("item_code")["meaning"]
    items = items.assign(
        meaning=items["item_code"].map(meanings), number=items["item_no"].astype(int)
    )
    parts = [("IIT", ""), ("EIT", "public"), ("EIT", "survey"), ("OIT", "")]
    cells = pd.concat(
        [
            items[items.instrument == instrument].sort_values("number").assign(part=part)
            for instrument, part in parts
        ],
        ignore_index=True,
    )[["instrument", "indicator_no", "sub_indicator", "item_code", "part", "meaning"]]
    levels = of_year(seed_table("rating_level"), fiscal_year)
    levels = levels.assign(level_order=levels.level_order.astype(int)).sort_values(
        "level_order", ignore_index=True
    )
    figures, columns = _figures(cells, of_year(seed_table("instrument"), fiscal_year))
    return Framework(fiscal_year, cells, figures, np.column_stack(columns), levels)


def _figures(
    cells: pd.DataFrame, instruments: pd.DataFrame
) -> tuple[pd.DataFrame, list[np.ndarray]]:
    """Rules of the domain, section 2: plain means at each step; EIT parts weigh the same.

    OIT indicators are means of sub-indicators.
    """

    def mean_of(chosen: pd.Series) -> np.ndarray:
        return chosen.to_numpy() / chosen.sum()

    def mean(columns: list[np.ndarray]) -> np.ndarray:
        return np.mean(columns, axis=0)

    indicator, sub, part = cells["indicator_no"], cells["sub_indicator"], cells["part"]
    subs = {
        (no, code): mean_of(sub == code)
        for no, code in cells.loc[sub != "", ["indicator_no", "sub_indicator"]]
        .drop_duplicates()
        .values
    }
    by_part = {
        (no, name): mean_of((indicator == no) & (part == name))
        for no in indicator[cells.instrument == "EIT"].unique()
        for name in ("public", "survey")
    }
    indicators = {}
    for no in indicator.unique():
        below = [column for (owner, _), column in {**subs, **by_part}.items() if owner == no]
        indicators[no] = mean(below) if below else mean_of(indicator == no)
    instrument_of = cells.drop_duplicates("indicator_no").set_index("indicator_no")["instrument"]
    totals = {
        code: mean([indicators[no] for no in indicators if instrument_of[no] == code])
        for code in ("IIT", "EIT", "OIT")
    }
    weights = instruments.set_index("instrument")["weight"].astype(float)
    overall = sum(weights[code] / weights.sum() * totals[code] for code in totals)

    rows = [(("overall", "", ""), overall)]
    for code in ("IIT", "EIT", "OIT"):
        rows.append((("instrument", code, ""), totals[code]))
        if code == "EIT":
            rows += [
                (
                    ("instrument", code, name),
                    mean([column for (_, of), column in by_part.items() if of == name]),
                )
                for name in ("public", "survey")
            ]
    rows += [(("indicator", no, ""), indicators[no]) for no in sorted(indicators, key=int)]
    rows += [(("sub_indicator", code, ""), column) for (_, code), column in subs.items()]
    return pd.DataFrame([label for label, _ in rows], columns=["level", "code", "part"]), [
        column for _, column in rows
    ]


def aggregate(framework: Framework, cells: np.ndarray) -> np.ndarray:
    """Published figures of scored cells.

    Both in hundredths of a point (integers), agencies × cells and agencies × figures.

    Half up. Every exact figure is a multiple of 1/2,520,000 of a hundredth or coarser, so the nudge
    decides the ties, that floating point may have put a hair below the half, and nothing else.
    """
    return np.floor(cells @ framework.matrix + 0.5 + 1e-7).astype(np.int32)


def ratings(framework: Framework, figures: np.ndarray) -> np.ndarray:
    """The level code of each agency from its figures in hundredths.

    The best level whose overall minimum and, where the year asks for it, whose minimum of IIT, both
    EIT parts and OIT are reached.
    """
    part = framework.figures.assign(name=framework.figures.code + framework.figures.part)[
        "name"
    ].tolist()
    lowest = figures[
        :, [part.index(name) for name in ("IIT", "EITpublic", "EITsurvey", "OIT")]
    ].min(axis=1)
    best = np.full(len(figures), "", dtype=object)
    for level in framework.levels[::-1].to_dict("records"):
        reached = figures[:, 0] >= round(float(level["overall_min"]) * 100)
        if level["each_part_min"]:
            reached &= lowest >= round(float(level["each_part_min"]) * 100)
        best[reached] = level["level_code"]
    return best
