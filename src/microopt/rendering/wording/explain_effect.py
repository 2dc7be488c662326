"""What the plan without a creator, or with one, brings more or less than the current one; bounds where it is unproven.

A plan that is not proven best may be beaten by another without the same creator: what the current plan loses by it is
then the most that it can lose, and what it gains the least.
"""

from __future__ import annotations

from microopt.analysis.explain.result import CreatorExplanation, Explanation
from microopt.campaign.earnings import PROFIT
from microopt.campaign.goals import LEAST_COST, METRIC_OF_GOAL
from microopt.plan.difference import Difference
from microopt.quantities.parse_and_format import format_money, join_words
from microopt.rendering.wording.plan_figures import format_earning, format_metric, format_signed_percent
from microopt.rendering.wording.plan_head import profit_change

METRICS = ("engagements", "conversions", "reach")
METRIC_WORDS = {"reach": "people reached"}
LOSS, GAIN = "up to ", "at least "  # of a plan that is not proven best


def is_bound(creator: CreatorExplanation) -> bool:
    """Whether the plan that is compared is not proven best, so that its difference is only a bound."""
    return creator.change is not None and creator.status != "optimal"


def describe_effect(explanation: Explanation, creator: CreatorExplanation, change: Difference) -> str:
    """Return what another plan brings more or less than the current one, and how much better it is by the goal."""
    goal, bound = explanation.campaign.goal, is_bound(creator)
    if goal.name == LEAST_COST:
        return _cost_effect(change, explanation.roster.currency, bound=bound)
    own = METRIC_OF_GOAL.get(goal.name)
    shown = [name for name in METRICS if not _rounds_to_nothing(name, change.metrics[name])]
    parts = [_metric_change(explanation, name, change, bound=bound and name == own) for name in shown]
    results = join_words(parts) if parts else "the same results"
    if not change.objective:
        return f"{results}; {GAIN if bound else 'just '}as good for your goal"
    if goal.name == PROFIT:
        cents, profit = round(change.objective * 100), explanation.totals.profit or 0
        amount = format_earning(abs(cents), explanation.roster.currency)
        more = profit_change(cents, max(profit, profit + cents))
        return f"{_limit(float(change.objective), bound)}{amount} {more}; {results}"
    if change.share is None or own is not None:
        return results
    size = f"{_limit(float(change.share), bound)}{format_size(float(change.share))}"
    return f"{results}; {size} {'better' if change.share > 0 else 'worse'} for your goal"


def _cost_effect(change: Difference, currency: str, *, bound: bool) -> str:
    """Return what another plan costs more or less than the current one, where the goal is to spend little."""
    if not change.spend:
        return "the plan costs no more" if bound else "the plan costs the same"
    cost = f"{_limit(-change.spend, bound)}{format_money(abs(change.spend), currency)}"
    return f"the plan costs {cost} {'more' if change.spend > 0 else 'less'}"


def _rounds_to_nothing(name: str, amount: int) -> bool:
    return format_metric(name, abs(amount)) == format_metric(name, 0)


def _metric_change(explanation: Explanation, name: str, change: Difference, *, bound: bool) -> str:
    amount, total = change.metrics[name], explanation.totals.metrics[name]
    share = f" ({format_signed_percent(amount / total)})" if total else ""
    more = f"{'fewer' if amount < 0 else 'more'} {METRIC_WORDS.get(name, name)}"
    return f"{_limit(amount, bound)}{format_metric(name, abs(amount))} {more}{share}"


def _limit(gain: float, bound: bool) -> str:
    return "" if not bound else GAIN if gain > 0 else LOSS


def format_size(share: float) -> str:
    """Return a share without its sign."""
    return format_signed_percent(share)[1:]


def format_change(creator: CreatorExplanation) -> str:
    """Return the change of a plan without a creator, for a table; `>=` marks one that is only a bound."""
    if creator.change is None or creator.change.share is None:
        return "-"
    return (">=" if is_bound(creator) else "") + format_signed_percent(float(creator.change.share))
