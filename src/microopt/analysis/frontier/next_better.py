"""The least budget that buys a better plan than the one at hand: to the cent, or between which budgets it lies."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.analysis.frontier.result import NextImprovement
from microopt.campaign.campaign import EachRule, RangeRule
from microopt.planning.solved import SolvedProblem
from microopt.solver.backends.base import Backend
from microopt.solver.program import IntegerProgram, Picks
from microopt.solver.reduced_cost_fixing import price
from microopt.solver.result import SolveLimits, SolveResult, Termination, WarmStart
from microopt.solver.search import solve

SMALL = 300  # choices: to the cent among so few; among more it takes longer than the plan itself
MILLIONTH = 10**6  # of the value: less is no better plan to anyone, and lies within the tolerances of solvers
NONE_BETTER = NextImprovement(told="no budget buys a better plan")
UNPROVEN = NextImprovement(told="the plan itself is not proven best")
MOVING = NextImprovement(told="rules in percent of the budget move with it")
NOT_LINEAR = NextImprovement(told="soft rules and net reach have no last digit to go beyond")


def next_improving_budget(
    top: SolvedProblem,
    program: IntegerProgram,
    answer: SolveResult,
    known: Sequence[Picks],
    solver: Backend,
    limits: SolveLimits,
) -> NextImprovement:
    """Return the least budget that buys a plan worth more than an answer's, by a millionth of it or more.

    Parameters
    ----------
    top
        The campaign.
    program, answer
        At a budget.
    known
        Plans that may be worth more.
    """
    if answer.stop is not Termination.OPTIMAL or answer.value is None:
        return UNPROVEN
    if any(isinstance(rule, RangeRule | EachRule) and rule.of_budget for rule in top.case.rules):
        return MOVING
    if not program.exact or program.soft:
        return NOT_LINEAR
    number = [line.label for line in program.rows].index("budget")
    rows = [replace(line, upper=None) if place == number else line for place, line in enumerate(program.rows)]
    asked = replace(program, rows=tuple(rows)).cheapest(answer.value + max(1, abs(answer.value) // MILLIONTH))
    prices = _prices(asked, answer, number)
    if len(program) > SMALL:
        return _between(asked, prices, known)
    found = solve(asked, solver, limits, cheapest=False, hint=WarmStart(prices=prices, plans=tuple(known)))
    if found.stop is Termination.INFEASIBLE:
        return NONE_BETTER
    least = None if found.bound is None else -found.bound
    return NextImprovement(budget=None if found.value is None else -found.value, least=least)


def _between(asked: IntegerProgram, prices: NDArray[np.float64] | None, known: Sequence[Picks]) -> NextImprovement:
    """Return the budget of the cheapest of known plans, and the one below which prices show that there is none."""
    costs = [asked.total_cost(picks) for picks in known if not asked.violated_constraints(picks)]
    least = None if prices is None else ceil(-price(asked, prices).bound)
    return NextImprovement(budget=min(costs, default=None), least=least)


def _prices(asked: IntegerProgram, answer: SolveResult, number: int) -> NDArray[np.float64] | None:
    """Return the prices by which a cent of cost is worth what the budget's price says.

    Parameters
    ----------
    number
        Of the budget's row.
    """
    if answer.prices is None or answer.prices[number] <= 0:
        return None
    cent = answer.prices[number] / float(asked.rows[number].unit * 100)
    prices = np.append(answer.prices / cent, -float(asked.rows[-1].unit) / cent)
    prices[number] = 0.0
    return prices
