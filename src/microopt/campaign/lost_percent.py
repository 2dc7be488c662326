"""Amounts that can only be shares without their percent sign: `count = 33.34` creators, `spend <= 0.4`."""

from __future__ import annotations

from fractions import Fraction
from math import ceil
from typing import TypeGuard

from microopt.campaign.campaign import EachRule, RangeRule, Rule
from microopt.campaign.metrics import canonical_measure
from microopt.errors import CampaignError
from microopt.quantities.parse_and_format import Range

MEANING = {"count": "count is a whole number of creators", "spend": "spend is an amount of money"}


def find_lost_percent(rule: Rule) -> Range | None:
    """Return the share that a rule means which asks for part of a creator, or for less than one unit of money.

    Instead of exactly a share it is at least that share, since hardly any plan has exactly a share of anything.
    """
    if not _has_plain_amounts(rule):
        return None
    if max(_given(rule)) <= 1 and any(0 < bound < 1 for bound in _given(rule)):
        whole = 1
    elif is_part_of_creator(rule) and isinstance(rule, RangeRule) and rule.selector.clauses:
        whole = 100
    else:
        return None
    low, high = (None if bound is None else bound / whole for bound in (rule.bounds.low, rule.bounds.high))
    return Range(low, None if low == high else high, percent=True)


def is_part_of_creator(rule: Rule) -> bool:
    """Whether a rule asks for a number of creators that is not whole."""
    if not _has_plain_amounts(rule) or canonical_measure(rule.measure) != "count":
        return False
    return any(bound.denominator > 1 for bound in _given(rule))


def lost_percent_error(rule: RangeRule | EachRule, *meant: str) -> CampaignError:
    """Return the error of an amount that only makes sense as a share, or as a whole number where no share is `meant`.

    Parameters
    ----------
    meant
        What to write instead, as a user can paste it.
    """
    fix = f"write a whole number, such as {ceil(max(_given(rule)))}"
    if meant and max(_given(rule)) <= 100:
        fix = f"did you mean {' or '.join(meant)}?"
    message = f"rule {rule.label!r}: {MEANING[canonical_measure(rule.measure)]}"
    return CampaignError(message, fix=fix, code="rule-range")


def _has_plain_amounts(rule: Rule) -> TypeGuard[RangeRule | EachRule]:
    """Whether a rule limits creators or money by amounts, not by shares or means."""
    if not isinstance(rule, RangeRule | EachRule) or rule.bounds.percent:
        return False
    return canonical_measure(rule.measure) in MEANING and not (isinstance(rule, RangeRule) and rule.mean)


def _given(rule: RangeRule | EachRule) -> list[Fraction]:
    return [bound for bound in (rule.bounds.low, rule.bounds.high) if bound is not None]
