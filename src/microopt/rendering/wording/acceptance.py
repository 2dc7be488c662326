"""What is said of a plan some of whose creators may say no: how many say yes, and what is then spent and earned."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from microopt.plan.earnings import break_even_order
from microopt.plan.expected_spend import ExpectedSpend, expected_spend
from microopt.plan.plan import Plan
from microopt.quantities.parse_and_format import format_exact, format_money, format_percent, join_words
from microopt.rendering.wording.plan_figures import count_creators, format_earning

CHANCE_HEADING = "Chance of yes"


def acceptance_sentences(plan: Plan) -> Iterator[tuple[str, str]]:
    """Yield (kind, sentence) that results count that some decline, and the cost does not; nothing if all are sure."""
    expected = expected_spend(plan)
    if expected is None or not plan.totals.creators:
        return
    creators, currency = plan.totals.creators, plan.roster.currency
    share = format_percent(float(expected.creators / creators))
    average, full = (format_earning(cents, currency) for cents in (expected.spend, plan.totals.spend))
    yield (
        "fact",
        f"Results count that some decline: of {count_creators(creators)}, about {format_accepting(expected)} accept "
        f"({share}), which costs {average} on average. If all accept, the plan costs {full}.",
    )


def format_accepting(expected: ExpectedSpend) -> str:
    """Return how many creators accept on average, with one decimal below 100."""
    count = expected.creators
    return format_exact(Fraction(round(count * 10), 10), False) if count < 100 else f"{round(count):,}"


def earnings_after_declines(plan: Plan) -> str:
    """Return which cost earnings count, and the ROAS at the expected spend; empty if all are sure."""
    expected, revenue, currency = expected_spend(plan), plan.totals.revenue, plan.roster.currency
    if expected is None or revenue is None or not expected.spend:
        return ""
    counted = ["ROAS", *(["break-even"] if _names_break_even(plan) else [])]
    counted += [] if plan.totals.profit is None else ["profit"]
    spend, full = (format_earning(cents, currency) for cents in (expected.spend, plan.totals.spend))
    parts = [f"ROAS is {float(Fraction(revenue, expected.spend)):.2f}x"]
    least = break_even_order(plan, expected)
    if least is not None:
        parts.append(f"break-even is at {format_money(least, currency, whole_units=least >= 10_00)} an order")
    if plan.totals.profit is not None:
        profit = plan.totals.profit + plan.totals.spend - expected.spend
        parts.append(f"{'the loss' if profit < 0 else 'profit'} is {format_earning(abs(profit), currency)}")
    verb = "count" if len(counted) > 1 else "counts"
    return (
        f"{join_words(counted, 'and')} {verb} the revenue after declines, but the cost if all accept, {full}; "
        f"at the expected spend of {spend}, {join_words(parts, 'and')}."
    )


def _names_break_even(plan: Plan) -> bool:
    return bool(plan.campaign.margin) or break_even_order(plan) is not None
