"""

Sums that must fit 63 bits: what would not is refused, never wrapped around.

The few least of very many numbers, without putting all in order.

Numbers of some columns: ascending positions, and a number for each of them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from microopt.errors import CampaignError

MAX_SUM = 2**62


def exact_product(
    label: str, weights: NDArray[np.int64], by: NDArray[np.int64] | int, less: int = 0
) -> NDArray[np.int64]:
    """Return `weights * by - less`.

    Raises
    ------
    CampaignError
        If their sizes add up to more than 63 bits.
    """
    most = max_abs(weights) * max_abs(np.asarray(by)) + abs(float(less))
    if most * len(weights) > MAX_SUM:
        check_exact_sum(label, np.abs(weights.astype(float)) * np.abs(np.asarray(by, dtype=float)) + abs(float(less)))
    return weights * by - less


def check_exact_sum(label: str, numbers: NDArray[np.int64] | NDArray[np.float64]) -> None:
    """Check that every sum of some of these numbers is exact.

    Raises
    ------
    CampaignError
        If they add up to more than 63 bits.
    """
    if max_abs(numbers) * len(numbers) > MAX_SUM and np.abs(numbers.astype(float)).sum() > MAX_SUM:
        message = f"the numbers of {label} are too large to add up exactly"
        fix = "check the roster for slipped digits, or write the rule with fewer decimals"
        raise CampaignError(message, fix=fix, code="numbers-too-large")


def max_abs(numbers: NDArray[np.int64] | NDArray[np.float64]) -> float:
    """Return the largest size of some numbers, 0 of none."""
    return max(float(numbers.max(initial=0)), -float(numbers.min(initial=0)))


AT_FIRST = 1_000  # numbers put in order
GROWTH = 16  # times as many, where they are not enough


def k_smallest(numbers: NDArray[np.float64], count: int) -> NDArray[np.intp]:
    """Return the positions of the `count` least numbers; among equal ones they are spread evenly.

    Where value is almost the fee times a constant, very many are equal: the first of them are no better than others.
    """
    if count >= len(numbers):
        return np.arange(len(numbers))
    last = np.partition(numbers, count)[count]
    below, equal = np.flatnonzero(numbers < last), np.flatnonzero(numbers == last)
    places = np.linspace(0, len(equal) - 1, count - len(below)).astype(np.intp)
    return np.concatenate([below, equal[places]])


def prefix_within_capacity(rank: NDArray[np.float64], amount: NDArray[np.float64], room: float) -> NDArray[np.intp]:
    """Return positions by rank, the least first, up to the one whose amount goes beyond the room; all if none does.

    Parameters
    ----------
    rank, amount
        (n,) each; amounts are not negative.
    """
    count = AT_FIRST
    while True:
        first = k_smallest(rank, count)
        first = first[np.argsort(rank[first], kind="stable")]
        filled = np.cumsum(amount[first])
        if count >= len(rank) or filled[-1] > room:
            return first[: int(np.searchsorted(filled, room, side="right")) + 1]
        count *= GROWTH


def sparse_lookup(columns: NDArray[np.intp], numbers: NDArray[np.int64], asked: NDArray[np.intp]) -> NDArray[np.int64]:
    """Return the number of each column that is asked for, 0 where there is none, (asked,).

    Parameters
    ----------
    columns
        (k,) ascending.
    numbers
        (k,) one for each of them.
    """
    if not len(columns):
        return np.zeros(len(asked), dtype=np.int64)
    if int(columns[-1]) == len(columns) - 1 and int(asked.max(initial=-1)) < len(columns):  # all there are
        return numbers[asked]
    place = np.searchsorted(columns, asked)
    place[place == len(columns)] = 0
    return np.where(columns[place] == asked, numbers[place], 0)
