"""The few least of very many numbers, without putting all in order."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

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
