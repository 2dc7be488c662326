"""Which weights of two metrics choose which of several plans? None choose a plan that a mix of others outdoes."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from microopt.analysis.tradeoff.result import Weights

Amounts = tuple[int, int]


def supporting_weights(amounts: Sequence[Amounts], ideals: Amounts) -> tuple[Weights | None, ...]:
    """Return the weights at which each of some plans is worth no less than any other, None where there are none.

    Parameters
    ----------
    amounts
        What each plan brings of the two metrics.
    ideals
        What the two are divided by before they are weighed; one that is 0 drops out.
    """
    shares = [
        tuple(Fraction(amount, ideal or 1) for amount, ideal in zip(each, ideals, strict=True)) for each in amounts
    ]
    return tuple(_weights(mine, shares) for mine in shares)


def _weights(mine: tuple[Fraction, ...], shares: Sequence[tuple[Fraction, ...]]) -> Weights | None:
    """Return the weights w at which `w * first + (1 - w) * second` is no less for this plan than for any."""
    low, high = Fraction(0), Fraction(1)
    for others in shares:
        first, second = mine[0] - others[0], mine[1] - others[1]
        slope = first - second  # the lead over the other plan is second + w * slope
        if slope > 0:
            low = max(low, -second / slope)
        elif slope < 0:
            high = min(high, -second / slope)
        elif second < 0:
            return None
    return Weights(low=low, high=high) if low <= high else None
