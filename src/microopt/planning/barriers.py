"""What keeps a creator out of every plan: filters, exclusions, brand safety, or a cost that no budget or cap allows."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from microopt.campaign.campaign import Campaign, RangeRule
from microopt.campaign.metrics import canonical_measure
from microopt.plan.purchase import Cause, Purchase
from microopt.quantities.parse_and_format import format_money
from microopt.roster.conflicts import works_for_brand
from microopt.roster.contract_status import declined_offers, with_contract_columns
from microopt.roster.roster import Roster
from microopt.roster.selection import brand_safe_offers, matches_filter, matching_offers, offers_named


def exclusion_reasons(roster: Roster, campaign: Campaign, creator: str) -> Iterator[str]:
    """Yield why no offer of a creator is eligible, in sentences."""
    offers = roster.take(np.flatnonzero(offers_named(roster, creator)))
    running = campaign.running
    if running is not None and declined_offers(with_contract_columns(offers, running), running).all():
        yield "it declined"
        return
    for where in campaign.where:
        if not matches_filter(offers, where).any():
            yield f"the filter {where.label} lets none of its offers in"
    for name in campaign.exclude:
        if offers_named(offers, name).all():
            yield f"exclude {name}"
    for brand in campaign.competitors:
        if works_for_brand(offers, brand).any():
            yield f"works for the competitor {brand}"
    if not brand_safe_offers(offers, campaign).any():
        yield "too many sponsored posts, or minors are featured"


def budget_barriers(
    purchase: Purchase, offers: Roster, campaign: Campaign, plan_name: str, currency: str
) -> Iterator[Cause]:
    """Yield the budget and the spend caps of a plan that a creator's cost alone exceeds.

    Parameters
    ----------
    purchase
        What would be bought, at its cost in that plan.
    offers
        The creator's offers in the roster of that plan.
    campaign, plan_name
        The campaign and the name of that plan.
    """
    cost, budget = purchase.totals.spend, campaign.budget
    too_much = f"its cost of {format_money(cost, currency)} is more than"
    if budget is not None and cost > budget:
        yield Cause(kind="budget", message=f"{too_much} the budget of {plan_name}, {format_money(budget, currency)}")
        return
    for rule in campaign.rules:
        if isinstance(rule, RangeRule) and canonical_measure(rule.measure) == "spend" and not (rule.mean or rule.soft):
            cap = _spend_cap(rule, budget)
            if cap is not None and cost > cap and matching_offers(offers, rule.selector).all():
                yield Cause(kind="rule", message=f"{too_much} {plan_name} has room for: {rule.label}")


def _spend_cap(rule: RangeRule, budget: int | None) -> Fraction | None:
    """Return the cents that a cap allows; a share of the spend is at most the same share of the budget."""
    if rule.bounds.high is None or (budget is None and rule.bounds.percent):
        return None
    return rule.bounds.high * (Fraction(budget or 0) if rule.bounds.percent else 100)
