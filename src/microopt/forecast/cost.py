"""The fees of offers, stated, estimated and usual, in whole cents; and the revenue that they are expected to bring."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from microopt.campaign.campaign import Campaign
from microopt.errors import CampaignError
from microopt.forecast.forecast import NO_REVENUE, Origin
from microopt.quantities.unset_rates import describe_unset_rates
from microopt.roster.pay_types import FEELESS_TYPES, parse_pay_types
from microopt.roster.roster import NO_FEE, Roster
from microopt.roster.usual_fees import FEWEST_CREATORS

NDFloat = NDArray[np.float64]


def campaign_currency(roster: Roster, campaign: Campaign) -> str:
    """Return the currency of the campaign, or else of the roster, or else the dollar."""
    return campaign.currency or roster.currency or "USD"


def dollar_rate(roster: Roster, campaign: Campaign) -> float | None:
    """Return the worth of a US dollar, the currency of the benchmarks, in the campaign's currency, or None."""
    currency = campaign_currency(roster, campaign)
    rate = 1.0 if currency == "USD" else campaign.exchange.get("USD")
    return None if rate is None else float(rate)


def resolve_fees(
    roster: Roster, usual: NDArray[np.int64] | None, *, estimate: bool, currency: str, has_rates: bool = False
) -> tuple[NDArray[np.int64], NDArray[np.int8]]:
    """Return each offer's fee in cents and its origin.

    Parameters
    ----------
    usual
        The usual fees in cents; None where the roster has too few prices of its own, and the dollars of public figures
        cannot be converted to the campaign's currency.
    estimate
        Whether missing fees are estimated.
    currency
        The campaign's currency.
    has_rates
        Whether the campaign has exchange rates, if not of the dollar.

    Raises
    ------
    CampaignError
        If a fee is missing, and estimates are off or not possible in the campaign's currency.
    """
    missing = roster.fee == NO_FEE
    if "pay" in roster.texts:
        missing &= ~np.isin(parse_pay_types(roster.texts["pay"]), FEELESS_TYPES)
    if missing.any() and not estimate:
        fix = "fill the fees in, or have them estimated with --estimate-fees"
        raise CampaignError(f"{int(missing.sum()):,} offers have no fee", fix=fix, code="fee-missing")
    cents = np.maximum(roster.fee, 0)
    if missing.any():
        if usual is None:
            raise _dollar_error(currency, has_rates=has_rates)
        discount = 0.0 if roster.discount_share is None else roster.discount_share
        cents = np.where(missing, np.rint(usual * (1 - discount)).astype(np.int64), cents)
    return cents, np.where(missing, Origin.ESTIMATED, Origin.OWN).astype(np.int8)


def _dollar_error(currency: str, *, has_rates: bool) -> CampaignError:
    """Return the error for estimated fees that cannot be converted to the campaign's currency."""
    rate = describe_unset_rates(["USD"], currency, has_table=has_rates)
    fix = f"fill in the fees, use --skip-bad-rows instead of --estimate-fees, or {rate}"
    few = f"fewer than {FEWEST_CREATORS} creators have a fee to estimate the others by"
    message = f"{few}, and industry rate cards are in US dollars, but the campaign uses {currency}"
    return CampaignError(message, fix=fix, code="benchmarks-currency")


def expected_revenue(
    roster: Roster, converted: NDFloat, campaign: Campaign, *, first_order_only: bool = False
) -> NDFloat | None:
    """Return `conversions * order_value * (orders - discount) * (1 - returns)` in cents, None if no order has a value.

    `orders` is the campaign's `ltv`, the orders that a customer places in all; 1 by default. The creator's discount
    is on the first of them. The roster's own `order_value` takes precedence over the campaign's; without either the
    revenue is NaN.

    Parameters
    ----------
    first_order_only
        Whether repeat purchases are left out: no commission is due on them.
    """
    if campaign.order_value is None and "order_value" not in roster.numbers:
        return None
    stated = roster.number("order_value") * 100
    value = np.where(np.isfinite(stated), stated, np.nan if campaign.order_value is None else campaign.order_value)
    orders = 1.0 if campaign.ltv is None or first_order_only else float(campaign.ltv)
    if "discount" in roster.numbers:
        value = value * (orders - np.nan_to_num(roster.numbers["discount"]))
    elif orders != 1:
        value = value * orders
    if campaign.returns:
        value = value * float(1 - campaign.returns)
    return converted * value


def kept_revenue(revenue: NDArray[np.int64], margin: Fraction) -> NDArray[np.int64]:
    """Return the revenue that a campaign keeps at its margin, in whole cents; unknown revenue stays `NO_REVENUE`."""
    kept = np.rint(np.round(revenue * float(margin), 6)).astype(np.int64)
    return np.where(revenue < 0, NO_REVENUE, kept)


_UNITS = 10.0 ** np.maximum(np.arange(310) - 1, 0)  # by the digits of an amount, less one; a power of each takes longer


def round_two_digits(dollars: NDFloat) -> NDFloat:
    """Round to two significant digits in whole dollars, and to at least one dollar."""
    digits = np.log10(np.maximum(dollars, 1.0)).astype(np.intp)
    unit = _UNITS[digits]
    rounded: NDFloat = np.maximum(np.rint(dollars / unit) * unit, 1.0)
    return rounded
