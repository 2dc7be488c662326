"""Discounts that rise with the number bought: of units of one offer, and of posts of a retainer."""

from __future__ import annotations

import re
from fractions import Fraction
from itertools import pairwise

from microopt.quantities.parse_and_format import parse_number

DiscountSteps = tuple[tuple[int, Fraction], ...]  # from which number on, and the share of the fee
_STEP = r"\s*(\d{1,9})\s*+\+?\s*+(?:(?:posts?|units?)\s*+)?:\s*(\d{1,9}(?:\.\d{1,9})?)\s*%\s*"  # compiled when used


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
        match = re.fullmatch(_STEP, part, re.IGNORECASE)
        if not match:
            raise ValueError(text)
        steps.append((int(match[1]), parse_number(match[2]) / 100))
    found = tuple(sorted(steps))
    if not are_discount_steps(found):
        raise ValueError(text)
    return found


def are_discount_steps(steps: DiscountSteps) -> bool:
    """Whether these are steps from two units or posts on, with discounts that rise to less than 100%; none are, too."""
    numbers = [1, *(number for number, _ in steps)]
    shares = [Fraction(0), *(share for _, share in steps), Fraction(1)]
    return all(low < high for low, high in pairwise(numbers)) and all(low < high for low, high in pairwise(shares))
