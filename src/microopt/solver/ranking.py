"""Columns in the order of their ranks, of which only the first are sorted until more are asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.solver.arrays import number_at
from microopt.solver.program import Columns

SORTED_FIRST = 1 << 16  # columns, more than a plan usually looks at
Mask = NDArray[np.bool_]


class Ranking(Struct, frozen=True, kw_only=True, eq=False):
    """Columns with their ranks.

    Attributes
    ----------
    columns
        (k,) ascending positions.
    ranks
        (k,) each: the rank of the columns, the lowest first, then the tie breakers. No NaN.
    first
        The columns of the lowest ranks, in order.
    is_first
        (k,) which columns these are.
    """

    columns: Columns
    ranks: tuple[NDArray[Any], ...]
    first: Columns
    is_first: Mask

    @classmethod
    def of(cls, columns: Columns, ranks: Sequence[NDArray[Any]]) -> Ranking:
        """Return the ranking of columns; see the attributes."""
        is_first = np.ones(len(columns), dtype=bool)
        if len(columns) > SORTED_FIRST:
            is_first = ranks[0] <= number_at(ranks[0], SORTED_FIRST)
        unsorted = cls(columns=columns, ranks=tuple(ranks), first=columns[:0], is_first=is_first)
        return replace(unsorted, first=unsorted.sort(columns[is_first]))

    def sort(self, few: Columns) -> Columns:
        """Return some of the columns, given by ascending position, in the order of their ranks."""
        places = np.searchsorted(self.columns, few)
        return few[np.lexsort([rank[places] for rank in reversed(self.ranks)])]

    def take(self, fitting: Callable[[Columns], Mask], most: int) -> Columns:
        """Return the first columns that fit in the order of their ranks, so many at most.

        Parameters
        ----------
        fitting
            Returns which of some columns fit.
        """
        found = self.first[:0]
        for start in range(0, len(self.first), 4 * most):
            block = self.first[start : start + 4 * most]
            found = np.concatenate([found, block[fitting(block)]])
            if len(found) >= most:
                return found[:most]
        others = self.columns[~self.is_first]
        return np.concatenate([found, self.sort(others[fitting(others)])])[:most]
