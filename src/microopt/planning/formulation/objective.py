"""Objectives: what a plan maximizes, as integers.

Metrics, columns, money and least cost are exact. A balanced goal and net reach are not made of whole units: for them,
integers that total about 10^10 are the definition.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from math import floor, lcm, log10
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from microopt.campaign.earnings import PROFIT
from microopt.planning.formulation.rules.net_reach import people_by_choice, problem_overlap
from microopt.planning.measures import earnings_measure, find_measure
from microopt.planning.problem import PlanningProblem
from microopt.solver.arrays import MAX_SUM, check_exact_sum, prefix_within_capacity

IDEAL_TOTAL = 10**10


class Objective(Struct, frozen=True, kw_only=True, eq=False):
    """The objective coefficient of every choice.

    Attributes
    ----------
    values
        (choices,) integers; they define the problem.
    unit
        What one integer is worth in the goal's own unit.
    per_person
        Objective of each thousandth of a person reached within the pools; 0 if the goal is not net reach.
    ideal
        The best objective that any plan can have, in the goal's own unit, if soft rules cost percents of it.
    """

    values: NDArray[np.int64]
    unit: Fraction
    per_person: float = 0.0
    ideal: Fraction | None = None


BuildObjective = Callable[[PlanningProblem], Objective]  # of one goal, for a problem with some of its schedules


def metric_objective(problem: PlanningProblem, name: str) -> Objective:
    """Return the objective of one measure.

    Raises
    ------
    CampaignError
        If the roster has no such measure, or its numbers are too large to add up exactly.
    """
    measure = find_measure(problem, name)
    return _in_lowest_terms(problem.sum_by_choice(measure.weights), Fraction(1, measure.scale))


def net_reach_objective(problem: PlanningProblem) -> Objective:
    """Return the objective of net reach: people within the pools, and those outside them."""
    overlap = problem_overlap(problem)
    people = sum(pool.size for pool in overlap.pools) + int(overlap.outside.sum())
    top = min(
        affordable(problem, problem.sum_by_choice(problem.forecast.metrics["reach"]).astype(float)), float(people)
    )
    power = floor(log10(IDEAL_TOTAL / top)) if top > 0 else 0
    scale = Fraction(10) ** power
    values = np.rint(people_by_choice(problem, overlap.outside) * float(scale)).astype(np.int64)
    return Objective(values=values, unit=Fraction(1, 1000) / scale, per_person=float(scale))


def worth_objective(problem: PlanningProblem, worths: Mapping[str, Fraction]) -> Objective:
    """Return the objective in money: each measure times its money per unit, added up.

    If worths have so many digits that the totals do not fit, values are rounded to a total of about 10^10.

    Raises
    ------
    CampaignError
        If a measure is unknown.
    """
    measures = [(find_measure(problem, name), worth) for name, worth in worths.items()]
    terms = [(problem.sum_by_choice(measure.weights), worth / measure.scale) for measure, worth in measures]
    terms = [(weights, factor) for weights, factor in terms if factor and weights.any()]
    denominator = lcm(*(factor.denominator for _, factor in terms))
    total = sum(float(np.abs(weights.astype(float)).sum()) * abs(float(factor)) for weights, factor in terms)
    if total * denominator > MAX_SUM:
        return _rounded_objective(problem, _sum_terms(problem, [(weights, float(factor)) for weights, factor in terms]))
    exact = _sum_terms(problem, [(weights, int(factor * denominator)) for weights, factor in terms])
    return _in_lowest_terms(exact.astype(np.int64), Fraction(1, denominator))


def profit_objective(problem: PlanningProblem) -> Objective:
    """Return the objective of profit: what is kept of the revenue, less the cost, in cents.

    Raises
    ------
    CampaignError
        If the margin or the value of an order is not known.
    """
    return _in_lowest_terms(profit_cents(problem), Fraction(1, 100))


def profit_cents(problem: PlanningProblem) -> NDArray[np.int64]:
    """Return the profit of each choice in cents, (choices,)."""
    return problem.sum_by_choice(earnings_measure(problem, PROFIT).weights)


def cost_objective(problem: PlanningProblem) -> Objective:
    """Return the objective of least cost: cents, negated."""
    cost = problem.sum_by_choice(problem.forecast.cost)
    objective = _in_lowest_terms(cost, Fraction(1, 100))
    return Objective(values=-objective.values, unit=-objective.unit)


def zero_objective(problem: PlanningProblem) -> Objective:
    """Return the zero objective, for finding out whether there is any plan."""
    return Objective(values=np.zeros(problem.choice_count, dtype=np.int64), unit=Fraction(1))


def balanced_objective(problem: PlanningProblem, ideals: Mapping[str, int]) -> Objective:
    """Return the sum of metrics such as engagements and conversions, each divided by its ideal total.

    Parameters
    ----------
    ideals
        The best total of each in thousandths; a metric with an ideal of 0 is left out.
    """
    total = np.zeros(problem.choice_count)
    for name, ideal in ideals.items():
        if ideal:
            total += problem.sum_by_choice(problem.forecast.metrics[name]) / ideal
    check_exact_sum("the goal", total * IDEAL_TOTAL)
    return Objective(values=np.rint(total * IDEAL_TOTAL).astype(np.int64), unit=Fraction(1, IDEAL_TOTAL))


def _sum_terms(problem: PlanningProblem, terms: Sequence[tuple[NDArray[np.int64], float]]) -> NDArray[Any]:
    return sum((weights * factor for weights, factor in terms), start=np.zeros(problem.choice_count, dtype=np.int64))


def _in_lowest_terms(values: NDArray[np.int64], unit: Fraction) -> Objective:
    """Return exact values divided by their greatest common divisor: a bound below the next integer is then a proof."""
    check_exact_sum("the goal", values)
    divisor = int(np.gcd.reduce(values)) or 1
    return Objective(values=values // divisor, unit=unit * divisor)


def _rounded_objective(problem: PlanningProblem, values: NDArray[np.float64]) -> Objective:
    """Round values to the power of ten that brings the affordable total near `IDEAL_TOTAL`."""
    top = affordable(problem, values)
    scale = Fraction(10) ** (floor(log10(IDEAL_TOTAL / top)) if top > 0 else 0)
    return Objective(values=np.rint(values * float(scale)).astype(np.int64), unit=1 / scale)


def affordable(problem: PlanningProblem, values: NDArray[np.float64]) -> float:
    """Return the total value of filling the budget by value per cent, with the last offer counted in full."""
    cost = problem.sum_by_choice(problem.forecast.cost)
    spendable = problem.campaign.spendable
    budget = int(cost.sum()) if spendable is None else spendable
    gain, fits = np.maximum(values, 0.0), cost <= budget
    gain, cost = gain[fits], np.maximum(cost[fits], 1)
    return float(gain[prefix_within_capacity(-gain / cost, cost.astype(float), budget)].sum())
