"""Plan a campaign within its part, from the picks of the joint solution."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from microopt.campaign.campaign import Campaign
from microopt.errors import AuditError
from microopt.plan.diagnosis import Diagnosis
from microopt.plan.plan import Plan
from microopt.plan.verification_result import Discrepancy
from microopt.planning.build_picks import build_picks
from microopt.planning.build_problem import build_problem
from microopt.planning.match_picks import match_picks
from microopt.planning.optimize import plan_problem
from microopt.planning.portfolio.entry import SharedProblem
from microopt.planning.problem import PlanningProblem
from microopt.solver.backends.base import Backend
from microopt.solver.program import Columns
from microopt.solver.result import SolveLimits


def plan_from(shared: SharedProblem, picks: Columns, part: Campaign, backend: Backend, limits: SolveLimits) -> Plan:
    """Return the best plan within a part, no worse than the picks of the joint solution.

    Parameters
    ----------
    picks
        Choices of the shared problem.

    Raises
    ------
    AuditError
        If the part does not allow the picks.
    """
    problem, warnings = build_problem(shared.entry.roster, part)
    plan = plan_problem(
        problem,
        limits=limits,
        solver=backend,
        warnings=warnings,
        campaign_sha256=shared.entry.member.sha256,
        known=find_choices(shared, picks, problem),
    )
    if isinstance(plan, Diagnosis):
        fix = "try another solver with --solver highs, and report this with the portfolio file and its campaigns"
        raise AuditError(f"the part of {shared.name} in the portfolio has no plan", fix=fix, code="answer-refused")
    return plan


def find_choices(shared: SharedProblem, picks: Columns, problem: PlanningProblem) -> Columns:
    """Return the choices of another problem of the campaign that are these picks.

    Raises
    ------
    AuditError
        If it lacks one.
    """
    chosen = np.zeros(len(shared.program), dtype=bool)
    chosen[picks] = True
    return _matched(shared, match_picks(problem, build_picks(shared.problem, shared.problem.select_rows(chosen))))


def _matched(shared: SharedProblem, matched: NDArray[np.bool_] | Discrepancy) -> Columns:
    if isinstance(matched, Discrepancy):
        fix = "try another solver with --solver highs, and report this with the portfolio file and its campaigns"
        message = f"the part of {shared.name} in the portfolio does not hold: {matched.message}"
        raise AuditError(message, fix=fix, code="answer-refused")
    return np.flatnonzero(matched)


def find_choices_of_plan(shared: SharedProblem, plan: Plan) -> Columns:
    """Return the choices of a shared problem that a plan of the campaign has.

    Raises
    ------
    AuditError
        If it lacks one.
    """
    return _matched(shared, match_picks(shared.problem, plan.picks))
