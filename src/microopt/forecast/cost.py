"""The cost of offers: fee, rights, product, commission, agency and handling, in whole cents."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from microopt.benchmarks.table import Benchmarks
from microopt.campaign.campaign import Campaign
from microopt.errors import CampaignError, Fault
from microopt.forecast.audience_quality import share_column
from microopt.forecast.deliverables import Deliverables
from microopt.forecast.forecast import Origin
from microopt.roster.pay_types import FEELESS_TYPES, PayType, parse_pay_types
from microopt.roster.roster import NO_FEE, Roster

NDFloat = NDArray[np.float64]
MAX_COST = 1e15  # cents; larger floats are not exact integers
MAX_FAULTS = 1_000  # faults reported at once
RIGHTS_COLUMNS = ("usage", "whitelisting", "exclusivity")  # roster columns with surcharges as shares of the fee


def dollar_rate(roster: Roster, campaign: Campaign) -> float | None:
    """Return the worth of a US dollar, the currency of the benchmarks, in the campaign's currency, or None."""
    currency = campaign.currency or roster.currency or "USD"
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
    fee_per_unit = _round_two_digits(np.minimum(views * deliverables.cpm / 1000 * rate, 1e13)) * 100
    return fee_per_unit.astype(np.int64) * roster.unit_counts()


def resolve_fees(
    roster: Roster, usual: NDArray[np.int64] | None, *, estimate: bool
) -> tuple[NDArray[np.int64], NDArray[np.int8]]:
    """Return each offer's fee in cents and its origin.

    Raises
    ------
    CampaignError
        If a fee is missing, and estimates are off or not possible in the campaign's currency.
    """
    missing = roster.fee == NO_FEE
    if "pay" in roster.texts:
        missing &= ~np.isin(_pay_types(roster), FEELESS_TYPES)
    if missing.any() and not estimate:
        fix = "fill the fees in, or have them estimated with --estimate-fees"
        raise CampaignError(f"{int(missing.sum()):,} offers have no fee", fix=fix, code="fee-missing")
    cents = np.maximum(roster.fee, 0)
    if missing.any():
        if usual is None:
            raise _dollar_error("fees are estimated from public figures")
        discount = 0.0 if roster.discount_share is None else roster.discount_share
        cents = np.where(missing, np.rint(usual * (1 - discount)).astype(np.int64), cents)
    return cents, np.where(missing, Origin.ESTIMATED, Origin.OWN).astype(np.int8)


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


def offer_costs(
    roster: Roster,
    fee: NDArray[np.int64],
    deliverable_count: NDFloat,
    earned: NDFloat | None,
    campaign: Campaign,
    benchmarks: Benchmarks,
) -> NDArray[np.int64]:
    """Return each offer's cost in cents.

    `fee * (1 + usage + whitelisting + exclusivity + agency) + deliverable_count * (product + shipping)
    + commission * revenue + per_creator`.

    Parameters
    ----------
    deliverable_count
        (n,) deliverables in the offer, each of which needs a product.
    earned
        (n,) revenue in cents if the creator accepts, or None if no order value is known.

    Raises
    ------
    CampaignError
        If a commission is due on an unknown revenue.
    """
    share = 1 + benchmarks.figure("deal", "agency") + sum(_stated_or_zero(roster, name) for name in RIGHTS_COLUMNS)
    product = _product_cost(roster, benchmarks, dollar_rate(roster, campaign))
    cost = fee * share + deliverable_count * (product + _stated_or_zero(roster, "shipping") * 100)
    rate = _commission_rate(roster, benchmarks)
    if np.any(rate):
        due = np.broadcast_to(np.asarray(rate > 0), (len(roster),))
        _require_order_value(roster, due & (np.isnan(earned) if earned is not None else True))
        assert earned is not None
        cost = cost + np.where(due, rate * earned, 0.0)
    return np.rint(np.minimum(cost, MAX_COST)).astype(np.int64) + campaign.per_creator


def _require_order_value(roster: Roster, unknown: NDArray[np.bool_]) -> None:
    if unknown.any():
        fix = "say what an order brings: --order-value 45, or a column order_value"
        message = "a commission is due on the revenue, and no order value is known"
        rows = roster.row[unknown][:MAX_FAULTS].tolist()
        faults = [Fault(code="order-value-missing", message=message, fix=fix, row=r, column="commission") for r in rows]
        raise CampaignError(message, fix=fix, code="order-value-missing", faults=faults)


def _dollar_error(subject: str) -> CampaignError:
    fix = 'say what a dollar is worth in the campaign file: currency = "EUR", and under [exchange] USD = 0.92'
    return CampaignError(f"{subject} in US dollars, and the campaign is not", fix=fix, code="benchmarks-currency")


def _stated_or_zero(roster: Roster, name: str) -> NDFloat | float:
    return np.nan_to_num(roster.numbers[name]) if name in roster.numbers else 0.0


def _pay_types(roster: Roster) -> NDArray[np.int8]:
    column = roster.texts.get("pay")
    return np.zeros(len(roster), dtype=np.int8) if column is None else parse_pay_types(column)


def _product_cost(roster: Roster, benchmarks: Benchmarks, rate: float | None) -> NDFloat | float:
    """Return the product cost per deliverable in cents; gifted offers without one take the usual cost."""
    stated = _stated_or_zero(roster, "product") * 100
    if "pay" not in roster.texts:
        return stated
    assumed = (_pay_types(roster) == PayType.GIFTED) & ~np.isfinite(roster.number("product"))
    if not assumed.any():
        return stated
    if rate is None:
        raise _dollar_error("the usual cost of a gifted product is")
    return np.where(assumed, benchmarks.figure("deal", "product") * rate * 100, stated)


def _commission_rate(roster: Roster, benchmarks: Benchmarks) -> NDFloat | float:
    """Return the commission as a share of revenue: none for a flat fee; affiliates without one take the usual rate."""
    if "pay" not in roster.texts:
        return _stated_or_zero(roster, "commission")
    pay = _pay_types(roster)
    usual = np.where(
        np.isin(pay, (PayType.AFFILIATE, PayType.FLAT_PLUS_COMMISSION)), benchmarks.figure("deal", "commission"), 0.0
    )
    return np.where(np.isin(pay, (PayType.FLAT, PayType.GIFTED)), 0.0, share_column(roster, "commission", usual))


def _round_two_digits(dollars: NDFloat) -> NDFloat:
    """Round to two significant digits in whole dollars, and to at least one dollar."""
    unit = 10.0 ** np.maximum(np.floor(np.log10(np.maximum(dollars, 1.0))) - 1, 0)
    rounded: NDFloat = np.maximum(np.rint(dollars / unit) * unit, 1.0)
    return rounded
