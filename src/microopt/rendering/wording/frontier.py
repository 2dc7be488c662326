"""The sentences and words of a frontier: what its budgets bring, where money stops paying, and how sure that is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from math import ceil

from microopt.analysis.frontier.result import (
    Frontier,
    FrontierPoint,
    FrontierSegment,
    NextImprovement,
    OptimalSpend,
)
from microopt.campaign.campaign import Goal
from microopt.campaign.earnings import PROFIT
from microopt.campaign.goals import MONEY_GOALS
from microopt.campaign.metrics import NET_REACH
from microopt.plan.difference import NOT_LOOKED_AT
from microopt.quantities.parse_and_format import format_bound, format_count, format_money, format_names
from microopt.rendering.wording.near_optimum import NEGLIGIBLE_PERCENT, is_point_near_optimum, is_point_proven
from microopt.rendering.wording.plan_figures import format_earning, format_metric, format_total, format_value

STATUS_WORDS = {
    "infeasible": "no plan keeps the rules",
    "unknown": "no plan found in the time given",
    NOT_LOOKED_AT: "not looked at: time was up",
}
UNPROVEN = "~"
MOST_UNSEEN = 3  # budgets that were not looked at and are named one by one
GOALS_OF_METRICS = ("balanced", "engagement", "conversions")  # whose value is seen in engagements and conversions


def frontier_head(frontier: Frontier) -> Iterator[tuple[str, str]]:
    """Yield (kind, sentence): what the budgets bring, where money stops paying, and how sure it is."""
    with_plan = [point for point in frontier.points if point.totals is not None]
    if with_plan:
        yield "main fact", _results(frontier, with_plan[0], with_plan[-1])
    if frontier.optimal_spend is not None:
        yield "fact", _earnings(frontier, frontier.optimal_spend, with_plan)
        if frontier.unspent_reason:
            yield "fact", unspent_sentence(frontier)
    elif returns := " ".join(filter(None, (_diminishing_returns(frontier, with_plan), _revenue(frontier)))):
        yield "fact", returns
    yield from _proof(frontier)


def _results(frontier: Frontier, first: FrontierPoint, last: FrontierPoint) -> str:
    """Return what the lowest and the highest budget with a plan bring."""
    low, high = dict(_amounts(frontier, first)), dict(_amounts(frontier, last))
    amounts = (high[name] if low[name] == high[name] else f"{low[name]} to {high[name]}" for name in low)
    budgets = [format_budget_amount(frontier, point.budget) for point in (first, last)]
    span = f"{budgets[0]} to {budgets[1]}" if first.budget < last.budget else budgets[0]
    return f"{span} -> {' · '.join(f'{amount} {name}' for amount, name in zip(amounts, low, strict=True))}"


def _amounts(frontier: Frontier, point: FrontierPoint) -> Iterator[tuple[str, str]]:
    """Yield (name, amount) of what a plan brings: by its goal, then engagements and conversions."""
    assert point.totals is not None
    if frontier.campaign.goal.name not in GOALS_OF_METRICS:
        yield goal_heading(frontier.campaign.goal).lower(), format_goal_amount(frontier, point)
    for name in ("engagements", "conversions"):
        yield name, format_metric(name, point.totals.metrics[name])


def _earnings(frontier: Frontier, optimum: OptimalSpend, plans: Sequence[FrontierPoint]) -> str:
    """Return whether any spend brings more than it costs, and which of the plans do, where the goal is money."""
    gain, doubt = optimum.worth * 100 - optimum.spend, "" if optimum.proven else " (not proven: time was up)"
    spend, worth, size = (_whole(frontier, amount) for amount in (optimum.spend, optimum.worth * 100, abs(gain)))
    changes, top = frontier.campaign.changes_with_budget, format_budget_amount(frontier, frontier.points[-1].budget)
    if gain > 0:
        who = f"At a budget of {top}, the campaign" if changes else "The campaign"
        best = f"{who} earns most at a spend of {spend}: it brings {worth}, {size} more than it costs{doubt}"
        return f"{best}. {_beyond(frontier, gain, plans)}{_plans_that_pay(frontier, plans)}"
    none = "At no budget in this range does the campaign pay for itself"
    if changes:
        none = f"At a budget of {top}, the campaign does not pay for itself"
    if optimum.spend and gain:
        return f"{none}; the least loss is {size}, at a spend of {spend} that brings {worth}{doubt}."
    if optimum.spend:
        return f"{none}; at best it breaks even, at a spend of {spend}{doubt}."
    losses = [(-net, point.budget) for point in plans if (net := net_gain(point)) is not None and net < 0]
    if not losses:
        return f"{none}{doubt}."
    loss, budget = min(losses)
    where = format_budget_amount(frontier, budget)
    return f"{none}; the least loss of these plans is {_whole(frontier, loss)}, at {where}{doubt}."


def _whole(frontier: Frontier, cents: Fraction | int) -> str:
    return format_money(round(cents), frontier.roster.currency, whole_units=True)


def _beyond(frontier: Frontier, most: Fraction, plans: Sequence[FrontierPoint]) -> str:
    """Return what more spend than that of the greatest gain does, as far as the budgets go."""
    if plans and net_gain(plans[-1]) == most:
        return "A higher budget may earn more."
    return (
        f"Spending more, up to {format_budget_amount(frontier, frontier.points[-1].budget)}, costs more than it adds."
    )


def _plans_that_pay(frontier: Frontier, plans: Sequence[FrontierPoint]) -> str:
    """Return which of the plans bring more than they cost, empty where all do or they are scattered."""
    paying = [gain is not None and gain > 0 for gain in map(net_gain, plans)]
    if not any(paying):
        return " None of the plans below, which spend more, pays for itself."
    if all(paying) or paying != sorted(paying, reverse=True):
        return ""
    last = plans[sum(paying) - 1].budget
    return f" Of the budgets below, those up to {format_budget_amount(frontier, last)} pay for themselves."


def net_gain(point: FrontierPoint) -> Fraction | None:
    """Return in cents how much more than its cost a plan brings, where its goal is money; None without a plan."""
    if point.objective is None or point.totals is None:
        return None
    return point.objective * 100 - point.totals.spend


def _diminishing_returns(frontier: Frontier, plans: Sequence[FrontierPoint]) -> str:
    """Return from where on more money buys little or nothing, empty if there are too few plans to tell."""
    if frontier.campaign.changes_with_budget and (line := _none_higher_is_better(frontier, plans)):
        return line
    if frontier.unspent_reason:
        return _nothing_better(frontier, plans)
    values = [(point.budget, point.objective) for point in plans if point.objective is not None]
    if len(values) < 3 or values[-1][1] <= values[0][1]:
        return ""
    end = next(budget for budget, value in values if value == values[-1][1])
    if end < values[-1][0]:
        nothing = f"More than {format_budget_amount(frontier, end)} buys nothing better"
        if not is_point_proven(plans[-1]):
            return f"{nothing} that was found."
        return f"{nothing}{_until_better(frontier, plans[-1].next_better) or ' under these rules'}."
    slopes = [(later[1] - value[1]) / (later[0] - value[0]) for value, later in pairwise(values)]
    for number in range(1, len(slopes)):
        budget, value = values[number]
        average = (value - values[0][1]) / (budget - values[0][0])
        if all(slope * 2 < average for slope in slopes[number:]):
            most = f"Money goes furthest up to {format_budget_amount(frontier, budget)}"
            return f"{most}; beyond that it buys less than half as much."
    return _first_and_last(frontier, plans)


def _none_higher_is_better(frontier: Frontier, plans: Sequence[FrontierPoint]) -> str:
    """Return above which of the budgets none brings more, where rules change with the budget; else empty.

    A plan then needs a higher budget than what it spends, and budgets between or above these may bring more or less.
    """
    values = {point.budget: point.objective for point in plans if point.objective is not None}
    if not values or (most := max(values.values())) <= 0:
        return ""
    enough = min(budget for budget, value in values.items() if value == most)
    higher = [point for point in frontier.points if point.budget > enough]
    if not higher:
        return ""
    amount = format_budget_amount(frontier, enough)
    if not all(is_point_proven(point) or point.status == "infeasible" for point in higher):
        return f"Of these budgets, none above {amount} was found to bring more."
    reason = f": {frontier.unspent_reason}" if frontier.unspent_reason and plans[-1].objective == most else ""
    return f"Of these budgets, none above {amount} brings more{reason}."


def _nothing_better(frontier: Frontier, plans: Sequence[FrontierPoint]) -> str:
    """Return from which budget on more money buys nothing better, and why, where the highest plan leaves money."""
    last = plans[-1]
    if last.totals is None or not last.totals.spend or frontier.campaign.changes_with_budget:
        return unspent_sentence(frontier)
    enough = format_whole_budget(frontier, frontier.campaign.budget_for(last.totals.spend))
    until = _until_better(frontier, last.next_better)
    return f"More than {enough} buys nothing better{until}: {frontier.unspent_reason}."


def unspent_sentence(frontier: Frontier) -> str:
    """Return what the plan of the highest budget spends, and why not the rest; empty where it leaves little."""
    point = frontier.points[-1]
    if point.totals is None or not frontier.unspent_reason:
        return ""
    budget, spend = format_budget_amount(frontier, point.budget), _whole(frontier, point.totals.spend)
    return f"Of {budget}, the plan spends {spend}: {frontier.unspent_reason}."


def _first_and_last(frontier: Frontier, plans: Sequence[FrontierPoint]) -> str:
    """Return what the first and the last third of the budgets add, each with its budgets: the reader compares them."""
    third = max(1, (len(plans) - 1) // 3)
    first, last = (_added(frontier, *ends) for ends in ((plans[0], plans[third]), (plans[-1 - third], plans[-1])))
    return f"{first} {last}"


def _added(frontier: Frontier, low: FrontierPoint, high: FrontierPoint) -> str:
    """Return what a part of the budget adds, in a sentence with its lowest and its highest budget."""
    assert low.totals is not None
    assert high.totals is not None
    metrics = {name: high.totals.metrics[name] - value for name, value in low.totals.metrics.items()}
    objective = (high.objective or Fraction(0)) - (low.objective or Fraction(0))
    start, end = (format_budget_amount(frontier, point.budget) for point in (low, high))
    gain = describe_gain(frontier, metrics, objective, ("engagements", "conversions"))
    goal = frontier.campaign.goal
    unit = "" if goal.name in GOALS_OF_METRICS else f" {goal_heading(goal).lower()}"
    return f"From {start} to {end}: {gain}{unit}."


def _until_better(frontier: Frontier, improvement: NextImprovement | None) -> str:
    """Return up to which budget money buys nothing better, empty if no better plan is known beyond those asked for."""
    if improvement is None or (improvement.budget is None and improvement.lower_bound is None):
        return ""
    if improvement.budget is not None and improvement.budget == improvement.lower_bound:
        return f", until {format_whole_budget(frontier, improvement.budget)}"
    return f", up to {format_budget_amount(frontier, frontier.points[-1].budget)}"


def _revenue(frontier: Frontier) -> str:
    """Return whether the plans earn their cost back, empty if the value of their orders is not known."""
    ratios = [
        (Fraction(point.totals.revenue, point.totals.spend), point)
        for point in frontier.points
        if point.totals is not None and point.totals.revenue is not None and point.totals.spend
    ]
    if not ratios:
        return ""
    if frontier.campaign.margin is not None:
        return _profit(frontier)
    best, point = max(ratios, key=lambda pair: pair[0])
    assert point.totals is not None
    order_value, currency = frontier.campaign.order_value, frontier.roster.currency
    at = "" if order_value is None else f"At {format_money(order_value, currency)} an order, "
    roas = f"{format_total('roas', point.totals, currency)} at {format_budget_amount(frontier, point.budget)}"
    if best < 1:
        text = f"none of these plans pays for itself; the best ROAS is {roas}."
    elif all(ratio >= 1 for ratio, _ in ratios):
        text = f"each of these plans pays for itself; the best ROAS is {roas}."
    else:
        count = sum(ratio >= 1 for ratio, _ in ratios)
        pay = "pays for itself" if count == 1 else "pay for themselves"
        text = f"{count} of these {len(ratios)} plans {pay}; the best ROAS is {roas}."
    return f"{at}{text}" if at else f"{text[:1].upper()}{text[1:]}"


def _profit(frontier: Frontier) -> str:
    """Return which budget earns the highest profit, or loses least."""
    profits = [
        (point.totals.profit, point)
        for point in frontier.points
        if point.totals is not None and point.totals.profit is not None and point.totals.spend
    ]
    if not profits:
        return ""
    best, point = max(profits, key=lambda pair: pair[0])
    margin, budget = (
        format_bound(frontier.campaign.margin or Fraction(0), True),
        format_budget_amount(frontier, point.budget),
    )
    amount = format_earning(abs(best), frontier.roster.currency)
    if best < 0:
        return (
            f"At a margin of {margin}, none of these plans earns its cost; the smallest loss is {amount} at {budget}."
        )
    return f"At a margin of {margin}, the highest profit is {amount} at {budget}."


def _proof(frontier: Frontier) -> Iterator[tuple[str, str]]:
    open_points = [point for point in frontier.points if point.status in ("feasible", "unknown", NOT_LOOKED_AT)]
    unseen = [point for point in open_points if point.status == NOT_LOOKED_AT]
    unproven = [point for point in open_points if not is_point_near_optimum(point) and point not in unseen]
    if unproven or unseen:
        doubts = " ".join(filter(None, (_not_proven(frontier, len(unproven)), _not_looked_at(frontier, unseen))))
        yield "doubt", f"{doubts} Allow more time, such as --time-limit 300."
    elif any(point.totals is not None for point in frontier.points):
        more = f" by more than {NEGLIGIBLE_PERCENT}" if open_points else ""
        yield "proof", f"Proven: no plan within these budgets and your rules is better for your goal{more}."


def _not_proven(frontier: Frontier, count: int) -> str:
    return f"Not proven best: {count:,} of {len(frontier.points):,} budgets ({UNPROVEN})." if count else ""


def _not_looked_at(frontier: Frontier, unseen: Sequence[FrontierPoint]) -> str:
    """Return which budgets the time did not suffice for: the farthest from the campaign's own."""
    if not unseen:
        return ""
    count = f"{len(unseen):,} of {len(frontier.points):,} budgets not looked at because the time was up"
    if len(unseen) <= MOST_UNSEEN:
        return f"{count}: {format_names([format_budget_amount(frontier, point.budget) for point in unseen])}."
    seen = [point.budget for point in frontier.points if point.status != NOT_LOOKED_AT]
    sides = (("below", seen[0], min), ("above", seen[-1], max)) if seen else ()
    ends = [
        f"{side} {format_budget_amount(frontier, end)}"
        for side, end, farthest in sides
        if farthest(point.budget for point in unseen) == farthest(end, *(point.budget for point in unseen))
    ]
    return f"{count}{': those ' if ends else ''}{' and '.join(ends)}."


def shown_points(frontier: Frontier) -> list[int]:
    """Return the numbers of the points that a table shows: without those of a short time, where they are many."""
    seen = [number for number, point in enumerate(frontier.points) if point.status != NOT_LOOKED_AT]
    return seen if seen and len(frontier.points) - len(seen) > MOST_UNSEEN else list(range(len(frontier.points)))


def balanced_note(frontier: Frontier) -> str:
    """Return how the plans of a balanced goal are measured, empty for another goal or a single budget."""
    if not has_no_unit(frontier.campaign.goal) or len(frontier.points) < 2:
        return ""
    highest = format_budget_amount(frontier, frontier.points[-1].budget)
    return (
        f"Balanced: every row is measured against the most engagements and conversions that {highest} buys. "
        "For a lower budget alone, microopt plan may choose a little differently."
    )


def balanced_budgets_note(frontier: Frontier, budget: int | None) -> str:
    """Return why a row of more money can bring less of one metric, empty for a goal that is not balanced.

    Parameters
    ----------
    budget
        In cents: the one whose best results all rows are measured by.
    """
    if budget is None or not has_no_unit(frontier.campaign.goal):
        return ""
    return (
        "Each row balances engagements and conversions, measured against the most of each that "
        f"{format_budget_amount(frontier, budget)} buys. "
        "So a higher budget can bring fewer of one and more of the other."
    )


def goal_heading(goal: Goal) -> str:
    """Return what a goal counts, as the heading of its column and its axis."""
    if goal.name in GOALS_OF_METRICS:
        return "Conversions" if goal.name == "conversions" else "Engagements"
    if goal.name == "reach":
        return "People reached"
    return "Net reach" if goal.name == NET_REACH else (goal.column or goal.name).capitalize()


def format_goal_amount(frontier: Frontier, point: FrontierPoint) -> str:
    """Return what a plan brings by the goal, a dash without a plan."""
    if point.totals is None or point.objective is None:
        return "-"
    goal = frontier.campaign.goal
    if goal.name == PROFIT and point.totals.profit is not None:  # without what soft rules cost
        return format_value(Fraction(point.totals.profit, 100), goal, frontier.roster.currency)
    if (
        goal.name not in MONEY_GOALS and point.objective >= 1_000
    ):  # people and scores, in the style of the other figures
        return format_metric("reach", round(point.objective * 1000))
    return format_value(point.objective, goal, frontier.roster.currency)


def goal_amount(frontier: Frontier, point: FrontierPoint) -> float | None:
    """Return what a plan brings by the goal as a number, None without a plan; of a balanced goal, its engagements."""
    if point.totals is None or point.objective is None:
        return None
    if frontier.campaign.goal.name == PROFIT and point.totals.profit is not None:
        return point.totals.profit / 100
    return point.totals.metrics["engagements"] / 1000 if has_no_unit(frontier.campaign.goal) else float(point.objective)


def has_no_unit(goal: Goal) -> bool:
    """Whether the value of a goal is a sum of shares, which says nothing by itself."""
    return goal.name == "balanced"


def describe_new_creators(frontier: Frontier, number: int, limit: int = 3) -> str:
    """Return who is new since the plan of the row before, and how many are dropped; or why there is no plan."""
    point, added, dropped = frontier.points[number], frontier.added[number], frontier.dropped[number]
    if point.totals is None:
        return STATUS_WORDS[point.status]
    names = format_names(added, limit) if added else "nobody" if dropped else "same creators"
    return f"{names}; {len(dropped):,} dropped" if dropped else names


def describe_step(frontier: Frontier, segment: FrontierSegment) -> str:
    """Return what the next budget brings more than this one."""
    return describe_gain(frontier, segment.metrics, segment.objective, ("eng.", "conv."))


def describe_gain(frontier: Frontier, metrics: Mapping[str, int], objective: Fraction, names: tuple[str, str]) -> str:
    """Return what one plan brings more than another, by the goal: `+1,860 eng., +4.8 conv.` or `+$814`."""
    goal = frontier.campaign.goal
    if goal.name in GOALS_OF_METRICS:
        amounts = (metrics[name] / 1000 for name in ("engagements", "conversions"))
        return ", ".join(f"{_signed(amount)} {name}" for amount, name in zip(amounts, names, strict=True))
    if goal.name not in MONEY_GOALS:
        return _signed(float(objective))
    return f"{'+' if objective > 0 else ''}{format_value(objective, goal, frontier.roster.currency)}"


def _signed(value: float) -> str:
    size = abs(value)
    digits = format_count(size) if size >= 9.95 else f"{size:.1f}"
    return f"{'-' if value < 0 else '+'}{digits}" if size >= 0.05 else "0"


def describe_next_improvement(frontier: Frontier, improvement: NextImprovement | None) -> str:
    """Return the budget at which a better plan is possible, or its bounds."""
    if improvement is None or (improvement.budget is None and improvement.lower_bound is None):
        return "-"
    if improvement.budget is None:
        bound = improvement.lower_bound or 0  # cents of a bound that no plan has say nothing
        return f"over {format_budget_amount(frontier, bound - bound % 100 if bound >= 100_00 else bound)}"
    exact = improvement.budget == improvement.lower_bound
    return f"{'' if exact else 'at most '}{format_whole_budget(frontier, improvement.budget)}"


def format_budget_amount(frontier: Frontier, cents: int) -> str:
    """Return a budget, with cents only if it has any."""
    return format_money(cents, frontier.roster.currency)


def format_whole_budget(frontier: Frontier, cents: int) -> str:
    """Return a budget that is enough for a plan, from 100 units up without cents: rounded up, so that it still is."""
    return format_budget_amount(frontier, cents if cents < 100_00 else ceil(cents / 100) * 100)


def format_net_gain(frontier: Frontier, point: FrontierPoint) -> str:
    """Return how much more than its cost a plan brings, with its sign."""
    gain = net_gain(point)
    if gain is None:
        return "-"
    amount = format_money(round(abs(gain)), frontier.roster.currency, whole_units=True)
    return f"{'-' if gain < 0 else '+' if gain > 0 else ''}{amount}"
