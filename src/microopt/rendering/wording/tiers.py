"""The sentences of a comparison of tiers."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from microopt.analysis.tiers.compare import NOT_LOOKED_AT, Comparison, SingleTierPlan
from microopt.analysis.tiers.substitutes import SubstituteBundle, Substitutes
from microopt.campaign.goals import LEAST_COST
from microopt.plan.plan import Plan
from microopt.quantities.parse_and_format import format_money, format_percent
from microopt.rendering.wording.full_stop import end_sentence
from microopt.rendering.wording.limits import LIMITS
from microopt.rendering.wording.plan_figures import format_ratio, join_words

MANY_CREATORS = 20  # creators in a basket
RESULT_METRICS = ("conversions", "engagements", "reach")
SAME_SHARE = Fraction(1, 2000)  # what rounds to the same percent and is not told apart


def explain_missing_plan(tier: SingleTierPlan) -> str:
    """Return why a tier has no plan or an empty one, empty if it has one."""
    if tier.status == NOT_LOOKED_AT:
        return "not been looked at: the time was over"
    if tier.status == "unknown":
        return "no plan found in its time, and none shown to be impossible"
    if tier.plan is not None and tier.plan.picks:
        return ""
    return f"{'nobody' if tier.plan is not None else 'no plan'}: {'; '.join(tier.reasons)}"


def tiers_sentences(comparison: Comparison) -> Iterator[tuple[str, str]]:
    """Yield (kind, sentence): `fact`, `proof`, `doubt`, `note`, `warning`."""
    mix = comparison.mix
    yield from (("fact", sentence) for sentence in _mix_against_tiers(comparison))
    yield from (("fact", fact) for fact in _strengths(comparison))
    if comparison.substitutes is not None:
        yield from (("fact", fact) for fact in _substitute_facts(comparison.substitutes))
        yield from _workload(comparison, comparison.substitutes)
    yield _proof(comparison)
    yield from benchmark_sentences(mix, "the mix's", "the comparisons")


def benchmark_sentences(plan: Plan, whose: str, others: str) -> Iterator[tuple[str, str]]:
    """Yield (kind, sentence): which results of this plan and the compared ones are benchmarks; notes, warnings."""
    for metric, share in plan.assumed.items():
        if share > 0:
            statement = (
                f"{format_percent(share)} of {whose} {metric} rest on public benchmarks, not on this roster's own"
            )
            yield "note", f"{statement} figures: so do {others}."
    yield from (("note", f"Note: {end_sentence(note)}") for note in plan.notes)
    yield from (("warning", f"Warning: {end_sentence(warning)}") for warning in plan.warnings)


def bundle_rules_sentence(comparison: Comparison) -> str:
    """Return a sentence that says which rules the bundles of smaller creators keep."""
    campaign = comparison.mix.campaign
    sentence = "Each creator stands there with the offer that brings the most for its money"
    if campaign.goal.name == LEAST_COST:
        sentence += ", and is measured by what the targets ask for"
    if campaign.rules or campaign.include:
        rules = "baskets keep filters and what is asked of each creator"
        sentence += f"; {rules}, but no other rule and no inclusion: these are made for the whole budget"
    return f"{sentence}."


def _mix_against_tiers(comparison: Comparison) -> Iterator[str]:
    shares = [(tier.share_of_mix, tier.tier) for tier in comparison.tiers if tier.share_of_mix is not None]
    if not shares:
        return
    if comparison.mix.campaign.goal.name == LEAST_COST:
        yield from _costs_against_tiers(comparison.mix, shares)
        return
    equal_tiers = [tier for share, tier in shares if share >= 1 - SAME_SHARE]
    if equal_tiers:
        yield f"The mix brings no more than {equal_tiers[0]} alone: the other tiers add nothing to it here."
    parts = [f"{format_ratio(1 / share)} times that of {tier}" for share, tier in shares if tier not in equal_tiers]
    if parts:
        parts[0] = parts[0].replace("times that of", "times the value of")
        yield f"The mix brings {join_words(parts)} alone."


def _costs_against_tiers(mix: Plan, ratios: list[tuple[Fraction, str]]) -> Iterator[str]:
    equal_tiers = [tier for times, tier in ratios if times <= 1 + SAME_SHARE]
    if equal_tiers:
        yield f"The mix costs no less than {equal_tiers[0]} alone."
    yield f"The mix meets the targets for {format_money(mix.totals.spend, mix.roster.currency)}."
    parts = [f"{tier} {format_ratio(times)} times" for times, tier in ratios if tier not in equal_tiers]
    if parts:
        first, *rest = parts
        yield f"Alone, {join_words([first.replace(' ', ' costs ', 1) + ' as much', *rest])}."


def _strengths(comparison: Comparison) -> Iterator[str]:
    """Yield which tier alone brings the most of which result."""
    plans = [(single.tier, single.plan) for single in comparison.tiers if single.plan and single.plan.picks]
    if len(plans) < 2 or comparison.mix.campaign.goal.name == LEAST_COST:
        return
    best_metrics: dict[str, list[str]] = {}
    for metric, words in (("reach", "gross reach"), ("engagements", "engagements"), ("conversions", "conversions")):
        amounts = {tier: plan.totals.metrics[metric] for tier, plan in plans}
        best_metrics.setdefault(max(amounts, key=amounts.__getitem__), []).append(words)
    parts = [f"{tier} brings the most {join_words(metrics)}" for tier, metrics in best_metrics.items()]
    yield f"Of the tiers alone, {join_words(parts)}."


def _substitute_facts(substitutes: Substitutes) -> Iterator[str]:
    examined = [bundle for bundle in substitutes.creators if bundle.small is not None]
    if not examined:
        return
    count = len(examined)
    more = {metric: sum(_brings_more(substitute, metric) for substitute in examined) for metric in RESULT_METRICS}
    if count == 1:
        gained = [metric for metric in RESULT_METRICS if more[metric]]
        lost = [metric for metric in RESULT_METRICS if not more[metric]]
        gains = [f"more {join_words(gained)}"] if gained else []
        gains += [f"no more {' or '.join(lost)}"] if lost else []
        yield f"For the money of {examined[0].creator}, smaller ones bring {' but '.join(gains)}."
        return
    yield (
        f"For {more['conversions']:,} of {count:,} {substitutes.tier} creators smaller ones bring more conversions "
        f"for the same money, for {more['engagements']:,} more engagements, for {more['reach']:,} more reach (gross)."
    )


def _workload(comparison: Comparison, substitutes: Substitutes) -> Iterator[tuple[str, str]]:
    """Yield that many small creators are much work, if no cost per creator is set."""
    sizes = sorted(bundle.small.totals.creators for bundle in substitutes.creators if bundle.small is not None)
    if sizes and sizes[-1] > MANY_CREATORS and not comparison.mix.campaign.per_creator:
        sizes_range = f"{sizes[0]:,} to {sizes[-1]:,} creators" if sizes[0] < sizes[-1] else f"{sizes[0]:,} creators"
        yield "note", f"Baskets hold {sizes_range}, who are work to brief: --per-creator 50 counts it on both sides."


def _brings_more(bundle: SubstituteBundle, metric: str) -> bool:
    assert bundle.small is not None
    return bundle.small.totals.metrics[metric] > bundle.large.totals.metrics[metric]


def _proof(comparison: Comparison) -> tuple[str, str]:
    unproven = [tier.tier for tier in comparison.tiers if tier.status not in ("optimal", "infeasible")]
    unproven = (["the mix"] if comparison.mix.proof.status != "optimal" else []) + unproven
    substitutes = comparison.substitutes
    unproven_bundles = (
        [] if substitutes is None else [bundle for bundle in substitutes.creators if bundle.status != "optimal"]
    )
    missed_count = 0 if substitutes is None else len(substitutes.not_examined)
    seconds = f"{comparison.seconds:.2f} s"
    if not (unproven or unproven_bundles or missed_count):
        return "proof", f"All proven in {seconds}: on these forecasts, no plan within the same limits is better."
    parts = [join_words(unproven)] if unproven else []
    parts += (
        [f"{len(unproven_bundles):,} basket{'' if len(unproven_bundles) == 1 else 's'}"] if unproven_bundles else []
    )
    statement = f"Not proven (~): {join_words(parts)}" if parts else "Not all was looked at"
    missed = f"; {missed_count:,} creators were not looked at" if missed_count else ""
    limit = LIMITS.get(comparison.mix.proof.limit or "", "stopped")
    reason = f" ({limit})" if comparison.mix.proof.limit else ""
    return "doubt", f"{statement}{reason}{missed}, after {seconds}. More time: --time-limit 300."
