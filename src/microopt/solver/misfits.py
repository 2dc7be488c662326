"""Columns that no plan can have: too large for one row, or for a share of the budget.

A row that caps a share of the spend has a negative coefficient for everyone outside the share, so that by itself it
excludes nobody. But these columns use the budget as well: no plan lowers the activity of a row by more than the largest
ratio of lowering to use, times what the budget leaves. In the relaxation such a column would be taken in part, and the
bound would be far above every plan.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from microopt.solver.program import Columns, Constraint, IntegerProgram

MARGIN = 2.0**-48  # relative, of all terms of a comparison; more than their rounding errors


def find_misfits(program: IntegerProgram) -> Columns:
    """Return columns that cannot be 1 in any plan, ascending; perhaps not all of them."""
    misfit = np.zeros(len(program), dtype=bool)
    rows = list(_upper_rows(program))
    budgets = [each for each in rows if len(each[0].columns) == len(program) and (each[1] >= 0).all()]
    count = -1
    while np.count_nonzero(misfit) > count:  # what one leaves out can make another a misfit
        count = np.count_nonzero(misfit)
        for row, coefficients, upper in rows:
            misfit[row.columns] |= _too_large(row, coefficients, upper, budgets, misfit)
    return np.flatnonzero(misfit)


def _too_large(
    row: Constraint,
    coefficients: NDArray[np.int64],
    upper: int,
    budgets: list[tuple[Constraint, NDArray[np.int64], int]],
    misfit: NDArray[np.bool_],
) -> NDArray[np.bool_]:
    """Return which columns of a row are too large for it, given those that are left out."""
    lowering = (coefficients < 0) & ~misfit[row.columns]
    if not lowering.any():
        return coefficients > upper
    too_large = np.zeros(len(coefficients), dtype=bool)
    for _, use, budget in budgets:
        too_large |= _exceeds(coefficients, upper, use[row.columns], budget, lowering)
    return too_large


def _upper_rows(program: IntegerProgram) -> Iterator[tuple[Constraint, NDArray[np.int64], int]]:
    """Yield each hard row whose activity is that of the columns alone, as coefficients and their upper bound."""
    others = {pool.row for pool in program.pools} | set(program.integer.coefficients if program.integer else ())
    for number, row in enumerate(program.rows):
        if row.penalty is not None or number in others:
            continue
        if row.upper is not None:
            yield row, row.coefficients, row.upper
        if row.lower is not None:
            yield row, -row.coefficients, -row.lower


def _exceeds(
    coefficients: NDArray[np.int64], upper: int, use: NDArray[np.int64], budget: int, lowering: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Return which columns exceed a row even if all that they leave of a budget lowers its activity."""
    if (use[lowering] == 0).any():
        return np.zeros(len(use), dtype=bool)
    ratio = float((-coefficients[lowering] / use[lowering]).max())
    sizes: list[Any] = [coefficients.astype(float), ratio * use, ratio * float(budget), float(upper)]
    error = MARGIN * sum(np.abs(each) for each in sizes)
    exceeds: NDArray[np.bool_] = sizes[0] + sizes[1] - sizes[2] - sizes[3] > error
    return exceeds
