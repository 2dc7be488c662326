"""A plan of a large program with many tight rows, from growing cores: the columns nearest to the relaxation, then more.

A plan that is filled by prices is far from the best where many rows are tight, while a backend finds one close to the
bound among few columns (the restricted master problem of column generation). The bound is that of the prices, and needs
no trust in the backend.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import floor

import numpy as np
from msgspec.structs import replace

from microopt.solver.backends.base import Backend, load_backend
from microopt.solver.outer_approximation import solve_relaxation, solve_to_tolerance
from microopt.solver.program import Columns, IntegerProgram
from microopt.solver.reduced_cost_fixing import PricedProgram
from microopt.solver.result import PRICES_ALONE, Limit, SolveLimits, SolveResult
from microopt.solver.search_state import SearchState

FEWEST = 1_200  # columns of the first core
A_TIE = 5  # columns of the first core for each one at the edge of being selected
EDGE = 1e-6  # of the bound; a column that costs less is at the edge
GROWTH = 2
ROUNDS = 3
TIME_SHARE = 0.4  # of the remaining time, for one core


def solve_by_growing_cores(
    program: IntegerProgram,
    backend: Backend,
    limits: SolveLimits,
    first: PricedProgram | None = None,
    plans: Sequence[Columns] = (),
) -> SolveResult | None:
    """Return a plan within the gap of the limits, or the best one found; None where no core has a plan.

    Parameters
    ----------
    first
        The program at prices that may be near the best ones.
    plans
        Known plans.

    Raises
    ------
    AuditError, BackendError
        If the backend fails.
    """
    state = SearchState(program=program, backend=load_backend("highs"), limits=limits)
    state.program, relaxed = solve_relaxation(program, backend, state.remaining, first)
    if relaxed.priced is None:
        return None
    state.priced = relaxed.priced
    for plan in plans:
        state.update_incumbent(plan)
    size = first_size(relaxed.priced)
    for _ in range(ROUNDS):
        if state.incumbent is not None and (state.gap() <= limits.gap or state.remaining().seconds == 0):
            break
        result = _solve_nearest(state, relaxed.priced, size)
        if state.must_stop(result) or size >= len(program):
            break
        size *= GROWTH
    if state.incumbent is None:
        return None
    state.optimal = state.prices_prove_it()
    if not state.optimal and state.gap() <= limits.gap:
        state.limit = Limit.GAP
    return replace(state.result(), proven_by=PRICES_ALONE)


def first_size(priced: PricedProgram) -> int:
    """Return how many columns the first core has: more where many could be selected or not at nearly no cost."""
    at_edge = np.count_nonzero(priced.deviation <= EDGE * max(1.0, abs(priced.bound)))
    return max(FEWEST, A_TIE * int(at_edge))


def _solve_nearest(state: SearchState, priced: PricedProgram, size: int) -> SolveResult:
    """Solve over the nearest columns, with the others as prices select them, and update the incumbent."""
    program = state.program
    free = priced.nearest(min(size, len(program)), program.group)
    fixed, columns = priced.fixed_columns(free), np.flatnonzero(free)
    within = floor(priced.bound - state.limits.gap * abs(priced.bound)) - program.linear_objective(fixed)
    limits = replace(state.remaining(TIME_SHARE), target=within)
    result = solve_to_tolerance(program.restrict(free, fixed), state.backend, limits)
    if result.columns is not None:
        state.update_incumbent(np.sort(np.concatenate([fixed, columns[result.columns]])))
    return result
