"""Columns in the order of their ranks, of which no more are sorted than are asked for."""

from __future__ import annotations

from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from microopt.solver.arrays import number_at
from microopt.solver.program import Columns


class Ranking(Struct, frozen=True, kw_only=True, eq=False):
    """Columns with their ranks.

    Attributes
    ----------
    columns
        (k,) ascending positions.
    ranks
        (k,) each: the rank of the columns, the lowest first, then the tie breakers. No NaN.
    """

    columns: Columns
    ranks: tuple[NDArray[Any], ...]

    def sort(self, few: Columns) -> Columns:
        """Return some of the columns in the order of their ranks."""
        places = np.searchsorted(self.columns, few)
        return few[np.lexsort([rank[places] for rank in reversed(self.ranks)])]

    def first(self, few: Columns, count: int) -> Columns:
        """Return those of some columns that come first in the order of their ranks, so many at most."""
        if len(few) > count:
            rank = self.ranks[0][np.searchsorted(self.columns, few)]
            few = few[rank <= number_at(rank, count)]
        return self.sort(few)[:count]
