"""The best plan of an answered campaign without some choices, or with one of them."""

from __future__ import annotations

import numpy as np
from msgspec.structs import replace

from microopt.planning.solved import SolvedProblem
from microopt.quantities.keys import match_key
from microopt.solver.backends.base import Backend
from microopt.solver.program import Picks, row
from microopt.solver.reduced_cost_fixing import PricedProgram, price
from microopt.solver.result import SolveLimits, SolveResult, WarmStart
from microopt.solver.subproblem import solve_part

NOBODY = np.zeros(0, dtype=np.intp)


def columns_of(answered: SolvedProblem, creator: str) -> Picks:
    """Return the choices of a creator, none where filters keep the creator out."""
    case = answered.case
    return np.unique(case.choice[case.roster.texts["creator"].holds({match_key(creator)})]).astype(np.intp)


def priced(answered: SolvedProblem) -> PricedProgram | None:
    """Return what the plan's prices make of each choice."""
    prices = answered.answer.prices
    return None if prices is None else price(answered.program, prices, answered.answer.pool_prices)


def without(
    answered: SolvedProblem, columns: Picks, solver: Backend, limits: SolveLimits, *known: Picks
) -> SolveResult:
    """Return the best plan without these choices; some such plans may be known.

    Raises
    ------
    AuditError, BackendError
        If the solver fails.
    """
    free = np.ones(len(answered.program), dtype=bool)
    free[columns] = False
    return solve_part(answered.program, free, NOBODY, solver, limits, replace(_hint(answered), plans=known))


def with_one(
    answered: SolvedProblem,
    columns: Picks,
    solver: Backend,
    limits: SolveLimits,
    *known: Picks,
    nearness: PricedProgram | None = None,
) -> SolveResult:
    """Return the best plan with one of these choices; some such plans may be known.

    Parameters
    ----------
    nearness
        As `priced` returns it: it spares a relaxation.

    Raises
    ------
    AuditError, BackendError
        If the solver fails.
    """
    mine = np.zeros(len(answered.program), dtype=np.int64)
    mine[columns] = 1
    forced = answered.program.with_row(row("the creator is in", mine, lower=1))
    everything, hint = np.ones(len(mine), dtype=bool), replace(_hint(answered), plans=known)
    if nearness is not None:  # at this price of the row, the nearest of the choices is as good as not
        loss = float(nearness.deviation[columns].min())
        hint = replace(hint, prices=np.append(nearness.prices, -loss))
    return solve_part(forced, everything, NOBODY, solver, limits, hint)


def _hint(answered: SolvedProblem) -> WarmStart:
    return WarmStart(prices=answered.answer.prices, pool_prices=answered.answer.pool_prices)
