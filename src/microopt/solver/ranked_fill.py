"""Fill a plan down a ranked list, as somebody does by hand, and keep every row where that can be done.

The list is bought from the top, without columns that would break a cap. A limit on a share is broken by any first
column, so it is kept as the cap that it is for a plan that uses all of the budget. What is still broken then is
repaired: columns that rank last in the plan make room for those that come next on the list. With what is left, the rest
of the list is bought, without columns that would break any row.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import inf
from typing import Any

import numpy as np
from numpy.typing import NDArray

from microopt.solver.arrays import MAX_SUM, clip_bound, max_abs
from microopt.solver.constraint import Constraint
from microopt.solver.feasibility_jump import repair_within
from microopt.solver.greedy_fill import Cap, add_in_order, greedy_fill, packing_rows, sides
from microopt.solver.program import Columns, IntegerProgram
from microopt.solver.ranking import Ranking

LISTED = 1 << 14  # columns of the list that are tried before it is asked which of the others still fit
NEAR, NEAR_IN_ROW = 1_000, 200  # columns in the plan and outside it that a repair may flip, and of a broken row


def fill_by_rank(program: IntegerProgram, columns: Columns, ranks: Sequence[NDArray[Any]], start: Columns) -> Columns:
    """Return the columns that a ranked list selects.

    A bound that the list cannot keep stays broken: the caller asks `program.violated_constraints`. Rows of net reach
    are not looked at.

    Parameters
    ----------
    columns
        (k,) ascending positions.
    ranks
        (k,) each: the rank of the columns, the lowest first, then the tie breakers. No NaN.
    start
        Columns that are tried first, in this order.
    """
    ranking = Ranking(columns=columns, ranks=tuple(ranks))
    plan = greedy_fill(program, ranking.first(columns, LISTED), start, tuple(_shares(program)))
    if program.violated_constraints(plan):
        plan = _repaired(program, ranking, plan)
    return _extended(program, ranking, plan)


def _shares(program: IntegerProgram) -> Iterator[Cap]:
    """Yield each limit of mixed signs with so much of a budget added that no coefficient is negative."""
    budgets = [row for row in packing_rows(program) if 2 * len(row.columns) > len(program)]
    for side in sides(program):
        coefficients = side.sign * side.row.coefficients
        lowering = np.flatnonzero(coefficients < 0)
        for budget in budgets if 0 < len(lowering) < len(coefficients) else ():
            use = budget.coefficients_at(side.row.columns[lowering])
            ratio = float((-coefficients[lowering] / use).max()) if use.min() > 0 else inf
            if ratio * max_abs(budget.coefficients) * len(program) < MAX_SUM:
                yield Cap(row=side.row, sign=side.sign, budget=budget, ratio=ratio)


def _repaired(program: IntegerProgram, ranking: Ranking, plan: Columns) -> Columns:
    """Return a plan that keeps all rows, or the plan as it is if few flips find none."""
    free = _free_columns(program, ranking, plan)
    order = ranking.sort(np.flatnonzero(free))
    loss = np.zeros(len(program))
    loss[order] = np.arange(len(order))
    loss[plan] = len(order) - loss[plan]  # what ranks last is dropped first
    repaired = repair_within(program, [(plan, free)], loss, lambda: False)
    return plan if repaired is None else repaired


def _free_columns(program: IntegerProgram, ranking: Ranking, plan: Columns) -> NDArray[np.bool_]:
    """Return the columns next to the end of the plan, by the list and by what is listed of each broken row, (n,)."""
    free, is_listed, is_selected = (np.zeros(len(program), dtype=bool) for _ in range(3))
    is_listed[ranking.columns], is_selected[plan] = True, True

    def add(columns: Columns, count: int) -> None:
        listed = columns[is_listed[columns]]
        free[ranking.first(listed[~is_selected[listed]], count)] = True
        free[ranking.sort(listed[is_selected[listed]])[-count:]] = True

    add(ranking.columns, NEAR)
    for row in filter(lambda row: row.violation(row.activity(plan)), program.rows):
        add(_helpful(row, row.activity(plan), is_selected), NEAR_IN_ROW)
    touched = np.zeros(int(program.group.max(initial=-1)) + 1, dtype=bool)
    touched[program.group[free]] = True
    free[plan[touched[program.group[plan]]]] = True
    return free


def _helpful(row: Constraint, activity: int, is_selected: NDArray[np.bool_]) -> Columns:
    """Return the columns whose flip brings a broken row nearer to its bounds."""
    sign = 1 if row.lower is not None and activity < row.lower else -1
    helpful: Columns = row.columns[(sign * row.coefficients > 0) != is_selected[row.columns]]
    return helpful


def _extended(program: IntegerProgram, ranking: Ranking, plan: Columns) -> Columns:
    """Return the plan with further columns of the list, until each one left would break a row, or break it further."""
    caps, count = list(sides(program)), -1
    while len(plan) > count:  # with a limit on a share, one column can make room for another
        count, fits = len(plan), program.mask(ranking.columns)
        fits[plan] = False
        while True:
            room = [clip_bound(max(0, cap.limit - cap.sign * cap.row.activity(plan))) for cap in caps]
            for cap, left in zip(caps, room, strict=True):
                fits[cap.row.columns[cap.sign * cap.row.coefficients > left]] = False
            listed = ranking.first(np.flatnonzero(fits), LISTED)
            if not len(listed):
                break
            plan = np.sort(add_in_order(program, caps, room, listed, plan))
            fits[listed] = False
    return plan
