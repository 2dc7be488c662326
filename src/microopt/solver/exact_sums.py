"""Sums that must fit 63 bits: what would not is refused, never wrapped around."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from microopt.errors import CampaignError

LARGEST = 2**62


def multiplied(label: str, weights: NDArray[np.int64], by: NDArray[np.int64] | int, less: int = 0) -> NDArray[np.int64]:
    """Return `weights * by - less`.

    Raises
    ------
    CampaignError
        If their sizes add up to more than 63 bits.
    """
    most = largest(weights) * largest(np.asarray(by)) + abs(float(less))
    if most * len(weights) > LARGEST:
        refuse_large(label, np.abs(weights.astype(float)) * np.abs(np.asarray(by, dtype=float)) + abs(float(less)))
    return weights * by - less


def refuse_large(label: str, numbers: NDArray[np.int64] | NDArray[np.float64]) -> None:
    """Check that every sum of some of these numbers is exact.

    Raises
    ------
    CampaignError
        If they add up to more than 63 bits.
    """
    if largest(numbers) * len(numbers) > LARGEST and np.abs(numbers.astype(float)).sum() > LARGEST:
        message = f"the numbers of {label} are too large to add up exactly"
        fix = "check the roster for slipped digits, or write the rule with fewer decimals"
        raise CampaignError(message, fix=fix, code="numbers-too-large")


def largest(numbers: NDArray[np.int64] | NDArray[np.float64]) -> float:
    """Return the largest size of some numbers, 0 of none."""
    return max(float(numbers.max(initial=0)), -float(numbers.min(initial=0)))
