"""The fees of offers, stated, estimated and usual, in whole cents; and the revenue that they are expected to bring."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from microopt.campaign.campaign import Campaign
from microopt.errors import CampaignError
from microopt.forecast.deliverables import Deliverables
from microopt.forecast.forecast import Origin
from microopt.quantities.unset_rates import describe_unset_rates
from microopt.roster.pay_types import FEELESS_TYPES, parse_pay_types
from microopt.roster.roster import NO_FEE, Roster

NDFloat = NDArray[np.float64]


def campaign_currency(roster: Roster, campaign: Campaign) -> str:
    """Return the currency of the campaign, or else of the roster, or else the dollar."""
    return campaign.currency or roster.currency or "USD"


def dollar_rate(roster: Roster, campaign: Campaign) -> float | None:
    """Return the worth of a US dollar, the currency of the benchmarks, in the campaign's currency, or None."""
    currency = campaign_currency(roster, campaign)
    rate = 1.0 if currency == "USD" else campaign.exchange.get("USD")
    return None if rate is None else float(rate)


def usual_fees(roster: Roster, deliverables: Deliverables, campaign: Campaign) -> NDArray[np.int64] | None:
    """Return the usual fee of offers like these, in cents: `deliverables * followers * view_rate * CPM / 1000`.

    Rounded to two significant digits, and at least a dollar: the benchmark CPM, which already reflects platform, size
    and format, is not more precise. None if the benchmark's dollars cannot be converted to the campaign's currency.
    """
    rate = dollar_rate(roster, campaign)
    if rate is None:
        return None
    views = deliverables.count / roster.unit_counts() * roster.numbers["followers"] * deliverables.view_rate
    fee_per_unit = round_two_digits(np.minimum(views * deliverables.cpm / 1000 * rate, 1e13)) * 100
    return fee_per_unit.astype(np.int64) * roster.unit_counts()


def resolve_fees(
    roster: Roster, usual: NDArray[np.int64] | None, *, estimate: bool, currency: str, has_rates: bool = False
) -> tuple[NDArray[np.int64], NDArray[np.int8]]:
    """Return each offer's fee in cents and its origin.

    Parameters
    ----------
    usual
        The usual fees in cents; None where the benchmark's dollars cannot be converted to the campaign's currency.
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
    message = f"fees are estimated from public figures in US dollars, but the campaign uses {currency}"
    return CampaignError(message, fix=fix, code="benchmarks-currency")


def expected_revenue(roster: Roster, converted: NDFloat, campaign: Campaign) -> NDFloat | None:
    """Return `conversions * order_value * (1 - discount)` in cents, or None if no order value is known at all.

    The roster's own `order_value` takes precedence over the campaign's; without either the revenue is NaN.
    """
    if campaign.order_value is None and "order_value" not in roster.numbers:
        return None
    stated = roster.number("order_value") * 100
    value = np.where(np.isfinite(stated), stated, np.nan if campaign.order_value is None else campaign.order_value)
    if "discount" in roster.numbers:
        value = value * (1 - np.nan_to_num(roster.numbers["discount"]))
    return converted * value


def round_two_digits(dollars: NDFloat) -> NDFloat:
    """Round to two significant digits in whole dollars, and to at least one dollar."""
    unit = 10.0 ** np.maximum(np.floor(np.log10(np.maximum(dollars, 1.0))) - 1, 0)
    rounded: NDFloat = np.maximum(np.rint(dollars / unit) * unit, 1.0)
    return rounded
