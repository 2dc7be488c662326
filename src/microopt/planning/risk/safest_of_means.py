"""Of several plans that are equally good on average, the one that brings most in the worst scenarios.

A plan for the worst outcomes is compared with the plan that is best on average. Where there are several of these, any
other choice among them would show safety as a gain that costs nothing.
"""

from __future__ import annotations

from time import perf_counter

import numpy as np
from msgspec.structs import replace

from microopt.planning.risk.tail_goal import TailGoal
from microopt.planning.solved import SolvedProblem
from microopt.solver.backends.base import Backend
from microopt.solver.constraint import constraint
from microopt.solver.reduced_cost_fixing import price_program
from microopt.solver.result import SolveLimits
from microopt.solver.scenario_swaps import improve_by_swaps
from microopt.solver.worst_mean import WorstMean
from microopt.solver.worst_mean_search import solve_worst_mean

SHARE = 0.1  # of the time
FEW = 60  # choices that are open at the best mean: up to so many the safest plan is searched for, else by swaps alone


def safest_of_means(means: SolvedProblem, tail: TailGoal, solver: Backend, limits: SolveLimits) -> SolvedProblem:
    """Return the plan of means with the picks that bring most in the worst scenarios, as far as such are found.

    Parameters
    ----------
    tail
        The goal of the worst scenarios; its mix with the mean does not count.
    limits
        Of which a part is taken.

    Raises
    ------
    AuditError
        If the plan of means breaks a rule.
    """
    if tail.goal.program.has_soft_rows:
        return means  # whose penalties make a mean of their own
    goal, own = _with_same_mean(means, tail), limits.remaining(start := perf_counter(), SHARE)
    open_columns = np.flatnonzero(goal.program.can_be_selected)
    if len(open_columns) <= FEW:
        picks = solve_worst_mean(goal, solver, own, (means.picks,)).result.columns
    else:
        picks = improve_by_swaps(goal, means.picks, open_columns, lambda: own.remaining(start).seconds == 0)
    assert picks is not None
    return replace(means, result=replace(means.result, columns=picks))


def _with_same_mean(means: SolvedProblem, tail: TailGoal) -> WorstMean:
    """Return the worst scenarios of the plans that expect as much as the plan of means.

    Columns that the prices of the plan of means leave out of all such plans are left out.
    """
    values = tail.by_means.values
    least = constraint("mean", values, lower=int(values[means.picks].sum()))
    fixed = tail.goal.program.fixed_at_zero
    if means.result.prices is not None:
        priced = price_program(means.program, means.result.prices)
        free = priced.undecided(means.program.objective_value(means.picks))
        free[priced.selected] = free[means.picks] = True
        fixed = np.union1d(fixed, np.flatnonzero(~free))
    program = tail.goal.program.with_objective(np.zeros_like(values)).with_row(least).with_fixed_at_zero(fixed)
    return replace(tail.goal, program=program, weight=1)
