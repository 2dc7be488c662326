"""Solve the joint program: rows on creators are added where they are violated, until all of them hold."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.planning.portfolio.entry import SharedProblem
from microopt.planning.portfolio.joint_program import JointProgram
from microopt.planning.portfolio.least_share import STEPS, least_share_program, with_least_share
from microopt.planning.time_budget import TimeBudget
from microopt.solver.backends.base import Backend
from microopt.solver.growing_core import solve_by_growing_cores
from microopt.solver.program import Columns, IntegerProgram
from microopt.solver.reduced_cost_fixing import price_program
from microopt.solver.result import Limit, SolveLimits, SolveResult, Termination, WarmStart
from microopt.solver.search import solve
from microopt.solver.sifting import SMALL

NEAR_ENOUGH = 1e-3  # of the bound, to which a large program is solved
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
    least_limit
        The limit that ended the search for it early, or None.
    """

    joint: JointProgram
    program: IntegerProgram
    result: SolveResult
    least_share: tuple[Fraction, Fraction] | None = None
    least_limit: Limit | None = None


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
    columns, least, least_limit = joint.columns, None, None
    build: Build = lambda program: program  # noqa: E731
    if fair:
        limits = time_budget.limits_for("least share", share * FAIR_SHARE)
        found = _solve_with_rows(joint, lambda program: least_share_program(program, columns), backend, limits, plans)
        joint, result = found.joint, found.result
        if result.columns is None or result.objective is None or result.bound is None:
            return found
        steps, least_limit = result.objective, result.limit
        least = Fraction(steps, STEPS), Fraction(max(result.bound, steps) + 1, STEPS)
        plans = (*plans, result.columns)
        build = lambda program: with_least_share(program, columns, steps)  # noqa: E731
    limits = time_budget.limits_for("portfolio", share)
    solved = _solve_with_rows(joint, build, backend, limits, plans)
    return replace(solved, least_share=least, least_limit=least_limit)


def _solve_with_rows(
    joint: JointProgram, build: Build, backend: Backend, limits: SolveLimits, plans: tuple[Columns, ...]
) -> SolvedJoint:
    """Solve, add the rows on creators that the solution violates, and solve again until it violates none.

    A program without some rows has no lower optimum, so that its bound holds for all of them.
    """
    time_budget = TimeBudget(limits)
    while True:
        program = build(joint.program)
        result = _solve(program, backend, time_budget.remaining_limits(), plans)
        added = () if result.columns is None else joint.violated(result.columns)
        if not added:
            return SolvedJoint(joint=joint, program=program, result=result)
        joint = joint.with_creator_rows(added)


def _solve(program: IntegerProgram, backend: Backend, limits: SolveLimits, plans: tuple[Columns, ...]) -> SolveResult:
    """Solve a small program to its proof; of a large one, leave a gap of 0.1% open."""
    warm_start = WarmStart(plans=plans)
    if len(program) <= SMALL or program.quotas:
        return solve(program, backend, limits, cheapest=False, warm_start=warm_start)
    time_budget, near = TimeBudget(limits), replace(limits, gap=max(limits.gap, NEAR_ENOUGH))
    found = solve_by_growing_cores(program, backend, near)
    if found is not None and found.columns is not None:
        if found.termination is Termination.OPTIMAL or found.limit in (Limit.GAP, Limit.INTERRUPT):
            return found
        warm_start = WarmStart(plans=(*plans, found.columns), prices=None if program.pools else found.prices)
    near = replace(time_budget.remaining_limits(), gap=near.gap)
    return solve(program, backend, near, cheapest=False, warm_start=warm_start)


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


def _most_by_group(joint: JointProgram, columns: Columns, coefficients: Columns, wanted: NDArray[np.bool_]) -> int:
    """Return the largest activity of a row with wanted columns, at most one of each group."""
    kept = wanted[columns]
    largest: dict[int, int] = {}
    for group, amount in zip(joint.program.group[columns[kept]].tolist(), coefficients[kept].tolist(), strict=True):
        largest[group] = max(amount, largest.get(group, 0))
    return sum(largest.values())


def _wanted_columns(problem: SharedProblem) -> NDArray[np.bool_]:
    """Return which choices the plan alone has, or would have at a small loss by its prices, (choices,)."""
    alone, program = problem.alone, problem.program
    prices = alone.result.prices
    if prices is None or len(prices) != len(program.rows) or program.quotas:
        wanted = np.zeros(len(program), dtype=bool)
        wanted[alone.picks[alone.picks < len(program)]] = True
        return wanted
    priced = price_program(program, prices, alone.result.pool_prices)
    near: NDArray[np.bool_] = priced.deviation <= NEAR * abs(float(problem.best_alone / problem.objective.unit))
    near[priced.selected] = True
    near[alone.picks] = True
    return near


def is_infeasible(result: SolveResult) -> bool:
    """Whether it is proven that no division keeps all rows."""
    return result.columns is None and result.termination is Termination.INFEASIBLE
