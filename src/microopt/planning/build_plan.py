"""Build a plan from a solved problem: audit, picks, totals, mix by tier, likely ranges, and why money is unspent."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from microopt.campaign.campaign import Ideal, PairRule
from microopt.campaign.earnings import PROFIT
from microopt.forecast.forecast import Origin
from microopt.memory import release_freed_memory
from microopt.plan.plan import BaselinePlan, NetReach, OnTarget, Pick, Plan, RuleUse, Totals
from microopt.planning.audience_overlap import build_overlap, largest_of_group
from microopt.planning.audit import audit
from microopt.planning.baselines import engagement_rate_baseline
from microopt.planning.build_picks import RANGED_METRICS, build_picks, display_order
from microopt.planning.closed_rules import rule_that_allows_nobody
from microopt.planning.declines.choose import note_nobody_declines
from microopt.planning.declines.fallbacks import find_fallbacks
from microopt.planning.formulation.formulate import formulate
from microopt.planning.formulation.objective import profit_cents, zero_objective
from microopt.planning.further_offers import creators_with_further_offers
from microopt.planning.idle_rules import idle_notes
from microopt.planning.left_out_schedules import note_left_out
from microopt.planning.likely_ranges import likely_ranges
from microopt.planning.problem import PlanningProblem
from microopt.planning.share_caps import caps_below_total
from microopt.planning.solved import SolvedProblem
from microopt.planning.suspicions import suspicions_of_plan
from microopt.planning.target_sought import nobody_has_target, nobody_on_target, target_not_sought
from microopt.planning.tier_order import tier_order
from microopt.planning.totals import sum_totals
from microopt.planning.unspent_money import CERTAIN, nobody_earns, nothing_better_in_worst, unspent_reason
from microopt.planning.waves_of_plan import build_by_wave
from microopt.quantities.parse_and_format import format_money
from microopt.quantities.records import Records, column_of
from microopt.quantities.tables import values_of
from microopt.solver.program import IntegerProgram
from microopt.solver.result import Limit, Termination

MANY_PICKS = 10_000  # from which the comparison with a ranked list takes longer than a limit leaves
MANY_ROWS = 100_000  # from which it is worthwhile to give memory back
Mask = NDArray[np.bool_]


def build_plan(
    solved: SolvedProblem,
    *,
    warnings: tuple[str, ...] = (),
    campaign_sha256: str | None = None,
    with_baseline: bool = True,
) -> Plan:
    """Return the plan of a solved problem, after its audit.

    Parameters
    ----------
    warnings
        Warnings about the campaign and the roster, to be kept with the plan.
    campaign_sha256
        SHA-256 of the campaign file, None where there is none.
    with_baseline
        Whether to compare the plan with a ranked list: with many offers and rules, that takes a while.

    Raises
    ------
    AuditError
        If the solver's result does not hold.
    """
    problem, program, result = solved.problem, solved.program, solved.result
    assert result.columns is not None
    if len(problem) >= MANY_ROWS:
        release_freed_memory()  # of the search
    fallbacks = 0 if problem.campaign.declines is None else problem.campaign.declines.fallbacks
    is_compared = with_baseline and not problem.campaign.goal.targets
    chosen = program.mask(result.columns)
    by_means = solved.by_means or program
    selection = problem.select_rows(chosen)
    rules = _audited_rules(solved, selection)
    ranges = likely_ranges(problem, display_order(problem, selection), RANGED_METRICS)
    picks = build_picks(problem, selection, ranges)
    on_target = build_on_target(problem, selection)
    in_worst = _nothing_better_in_worst(solved, by_means, chosen)
    return Plan(
        campaign=problem.campaign,
        campaign_sha256=campaign_sha256,
        roster=problem.roster_facts,
        picks=picks,
        totals=sum_totals(problem, selection),
        mix=build_tier_mix(problem, selection),
        rules=rules,
        baseline=_baseline(problem, by_means) if is_compared else None,
        ideals=solved.ideals,
        proof=solved.proof,
        unspent_reason=in_worst or _unspent_reason(solved, by_means, chosen),
        assumed=assumed_shares(problem, selection),
        net_reach=build_net_reach(problem, selection),
        on_target=on_target,
        creators_with_further_offers=() if solved.tail else creators_with_further_offers(problem, program, result),
        likely=ranges.correlated,
        fallbacks=find_fallbacks(solved, fallbacks),
        after_declines=solved.after_declines,
        tail=solved.tail,
        by_wave=build_by_wave(problem, selection),
        suspicions=suspicions_of_plan(problem, selection),
        notes=(
            *_notes(problem, on_target),
            *idle_notes(problem, selection),
            *note_left_out(solved.proof),
        ),
        warnings=(
            *warnings,
            *_zero_ideal_warnings(solved.ideals, picks),
            *(empty_plan_warning(problem, picks) if picks or not in_worst else (f"the plan is empty: {in_worst}",)),
            *nobody_on_target(problem, on_target),
            *_crowded_days(problem, selection, picks),
        ),
    )


def _unspent_reason(solved: SolvedProblem, program: IntegerProgram, chosen: Mask) -> str:
    """Say why the rest of the budget buys nothing more, as far as is known of schedules that were not looked at."""
    reason = unspent_reason(solved.problem, program, chosen)
    if solved.problem.schedules is None or solved.proof.status == Termination.OPTIMAL.value or reason in CERTAIN:
        return reason
    return "no schedule that was looked at would improve the plan"


def _baseline(problem: PlanningProblem, program: IntegerProgram) -> BaselinePlan:
    """Return what a ranked list brings; it is of single posts, which a problem with some of its schedules may lack."""
    if problem.schedules is not None:
        from microopt.planning.schedule_pricing.look import with_single_posts  # only for very many schedules

        problem = with_single_posts(problem, problem.schedules)
        program = formulate(problem, zero_objective(problem))
    return engagement_rate_baseline(problem, program)


def _crowded_days(problem: PlanningProblem, selection: Mask, picks: Records[Pick]) -> tuple[str, ...]:
    """Warn of suggested days that a rule on the days after a post would not have."""
    has_days = any(isinstance(rule, PairRule) and rule.days is not None for rule in problem.rules)
    if problem.campaign.calendar is None or not has_days:
        return ()
    from microopt.planning.pick_dates import crowded_days

    return crowded_days(problem, display_order(problem, selection), values_of(column_of(picks, "posting_date")))


def _audited_rules(solved: SolvedProblem, selection: Mask) -> tuple[RuleUse, ...]:
    """Return how the plan meets each rule, recomputed from its picks; chances also in draws that did not choose it."""
    problem, result = solved.problem, solved.result
    assert result.columns is not None and result.objective is not None
    rules = audit(problem, solved.program, result.columns, result.objective)
    if not any(use.chance is not None for use in rules):
        return rules
    from microopt.planning.chances import with_fresh_chances  # which a plan without chances does not need

    return with_fresh_chances(problem, rules, selection)


def _notes(problem: PlanningProblem, on_target: OnTarget | None) -> tuple[str, ...]:
    """Return what the plan assumes, in sentences."""
    return (
        *problem.roster.notes,
        *problem.forecast.notes,
        *_conflict_notes(problem),
        *note_nobody_declines(problem),
        *target_not_sought(problem, on_target),
    )


def _creator_name(problem: PlanningProblem, row: int) -> str:
    return problem.roster.texts["creator"][row].strip()


def build_tier_mix(problem: PlanningProblem, selection: Mask) -> dict[str, Totals]:
    """Return the sums over the offers bought by tier, from the largest."""
    tier = problem.roster.texts["tier"]
    labels = {code: tier.labels[code] for code in np.unique(tier.codes[selection]).tolist()}
    codes = {name: [code for code, label in labels.items() if label == name] for name in tier_order(problem)}
    return {name: sum_totals(problem, selection & np.isin(tier.codes, own)) for name, own in codes.items() if own}


def leaves_time_to_compare(limit: str | None, picks: int) -> bool:
    """Whether a search that a limit ended left the time to compare its plan with a ranked list.

    Parameters
    ----------
    limit
        As in `Proof`.
    picks
        How many offers or choices the plan has.
    """
    return limit != Limit.INTERRUPT and (limit != Limit.TIME or picks < MANY_PICKS)


def build_net_reach(problem: PlanningProblem, selection: Mask) -> NetReach | None:
    """Return how many different people the offers bought reach, None where the campaign gives no pools."""
    if problem.campaign.audience is None:
        return None
    gross = problem.forecast.metrics["reach"]
    overlap = build_overlap(problem.roster, gross, problem.campaign.audience)
    groups = None if overlap.same_people is None else overlap.same_people[selection]
    at_most = int(largest_of_group(gross[selection], groups).sum())
    people = min(overlap.net_reach(selection), at_most)
    impressions = int(problem.forecast.metrics["impressions"][selection].sum())
    return NetReach(
        people=people,
        at_least=min(people, int(gross[selection].max(initial=0))),
        at_most=at_most,
        frequency=Fraction(impressions, people) if people else None,
        outside_pools=overlap.reach_outside(selection),
    )


def build_on_target(problem: PlanningProblem, selection: Mask) -> OnTarget | None:
    """Return how much of the offers bought reaches the campaign's target, None where it has none."""
    if problem.campaign.target_audience is None:
        return None
    metrics = problem.forecast.metrics
    spend = int(problem.forecast.cost[selection].sum())
    all_seen, seen = (int(metrics[name][selection].sum()) for name in ("impressions", "target_impressions"))
    return OnTarget(
        share=Fraction(seen, all_seen) if all_seen else None,
        cpm=Fraction(spend * 10 * 1000, seen) if seen else None,
    )


def assumed_shares(problem: PlanningProblem, selection: Mask) -> dict[str, float]:
    """Return the share of expected results that rests on benchmarks rather than on the roster's own figures."""
    shares = {}
    for name in ("engagements", "conversions"):
        values = problem.forecast.metrics[name][selection].astype(float)
        assumed = problem.forecast.origins[name][selection] >= Origin.DEFAULT
        shares[name] = float(values[assumed].sum() / values.sum()) if values.sum() else 0.0
    return shares


def _conflict_notes(problem: PlanningProblem) -> tuple[str, ...]:
    """Name the roster's conflicts that the plan respects, since no rule of the campaign mentions them."""
    if not problem.conflicts:
        return ()
    ids = problem.roster.creator_id
    names = {int(ids[row]): _creator_name(problem, row) for row in np.unique(ids, return_index=True)[1]}
    pairs = [
        f"{names[holder]} and {conflict.name}"
        for conflict in problem.conflicts
        for holder in sorted(conflict.holders)
        if holder in names
    ]
    shares = ", ".join(pairs[:3]) + (f", and {len(pairs) - 3:,} more pairs" if len(pairs) > 3 else "")
    return (f"conflicts in your list keep these apart: {shares}",) if pairs else ()


def _nothing_better_in_worst(solved: SolvedProblem, by_means: IntegerProgram, chosen: Mask) -> str:
    """Say why a plan for the worst outcomes leaves money, where the mean does not tell; empty for every other plan."""
    if solved.tail is None:
        return ""
    return nothing_better_in_worst(solved.problem, by_means, chosen, proven=solved.proof.status == "optimal")


def _zero_ideal_warnings(ideals: tuple[Ideal, ...], picks: Sequence[Pick]) -> tuple[str, ...]:
    dropped = [ideal.metric for ideal in ideals if not ideal.total and picks]
    return tuple(f"no plan brings any {metric}, so the goal leaves them out" for metric in dropped)


def _nearest_to_profit(problem: PlanningProblem) -> str:
    """Return whose orders leave most of what they cost, and how much of it; empty if some leave all of it."""
    cost = problem.sum_by_choice(problem.forecast.cost)
    kept = profit_cents(problem) + cost
    nearest = int(np.argmax(kept / np.maximum(cost, 1)))
    if kept[nearest] >= cost[nearest]:
        return ""
    earned, spent = (format_money(int(cents[nearest]), problem.currency) for cents in (kept, cost))
    name = _creator_name(problem, int(np.searchsorted(problem.choice, nearest)))
    return f" ({name} comes nearest: orders leave {earned} of the {spent} that they cost)"


def empty_plan_warning(problem: PlanningProblem, picks: Sequence[Pick]) -> tuple[str, ...]:
    """Say why a plan is empty, where it is."""
    if picks:
        return ()
    if reason := rule_that_allows_nobody(problem) or caps_below_total(problem):
        return (f"the plan is empty: {reason}",)
    costs = problem.sum_by_choice(problem.forecast.cost)
    cheapest = int(costs.argmin())
    cost, spendable = int(costs[cheapest]), problem.campaign.spendable
    if (spendable is None or cost <= spendable) and problem.campaign.goal.name == PROFIT:
        nearest = _nearest_to_profit(problem) if problem.campaign.margin else ""
        return (f"the plan is empty: {nobody_earns(problem, np.zeros(len(costs), dtype=bool))}{nearest}",)
    if spendable is None or cost <= spendable:
        if problem.campaign.goal.counts_target and (nobody := nobody_has_target(problem)):
            return (f"the plan is empty: {nobody}",)
        return ("the plan is empty: nothing that keeps the rules adds to the goal",)
    name = _creator_name(problem, int(np.searchsorted(problem.choice, cheapest)))
    return (f"the plan is empty: the cheapest offer is {name} at {format_money(cost, problem.currency)}",)
