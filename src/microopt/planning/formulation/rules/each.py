"""`each creator MEASURE RANGE`: cost or result of every selected creator within a range."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from microopt.campaign.campaign import EachRule
from microopt.planning.formulation.rules.total import integer_bounds
from microopt.planning.measures import find_measure, sum_over_choices
from microopt.planning.problem import PlanningProblem
from microopt.planning.ratios import find_ratio, violations_of_ratio
from microopt.solver.constraint import Constraint, constraint


def rows(problem: PlanningProblem) -> Iterator[Constraint]:
    """Yield a row for each such rule: the violations of all selected choices add up to at most 0."""
    all_offers = np.ones(len(problem), dtype=bool)
    for rule in problem.rules:
        if not isinstance(rule, EachRule):
            continue
        ratio = find_ratio(problem, rule.measure)
        if ratio is not None:
            violation, unit = violations_of_ratio(problem, rule.label, ratio, rule.bounds)
            yield constraint(rule.label, violation, upper=0, unit=unit)
        else:
            measure = find_measure(problem, rule.measure)
            lower, upper = integer_bounds(
                rule.bounds, (problem.campaign.budget or 0) if rule.of_budget else measure.scale
            )
            amount = sum_over_choices(problem, measure, all_offers)
            violation = np.zeros(problem.choice_count, dtype=np.int64)
            if lower is not None:
                violation = np.maximum(violation, lower - amount)
            if upper is not None:
                violation = np.maximum(violation, amount - upper)
            yield constraint(rule.label, violation, upper=0, unit=Fraction(1, measure.scale))
