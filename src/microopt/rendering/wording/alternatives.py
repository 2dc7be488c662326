"""What is said of alternatives in sentences, and how what they lose is written."""

from __future__ import annotations

from collections.abc import Iterator
from math import floor

from microopt.analysis.alternatives import Alternative, Alternatives, CreatorFrequency, StopReason
from microopt.campaign.campaign import Goal
from microopt.campaign.goals import LEAST_COST
from microopt.plan.difference import Difference
from microopt.plan.plan import Plan
from microopt.quantities.parse_and_format import format_names
from microopt.rendering.wording.plan_figures import format_value, join_words
from microopt.rendering.wording.plan_sentences import LIMITS
from microopt.rendering.wording.tiers import benchmark_sentences

NAMES = 12  # of creators in one line of a plan
EVERYWHERE = 40  # of creators who are in every plan
MORE_TIME = " More time: --time-limit 300."


def format_loss(change: Difference, best: Plan) -> str:
    """Return what a plan brings or costs beside the best, as a predicate: `brings 1.2% less`, `costs $120 more`."""
    goal = best.campaign.goal
    verb = "costs" if goal.name == LEAST_COST else "brings"
    if not change.objective:
        return f"{verb} as much"
    more = "more" if change.objective > 0 else "less"
    if goal.name == LEAST_COST or change.share is None:
        return f"{verb} {format_value(abs(change.objective), goal, best.roster.currency)} {more}"
    return f"{verb} {_digits(abs(float(change.share)))} {more}"


def format_share_of_best(alternative: Alternative, best: Plan) -> str:
    """Return what a plan is worth by the best, or what it costs more; never 100% of what it does not reach."""
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
    """Return who is in a plan instead of whom of the best."""
    added, dropped = (format_names(who, NAMES) for who in (alternative.change.added, alternative.change.dropped))
    swaps = [f"instead of {dropped}: {added}" if added else f"without {dropped}"] if dropped else [f"with {added}"] if added else []
    swaps += [f"another offer of {format_names(alternative.swapped, NAMES)}"] if alternative.swapped else []
    return "; ".join(swaps)


def comparison_meaning(goal: Goal) -> str:
    """Return what the last column of the plans says."""
    if goal.name == LEAST_COST:
        return "More: what a plan costs beyond the best, which meets the targets for the least."
    what = "engagements and conversions, as the balanced goal adds them" if goal.name == "balanced" else "the goal"
    return f"Of best: what a plan brings of {what}, by what the best plan brings."


def creators_in_every_plan(found: Alternatives) -> list[CreatorFrequency]:
    """Return the creators who are in every plan."""
    return [one for one in found.creators if len(one.plans) == len(found.plans) + 1]


def alternatives_sentences(found: Alternatives) -> Iterator[tuple[str, str]]:
    """Yield (kind, sentence) of what follows: `fact`, `proof`, `doubt`, `note`, `warning`."""
    yield from (("fact", told) for told in (*_losses(found), *_replaced(found)))
    if found.stop_reason is StopReason.EXHAUSTED:
        yield "fact", _exhausted(found)
    yield from _proof(found)
    yield from benchmark_sentences(found.best, "the best plan's", "the others")
    yield from (("warning", f"Warning: {warning}.") for warning in found.warnings)


def _losses(found: Alternatives) -> Iterator[str]:
    if not found.plans:
        return
    first, last = found.plans[0].change, found.plans[-1].change
    beside = f"{'than' if first.objective else 'as'} the best plan"
    if len(found.plans) == 1:
        yield f"The alternative {format_loss(first, found.best)} {beside}."
        return
    worst = f"alternative {len(found.plans):,} {format_loss(last, found.best)}"
    yield f"Alternative 1 {format_loss(first, found.best)} {beside}, {worst}."


def _replaced(found: Alternatives) -> Iterator[str]:
    """Say how many creators of the best plan are in every other plan, and in none."""
    mine = [len(one.plans) for one in found.creators if one.plans[0] == 0]
    if not found.plans or not mine:
        return
    whole, always, never = len(mine), mine.count(len(found.plans) + 1), mine.count(1)
    if len(found.plans) == 1:
        yield f"{always:,} of the best plan's {_creators(whole)} {_are(always)} in the alternative too."
        return
    told = f"{always:,} of the best plan's {_creators(whole)} {_are(always)} in every alternative"
    yield f"{told}, {never:,} in none of them." if never else f"{told}."


def _exhausted(found: Alternatives) -> str:
    number = len(found.plans)
    told = (
        "is no such plan" if not number else "is only 1 such plan" if number == 1 else f"are only {number:,} such plans"
    )
    why = f"no {'other' if number else 'plan'}{' plan' if number else ''} within these rules"
    each = "the best plan" if not number else "every plan before it"
    less = " Fewer might do: --differ 1." if found.differ > 1 else ""
    out = "enough creators" if found.warnings else _creators(found.differ)  # where a plan has fewer, all of them
    return f"There {told}: {why} leaves out {out} of {each}.{less}"


def _proof(found: Alternatives) -> Iterator[tuple[str, str]]:
    seconds = f"{found.seconds:.2f} s"
    plans = [("the best plan", found.best)]
    plans += [(f"alternative {number}", one.plan) for number, one in enumerate(found.plans, 1)]
    open_ = [(name, plan.proof) for name, plan in plans if plan.proof.status != "optimal"]
    if found.stop_reason is StopReason.STOPPED:
        why = f"{LIMITS.get(found.limit or '', 'stopped')} after {seconds}"
        told = f"Found {len(found.plans):,} of {found.count:,} alternatives ({why})."
        yield "doubt", f"{told}{'' if open_ else MORE_TIME}"
    if open_:
        limit = LIMITS.get(next((proof.limit for _, proof in open_ if proof.limit), ""), "stopped")
        yield (
            "doubt",
            f"Not proven (~): {join_words([name for name, _ in open_])} ({limit}), after {seconds}.{MORE_TIME}",
        )
    elif found.plans:
        out = f"leave out {_creators(found.differ)} of every plan before it"
        which = "These are proven" if found.stop_reason is StopReason.STOPPED else f"All proven in {seconds}"
        yield "proof", f"{which}: on these forecasts, each is the best of the plans that {out}."
    else:
        told = f"The best plan is proven in {seconds}"
        yield "proof", f"{told}: on these forecasts, no plan within these rules is better."


def _creators(count: int) -> str:
    return f"{count:,} creator{'' if count == 1 else 's'}"


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def _digits(share: float) -> str:
    """Print a share that is often small: 12%, 1.2%, 0.12%."""
    if share < 0.0001:
        return "under 0.01%"
    return f"{share:.0%}" if share >= 0.0995 else f"{share:.1%}" if share >= 0.00995 else f"{share:.2%}"
