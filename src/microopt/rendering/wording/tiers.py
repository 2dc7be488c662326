"""The sentences of a comparison of tiers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from microopt.analysis.tiers.compare import Comparison, TierPlan
from microopt.analysis.tiers.substitutes import SubstituteBundle, Substitutes
from microopt.campaign.goals import BALANCED_METRICS, LEAST_COST
from microopt.plan.difference import NOT_LOOKED_AT
from microopt.plan.plan import Plan
from microopt.quantities.keys import match_key
from microopt.quantities.parse_and_format import (
    format_money,
    format_names,
    format_number_of,
    format_percent,
    join_words,
)
from microopt.rendering.wording.full_stop import end_sentence
from microopt.rendering.wording.industry_estimates import industry_estimates
from microopt.rendering.wording.limits import LIMITS, MORE_TIME
from microopt.rendering.wording.plan_figures import format_metric, format_ratio

MANY_CREATORS = 20  # in a group of smaller ones
RESULT_METRICS = ("conversions", "engagements", "reach")
METRIC_WORDS = {"reach": "gross reach"}
MOST_BALANCED = len(BALANCED_METRICS)  # the score of a plan that brings the most possible of each
SAME_SHARE = Fraction(1, 2000)  # what rounds to the same percent and is not told apart


def tiers_head(comparison: Comparison) -> Iterator[tuple[str, str]]:
    """Yield (kind, sentence): whether a mix or one tier is best, how far the tiers are apart, how sure it is."""
    least_cost = comparison.mix.campaign.goal.name == LEAST_COST
    yield "main fact", _answer(comparison)
    ranking = _cost_ranking(comparison) if least_cost else _ranking(comparison)
    if ranking:
        yield "fact", ranking
    if comparison.without_largest is not None:
        yield from (("fact", sentence) for sentence in _without_largest(comparison, comparison.without_largest))
    yield _proof(comparison)


def _answer(comparison: Comparison) -> str:
    mix = comparison.mix
    spend = format_money(mix.totals.spend, mix.roster.currency, whole_units=mix.totals.spend >= 100_00)
    equal = _equal_tiers(comparison)
    if mix.campaign.goal.name == LEAST_COST:
        alone = f", no less than {equal[0]} alone" if equal else ""
        return f"{_mix_name(comparison)} meets the targets for {spend}{alone}."
    brings = f"{spend} -> {_results(mix)}"
    if equal:
        return f"{equal[0][:1].upper()}{equal[0][1:]} creators alone are as good as a mix: {brings}."
    return f"{_mix_name(comparison)} {'is best' if mix.proof.status == 'optimal' else 'brings'}: {brings}."


def _without_largest(comparison: Comparison, without: TierPlan) -> Iterator[str]:
    """Yield what is lost without the largest tier of the mix, by the goal."""
    who, plan, share = f"Without {without.tier} creators", without.plan, without.share_of_mix
    if without.status == "infeasible" or (plan is not None and without.own_plan is None):
        yield f"{who}, no plan is possible: {end_sentence('; '.join(without.reasons))}"
    if plan is None or share is None:
        return
    if comparison.mix.campaign.goal.name == LEAST_COST:
        spend = format_money(plan.totals.spend, plan.roster.currency, whole_units=plan.totals.spend >= 100_00)
        yield f"{who}, it costs {spend}: {format_ratio(share)} times as much."
        return
    doubt = "" if without.status == "optimal" else "up to "
    less = "just as much" if share >= 1 - SAME_SHARE else f"{doubt}{format_percent(float(1 - share))} less"
    yield f"{who}, the best plan brings {_results(plan)}: {less} by your goal."


def _results(plan: Plan) -> str:
    """Return what a plan brings, in two figures."""
    results = (f"{format_metric(name, plan.totals.metrics[name])} {name}" for name in ("engagements", "conversions"))
    return " · ".join(results)


def _mix_name(comparison: Comparison) -> str:
    """Return which tiers the mix has, from the smallest."""
    chosen = {pick.tier for pick in comparison.mix.picks}
    order = [tier.tier for tier in comparison.tiers]
    if chosen >= set(order):
        return "A mix of all tiers"
    names = join_words(sorted(chosen, key=lambda name: order.index(name) if name in order else len(order)))
    return f"A mix of {names}" if len(chosen) > 1 else f"A plan of {names} creators only"


def _shares(comparison: Comparison) -> list[tuple[Fraction, str]]:
    return [(tier.share_of_mix, tier.tier) for tier in comparison.tiers if tier.share_of_mix is not None]


def _equal_tiers(comparison: Comparison) -> list[str]:
    if comparison.mix.campaign.goal.name == LEAST_COST:
        return [tier for times, tier in _shares(comparison) if times <= 1 + SAME_SHARE]
    return [tier for share, tier in _shares(comparison) if share >= 1 - SAME_SHARE]


def _ranking(comparison: Comparison) -> str:
    """Return which tiers come closest to the mix, by the goal."""
    equal = _equal_tiers(comparison)
    others = sorted(((share, tier) for share, tier in _shares(comparison) if tier not in equal), reverse=True)
    if not others:
        return ""
    (share, tier), *rest = others
    parts = [f"{tier} alone brings {format_percent(float(share))} of that"]
    parts += [f"{tier} {format_percent(float(share))}" for share, tier in rest]
    return f"By your goal, {join_words(parts)}."


def _cost_ranking(comparison: Comparison) -> str:
    equal = _equal_tiers(comparison)
    others = sorted((times, tier) for times, tier in _shares(comparison) if tier not in equal)
    parts = [f"{tier} {format_ratio(times)} times" for times, tier in others]
    if not parts:
        return ""
    first, *rest = parts
    return f"Alone, {join_words([first.replace(' ', ' costs ', 1) + ' as much', *rest])}."


def _proof(comparison: Comparison) -> tuple[str, str]:
    unproven = [tier.tier for tier in comparison.tiers if tier.status not in ("optimal", "infeasible")]
    without = comparison.without_largest
    if without is not None and without.status not in ("optimal", "infeasible"):
        unproven.append(f"the mix without {without.tier}")
    unproven = (["the mix"] if comparison.mix.proof.status != "optimal" else []) + unproven
    substitutes = comparison.substitutes
    groups = [] if substitutes is None else [group for group in substitutes.creators if group.status != "optimal"]
    missed_count = 0 if substitutes is None else len(substitutes.not_examined)
    if not (unproven or groups or missed_count):
        return "proof", "All proven: on these forecasts, no plan within the same rules is better."
    parts = [join_words(unproven)] if unproven else []
    parts += [format_number_of(len(groups), "group") + " of smaller creators"] if groups else []
    statement = f"Not proven (~): {join_words(parts)}" if parts else "Not everything was looked at"
    missed = f"; {format_number_of(missed_count, 'creator')} not looked at" if missed_count else ""
    limit = LIMITS.get(comparison.mix.proof.limit or "", "stopped")
    reason = f" ({limit})" if comparison.mix.proof.limit else ""
    return "doubt", f"{statement}{reason}{missed}. {MORE_TIME}"


def missing_plan_sentences(comparison: Comparison) -> Iterator[str]:
    """Yield which tiers have no plan alone, and why: one sentence for each reason."""
    tiers_by_reason: dict[str, list[str]] = {}
    for tier in comparison.tiers:
        if reason := _why_no_plan(tier):
            tiers_by_reason.setdefault(reason, []).append(tier.tier)
    for reason, tiers in tiers_by_reason.items():
        yield end_sentence(f"{join_words(tiers)} alone {'has' if len(tiers) == 1 else 'have'} {reason}")


def _why_no_plan(tier: TierPlan) -> str:
    """Return why a tier has no plan of its own, empty if it has one."""
    if tier.status == NOT_LOOKED_AT:
        return "not been looked at: the time was up"
    if tier.status == "unknown":
        return "no plan found in time, and none proven impossible"
    if tier.own_plan is not None:
        return ""
    return f"no plan: {'; '.join(tier.reasons)}"


def tier_plan_name(tier: TierPlan) -> str:
    """Return what the plan of a tier is called: with required creators of other tiers it is not of that tier only."""
    picks = () if tier.own_plan is None else tier.own_plan.picks
    only = all(match_key(pick.tier) == match_key(tier.tier) for pick in picks)
    return f"{tier.tier} {'only' if only else '+ required'}"


def required_creators_sentence(mix: Plan) -> str:
    """Return that the required creators are in every plan."""
    return f"Each of these plans also has the creators you require: {format_names(mix.campaign.include)}."


def tiers_sentences(comparison: Comparison) -> Iterator[tuple[str, str]]:
    """Yield (kind, sentence) of what the tables mean: `fact`, `note`, `caveat`, `warning`."""
    yield from (("fact", fact) for fact in _strengths(comparison))
    if comparison.substitutes is not None:
        yield from (("fact", fact) for fact in _substitute_facts(comparison, comparison.substitutes))
        yield from _workload(comparison, comparison.substitutes)
    yield from benchmark_sentences(comparison.mix)


def benchmark_sentences(plan: Plan) -> Iterator[tuple[str, str]]:
    """Yield (kind, sentence): which results are industry estimates; notes, warnings."""
    yield from (("caveat", sentence) for sentence in industry_estimates(plan.assumed))
    yield from (("note", f"Note: {end_sentence(note)}") for note in plan.notes)
    yield from (("warning", f"Warning: {end_sentence(warning)}") for warning in plan.warnings)


def bundle_rules_sentence(comparison: Comparison) -> str:
    """Return a sentence that says which rules the groups of smaller creators keep."""
    campaign = comparison.mix.campaign
    in_mix = comparison.substitutes is not None and any(each.in_mix for each in comparison.substitutes.creators)
    offer = "their offer in the mix, or else the one" if in_mix else "the offer"
    sentence = f"Each creator is shown with {offer} that brings the most for the money."
    if campaign.goal.name == LEAST_COST:
        sentence += " Score: how much of the targets they bring."
    if campaign.rules or campaign.include:
        sentence += (
            " Smaller creators keep your filters and the rules for each creator, but no rule for the whole plan."
        )
    return sentence


def bundle_score_legend(mix: Plan, bundles: Sequence[SubstituteBundle]) -> str:
    """Return what a score is that no plan can have, empty where no creator or group of creators has one."""
    exceedable = mix.campaign.ideals or any(ideal.total < ideal.bound for ideal in mix.ideals)  # by a plan, too
    if mix.campaign.goal.name != "balanced" or exceedable:
        return ""
    sides = [side for bundle in bundles for side in (bundle.large, bundle.small) if side is not None]
    if all(side.objective <= MOST_BALANCED for side in sides):
        return ""
    return f"A score above {MOST_BALANCED} is more than any plan within your budget and rules can have."


def _strengths(comparison: Comparison) -> Iterator[str]:
    """Yield which tier alone brings the most of which result."""
    plans = [(single.tier, single.own_plan) for single in comparison.tiers if single.own_plan is not None]
    if len(plans) < 2 or comparison.mix.campaign.goal.name == LEAST_COST:
        return
    best_metrics: dict[str, list[str]] = {}
    for metric, words in (("reach", "gross reach"), ("engagements", "engagements"), ("conversions", "conversions")):
        amounts = {tier: plan.totals.metrics[metric] for tier, plan in plans}
        best_metrics.setdefault(max(amounts, key=amounts.__getitem__), []).append(words)
    parts = [f"{tier} brings the most {join_words(metrics)}" for tier, metrics in best_metrics.items()]
    yield f"Of single tiers, {join_words(parts)}."


def _substitute_facts(comparison: Comparison, substitutes: Substitutes) -> Iterator[str]:
    """Yield what smaller creators bring for the price of those in the mix, and of the others."""
    examined = [bundle for bundle in substitutes.creators if bundle.small is not None]
    in_mix = [bundle for bundle in examined if bundle.in_mix]
    for better in (False, True):
        yield from _facts_of_mix(comparison, [each for each in in_mix if _is_better(each) == better], better=better)
    others = [bundle for bundle in examined if not bundle.in_mix]
    if others:
        yield _facts_of_others(
            others,
            f"a {substitutes.tier} creator who is not in the mix" if in_mix else f"one {substitutes.tier} creator",
        )


def _facts_of_mix(comparison: Comparison, bundles: Sequence[SubstituteBundle], *, better: bool) -> Iterator[str]:
    """Yield that creators are in the mix, and whether others would bring more for the money."""
    if not bundles:
        return
    campaign = comparison.mix.campaign
    who = f"{format_names([bundle.creator for bundle in bundles])} {'is' if len(bundles) == 1 else 'are'} in the mix"
    what = f"the same money buys {'more' if better else 'no more'} from smaller creators who are not"
    ruled = (
        ", if they need not keep your rules for the whole plan"
        if better and (campaign.rules or campaign.include)
        else ""
    )
    yield f"{who}: by your goal, {what}{ruled}."


def _facts_of_others(examined: Sequence[SubstituteBundle], whom: str) -> str:
    count = len(examined)
    more = {metric: sum(_brings_more(substitute, metric) for substitute in examined) for metric in RESULT_METRICS}
    words = {metric: METRIC_WORDS.get(metric, metric) for metric in RESULT_METRICS}
    if count == 1:
        gained = [words[metric] for metric in RESULT_METRICS if more[metric]]
        lost = [words[metric] for metric in RESULT_METRICS if not more[metric]]
        gains = [f"more {join_words(gained)}"] if gained else []
        gains += [f"no more {join_words(lost, 'or')}"] if lost else []
        return f"For the price of {examined[0].creator}, smaller creators bring {' but '.join(gains)}."
    parts = [f"more {words[metric]} in {more[metric]:,}" for metric in RESULT_METRICS]
    parts[0] += f" of {count:,} cases"
    return f"For the price of {whom}, smaller creators bring {join_words(parts)}."


def _workload(comparison: Comparison, substitutes: Substitutes) -> Iterator[tuple[str, str]]:
    """Yield that many small creators are much work, if no cost per creator is set."""
    sizes = sorted(bundle.small.totals.creators for bundle in substitutes.creators if bundle.small is not None)
    if sizes and sizes[-1] > MANY_CREATORS and not comparison.mix.campaign.per_creator:
        number = f"{sizes[0]:,} to {sizes[-1]:,}" if sizes[0] < sizes[-1] else f"{sizes[0]:,}"
        subject = f"{number} smaller creators are a lot to manage"
        yield "note", f"{subject}: --per-creator 50 adds a handling cost of 50 for each creator."


def _brings_more(bundle: SubstituteBundle, metric: str) -> bool:
    assert bundle.small is not None
    return bundle.small.totals.metrics[metric] > bundle.large.totals.metrics[metric]


def _is_better(bundle: SubstituteBundle) -> bool:
    return bundle.small is not None and bundle.small.objective > bundle.large.objective
