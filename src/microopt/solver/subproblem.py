"""A solve over some columns, the others bought or not: what it tells is told of the whole program."""

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
    """Return the best plan that buys `ones` and otherwise free columns only.

    Parameters
    ----------
    free
        (n,) groups that hold one of `ones` must have no free column.
    hint
        Of the whole program; of its plans, those that buy otherwise are left aside.

    Raises
    ------
    AuditError, BackendError
        As `solve` does.
    """
    columns = np.flatnonzero(free)
    place = np.full(len(program), -1)
    place[columns] = np.arange(len(columns))
    plans = [_restricted_columns(selected, place, fixed) for selected in warm_start.plans]
    inner = replace(warm_start, plans=tuple(selected for selected in plans if selected is not None))
    result = solve(program.restrict(free, fixed), backend, limits, cheapest=False, warm_start=inner)
    beside = program.linear_objective(fixed)
    value, bound, price_bound = (
        None if amount is None else amount + beside for amount in (result.objective, result.bound, result.price_bound)
    )
    selected = None if result.columns is None else np.sort(np.concatenate([fixed, columns[result.columns]]))
    return replace(result, columns=selected, objective=value, bound=bound, price_bound=price_bound)


def _restricted_columns(selected: Columns, place: NDArray[np.intp], fixed: Columns) -> Columns | None:
    """Return picks by their places among the free columns, None where they buy otherwise than the others are."""
    others = selected[place[selected] < 0]
    return place[selected[place[selected] >= 0]] if np.array_equal(others, np.sort(fixed)) else None
