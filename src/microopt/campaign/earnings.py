"""What a campaign says of earnings: the share of revenue it keeps, returned orders, repeat purchases; and the figures
of a plan that follow from them, revenue and profit, and the ratios of money to results.
"""

from __future__ import annotations

from fractions import Fraction

from microopt.campaign.extra_costs import parse_share_below_all
from microopt.errors import CampaignError
from microopt.quantities.keys import header_key
from microopt.quantities.parse_and_format import (
    Range,
    format_bound,
    format_exact,
    format_range,
    parse_money,
    parse_number,
    parse_share,
)

PROFIT = "profit"
EARNINGS = ("revenue", PROFIT)
# Of each ratio of a plan: what is divided, by what, and by how many of it.
RATIOS = {
    "roas": ("revenue", "spend", 1),
    "cpa": ("spend", "conversions", 1),
    "cpe": ("spend", "engagements", 1),
    "cpc": ("spend", "clicks", 1),
    "cpm": ("spend", "impressions", 1_000),
    "target_cpm": ("spend", "target_impressions", 1_000),
    "target_share": ("target_impressions", "impressions", 1),
}
TARGET_SHARE = "target_share"  # which people write in percent
MONEY_RATIOS = ("cpa", "cpe", "cpc", "cpm", "target_cpm")
MAX_ORDERS = 100  # of one customer, in all


def ratio_name(measure: str) -> str | None:
    """Return the name of a ratio of a plan in any spelling, `roas` or `cpa`, or None for another measure."""
    key = header_key(measure).rstrip("s")
    return next((name for name in RATIOS if header_key(name).rstrip("s") == key), None)


def ratio_title(name: str) -> str:
    """Return the name of a ratio in a sentence: `ROAS`, `CPM on target`."""
    if name == TARGET_SHARE:
        return "share on target"
    return f"{name.removeprefix('target_').upper()} on target" if name.startswith("target_") else name.upper()


def is_money(measure: str) -> bool:
    """Whether a measure of a plan, by its canonical name, is an amount of money."""
    return measure in ("spend", *EARNINGS) or ratio_name(measure) in MONEY_RATIOS


def counts_as_earnings(measure: str) -> bool:
    """Whether a measure is revenue, profit or a ratio of one, so that it depends on the value of an order."""
    name = ratio_name(measure)
    return (RATIOS[name][0] if name else header_key(measure)) in EARNINGS


def format_range_of(measure: str, shares: Range) -> str:
    """Return a range written in percent as one of plain numbers: `roas >= 2` for `roas >= 200%`."""
    return f"{measure} {format_range(Range(shares.low, shares.high))}"


def parse_margin(text: str) -> Fraction:
    """Parse the share of revenue that a campaign keeps: `40%` or `0.4`.

    Raises
    ------
    CampaignError
        If it is not a share from 0 to 100%.
    """
    try:
        return parse_share(text)
    except ValueError:
        fix = 'write the share of revenue that you keep: --margin 40%, or margin = "40%" in the campaign file'
        raise CampaignError(
            f"margin {text!r} is not a share of the revenue",
            fix=_meant_percent("margin", text) or fix,
            code="share-range",
        ) from None


def parse_returns(text: str) -> Fraction:
    """Parse the share of orders that are returned: `12%` or `0.12`.

    Raises
    ------
    CampaignError
        If it is not a share below 100%.
    """
    share = parse_share_below_all(text)
    if share is not None:
        return share
    fix = 'write a share of the orders below 100%: --returns 12%, or returns = "12%" in the campaign file'
    message = f"returns {text!r} is not a share of the orders"
    raise CampaignError(message, fix=_meant_percent("returns", text, most=99) or fix, code="share-range")


def _meant_percent(name: str, text: str, most: int = 100) -> str:
    """Return the question that a number without its percent sign asks for, empty if it can be no share either way."""
    try:
        number = parse_number(text)
    except ValueError:
        return ""
    if not 1 < number <= most:
        return ""
    percent = f"{format_exact(number, False)}%"
    return f'did you mean {percent}? Write --{name} {percent}, or {name} = "{percent}" in the campaign file'


def parse_ltv(text: str, order_value: int | None) -> Fraction:
    """Parse the lifetime value of a customer into orders in all, the first among them: `2.4x`, or an amount of money.

    Parameters
    ----------
    order_value
        Cents of revenue that an order brings, by which an amount of money is divided; or None.

    Raises
    ------
    CampaignError
        If it is neither, is below the first order, or is money while the value of an order is not known.
    """
    number = text.strip().casefold().removesuffix("×").removesuffix("x").strip()
    if number == text.strip().casefold():
        return _orders_in_money(text, order_value)
    try:
        orders = parse_number(number)
    except ValueError:
        orders = Fraction(0)
    if 1 <= orders <= MAX_ORDERS:
        return orders
    message = f"ltv {text!r} is not a number of orders from 1 to {MAX_ORDERS}"
    fix = "count the first order too: a customer who orders twice in all is --ltv 2x"
    raise CampaignError(message, fix=fix, code="ltv-range")


def _orders_in_money(text: str, order_value: int | None) -> Fraction:
    if text.strip().endswith("%"):
        message = f"ltv {text!r} is a share, not orders or an amount of money"
        fix = f"give the orders of a customer in all, the first one too: --ltv {_share_as_orders(text)}x"
        raise CampaignError(message, fix=fix, code="ltv-range")
    cents = parse_money(text, "ltv")
    if not order_value:
        message = f"ltv {text!r} is money, but the value of an order is not known"
        fix = "give both, such as --order-value 45 --ltv 108, or the orders of a customer in all: --ltv 2.4x"
        raise CampaignError(message, fix=fix, code="order-value-missing")
    orders = Fraction(cents, order_value)
    if 1 <= orders <= MAX_ORDERS:
        return orders
    first = format_bound(Fraction(order_value, 100), False)
    message = f"ltv {text!r} is {'less than one order' if orders < 1 else f'more than {MAX_ORDERS} orders'} of {first}"
    fix = f"give what a customer brings in all, the first order too, or the orders in all: --ltv {_as_orders(text)}x"
    raise CampaignError(message, fix=fix, code="ltv-range")


def _share_as_orders(text: str) -> str:
    """Return how many orders a share such as `240%` is, or an example where that is less than one."""
    try:
        orders = parse_number(text.strip().removesuffix("%")) / 100
    except ValueError:
        return "2.4"
    return format_exact(orders, False) if 1 <= orders <= MAX_ORDERS else "2.4"


def _as_orders(text: str) -> str:
    """Return a number that may have been meant as one of orders, or an example."""
    try:
        orders = parse_number(text)
    except ValueError:
        return "2.4"
    return format_exact(orders, False) if 1 <= orders <= MAX_ORDERS else "2.4"
