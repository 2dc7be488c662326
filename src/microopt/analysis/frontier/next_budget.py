"""The least budget that buys a better plan than the one at hand."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.analysis.frontier.result import NextImprovement
from microopt.campaign.campaign import Campaign, has_rules_of_budget
from microopt.planning.solved import SolvedProblem
from microopt.solver.backends.base import Backend
from microopt.solver.program import Columns, IntegerProgram
from microopt.solver.reduced_cost_fixing import price_program
from microopt.solver.result import SolveLimits, SolveResult, Termination, WarmStart
from microopt.solver.search import solve

MAX_EXACT_CHOICES = (
    300  # choices up to which the budget is exact to the cent; with more it takes longer than the plan itself
)
MILLIONTH = 10**6  # the least relative improvement: smaller ones are irrelevant and within solver tolerances
NONE_BETTER = NextImprovement(message="no budget buys a better plan")
UNPROVEN = NextImprovement(message="the plan itself is not proven best")
MOVING = NextImprovement(message="rules in percent of the budget change with it")
NOT_LINEAR = NextImprovement(message="not available with soft rules or net reach")


def next_improving_budget(
    top: SolvedProblem,
    program: IntegerProgram,
    solved: SolveResult,
    initial: Sequence[Columns],
    solver: Backend,
    limits: SolveLimits,
) -> NextImprovement:
    """Return the least budget that buys a plan worth at least a millionth more than a result.

    Parameters
    ----------
    top
        The solved problem of the highest budget.
    program, solved
        The program of a budget and its result.
    initial
        Plans that can be worth more.
    """
    if solved.termination is not Termination.OPTIMAL or solved.objective is None:
        return UNPROVEN
    if has_rules_of_budget(top.problem.rules):
        return MOVING
    if not program.has_linear_objective or program.has_soft_rows:
        return NOT_LINEAR
    number = [line.label for line in program.rows].index("budget")
    rows = [replace(line, upper=None) if place == number else line for place, line in enumerate(program.rows)]
    cheapest = replace(program, rows=tuple(rows)).minimize_cost(
        solved.objective + max(1, abs(solved.objective) // MILLIONTH)
    )
    prices = _rescaled_prices(cheapest, solved, number)
    if len(program) > MAX_EXACT_CHOICES:
        return _bracket_budget(top.problem.campaign, cheapest, prices, initial)
    search_result = solve(
        cheapest, solver, limits, cheapest=False, warm_start=WarmStart(prices=prices, plans=tuple(initial))
    )
    if search_result.termination is Termination.INFEASIBLE:
        return NONE_BETTER
    return _next_budget(
        top.problem.campaign,
        None if search_result.objective is None else -search_result.objective,
        None if search_result.bound is None else -search_result.bound,
    )


def _next_budget(campaign: Campaign, spend: int | None, least: int | None) -> NextImprovement:
    """Return the next budget from the spend of a better plan, and from the spend that any better plan needs."""
    budget, lower_bound = (None if cents is None else campaign.budget_for(cents) for cents in (spend, least))
    return NextImprovement(budget=budget, lower_bound=lower_bound)


def _bracket_budget(
    campaign: Campaign, cheapest: IntegerProgram, prices: NDArray[np.float64] | None, plans: Sequence[Columns]
) -> NextImprovement:
    """Return the budget of the cheapest known better plan, and the lower bound that prices prove."""
    costs = [cheapest.total_cost(picks) for picks in plans if not cheapest.violated_constraints(picks)]
    lower_bound = None if prices is None else ceil(-price_program(cheapest, prices).bound)
    return _next_budget(campaign, min(costs, default=None), lower_bound)


def _rescaled_prices(cheapest: IntegerProgram, solved: SolveResult, budget_row: int) -> NDArray[np.float64] | None:
    """Return the prices scaled such that a cent of cost has the budget's dual price.

    Parameters
    ----------
    budget_row
        Number of the budget's row.
    """
    if solved.prices is None or solved.prices[budget_row] <= 0:
        return None
    cent = solved.prices[budget_row] / float(cheapest.rows[budget_row].unit * 100)
    prices = np.insert(solved.prices / cent, len(cheapest.rows) - 1, -float(cheapest.rows[-1].unit) / cent)
    prices[budget_row] = 0.0
    return prices
