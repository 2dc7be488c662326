"""Quotas: of many rows with the same columns, a few may be violated, whichever they are."""

from __future__ import annotations

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray


class Quota(Struct, frozen=True, kw_only=True, eq=False):
    """Rows `amounts[s] x[columns] >= floors[s]`, all integers, of which at most `may_fail` may be violated.

    An upper limit is a floor with its signs turned.

    Attributes
    ----------
    label
        The rule that it stands for, as the user wrote it.
    columns
        (k,) ascending positions.
    amounts
        (rows, k) coefficients.
    floors
        (rows,) the least activity of each row.
    may_fail
        How many rows a plan may violate.
    """

    label: str
    columns: NDArray[np.intp]
    amounts: NDArray[np.int64]
    floors: NDArray[np.int64]
    may_fail: int

    def __len__(self) -> int:
        return len(self.floors)

    def amounts_at(self, columns: NDArray[np.intp]) -> NDArray[np.int64]:
        """Return the coefficients of these columns, (rows, columns): 0 for a column that is not in the quota."""
        amounts = np.zeros((len(self), len(columns)), dtype=np.int64)
        known = np.flatnonzero(np.isin(columns, self.columns))
        amounts[:, known] = self.amounts[:, np.searchsorted(self.columns, columns[known])]
        return amounts

    def activities(self, selected: NDArray[np.intp]) -> NDArray[np.int64]:
        """Return each row's sum over the selected columns, (rows,)."""
        return np.asarray(self.amounts[:, np.isin(self.columns, selected)].sum(axis=1))

    def failing(self, selected: NDArray[np.intp]) -> NDArray[np.bool_]:
        """Return which rows the selected columns violate, (rows,)."""
        return self.activities(selected) < self.floors

    def holds(self, selected: NDArray[np.intp]) -> bool:
        """Whether the selected columns violate no more rows than they may."""
        return int(self.failing(selected).sum()) <= self.may_fail

    def restrict(self, columns: NDArray[np.intp], fixed: NDArray[np.intp]) -> Quota:
        """Return the quota over these columns, renumbered, with those in `fixed` at 1 and all others at 0."""
        kept = np.isin(self.columns, columns)
        return replace(
            self,
            columns=np.searchsorted(columns, self.columns[kept]),
            amounts=self.amounts[:, kept],
            floors=self.floors - self.activities(fixed),
        )
