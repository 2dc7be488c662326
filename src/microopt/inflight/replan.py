"""A plan made anew while its campaign runs: what is agreed is kept, results teach the forecast, the rest is chosen."""

from __future__ import annotations

from msgspec.structs import replace

from microopt.campaign.campaign import Campaign
from microopt.campaign.updates import ReplanRequest
from microopt.inflight.check_updates import check_updates
from microopt.inflight.switches import PlanTransition, changed_offers, find_switches, gain_over_carry_over
from microopt.inflight.update_campaign import update_campaign
from microopt.plan.plan import Diagnosis, Plan
from microopt.plan.purchase import purchases_by_creator
from microopt.plan.replan_summary import InputFingerprints, ReplanSummary
from microopt.plan.seal import digest
from microopt.planning.build_plan import build_plan
from microopt.planning.build_problem import build_problem
from microopt.planning.infeasibility.diagnose import diagnose
from microopt.planning.optimize import solve_problem
from microopt.planning.problem import PlanningProblem
from microopt.planning.solved import SolvedProblem
from microopt.planning.time_budget import TimeBudget
from microopt.readers.plan_file import PlanFile
from microopt.roster.contract_status import with_contract_columns
from microopt.roster.roster import Roster, with_tiers
from microopt.solver.backends.base import Backend, load_backend
from microopt.solver.result import SolveLimits, Termination

PLAN_SHARE = 0.8  # of the time; the rest tells what each switch gains


def input_fingerprints(request: ReplanRequest, roster: Roster) -> InputFingerprints:
    """Return what a replan is made from."""
    asked = {
        "campaign": request.campaign_sha256,
        "budget": request.budget,
        "starts": str(request.starts or ""),
        "ends": str(request.ends or ""),
        "as of": str(request.as_of or ""),
        "keep": str(request.keep or ""),
        "per swap": str(request.per_swap or ""),
    }
    source, states, results = roster.source, request.states, request.results
    return InputFingerprints(
        roster=_roster_fingerprint(source.sha256, source.sheet, source.skip_bad_rows),
        results=None if results is None else results.sha256,
        states=None if states is None else states.sha256,
        request=digest(asked) if any(asked.values()) else "",
    )


def _roster_fingerprint(sha256: str, sheet: str | None, skip_bad_rows: bool) -> str:
    """Return what tells a roster, and how it was read: another sheet of a workbook is another roster."""
    told = [sha256, "" if sheet is None else f"sheet {sheet}", "without bad rows" if skip_bad_rows else ""]
    return ", ".join(filter(None, told))


def is_up_to_date(plan: Plan, inputs: InputFingerprints, gap: float = 0.0) -> bool:
    """Whether a plan was made from the same, and is as near the best as is asked: then there is nothing to do."""
    if plan.status != Termination.OPTIMAL.value and plan.proof.gap > gap:
        return False
    if plan.replan is None:
        source = plan.roster.source
        return inputs == InputFingerprints(
            roster=_roster_fingerprint(source.sha256, source.sheet, source.skip_bad_rows)
        )
    return inputs == plan.replan.inputs


def replan(
    last: PlanFile,
    roster: Roster,
    request: ReplanRequest,
    *,
    limits: SolveLimits | None = None,
    solver: Backend | None = None,
    second: Backend | None = None,
) -> Plan | Diagnosis:
    """Return the plan that follows the last one, or why there is none.

    What is signed, live or done is kept at the cost agreed; who declined is out, and what they were paid is sunk.
    Results so far are part of what is expected, and teach the rest of the forecast. A balanced goal is measured by what
    the first plan was measured by.

    Parameters
    ----------
    last
        The plan before.
    roster
        As it is now.
    second
        Another solver whose answer must agree.

    Raises
    ------
    UsageError
        If the last plan says what no campaign can.
    RosterError
        If results or states contradict the roster, or each other.
    CampaignError
        If the campaign does not fit the roster.
    AuditError, BackendError
        If the solver fails.
    """
    limits = limits or SolveLimits(seconds=60.0)
    time_budget, solver = TimeBudget(limits), solver or load_backend()
    check_updates(request, roster, [pick.creator for pick in last.plan.picks])
    before = last.plan.campaign
    campaign, notes = update_campaign(last.plan, before, roster, request)
    problem, warnings = build_problem(roster, campaign)
    found = solve_problem(
        problem, limits=time_budget.limits_for("plan", PLAN_SHARE), solver=solver, second=second, warnings=warnings
    )
    if isinstance(found, Diagnosis):
        return diagnose(problem, found, solver, time_budget.remaining_limits()).diagnosis
    time_budget.note_interrupt(found.proof.limit)
    plan = build_plan(found, warnings=warnings, campaign_sha256=request.campaign_sha256 or last.plan.campaign_sha256)
    transition = _build_transition(last, before, found, roster)
    return replace(plan, replan=_summarize_replan(transition, request, notes, solver, time_budget))


def _summarize_replan(
    transition: PlanTransition, request: ReplanRequest, notes: tuple[str, ...], solver: Backend, time_budget: TimeBudget
) -> ReplanSummary:
    """Return what is told of the step: who came and left, and what that gains."""
    carried = gain_over_carry_over(transition, solver, time_budget)
    transition = replace(transition, known=() if carried.picks is None else (carried.picks,))
    return ReplanSummary(
        previous=transition.last.seal,
        made_at=request.on,
        inputs=input_fingerprints(request, transition.roster),
        switches=find_switches(transition, solver, time_budget),
        gain=carried.gain,
        obstacle=carried.obstacle,
        notes=(*notes, *changed_offers(transition)),
    )


def _build_transition(last: PlanFile, before: Campaign, found: SolvedProblem, roster: Roster) -> PlanTransition:
    campaign = found.problem.campaign
    return PlanTransition(
        last=last,
        last_problem=_build_last_problem(last, before, roster),
        solved=found,
        roster=with_contract_columns(with_tiers(roster, campaign.tiers), campaign.running),
        last_purchases=purchases_by_creator(last.plan.picks),
    )


def _build_last_problem(last: PlanFile, before: Campaign, roster: Roster) -> PlanningProblem | None:
    """Return what could be bought for the last plan, where the roster is the same; else it cannot be told."""
    if roster.source.sha256 != last.plan.roster.source.sha256:
        return None
    return build_problem(roster, before)[0]
