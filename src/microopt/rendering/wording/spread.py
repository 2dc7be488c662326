"""How much of a plan its two largest creators carry, and what a cap on each creator would change, in sentences."""

from __future__ import annotations

from collections.abc import Iterator
from shlex import quote

from microopt.plan.difference import NOT_LOOKED_AT
from microopt.plan.plan import Plan
from microopt.plan.spread import EMPTY, EVEN, PlanSpread
from microopt.quantities.parse_and_format import format_percent, join_words

SHOWN_RULES = 4


def spread_sentences(plan: Plan, *, hints: bool) -> Iterator[tuple[str, str]]:
    """Yield (kind, sentence) of how a plan is spread over its creators, where that was asked for.

    Parameters
    ----------
    hints
        Whether to name the rules that cap.
    """
    spread = plan.spread
    if spread is None:
        return
    metric = spread.metric.replace("_", " ")
    share = format_percent(float(spread.share))
    if len(spread.largest) == 1:
        yield "note", f"{spread.largest[0]} alone brings {share} of the {metric}."
    else:
        also = "" if spread.status != EVEN else ", so the plan does not depend on a few"
        yield "note", f"The two largest creators, {join_words(spread.largest)}, bring {share} of the {metric}{also}."
    if spread.status != EVEN:
        yield "note", _capped(plan, spread)
    if hints and spread.change is not None:
        yield "hint", f"To plan so: {_flags(spread)}."


def _capped(plan: Plan, spread: PlanSpread) -> str:
    cap = f"Capped at {format_percent(float(spread.cap))} each"
    if spread.status == NOT_LOOKED_AT:
        return f"What the plan would bring with nobody above {format_percent(float(spread.cap))} was not found in time."
    if spread.status == EMPTY:
        return f"{cap}, only a plan without creators keeps your rules."
    if spread.change is None:
        return f"{cap}, no plan keeps your rules and your required creators."
    lost = [(name, -spread.change.metrics[name], plan.totals.metrics[name]) for name in _told(spread, plan)]
    words = [_change(name.replace("_", " "), less, total) for name, less, total in lost]
    unproven = "" if spread.status == "optimal" else " (the best plan found so far)"
    return f"{cap}, the plan would bring {join_words(words)}{unproven}."


def _told(spread: PlanSpread, plan: Plan) -> list[str]:
    """Return the metric that is capped, and the other one of a balanced goal."""
    balanced = ("engagements", "conversions") if plan.campaign.goal.name == "balanced" else ()
    return list(dict.fromkeys((spread.metric, *balanced)))


def _change(name: str, less: int, total: int) -> str:
    if not less or not total:
        return f"as many {name}"
    share = format_percent(abs(less) / total)
    return f"{share} {'fewer' if less > 0 else 'more'} {name}" if name != "reach" else f"{share} less reach"


def _flags(spread: PlanSpread) -> str:
    flags = [f"-r {quote(rule)}" for rule in spread.rules[:SHOWN_RULES]]
    more = len(spread.rules) - SHOWN_RULES
    return " ".join(flags) + (f" and {more} more in the JSON" if more > 0 else "")
