"""What leaves no room for a creator by itself: a cost above the budget, or above what a cap on spend allows."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from microopt.campaign.campaign import Campaign, RangeRule
from microopt.campaign.metrics import canonical
from microopt.plan.purchase import Cause, Purchase
from microopt.quantities.parse_and_format import print_money
from microopt.roster.roster import Roster
from microopt.roster.selection import matching_offers


def budget_barriers(bought: Purchase, mine: Roster, campaign: Campaign, letter: str, currency: str) -> Iterator[Cause]:
    """Yield what a creator alone would cost too much for.

    Parameters
    ----------
    bought
        What would be bought, at what it costs in the plan that is asked about.
    mine
        The creator's offers in the roster of that plan.
    campaign, letter
        Of that plan, and what it is called.
    """
    cost, budget = bought.totals.spend, campaign.budget
    told = f"its cost of {print_money(cost, currency)} is more than"
    if budget is not None and cost > budget:
        yield Cause(kind="budget", told=f"{told} the budget of {letter}, {print_money(budget, currency)}")
        return
    for rule in campaign.rules:
        if isinstance(rule, RangeRule) and canonical(rule.measure) == "spend" and not (rule.mean or rule.soft):
            most = _most(rule, budget)
            if most is not None and cost > most and matching_offers(mine, rule.selector).all():
                yield Cause(kind="rule", told=f"{told} {letter} has room for: {rule.label}")


def _most(rule: RangeRule, budget: int | None) -> Fraction | None:
    """Return the cents that a cap allows; a share of the spend is at most that share of the budget."""
    if rule.bounds.high is None or (budget is None and rule.bounds.percent):
        return None
    return rule.bounds.high * (Fraction(budget or 0) if rule.bounds.percent else 100)
