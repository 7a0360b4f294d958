"""A column that holds few different values: each value once, and for each row which of them it is.

A national table has millions of rows and a few thousand different codes and scores. A rule looks at
each different value once, in plain Python; only the answer is spread over the rows, by numpy.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import numpy as np
import pandas as pd

T = TypeVar("T")


@dataclass(frozen=True)
class Coded(Generic[T]):
    """`values[codes[row]]` is the value of a row; every value is there once."""

    values: list[T]
    codes: np.ndarray

    @classmethod
    def of(cls, values: list[T], codes: np.ndarray) -> "Coded[T]":
        """The column of `values[codes]`, where `values` may hold the same value twice."""
        number_of: dict[T, int] = {}
        numbers = [number_of.setdefault(value, len(number_of)) for value in values]
        return cls(list(number_of), np.array(numbers, dtype=np.int64)[codes])

    def __getitem__(self, row: int) -> T:
        return self.values[self.codes[row]]

    def __len__(self) -> int:
        return len(self.codes)

    def take(self, rows: np.ndarray) -> "Coded[T]":
        """The column of some rows (positions, or True and False)."""
        return Coded(self.values, self.codes[rows])

    def each(self, make: Callable[[T], Any], dtype: type) -> np.ndarray:
        """`make(value)` of every row."""
        made: np.ndarray = np.empty(len(self.values), dtype=dtype)
        made[:] = [make(value) for value in self.values]
        return made[self.codes]

    def where(self, test: Callable[[T], bool]) -> np.ndarray:
        """True for every row whose value passes `test`."""
        return self.each(test, bool)

    def map(self, make: Callable[[T], str]) -> "Coded[str]":
        """The column of `make(value)`."""
        return Coded.of([make(value) for value in self.values], self.codes)

    def categorical(self: "Coded[str]") -> pd.Categorical:
        """The column for a data frame."""
        return pd.Categorical.from_codes(self.codes, self.values)

    def groups(self) -> Iterator[tuple[T, np.ndarray]]:
        """(value, the positions of its rows), in the order of `values`."""
        order = np.argsort(self.codes, kind="stable")
        ends = np.flatnonzero(np.diff(self.codes[order])) + 1
        for rows in np.split(order, ends) if len(order) else []:
            yield self[rows[0]], rows


def group(columns: list) -> tuple[np.ndarray, np.ndarray]:
    """Number the different rows of `columns` (arrays or series of one length) as they appear.

    Out: each row's number, and the first row of each number.
    """
    combined = None
    for column in columns:
        if isinstance(column, pd.Series) and isinstance(column.dtype, pd.CategoricalDtype):
            codes, count = column.cat.codes.to_numpy().astype(np.int64), len(column.cat.categories)
        else:
            codes, distinct = pd.factorize(column)
            count = len(distinct)
        # Numbered anew after each column: the product of all counts would not fit 64 bits.
        combined = codes if combined is None else pd.factorize(combined * max(count, 1) + codes)[0]
    numbers = pd.factorize(combined)[0]
    return numbers, np.flatnonzero(np.diff(np.maximum.accumulate(numbers), prepend=-1))
