"""What choices bring in each scenario, as integers on the scale of the measures and of the goal of a problem."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from microopt.campaign.earnings import EARNINGS, PROFIT
from microopt.campaign.goals import LEAST_COST, MEASURE_OF_GOAL
from microopt.campaign.metrics import NET_REACH
from microopt.errors import CampaignError
from microopt.forecast.cost import kept_revenue
from microopt.planning.measures import find_measure
from microopt.planning.problem import PlanningProblem
from microopt.roster.roster import find_number_column
from microopt.solver.arrays import MAX_SUM, check_exact_sum, max_abs

if TYPE_CHECKING:
    from microopt.forecast.scenarios import Scenarios

Integers = NDArray[np.int64]
Terms = list[tuple[Integers, Fraction]]


class _InUnits(Protocol):
    """An objective, of which only the unit counts here; rules of its package count scenarios themselves."""

    @property
    def unit(self) -> Fraction: ...


def scenarios_of(
    problem: PlanningProblem,
    *,
    count: int | None = None,
    seed: int | None = None,
    rows: NDArray[np.intp] | None = None,
) -> Scenarios:
    """Return the scenarios of a problem's offers, by default as many as its campaign asks for, by its seed.

    Parameters
    ----------
    rows
        The offers to draw, which have the same scenarios as among all; by default all of them.

    Raises
    ------
    CampaignError
        As `draw_scenarios`.
    """
    from microopt.forecast.scenarios import draw_scenarios  # which a plan without risk does not need

    asked = problem.campaign.scenarios
    count, seed = asked.count if count is None else count, asked.seed if seed is None else seed
    return draw_scenarios(problem.roster, problem.campaign, problem.forecast, count=count, seed=seed, rows=rows)


def measure_in_scenarios(problem: PlanningProblem, scenarios: Scenarios, name: str) -> Integers:
    """Return a measure of each offer in each scenario, (rows, count), on the scale of `find_measure`.

    A figure of the roster counts where the creator accepts, and so does an offer for `count`. The rows are those that
    the scenarios were drawn for.

    Raises
    ------
    CampaignError
        As `find_measure`; or if the numbers are too large to add up exactly.
    """
    values = _measure(problem, scenarios, name)
    check_exact_sum(f"{name} in a scenario", _largest(values))
    return values


def _largest(values: Integers) -> Integers:
    """Return the largest magnitude in any scenario, (rows,)."""
    largest: Integers = np.maximum(values.max(axis=1, initial=0), -values.min(axis=1, initial=0))
    return largest


def _measure(problem: PlanningProblem, scenarios: Scenarios, name: str) -> Integers:
    measure = find_measure(problem, name)
    if measure.name == "spend":
        return scenarios.cost
    if measure.name in scenarios.metrics:
        return scenarios.metrics[measure.name]
    if measure.name in EARNINGS and find_number_column(problem.roster, name) is None:
        return _earnings(problem, scenarios, measure.name)
    weights = measure.weights if scenarios.rows is None else measure.weights[scenarios.rows]
    return np.where(scenarios.accepted, weights[:, None], 0)


def _earnings(problem: PlanningProblem, scenarios: Scenarios, name: str) -> Integers:
    """Return the revenue or the profit of each offer in each scenario, in cents."""
    assert scenarios.revenue is not None
    if name != PROFIT:
        return scenarios.revenue
    assert problem.campaign.margin is not None
    return kept_revenue(scenarios.revenue, problem.campaign.margin) - scenarios.cost


def sum_by_choice(problem: PlanningProblem, values: Integers, rows: NDArray[np.intp] | None = None) -> Integers:
    """Return the sum over each choice's rows in each scenario, (choices, count).

    Parameters
    ----------
    values
        (rows, count) of all rows of the problem, or of those of some choices.
    rows
        All rows of some choices in ascending order, where only theirs are given.
    """
    if problem.choice_count == len(problem):
        return values
    first = np.flatnonzero(np.diff(problem.choice if rows is None else problem.choice[rows], prepend=-1))
    sums: Integers = np.add.reduceat(values, first, axis=0)
    return sums


def goal_in_scenarios(
    problem: PlanningProblem, scenarios: Scenarios, objective: _InUnits, ideals: Mapping[str, int] | None = None
) -> Integers:
    """Return the goal of each choice in each scenario, (choices, count), in units of the objective, rounded.

    These integers define the problem of a goal that counts scenarios. Of scenarios of some rows, which must be all rows
    of some choices in ascending order, they are those of these choices.

    Parameters
    ----------
    objective
        The objective of the problem's goal.
    ideals
        Of a balanced goal, the best total of each metric in thousandths; by default those that the campaign keeps.

    Raises
    ------
    CampaignError
        For a goal that scenarios do not have: net reach and least cost; or if the numbers are too large.
    """
    if ideals is None:
        ideals = {ideal.metric: ideal.total for ideal in problem.campaign.ideals}
    terms = [
        (
            sum_by_choice(problem, measure_in_scenarios(problem, scenarios, name), scenarios.rows),
            factor / objective.unit,
        )
        for name, factor in _goal_terms(problem, ideals)
    ]
    choices = problem.choice_count if scenarios.rows is None else len(np.unique(problem.choice[scenarios.rows]))
    values = _rounded_sum(terms, (choices, scenarios.count))
    check_exact_sum("the goal in a scenario", _largest(values))
    return values


def _goal_terms(problem: PlanningProblem, ideals: Mapping[str, int]) -> Iterator[tuple[str, Fraction]]:
    """Yield the measures of the goal, and how much of the goal each of their integers is worth."""
    goal = problem.campaign.goal
    if goal.name in (NET_REACH, LEAST_COST):
        why = "counts people of a whole plan once" if goal.name == NET_REACH else "is what a plan costs if all accept"
        fix = "take another goal, such as --goal engagement or --goal conversions"
        raise CampaignError(f"scenarios do not have the goal {goal.name}, which {why}", fix=fix, code="risk-goal")
    if goal.name == "balanced":
        assert ideals, "a balanced goal is counted by its ideals"
        yield from ((name, Fraction(1, ideal)) for name, ideal in ideals.items() if ideal)
    elif goal.name == "worth":
        for name, worth in goal.worths.items():
            if worth:
                yield name, worth / find_measure(problem, name).scale
    else:
        name = PROFIT if goal.name == PROFIT else goal.column or MEASURE_OF_GOAL[goal.name]
        yield name, Fraction(1, find_measure(problem, name).scale)


def _rounded_sum(terms: Terms, shape: tuple[int, int]) -> Integers:
    """Return the sum of integers times factors, rounded to integers; exactly where 63 bits are enough."""
    denominator = lcm(*(factor.denominator for _, factor in terms))
    numerators = [int(factor * denominator) for _, factor in terms]
    pairs = [(values, number) for (values, _), number in zip(terms, numerators, strict=True)]
    if 2 * (sum(max_abs(values) * abs(float(number)) for values, number in pairs) + denominator) <= MAX_SUM:
        total = sum((values * number for values, number in pairs), start=np.zeros(shape, dtype=np.int64))
        return total if denominator == 1 else (2 * total + denominator) // (2 * denominator)
    rounded: NDArray[np.float64] = np.zeros(shape, dtype=np.float64)
    for values, factor in terms:
        rounded += values * float(factor)
    if max_abs(rounded) > MAX_SUM:  # too large for the integers that it is to be
        check_exact_sum("the goal in a scenario", rounded.reshape(-1))
    return np.rint(rounded).astype(np.int64)
