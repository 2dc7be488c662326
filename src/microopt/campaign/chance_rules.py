"""`all conversions >= 300 in 90%`: a rule that holds in a share of the scenarios, and what cannot have such a share."""

from __future__ import annotations

import re
from fractions import Fraction

from microopt.campaign.campaign import RangeRule
from microopt.campaign.earnings import ratio_name
from microopt.campaign.metrics import NET_REACH, canonical_measure
from microopt.errors import CampaignError
from microopt.quantities.parse_and_format import format_exact, parse_number

EXAMPLE = "all conversions >= 300 in 90%"
_CHANCE = re.compile(r"(?<!\s)\s++in\s++([+-]?[\d.,]++)\s*+(%?)$", re.IGNORECASE)


def split_chance(text: str, label: str) -> tuple[str, Fraction | None]:
    """Return a rule without its chance, and the chance as a share; None where it has none.

    Parameters
    ----------
    text, label
        The rule without its waves, and as the user wrote it.

    Raises
    ------
    CampaignError
        If the chance is not a percent above 0 and up to 100%.
    """
    found = _CHANCE.search(text)
    if found is None:
        return text, None
    rest, shown = text[: found.start()], found[1] + found[2]
    try:
        share = parse_number(found[1]) / 100
    except ValueError:
        share = Fraction(-1)
    if not found[2]:
        meant = share * 100 if 0 < share <= Fraction(1, 100) else share
        fix = (
            f"did you mean '{rest} in {format_exact(meant, True)}'?" if 0 < meant <= 1 else f"write it like '{EXAMPLE}'"
        )
        raise CampaignError(f"rule {label!r}: a chance is a percent, not {shown}", fix=fix, code="rule-chance")
    if not 0 < share <= 1:
        message = f"rule {label!r}: a rule can hold in more than 0% and up to 100% of the scenarios, not in {shown}"
        raise CampaignError(message, fix=f"write it like '{EXAMPLE}'", code="rule-chance")
    return rest, share


def refuse_chance_of_each(text: str) -> None:
    """Refuse a rule on each creator that has a chance.

    Raises
    ------
    CampaignError
        With what can be asked instead.
    """
    if _CHANCE.search(text):
        message = f"rule {text!r}: 'in ...%' cannot be used with a rule on each creator"
        fix = f"leave 'in ...%' out, or limit a total of the plan: '{EXAMPLE}'"
        raise CampaignError(message, fix=fix, code="rule-chance")


def refuse_chance_terms(rule: RangeRule) -> None:
    """Refuse what a rule with a chance cannot be: soft, a mean, a share of the plan, a ratio, or with two limits.

    Raises
    ------
    CampaignError
        With the fix.
    """
    if rule.chance is None:
        return
    low, high = rule.bounds.low, rule.bounds.high
    measure, ratio = canonical_measure(rule.measure), ratio_name(rule.measure)
    asked = f"'in {format_exact(rule.chance, True)}'"
    drop, used = f"leave {asked} out", f"{asked} cannot be used with"
    if rule.soft is not None:
        message, fix = "it is either soft or has a chance, not both", f"leave (soft ...) out, or {drop}"
    elif rule.mean:
        message, fix = f"{used} a mean", f"{drop}, or limit a total: '{EXAMPLE}'"
    elif ratio is not None:
        message, fix = f"{used} {ratio}", f"{drop}, or limit a total: '{EXAMPLE}'"
    elif NET_REACH in (measure, rule.measure):
        message, fix = f"{used} net reach", f"{drop}, or limit gross reach: 'all reach >= 200k in 90%'"
    elif rule.bounds.percent and not rule.of_budget:
        message, fix = f"{used} a share of the plan", f"{drop}, or limit an amount: '{EXAMPLE}'"
    elif low is not None and high is not None:
        message, fix = "a chance is of one limit, not of a range", f"write a rule for each limit, such as '{EXAMPLE}'"
    else:
        return
    raise CampaignError(f"rule {rule.label!r}: {message}", fix=fix, code="rule-chance")
