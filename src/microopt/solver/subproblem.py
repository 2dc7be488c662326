"""A solve over some columns, the others bought or not: what it tells is told of the whole program."""

from __future__ import annotations

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.solver.backends.base import Backend
from microopt.solver.program import IntegerProgram, Picks
from microopt.solver.result import NO_HINT, SolveLimits, SolveResult, WarmStart
from microopt.solver.search import solve


def solve_part(
    program: IntegerProgram,
    free: NDArray[np.bool_],
    ones: Picks,
    backend: Backend,
    limits: SolveLimits,
    hint: WarmStart = NO_HINT,
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
    plans = [_inner(picks, place, ones) for picks in hint.plans]
    inner = replace(hint, plans=tuple(picks for picks in plans if picks is not None))
    answer = solve(program.restrict(free, ones), backend, limits, cheapest=False, hint=inner)
    beside = program.linear(ones)
    value, bound, price_bound = (
        None if amount is None else amount + beside for amount in (answer.value, answer.bound, answer.price_bound)
    )
    picks = None if answer.picks is None else np.sort(np.concatenate([ones, columns[answer.picks]]))
    return replace(answer, picks=picks, value=value, bound=bound, price_bound=price_bound)


def _inner(picks: Picks, place: NDArray[np.intp], ones: Picks) -> Picks | None:
    """Return picks by their places among the free columns, None where they buy otherwise than the others are."""
    others = picks[place[picks] < 0]
    return place[picks[place[picks] >= 0]] if np.array_equal(others, np.sort(ones)) else None
