"""What a comparison says in sentences, and how its values are written."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from microopt.analysis.tiers.compare import NOT_LOOKED_AT, Comparison, SingleTierPlan
from microopt.analysis.tiers.substitutes import SubstituteBundle, Substitutes
from microopt.campaign.goals import LEAST_COST
from microopt.plan.plan import Plan
from microopt.quantities.parse_and_format import format_money, format_percent
from microopt.rendering.wording.plan_figures import format_ratio, join_words
from microopt.rendering.wording.plan_sentences import LIMITS

MANY = 20  # creators in a basket
METRICS = ("conversions", "engagements", "reach")
SAME = Fraction(1, 2000)  # what rounds to the same percent and is not told apart


def explain_missing_plan(variant: SingleTierPlan) -> str:
    """Return why a tier has no plan, or an empty one; an empty text where it has one."""
    if variant.status == NOT_LOOKED_AT:
        return "not been looked at: the time was over"
    if variant.status == "unknown":
        return "no plan found in its time, and none shown to be impossible"
    if variant.plan is not None and variant.plan.picks:
        return ""
    return f"{'nobody' if variant.plan is not None else 'no plan'}: {'; '.join(variant.reasons)}"


def tiers_sentences(comparison: Comparison) -> Iterator[tuple[str, str]]:
    """Yield (kind, sentence) of what follows: `fact`, `proof`, `doubt`, `note`, `warning`."""
    mix = comparison.mix
    yield from (("fact", told) for told in _mix_to_tiers(comparison))
    yield from (("fact", told) for told in _strengths(comparison))
    if comparison.substitutes is not None:
        yield from (("fact", told) for told in _basket_facts(comparison.substitutes))
        yield from _work(comparison, comparison.substitutes)
    yield _proof(comparison)
    yield from benchmark_sentences(mix, "the mix's", "the comparisons")


def benchmark_sentences(plan: Plan, whose: str, others: str) -> Iterator[tuple[str, str]]:
    """Yield (kind, sentence) of what is assumed of a plan, and of all that is held against it."""
    for metric, share in plan.assumed.items():
        if share > 0:
            told = f"{format_percent(share)} of {whose} {metric} rest on public benchmarks, not on this roster's own"
            yield "note", f"{told} figures: so do {others}."
    yield from (("note", f"Note: {note}.") for note in plan.notes)
    yield from (("warning", f"Warning: {warning}.") for warning in plan.warnings)


def bundle_rules_sentence(comparison: Comparison) -> str:
    """Return what baskets keep and what they do not, in a sentence."""
    campaign = comparison.mix.campaign
    told = "Each creator stands there with the offer that brings the most for its money"
    if campaign.goal.name == LEAST_COST:
        told += ", and is measured by what the targets ask for"
    if campaign.rules or campaign.include:
        kept = "baskets keep filters and what is asked of each creator"
        told += f"; {kept}, but no other rule and no inclusion: these are made for the whole budget"
    return f"{told}."


def _mix_to_tiers(comparison: Comparison) -> Iterator[str]:
    known = [(one.share_of_mix, one.tier) for one in comparison.tiers if one.share_of_mix is not None]
    if not known:
        return
    if comparison.mix.campaign.goal.name == LEAST_COST:
        yield from _costs(comparison.mix, known)
        return
    equal = [tier for share, tier in known if share >= 1 - SAME]
    if equal:
        yield f"The mix brings no more than {equal[0]} alone: the other tiers add nothing to it here."
    parts = [f"{format_ratio(1 / share)} times that of {tier}" for share, tier in known if tier not in equal]
    if parts:
        parts[0] = parts[0].replace("times that of", "times the value of")
        yield f"The mix brings {join_words(parts)} alone."


def _costs(mix: Plan, known: list[tuple[Fraction, str]]) -> Iterator[str]:
    equal = [tier for times, tier in known if times <= 1 + SAME]
    if equal:
        yield f"The mix costs no less than {equal[0]} alone."
    yield f"The mix meets the targets for {format_money(mix.totals.spend, mix.roster.currency)}."
    parts = [f"{tier} {format_ratio(times)} times" for times, tier in known if tier not in equal]
    if parts:
        first, *rest = parts
        yield f"Alone, {join_words([first.replace(' ', ' costs ', 1) + ' as much', *rest])}."


def _strengths(comparison: Comparison) -> Iterator[str]:
    """Say which tier alone brings the most of what: awareness against action."""
    plans = [(variant.tier, variant.plan) for variant in comparison.tiers if variant.plan and variant.plan.picks]
    if len(plans) < 2 or comparison.mix.campaign.goal.name == LEAST_COST:
        return
    won: dict[str, list[str]] = {}
    for metric, told in (("reach", "gross reach"), ("engagements", "engagements"), ("conversions", "conversions")):
        amounts = {tier: plan.totals.metrics[metric] for tier, plan in plans}
        won.setdefault(max(amounts, key=amounts.__getitem__), []).append(told)
    parts = [f"{tier} brings the most {join_words(metrics)}" for tier, metrics in won.items()]
    yield f"Of the tiers alone, {join_words(parts)}."


def _basket_facts(baskets: Substitutes) -> Iterator[str]:
    looked_at = [basket for basket in baskets.creators if basket.small is not None]
    if not looked_at:
        return
    whole = len(looked_at)
    more = {metric: sum(_more(basket, metric) for basket in looked_at) for metric in METRICS}
    if whole == 1:
        gained = [metric for metric in METRICS if more[metric]]
        lost = [metric for metric in METRICS if not more[metric]]
        told = [f"more {join_words(gained)}"] if gained else []
        told += [f"no more {' or '.join(lost)}"] if lost else []
        yield f"For the money of {looked_at[0].creator}, smaller ones bring {' but '.join(told)}."
        return
    yield (
        f"For {more['conversions']:,} of {whole:,} {baskets.tier} creators smaller ones bring more conversions for the "
        f"same money, for {more['engagements']:,} more engagements, for {more['reach']:,} more reach (gross)."
    )


def _work(comparison: Comparison, baskets: Substitutes) -> Iterator[tuple[str, str]]:
    """Say that small creators are many to brief, where nothing counts the work."""
    sizes = sorted(one.small.totals.creators for one in baskets.creators if one.small is not None)
    if sizes and sizes[-1] > MANY and not comparison.mix.campaign.per_creator:
        told = f"{sizes[0]:,} to {sizes[-1]:,} creators" if sizes[0] < sizes[-1] else f"{sizes[0]:,} creators"
        yield "note", f"Baskets hold {told}, who are work to brief: --per-creator 50 counts it on both sides."


def _more(basket: SubstituteBundle, metric: str) -> bool:
    assert basket.small is not None
    return basket.small.totals.metrics[metric] > basket.large.totals.metrics[metric]


def _proof(comparison: Comparison) -> tuple[str, str]:
    open_ = [variant.tier for variant in comparison.tiers if variant.status not in ("optimal", "infeasible")]
    open_ = (["the mix"] if comparison.mix.proof.status != "optimal" else []) + open_
    baskets = comparison.substitutes
    loose = [] if baskets is None else [one for one in baskets.creators if one.status != "optimal"]
    left = 0 if baskets is None else len(baskets.not_examined)
    seconds = f"{comparison.seconds:.2f} s"
    if not (open_ or loose or left):
        return "proof", f"All proven in {seconds}: on these forecasts, no plan within the same limits is better."
    parts = [join_words(open_)] if open_ else []
    parts += [f"{len(loose):,} basket{'' if len(loose) == 1 else 's'}"] if loose else []
    told = f"Not proven (~): {join_words(parts)}" if parts else "Not all was looked at"
    missed = f"; {left:,} creators were not looked at" if left else ""
    limit = LIMITS.get(comparison.mix.proof.limit or "", "stopped")
    why_ = f" ({limit})" if comparison.mix.proof.limit else ""
    return "doubt", f"{told}{why_}{missed}, after {seconds}. More time: --time-limit 300."
