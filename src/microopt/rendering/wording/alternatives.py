"""What is said of the next best plans: what they lose, whom all of them have, and how sure that is."""

from __future__ import annotations

from collections.abc import Iterator

from microopt.analysis.alternatives import Alternative, Alternatives, CreatorFrequency, StopReason
from microopt.campaign.campaign import Goal
from microopt.campaign.goals import LEAST_COST
from microopt.plan.difference import Difference
from microopt.plan.plan import Plan
from microopt.quantities.parse_and_format import format_names, join_words
from microopt.rendering.wording.full_stop import end_sentence
from microopt.rendering.wording.limits import LIMITS, MORE_TIME
from microopt.rendering.wording.plan_figures import count_creators, format_value
from microopt.rendering.wording.tiers import benchmark_sentences

MAX_NAMES = 12  # of creators in one line of a plan


def alternatives_head(alternatives: Alternatives) -> Iterator[tuple[str, str]]:
    """Yield (kind, sentence): what the alternatives lose, who is in all of them, how sure it is."""
    yield from (("main fact", sentence) for sentence in _losses(alternatives))
    yield from (("fact", sentence) for sentence in _retention(alternatives))
    if alternatives.stop_reason is StopReason.EXHAUSTED:
        yield "fact" if alternatives.plans else "main fact", _exhausted(alternatives)
    yield from _proof(alternatives)


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
    """Return a plan's share of the best value, or its extra cost; only an equal plan has 100%."""
    change, goal = alternative.change, best.campaign.goal
    if goal.name == LEAST_COST:
        return (
            f"{'-' if change.objective < 0 else '+'}{format_value(abs(change.objective), goal, best.roster.currency)}"
        )
    if alternative.share_of_best is None:
        return "-"
    hundredths = round(alternative.share_of_best * 10_000)
    if alternative.share_of_best < 1:
        hundredths = min(hundredths, 9_999)
    return f"{hundredths // 100}%" if not hundredths % 100 else f"{hundredths / 100:.2f}%"


def describe_swaps(alternative: Alternative) -> str:
    """Return which creators replace which creators of the best plan, and who posts otherwise."""
    added, dropped = (
        format_names(creators, MAX_NAMES) for creators in (alternative.change.added, alternative.change.dropped)
    )
    swaps = [f"{names} {verb}" for names, verb in ((added, "added"), (dropped, "dropped")) if names]
    what = "another offer of" if all(pick.wave is None for pick in alternative.plan.picks) else "other posts of"
    swaps += [f"{what} {format_names(alternative.swapped, MAX_NAMES)}"] if alternative.swapped else []
    return "; ".join(swaps)


def comparison_meaning(goal: Goal) -> str:
    """Return what the last column of the plans means."""
    if goal.name == LEAST_COST:
        return "More: what a plan costs beyond the best one."
    return "Of best: what a plan brings by your goal, as a share of what the best plan brings."


def creators_in_every_plan(alternatives: Alternatives) -> list[CreatorFrequency]:
    """Return the creators that every plan includes."""
    return [creator for creator in alternatives.creators if len(creator.plans) == len(alternatives.plans) + 1]


def alternatives_sentences(alternatives: Alternatives) -> Iterator[tuple[str, str]]:
    """Yield (kind, sentence) of what the plans rest on: `caveat`, `note`, `warning`."""
    yield from benchmark_sentences(alternatives.best)
    yield from (("warning", f"Warning: {end_sentence(warning)}") for warning in alternatives.warnings)


def _losses(alternatives: Alternatives) -> Iterator[str]:
    """Yield how the first alternative and the last compare with the best plan."""
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
    in_every_plan = f"{always:,} of the best plan's {count_creators(creators)} {_are(always)} in every alternative"
    book = ": book them first." if always > 1 else "."
    yield f"{in_every_plan}, {never:,} in none of them." if never else f"{in_every_plan}{book}"


def _exhausted(alternatives: Alternatives) -> str:
    number = len(alternatives.plans)
    count = (
        "is no such plan" if not number else "is only 1 such plan" if number == 1 else f"are only {number:,} such plans"
    )
    why = f"no {'other' if number else 'plan'}{' plan' if number else ''} within these rules"
    each = "the best plan" if not number else "each earlier plan"
    hint = " With --differ 1 there may be more." if alternatives.differ > 1 else ""
    excluded = (
        "enough creators" if alternatives.warnings else count_creators(alternatives.differ)
    )  # where a plan has fewer, all of them
    least = "" if alternatives.warnings else "at least "
    return f"There {count}: {why} leaves out {least}{excluded} of {each}.{hint}"


def _proof(alternatives: Alternatives) -> Iterator[tuple[str, str]]:
    plans = [("the best plan", alternatives.best)]
    plans += [(f"alternative {number}", alternative.plan) for number, alternative in enumerate(alternatives.plans, 1)]
    unproven = [(name, plan.proof) for name, plan in plans if plan.proof.status != "optimal"]
    if alternatives.stop_reason is StopReason.STOPPED:
        why = LIMITS.get(alternatives.limit or "", "stopped")
        statement = f"Found {len(alternatives.plans):,} of {alternatives.count:,} alternatives ({why})."
        yield "doubt", f"{statement}{'' if unproven else f' {MORE_TIME}'}"
    if unproven:
        limit = LIMITS.get(next((proof.limit for _, proof in unproven if proof.limit), ""), "stopped")
        yield "doubt", f"Not proven (~): {join_words([name for name, _ in unproven])} ({limit}). {MORE_TIME}"
    elif alternatives.plans:
        condition = f"leaves out at least {count_creators(alternatives.differ)} of each earlier plan"
        subject = "These are proven" if alternatives.stop_reason is StopReason.STOPPED else "All proven"
        yield "proof", f"{subject}: on these forecasts, each is the best plan that {condition}."
    else:
        yield "proof", "The best plan is proven: on these forecasts, no plan within these rules is better."


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def _format_small_share(share: float) -> str:
    """Return a share that is often small: 12%, 1.2%, 0.12%."""
    if share < 0.0001:
        return "under 0.01%"
    return f"{share:.0%}" if share >= 0.0995 else f"{share:.1%}" if share >= 0.00995 else f"{share:.2%}"
