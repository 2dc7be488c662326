"""Contracts: what is signed, live or done is kept, whatever a plan would choose today."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from microopt.planning.problem import PlanningProblem
from microopt.roster.underway import contract_labels, rows_of
from microopt.solver.program import Constraint, row


def rows(case: PlanningProblem) -> Iterator[Constraint]:
    """Yield a row for each contract: a choice is made that holds the offer agreed."""
    for label, contract in contract_labels(case.campaign.running).items():
        mine = case.any(rows_of(case.roster, contract))
        yield row(label, mine.astype(np.int64), lower=1)
