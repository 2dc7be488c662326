"""`SELECTOR MEASURE RANGE` with plain numbers, or a percent `of budget`: a total between constants."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import ceil, floor

from microopt.campaign.campaign import RangeRule
from microopt.campaign.earnings import ratio_name
from microopt.campaign.metrics import NET_REACH
from microopt.planning.measures import counts_creators, find_measure, sum_over_choices
from microopt.planning.problem import PlanningProblem
from microopt.quantities.parse_and_format import Range
from microopt.roster.selection import matching_offers
from microopt.solver.constraint import Constraint, constraint, counting_row


def rows(problem: PlanningProblem) -> Iterator[Constraint]:
    """Yield a row for each rule on a total."""
    for rule in problem.rules:
        if isinstance(rule, RangeRule) and not rule.mean and (rule.of_budget or not rule.bounds.percent):
            if rule.chance is not None or rule.measure == NET_REACH or ratio_name(rule.measure):
                continue
            measure, selected = find_measure(problem, rule.measure), matching_offers(problem.roster, rule.selector)
            lower, upper = integer_bounds(
                rule.bounds, (problem.campaign.budget or 0) if rule.of_budget else measure.scale
            )
            if counts_creators(problem, measure):
                counted = sum_over_choices(problem, measure, selected) > 0
                yield counting_row(rule.label, counted, lower=lower, upper=upper)
            else:
                amounts, unit = sum_over_choices(problem, measure, selected), Fraction(1, measure.scale)
                yield constraint(rule.label, amounts, lower=lower, upper=upper, unit=unit)


def integer_bounds(bounds: Range, scale: int) -> tuple[int | None, int | None]:
    """Return the bounds times scale as integers: the lower bound rounded up, the upper bound rounded down."""
    low, high = bounds.low, bounds.high
    lower = None if low is None else ceil(low * Fraction(scale))
    return lower, None if high is None else floor(high * Fraction(scale))
