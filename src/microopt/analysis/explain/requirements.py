"""What requires a creator: the inclusions of a campaign that nobody else can meet."""

from __future__ import annotations

import numpy as np

from microopt.planning.formulation.rules import fixed
from microopt.planning.problem import PlanningProblem
from microopt.solver.program import Columns, IntegerProgram


def requirements(problem: PlanningProblem, program: IntegerProgram, columns: Columns) -> tuple[str, ...]:
    """Return the labels of the inclusions that only these choices can meet.

    Parameters
    ----------
    columns
        All choices of a creator.
    """
    labels = {row.label for row in fixed.include_rows(problem)}
    rows = (row for row in program.rows if row.label in labels and len(row.columns))
    return tuple(dict.fromkeys(row.label for row in rows if np.isin(row.columns, columns).all()))
