"""Solve a program with quotas: without them first, which may be enough, and then as rows and columns.

The program without quotas gives a bound, and plans from which one that keeps the quotas is made (`quota_start`).
"""

from __future__ import annotations

from time import perf_counter
from typing import Protocol

import numpy as np
from msgspec.structs import replace

from microopt.solver.backends.base import Backend
from microopt.solver.program import Columns, IntegerProgram
from microopt.solver.quota_expansion import ExpandedProgram, expand
from microopt.solver.quota_start import SolveLinear, find_start
from microopt.solver.reduced_cost_fixing import price_program
from microopt.solver.result import NO_WARM_START, Limit, SolveLimits, SolveResult, Termination, WarmStart

WITHOUT_SHARE = 0.3  # of the time, for the program without quotas
START_SHARE = 0.4  # of the remaining time, for a first plan
ROUGH_SECONDS, ROUGH_GAP = 3.0, 1e-3  # for each program on the way to a first plan, at most
ROUGH_SHARE = 0.3  # of what is left for a first plan, for each of these programs


class Solve(Protocol):
    """Solves a program, as `microopt.solver.search.solve` does."""

    def __call__(
        self, program: IntegerProgram, backend: Backend, limits: SolveLimits, *, warm_start: WarmStart
    ) -> SolveResult: ...


def solve_with_quotas(
    program: IntegerProgram, backend: Backend, limits: SolveLimits, warm_start: WarmStart, solve: Solve
) -> SolveResult:
    """Return what a search finds of a program with quotas; its prices are of the rows of the expanded program.

    Raises
    ------
    AuditError, BackendError
        As `solve` does.
    """
    start, expanded, rows = perf_counter(), expand(program), len(program.rows)
    prices = None if warm_start.prices is None else warm_start.prices[:rows]
    linear = replace(program, quotas=())
    first_limits = limits.remaining(start, WITHOUT_SHARE)
    without = solve(linear, backend, first_limits, warm_start=replace(warm_start, prices=prices))
    if _is_final(without) or _is_answer(program, without):
        return _of_expanded(expanded, without, warm_start.plans)
    rough = _rough_solver(solve, backend, limits.remaining(start, START_SHARE))
    first = None if without.columns is None else find_start(program, rough, without.columns)
    plans = map(expanded.complete, (*warm_start.plans, *([] if first is None else [first])))
    if backend.successor is not None and not (limits.only_backend or limits.no_successor):
        backend = backend.successor  # the first proves little where many rows may be lifted
    warm_start = replace(warm_start, plans=tuple(plans))
    result = solve(expanded.program, backend, limits.remaining(start), warm_start=warm_start)
    if result.columns is not None:
        result = replace(result, columns=expanded.original_columns(result.columns))
    bounds = [bound for bound in (result.bound, without.bound) if bound is not None]
    return replace(result, bound=min(bounds, default=None), seconds=perf_counter() - start)


def _is_final(without: SolveResult) -> bool:
    """Whether nothing is to be tried with quotas: there is no plan without them, or the user wants what there is."""
    return without.termination is Termination.INFEASIBLE or without.limit is Limit.INTERRUPT


def _is_answer(program: IntegerProgram, without: SolveResult) -> bool:
    """Whether the best plan without quotas keeps them, and is proven to be the best."""
    return without.termination is Termination.OPTIMAL and _keeps_quotas(program, without)


def _keeps_quotas(program: IntegerProgram, result: SolveResult) -> bool:
    return result.columns is not None and all(quota.holds(result.columns) for quota in program.quotas)


def _of_expanded(expanded: ExpandedProgram, without: SolveResult, plans: tuple[Columns, ...]) -> SolveResult:
    """Return a result without quotas as one of the program with them: at prices of 0 for what they add.

    Parameters
    ----------
    plans
        Plans that are known, the best of which counts if the result's own breaks a quota.
    """
    program = expanded.original
    if without.prices is not None:
        added = len(expanded.program.rows) - len(without.prices)
        priced = price_program(program, np.append(without.prices, np.zeros(added)), without.pool_prices)
        without = replace(without, prices=priced.prices, price_bound=priced.integer_bound)
    if without.termination is Termination.INFEASIBLE or _keeps_quotas(program, without):
        return without
    kept = [plan for plan in plans if not program.violated_constraints(plan)]
    if not kept:
        return replace(without, termination=Termination.UNKNOWN, columns=None, objective=None, is_cheapest=False)
    best = max(kept, key=lambda plan: (program.objective_value(plan), -program.total_cost(plan)))
    return replace(
        without,
        termination=Termination.FEASIBLE,
        columns=best,
        objective=program.objective_value(best),
        is_cheapest=False,
    )


def _rough_solver(solve: Solve, backend: Backend, limits: SolveLimits) -> SolveLinear:
    """Return a function that solves a program soon, as far as these limits allow."""
    start = perf_counter()

    def solve_roughly(program: IntegerProgram) -> SolveResult:
        left = limits.remaining(start).seconds
        seconds = ROUGH_SECONDS if left is None else min(ROUGH_SECONDS, left * ROUGH_SHARE)
        if not seconds:
            return SolveResult(termination=Termination.UNKNOWN)
        rough = replace(limits, seconds=seconds, gap=max(ROUGH_GAP, limits.gap), report=_no_report)
        return solve(program, backend, rough, warm_start=NO_WARM_START)

    return solve_roughly


def _no_report(_phase: str, _objective: object, _bound: object) -> None:
    """Say nothing of programs that are solved on the way."""
