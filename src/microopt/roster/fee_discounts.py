"""Discounts agreed on single offers, which are taken off once packages and retainers have taken theirs."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray


class FeeDiscounts(Struct, frozen=True, kw_only=True, eq=False):
    """The discount of each offer, one entry per row of a roster.

    Attributes
    ----------
    shares
        The discounts that there are, as shares of the fee.
    place
        (n,) position of each row's discount among them.
    """

    shares: tuple[Fraction, ...]
    place: NDArray[np.intp]

    def take(self, rows: NDArray[np.intp] | slice) -> FeeDiscounts:
        """Return the discounts of these rows, in this order."""
        return replace(self, place=self.place[rows])

    @property
    def taken(self) -> NDArray[np.float64]:
        """The discount of each row, (n,)."""
        return np.asarray([float(share) for share in self.shares])[self.place]

    def left_of(self, fees: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return what is left of fees in cents, (n,), to the cent, half a cent to the even one; unknown ones stay."""
        left = fees.copy()
        for number, share in enumerate(self.shares):
            rows = np.flatnonzero((self.place == number) & (fees > 0)) if share else ()
            if len(rows):
                left[rows] = less_share(fees[rows], share)
        return left


def less_share(fees: NDArray[np.int64], share: Fraction) -> NDArray[np.int64]:
    """Return fees less a share, in exact cents, half a cent to the even one."""
    distinct, place = np.unique(fees, return_inverse=True)
    return np.asarray([round(cents * (1 - share)) for cents in distinct.tolist()], dtype=np.int64)[place]
