"""What other budgets around the plan's own would bring."""

from __future__ import annotations

from collections.abc import Sequence
from math import floor, log10
from time import perf_counter

from msgspec.structs import replace

from microopt.analysis.frontier.budgets import check_frontier_steps
from microopt.analysis.frontier.frontier import (
    FrontierContext,
    build_frontier_point,
    explain_unspent,
    rescale_to_budget,
    solve_budgets,
)
from microopt.analysis.frontier.result import Frontier, FrontierPoint
from microopt.analysis.session import PlanSession
from microopt.plan.proof import Proof
from microopt.planning.time_budget import TimeBudget
from microopt.solver.backends.base import Backend
from microopt.solver.result import SolveLimits


def budgets_around(plan_budget: int, steps: int) -> tuple[int, ...]:
    """Return rounded budgets in cents from half to twice a budget, and the budget itself to the cent.

    Raises
    ------
    UsageError
        If the number is out of range.
    """
    check_frontier_steps(steps)
    below = round((steps - 1) / 3)
    above = steps - 1 - below
    lower = [plan_budget - (plan_budget - plan_budget // 2) * number // below for number in range(below, 0, -1)]
    upper = [plan_budget + plan_budget * number // above for number in range(1, above + 1)]
    unit = 10 ** max(0, floor(log10(max(1, plan_budget / steps))) - 1)
    inner = [max(1, round(budget / unit) * unit) for budget in (*lower, *upper)]
    return tuple(sorted({plan_budget, *inner}))


def frontier_around_plan(
    session: PlanSession,
    budgets: Sequence[int],
    *,
    limits: SolveLimits,
    solver: Backend,
    campaign_sha256: str | None = None,
) -> Frontier:
    """Return the best plan of each of several budgets, one of which is the budget of the plan at hand.

    Parameters
    ----------
    budgets
        In cents, the lowest first.
    limits
        For the whole analysis. What the time or an interrupt leaves out is marked as not looked at.

    Raises
    ------
    AuditError, BackendError
        If the solver fails.
    """
    start, solved = perf_counter(), session.solved
    budget = solved.problem.campaign.budget
    top = rescale_to_budget(solved, budgets[-1])
    context = FrontierContext(top=top, solver=solver, time_budget=TimeBudget(limits))
    solves = solve_budgets(context, budgets, {} if budget is None else {budget: top.result}, 1.0, budget)
    points = [build_frontier_point(top, solve_) for solve_ in solves]
    return Frontier(
        campaign=top.problem.campaign,
        campaign_sha256=campaign_sha256,
        roster=solved.problem.roster_facts,
        ideals=solved.ideals,
        points=tuple(_with_plan_proof(point, solved.proof) if point.budget == budget else point for point in points),
        optimal_spend=None,
        backend=solved.proof.backend,
        version=solved.proof.version,
        seconds=perf_counter() - start,
        unspent_reason=explain_unspent(top, solves[-1], points[-1]),
    )


def _with_plan_proof(point: FrontierPoint, proof: Proof) -> FrontierPoint:
    """Return the point with the objective and the bound of the plan itself."""
    return replace(point, objective=proof.objective, bound=proof.bound)
