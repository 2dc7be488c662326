"""What a plan gains over the best one that keeps everybody of the last plan who can still be had."""

from __future__ import annotations

from fractions import Fraction
from functools import partial

import numpy as np
from msgspec import Struct

from microopt.inflight.switches import PlanTransition
from microopt.plan.difference import Difference
from microopt.planning.between import difference
from microopt.planning.time_budget import TimeBudget
from microopt.solver.backends.base import Backend
from microopt.solver.program import IntegerProgram, Picks, row
from microopt.solver.result import SolveLimits, SolveResult, Termination, WarmStart
from microopt.solver.search import solve

NOT_KEPT = "not everybody of the last plan can be kept any more: the rules do not allow it"


class CarryOverPlan(Struct, frozen=True, kw_only=True, eq=False):
    """The last plan, carried on.

    Attributes
    ----------
    gain
        What the plan has more than the best one that keeps everybody; None where there is none, or it was not found.
    obstacle
        Why there is none, or empty.
    picks
        That plan.
    """

    gain: Difference | None = None
    obstacle: str = ""
    picks: Picks | None = None


def gain_over_carry_over(step: PlanTransition, solver: Backend, stint: TimeBudget) -> CarryOverPlan:
    """Return what the plan has more than the best one that keeps everybody, where there is one.

    Raises
    ------
    AuditError, BackendError
        If the solver fails.
    """
    program = step.answered.program
    mine = step.case.any(step.case.roster.texts["creator"].holds(set(step.bought)))
    there = len(np.unique(program.group[mine]))
    kept = program.with_row(row("the last plan is kept", mine.astype(np.int64), lower=there))
    if not kept.violated_constraints(step.picks):
        same = difference(step.case, step.picks, step.picks, (Fraction(1), Fraction(1)))
        return CarryOverPlan(gain=same, picks=step.picks)
    answer = stint.work(partial(_solved, kept, solver, step), "the last plan, kept", 0.5)
    if answer is None or answer.picks is None:
        return CarryOverPlan(obstacle=NOT_KEPT if answer is not None and answer.stop is Termination.INFEASIBLE else "")
    unit = step.answered.objective.unit
    values = (
        Fraction(program.objective_value(answer.picks)) * unit,
        Fraction(program.objective_value(step.picks)) * unit,
    )
    return CarryOverPlan(gain=difference(step.case, answer.picks, step.picks, values), picks=answer.picks)


def _solved(kept: IntegerProgram, solver: Backend, step: PlanTransition, limits: SolveLimits) -> SolveResult:
    known = step.answered.answer
    prices = None if known.prices is None else np.append(known.prices, 0.0)
    hint = WarmStart(prices=prices, pool_prices=known.pool_prices)
    return solve(kept, solver, limits, cheapest=False, hint=hint)
