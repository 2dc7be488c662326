"""Solve the joint program: rows on creators are added where they are violated, until all of them hold."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from microopt.planning.portfolio.entry import SharedProblem
from microopt.planning.portfolio.joint_program import JointProgram
from microopt.planning.portfolio.least_share import STEPS, least_share_program, with_least_share
from microopt.planning.time_budget import TimeBudget
from microopt.solver.backends.base import Backend
from microopt.solver.program import Columns, IntegerProgram
from microopt.solver.reduced_cost_fixing import price_program
from microopt.solver.result import SolveLimits, SolveResult, Termination, WarmStart
from microopt.solver.search import solve

NEAR = 0.02  # of the best alone: a creator who loses no more is wanted
FAIR_SHARE = 0.5  # of the time, for the least share
Build = Callable[[IntegerProgram], IntegerProgram]


class SolvedJoint(Struct, frozen=True, kw_only=True, eq=False):
    """A solved joint program.

    Attributes
    ----------
    joint
        With the rows on creators that mattered.
    program
        The program whose optimum the result is: with the least share that was found, where that was asked for.
    least_share
        The least share that was found and one that no portfolio exceeds; None where it was not asked for.
    """

    joint: JointProgram
    program: IntegerProgram
    result: SolveResult
    least_share: tuple[Fraction, Fraction] | None = None


def solve_joint(
    joint: JointProgram,
    *,
    fair: bool,
    backend: Backend,
    time_budget: TimeBudget,
    share: float = 1.0,
    plans: tuple[Columns, ...] = (),
) -> SolvedJoint:
    """Return the best division of the creators and the money.

    Parameters
    ----------
    fair
        Whether the least share is maximized first.
    share
        Of the time left that it may take.
    plans
        Known solutions.

    Raises
    ------
    AuditError, BackendError
        As in `solve`.
    """
    joint = joint.with_creator_rows(_wanted_rows(joint))
    columns, least = joint.columns, None
    build: Build = lambda program: program  # noqa: E731
    if fair:
        limits = time_budget.limits_for("least share", share * FAIR_SHARE)
        found = _solve_with_rows(joint, lambda program: least_share_program(program, columns), backend, limits, plans)
        joint, result = found.joint, found.result
        if result.columns is None or result.objective is None or result.bound is None:
            return found
        steps = result.objective
        least = Fraction(steps, STEPS), Fraction(max(result.bound, steps) + 1, STEPS)
        plans = (*plans, result.columns)
        build = lambda program: with_least_share(program, columns, steps)  # noqa: E731
    limits = time_budget.limits_for("portfolio", share)
    return replace(_solve_with_rows(joint, build, backend, limits, plans), least_share=least)


def _solve_with_rows(
    joint: JointProgram, build: Build, backend: Backend, limits: SolveLimits, plans: tuple[Columns, ...]
) -> SolvedJoint:
    """Solve, add the rows on creators that the solution violates, and solve again until it violates none.

    A program without some rows has no lower optimum, so that its bound holds for all of them.
    """
    time_budget, warm_start = TimeBudget(limits), WarmStart(plans=plans)
    while True:
        program = build(joint.program)
        result = solve(program, backend, time_budget.remaining_limits(), cheapest=False, warm_start=warm_start)
        added = () if result.columns is None else joint.violated(result.columns)
        if not added:
            return SolvedJoint(joint=joint, program=program, result=result)
        joint = joint.with_creator_rows(added)
        warm_start = replace(warm_start, plans=(*warm_start.plans,))


def _wanted_rows(joint: JointProgram) -> tuple[int, ...]:
    """Return the rows on creators that the plans alone violate, or would with creators who are almost as good."""
    wanted = np.zeros(len(joint.columns), dtype=bool)
    for number, problem in enumerate(joint.columns.problems):
        wanted[joint.columns.of(number)] = _wanted_columns(problem)
    rows = (each.row for each in joint.creator_rows)
    return tuple(
        number
        for number, row in enumerate(rows)
        if row.upper is None or row.violation(int(_most_by_group(joint, row.columns, row.coefficients, wanted)))
    )


def _most_by_group(joint: JointProgram, columns: Columns, coefficients: Columns, wanted: np.ndarray) -> int:
    """Return the largest activity of a row with wanted columns, at most one of each group."""
    kept = wanted[columns]
    largest: dict[int, int] = {}
    for group, amount in zip(joint.program.group[columns[kept]].tolist(), coefficients[kept].tolist(), strict=True):
        largest[group] = max(amount, largest.get(group, 0))
    return sum(largest.values())


def _wanted_columns(problem: SharedProblem) -> np.ndarray:
    """Return which choices the plan alone has, or would have at a small loss by its prices, (choices,)."""
    alone, program = problem.alone, problem.program
    prices = alone.result.prices
    if prices is None or len(prices) != len(program.rows) or program.quotas:
        wanted = np.zeros(len(program), dtype=bool)
        wanted[alone.picks[alone.picks < len(program)]] = True
        return wanted
    priced = price_program(program, prices, alone.result.pool_prices)
    near: np.ndarray = priced.deviation <= NEAR * abs(float(problem.best_alone / problem.objective.unit))
    near[priced.selected] = True
    near[alone.picks] = True
    return near


def is_infeasible(result: SolveResult) -> bool:
    """Whether it is proven that no division keeps all rows."""
    return result.columns is None and result.termination is Termination.INFEASIBLE
