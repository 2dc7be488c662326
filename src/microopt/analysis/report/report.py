"""Make the report of a plan: the frontier around its budget, the likely ranges of its results, its creators."""

from __future__ import annotations

from collections.abc import Sequence
from time import perf_counter

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.analysis.frontier.result import Frontier
from microopt.analysis.report.logo import find_logo
from microopt.analysis.report.negotiation import fees_to_negotiate, with_highest_fees
from microopt.analysis.report.profiles import creator_profiles
from microopt.analysis.report.result import CreatorProfile, Edition, Report, report_of_plan
from microopt.analysis.report.surrounding_budgets import budgets_around, frontier_around_plan
from microopt.analysis.session import PlanSession, seal_warnings
from microopt.campaign.goals import LEAST_COST
from microopt.errors import BackendError, CampaignError, RosterError, UsageError
from microopt.plan.codec import CODEC
from microopt.plan.plan import Pick, Plan
from microopt.plan.seal import SealedPlan
from microopt.planning.build_picks import build_picks, display_order, plan_ranges
from microopt.planning.likely_ranges import Ranges
from microopt.readers.logo import read_logo
from microopt.readers.options import MAX_UNPACKED
from microopt.readers.plan_file import FalsePlanError, PlanFile, read_plan
from microopt.roster.roster import Roster
from microopt.solver.backends.base import Backend, load_backend
from microopt.solver.result import SolveLimits
from microopt.verification.later_keys import without_later_keys
from microopt.verification.reopen import reopen_file
from microopt.verification.stated_roster import find_roster

STEPS = 20
NEGOTIATION_SHARE = 0.1  # of the time, for fees
MISSING_ROSTER_CODES = (
    "file-missing",
    "roster-missing",
    "roster-other",
    "posts-changed",
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
    session = PlanSession.from_plan(plan, roster)
    return replace(_plan_only(plan), ranges=_plan_ranges(session), profiles=_plan_profiles(session))


def report_of_next_plan(
    sealed: SealedPlan,
    roster: Roster,
    last: PlanFile,
    *,
    steps: int = STEPS,
    limits: SolveLimits,
    solver: Backend,
) -> Report:
    """Return the report of a plan that was just made from a plan file, which names the logo.

    Parameters
    ----------
    roster, steps, limits, solver
        As in `report`.
    last
        The file of the plan before.

    Raises
    ------
    UsageError, AuditError
        As in `report`.
    """
    session = PlanSession.from_plan(sealed.plan, roster)
    base = _file_only(replace(last, plan=sealed.plan, object=sealed.object))
    return with_analysis(base, session, steps=steps, limits=limits, solver=solver)


def _plan_only(plan: Plan) -> Report:
    stated = plan.campaign.report.logo
    logo = read_logo(stated) if stated else None
    return replace(report_of_plan(plan), logo=logo, negotiations=fees_to_negotiate(plan))


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
    path: str, roster: str | None = None, *, posts: str | None = None, max_unpacked: int = MAX_UNPACKED
) -> tuple[Report, PlanSession | None]:
    """Return the report of a plan file alone, and the plan reopened, from which `with_analysis` adds the rest.

    Parameters
    ----------
    path
        Path of the plan; `-` is standard input.
    roster
        Path of its roster; by default the path that the plan names, from the folder of the plan, else from the current
        one. A given roster must exist and be the plan's.
    posts
        Path of its file of past posts, if it has one; by default the path that the plan names.

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
    base = _file_only(file)
    try:
        reopened = reopen_file(file, find_roster(file, roster), posts=posts, max_unpacked=max_unpacked)
        session = PlanSession.from_reopened(reopened)
    except (RosterError, UsageError) as error:
        if roster is not None or posts is not None or error.code not in MISSING_ROSTER_CODES:
            raise
        return replace(base, missing=f"{error.message}, {NO_OTHERS}"), None
    return replace(base, plan=replace(file.plan, picks=_verified_picks(file, session))), session


def _file_only(file: PlanFile) -> Report:
    """Return the report of the plan in a file alone; without its logo, if that is not there."""
    logo, warnings = None, seal_warnings(file)
    try:
        logo = find_logo(file)
    except CampaignError as error:
        warnings = (*warnings, f"{error.message}, so the report has no logo")
    edition = Edition(language=file.plan.campaign.report.language)
    return Report(
        plan=file.plan,
        seal=file.seal,
        microopt=file.microopt,
        warnings=warnings,
        edition=edition,
        logo=logo,
        negotiations=fees_to_negotiate(file.plan),
    )


def with_analysis(
    base: Report, session: PlanSession, *, steps: int = STEPS, limits: SolveLimits, solver: Backend
) -> Report:
    """Return a report with the likely ranges and the other budgets; the parameters are those of `report`.

    Raises
    ------
    AuditError
        If a result of the solver does not pass the audit.
    """
    start = perf_counter()
    ranged = replace(base, ranges=_plan_ranges(session), profiles=_plan_profiles(session))
    if session.solved.tail is not None:
        return _without_other_budgets(ranged, "the plan was chosen for the worst outcomes")
    if session.solved.is_chosen_for_declines:
        return _without_other_budgets(ranged, "the plan was chosen for what happens after declines")
    if session.solved.problem.schedules is not None:
        return _without_other_budgets(ranged, "there are too many schedules to look at each of them")
    negotiated = _with_negotiations(ranged, session, limits.remaining(start, NEGOTIATION_SHARE), solver)
    try:
        frontier = _surrounding_frontier(base.plan, session, steps, limits.remaining(start), solver)
    except BackendError as error:  # the plan itself is fine
        warning = f"other budgets are not shown: the solver failed at them: {error.message}"
        return replace(negotiated, warnings=(*negotiated.warnings, warning))
    return replace(negotiated, frontier=frontier)


def _without_other_budgets(report: Report, why: str) -> Report:
    """Return a report that says why other budgets are left out; only the team reads it."""
    if not report.edition.is_internal:
        return report
    warning = f"other budgets and fees to negotiate are left out, because {why}"
    return replace(report, warnings=(*report.warnings, warning))


def _with_negotiations(report: Report, session: PlanSession, limits: SolveLimits, solver: Backend) -> Report:
    """Return a report with the highest fees that are worth paying, which only the team reads."""
    if not report.edition.is_internal or not report.edition.fees:
        return replace(report, negotiations=())
    try:
        found = with_highest_fees(report.negotiations, report.plan, session, limits=limits, solver=solver)
    except BackendError as error:
        warning = f"the highest fees worth paying are not shown: the solver failed at them: {error.message}"
        return replace(report, warnings=(*report.warnings, warning))
    return replace(report, negotiations=found)


def _plan_ranges(session: PlanSession) -> Ranges:
    return plan_ranges(session.solved.problem, _purchased_rows(session))


def _plan_profiles(session: PlanSession) -> tuple[CreatorProfile, ...]:
    problem = session.solved.problem
    return creator_profiles(problem.roster, display_order(problem, _purchased_rows(session)))


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
    stated = file.object["picks"]
    if without_later_keys(CODEC.encode(picks, tuple[Pick, ...]), stated, "picks") != stated:
        raise FalsePlanError(file.path, "its picks do not match its roster")
    return picks
