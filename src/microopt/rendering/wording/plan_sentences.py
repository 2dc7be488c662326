"""The sentences below the tables of a plan, shared by all formats."""

from __future__ import annotations

from collections.abc import Iterator
from math import floor

from microopt.campaign.agreed_fees import list_agreed_fees
from microopt.campaign.goals import LEAST_COST
from microopt.campaign.metrics import NET_REACH
from microopt.plan.plan import Plan
from microopt.plan.proof import Proof
from microopt.quantities.parse_and_format import (
    format_count,
    format_money,
    format_names,
    format_percent,
    join_words,
)
from microopt.rendering.wording.acceptance import acceptance_sentences
from microopt.rendering.wording.after_declines import (
    after_declines_sentences,
    before_declines,
    chosen_sentence,
    is_chosen_for_declines,
)
from microopt.rendering.wording.calendar_sentences import (
    calendar_note,
    carry_over_fact,
    empty_waves_fact,
    retainer_fact,
)
from microopt.rendering.wording.chances import chance_sentences
from microopt.rendering.wording.confirmation import confirmed, unconfirmed
from microopt.rendering.wording.full_stop import end_sentence
from microopt.rendering.wording.high_fees import high_fee_sentences
from microopt.rendering.wording.industry_estimates import WHOLE, industry_estimates
from microopt.rendering.wording.limits import MORE_TIME
from microopt.rendering.wording.near_optimum import describe_possible_plan, format_shortfall, is_near_optimum
from microopt.rendering.wording.plan_figures import format_soft_cost, format_violation
from microopt.rendering.wording.plan_head import (
    baseline_comparison,
    repair_warning,
    unspent_fact,
    unspent_warning,
    why_unproven,
)
from microopt.rendering.wording.rate_adjustments import rate_adjustments
from microopt.rendering.wording.spread import spread_sentences
from microopt.rendering.wording.suspicion import describe_largest_share, fee_sentences, figure_sentences
from microopt.rendering.wording.tail import best_for_worst, is_closed_by_gap, tail_sentences

MOST_WARNINGS = 3
LIKELY_MEANING = "The likely ranges hold 8 of 10 outcomes if the results of all creators rise and fall together"
BESIDE_SIMULATED = "; in microopt simulate, each also varies on its own, which usually makes its ranges narrower"


def plan_sentences(plan: Plan, *, hints: bool = True, after_head: bool = False) -> Iterator[tuple[str, str]]:
    """Yield (kind, sentence): `fact`, `proof`, `doubt`, `caveat` (what the best plan depends on), `warning`, `note`.

    Parameters
    ----------
    hints
        Whether to name flags and commands that help; not for readers without a command line.
    after_head
        Whether the sentences of `plan_head` and `fee_sentences` stand above, and are not repeated; the proof then says
        how it was made.
    """
    if not after_head:
        yield from repair_warning(plan)
        yield from unspent_warning(plan)
        yield from fee_sentences(plan.suspicions, hints=hints)
    yield from _facts(plan, hints=hints)
    if hints:
        yield from _withheld_offers(plan)
    yield from _proof(plan, hints=hints, how=hints or after_head)
    yield from _share_of_ideals(plan)
    if not after_head and plan.baseline is not None and (comparison := baseline_comparison(plan, plan.baseline)):
        yield "fact", comparison[:1].upper() + comparison[1:]
    yield from _warnings(plan, hints=hints)
    yield from _rate_adjustments(plan, hints=hints)
    yield from _likely_ranges(plan, hints=hints)
    yield from calendar_note(plan)
    yield from _agreed_fees(plan, hints=hints)
    yield from _notes(plan)


def short_sentences(plan: Plan, *, told: int = 0) -> Iterator[tuple[str, str]]:
    """Yield the sentences below a plan's tables on a terminal: what its first lines do not say, the worst warnings.

    Parameters
    ----------
    told
        How many warnings stand above the tables; with them there are `MOST_WARNINGS` at most.
    """
    yield from _facts(plan, hints=True)
    yield from unconfirmed(plan.proof)
    warnings = list(_warnings(plan, hints=True))
    shown = max(0, MOST_WARNINGS - told)
    yield from warnings[:shown]
    yield from _notes(plan)
    hidden = [kind for kind, _ in warnings[shown:]]
    serious = hidden.count("warning")
    others = [_count_more(serious, "warning"), _count_more(len(hidden) - serious, "note")]
    proven = plan.proof.status == "optimal" or is_near_optimum(plan) or is_closed_by_gap(plan)
    if not proven and not _was_finished(plan) and (advice := _advice(plan.proof)):
        yield "hint", advice
    how = f"How it was {'proven' if proven else 'solved'}"
    yield "hint", f"{join_words([how, *filter(None, others)])}: --details."


def _count_more(count: int, name: str) -> str:
    return f"{count:,} more {name}{'' if count == 1 else 's'}" if count else ""


def _facts(plan: Plan, *, hints: bool) -> Iterator[tuple[str, str]]:
    if plan.unspent and f"the plan is empty: {plan.unspent_reason}" not in plan.warnings:  # which says it below
        yield "fact", unspent_fact(plan)
    yield from acceptance_sentences(plan)
    yield from _extra_costs(plan)
    yield from empty_waves_fact(plan, hints=hints)
    yield from carry_over_fact(plan)
    yield from retainer_fact(plan)
    yield from soft_rules(plan)
    yield from chance_sentences(plan, hints=hints)
    yield from _net_reach(plan, hints=hints)
    yield from after_declines_sentences(plan)
    yield from tail_sentences(plan, hints=hints)
    yield from spread_sentences(plan, hints=hints)


def _fees_of_list(*, hints: bool) -> str:
    return "Fees on your list" if hints else "Fees on the creator list"


def _warnings(plan: Plan, *, hints: bool) -> Iterator[tuple[str, str]]:
    """Yield what makes a plan less certain, the worst first."""
    for warning in plan.warnings:
        yield "warning", f"Warning: {end_sentence(warning)}"
    share = describe_largest_share(plan)
    yield from figure_sentences(plan.suspicions, hints=hints, creators=plan.roster.considered, share=share)
    yield from high_fee_sentences(plan.picks, plan.roster.usual_fees, hints=hints, fees=_fees_of_list(hints=hints))
    source = "your list" if hints else "the creator list"
    yield from (("caveat", sentence) for sentence in industry_estimates(plan.assumed, source))


def _rate_adjustments(plan: Plan, *, hints: bool) -> Iterator[tuple[str, str]]:
    """Yield why engagements are not followers times the rate on the list, if they rest on that rate."""
    adjustments = rate_adjustments(plan.campaign, shrunk=plan.campaign.shrink)
    if adjustments and plan.totals.metrics["engagements"] and plan.assumed.get("engagements", 0.0) < WHOLE:
        source = "your list" if hints else "the creator list"
        source += " and of past posts" if plan.roster.source.posts_sha256 is not None else ""
        yield "note", f"The engagement rates of {source} are adjusted for {join_words(adjustments)}."


def _likely_ranges(plan: Plan, *, hints: bool) -> Iterator[tuple[str, str]]:
    """Say what the likely ranges of the totals assume, as a simulation assumes something else."""
    if any(not likely.final for likely in plan.likely.values()):
        yield "note", f"{LIKELY_MEANING}{BESIDE_SIMULATED if hints else ''}."


def _notes(plan: Plan) -> Iterator[tuple[str, str]]:
    for note in plan.notes:
        yield "note", f"Note: {end_sentence(note)}"


def _agreed_fees(plan: Plan, *, hints: bool) -> Iterator[tuple[str, str]]:
    """Say which fees are not those of the list, whether or not the plan has these creators."""
    if plan.campaign.fees:
        source = "your list" if hints else "the creator list"
        fees = list_agreed_fees(plan.campaign.fees, plan.roster.currency)
        yield "note", f"Fees as agreed, in place of those on {source}: {format_names(fees)}."


def _extra_costs(plan: Plan) -> Iterator[tuple[str, str]]:
    """Say what is in the figures besides fees."""
    if plan.campaign.per_creator:
        each = format_money(plan.campaign.per_creator, plan.roster.currency)
        yield "fact", f"Cost, CPE and CPA include {each} of handling for each creator."


def soft_rules(plan: Plan) -> Iterator[tuple[str, str]]:
    """Yield the soft rules that the plan violates, and what that costs."""
    currency = plan.roster.currency
    for rule in plan.rules:
        if rule.beyond:
            violation, cost = format_violation(rule, currency), format_soft_cost(rule, plan.campaign.goal, currency)
            yield "warning", f"Soft rule {rule.label}: the plan is {violation}, which costs {cost}."


def _withheld_offers(plan: Plan) -> Iterator[tuple[str, str]]:
    """Yield the creators whose further offers look worth their money at the prices of the relaxation."""
    names = plan.creators_with_further_offers
    if not names:
        return
    subject = f"{names[0]} has" if len(names) == 1 else f"{format_names(names)} have"
    yield "fact", f"{subject} a second offer worth buying. Allow it with --one-offer-per offer."


def _net_reach(plan: Plan, *, hints: bool) -> Iterator[tuple[str, str]]:
    net = plan.net_reach
    if net is None or not net.people:
        return
    people, low, high = (format_count(count / 1000) for count in (net.people, net.at_least, net.at_most))
    often = "" if net.frequency is None else f", who see it {float(net.frequency):.1f} times on average"
    between = f"between {low} if the audiences lie within one another and {high} if none overlap"
    yield "fact", f"Net reach: {people} different people{often} ({between})."
    if net.outside_pools:
        where = "no pool of [audience]" if hints else "no known audience"
        outside = format_count(net.outside_pools / 1000)
        yield "note", f"{outside} of them are in {where}: their reach is counted without overlap."


def _proof(plan: Plan, *, hints: bool, how: bool) -> Iterator[tuple[str, str]]:
    """Yield whether the plan is proven best, and how that was shown if it is asked for."""
    proof = plan.proof
    if plan.tail is not None and (proof.status == "optimal" or is_closed_by_gap(plan)):
        by = f" in {proof.seconds:.2f} s, by {proof.proven_by}" if how else ""
        margin = "" if proof.status == "optimal" else " by more than that"
        claim = f"on these scenarios, no plan within these rules has a higher mean there{margin}"
        yield "proof", f"{best_for_worst(plan)}{by}: {claim}."
        if proof.status != "optimal" and hints:
            yield "note", "To prove the rest, too: --exact."
        yield from unconfirmed(proof)
        return
    if proof.status == "optimal":
        claim = "on these forecasts, no plan within these rules is better"
        if plan.campaign.goal.targets:
            claim = "on these forecasts, no plan that meets the targets costs less"
        proven = f"optimal in {proof.seconds:.2f} s, by {proof.proven_by}" if how else "best"
        yield "proof", f"Proven {proven}{confirmed(proof)}: {claim}."
        if not proof.cheapest and plan.campaign.goal.name not in (LEAST_COST, NET_REACH):
            why = proof.failure or "the search for one was cut short"
            yield "note", f"A cheaper plan of the same value may exist: {why}."
        yield from unconfirmed(proof)
        return
    if is_near_optimum(plan):
        claim = "costs less" if plan.campaign.goal.targets else "is better"
        proven = f"Proven optimal to within {format_shortfall(plan)} in {proof.seconds:.2f} s{confirmed(proof)}"
        rest = " To prove the rest, too: --exact." if hints else ""
        yield "proof", f"{proven}: on these forecasts, no plan within these rules {claim} by more than that.{rest}"
        yield from unconfirmed(proof)
        return
    if is_chosen_for_declines(plan):
        yield "proof", f"{chosen_sentence(plan)}. {before_declines(plan)}."
        if _was_finished(plan):
            return
    when = f"({why_unproven(plan)} after {proof.seconds:.2f} s)"
    doubt = f"Not proven optimal {when}{confirmed(proof)}: {describe_possible_plan(plan)}."
    yield "doubt", f"{doubt} {_advice(proof)}".rstrip() if hints else doubt
    yield from unconfirmed(proof)


def _was_finished(plan: Plan) -> bool:
    """Whether a plan is not proven best because it was chosen for what it brings after declines."""
    return is_chosen_for_declines(plan) and plan.proof.limit is None


def _advice(proof: Proof) -> str:
    advice = {"gap": "To search on for the best plan, leave out --gap.", "interrupt": ""}
    if proof.limit:
        return advice.get(proof.limit, MORE_TIME)
    if proof.left_out is not None and not proof.failure:
        return "A smaller max_posts under [calendar], or fewer waves, leave fewer schedules to look at."
    return "Try the other --solver."


def _share_of_ideals(plan: Plan) -> Iterator[tuple[str, str]]:
    """Yield how much of the best possible totals a plan brings; those of an earlier plan can be exceeded."""
    recorded, parts, shares = bool(plan.campaign.ideals), [], []
    for ideal in plan.ideals if plan.picks else ():
        if ideal.metric not in plan.totals.metrics:
            continue
        share = plan.totals.metrics[ideal.metric] / ideal.bound if ideal.bound else 0.0
        percentage = format_percent(share)
        if ideal.bound != ideal.total:
            percentage = f"at least {format_percent(floor(share * 100) / 100)}"  # rounded up it might be false
        parts.append(f"{percentage} of the {'' if recorded else 'best possible '}{ideal.metric}")
        shares.append(share)
    if not parts:
        return
    brings = f"The plan brings {' and '.join(parts)}"
    if not recorded:
        yield "fact", f"{brings}."
        return
    then = "the first plan" if plan.replan is not None else "an earlier plan"
    why = " More than 100% means that forecasts, fees or settings have changed since." if max(shares) > 1 else ""
    yield "fact", f"{brings} that were possible when {then} was made.{why}"
