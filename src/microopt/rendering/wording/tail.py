"""The sentences about a plan for the worst outcomes: what it brings there, and the price of that safety."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil

from microopt.plan.plan import Plan
from microopt.plan.tail import Tail
from microopt.quantities.parse_and_format import format_percent
from microopt.rendering.wording.near_optimum import UNITS
from microopt.rendering.wording.plan_figures import format_value
from microopt.rendering.wording.worst_share import worst_part, worst_scenarios

LEAST_SHARE = 0.0005  # from which a difference is told


def tail_sentences(plan: Plan) -> Iterator[tuple[str, str]]:
    """Yield (kind, sentence): what a plan brings in the worst scenarios, and what that costs and gains."""
    tail = plan.tail
    if tail is None:
        return
    yield "fact", f"Planned for {worst_scenarios(tail)} (seed {tail.seed}){_brings(plan, tail)}."
    yield "fact", f"Price of safety: {price_of_safety(tail)}."


def price_of_safety(tail: Tail) -> str:
    """Return what safety costs and raises, beside the plan that is best on average: `costs 4% of the mean, raises ...`.

    Both are of the plan of means, in the same scenarios.
    """
    part = f"the {worst_part(tail)}"
    if tail.plan == tail.of_means:
        return f"none, the plan that is best on average is also best in {part}"
    if tail.of_means.worst == 0:
        return f"{_cost(tail)}; the plan that is best on average brings nothing in {part}"
    rise = "raises" if tail.raises >= 0 else "lowers"
    return (
        f"{_cost(tail)}, {rise} {part} by {format_percent(abs(tail.raises))} (against the plan that is best on average)"
    )


def best_for_worst(plan: Plan) -> str:
    """Return that a plan is best for the worst scenarios, as far as that is proven, without a full stop."""
    assert plan.tail is not None
    where = worst_scenarios(plan.tail)
    if plan.proof.status == "optimal":
        return f"Proven best for {where}"
    value = abs(plan.proof.objective)
    if not value:
        return f"Not proven best for {where}"
    percent = ceil(10_000 * abs(plan.proof.bound - plan.proof.objective) / value) / 100
    return f"Proven best for {where} to within {percent:,.2f}%"


def is_closed_by_gap(plan: Plan) -> bool:
    """Whether a plan for the worst scenarios is proven but for a small gap at which the search ended by itself."""
    return plan.tail is not None and plan.proof.status != "optimal" and plan.proof.limit == "gap"


def _brings(plan: Plan, tail: Tail) -> str:
    """Return what the plan brings there on average; nothing for a balanced goal, which has no unit."""
    goal, currency = plan.campaign.goal, plan.roster.currency
    if goal.name == "balanced":
        return ""
    unit = UNITS.get(goal.name) or ("" if goal.name in ("profit", "worth") else f"of {goal.column or goal.name}")
    worst, mean = (f"{format_value(each, goal, currency)} {unit}".strip() for each in (tail.plan.worst, tail.plan.mean))
    return f": {worst} there on average; {mean} expected in all"


def _cost(tail: Tail) -> str:
    if tail.costs < LEAST_SHARE:
        return "costs nothing of the mean"
    return f"costs {format_percent(tail.costs)} of the mean"
