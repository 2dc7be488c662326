"""The least money, and the fewest columns, that bring a row back within its bounds: a fractional knapsack."""

from __future__ import annotations

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from microopt.solver.arrays import Integers, k_smallest, prefix_within_capacity


class RepairCost(Struct, frozen=True, eq=False):
    """How much money, and how many columns, it takes at least to bring a row back within its bounds.

    Attributes
    ----------
    places
        (k - 1,) the columns that bring the row back, by their positions among those of the row, the cheapest for what
        they bring first.
    gains, costs
        (k,) ascending sums over these columns, from 0.
    most
        What so many columns bring at most; the last is for any further number.
    """

    places: NDArray[np.intp]
    gains: NDArray[np.float64]
    costs: NDArray[np.float64]
    most: NDArray[np.float64]

    @classmethod
    def of(cls, coefficients: Integers, sign: int, cost: Integers, money: int, slots: int) -> RepairCost:
        """Return it for a row with these coefficients, of this sign where a column brings it back, up to these limits.

        A row may have a million columns, so that each array of them counts.
        """
        helping = np.flatnonzero(coefficients > 0 if sign > 0 else coefficients < 0)
        gains, costs = np.abs(coefficients[helping]).astype(float), cost[helping].astype(float)
        order = prefix_within_capacity(costs / gains, costs, float(money)) if len(helping) else helping
        if slots <= 0:
            most = gains[:0]
        elif slots < len(gains):
            most = np.cumsum(np.sort(gains[k_smallest(-gains, slots)])[::-1])
        else:
            most = gains.sum(keepdims=True) if len(gains) else gains
        sums = (np.cumsum(gains[order]), np.cumsum(costs[order]), most)
        return cls(helping[order], *(np.concatenate([[0.0], each]) for each in sums))

    def without(self, place: int) -> RepairCost:
        """Return it once a column of the row is selected, which cannot bring the row back again."""
        found = np.flatnonzero(self.places == place)
        if not len(found):
            return self
        first = int(found[0])

        def left(sums: NDArray[np.float64]) -> NDArray[np.float64]:
            own = sums[first + 1] - sums[first]
            return np.concatenate([sums[: first + 1], sums[first + 2 :] - own])

        return RepairCost(np.delete(self.places, first), left(self.gains), left(self.costs), self.most)

    def least_cost(self, missing: Integers, slots: Integers | int) -> NDArray[np.float64]:
        """Return the least money; infinite where all the money, or so many columns, do not suffice.

        Parameters
        ----------
        missing
            (n,) what the row lacks; nothing if it is negative.
        slots
            How many columns may be added.
        """
        amounts = np.maximum(missing, 0).astype(float)
        enough = amounts <= self.most[np.minimum(np.maximum(slots, 0), len(self.most) - 1)]
        return np.where(enough, np.interp(amounts, self.gains, self.costs, right=np.inf), np.inf)

    def cost_of(self, missing: int) -> float:
        """Return the least money, whatever the number of columns."""
        return float(np.interp(max(missing, 0), self.gains, self.costs, right=np.inf))

    def can_bring(self, missing: int, slots: int) -> bool:
        """Whether so many columns may suffice."""
        return bool(max(missing, 0) <= self.most[min(max(slots, 0), len(self.most) - 1)])


# Of a row that is within its bounds.
NO_REPAIR = RepairCost(np.zeros(0, dtype=np.intp), *(np.zeros(1) for _ in range(3)))
