"""What the synthetic country is made from.

The project's seeds by fiscal year, and the assumptions of this folder.
"""

from functools import cache
from pathlib import Path
from zlib import crc32

import numpy as np
import pandas as pd

from warehouse import reference
from warehouse.errors import BadInput
from warehouse.settings import SEEDS

HERE = Path(__file__).parent


@cache
def seed_table(name: str) -> pd.DataFrame:
    """A table of dbt_project/seeds, every cell as text ('' where empty).

    Not to be changed in place.
    """
    return pd.read_csv(SEEDS / f"{name}.csv", dtype=str, keep_default_na=False)


@cache
def assumption(name: str) -> pd.DataFrame:
    """A table of this folder, every cell as text ('' where empty); not to be changed in place."""
    return pd.read_csv(HERE / f"{name}.csv", dtype=str, keep_default_na=False)


def of_year(table: pd.DataFrame, fiscal_year: int) -> pd.DataFrame:
    """The rows of one fiscal year (B.E.). Raises BadInput for a year that is not complete."""
    years = reference.complete_years()
    if fiscal_year not in years:
        raise BadInput(
            f"fiscal year {fiscal_year}: its framework is not known or not complete",
            f"choose from {min(years)} to {max(years)}",
        )
    return table[table.fiscal_year == str(fiscal_year)].reset_index(drop=True)


def assumed(name: str, fiscal_year: int) -> pd.DataFrame:
    """The rows of an assumption for a year; where it has none, those of the last year before.

    A new year needs no assumption of its own.
    """
    table = assumption(name)
    known = sorted(map(int, table.fiscal_year.unique()))
    year = max([year for year in known if year <= fiscal_year], default=known[0])
    return table[table.fiscal_year == str(year)].reset_index(drop=True)


def random(seed: int, *purpose: object) -> np.random.Generator:
    """An independent stream of random numbers for one purpose, so that a draw more in one place
    moves nothing elsewhere.
    """
    return np.random.default_rng([seed, crc32(repr(purpose).encode())])
