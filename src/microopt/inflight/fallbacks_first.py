"""Fallbacks first: whoever declined is replaced by the fallback that the last plan named, unless that costs too much.

The morning's plan B is what happens in the evening: a team may have called the first fallback already. So each place
that became free goes to the first of its fallbacks who is still available, and with whom a plan keeps the rules and the
budget. All else is chosen freely. What that costs is measured against the best plan without this demand.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from msgspec import Struct
from msgspec.structs import replace

from microopt.campaign.campaign import Campaign, SoftPenalty
from microopt.campaign.progress import FALLBACK_COLUMN, IN_LAST_PLAN, CampaignProgress, ContractState, TakenFallback
from microopt.campaign.rule_grammar import parse_rule
from microopt.inflight.fallback_choice import NO_TIME, FallbackChoice
from microopt.inflight.fallback_notes import OpenPlace, fallback_notes
from microopt.inflight.named_fallbacks import named_fallbacks
from microopt.inflight.transition import available_creators, offer_rows
from microopt.plan.diagnosis import Diagnosis
from microopt.plan.fallback_step import FallbackStep, VacantPlace
from microopt.plan.plan import Pick, Plan
from microopt.plan.purchase import purchases_by_creator
from microopt.planning.build_problem import build_problem
from microopt.planning.optimize import solve_problem
from microopt.planning.problem import PlanningProblem
from microopt.planning.solved import SolvedProblem
from microopt.planning.time_budget import TimeBudget
from microopt.quantities.keys import match_key
from microopt.roster.roster import Roster
from microopt.solver.backends.base import Backend
from microopt.solver.result import SolveLimits, SolveResult, Termination

FINAL_SHARE = 0.7  # of the time left, for the plan with the fallbacks that are taken


class WithFallbacks(Struct, frozen=True, kw_only=True, eq=False):
    """The plan with the fallbacks that were taken, its warnings, what was done, and that in sentences."""

    solved: SolvedProblem
    warnings: tuple[str, ...]
    step: FallbackStep | None = None
    notes: tuple[str, ...] = ()


def take_fallbacks(
    places: Sequence[OpenPlace],
    roster: Roster,
    free: WithFallbacks,
    penalty: SoftPenalty | None,
    time_budget: TimeBudget,
    *,
    solver: Backend,
    second: Backend | None = None,
    last: Sequence[Pick] = (),
) -> WithFallbacks:
    """Return the best plan in which fallbacks were taken first, or the free one if none can be had.

    Parameters
    ----------
    places
        As `open_places` yields them.
    free
        The best plan without regard to fallbacks.
    penalty
        As in `FallbackChoice`.
    second
        A second solver, which must agree.
    last
        The picks of the last plan, which stay in their waves where they can.

    Raises
    ------
    AuditError, BackendError
        If the solver fails.
    """

    def plan_with(fallbacks: Sequence[TakenFallback], limits: SolveLimits) -> SolveResult:
        problem, _ = build_problem(roster, _with_rule(free.solved.problem.campaign, tuple(fallbacks)))
        found = solve_problem(problem, limits=limits, solver=solver)
        if isinstance(found, SolvedProblem):
            return found.result
        return SolveResult(termination=Termination(found.status))

    choice = FallbackChoice(free.solved, penalty, solver, time_budget, plan_with)
    choice.choose(places)
    taken = tuple(choice.taken)
    step = FallbackStep(vacant=tuple(choice.vacant), proven=_is_optimal(free.solved))
    if not taken:
        return replace(free, step=step, notes=tuple(fallback_notes(step, places)))
    if choice.needs_no_rule:
        plan = replace(free, solved=_noting(free.solved, taken))
        step = replace(step, taken=taken)
    else:
        problem, warnings = build_problem(roster, _with_rule(free.solved.problem.campaign, taken))
        limits = time_budget.limits_for("plan with fallbacks", FINAL_SHARE)
        solved = solve_problem(problem, limits=limits, solver=solver, second=second, warnings=warnings, last=last)
        if isinstance(solved, Diagnosis):  # the time is up
            vacant = (VacantPlace(creator=place.creator, reason=NO_TIME) for place in places)
            plan, step = free, replace(step, vacant=tuple(vacant))
        else:
            plan = WithFallbacks(solved=solved, warnings=warnings)
            step = replace(step, taken=taken, cost=_cost(free.solved, solved))
    return replace(plan, step=step, notes=tuple(fallback_notes(step, places)))


def open_places(last: Plan, problem: PlanningProblem) -> Iterator[OpenPlace]:
    """Yield the fallbacks of earlier nights that still stand, then the places of picks that are gone, in their order.

    Parameters
    ----------
    problem
        Of tonight.
    """
    purchases, running = purchases_by_creator(last.picks), problem.campaign.running or CampaignProgress()
    kept = {match_key(each.creator) for each in running.contracts if each.kept}
    declined = {match_key(each.creator) for each in running.contracts if each.state is ContractState.DECLINED}
    gone = [key for key in purchases if key not in kept and offer_rows(problem, key, purchases[key]) is None]
    for each in () if last.campaign.running is None else last.campaign.running.fallbacks:
        key = match_key(each.creator)
        if key in purchases and key not in kept and key not in gone:
            yield OpenPlace(creator=each.instead_of, declined=True, options=(each,), stands=True)
    named, available = named_fallbacks(last), available_creators(problem, set(gone))
    for key in gone:
        has_declined = key in declined and (key not in available or problem.campaign.calendar is None)
        if named.get(key) and (has_declined or key not in available):
            yield OpenPlace(creator=purchases[key].creator, declined=key in declined, options=named[key])


def _noting(solved: SolvedProblem, taken: tuple[TakenFallback, ...]) -> SolvedProblem:
    """Return the free plan, which has all fallbacks anyway, with a note of them for the next night."""
    campaign = solved.problem.campaign
    running = replace(campaign.running or CampaignProgress(), fallbacks=taken)
    return replace(solved, problem=replace(solved.problem, campaign=replace(campaign, running=running)))


def _with_rule(campaign: Campaign, taken: tuple[TakenFallback, ...]) -> Campaign:
    """Return the campaign with a rule that keeps the fallbacks in; the next replan leaves it out again."""
    label, running = f"{FALLBACK_COLUMN}:{IN_LAST_PLAN} count >= {len(taken)}", campaign.running or CampaignProgress()
    running = replace(running, fallbacks=taken, stability=(*running.stability, label))
    return replace(campaign, running=running, rules=(*campaign.rules, parse_rule(label)))


def _is_optimal(solved: SolvedProblem) -> bool:
    return solved.proof.status == Termination.OPTIMAL.value


def _cost(free: SolvedProblem, solved: SolvedProblem) -> Fraction:
    """Return how far a plan's value is below that of the free plan, as a share; 0 if it is not."""
    best, value = free.proof.objective, solved.proof.objective
    lost = best - value if free.objective.unit > 0 else value - best
    return max(Fraction(0), lost / abs(best)) if best else Fraction(0)
