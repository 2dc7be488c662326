"""The sentences of a frontier, and how its steps from budget to budget are written."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from microopt.analysis.frontier.result import NOT_LOOKED_AT, Frontier, FrontierSegment, NextImprovement
from microopt.quantities.parse_and_format import format_count, format_money
from microopt.rendering.wording.plan_figures import format_value, value_heading

STATUS_WORDS = {
    "infeasible": "no plan keeps the rules",
    "unknown": "no plan found in its time",
    NOT_LOOKED_AT: "the time was over",
}
STEP = 100_000  # cents: what more money brings is given for this amount


def frontier_sentences(frontier: Frontier) -> Iterator[tuple[str, str]]:
    """Yield (kind, sentence): `fact`, `proof`, `doubt`."""
    yield from _optimal_spend(frontier)
    yield from _diminishing_returns(frontier)
    unproven = [point for point in frontier.points if point.status in ("feasible", "unknown", NOT_LOOKED_AT)]
    if unproven:
        count = f"{len(unproven)} of {len(frontier.points)} budgets are not proven"
        yield "doubt", f"{count} (~): a longer --time-limit helps."
    elif any(point.totals is not None for point in frontier.points):
        proven = f"Each budget's plan is proven optimal, all in {frontier.seconds:.2f} s"
        yield "proof", f"{proven}: on these forecasts, no plan within its budget and the rules is better."


def _optimal_spend(frontier: Frontier) -> Iterator[tuple[str, str]]:
    """Yield the spend beyond which more costs more than it brings, if the goal is money."""
    optimum, currency = frontier.optimal_spend, frontier.roster.currency
    if optimum is None:
        return
    cents = (optimum.spend, optimum.worth * 100)
    spend, worth = (format_money(round(amount), currency, whole_units=True) for amount in cents)
    doubt = "" if optimum.proven else " (not proven: the time was over)"
    if optimum.spend == 0:
        yield "main fact", f"No plan within these budgets is worth what it costs{doubt}."
        return
    brings = f"Spending is worth it up to {spend}, which brings {worth}"
    yield "main fact", f"{brings}: beyond it, more costs more than it brings{doubt}."


def _diminishing_returns(frontier: Frontier) -> Iterator[tuple[str, str]]:
    """Yield how much less the last step brings than the first, if every step has plans."""
    segments = [frontier.segment(number) for number in range(len(frontier.points))]
    steps = [segment for segment in segments if segment is not None]
    if len(steps) < 2 or steps[0].objective <= 0:
        return
    first, last = (step.objective / step.budget for step in (steps[0], steps[-1]))
    if last < first:
        share = max(0, round(float(last / first) * 100))
        yield "fact", f"The last dollars bring {share}% of what the first ones do."


def describe_step(frontier: Frontier, segment: FrontierSegment) -> str:
    """Return what `STEP` more money brings, by the slope to the next budget."""
    steps = Fraction(STEP, segment.budget)
    goal = frontier.campaign.goal
    if goal.name in ("balanced", "engagement", "conversions"):
        engagements, conversions = (
            _signed(float(segment.metrics[name] * steps) / 1000) for name in ("engagements", "conversions")
        )
        return f"{engagements} engagements, {conversions} conversions"
    value = segment.objective * steps
    return f"{'+' if value > 0 else ''}{format_value(value, goal, frontier.roster.currency)}"


def _signed(value: float) -> str:
    if not value:
        return "no more"
    size = abs(value)
    digits = format_count(size) if size >= 100 else f"{size:.1f}" if size < 10 else f"{size:.0f}"
    return f"{'-' if value < 0 else '+'}{digits}"


def describe_next_improvement(frontier: Frontier, improvement: NextImprovement | None) -> str:
    """Return the budget at which a better plan is possible, or its bounds."""
    if improvement is None or (improvement.budget is None and improvement.lower_bound is None):
        return "-"
    if improvement.budget is None:
        return f"over {format_budget_amount(frontier, improvement.lower_bound or 0)}"
    exact = improvement.budget == improvement.lower_bound
    return f"{'' if exact else 'at most '}{format_budget_amount(frontier, improvement.budget)}"


def format_budget_amount(frontier: Frontier, cents: int) -> str:
    """Return a budget, with cents only if it has any."""
    return format_money(cents, frontier.roster.currency, whole_units=cents % 100 == 0)


def frontier_value_label(frontier: Frontier) -> str:
    """Return the label of the axis that shows the value of the plans."""
    goal = frontier.campaign.goal
    if goal.name == "balanced":
        return "Value: engagements and conversions, by the best of each that the highest budget buys"
    return f"{value_heading(goal)}: {goal.column or goal.name}"
