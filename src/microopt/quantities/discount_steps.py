"""Discounts that rise with the number bought: of units of one offer, and of posts of a retainer."""

from __future__ import annotations

import re
from fractions import Fraction
from itertools import pairwise

from microopt.quantities.parse_and_format import parse_number

DiscountSteps = tuple[tuple[int, Fraction], ...]  # from which number on, and the share of the fee
_STEP = re.compile(
    r"\s*(\d{1,9})\s*+\+?\s*+(?:(?:posts?|units?)\s*+)?:\s*(\d{1,9}(?:\.\d{1,9})?)\s*%\s*", re.IGNORECASE
)


def volume_discount(steps: DiscountSteps, units: int) -> Fraction:
    """Return the discount on this number of units or posts, as a share of the fee."""
    return max((share for min_units, share in steps if units >= min_units), default=Fraction(0))


def parse_discount_steps(text: str) -> DiscountSteps:
    """Parse the steps of a discount: `3:10%; 5 posts: 20%` is 10% off from 3 units or posts, 20% off from 5.

    Raises
    ------
    ValueError
        If they cannot be parsed, do not start at two units or more, or do not rise to less than 100%.
    """
    steps = []
    for part in filter(str.strip, re.split(r"[;|]", text)):
        match = _STEP.fullmatch(part)
        if not match:
            raise ValueError(text)
        steps.append((int(match[1]), parse_number(match[2]) / 100))
    steps.sort()
    shares = [share for _, share in steps]
    rising = all(lower < higher for lower, higher in pairwise([Fraction(0), *shares, Fraction(1)]))
    if steps and (steps[0][0] < 2 or len({min_units for min_units, _ in steps}) < len(steps) or not rising):
        raise ValueError(text)
    return tuple(steps)
