"""Solve the joint program: rows on creators are added where they are violated, until all of them hold."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import partial

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.planning.portfolio.creator_rows import JointColumns
from microopt.planning.portfolio.entry import SharedProblem
from microopt.planning.portfolio.joint_program import JointProgram
from microopt.planning.portfolio.least_share import STEPS, first_prices, least_share_program, with_least_share
from microopt.planning.time_budget import TimeBudget
from microopt.solver.backends.base import Backend
from microopt.solver.constraint import Constraint
from microopt.solver.growing_core import first_size, solve_by_growing_cores
from microopt.solver.outer_approximation import solve_relaxation
from microopt.solver.program import Columns, IntegerProgram
from microopt.solver.reduced_cost_fixing import PricedProgram, price_program
from microopt.solver.result import Limit, SolveLimits, SolveResult, Termination, WarmStart
from microopt.solver.search import solve
from microopt.solver.sifting import SMALL

NEAR_ENOUGH = 1e-3  # of the bound, to which a large program is solved
NEAR_ENOUGH_IF_FAIR = 1e-2  # the same for the least share, and for the sum once that is fixed: relaxations say less
EDGE = 1e-7  # of the bound; a column that costs less is at the edge of being selected
ROUNDS = 20  # of relaxations, each with further rows on creators
FAIR_SHARE = 0.5  # of the time, for the least share


class JointGoal(Struct, frozen=True, kw_only=True, eq=False):
    """One of the goals of a joint program.

    Attributes
    ----------
    build
        Returns a program of the joint one's rows with this goal.
    first_prices
        Returns prices of its rows that may be near the best ones.
    near
        The gap to which a large program is solved.
    """

    build: Callable[[IntegerProgram], IntegerProgram]
    first_prices: Callable[[JointProgram], NDArray[np.float64]]
    near: float


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
    goal = JointGoal(build=_as_it_is, first_prices=lambda each: each.first_prices(each.factors), near=NEAR_ENOUGH)
    if fair:
        limits = time_budget.limits_for("least share", share * FAIR_SHARE)
        least_goal = JointGoal(
            build=lambda program: least_share_program(program, columns),
            first_prices=first_prices,
            near=NEAR_ENOUGH_IF_FAIR,
        )
        found = _solve_with_rows(joint, least_goal, backend, limits, plans)
        joint, result = found.joint, found.result
        if is_infeasible(result):
            return found
        if result.columns is not None and result.objective is not None and result.bound is not None:
            steps, least_limit = result.objective, result.limit
            least = Fraction(steps, STEPS), Fraction(max(result.bound, steps) + 1, STEPS)
            plans = (*plans, result.columns)
            build = partial(_with_least_share, columns=columns, steps=steps)
            goal = replace(goal, build=build, near=NEAR_ENOUGH_IF_FAIR)
    limits = time_budget.limits_for("portfolio", share)
    solved = _solve_with_rows(joint, goal, backend, limits, plans)
    return replace(solved, least_share=least, least_limit=least_limit)


def _as_it_is(program: IntegerProgram) -> IntegerProgram:
    return program


def _with_least_share(program: IntegerProgram, *, columns: JointColumns, steps: int) -> IntegerProgram:
    return with_least_share(program, columns, steps)


def _solve_with_rows(
    joint: JointProgram, goal: JointGoal, backend: Backend, limits: SolveLimits, plans: tuple[Columns, ...]
) -> SolvedJoint:
    """Solve, add the rows on creators that the solution violates, and solve again until it violates none.

    A program without some rows has no lower optimum, so that its bound holds for all of them.
    """
    time_budget, priced = TimeBudget(limits), None
    if not joint.program.pools:
        joint, priced = _with_priced_rows(joint, goal, backend, time_budget)
    while True:
        program = goal.build(joint.program)
        first = None if priced is None else _price_again(joint, program, priced.prices)
        limits = time_budget.remaining_limits()
        result = _solve(program, backend, limits, plans, first, max(goal.near, limits.gap))
        added = () if result.columns is None else joint.violated(result.columns)
        if not added:
            return SolvedJoint(joint=joint, program=program, result=result)
        if time_budget.exhausted:
            missing = replace(result, termination=Termination.UNKNOWN, columns=None, objective=None)
            return SolvedJoint(joint=joint, program=program, result=missing)
        joint = joint.with_creator_rows(added)


def _with_priced_rows(
    joint: JointProgram, goal: JointGoal, backend: Backend, time_budget: TimeBudget
) -> tuple[JointProgram, PricedProgram | None]:
    """Return the program with the rows on creators that its relaxation violates, and its prices."""
    priced: PricedProgram | None = None
    for _ in range(ROUNDS):
        program = goal.build(joint.program)
        first = _price_again(joint, program, goal.first_prices(joint) if priced is None else priced.prices)
        priced = solve_relaxation(program, backend, time_budget.remaining_limits, first)[1].priced
        if priced is None or time_budget.exhausted:
            break
        at_edge = priced.deviation <= EDGE * max(1.0, abs(priced.bound))
        at_edge[priced.selected] = True
        if not joint.violated(priced.selected):
            at_edge |= priced.nearest(first_size(priced), program.group)
            return joint.with_creator_rows(_rows_that_may_break(joint, at_edge)), priced
        joint = joint.with_creator_rows(_rows_that_may_break(joint, at_edge))
    return joint, priced


def _price_again(joint: JointProgram, program: IntegerProgram, prices: NDArray[np.float64]) -> PricedProgram:
    """Return a program at prices from before its last rows on creators were added, which cost nothing yet.

    The rows of the goal follow those on creators.
    """
    of_goal = len(program.rows) - len(joint.program.rows)
    before = len(prices) - of_goal
    added = np.zeros(len(program.rows) - len(prices))
    return price_program(program, np.concatenate([prices[:before], added, prices[before:]]))


def _solve(
    program: IntegerProgram,
    backend: Backend,
    limits: SolveLimits,
    plans: tuple[Columns, ...],
    first: PricedProgram | None,
    gap: float,
) -> SolveResult:
    """Solve a small program to its proof, and a large one to a gap."""
    warm_start = WarmStart(plans=plans)
    if len(program) <= SMALL or program.quotas:
        return solve(program, backend, limits, cheapest=False, warm_start=warm_start)
    time_budget, near = TimeBudget(limits), replace(limits, gap=gap)
    found = solve_by_growing_cores(program, backend, near, first, plans)
    if found is not None and found.columns is not None:
        if found.termination is Termination.OPTIMAL or found.limit in (Limit.GAP, Limit.INTERRUPT):
            return found
        warm_start = WarmStart(plans=(*plans, found.columns), prices=None if program.pools else found.prices)
    elif first is not None:
        if time_budget.exhausted and not plans:
            return _without_plan(first)
        warm_start = replace(warm_start, prices=first.prices)
    near = replace(time_budget.remaining_limits(), gap=near.gap)
    return solve(program, backend, near, cheapest=False, warm_start=warm_start)


def _without_plan(priced: PricedProgram) -> SolveResult:
    """Return what prices alone say where time is over."""
    return SolveResult(
        termination=Termination.UNKNOWN,
        limit=Limit.TIME,
        bound=priced.integer_bound,
        prices=priced.prices,
        price_bound=priced.integer_bound,
    )


def _wanted_rows(joint: JointProgram) -> tuple[int, ...]:
    """Return the rows on creators that the plans alone violate, or would with creators who are almost as good."""
    wanted = np.zeros(len(joint.columns), dtype=bool)
    for number, problem in enumerate(joint.columns.problems):
        wanted[joint.columns.of(number)] = _wanted_columns(problem)
    return _rows_that_may_break(joint, wanted)


def _rows_that_may_break(joint: JointProgram, wanted: NDArray[np.bool_]) -> tuple[int, ...]:
    """Return the unused rows on creators, by position, that wanted columns could violate."""
    used = set(joint.used)
    return tuple(
        number
        for number, row in ((number, each.row) for number, each in enumerate(joint.creator_rows) if number not in used)
        if _may_break(joint, row, wanted)
    )


def _may_break(joint: JointProgram, row: Constraint, wanted: NDArray[np.bool_]) -> bool:
    """Whether wanted columns, at most one of each group, could violate a row on a creator."""
    if row.upper is not None and _most_by_group(joint, row.columns, row.coefficients, wanted) > row.upper:
        return True
    return row.lower is not None and -_most_by_group(joint, row.columns, -row.coefficients, wanted) < row.lower


def _most_by_group(joint: JointProgram, columns: Columns, coefficients: Columns, wanted: NDArray[np.bool_]) -> int:
    """Return the largest activity of a row with wanted columns, at most one of each group."""
    kept = wanted[columns]
    largest: dict[int, int] = {}
    for group, amount in zip(joint.program.group[columns[kept]].tolist(), coefficients[kept].tolist(), strict=True):
        largest[group] = max(amount, largest.get(group, 0))  # 0 for none of the group
    return sum(largest.values())


def _wanted_columns(problem: SharedProblem) -> NDArray[np.bool_]:
    """Return which choices the plan alone has, or would have at nearly no loss by its prices, (choices,)."""
    alone, program = problem.alone, problem.program
    prices = alone.result.prices
    if prices is None or len(prices) != len(program.rows) or program.quotas:
        wanted = np.zeros(len(program), dtype=bool)
        wanted[alone.picks[alone.picks < len(program)]] = True
        return wanted
    priced = price_program(program, prices, alone.result.pool_prices)
    near: NDArray[np.bool_] = priced.deviation <= EDGE * max(1.0, abs(priced.bound))
    near[priced.selected] = True
    near[alone.picks] = True
    return near


def is_infeasible(result: SolveResult) -> bool:
    """Whether it is proven that no division keeps all rows."""
    return result.columns is None and result.termination is Termination.INFEASIBLE
