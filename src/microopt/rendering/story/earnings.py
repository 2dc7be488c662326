"""What a plan earns, at which value of an order it breaks even, and what it gains over a common way to choose."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from microopt.campaign.earnings import PROFIT
from microopt.campaign.metrics import TARGET_GOALS, TARGET_METRICS
from microopt.plan.earnings import break_even_order
from microopt.plan.expected_spend import expected_spend
from microopt.plan.plan import BaselinePlan, Plan
from microopt.rendering.language.language import Language
from microopt.rendering.story.figures import ratio
from microopt.rendering.story.results import telling_results
from microopt.rendering.wording.plan_head import MUCH_LESS

WHOLE_FROM = 10_00  # cents: values of an order from here on are told in whole units
SAME = Fraction(1, 200)  # a smaller relative change is told as the same


def describe_earnings(plan: Plan, language: Language) -> str:
    """Return the revenue expected and whether it covers the spend, empty if no order has a known value."""
    totals, currency = plan.totals, plan.roster.currency
    if totals.revenue is None or not totals.spend:
        return ""
    money = {
        "revenue": language.money(totals.revenue, currency, whole=True),
        "difference": language.money(abs(totals.revenue - totals.spend), currency, whole=True),
        "roas": ratio(language, Fraction(totals.revenue, totals.spend)),
    }
    after_declines = describe_after_declines(plan, language)
    if totals.profit is not None:
        head = _profit(plan, totals.profit, money, language)
        return " ".join(filter(None, (head, _break_even(plan, language), after_declines)))
    if totals.revenue < totals.spend:
        head = language.text(
            "The forecast revenue of {revenue} is {difference} less than the spend (ROAS {roas}).", **money
        )
    elif totals.revenue > totals.spend:
        head = language.text(
            "The forecast revenue of {revenue} is {difference} more than the spend (ROAS {roas}).", **money
        )
    else:
        head = language.text("The forecast revenue of {revenue} equals the spend (ROAS {roas}).", **money)
    return " ".join(filter(None, (head, _break_even(plan, language), after_declines)))


def _profit(plan: Plan, profit: int, money: Mapping[str, str], language: Language) -> str:
    """Return what is kept of the revenue at the campaign's margin, less the spend."""
    margin = language.percent(float(plan.campaign.margin or 0))
    amount, roas = language.money(abs(profit), plan.roster.currency, whole=True), money["roas"]
    if plan.campaign.margin:
        roas = language.text("{roas}, break-even {least}", roas=roas, least=ratio(language, 1 / plan.campaign.margin))
    if profit < 0:
        return language.text(
            "At a margin of {margin}, the forecast revenue of {revenue} leaves a loss of {loss} after the spend "
            "(ROAS {roas}).",
            margin=margin,
            revenue=money["revenue"],
            loss=amount,
            roas=roas,
        )
    return language.text(
        "At a margin of {margin}, the forecast revenue of {revenue} leaves a profit of {profit} after the spend "
        "(ROAS {roas}).",
        margin=margin,
        revenue=money["revenue"],
        profit=amount,
        roas=roas,
    )


def describe_after_declines(plan: Plan, language: Language) -> str:
    """Return which cost the earnings count where some may decline, and the ROAS at the expected spend; else empty."""
    expected, revenue, currency = expected_spend(plan), plan.totals.revenue, plan.roster.currency
    if expected is None or revenue is None or not expected.spend:
        return ""
    return language.text(
        "The revenue counts that some creators decline, and the spend of {full} that all accept; at the spend of "
        "{spend} that is then expected, ROAS is {roas}.",
        full=language.money(plan.totals.spend, currency, whole=True),
        spend=language.money(expected.spend, currency, whole=True),
        roas=ratio(language, Fraction(revenue, expected.spend)),
    )


def describe_declines(plan: Plan, language: Language) -> str:
    """Return that results count that some creators decline, and what is then spent; empty where all are sure."""
    expected, currency = expected_spend(plan), plan.roster.currency
    if expected is None or not plan.totals.creators:
        return ""
    return language.text(
        "Results count that some creators decline: {share} of them accept on average, for a spend of {spend}; if all "
        "accept, it is {full}.",
        share=language.percent(float(expected.creators / plan.totals.creators)),
        spend=language.money(expected.spend, currency, whole=True),
        full=language.money(plan.totals.spend, currency, whole=True),
    )


def _break_even(plan: Plan, language: Language) -> str:
    least, order_value = break_even_order(plan), plan.campaign.order_value
    if least is None or order_value is None:
        return ""
    return language.text(
        "An order is counted at {order}; the plan breaks even at {least} an order.",
        order=language.money(order_value, plan.roster.currency),
        least=language.money((least + 50) // 100 * 100 if least >= WHOLE_FROM else least, plan.roster.currency),
    )


def describe_gain(plan: Plan, language: Language) -> str:
    """Return what the plan brings more than choosing by engagement rate, empty where the two cannot be compared.

    They cannot if that choice breaks a rule, or spends much less.
    """
    baseline = plan.baseline
    if baseline is None or baseline.broken or baseline.totals.spend < plan.totals.spend * MUCH_LESS:
        return ""
    changes = list(_changes(plan, baseline, language))
    if not changes:
        return ""
    text = language.join(changes)
    if plan.rules:
        return language.text("{changes} than choosing by engagement rate under the same rules.", changes=text)
    return language.text("{changes} than choosing by engagement rate.", changes=text)


def _changes(plan: Plan, baseline: BaselinePlan, language: Language) -> Iterator[str]:
    if plan.campaign.goal.name == PROFIT:
        yield from _more_profit(plan, baseline, language)
        return
    on_target = TARGET_GOALS.get(plan.campaign.goal.name)
    for name in (on_target,) if on_target else telling_results(plan.campaign.goal):
        planned, other = plan.totals.metrics[name], baseline.totals.metrics[name]
        if not planned or not other:
            continue
        part = Fraction(planned - other, other)
        if abs(part) >= SAME:
            change = more_or_fewer(language, TARGET_METRICS.get(name, name), part)
            yield language.text("{change} on target", change=change) if on_target else change


def _more_profit(plan: Plan, baseline: BaselinePlan, language: Language) -> Iterator[str]:
    planned, other = plan.totals.profit, baseline.totals.profit
    if planned is not None and other is not None and planned > other:
        amount = language.money(planned - other, plan.roster.currency, whole=True)
        if planned < 0:
            yield language.text("{amount} less loss", amount=amount)
        else:
            yield language.text("{amount} more profit", amount=amount)


def more_or_fewer(language: Language, name: str, part: Fraction) -> str:
    """Return how much more or less of a metric there is: `59% more engagements`."""
    share = language.percent(abs(float(part)))
    more = part > 0
    if name == "engagements":
        text = language.text
        return text("{share} more engagements", share=share) if more else text("{share} fewer engagements", share=share)
    if name == "conversions":
        text = language.text
        return text("{share} more conversions", share=share) if more else text("{share} fewer conversions", share=share)
    if name == "impressions":
        text = language.text
        return text("{share} more impressions", share=share) if more else text("{share} fewer impressions", share=share)
    if more:
        return language.text("{share} more gross reach", share=share)
    return language.text("{share} less gross reach", share=share)
