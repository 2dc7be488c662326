"""`each creator MEASURE RANGE`: what every creator chosen costs, or brings, within a range."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from microopt.campaign import EachRule
from microopt.case import Case
from microopt.measures import measure, over_choices
from microopt.solver.program import Row, row
from microopt.solver.rules.total import limits


def rows(case: Case) -> Iterator[Row]:
    """Yield a row for each such rule: of the choices that break it by themselves, none is made."""
    everything = np.ones(len(case), dtype=bool)
    for rule in case.rules:
        if isinstance(rule, EachRule):
            what = measure(case, rule.measure)
            lower, upper = limits(rule.bounds, (case.campaign.budget or 0) if rule.of_budget else what.scale)
            amount = over_choices(case, what, everything)
            outside = np.zeros(case.choices, dtype=bool)
            outside |= amount < (amount if lower is None else lower)
            outside |= amount > (amount if upper is None else upper)
            yield row(rule.label, np.arange(case.choices), outside.astype(np.int64), upper=0)
