"""Arithmetic on large arrays: exact integer sums, the few smallest of many numbers, sparse lookups."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from microopt.errors import CampaignError

Integers = NDArray[np.int64]
MAX_SUM = 2**62  # magnitude that no sum of coefficients exceeds


def exact_product(
    label: str, weights: NDArray[np.int64], factor: NDArray[np.int64] | int, offset: int = 0
) -> NDArray[np.int64]:
    """Return `weights * factor - offset`.

    Raises
    ------
    CampaignError
        If the magnitudes add up to more than 63 bits: such sums are refused, never wrapped around.
    """
    largest = max_abs(weights) * max_abs(np.asarray(factor)) + abs(float(offset))
    if largest * len(weights) > MAX_SUM:
        magnitudes = np.abs(weights.astype(float)) * np.abs(np.asarray(factor, dtype=float)) + abs(float(offset))
        check_exact_sum(label, magnitudes)
    return weights * factor - offset


def times(numbers: NDArray[Any], factor: int) -> NDArray[Any]:
    """Return numbers times a factor, exactly: as objects where 64 bits do not hold them."""
    if numbers.dtype != object and max_abs(numbers) * abs(factor) <= MAX_SUM:
        return numbers * factor
    product: NDArray[Any] = numbers.astype(object) * factor
    return product


def check_exact_sum(label: str, numbers: NDArray[np.int64] | NDArray[np.float64]) -> None:
    """Check that the sum of any subset of these numbers is exact.

    Raises
    ------
    CampaignError
        If their magnitudes add up to more than 63 bits.
    """
    if max_abs(numbers) * len(numbers) > MAX_SUM and np.abs(numbers.astype(float)).sum() > MAX_SUM:
        message = f"the numbers of {label} are too large to add up exactly"
        fix = "check your list for slipped digits with microopt check, or write the rule with fewer decimals"
        raise CampaignError(message, fix=fix, code="numbers-too-large")


def max_abs(numbers: NDArray[np.int64] | NDArray[np.float64]) -> float:
    """Return the largest magnitude, 0 if there are no numbers."""
    return max(float(numbers.max(initial=0)), -float(numbers.min(initial=0)))


def clip_bound(bound: int) -> int:
    """Return a bound of a row as a number of 64 bits that allows the same sums."""
    return max(-MAX_SUM, min(MAX_SUM, bound))


FIRST_SORT = 1_000  # numbers that the first attempt sorts
GROWTH = 16  # factor by which each further attempt sorts more
SAMPLED, SPARE = 16, 16  # one of so many numbers is sampled to guess another; places in the sample beyond its own


def k_smallest(numbers: NDArray[np.float64], count: int) -> NDArray[np.intp]:
    """Return the positions of the `count` smallest numbers; among equal ones they are spread evenly.

    If value is almost the fee times a constant, very many numbers are equal, and the first of them are no better than
    the others.
    """
    if count >= len(numbers):
        return np.arange(len(numbers))
    last = number_at(numbers, count)
    below, equal = np.flatnonzero(numbers < last), np.flatnonzero(numbers == last)
    spread = np.linspace(0, len(equal) - 1, count - len(below)).astype(np.intp)
    return np.concatenate([below, equal[spread]])


def number_at(numbers: NDArray[Any], place: int) -> float:
    """Return the number at a place of the ascending order; of many numbers, only those up to a guess are compared."""
    guess = 2 * place // SAMPLED + SPARE
    if guess < len(numbers) // SAMPLED // 4:
        few = numbers[numbers <= np.partition(numbers[::SAMPLED], guess)[guess]]
        numbers = few if len(few) > place else numbers
    return float(np.partition(numbers, place)[place])


def prefix_within_capacity(rank: NDArray[np.float64], size: NDArray[np.float64], capacity: float) -> NDArray[np.intp]:
    """Return positions by ascending rank up to and including the first that exceeds the capacity; all if none does.

    Parameters
    ----------
    rank, size
        (n,) each; sizes are not negative.
    """
    count = FIRST_SORT
    while True:
        first = k_smallest(rank, count)
        first = first[np.argsort(rank[first], kind="stable")]
        filled = np.cumsum(size[first])
        if count >= len(rank) or filled[-1] > capacity:
            return first[: int(np.searchsorted(filled, capacity, side="right")) + 1]
        count *= GROWTH


def sparse_lookup(columns: NDArray[np.intp], numbers: NDArray[np.int64], wanted: NDArray[np.intp]) -> NDArray[np.int64]:
    """Return the number of each wanted column, 0 for a column that has none, (wanted,).

    Parameters
    ----------
    columns
        (k,) ascending positions.
    numbers
        (k,) one for each of `columns`.
    """
    if not len(columns):
        return np.zeros(len(wanted), dtype=np.int64)
    if int(columns[-1]) == len(columns) - 1 and int(wanted.max(initial=-1)) < len(columns):  # columns are 0, 1, 2 ...
        return numbers[wanted]
    position = np.searchsorted(columns, wanted)
    position[position == len(columns)] = 0
    return np.where(columns[position] == wanted, numbers[position], 0)


def largest_of_groups(group: NDArray[np.int32], numbers: NDArray[Any]) -> NDArray[Any]:
    """Return the largest of these numbers in each group, (groups,); none is negative."""
    largest = np.zeros(int(group.max(initial=-1)) + 1, dtype=numbers.dtype)
    np.maximum.at(largest, group, numbers)
    return largest


def max_total(group: NDArray[np.int32], numbers: Integers) -> int:
    """Return the most that one number of each group can add up to; none is negative."""
    return int(largest_of_groups(group, numbers).sum())
