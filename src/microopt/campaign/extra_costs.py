"""What a campaign adds to every fee, and what it keeps of its budget."""

from __future__ import annotations

from fractions import Fraction

from microopt.errors import CampaignError
from microopt.quantities.parse_and_format import parse_number, parse_share

FEE_SHARES = ("usage", "whitelisting", "exclusivity", "agency")  # surcharges that a campaign sets for every offer
MAX_FEE_SHARE = 10  # times the fee
DEDUCT_FEE = "take it off the budget by hand"  # a fixed fee, such as an agency's by month: no plan changes it


def parse_fee_share(name: str, text: str) -> Fraction:
    """Parse a surcharge on fees, `20%` or `0.2`; with a percent sign it may be more than the fee itself.

    Raises
    ------
    CampaignError
        If it is not a share.
    """
    number = text.strip()
    is_percent = number.endswith("%")
    try:
        share = parse_number(number.removesuffix("%")) / (100 if is_percent else 1)
    except ValueError:
        share = Fraction(-1)
    if 0 <= share <= (MAX_FEE_SHARE if is_percent else 1):
        return share
    fix = f'write it as a percent of the fee: --{name} 20%, or {name} = "20%" in the campaign file'
    if name == "agency" and not is_percent:
        fix = f"{fix}; for a fixed fee, {DEDUCT_FEE}"
    raise CampaignError(f"{name} {text!r} is not a share of the fee", fix=fix, code="share-range")


def parse_contingency(text: str) -> Fraction:
    """Parse the share of a budget that is kept unspent.

    Raises
    ------
    CampaignError
        If it is not a share below 100%.
    """
    share = parse_share_below_all(text)
    if share is not None:
        return share
    fix = 'write a share of the budget below 100%: --contingency 10%, or contingency = "10%" in the campaign file'
    raise CampaignError(f"contingency {text!r} is not a share of the budget", fix=fix, code="share-range")


def parse_share_below_all(text: str) -> Fraction | None:
    """Parse a share below 100%, or return None if it is none."""
    try:
        share = parse_share(text)
    except ValueError:
        return None
    return share if share < 1 else None
