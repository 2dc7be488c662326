"""`--budget`: what the picks cost is at most the budget."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from microopt.planning.problem import PlanningProblem
from microopt.solver.program import Constraint, row


def rows(case: PlanningProblem) -> Iterator[Constraint]:
    """Yield the budget's row, in cents, where there is one."""
    if case.campaign.budget is not None:
        cost, cents = case.sums(case.forecast.cost), Fraction(1, 100)
        yield row("budget", cost, upper=case.campaign.budget, unit=cents)
