"""Case + objective -> Program: walk the rule families and name every row."""

from __future__ import annotations

import numpy as np

from microopt.case import Case
from microopt.solver.objective import Objective
from microopt.solver.program import Program
from microopt.solver.rules import FAMILIES, net_reach
from microopt.solver.rules.exact import refuse_large


def formulate(case: Case, objective: Objective) -> Program:
    """Return the program of a case.

    Raises
    ------
    CampaignError
        If its numbers are too large for exact integers.
    """
    _, group = np.unique(case.creator, return_inverse=True)
    sums = [line for family in FAMILIES for line in family(case)]
    rows = (*sums, *net_reach.rows(case))
    pools = [*net_reach.pools(case, len(sums))]
    if objective.person:
        everything = np.ones(len(case), dtype=bool)
        pools += net_reach.exposed(case, everything, value=objective.person)
    for label, numbers in [("the goal", objective.values), *((line.label, line.coefficients) for line in rows)]:
        refuse_large(label, numbers)
    return Program(
        value=objective.values,
        cost=case.sums(case.forecast.cost),
        group=group.astype(np.int32),
        rows=rows,
        pools=tuple(pools),
    )
