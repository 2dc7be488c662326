"""The figures of a plan in words that every renderer shares."""

from __future__ import annotations

from fractions import Fraction

from microopt.benchmarks.overrides import overridden
from microopt.benchmarks.table import default_benchmarks
from microopt.campaign.campaign import Campaign, Goal
from microopt.campaign.goals import LEAST_COST
from microopt.campaign.metrics import NET_REACH
from microopt.plan.difference import Difference
from microopt.plan.plan import Change, Pick, Plan, Repair, RulePrice, RuleUse, Totals
from microopt.quantities.parse_and_format import (
    Range,
    print_bound,
    print_count,
    print_money,
    print_percent,
    print_range,
)

DISCLOSURE = (
    "Paid posts have to say that they are advertising: the FTC's Endorsement Guides (US), the CAP Code (UK) and the "
    "directive on unfair commercial practices (EU) ask it of brands and creators alike."
)


def used(rule: RuleUse, currency: str) -> str:
    """Return what a plan uses of a rule."""
    if rule.used is None:
        return ""
    return _figure(rule.used, rule, currency)


def allowed(rule: RuleUse, currency: str) -> str:
    """Return what a rule allows."""
    if rule.used is None:
        return "kept"
    if rule.at_least is None and rule.at_most is None:
        return "met: nothing to measure"
    if rule.money:
        low, high = (
            None if bound is None else _figure(bound, rule, currency) for bound in (rule.at_least, rule.at_most)
        )
        return f"<= {high}" if low is None else f">= {low}" if high is None else f"{low}..{high}"
    return print_range(Range(rule.at_least, rule.at_most, rule.share))


def room(rule: RuleUse) -> str:
    """Return in a few words what keeps a plan from moving within a rule, empty where nothing does."""
    if rule.beyond:
        return beyond(rule)
    if not rule.binding or rule.used is None:
        return ""
    if rule.used in (rule.at_least, rule.at_most):
        return "at its limit"
    capped = rule.at_most is not None and (rule.at_least is None or rule.used is None or rule.used > rule.at_least)
    return "no other fits" if capped else "none can leave"


def beyond(rule: RuleUse) -> str:
    """Return by how much a plan is short of a soft rule, or over it, in units of its measure."""
    side = "short" if rule.at_least is not None and (rule.used or 0) < rule.at_least else "over"
    return f"{print_bound(Fraction(round(rule.beyond * 1000), 1000), False)} {side}"


def soft_cost(rule: RuleUse, goal: Goal, currency: str) -> str:
    """Return what being beyond a soft rule takes from a plan."""
    assert rule.soft is not None
    whole = rule.beyond * rule.soft.amount
    if rule.soft.percent:
        return f"{print_percent(float(whole))} of the best possible"
    if goal.name in ("worth", LEAST_COST):
        return print_money(round(whole * 100), currency)
    unit = (
        "people"
        if goal.name in ("reach", NET_REACH)
        else goal.column or {"engagement": "engagements"}.get(goal.name, goal.name)
    )
    return f"{print_bound(Fraction(round(whole * 1000), 1000), False)} {unit}"


def repair_words(repair: Repair, currency: str) -> str:
    """Return what a repair changes, as advice."""
    told = dict.fromkeys(_change(change, currency) for change in repair.changes)  # both sides of one rule are told once
    return " and ".join(told) + ("" if repair.least else " (perhaps a smaller change would do)")


def _change(change: Change, currency: str) -> str:
    if change.becomes is None:
        return f"{'do not' if change.label.startswith('include ') else 'drop'} {change.label}"
    if change.label == "budget" and change.was is not None and change.now is not None:
        was, now = (print_money(round(limit * 100), currency) for limit in (change.was, change.now))
        return f"raise the budget from {was} to {now}"
    return f"{change.becomes} instead of {change.label}"


def rule_price(plan: Plan, price: RulePrice | None) -> str:
    """Return what a plan would have more without a rule, in a few words."""
    if price is None:
        return ""
    change = price.change
    if change is None:
        return price.status
    doubt = "" if price.status == "optimal" else " at least"
    if not change.value:
        return f"nothing{doubt}"
    if plan.campaign.goal.name == LEAST_COST:
        return f"the same for {print_money(-change.spend, plan.roster.currency)} less{doubt}"
    told = [f"{_signed(change.share)} of the goal"] if change.share is not None else []
    told += [_more(plan, name, change) for name in ("engagements", "conversions", "reach") if change.metrics[name]]
    return ", ".join(told[:3]) + doubt


def _more(plan: Plan, name: str, change: Difference) -> str:
    whole = plan.totals.metrics[name]
    return f"{_signed(Fraction(change.metrics[name], whole))} {name}" if whole else f"+{name}"


def _signed(share: Fraction) -> str:
    return f"{'-' if share < 0 else '+'}{print_percent(float(abs(share)))}"


def budget_of(plan: Plan) -> str:
    """Return the budget, or that there is none."""
    budget = plan.campaign.budget
    if budget is None:
        return "no budget"
    currency, running = plan.roster.currency, plan.campaign.running
    told = f"budget {print_money(budget, currency)}"
    if running is None or not running.sunk:
        return told
    whole = print_money(budget + running.sunk, currency)
    return f"{told} ({whole} less {print_money(running.sunk, currency)} sunk)"


def offer_of(pick: Pick) -> str:
    """Return an offer's name, with the number of units where there are more."""
    return f"{pick.offer} x{pick.units}".strip() if pick.units > 1 else pick.offer


def money_name(plan: Plan) -> str:
    """Return what a pick's money is called: its fee where nothing is paid beside fees."""
    return "Fee" if all(pick.cost == pick.fee for pick in plan.picks) else "Cost"


def likely_fees(campaign: Campaign) -> tuple[float, float]:
    """Return how much less or more than its estimate a fee may be."""
    figures = overridden(default_benchmarks(), campaign.forecast).table("fee_estimate")["likely"]
    low, high = figures if isinstance(figures, list) else (figures, figures)
    return low, high


def _figure(value: Fraction, rule: RuleUse, currency: str) -> str:
    if rule.share:
        return print_percent(float(value))
    if rule.money:
        return print_money(round(value * 100), currency)
    parts = 1 if abs(value) >= 1000 else 1000
    return print_bound(Fraction(round(value * parts), parts), False)


def cost_per(totals: Totals, metric: str, currency: str, per: int = 1) -> str:
    """Return what one unit (or `per` units) of a metric costs, `-` where none is expected."""
    amount = totals.metrics[metric]
    if not amount:
        return "-"
    cents = round(Fraction(totals.spend * 1000 * per, amount))
    return print_money(cents, currency, whole=cents >= 100_00)


def print_conversions(thousandths: int) -> str:
    """Print conversions: with a decimal where there are few."""
    value = thousandths / 1000
    return f"{value:.1f}" if value < 99.95 else print_count(value)
