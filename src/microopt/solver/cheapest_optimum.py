"""The cheapest of the best plans, once an optimum is proven.

The search for it is bounded in its effort: an optimum is worth more time than the last dollar. If it is cut short, the
plan says that a cheaper one is not excluded.
"""

from __future__ import annotations

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.errors import AuditError
from microopt.solver.backends.base import Backend
from microopt.solver.outer_approximation import solve_verified
from microopt.solver.program import Columns
from microopt.solver.reduced_cost_fixing import PricedProgram
from microopt.solver.result import Limit, SolveLimits, SolveResult, Termination
from microopt.solver.search_state import SearchState
from microopt.solver.sifting import sift_relaxation
from microopt.solver.split_objective import has_large_objective

EASY = 200  # undecided columns among which a cheaper plan is searched for without pricing again
NODES = 500  # of one solve


def minimize_cost_of_optima(state: SearchState, backend: Backend) -> None:
    """Among plans with the same objective, find the one of least cost.

    Whether a cheaper plan has the same objective is as easy to solve as the first problem: maximize the objective
    at a lower cost. Only if there is one, the cost is minimized at this objective, which is harder. With soft rows,
    or in a solver's digits, the objective cannot always be stated as a row: there the first problem is solved until
    nothing cheaper is found.

    Parameters
    ----------
    backend
        Which solves; with a cutoff CBC, where there is one, takes a fraction of the time of HiGHS.
    """
    assert state.objective is not None
    state.report("cheaper equal plans")
    priced = _price_cheaper_plans(state)
    if priced is None or state.limit is Limit.INTERRUPT:
        state.is_cheapest = priced is None
        return
    free = priced.undecided(state.objective)
    fixed, columns = priced.fixed_columns(free), np.flatnonzero(free)
    try:
        while _find_cheaper(state, backend, free, fixed, columns):
            if not (state.program.has_soft_rows or has_large_objective(state.program)):
                _solve_least_cost(state, backend, free, fixed, columns)
                return
    except AuditError:
        return  # the incumbent remains valid, but a cheaper plan is not excluded


def _price_cheaper_plans(state: SearchState) -> PricedProgram | None:
    """Return prices that leave few columns undecided in cheaper plans, or None if they prove that there is none.

    A lower cost lowers the bound. If the objective is almost the cost times a constant, that alone is the proof.
    """
    assert state.priced is not None and state.objective is not None and state.incumbent is not None
    if state.priced.undecided(state.objective).sum() <= EASY:
        return state.priced
    cheaper = state.program.cheaper_than(state.program.total_cost(state.incumbent))
    relaxed = sift_relaxation(cheaper, state.backend, state.remaining)
    if relaxed.result.limit is Limit.INTERRUPT:
        state.limit = Limit.INTERRUPT
    if relaxed.priced is None:
        return None if relaxed.result.termination is Termination.INFEASIBLE else state.priced
    return relaxed.priced if relaxed.priced.integer_bound >= state.objective else None


def _find_cheaper(
    state: SearchState, backend: Backend, free: NDArray[np.bool_], fixed: Columns, columns: Columns
) -> bool:
    """Search for a cheaper plan with the same objective; return whether one was found without hitting a limit."""
    assert state.incumbent is not None and state.objective is not None
    cost = state.program.total_cost(state.incumbent) - state.program.total_cost(fixed)
    cheaper = state.program.restrict(free, fixed).cheaper_than(cost)
    cutoff = state.objective - state.program.linear_objective(fixed)
    result = solve_verified(cheaper, backend, _limits(state, cutoff))
    gain = _accept_equal(state, result, fixed, columns)
    is_worse = result.termination is Termination.OPTIMAL and gain < 0
    state.is_cheapest = result.termination is Termination.INFEASIBLE or is_worse
    return gain == 0 and result.limit is None


def _solve_least_cost(
    state: SearchState, backend: Backend, free: NDArray[np.bool_], fixed: Columns, columns: Columns
) -> None:
    assert state.incumbent is not None and state.objective is not None
    equal = state.program.minimize_cost(state.objective).restrict(free, fixed)
    result = solve_verified(equal, backend, _limits(state))
    gain = _accept_equal(state, result, fixed, columns)
    plan = None if result.columns is None else np.concatenate([fixed, columns[result.columns]])
    is_least = plan is not None and state.program.total_cost(plan) == state.program.total_cost(state.incumbent)
    state.is_cheapest = result.termination is Termination.OPTIMAL and gain == 0 and is_least


def _accept_equal(state: SearchState, result: SolveResult, fixed: Columns, columns: Columns) -> int:
    """Take over the plan of a search for a cheaper one; return how much its objective exceeds the incumbent's."""
    assert state.objective is not None
    if result.limit is Limit.INTERRUPT:
        state.limit = Limit.INTERRUPT
    if result.columns is None:
        return -1
    previous, plan = state.objective, np.sort(np.concatenate([fixed, columns[result.columns]]))
    state.update_incumbent(plan)
    if state.objective > previous:  # the plan that was called optimal is not
        state.optimal, state.backend_bound = False, None
    return state.program.objective_value(plan) - previous


def _limits(state: SearchState, cutoff: int | None = None) -> SolveLimits:
    """Return the limits of one solve."""
    nodes = NODES if state.limits.nodes is None else min(NODES, state.limits.nodes)
    return replace(state.remaining(), gap=0.0, nodes=nodes, cutoff=cutoff)
