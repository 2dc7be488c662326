"""Objectives: what a plan maximizes, as integers whose total is about 10^10 at most."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import floor, log10

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from microopt.planning.formulation.rules.net_reach import problem_overlap
from microopt.planning.measures import find_measure
from microopt.planning.problem import PlanningProblem
from microopt.solver.arrays import check_exact_sum, prefix_within_capacity

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


def metric_objective(problem: PlanningProblem, name: str) -> Objective:
    """Return the objective of one measure.

    Raises
    ------
    CampaignError
        If the roster has no such measure.
    """
    measure = find_measure(problem, name)
    exact = problem.sum_by_choice(measure.weights)
    divisor = int(np.gcd.reduce(exact)) or 1  # in lowest terms, a bound below the next integer is a proof
    exact = exact // divisor
    return _scaled_objective(problem, exact.astype(float), Fraction(divisor, measure.scale), exact=exact)


def net_reach_objective(problem: PlanningProblem) -> Objective:
    """Return the objective of net reach: people within the pools, and those outside them."""
    overlap = problem_overlap(problem)
    people = sum(pool.size for pool in overlap.pools) + int(overlap.outside.sum())
    top = min(
        affordable(problem, problem.sum_by_choice(problem.forecast.metrics["reach"]).astype(float)), float(people)
    )
    power = floor(log10(IDEAL_TOTAL / top)) if top > 0 else 0
    scale = Fraction(10) ** power
    values = np.rint(problem.sum_by_choice(overlap.outside) * float(scale)).astype(np.int64)
    return Objective(values=values, unit=Fraction(1, 1000) / scale, per_person=float(scale))


def worth_objective(problem: PlanningProblem, worths: Mapping[str, Fraction]) -> Objective:
    """Return the objective in money: each measure times its money per unit, added up.

    Raises
    ------
    CampaignError
        If a measure is unknown.
    """
    total = np.zeros(len(problem))
    for name, worth in worths.items():
        measure = find_measure(problem, name)
        total += measure.weights * float(worth / measure.scale)
    return _scaled_objective(problem, _float_sums(problem, total), Fraction(1))


def cost_objective(problem: PlanningProblem) -> Objective:
    """Return the objective of least cost: cents, negated."""
    cost = problem.sum_by_choice(problem.forecast.cost)
    divisor = int(np.gcd.reduce(cost)) or 1
    return Objective(values=-(cost // divisor), unit=Fraction(-divisor, 100))


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


def _float_sums(problem: PlanningProblem, values: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.bincount(problem.choice, weights=values, minlength=problem.choice_count).astype(float)


def _scaled_objective(
    problem: PlanningProblem, values: NDArray[np.float64], unit: Fraction, exact: NDArray[np.int64] | None = None
) -> Objective:
    """Scale by the power of ten that brings the affordable total near `IDEAL_TOTAL`; integers are only scaled down."""
    top = affordable(problem, values)
    power = floor(log10(IDEAL_TOTAL / top)) if top > 0 else 0
    if exact is not None and power >= 0:
        return Objective(values=exact, unit=unit)
    scale = Fraction(10) ** power
    return Objective(values=np.rint(values * float(scale)).astype(np.int64), unit=unit / scale)


def affordable(problem: PlanningProblem, values: NDArray[np.float64]) -> float:
    """Return the total value of filling the budget by value per cent, with the last offer counted in full."""
    cost = problem.sum_by_choice(problem.forecast.cost)
    spendable = problem.campaign.spendable
    budget = int(cost.sum()) if spendable is None else spendable
    gain, fits = np.maximum(values, 0.0), cost <= budget
    gain, cost = gain[fits], np.maximum(cost[fits], 1)
    return float(gain[prefix_within_capacity(-gain / cost, cost.astype(float), budget)].sum())
