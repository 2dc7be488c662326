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

from microopt.solver.backends.base import Backend, title_of
from microopt.solver.program import IntegerProgram, Picks
from microopt.solver.reduced_cost_fixing import PricedProgram, price
from microopt.solver.result import ALONE, NO_HINT, Limit, SolveLimits, SolveResult, Termination, WarmStart
from microopt.solver.search import solve

MOST = 10**9  # of the joined total; a solver's tolerances are about a millionth of one, and of its total


class LexicographicProgram(Struct, frozen=True, kw_only=True, eq=False):
    """A program whose value is `value * unit - cost`, cost in lowest terms."""

    program: IntegerProgram
    unit: int

    def value_of(self, joined: int) -> int:
        """Return the value within a joined total, or the bound on it within a bound."""
        return -(-joined // self.unit)


def solve_cheapest(
    program: IntegerProgram, backend: Backend, limits: SolveLimits, hint: WarmStart = NO_HINT
) -> SolveResult:
    """Return the best plan of a program, of equal ones the cheapest; see `microopt.solver.search.solve`.

    Raises
    ------
    AuditError, BackendError
        As `solve` does.
    """
    joined = combine_objectives(program)
    if joined is None:
        return solve(program, backend, limits, hint=hint)
    if hint.prices is not None:
        hint = replace(hint, prices=hint.prices * joined.unit)

    def report(phase: str, value: Fraction | int | None, bound: Fraction | int | None) -> None:
        value, bound = (None if it is None else joined.value_of(int(it)) for it in (value, bound))
        limits.report(phase, value, bound)

    told = replace(limits, report=report)
    return _apart(program, joined, solve(joined.program, backend, told, cheapest=False, hint=hint))


def combine_objectives(program: IntegerProgram) -> LexicographicProgram | None:
    """Return value and cost as one, None where they do not fit."""
    if not program.exact or program.soft or not len(program):
        return None
    cost = program.cost // (int(np.gcd.reduce(program.cost)) or 1)
    unit = min(_most_by_group(program, cost), *_most_by_rows(program, cost)) + 1
    if _most_by_group(program, np.abs(program.value)) * unit > MOST:
        return None
    return LexicographicProgram(program=replace(program, value=program.value * unit - cost), unit=unit)


def _most_by_group(program: IntegerProgram, amounts: NDArray[np.int64]) -> int:
    most = np.zeros(int(program.group.max()) + 1, dtype=np.int64)
    np.maximum.at(most, program.group, amounts)
    return int(most.sum())


def _most_by_rows(program: IntegerProgram, cost: NDArray[np.int64]) -> list[int]:
    """Return the limits that rows set on all cost, a budget's say, and the cost of everything."""
    kept = np.flatnonzero(cost)
    found = [int(cost.sum())]
    for line in program.rows:
        whole = np.array_equal(line.columns, kept) and np.array_equal(line.coefficients, cost[kept])
        if whole and line.upper is not None:
            found.append(max(line.upper, 0))
    return found


def _apart(program: IntegerProgram, joined: LexicographicProgram, answer: SolveResult) -> SolveResult:
    """Return what an answer to the joined program says of the program itself."""
    priced = None
    if answer.prices is not None:
        pool_prices = None if answer.pool_prices is None else answer.pool_prices / joined.unit
        priced = price(program, answer.prices / joined.unit, pool_prices)
    bound = None if answer.bound is None else joined.value_of(answer.bound)
    if priced is not None and bound is not None:
        bound = min(bound, priced.floor)  # the joined bound, less a cost that is not known, is rounded up
    found = replace(
        answer,
        bound=bound,
        value=None if answer.picks is None else program.objective_value(answer.picks),
        prices=None if priced is None else priced.prices,
        price_bound=None if priced is None else priced.floor,
        pool_prices=None if priced is None else priced.pool_prices,
        cheapest=answer.stop is Termination.OPTIMAL,
        shown_by=_shown_by(program, joined, priced, answer),
    )
    if (
        answer.stop is Termination.FEASIBLE and found.bound == found.value
    ):  # only that none is cheaper was not shown in time
        limit = answer.limit if answer.limit is Limit.INTERRUPT else None
        return replace(found, stop=Termination.OPTIMAL, limit=limit)
    return found


def _shown_by(
    program: IntegerProgram, joined: LexicographicProgram, priced: PricedProgram | None, answer: SolveResult
) -> str:
    """Return what the bound rests on: the prices, where those that are kept show it too."""
    if priced is None or answer.picks is None:
        return answer.shown_by
    shown = priced.floor == program.objective_value(answer.picks) or cheapest_by_prices(joined, priced, answer.picks)
    return ALONE if shown else f"branch and bound of {title_of(answer.backend, answer.version)}"


def cheapest_by_prices(joined: LexicographicProgram, priced: PricedProgram, picks: Picks) -> bool:
    """Whether prices alone show that no plan is worth more than these picks, nor as much for less.

    Parameters
    ----------
    priced
        The program itself at these prices.
    """
    both = price(joined.program, priced.prices * joined.unit, priced.pool_prices * joined.unit)
    return both.floor == joined.program.objective_value(picks)
