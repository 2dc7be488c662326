"""Percents of a campaign's budget as amounts, so that they stay what they are where the portfolio moves the budget."""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor

from msgspec.structs import replace

from microopt.campaign.calendar import WaveBudget
from microopt.campaign.campaign import Campaign, EachRule, RangeRule, Rule
from microopt.campaign.rule_grammar import format_rule
from microopt.quantities.parse_and_format import Range


def without_budget_shares(campaign: Campaign) -> Campaign:
    """Return the campaign with amounts in the place of percents of its budget; without a budget as it is."""
    if campaign.budget is None or not campaign.changes_with_budget:
        return campaign
    rules = tuple(_as_amount(rule, campaign.budget) for rule in campaign.rules)
    if campaign.calendar is None:
        return replace(campaign, rules=rules)
    budgets = {name: _wave_amount(each, campaign.budget) for name, each in campaign.calendar.budgets.items()}
    return replace(campaign, rules=rules, calendar=replace(campaign.calendar, budgets=budgets))


def amounts_of_budget(rule: RangeRule, budget: int | None) -> RangeRule:
    """Return a rule in percent of a budget with the amounts that these are; any other rule as it is.

    Parameters
    ----------
    budget
        Cents.
    """
    if not rule.of_budget or budget is None:
        return rule
    return replace(rule, bounds=_amounts(rule.bounds, budget), of_budget=False)


def _as_amount(rule: Rule, budget: int) -> Rule:
    if not isinstance(rule, RangeRule | EachRule) or not rule.of_budget:
        return rule
    changed = replace(rule, bounds=_amounts(rule.bounds, budget), of_budget=False)
    return replace(changed, label=format_rule(changed))


def _amounts(bounds: Range, budget: int) -> Range:
    """Return shares of a budget in its currency, rounded inward to the cent."""
    low = None if bounds.low is None else Fraction(ceil(bounds.low * budget), 100)
    return Range(low, None if bounds.high is None else Fraction(floor(bounds.high * budget), 100))


def _wave_amount(stated: WaveBudget, budget: int) -> WaveBudget:
    if not stated.percent:
        return stated
    amounts = _amounts(stated.bounds, budget)
    return WaveBudget(low=amounts.low, high=amounts.high)
