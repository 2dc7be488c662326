"""Rows that follow from the campaign itself: the budget, signed contracts, and included creators."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from microopt.campaign.campaign import include_label
from microopt.planning.problem import PlanningProblem
from microopt.roster.contract_status import contract_offers, contracts_by_label
from microopt.roster.selection import offers_named
from microopt.solver.constraint import Constraint, constraint

BUDGET_LABEL = "budget"


def budget_rows(problem: PlanningProblem) -> Iterator[Constraint]:
    """Yield the row of `--budget` without its contingency, in cents, if there is a budget."""
    if problem.campaign.spendable is not None:
        cost, cents = problem.sum_by_choice(problem.forecast.cost), Fraction(1, 100)
        yield constraint(BUDGET_LABEL, cost, upper=problem.campaign.spendable, unit=cents)


def contract_rows(problem: PlanningProblem) -> Iterator[Constraint]:
    """Yield a row for each contract: what is signed, live or completed stays in, whatever a plan would choose today."""
    for label, offers in contract_offers(problem.roster, contracts_by_label(problem.campaign.running)).items():
        selected = problem.any_by_choice(offers)
        yield constraint(label, selected.astype(np.int64), lower=1)


def include_rows(problem: PlanningProblem) -> Iterator[Constraint]:
    """Yield a row for each `--include CREATOR`: at least one of the offers that the name or selector matches."""
    for name in problem.campaign.include:
        selected = problem.any_by_choice(offers_named(problem.roster, name))
        yield constraint(include_label(name), selected.astype(np.int64), lower=1)
