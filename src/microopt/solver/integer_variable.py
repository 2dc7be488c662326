"""Amount: a whole number that a plan may choose beside its columns, such as a cost that is still open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

Side = tuple[int, int | None, int | None]  # the sum of a row without the amount, and the row's bounds


class IntegerVariable(Struct, frozen=True, kw_only=True):
    """A whole number from 0 to `most` that adds `coefficient * number` to rows, and `value * number` to the value.

    Attributes
    ----------
    coefficients
        By the row's position; none is 0.
    most
        No plan may choose more.
    value
        What one more is worth.
    """

    coefficients: Mapping[int, int]
    most: int
    value: int = 1

    def largest(self, sides: Sequence[Side]) -> int | None:
        """Return the largest number at which these rows hold, None where none does.

        Parameters
        ----------
        sides
            Of the rows that the amount counts for, in the order of `coefficients`.
        """
        least, most = 0, self.most
        for times, (activity, lower, upper) in zip(self.coefficients.values(), sides, strict=True):
            over, under = (upper, lower) if times > 0 else (lower, upper)
            if over is not None:
                most = min(most, (over - activity) // times)
            if under is not None:
                least = max(least, -((activity - under) // times))
        return most if least <= most else None

    def gain(self, prices: NDArray[np.float64]) -> Fraction:
        """Return the most that it can add to a bound at these prices of the rows, exactly."""
        used = sum((Fraction(float(prices[row])) * times for row, times in self.coefficients.items()), Fraction(0))
        return max(Fraction(0), (self.value - used) * self.most)
