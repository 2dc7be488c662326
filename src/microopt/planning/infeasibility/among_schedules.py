"""What is known of a campaign without a plan, where there are too many schedules to look at each of them.

Prices can show that no plan keeps some rules, whatever its schedules. Without such prices there is no plan among the
schedules that were looked at, and that is all that may be said.
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from microopt.plan.diagnosis import Diagnosis
from microopt.planning.left_out_schedules import find_schedule_search, left_out_of
from microopt.planning.problem import PlanningProblem
from microopt.planning.schedule_pricing.look import ScheduleSearch
from microopt.solver.backends.base import Backend
from microopt.solver.result import PRICES_ALONE, SolveLimits, SolveResult, Termination

Remaining = Callable[[], SolveLimits]


def diagnose_schedules(
    problem: PlanningProblem,
    search: ScheduleSearch,
    result: SolveResult,
    solver: Backend,
    remaining: Remaining,
    warnings: tuple[str, ...],
) -> Diagnosis:
    """Return what a result without a plan shows of a problem that has some of its schedules."""
    labels = tuple(dict.fromkeys(rule.row.label for rule in search.rows))
    labels += tuple(rule.label for rule in problem.rules if rule.label not in labels)
    proven = search.conflict(labels, solver, remaining)
    stopped = result.termination is not Termination.INFEASIBLE and not proven
    return Diagnosis(
        status="infeasible" if proven else "unknown",
        campaign=problem.campaign,
        roster=problem.roster_facts,
        clash=() if stopped else labels,
        limit=result.limit.value if result.limit and stopped else None,
        proven_by=PRICES_ALONE if proven else "",
        seconds=result.seconds,
        warnings=warnings,
        left_out=None if proven else left_out_of(problem),
    )


def check_clash(
    problem: PlanningProblem, initial: Diagnosis, found: Diagnosis, solver: Backend, remaining: Remaining
) -> Diagnosis:
    """Return a diagnosis of some schedules, with the conflict that it found where that holds for all of them.

    Parameters
    ----------
    initial
        What was known before: whether all rules together are proven to conflict.
    """
    search = find_schedule_search(problem)
    if search is not None and found.clash and search.conflict(found.clash, solver, remaining):
        return replace(found, status="infeasible", proven_by=PRICES_ALONE, left_out=None)
    if initial.status == "infeasible":  # by prices of all rules: perhaps only some of them conflict
        return replace(
            found, clash=initial.clash, irreducible=False, resolved_by_any=False, proven_by=initial.proven_by
        )
    return replace(found, status="unknown", proven_by="", left_out=initial.left_out)
