"""Lexicographic objective: the best objective first, then the least cost, in one solve if both fit into one integer.

With `scale` above every cost, a plan that maximizes `objective * scale - cost` has the best objective, and is the
cheapest of such plans. Two solves, the second of which asks whether a cheaper plan has the same objective, are needed
only if that integer is so large that a solver's tolerance could hide a unit of cost.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.solver.arrays import max_total
from microopt.solver.backends.base import Backend, solver_title
from microopt.solver.program import Columns, IntegerProgram
from microopt.solver.reduced_cost_fixing import PricedProgram, price_program
from microopt.solver.result import (
    NO_WARM_START,
    PRICES_ALONE,
    REPEATABLE,
    Limit,
    SolveLimits,
    SolveResult,
    Termination,
    WarmStart,
)
from microopt.solver.search import solve

MAX_TOTAL = 10**9  # of the combined objective; a solver's tolerances are about a millionth of a unit and of the total


class LexicographicProgram(Struct, frozen=True, kw_only=True, eq=False):
    """A program whose objective is `objective * scale - cost`, with cost in lowest terms."""

    program: IntegerProgram
    scale: int

    def primary_objective(self, combined: int) -> int:
        """Return the objective within a combined one, or the bound on it within a combined bound."""
        return -(-combined // self.scale)


def solve_cheapest(
    program: IntegerProgram, backend: Backend, limits: SolveLimits, warm_start: WarmStart = NO_WARM_START
) -> SolveResult:
    """Return the best plan of a program, the cheapest among equals; see `microopt.solver.search.solve`.

    Raises
    ------
    AuditError, BackendError
        As `solve` does.
    """
    combined = combine_objectives(program)
    if combined is None:
        return solve(program, backend, limits, warm_start=warm_start)
    if warm_start.prices is not None:
        warm_start = replace(warm_start, prices=warm_start.prices * combined.scale)

    def report(phase: str, objective: Fraction | int | None, bound: Fraction | int | None) -> None:
        primary = [None if figure is None else combined.primary_objective(int(figure)) for figure in (objective, bound)]
        limits.report(phase, *primary)

    result = solve(combined.program, backend, replace(limits, report=report), cheapest=False, warm_start=warm_start)
    return _primary_result(program, combined, result)


def combine_objectives(program: IntegerProgram) -> LexicographicProgram | None:
    """Return the program with objective and cost combined, or None if they do not fit."""
    if not program.has_linear_objective or program.has_soft_rows or program.integer is not None or not len(program):
        return None
    cost = program.cost // (int(np.gcd.reduce(program.cost)) or 1)
    scale = min(max_total(program.group, cost), *_max_by_rows(program, cost)) + 1
    if max_total(program.group, np.abs(program.objective)) * scale > MAX_TOTAL:
        return None
    return LexicographicProgram(program=program.with_objective(program.objective * scale - cost), scale=scale)


def _max_by_rows(program: IntegerProgram, cost: NDArray[np.int64]) -> list[int]:
    """Return upper bounds on total cost: those of rows that add up all cost, such as a budget, and the cost of all."""
    columns = np.flatnonzero(cost)
    bounds = [int(cost.sum())]
    for row in program.rows:
        is_total = np.array_equal(row.columns, columns) and np.array_equal(row.coefficients, cost[columns])
        if is_total and row.upper is not None:
            bounds.append(max(row.upper, 0))
    return bounds


def _primary_result(program: IntegerProgram, combined: LexicographicProgram, result: SolveResult) -> SolveResult:
    """Return what a result of the combined program says of the program itself."""
    priced = None
    if result.prices is not None:
        pool_prices = None if result.pool_prices is None else result.pool_prices / combined.scale
        priced = price_program(program, result.prices / combined.scale, pool_prices)
    bound = None if result.bound is None else combined.primary_objective(result.bound)
    if priced is not None and bound is not None:
        bound = min(bound, priced.integer_bound)  # the combined bound minus an unknown cost is rounded up
    primary = replace(
        result,
        bound=bound,
        objective=None if result.columns is None else program.objective_value(result.columns),
        prices=None if priced is None else priced.prices,
        price_bound=None if priced is None else priced.integer_bound,
        pool_prices=None if priced is None else priced.pool_prices,
        is_cheapest=result.termination is Termination.OPTIMAL,
        proven_by=_proof_basis(program, combined, priced, result),
    )
    if result.termination is Termination.FEASIBLE and primary.bound == primary.objective:
        # the only thing not proven in time is that no plan is cheaper
        limit = result.limit if result.limit is Limit.INTERRUPT else None
        return replace(primary, termination=Termination.OPTIMAL, limit=limit)
    return primary


def _proof_basis(
    program: IntegerProgram, combined: LexicographicProgram, priced: PricedProgram | None, result: SolveResult
) -> str:
    """Return what the bound rests on: the prices, if the ones that are returned prove it too."""
    if priced is None or result.columns is None:
        return result.proven_by
    if priced.integer_bound == program.objective_value(result.columns):
        return PRICES_ALONE
    if cheapest_by_prices(combined, priced, result.columns):
        return PRICES_ALONE
    if result.proven_by in REPEATABLE:
        return result.proven_by
    return f"branch and bound of {solver_title(result.backend, result.version)}"


def cheapest_by_prices(combined: LexicographicProgram, priced: PricedProgram, plan: Columns) -> bool:
    """Whether prices alone prove that no plan is better than this one, nor equally good at a lower cost.

    Parameters
    ----------
    priced
        The program itself at these prices.
    """
    both = price_program(combined.program, priced.prices * combined.scale, priced.pool_prices * combined.scale)
    return both.integer_bound == combined.program.objective_value(plan)
