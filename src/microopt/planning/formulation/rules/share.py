"""`SELECTOR MEASURE <= 40%`: a share of the plan's own total, or of a wave's, multiplied out to integers."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from microopt.campaign.campaign import RangeRule
from microopt.planning.measures import Measure, find_measure, sum_over_choices
from microopt.planning.problem import PlanningProblem
from microopt.planning.shares import share_base
from microopt.roster.selection import matching_offers
from microopt.solver.arrays import exact_product
from microopt.solver.constraint import Constraint, constraint


def rows(problem: PlanningProblem) -> Iterator[Constraint]:
    """Yield a row for each bound of each rule on a share: `sum_S w x <= p sum w x` times p's denominator."""
    for rule in problem.rules:
        if isinstance(rule, RangeRule) and rule.bounds.percent and not rule.mean and not rule.of_budget:
            measure, selected = find_measure(problem, rule.measure), matching_offers(problem.roster, rule.selector)
            part = sum_over_choices(problem, measure, selected)
            base_measure, base = share_base(rule)
            total = sum_over_choices(
                problem, find_measure(problem, base_measure), matching_offers(problem.roster, base)
            )
            if rule.bounds.high is not None:
                yield _bound_row(rule, measure, part, total, rule.bounds.high, upper=0)
            if rule.bounds.low is not None:
                yield _bound_row(rule, measure, part, total, rule.bounds.low, lower=0)


def _bound_row(
    rule: RangeRule,
    measure: Measure,
    part: NDArray[np.int64],
    total: NDArray[np.int64],
    share: Fraction,
    *,
    lower: int | None = None,
    upper: int | None = None,
) -> Constraint:
    exact_product(rule.label, np.abs(part) + np.abs(total), share.denominator)  # so that the sums below are exact
    coefficients = part * share.denominator - total * share.numerator
    unit = Fraction(1, measure.scale * share.denominator)
    return constraint(rule.label, coefficients, lower=lower, upper=upper, unit=unit)
