"""Replan a running campaign: agreed contracts are kept, results update the forecast, the rest is chosen again.

Results and contract states that contradict the roster, or each other, are refused with their place in the file.
"""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from msgspec.structs import replace

from microopt.campaign.calendar import Calendar
from microopt.campaign.campaign import Campaign
from microopt.campaign.progress import ContractState
from microopt.campaign.updates import ReplanRequest
from microopt.inflight.agreed_offers import name_agreed_offers, unplanned_contracts
from microopt.inflight.check_updates import check_updates
from microopt.inflight.fallbacks_first import WithFallbacks, open_places, take_fallbacks
from microopt.inflight.moved_money import carried_over, moved_money
from microopt.inflight.open_offers import (
    dropped_offers,
    find_open_offers,
    keep_most_open_offers,
    keep_open_offers,
    open_offer_notes,
)
from microopt.inflight.switches import changed_offers, find_switches, gain_over_carry_over
from microopt.inflight.transition import PlanTransition
from microopt.inflight.update_campaign import update_campaign
from microopt.inflight.wave_contracts import Clock, clock_of, posts_ahead, results_ahead, today_of, what_is_possible
from microopt.plan.codec import CODEC
from microopt.plan.diagnosis import Diagnosis
from microopt.plan.plan import Plan
from microopt.plan.purchase import purchases_by_creator
from microopt.plan.replan_summary import InputFingerprints, ReplanSummary
from microopt.plan.seal import digest
from microopt.planning.build_plan import build_plan
from microopt.planning.build_problem import build_problem
from microopt.planning.infeasibility.diagnose import diagnose
from microopt.planning.optimize import solve_problem
from microopt.planning.solved import SolvedProblem
from microopt.planning.time_budget import TimeBudget
from microopt.planning.unasked_prices import with_rules_priced_unasked
from microopt.quantities.keys import match_key
from microopt.quantities.parse_and_format import format_bound
from microopt.readers.plan_file import PlanFile
from microopt.roster.agreed_fees import at_agreed_amounts
from microopt.roster.roster import Roster, Source, with_tiers
from microopt.signals import finish_first
from microopt.solver.backends.base import Backend, load_backend
from microopt.solver.result import SolveLimits, Termination

PLAN_SHARE = 0.8  # of the time for the plan; the rest is for the gain of each switch
PLAN_SHARE_BEFORE_FALLBACKS = 0.4  # of the time, where another plan with fallbacks follows


def input_fingerprints(request: ReplanRequest, roster: Roster, calendar: Calendar | None = None) -> InputFingerprints:
    """Return the fingerprints of all that a replan is made from.

    Parameters
    ----------
    calendar
        That of the last plan.
    """
    penalty = request.swap_penalty
    options = {
        "campaign": request.campaign_sha256,
        "budget": request.budget,
        "starts": str(request.starts or ""),
        "ends": str(request.ends or ""),
        "as of": str(request.as_of or ""),
        "keep": str(request.min_kept_share or ""),
        "open offers": _still_open(request),
        "per swap": "" if penalty is None else format_bound(penalty.amount, penalty.percent),
    }
    calendar = calendar if request.campaign is None else request.campaign.calendar
    if request.allotted is not None:
        options["allotted"] = digest(CODEC.encode(replace(request.allotted, running=None)))
    if calendar is not None:
        options["waves"] = what_is_possible(roster, Clock(calendar=calendar, today=today_of(request)))
    states, results = request.states_file, request.results_file
    return InputFingerprints(
        roster=_roster_fingerprint(roster.source),
        results=None if results is None else results.sha256,
        states=None if states is None else states.sha256,
        request=digest(options) if any(options.values()) else "",
    )


def _still_open(request: ReplanRequest) -> str:
    """Return whose offers of the file of states have not lapsed: they do by and by, though no file changes."""
    today, days = today_of(request), timedelta(days=request.reply_days)
    still = []
    for each in request.contracts:
        if each.state is ContractState.OFFERED and each.asked is not None:
            lapses = each.asked.answer_by or (each.asked.day + days if each.asked.day else None)
            still += [match_key(each.creator)] if lapses is None or lapses >= today else []
    return " ".join(sorted(still))


def _roster_fingerprint(source: Source) -> str:
    """Identify a roster and how it was read: another sheet of a workbook is another roster, as are other posts."""
    parts = [
        source.sha256,
        "" if source.sheet is None else f"sheet {source.sheet}",
        "without bad rows" if source.skip_bad_rows else "",
        "" if source.posts_sha256 is None else f"posts {source.posts_sha256}",
    ]
    return ", ".join(filter(None, parts))


def is_up_to_date(plan: Plan, inputs: InputFingerprints, gap: float = 0.0) -> bool:
    """Whether a plan was made from the same inputs and is proven within the gap: then there is nothing to do."""
    if not plan.is_settled and plan.proof.gap > gap:
        return False
    if plan.replan is None:
        return inputs == InputFingerprints(roster=_roster_fingerprint(plan.roster.source))
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
    """Return the plan that follows the last one, or a diagnosis.

    Creators whose contract is signed, live or done are kept at the agreed cost. Creators who declined are out, and what
    they were paid is sunk. Results to date count as they are and update the forecast of everything else. A balanced
    goal keeps the ideals of the first plan. A second solver must agree with the first.

    Raises
    ------
    UsageError
        If the last plan states what no campaign can.
    RosterError
        If results or states contradict the roster, or each other.
    CampaignError
        If the campaign does not fit the roster.
    AuditError, BackendError
        If the solver fails.
    """
    time_budget, solver = TimeBudget(limits or SolveLimits(seconds=60.0)), solver or load_backend()
    request, campaign, notes = campaign_tonight(last.plan, roster, request)
    campaign = campaign if request.allotted is None else stability_last(request.allotted)
    found = _solve_tonight(last.plan, roster, campaign, request, time_budget, solver, second)
    if isinstance(found, Diagnosis):
        return found
    solved, by_rule = found.solved, request.swap_penalty is None
    with finish_first():
        plan = build_plan(
            solved, warnings=found.warnings, campaign_sha256=request.campaign_sha256 or last.plan.campaign_sha256
        )
        plan = replace(plan, warnings=(*plan.warnings, *dropped_offers(plan, by_rule=by_rule)))
    transition = PlanTransition(
        last=last,
        last_purchases=purchases_by_creator(last.plan.picks),
        purchases=purchases_by_creator(plan.picks),
        solved=solved,
        roster=roster,
    )
    notes = (*found.notes, *notes, *open_offer_notes(plan), *carried_over(last.plan, plan))
    summary = _summarize(transition, request, notes, solver, time_budget)
    summary = replace(summary, fallbacks=found.step, moved=tuple(moved_money(transition, plan)))
    plan = replace(plan, replan=summary)
    if time_budget.exhausted:
        return plan
    solve_anew = partial(solve_problem, solver=solver)
    return with_rules_priced_unasked(plan, solved, time_budget.remaining_limits(), solver, solve_anew)


def campaign_tonight(
    last: Plan, roster: Roster, request: ReplanRequest
) -> tuple[ReplanRequest, Campaign, tuple[str, ...]]:
    """Return the request with the offers that its states mean, the campaign with all that is known, and notes.

    Raises
    ------
    RosterError
        If results or states contradict the roster, or each other.
    CampaignError
        If the campaign does not fit the roster.
    """
    asked = request.campaign or last.campaign
    quoted = at_agreed_amounts(with_tiers(roster, asked.tiers), asked.fees)
    agreed, unplanned = (find(last, quoted, request) for find in (name_agreed_offers, unplanned_contracts))
    clock = clock_of(asked, request)
    state_faults = *agreed.faults, *posts_ahead(request, last.picks, clock)
    result_faults = *unplanned.faults, *results_ahead(request, clock)
    check_updates(request, roster, last, state_faults, result_faults)
    request = replace(request, contracts=agreed.contracts, notes=(*request.notes, *agreed.notes, *unplanned.notes))
    campaign, notes = update_campaign(last, roster, request, unplanned.contracts)
    open_offers = find_open_offers(last, campaign, request)
    campaign = keep_open_offers(campaign, roster, open_offers, by_rule=request.swap_penalty is None)
    return request, campaign, notes


def stability_last(campaign: Campaign) -> Campaign:
    """Return a campaign whose rules that the next replan leaves out again come last."""
    left_out = frozenset(() if campaign.running is None else campaign.running.stability)
    return replace(campaign, rules=tuple(sorted(campaign.rules, key=lambda rule: rule.label in left_out)))


def _solve_tonight(
    last: Plan,
    roster: Roster,
    campaign: Campaign,
    request: ReplanRequest,
    time_budget: TimeBudget,
    solver: Backend,
    second: Backend | None,
) -> WithFallbacks | Diagnosis:
    """Return the solved problem, without some open offers where not all can be kept, and with fallbacks first."""
    problem, warnings = build_problem(roster, campaign)
    places = tuple(open_places(last, problem))
    solve = partial(solve_problem, solver=solver, second=second, last=last.picks)
    limits = time_budget.limits_for("plan", PLAN_SHARE_BEFORE_FALLBACKS if places else PLAN_SHARE)
    solved = solve(problem, limits=limits, warnings=warnings)
    loose = keep_most_open_offers(campaign) if _is_infeasible(solved) else None
    if loose is not None:
        problem, warnings = build_problem(roster, loose)
        limits = time_budget.limits_for("plan without some open offers", PLAN_SHARE)
        solved = solve(problem, limits=limits, warnings=warnings)
    if isinstance(solved, Diagnosis):
        return diagnose(problem, solved, solver, time_budget.remaining_limits()).diagnosis
    time_budget.note_interrupt(solved.proof.limit)
    found = WithFallbacks(solved=solved, warnings=warnings)
    if not places or time_budget.exhausted:
        return found
    penalty = request.swap_penalty
    found = take_fallbacks(places, roster, found, penalty, time_budget, solver=solver, second=second, last=last.picks)
    time_budget.note_interrupt(found.solved.proof.limit)
    return found


def _is_infeasible(solved: SolvedProblem | Diagnosis) -> bool:
    return isinstance(solved, Diagnosis) and solved.status == Termination.INFEASIBLE.value


def _summarize(
    transition: PlanTransition, request: ReplanRequest, notes: tuple[str, ...], solver: Backend, time_budget: TimeBudget
) -> ReplanSummary:
    """Return the summary of the step: who was added and dropped, and what that gains."""
    carry_over = gain_over_carry_over(transition, solver, time_budget)
    if carry_over.picks is not None:
        transition = replace(transition, known_plans=(carry_over.picks,))
    return ReplanSummary(
        previous=transition.last.seal,
        made_at=request.made_at,
        inputs=input_fingerprints(request, transition.roster, transition.last.plan.campaign.calendar),
        switches=find_switches(transition, solver, time_budget),
        gain=carry_over.gain,
        obstacle=carry_over.obstacle,
        notes=(*notes, *changed_offers(transition)),
    )
