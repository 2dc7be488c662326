"""The report of a plan: the frontier around its budget, and the likely ranges of its results."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version
from math import floor, log10
from time import perf_counter

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.analysis.frontier.budgets import check_frontier_steps
from microopt.analysis.frontier.frontier import FrontierContext, build_frontier_point, explain_unspent, solve_budgets
from microopt.analysis.frontier.result import Frontier, FrontierPoint
from microopt.analysis.session import PlanSession, seal_warnings
from microopt.campaign.goals import LEAST_COST
from microopt.errors import BackendError, RosterError, UsageError
from microopt.plan.codec import CODEC
from microopt.plan.plan import Pick, Plan, Proof
from microopt.plan.seal import seal_plan
from microopt.planning.build_picks import build_picks, plan_ranges
from microopt.planning.formulation.formulate import formulate
from microopt.planning.likely_ranges import Ranges
from microopt.planning.optimize import build_objective
from microopt.planning.solved import SolvedProblem
from microopt.planning.time_budget import TimeBudget
from microopt.readers.options import MAX_UNPACKED
from microopt.readers.plan_file import FalsePlanError, PlanFile, read_plan
from microopt.roster.roster import Roster
from microopt.solver.backends.base import Backend, load_backend
from microopt.solver.result import SolveLimits
from microopt.verification.reopen import reopen_file
from microopt.verification.stated_roster import find_roster


class Report(Struct, frozen=True, kw_only=True):
    """The content of a page about a plan.

    Attributes
    ----------
    seal
        The SHA-256 seal of the plan.
    microopt
        The version of microopt that made the plan.
    frontier
        The frontier around the plan's budget, measured by the plan's ideals; its point at that budget is the plan
        itself.
    missing
        A sentence why there are no frontier and no ranges, or empty.
    warnings
        Warnings about the plan file; the plan has its own.
    """

    plan: Plan
    seal: str
    microopt: str
    frontier: Frontier | None = None
    ranges: Ranges | None = None
    missing: str = ""
    warnings: tuple[str, ...] = ()


STEPS = 20
MISSING_ROSTER_CODES = (
    "file-missing",
    "roster-missing",
    "roster-other",
)  # errors after which the plan alone can be shown
NO_OTHERS = "so it shows no other budgets and no ranges"


def report(
    plan: Plan, roster: Roster, *, steps: int = STEPS, limits: SolveLimits | None = None, solver: Backend | None = None
) -> Report:
    """Return the report of a plan that was just made.

    Parameters
    ----------
    roster
        The roster that the plan was made from.
    steps
        The number of budgets from half to twice the plan's, including both ends.
    limits
        For the whole analysis; 60 seconds by default. What the time or an interrupt leaves out is marked as not looked
        at.
    solver
        CBC by default.

    Raises
    ------
    UsageError
        If the plan was made from another roster, or the number of budgets is out of range.
    AuditError
        If a result of the solver does not pass the audit.
    """
    session = PlanSession.from_plan(plan, roster)
    limits, solver = limits or SolveLimits(seconds=60.0), solver or load_backend()
    return with_analysis(_plan_only(plan), session, steps=steps, limits=limits, solver=solver)


def report_with_ranges(plan: Plan, roster: Roster) -> Report:
    """Return the report of a plan that was just made, with ranges but without other budgets; nothing is solved.

    Raises
    ------
    UsageError
        If the plan was made from another roster.
    """
    return replace(_plan_only(plan), ranges=_plan_ranges(PlanSession.from_plan(plan, roster)))


def _plan_only(plan: Plan) -> Report:
    return Report(plan=plan, seal=seal_plan(plan).seal, microopt=version("microopt"))


def report_from_file(
    path: str,
    roster: str | None = None,
    *,
    steps: int = STEPS,
    limits: SolveLimits | None = None,
    solver: Backend | None = None,
    max_unpacked: int = MAX_UNPACKED,
) -> Report:
    """Return the report of a plan file, from the file alone if its roster is missing or has changed.

    Parameters
    ----------
    path, roster, max_unpacked
        As in `open_report`.
    steps, limits, solver
        As in `report`.

    Raises
    ------
    UsageError, RosterError
        As in `open_report`.
    AuditError
        If a result of the solver does not pass the audit.
    """
    start = perf_counter()
    base, session = open_report(path, roster, max_unpacked=max_unpacked)
    if session is None:
        return base
    limits = (limits or SolveLimits(seconds=60.0)).remaining(start)  # reading counts
    return with_analysis(base, session, steps=steps, limits=limits, solver=solver or load_backend())


def open_report(
    path: str, roster: str | None = None, *, max_unpacked: int = MAX_UNPACKED
) -> tuple[Report, PlanSession | None]:
    """Return the report of a plan file alone, and the plan reopened, from which `with_analysis` adds the rest.

    Parameters
    ----------
    path
        Path of the plan; `-` is standard input.
    roster
        Path of its roster; by default the path that the plan names, from the folder of the plan, else from the current
        one. A given roster must exist and be the plan's.

    Returns
    -------
    tuple[Report, PlanSession | None]
        None where the roster is missing or has changed; the report then says so.

    Raises
    ------
    UsageError
        If the file is not a plan, or contradicts its roster.
    RosterError
        If the roster exists but cannot be read.
    """
    file = read_plan(path)
    base = Report(plan=file.plan, seal=file.seal, microopt=file.microopt, warnings=seal_warnings(file))
    try:
        session = PlanSession.from_reopened(reopen_file(file, find_roster(file, roster), max_unpacked=max_unpacked))
    except (RosterError, UsageError) as error:
        if roster is not None or error.code not in MISSING_ROSTER_CODES:
            raise
        return replace(base, missing=f"{error.message}, {NO_OTHERS}"), None
    return replace(base, plan=replace(file.plan, picks=_verified_picks(file, session))), session


def with_analysis(
    base: Report, session: PlanSession, *, steps: int = STEPS, limits: SolveLimits, solver: Backend
) -> Report:
    """Return a report with the likely ranges and the other budgets; the parameters are those of `report`.

    Raises
    ------
    AuditError
        If a result of the solver does not pass the audit.
    """
    ranged = replace(base, ranges=_plan_ranges(session))
    try:
        return replace(ranged, frontier=_surrounding_frontier(base.plan, session, steps, limits, solver))
    except BackendError as error:  # the plan itself is fine
        warning = f"other budgets are not shown: the solver failed at them: {error.message}"
        return replace(ranged, warnings=(*ranged.warnings, warning))


def _plan_ranges(session: PlanSession) -> Ranges:
    return plan_ranges(session.solved.problem, _purchased_rows(session))


def _surrounding_frontier(
    plan: Plan, session: PlanSession, steps: int, limits: SolveLimits, solver: Backend
) -> Frontier | None:
    """Return the frontier around the plan, or None if it has no budget."""
    budget = plan.campaign.budget
    if budget is None or plan.campaign.goal.name == LEAST_COST:
        return None
    budgets = budgets_around(budget, steps)
    return frontier_around_plan(session, budgets, limits=limits, solver=solver, campaign_sha256=plan.campaign_sha256)


def _purchased_rows(session: PlanSession) -> NDArray[np.bool_]:
    solved = session.solved
    return solved.problem.select_rows(solved.program.mask(solved.picks))


def _verified_picks(file: PlanFile, session: PlanSession) -> Sequence[Pick]:
    """Return the picks rebuilt from the roster, which must equal the file's: readers of a page cannot check it."""
    problem, rows = session.solved.problem, _purchased_rows(session)
    picks = build_picks(problem, rows, plan_ranges(problem, rows))
    if CODEC.encode(picks, tuple[Pick, ...]) != file.object["picks"]:
        raise FalsePlanError(file.path, "its picks do not match its roster")
    return picks


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
    top = _rescale_to_budget(solved, budgets[-1])
    context = FrontierContext(top=top, solver=solver, time_budget=TimeBudget(limits))
    solves = list(solve_budgets(context, budgets, {} if budget is None else {budget: top.result}, 1.0))
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


def _rescale_to_budget(solved: SolvedProblem, budget: int) -> SolvedProblem:
    """Return the solved plan on the scale of the highest budget: objectives are scaled by what a budget can buy."""
    problem = replace(solved.problem, campaign=replace(solved.problem.campaign, budget=budget))
    objective = build_objective(problem, solved.ideals)
    program, result = formulate(problem, objective), solved.result
    value, scale = program.objective_value(solved.picks), solved.objective.unit / objective.unit
    return replace(
        solved,
        problem=problem,
        objective=objective,
        program=program,
        result=replace(
            result,
            objective=value,
            bound=max(value, round(solved.proof.bound / objective.unit)),
            prices=None if result.prices is None else result.prices * float(scale),
        ),
    )


def _with_plan_proof(point: FrontierPoint, proof: Proof) -> FrontierPoint:
    """Return the point with the objective and the bound of the plan itself."""
    return replace(point, objective=proof.objective, bound=proof.bound)
