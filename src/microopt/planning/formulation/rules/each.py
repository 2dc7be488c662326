"""`each creator MEASURE RANGE`: what every creator chosen costs, or brings, within a range."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from microopt.campaign.campaign import EachRule
from microopt.planning.formulation.rules.total import integer_bounds
from microopt.planning.measures import find_measure, sum_over_choices
from microopt.planning.problem import PlanningProblem
from microopt.solver.program import Constraint, constraint


def rows(case: PlanningProblem) -> Iterator[Constraint]:
    """Yield a row for each such rule: how far the choices made are beyond it is at most 0, all together."""
    everything = np.ones(len(case), dtype=bool)
    for rule in case.rules:
        if isinstance(rule, EachRule):
            what = find_measure(case, rule.measure)
            lower, upper = integer_bounds(rule.bounds, (case.campaign.budget or 0) if rule.of_budget else what.scale)
            amount = sum_over_choices(case, what, everything)
            beyond = np.zeros(case.choice_count, dtype=np.int64)
            if lower is not None:
                beyond = np.maximum(beyond, lower - amount)
            if upper is not None:
                beyond = np.maximum(beyond, amount - upper)
            yield constraint(rule.label, beyond, upper=0, unit=Fraction(1, what.scale))
