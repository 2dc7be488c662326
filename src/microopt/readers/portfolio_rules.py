"""The rules of a portfolio: which of them can hold over all campaigns together, and why the others cannot."""

from __future__ import annotations

from fractions import Fraction

from msgspec.structs import replace

from microopt.campaign.campaign import EachRule, PairRule, RangeRule
from microopt.campaign.earnings import ratio_name
from microopt.campaign.metrics import NET_REACH, REPEATS, canonical_measure
from microopt.campaign.rule_grammar import parse_rule
from microopt.errors import CampaignError
from microopt.quantities.keys import header_key
from microopt.quantities.parse_and_format import Range
from microopt.quantities.units import Cents

FORM = "'creator:@anna spend <= 5000' or 'tier:micro spend >= 50%'"


def parse_house_rule(text: str, budget: Cents | None) -> RangeRule:
    """Parse a rule over all campaigns: a total, or a share of a total.

    Parameters
    ----------
    budget
        Of the house, of which `% of budget` is a share.

    Raises
    ------
    CampaignError
        If it cannot be parsed, or only means something for a single campaign; the message has the reason.
    """
    rule = parse_rule(text)
    if reason := _why_not(rule):
        message = f"rule {text.strip()!r} cannot hold over several campaigns: {reason}"
        fix = f"write it in the campaign files, or a total or a share of all campaigns such as {FORM}"
        raise CampaignError(message, fix=fix, code="rule-portfolio")
    assert isinstance(rule, RangeRule)
    if not rule.of_budget:
        return rule
    if budget is None:
        fix = "add budget = 60_000 to the portfolio file, or give an amount of money"
        raise CampaignError(f"rule {rule.label!r} needs the budget of the house", fix=fix, code="rule-portfolio")
    low, high = (
        None if share is None else share * Fraction(budget, 100) for share in (rule.bounds.low, rule.bounds.high)
    )
    return replace(rule, bounds=Range(low, high), of_budget=False)


def _why_not(rule: RangeRule | PairRule | EachRule) -> str:
    """Return why a rule only means something for a single campaign; empty for one that holds over several."""
    if isinstance(rule, PairRule):
        return "which campaigns compete is said by [[exclusive]]"
    if isinstance(rule, EachRule):
        return "it is about single creators, of whom [capacity] says how much may be booked"
    if rule.when is not None:
        return "each campaign has a calendar of its own"
    if rule.soft is not None:
        return "its penalty is in the unit of one goal, and campaigns have different goals"
    if rule.chance is not None:
        return "each campaign has scenarios of its own"
    if rule.mean or ratio_name(rule.measure):
        return "it is about a mean or a ratio, and only sums are added over campaigns"
    if header_key(rule.measure) == header_key(NET_REACH) or canonical_measure(rule.measure) == REPEATS:
        return f"{rule.measure} is not a sum over creators"
    return ""
