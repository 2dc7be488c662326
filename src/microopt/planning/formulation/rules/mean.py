"""`SELECTOR mean(COLUMN) >= 0.8`: a mean over the selected offers, as `sum (w - t) x >= 0`."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import numpy as np
from msgspec.structs import replace

from microopt.campaign.campaign import RangeRule
from microopt.planning.measures import find_measure
from microopt.planning.problem import PlanningProblem
from microopt.roster.selection import matching_offers
from microopt.solver.arrays import exact_product
from microopt.solver.constraint import Constraint, constraint


def rows(problem: PlanningProblem) -> Iterator[Constraint]:
    """Yield a row for each bound of each rule on a mean."""
    for rule in problem.rules:
        if isinstance(rule, RangeRule) and rule.mean:
            selected = matching_offers(problem.roster, rule.selector)
            measure = find_measure(problem, rule.measure)
            for bound, side in ((rule.bounds.low, "lower"), (rule.bounds.high, "upper")):
                if bound is not None:
                    target = bound * Fraction(measure.scale)
                    terms = exact_product(rule.label, measure.per_unit, target.denominator, offset=target.numerator)
                    unit = 1 / (Fraction(measure.scale) * target.denominator)
                    row = constraint(rule.label, problem.sum_by_choice(np.where(selected, terms, 0)), unit=unit)
                    yield replace(row, **{side: 0})
