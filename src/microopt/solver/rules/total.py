"""`SELECTOR MEASURE RANGE` with plain numbers, or a percent `of budget`: a total within constants."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import ceil, floor

import numpy as np

from microopt.campaign import RangeRule
from microopt.case import Case
from microopt.measures import measure
from microopt.selection import selected
from microopt.solver.program import Row, row


def rows(case: Case) -> Iterator[Row]:
    """Yield a row for each rule on a total."""
    for rule in case.campaign.rules:
        if isinstance(rule, RangeRule) and not rule.mean and (rule.of_budget or not rule.bounds.percent):
            columns = np.flatnonzero(selected(case.roster, rule.selector))
            what = measure(case, rule.measure)
            scale = case.campaign.budget if rule.of_budget else what.scale
            lower, upper = limits(rule, scale)
            yield row(rule.label, columns, what.weights[columns], lower=lower, upper=upper)


def limits(rule: RangeRule, scale: int) -> tuple[int | None, int | None]:
    """Return the rule's bounds in integers: the least at or above the lower, the greatest at or below the upper."""
    low, high = rule.bounds.low, rule.bounds.high
    lower = None if low is None else ceil(low * Fraction(scale))
    return lower, None if high is None else floor(high * Fraction(scale))
