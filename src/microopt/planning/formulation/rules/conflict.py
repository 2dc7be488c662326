"""The roster's column `conflicts`: a creator is never bought beside one it names, or beside one who works for it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from microopt.planning.formulation.rules.pair import never_both
from microopt.planning.problem import PlanningProblem
from microopt.solver.program import Constraint


def rows(case: PlanningProblem) -> Iterator[Constraint]:
    """Yield the rows of every conflict, each named after the two sides."""
    for conflict in case.conflicts:
        holders, named = (np.isin(case.creator, list(ids)) for ids in (conflict.holders, conflict.named))
        yield from never_both(conflict.label, case, holders, named)
