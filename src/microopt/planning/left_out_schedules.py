"""What is known of the schedules that a problem does not have, and what it does to a result."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING

from msgspec.structs import replace

from microopt.errors import UsageError
from microopt.plan.left_out import LeftOut
from microopt.plan.proof import Proof
from microopt.planning.formulation.objective import BuildObjective, Objective
from microopt.planning.problem import PlanningProblem
from microopt.solver.result import SolveResult, Termination

if TYPE_CHECKING:
    from microopt.planning.schedule_pricing.look import ScheduleSearch


def find_schedule_search(problem: PlanningProblem) -> ScheduleSearch | None:
    """Return the search for the schedules of a problem, None where it has all of them.

    Raises
    ------
    UsageError
        If other schedules than those of the problem may be needed, and it is not known what they bring.
    """
    if problem.schedules is None:
        return None
    from microopt.planning.schedule_pricing.look import ScheduleSearch  # only for very many schedules

    search = ScheduleSearch.of(problem)
    if search is None:
        raise some_schedules_error(problem.schedules.left_out, "this question")
    return search


def refuse_some_schedules(problem: PlanningProblem, study: str) -> None:
    """Refuse a study of schedules that were looked at for another question: for this one, others may be needed.

    Parameters
    ----------
    study
        The command.

    Raises
    ------
    UsageError
        If the problem has some of very many schedules.
    """
    if problem.schedules is not None:
        raise some_schedules_error(problem.schedules.left_out, study)


def some_schedules_error(left_out: LeftOut, study: str) -> UsageError:
    """Return the error of a study for which schedules would be needed that were not looked at."""
    message = f"{study} needs every schedule, but there are {left_out.schedules:,}: too many to look at each of them"
    fix = "set a smaller max_posts under [calendar], use fewer waves, or leave offers out with --where"
    return UsageError(message, fix=fix, code="schedules-some")


def repeat_schedules(problem: PlanningProblem, build: BuildObjective, stated: LeftOut | None) -> PlanningProblem | None:
    """Return a problem with the schedules that a plan looked at, as it states them; None if what it states cannot be.

    Parameters
    ----------
    problem
        As `build_problem` returns it, with some of very many schedules.
    """
    search = find_schedule_search(problem)
    return None if search is None or stated is None else search.repeat(build, stated)


def left_out_of(problem: PlanningProblem) -> LeftOut | None:
    """Return what is known of the schedules that a problem does not have, None where it has all."""
    return None if problem.schedules is None else problem.schedules.left_out


def bound_of_left_out(left_out: LeftOut | None, unit: Fraction) -> int | None:
    """Return what no plan with a schedule that was left out exceeds, in integers of a goal's program.

    None where there is none, or nothing is known of them. It is rounded up: what the program's schedules bring may have
    a common divisor that others lack.

    Parameters
    ----------
    unit
        What one integer is worth in the goal's unit.
    """
    return None if left_out is None or left_out.bound is None else ceil(left_out.bound / unit)


def bounded_by_left_out(problem: PlanningProblem, objective: Objective, result: SolveResult) -> SolveResult:
    """Return a result of a problem's program with bounds that hold for the schedules that it does not have, too."""
    most = bound_of_left_out(left_out_of(problem), objective.unit)
    if most is None or result.objective is None or result.bound is None:
        return result
    bound = max(result.bound, most)
    return replace(
        result,
        termination=Termination.FEASIBLE if bound > result.objective else result.termination,
        bound=bound,
        price_bound=None if result.price_bound is None else max(result.price_bound, most),
        is_cheapest=result.is_cheapest and most < result.objective,
    )


def note_left_out(proof: Proof) -> Iterator[str]:
    """Yield how many schedules a plan was chosen from, where there are too many to look at each of them."""
    if proof.left_out is None:
        return
    seen = f"{proof.left_out.schedules:,} schedules are possible; {proof.left_out.looked_at:,} of them were looked at"
    proven = proof.status == Termination.OPTIMAL.value
    yield f"{seen}, and {'no other can be in a better plan' if proven else 'the bound on better plans holds for all'}"
