"""What a plan is to bring the most of, as integers whose total is about 10^10 at most."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import floor, log10

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from microopt.planning.formulation.rules.net_reach import audience_overlap_of
from microopt.planning.measures import find_measure
from microopt.planning.problem import PlanningProblem
from microopt.solver.arrays import check_exact_sum, prefix_within_capacity

IDEAL_TOTAL = 10**10
BALANCED = ("engagements", "conversions")
METRIC_OF_GOAL = {"engagement": "engagements", "conversions": "conversions", "reach": "reach"}


class Objective(Struct, frozen=True, kw_only=True, eq=False):
    """The value of every offer.

    Attributes
    ----------
    values
        (choices,) integers; they define the problem.
    unit
        What one of them is worth in the goal's own unit.
    person
        What each thousandth of a person counts who is reached within the pools; 0 where the goal is not net reach.
    ideal
        The best value that could be reached, in the goal's own unit, where soft rules cost percents of it.
    """

    values: NDArray[np.int64]
    unit: Fraction
    per_person: float = 0.0
    ideal: Fraction | None = None


def metric_objective(case: PlanningProblem, name: str) -> Objective:
    """Return the objective of one measure.

    Raises
    ------
    CampaignError
        If the roster has no such measure.
    """
    what = find_measure(case, name)
    exact = case.sum_by_choice(what.weights)
    divisor = int(np.gcd.reduce(exact)) or 1  # in lowest terms, a bound below the next integer proves a plan
    exact = exact // divisor
    return _scaled_objective(case, exact.astype(float), Fraction(divisor, what.scale), exact=exact)


def net_reach_objective(case: PlanningProblem) -> Objective:
    """Return the objective of net reach: people within the pools, and those outside them."""
    found = audience_overlap_of(case)
    people = sum(pool.size for pool in found.pools) + int(found.outside.sum())
    top = min(affordable(case, case.sum_by_choice(case.forecast.metrics["reach"]).astype(float)), float(people))
    power = floor(log10(IDEAL_TOTAL / top)) if top > 0 else 0
    scale = Fraction(10) ** power
    values = np.rint(case.sum_by_choice(found.outside) * float(scale)).astype(np.int64)
    return Objective(values=values, unit=Fraction(1, 1000) / scale, per_person=float(scale))


def worth_objective(case: PlanningProblem, worths: Mapping[str, Fraction]) -> Objective:
    """Return the objective in money: the sum of money per unit times measure.

    Raises
    ------
    CampaignError
        If a measure is unknown.
    """
    total = np.zeros(len(case))
    for name, worth in worths.items():
        what = find_measure(case, name)
        total += what.weights * float(worth / what.scale)
    return _scaled_objective(case, _float_sums(case, total), Fraction(1))


def cost_objective(case: PlanningProblem) -> Objective:
    """Return the objective of the least cost: cents, negated, so that the most is the least."""
    cost = case.sum_by_choice(case.forecast.cost)
    divisor = int(np.gcd.reduce(cost)) or 1
    return Objective(values=-(cost // divisor), unit=Fraction(-divisor, 100))


def zero_objective(case: PlanningProblem) -> Objective:
    """Return the objective that counts nothing: to ask whether there is any plan."""
    return Objective(values=np.zeros(case.choice_count, dtype=np.int64), unit=Fraction(1))


def balanced_objective(case: PlanningProblem, ideals: Mapping[str, int]) -> Objective:
    """Return engagements and conversions, each divided by its ideal total, and added.

    Parameters
    ----------
    ideals
        The best total of each in thousandths; one that is 0 drops out.
    """
    total = np.zeros(case.choice_count)
    for name in BALANCED:
        if ideals[name]:
            total += case.sum_by_choice(case.forecast.metrics[name]) / ideals[name]
    check_exact_sum("the goal", total * IDEAL_TOTAL)
    return Objective(values=np.rint(total * IDEAL_TOTAL).astype(np.int64), unit=Fraction(1, IDEAL_TOTAL))


def _float_sums(case: PlanningProblem, values: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.bincount(case.choice, weights=values, minlength=case.choice_count).astype(float)


def _scaled_objective(
    case: PlanningProblem, values: NDArray[np.float64], unit: Fraction, exact: NDArray[np.int64] | None = None
) -> Objective:
    """Scale by the power of ten that brings what the budget could buy near `IDEAL_TOTAL`; integers only downward."""
    top = affordable(case, values)
    power = floor(log10(IDEAL_TOTAL / top)) if top > 0 else 0
    if exact is not None and power >= 0:
        return Objective(values=exact, unit=unit)
    scale = Fraction(10) ** power
    return Objective(values=np.rint(values * float(scale)).astype(np.int64), unit=unit / scale)


def affordable(case: PlanningProblem, values: NDArray[np.float64]) -> float:
    """Return what filling the budget by value per cent would bring, the last offer in full."""
    cost = case.sum_by_choice(case.forecast.cost)
    budget = int(cost.sum()) if case.campaign.budget is None else case.campaign.budget
    gain, affordable = np.maximum(values, 0.0), cost <= budget
    gain, cost = gain[affordable], np.maximum(cost[affordable], 1)
    return float(gain[prefix_within_capacity(-gain / cost, cost.astype(float), budget)].sum())
