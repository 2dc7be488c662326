"""`--include CREATOR`: one of the creator's offers is bought; a selector means one of those offers."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from microopt.planning.problem import PlanningProblem
from microopt.roster.selection import offers_named
from microopt.solver.program import Constraint, row


def rows(case: PlanningProblem) -> Iterator[Constraint]:
    """Yield a row for each inclusion."""
    for name in case.campaign.include:
        mine = case.any(offers_named(case.roster, name))
        yield row(f"include {name}", mine.astype(np.int64), lower=1)
