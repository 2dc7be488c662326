"""ProblemRun: the solves of one problem, for one goal after the other, with the limits that they share."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from microopt.campaign.goals import LEAST_COST
from microopt.plan.plan import Pick
from microopt.planning.formulation.objective import BuildObjective
from microopt.planning.problem import PlanningProblem
from microopt.signals import interrupted
from microopt.solver.backends.base import Backend
from microopt.solver.cross_check import CrossCheckResult, cross_check
from microopt.solver.lexicographic import solve_cheapest
from microopt.solver.program import Columns, IntegerProgram
from microopt.solver.result import NO_WARM_START, Limit, SolveLimits, SolveResult, Termination, WarmStart
from microopt.solver.search import solve

if TYPE_CHECKING:
    from microopt.planning.schedule_pricing.look import ScheduleSearch

SCHEDULES_SHARE = 0.2  # of the time left, for the search of the schedules that one goal needs


class ProblemRun(Struct, frozen=True, kw_only=True, eq=False):
    """One run of `optimize.solve_problem`: its problem and solvers, the limits of all solves, and the plans found."""

    problem: PlanningProblem
    solver: Backend
    second: Backend | None
    limits: SolveLimits
    start: float
    last: Sequence[Pick] = ()
    plans: list[Columns] = []
    schedules: ScheduleSearch | None = None

    @property
    def known_plans(self) -> WarmStart:
        """The plans of the ideals, so that no plan of the goal is worse than they are, whenever the search ends."""
        return WarmStart(plans=tuple(self.plans) if self.schedules is None else self.schedules.known_columns())

    def remember(self, plan: Columns) -> None:
        """Keep a plan of the program at hand."""
        self.plans.append(plan)
        if self.schedules is not None:
            self.schedules.remember(plan)

    def with_schedules(self, problem: PlanningProblem, build: BuildObjective) -> PlanningProblem:
        """Return the problem with the schedules that can be in a best plan for a goal; most problems have all."""
        if self.schedules is None:
            return problem
        self.limits.report("schedules", None, None)
        own, start = self.remaining_limits(SCHEDULES_SHARE), perf_counter()
        return self.schedules.look(build, self.solver, self.remaining_limits, lambda: own.remaining(start).seconds == 0)

    def with_more_schedules(self, problem: PlanningProblem, build: BuildObjective) -> PlanningProblem | None:
        """Return a problem that lacks a plan with further schedules, None where there are no further ones."""
        return None if self.schedules is None else self.schedules.look_wider(problem, build)

    def moved_evenly(self, build: BuildObjective, result: SolveResult) -> tuple[PlanningProblem, SolveResult] | None:
        """Return a problem with copies of a plan's schedules and the plan with those that are even over the waves."""
        if self.schedules is None or result.columns is None or self.is_out_of_time:
            return None
        moved = self.schedules.move_evenly(self.problem, build, result.columns, self.last)
        return None if moved is None else (moved[0], replace(result, columns=moved[1]))

    @property
    def is_out_of_time(self) -> bool:
        """Whether the time is over, or the user has interrupted the search."""
        return self.remaining_limits().seconds == 0

    def solve(self, program: IntegerProgram, solver: Backend, limits: SolveLimits) -> SolveResult:
        result = solve_for_goal(self.problem, program, solver, limits, self.known_plans, self.last)
        is_out_of_time = interrupted() and result.limit is Limit.TIME  # it was given none after the interrupt
        return replace(result, limit=Limit.INTERRUPT) if is_out_of_time else result

    def check(self, program: IntegerProgram, result: SolveResult) -> CrossCheckResult:
        """Return the result, cross-checked by the second solver where there is one."""
        if self.second is None:
            return CrossCheckResult(result=result)
        return cross_check(program, result, partial(self.solve, program), (self.solver, self.second), self.limits)

    def remaining_limits(self, share: float = 1.0) -> SolveLimits:
        return self.limits.remaining(self.start, share)


def solve_for_goal(
    problem: PlanningProblem,
    program: IntegerProgram,
    solver: Backend,
    limits: SolveLimits,
    warm_start: WarmStart = NO_WARM_START,
    last: Sequence[Pick] = (),
) -> SolveResult:
    """Return the best picks of a program of the problem; among equally good picks, the cheapest, evenly over the waves.

    Parameters
    ----------
    last
        The picks of the last plan, which stay in their waves where they can.

    Raises
    ------
    AuditError, BackendError
        As in `solve`.
    """
    if problem.campaign.goal.name != LEAST_COST:
        result = solve_cheapest(program, solver, limits, warm_start)
    else:
        result = solve(program, solver, limits, cheapest=False, warm_start=warm_start)
        result = replace(result, is_cheapest=result.termination is Termination.OPTIMAL)  # equal value means equal cost
    if problem.campaign.calendar is None or result.columns is None:
        return result
    from microopt.planning.even_waves import even_out  # which a plan without a calendar does not need

    return replace(result, columns=even_out(problem, program, result.columns, last))
