"""Solve over some columns with all others fixed, and state the result for the whole program."""

from __future__ import annotations

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.solver.backends.base import Backend
from microopt.solver.program import Columns, IntegerProgram
from microopt.solver.result import NO_WARM_START, SolveLimits, SolveResult, WarmStart
from microopt.solver.search import solve


def solve_subproblem(
    program: IntegerProgram,
    free: NDArray[np.bool_],
    fixed: Columns,
    backend: Backend,
    limits: SolveLimits,
    warm_start: WarmStart = NO_WARM_START,
) -> SolveResult:
    """Return the best plan with the columns `fixed` at 1 and all other columns that are not free at 0.

    Parameters
    ----------
    free
        (n,) mask; a group with a fixed column must have no free column.
    warm_start
        For the whole program; its plans that differ outside the free columns are ignored.

    Raises
    ------
    AuditError, BackendError
        As `solve` does.
    """
    columns = np.flatnonzero(free)
    position = np.full(len(program), -1)
    position[columns] = np.arange(len(columns))
    plans = [_restrict_plan(plan, position, fixed) for plan in warm_start.plans]
    inner = replace(warm_start, plans=tuple(plan for plan in plans if plan is not None))
    result = solve(program.restrict(free, fixed), backend, limits, cheapest=False, warm_start=inner)
    constant = program.linear_objective(fixed)
    objective, bound, price_bound = (
        None if figure is None else figure + constant for figure in (result.objective, result.bound, result.price_bound)
    )
    plan = None if result.columns is None else np.sort(np.concatenate([fixed, columns[result.columns]]))
    return replace(result, columns=plan, objective=objective, bound=bound, price_bound=price_bound)


def _restrict_plan(plan: Columns, position: NDArray[np.intp], fixed: Columns) -> Columns | None:
    """Return a plan by positions among the free columns, or None if it differs from `fixed` outside them."""
    outside = plan[position[plan] < 0]
    return position[plan[position[plan] >= 0]] if np.array_equal(outside, np.sort(fixed)) else None
