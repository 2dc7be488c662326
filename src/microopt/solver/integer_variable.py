"""A general integer variable of a program, such as a cost that is open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

RowActivity = tuple[int, int | None, int | None]  # activity of a row without the integer variable, its lower and upper


class IntegerVariable(Struct, frozen=True, kw_only=True):
    """A whole number from `lower` to `upper` that a plan chooses in addition to its columns, such as an open cost.

    Attributes
    ----------
    coefficients
        Coefficient in each row that it enters, by the row's position; none is 0.
    upper
        Upper bound.
    objective
        Objective coefficient.
    lower
        Lower bound.
    """

    coefficients: Mapping[int, int]
    upper: int
    objective: int = 1
    lower: int = 0

    def largest_feasible(self, rows: Sequence[RowActivity]) -> int | None:
        """Return the largest number at which these rows hold, or None if there is none.

        Parameters
        ----------
        rows
            The rows that the variable enters, in the order of `coefficients`.
        """
        smallest, largest = self.lower, self.upper
        for coefficient, (activity, lower, upper) in zip(self.coefficients.values(), rows, strict=True):
            over, under = (upper, lower) if coefficient > 0 else (lower, upper)
            if over is not None:
                largest = min(largest, (over - activity) // coefficient)
            if under is not None:
                smallest = max(smallest, -((activity - under) // coefficient))
        return largest if smallest <= largest else None

    def bound_contribution(self, prices: NDArray[np.float64]) -> Fraction:
        """Return the most that the variable can add to the bound at these row prices, exactly."""
        used = sum((Fraction(float(prices[row])) * number for row, number in self.coefficients.items()), Fraction(0))
        return max((self.objective - used) * self.lower, (self.objective - used) * self.upper)
