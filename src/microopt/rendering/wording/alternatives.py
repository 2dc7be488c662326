"""The sentences of alternatives, and how their losses are written."""

from __future__ import annotations

from collections.abc import Iterator
from math import floor

from microopt.analysis.alternatives import Alternative, Alternatives, CreatorFrequency, StopReason
from microopt.campaign.campaign import Goal
from microopt.campaign.goals import LEAST_COST
from microopt.plan.difference import Difference
from microopt.plan.plan import Plan
from microopt.quantities.parse_and_format import format_names
from microopt.rendering.wording.plan_figures import (
    count_creators,
    format_value,
    join_words,
)
from microopt.rendering.wording.plan_sentences import LIMITS
from microopt.rendering.wording.tiers import benchmark_sentences

MAX_NAMES = 12  # of creators in one line of a plan
MAX_COMMON_NAMES = 40  # of creators who are in every plan
MORE_TIME = " More time: --time-limit 300."


def format_loss(change: Difference, best: Plan) -> str:
    """Return how a plan compares with the best, as a predicate: `brings 1.2% less`, `costs $120 more`."""
    goal = best.campaign.goal
    verb = "costs" if goal.name == LEAST_COST else "brings"
    if not change.objective:
        return f"{verb} as much"
    more = "more" if change.objective > 0 else "less"
    if goal.name == LEAST_COST or change.share is None:
        return f"{verb} {format_value(abs(change.objective), goal, best.roster.currency)} {more}"
    return f"{verb} {_format_small_share(abs(float(change.share)))} {more}"


def format_share_of_best(alternative: Alternative, best: Plan) -> str:
    """Return a plan's share of the best value, or its extra cost; rounded down, so that only an equal plan has 100%."""
    change, goal = alternative.change, best.campaign.goal
    if goal.name == LEAST_COST:
        return (
            f"{'-' if change.objective < 0 else '+'}{format_value(abs(change.objective), goal, best.roster.currency)}"
        )
    if alternative.share_of_best is None:
        return "-"
    hundredths = floor(alternative.share_of_best * 10_000)
    return f"{hundredths // 100}%" if not hundredths % 100 else f"{hundredths / 100:.2f}%"


def describe_swaps(alternative: Alternative) -> str:
    """Return which creators replace which creators of the best plan."""
    added, dropped = (format_names(who, MAX_NAMES) for who in (alternative.change.added, alternative.change.dropped))
    swaps = (
        [f"instead of {dropped}: {added}" if added else f"without {dropped}"]
        if dropped
        else [f"with {added}"]
        if added
        else []
    )
    swaps += [f"another offer of {format_names(alternative.swapped, MAX_NAMES)}"] if alternative.swapped else []
    return "; ".join(swaps)


def comparison_meaning(goal: Goal) -> str:
    """Return what the last column of the plans means."""
    if goal.name == LEAST_COST:
        return "More: what a plan costs beyond the best, which meets the targets for the least."
    what = "engagements and conversions, as the balanced goal adds them" if goal.name == "balanced" else "the goal"
    return f"Of best: what a plan brings of {what}, by what the best plan brings."


def creators_in_every_plan(alternatives: Alternatives) -> list[CreatorFrequency]:
    """Return the creators that every plan includes."""
    return [creator for creator in alternatives.creators if len(creator.plans) == len(alternatives.plans) + 1]


def alternatives_sentences(alternatives: Alternatives) -> Iterator[tuple[str, str]]:
    """Yield (kind, sentence): `fact`, `proof`, `doubt`, `note`, `warning`."""
    yield from (("fact", sentence) for sentence in (*_losses(alternatives), *_retention(alternatives)))
    if alternatives.stop_reason is StopReason.EXHAUSTED:
        yield "fact", _exhausted(alternatives)
    yield from _proof(alternatives)
    yield from benchmark_sentences(alternatives.best, "the best plan's", "the others")
    yield from (("warning", f"Warning: {warning}.") for warning in alternatives.warnings)


def _losses(alternatives: Alternatives) -> Iterator[str]:
    if not alternatives.plans:
        return
    first, last = alternatives.plans[0].change, alternatives.plans[-1].change
    compared = f"{'than' if first.objective else 'as'} the best plan"
    if len(alternatives.plans) == 1:
        yield f"The alternative {format_loss(first, alternatives.best)} {compared}."
        return
    worst = f"alternative {len(alternatives.plans):,} {format_loss(last, alternatives.best)}"
    yield f"Alternative 1 {format_loss(first, alternatives.best)} {compared}, {worst}."


def _retention(alternatives: Alternatives) -> Iterator[str]:
    """Yield how many creators of the best plan are in every other plan, and how many in none."""
    plan_counts = [len(creator.plans) for creator in alternatives.creators if creator.plans[0] == 0]
    if not alternatives.plans or not plan_counts:
        return
    creators, always, never = len(plan_counts), plan_counts.count(len(alternatives.plans) + 1), plan_counts.count(1)
    if len(alternatives.plans) == 1:
        yield f"{always:,} of the best plan's {count_creators(creators)} {_are(always)} in the alternative too."
        return
    kept_in_all = f"{always:,} of the best plan's {count_creators(creators)} {_are(always)} in every alternative"
    yield f"{kept_in_all}, {never:,} in none of them." if never else f"{kept_in_all}."


def _exhausted(alternatives: Alternatives) -> str:
    number = len(alternatives.plans)
    count = (
        "is no such plan" if not number else "is only 1 such plan" if number == 1 else f"are only {number:,} such plans"
    )
    why = f"no {'other' if number else 'plan'}{' plan' if number else ''} within these rules"
    each = "the best plan" if not number else "every plan before it"
    hint = " Fewer might do: --differ 1." if alternatives.differ > 1 else ""
    excluded = (
        "enough creators" if alternatives.warnings else count_creators(alternatives.differ)
    )  # where a plan has fewer, all of them
    return f"There {count}: {why} leaves out {excluded} of {each}.{hint}"


def _proof(alternatives: Alternatives) -> Iterator[tuple[str, str]]:
    seconds = f"{alternatives.seconds:.2f} s"
    plans = [("the best plan", alternatives.best)]
    plans += [(f"alternative {number}", alternative.plan) for number, alternative in enumerate(alternatives.plans, 1)]
    unproven = [(name, plan.proof) for name, plan in plans if plan.proof.status != "optimal"]
    if alternatives.stop_reason is StopReason.STOPPED:
        why = f"{LIMITS.get(alternatives.limit or '', 'stopped')} after {seconds}"
        statement = f"Found {len(alternatives.plans):,} of {alternatives.count:,} alternatives ({why})."
        yield "doubt", f"{statement}{'' if unproven else MORE_TIME}"
    if unproven:
        limit = LIMITS.get(next((proof.limit for _, proof in unproven if proof.limit), ""), "stopped")
        yield (
            "doubt",
            f"Not proven (~): {join_words([name for name, _ in unproven])} ({limit}), after {seconds}.{MORE_TIME}",
        )
    elif alternatives.plans:
        condition = f"leave out {count_creators(alternatives.differ)} of every plan before it"
        subject = "These are proven" if alternatives.stop_reason is StopReason.STOPPED else f"All proven in {seconds}"
        yield "proof", f"{subject}: on these forecasts, each is the best of the plans that {condition}."
    else:
        statement = f"The best plan is proven in {seconds}"
        yield "proof", f"{statement}: on these forecasts, no plan within these rules is better."


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def _format_small_share(share: float) -> str:
    """Return a share that is often small: 12%, 1.2%, 0.12%."""
    if share < 0.0001:
        return "under 0.01%"
    return f"{share:.0%}" if share >= 0.0995 else f"{share:.1%}" if share >= 0.00995 else f"{share:.2%}"
