"""The sentences about a plan for the worst outcomes: what it brings there, and the price of that safety."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil

from microopt.campaign.campaign import EachRule
from microopt.campaign.metrics import canonical_measure
from microopt.campaign.risk_settings import MOST_SCENARIOS
from microopt.plan.plan import Plan
from microopt.plan.tail import Tail
from microopt.quantities.parse_and_format import format_percent
from microopt.rendering.wording.near_optimum import UNITS
from microopt.rendering.wording.plan_figures import format_value
from microopt.rendering.wording.worst_share import LEAST_SHARE, worst_part, worst_scenarios

MORE_SCENARIOS = 1_000  # in which a plan mostly brings what it brings in other draws


def tail_sentences(plan: Plan, *, hints: bool) -> Iterator[tuple[str, str]]:
    """Yield (kind, sentence): what a plan brings in the worst scenarios, and what that costs and gains.

    Parameters
    ----------
    hints
        Whether to say which options make a plan safer that is no safer in other draws.
    """
    tail = plan.tail
    if tail is None:
        return
    yield "fact", f"Planned for {worst_scenarios(tail)} (seed {tail.seed}){_brings(plan, tail)}."
    yield "fact", f"Price of safety: {price_of_safety(plan, tail)}."
    if hints and plan.picks and not _is_means(tail) and not _is_safer(tail):
        yield "warning", f"To be safer in other draws, too, try {_safer(plan, tail)}."


def price_of_safety(plan: Plan, tail: Tail) -> str:
    """Return what safety costs and raises: `costs 4% of the mean, raises the worst tenth of 10,000 other draws by 2%`.

    Both are of the plan that is best on average, and what it raises is counted in draws that neither plan was chosen
    by: the scenarios that a plan was chosen by flatter it.
    """
    if _is_means(tail):
        return f"none, the plan that is best on average is also best in {worst_scenarios(tail)}"
    where, means = _worst_draws(tail), tail.fresh.of_means.worst
    if not plan.picks:
        value = format_value(means, plan.campaign.goal, plan.roster.currency)
        expected = format_value(tail.of_means.mean, plan.campaign.goal, plan.roster.currency)
        return f"all of the {expected} expected of the plan that is best on average, which brings {value} in {where}"
    if not _is_safer(tail):
        less = f"{format_percent(-tail.raises)} less than" if tail.raises <= -LEAST_SHARE else "no more than"
        return f"{_cost(tail)}, but is not safer: {where} brings {less} with the plan that is best on average"
    if means <= 0:
        own, other = (
            format_value(each, plan.campaign.goal, plan.roster.currency) for each in (tail.fresh.plan.worst, means)
        )
        return f"{_cost(tail)}, raises {where} from {other} to {own} (against the plan that is best on average)"
    return f"{_cost(tail)}, raises {where} by {format_percent(tail.raises)} (against the plan that is best on average)"


def _is_means(tail: Tail) -> bool:
    """Whether the plan of means is as good in every figure, above all where it is the same plan."""
    return tail.plan == tail.of_means and tail.fresh.plan == tail.fresh.of_means


def _is_safer(tail: Tail) -> bool:
    """Whether the plan is better than the plan of means in the worst of other draws, by as much as is told."""
    fresh = tail.fresh
    return tail.raises >= LEAST_SHARE if fresh.of_means.worst else fresh.plan.worst > 0


def _worst_draws(tail: Tail) -> str:
    return f"the {worst_part(tail)} of {tail.fresh.draws:,} other draws"


def _safer(plan: Plan, tail: Tail) -> str:
    """Return what makes plans safer in other draws than those that they were chosen by."""
    more = min(MOST_SCENARIOS, max(MORE_SCENARIOS, 5 * tail.scenarios))
    if any(isinstance(rule, EachRule) and canonical_measure(rule.measure) == "spend" for rule in plan.campaign.rules):
        return f"--scenarios {more}"
    return f"--scenarios {more}, or a limit such as -r 'each creator spend <= 20% of budget'"


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
    figures = (tail.plan.worst, tail.fresh.plan.worst, tail.plan.mean)
    worst, fresh, mean = (f"{format_value(each, goal, currency)} {unit}".strip() for each in figures)
    return f": {worst} there on average, {fresh} in {_worst_draws(tail)}; {mean} expected in all"


def _cost(tail: Tail) -> str:
    if tail.costs < LEAST_SHARE:
        return "costs nothing of the mean"
    return f"costs {format_percent(tail.costs)} of the mean"
