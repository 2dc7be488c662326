"""`SELECTOR cpa <= 30`: a ratio of the selected picks, as `sum (spend - 30 conversions) x <= 0` in integers."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from microopt.campaign.campaign import RangeRule
from microopt.planning.problem import PlanningProblem
from microopt.planning.ratios import find_ratio
from microopt.roster.selection import matching_offers
from microopt.solver.constraint import Constraint, constraint


def rows(problem: PlanningProblem) -> Iterator[Constraint]:
    """Yield a row for each bound of each rule on a ratio."""
    for rule in problem.rules:
        if not isinstance(rule, RangeRule) or rule.mean:
            continue
        ratio = find_ratio(problem, rule.measure)
        if ratio is None:
            continue
        selected = matching_offers(problem.roster, rule.selector)
        for bound, lower, upper in ((rule.bounds.low, 0, None), (rule.bounds.high, None, 0)):
            if bound is not None:
                excess, unit = ratio.excess(rule.label, bound)
                amounts = problem.sum_by_choice(np.where(selected, excess, 0))
                yield constraint(rule.label, amounts, lower=lower, upper=upper, unit=unit)
