"""The fees of a retainer: a discount on every post of a creator by how many posts are bought."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.quantities.discount_steps import DiscountSteps
from microopt.roster.fee_discounts import less_share
from microopt.roster.roster import NO_FEE, Roster


def retainer_shares(steps: DiscountSteps) -> tuple[Fraction, ...]:
    """Return the discounts of a retainer from the lowest, as shares of the fee; the first is that of a single post."""
    return (Fraction(0), *(share for _, share in steps))


def retainer_step(steps: DiscountSteps, posts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the position of the discount among `retainer_shares` for each number of posts."""
    return np.searchsorted(np.asarray([least for least, _ in steps]), posts, side="right").astype(np.int64)


def with_retainer(roster: Roster, shares: Sequence[Fraction], step: NDArray[np.int64]) -> Roster:
    """Return the roster with fees less the discount of a retainer, to the cent, half a cent to the even one.

    An unknown fee stays unknown; the discount is kept for its estimate. It is taken on what a volume discount leaves.

    Parameters
    ----------
    shares
        The discounts.
    step
        (n,) the position of each row's discount among them.
    """
    if not any(shares):
        return roster
    fee = roster.fee.copy()
    for number, share in enumerate(shares):
        rows = np.flatnonzero((step == number) & (roster.fee != NO_FEE))
        fee[rows] = less_share(roster.fee[rows], share)
    taken = np.asarray([float(share) for share in shares])[step]
    volume = 0.0 if roster.discount_share is None else roster.discount_share
    return replace(roster, fee=fee, discount_share=1 - (1 - volume) * (1 - taken))
