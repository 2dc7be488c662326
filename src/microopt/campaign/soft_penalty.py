"""The price of a soft rule: `(soft 2%)` of the best possible, or `(soft 500)` in units of the goal."""

from __future__ import annotations

from fractions import Fraction

from microopt.campaign.campaign import SoftPenalty
from microopt.errors import CampaignError
from microopt.quantities.parse_and_format import parse_number, parse_priced


def parse_soft_penalty(label: str, text: str) -> SoftPenalty:
    """Return what each unit outside the range of a soft rule costs.

    Parameters
    ----------
    label
        The rule as the user wrote it.
    text
        What follows `soft`.

    Raises
    ------
    CampaignError
        If it is not an amount or a percent above 0.
    """
    try:
        amount = parse_number(text[:-1]) if text.endswith("%") else parse_priced(text)
    except ValueError:
        amount = Fraction(0)  # text that is not a number gets the same message as an amount of 0
    if amount <= 0:
        message = f"rule {label!r}: soft needs a number above 0, not {text!r}"
        fix = "write (soft 2%) of the best possible, or (soft 500) with a goal that has a unit"
        raise CampaignError(message, fix=fix, code="rule-soft")
    percent = text.endswith("%")
    return SoftPenalty(amount / 100 if percent else amount, percent)
