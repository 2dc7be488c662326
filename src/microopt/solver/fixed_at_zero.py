"""Columns that are fixed at 0 before any search: too large for one row, or for a share of the budget.

A row that caps a share of the spend has a negative coefficient for everyone outside the share, so that by itself it
excludes nobody. But these columns use the budget as well: no plan lowers the activity of a row by more than the largest
ratio of lowering to use, times what the budget leaves. In the relaxation such a column would be taken in part, and the
bound would be far above every plan.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from microopt.solver.constraint import Constraint

MARGIN = 2.0**-48  # relative, of all terms of a comparison; more than their rounding errors
CLOSE = 1e-9  # relative, of what all columns are compared with before some are compared to the last digit
BLOCK = 2**16  # columns compared at a time: numbers beside those of a million columns take longer to get than to use


class Program(Protocol):
    """The rows of a program, and which of them depend on more than columns."""

    def __len__(self) -> int: ...
    @property
    def rows(self) -> Sequence[Constraint]: ...
    @property
    def augmented_rows(self) -> set[int]: ...


UpperRow = tuple[Constraint, NDArray[np.int64], int]  # with its coefficients and the bound, negated for a lower bound


def find_fixed_at_zero(program: Program) -> NDArray[np.intp]:
    """Return columns that are 0 in every plan, ascending; perhaps not all of them."""
    is_zero = np.zeros(len(program), dtype=bool)
    rows = list(_upper_rows(program))
    budgets = [each for each in rows if len(each[0].columns) == len(program) and each[1].min(initial=0) >= 0]
    decisive: dict[int, list[int]] = {}
    is_known = False
    while not is_known:  # fixing a column can make others too large
        is_known = True
        for number, (row, coefficients, upper) in enumerate(rows):
            if number not in decisive or is_zero[decisive[number]].any():
                is_known = False
                too_large, decisive[number] = _too_large(row, coefficients, upper, budgets, is_zero)
                is_zero[row.columns[too_large]] = True
    return np.flatnonzero(is_zero)


def _too_large(
    row: Constraint,
    coefficients: NDArray[np.int64],
    upper: int,
    budgets: Sequence[UpperRow],
    is_zero: NDArray[np.bool_],
) -> tuple[NDArray[np.intp], list[int]]:
    """Return the places of a row that are too large for it, and the columns on which that rests.

    As long as none of these is fixed, fixing others makes no further column of the row too large.
    """
    places = _lowering(row, coefficients, is_zero)
    if not len(places):
        return _above(coefficients, upper), []
    found, decisive = [np.zeros(0, dtype=np.intp)], [int(row.columns[places[0]])]
    lowers_all = len(places) == len(coefficients)
    for _, use, budget in budgets:
        used = use if len(row.columns) == len(use) else use[row.columns]
        paid = used if lowers_all else used[places]
        least = int(np.argmin(paid))
        if paid[least]:
            most = _steepest(coefficients if lowers_all else coefficients[places], paid, least)
            ratio = float(-coefficients[places[most]] / paid[most])
            found.append(_exceeding(coefficients, upper, used, budget, ratio))
        else:
            most = least  # it lowers the activity and costs nothing
        decisive.append(int(row.columns[places[most]]))
    return np.concatenate(found), decisive


def _lowering(row: Constraint, coefficients: NDArray[np.int64], is_zero: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Return the places of a row whose coefficients are below 0, without columns fixed at 0."""
    if coefficients.min(initial=0) >= 0:
        return np.zeros(0, dtype=np.intp)
    places = np.flatnonzero(coefficients < 0)
    fixed = is_zero[row.columns[places]]
    return places[~fixed] if fixed.any() else places


def _above(numbers: NDArray[np.int64], limit: int) -> NDArray[np.intp]:
    """Return the places of numbers above a limit."""
    return np.flatnonzero(numbers > limit) if len(numbers) and numbers.max() > limit else np.zeros(0, dtype=np.intp)


def _steepest(coefficients: NDArray[np.int64], paid: NDArray[np.int64], least: int) -> int:
    """Return which place lowers the activity most for what it uses; where all lower it alike, what uses least."""
    if coefficients.min() == coefficients.max():
        return least
    return int(np.argmin(coefficients / paid))


def _upper_rows(program: Program) -> Iterator[UpperRow]:
    """Yield each hard row whose activity is that of the columns alone, as coefficients and their upper bound."""
    augmented = program.augmented_rows
    for number, row in enumerate(program.rows):
        if row.penalty is not None or number in augmented:
            continue
        if row.upper is not None:
            yield row, row.coefficients, row.upper
        if row.lower is not None:
            yield row, -row.coefficients, -row.lower


def _exceeding(
    coefficients: NDArray[np.int64], upper: int, use: NDArray[np.int64], budget: int, ratio: float
) -> NDArray[np.intp]:
    """Return which places of a row exceed it even if all that they leave of a budget lowers its activity.

    Parameters
    ----------
    ratio
        By how much a unit of the budget lowers the activity at most.
    """
    needed = (float(upper) - float(coefficients.max())) / ratio  # beyond the budget, of what uses as much as possible
    least = budget + needed - CLOSE * (abs(budget) + abs(needed))
    found = [np.zeros(0, dtype=np.intp)]
    for start in range(0, len(use), BLOCK):
        places = start + np.flatnonzero(use[start : start + BLOCK] >= least)
        sizes: list[Any] = [
            coefficients[places].astype(float),
            ratio * use[places],
            ratio * float(budget),
            float(upper),
        ]
        error = MARGIN * sum(np.abs(each) for each in sizes)
        found.append(places[sizes[0] + sizes[1] - sizes[2] - sizes[3] > error])
    return np.concatenate(found)
