"""The most value, and of equal plans the least cost, in one solve: where both fit into one integer.

With `unit` above every cost, a plan of the most `value * unit - cost` is one of the most value, and the cheapest of
these. Two solves, the second of which asks whether any cheaper plan is worth as much, are only needed where that
integer is so large that a solver's tolerance could take a unit of cost for none.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.solver.backends.base import Backend, solver_title
from microopt.solver.program import Columns, IntegerProgram
from microopt.solver.reduced_cost_fixing import PricedProgram, price_program
from microopt.solver.result import NO_WARM_START, PRICES_ALONE, Limit, SolveLimits, SolveResult, Termination, WarmStart
from microopt.solver.search import solve

MAX_TOTAL = 10**9  # of the joined total; a solver's tolerances are about a millionth of one, and of its total


class LexicographicProgram(Struct, frozen=True, kw_only=True, eq=False):
    """A program whose value is `value * unit - cost`, cost in lowest terms."""

    program: IntegerProgram
    scale: int

    def primary_objective(self, joined: int) -> int:
        """Return the value within a joined total, or the bound on it within a bound."""
        return -(-joined // self.scale)


def solve_cheapest(
    program: IntegerProgram, backend: Backend, limits: SolveLimits, warm_start: WarmStart = NO_WARM_START
) -> SolveResult:
    """Return the best plan of a program, of equal ones the cheapest; see `microopt.solver.search.solve`.

    Raises
    ------
    AuditError, BackendError
        As `solve` does.
    """
    joined = combine_objectives(program)
    if joined is None:
        return solve(program, backend, limits, warm_start=warm_start)
    if warm_start.prices is not None:
        warm_start = replace(warm_start, prices=warm_start.prices * joined.scale)

    def report(phase: str, value: Fraction | int | None, bound: Fraction | int | None) -> None:
        value, bound = (None if it is None else joined.primary_objective(int(it)) for it in (value, bound))
        limits.report(phase, value, bound)

    told = replace(limits, report=report)
    return _primary_result(program, joined, solve(joined.program, backend, told, cheapest=False, warm_start=warm_start))


def combine_objectives(program: IntegerProgram) -> LexicographicProgram | None:
    """Return value and cost as one, None where they do not fit."""
    if not program.has_linear_objective or program.has_soft_rows or not len(program):
        return None
    cost = program.cost // (int(np.gcd.reduce(program.cost)) or 1)
    unit = min(_max_by_group(program, cost), *_max_by_rows(program, cost)) + 1
    if _max_by_group(program, np.abs(program.objective)) * unit > MAX_TOTAL:
        return None
    return LexicographicProgram(program=replace(program, objective=program.objective * unit - cost), scale=unit)


def _max_by_group(program: IntegerProgram, amounts: NDArray[np.int64]) -> int:
    most = np.zeros(int(program.group.max()) + 1, dtype=np.int64)
    np.maximum.at(most, program.group, amounts)
    return int(most.sum())


def _max_by_rows(program: IntegerProgram, cost: NDArray[np.int64]) -> list[int]:
    """Return the limits that rows set on all cost, a budget's say, and the cost of everything."""
    kept = np.flatnonzero(cost)
    found = [int(cost.sum())]
    for row in program.rows:
        whole = np.array_equal(row.columns, kept) and np.array_equal(row.coefficients, cost[kept])
        if whole and row.upper is not None:
            found.append(max(row.upper, 0))
    return found


def _primary_result(program: IntegerProgram, joined: LexicographicProgram, result: SolveResult) -> SolveResult:
    """Return what an answer to the joined program says of the program itself."""
    priced = None
    if result.prices is not None:
        pool_prices = None if result.pool_prices is None else result.pool_prices / joined.scale
        priced = price_program(program, result.prices / joined.scale, pool_prices)
    bound = None if result.bound is None else joined.primary_objective(result.bound)
    if priced is not None and bound is not None:
        bound = min(bound, priced.integer_bound)  # the joined bound, less a cost that is not known, is rounded up
    found = replace(
        result,
        bound=bound,
        objective=None if result.columns is None else program.objective_value(result.columns),
        prices=None if priced is None else priced.prices,
        price_bound=None if priced is None else priced.integer_bound,
        pool_prices=None if priced is None else priced.pool_prices,
        is_cheapest=result.termination is Termination.OPTIMAL,
        proven_by=_proof_basis(program, joined, priced, result),
    )
    if (
        result.termination is Termination.FEASIBLE and found.bound == found.objective
    ):  # only that none is cheaper was not shown in time
        limit = result.limit if result.limit is Limit.INTERRUPT else None
        return replace(found, termination=Termination.OPTIMAL, limit=limit)
    return found


def _proof_basis(
    program: IntegerProgram, joined: LexicographicProgram, priced: PricedProgram | None, result: SolveResult
) -> str:
    """Return what the bound rests on: the prices, where those that are kept show it too."""
    if priced is None or result.columns is None:
        return result.proven_by
    shown = priced.integer_bound == program.objective_value(result.columns) or cheapest_by_prices(
        joined, priced, result.columns
    )
    return PRICES_ALONE if shown else f"branch and bound of {solver_title(result.backend, result.version)}"


def cheapest_by_prices(joined: LexicographicProgram, priced: PricedProgram, selected: Columns) -> bool:
    """Whether prices alone show that no plan is worth more than these picks, nor as much for less.

    Parameters
    ----------
    priced
        The program itself at these prices.
    """
    both = price_program(joined.program, priced.prices * joined.scale, priced.pool_prices * joined.scale)
    return both.integer_bound == joined.program.objective_value(selected)
