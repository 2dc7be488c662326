"""What an offer costs: fee, rights, product, commission, agency and handling, in whole cents."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from microopt.benchmarks.table import Benchmarks
from microopt.campaign.campaign import Campaign
from microopt.errors import CampaignError, Fault
from microopt.forecast.audience_quality import share_of
from microopt.forecast.deliverables import Deliverables
from microopt.forecast.forecast import Origin
from microopt.roster.pay_types import FEELESS, Pay, pay_types
from microopt.roster.roster import NO_FEE, Roster

NDFloat = NDArray[np.float64]
MOST = 1e15  # cents: beyond it nothing is exact
SHOWN = 1_000  # faults of rows told at once
RIGHTS = ("usage", "whitelisting", "exclusivity")  # shares of the fee


def dollar(roster: Roster, campaign: Campaign) -> float | None:
    """Return what a dollar, in which the public figures are, is worth in the campaign's currency; None if not known."""
    home = campaign.currency or roster.currency or "USD"
    rate = 1.0 if home == "USD" else campaign.exchange.get("USD")
    return None if rate is None else float(rate)


def usual_fees(roster: Roster, deliverables: Deliverables, campaign: Campaign) -> NDArray[np.int64] | None:
    """Return what offers like these usually ask, in cents: `deliverables * followers * view_rate * CPM / 1000`.

    To two significant digits, and at least 1: the benchmark CPM, which already carries platform, size and format, is
    known no better. None where the dollars of the benchmarks cannot be had in the campaign's currency.
    """
    rate = dollar(roster, campaign)
    if rate is None:
        return None
    views = deliverables.count / roster.times() * roster.numbers["followers"] * deliverables.view_rate
    each = _two_digits(np.minimum(views * deliverables.cpm / 1000 * rate, 1e13)) * 100
    return each.astype(np.int64) * roster.times()


def fees(
    roster: Roster, usual: NDArray[np.int64] | None, *, estimate: bool
) -> tuple[NDArray[np.int64], NDArray[np.int8]]:
    """Return each offer's fee in cents and where it comes from.

    Raises
    ------
    CampaignError
        If a fee is missing and estimates were not asked for, or cannot be had in the campaign's currency.
    """
    missing = roster.fee == NO_FEE
    if "pay" in roster.texts:
        missing &= ~np.isin(_pay(roster), FEELESS)
    if missing.any() and not estimate:
        message = f"{int(missing.sum()):,} offers have no fee"
        raise CampaignError(
            message, fix="fill the fees in, or have them estimated with --estimate-fees", code="fee-missing"
        )
    cents = np.maximum(roster.fee, 0)
    if missing.any():
        if usual is None:
            raise _in_dollars("fees are estimated from public figures")
        off = 0.0 if roster.off is None else roster.off
        cents = np.where(missing, np.rint(usual * (1 - off)).astype(np.int64), cents)
    return cents, np.where(missing, Origin.ESTIMATED, Origin.OWN).astype(np.int8)


def revenue(roster: Roster, converted: NDFloat, campaign: Campaign) -> NDFloat | None:
    """Return `conversions * order_value * (1 - discount)` in cents, or None where no order value is known at all.

    The roster's own `order_value` wins over the campaign's; with neither an offer's revenue is NaN.
    """
    if campaign.order_value is None and "order_value" not in roster.numbers:
        return None
    own = roster.number("order_value") * 100
    value = np.where(np.isfinite(own), own, np.nan if campaign.order_value is None else campaign.order_value)
    if "discount" in roster.numbers:
        value = value * (1 - np.nan_to_num(roster.numbers["discount"]))
    return converted * value


def costs(
    roster: Roster,
    fee: NDArray[np.int64],
    units: NDFloat,
    earned: NDFloat | None,
    campaign: Campaign,
    benchmarks: Benchmarks,
) -> NDArray[np.int64]:
    """Return each offer's cost in cents.

    `fee * (1 + usage + whitelisting + exclusivity + agency) + units * (product + shipping) + commission * revenue
    + per_creator`.

    Parameters
    ----------
    units
        (n,) deliverables in the offer: each needs a product of its own.
    earned
        (n,) revenue in cents if the creator accepts, or None where no order value is known.

    Raises
    ------
    CampaignError
        If a commission is due on a revenue that nobody knows.
    """
    share = 1 + benchmarks.figure("deal", "agency") + sum(_given(roster, name) for name in RIGHTS)
    product = _product(roster, benchmarks, dollar(roster, campaign))
    cost = fee * share + units * (product + _given(roster, "shipping") * 100)
    rate = _commission(roster, benchmarks)
    if np.any(rate):
        due = np.broadcast_to(np.asarray(rate > 0), (len(roster),))
        _demand_order_value(roster, due & (np.isnan(earned) if earned is not None else True))
        assert earned is not None
        cost = cost + np.where(due, rate * earned, 0.0)
    return np.rint(np.minimum(cost, MOST)).astype(np.int64) + campaign.per_creator


def _demand_order_value(roster: Roster, unknown: NDArray[np.bool_]) -> None:
    if unknown.any():
        fix = "say what an order brings: --order-value 45, or a column order_value"
        message = "a commission is due on the revenue, and no order value is known"
        rows = roster.row[unknown][:SHOWN].tolist()
        faults = [Fault(code="order-value-missing", message=message, fix=fix, row=r, column="commission") for r in rows]
        raise CampaignError(message, fix=fix, code="order-value-missing", faults=faults)


def _in_dollars(what: str) -> CampaignError:
    fix = 'say what a dollar is worth in the campaign file: currency = "EUR", and under [exchange] USD = 0.92'
    return CampaignError(f"{what} in US dollars, and the campaign is not", fix=fix, code="benchmarks-currency")


def _given(roster: Roster, name: str) -> NDFloat | float:
    return np.nan_to_num(roster.numbers[name]) if name in roster.numbers else 0.0


def _pay(roster: Roster) -> NDArray[np.int8]:
    column = roster.texts.get("pay")
    return np.zeros(len(roster), dtype=np.int8) if column is None else pay_types(column)


def _product(roster: Roster, benchmarks: Benchmarks, rate: float | None) -> NDFloat | float:
    """Return the cents of a product for each deliverable; a gifted offer that states none has the usual one."""
    stated = _given(roster, "product") * 100
    if "pay" not in roster.texts:
        return stated
    assumed = (_pay(roster) == Pay.GIFTED) & ~np.isfinite(roster.number("product"))
    if not assumed.any():
        return stated
    if rate is None:
        raise _in_dollars("the usual cost of a gifted product is")
    return np.where(assumed, benchmarks.figure("deal", "product") * rate * 100, stated)


def _commission(roster: Roster, benchmarks: Benchmarks) -> NDFloat | float:
    """Return the share of revenue due: none on a flat fee; an affiliate who states none has the usual one."""
    if "pay" not in roster.texts:
        return _given(roster, "commission")
    pay = _pay(roster)
    usual = np.where(
        np.isin(pay, (Pay.AFFILIATE, Pay.FLAT_PLUS_COMMISSION)), benchmarks.figure("deal", "commission"), 0.0
    )
    return np.where(np.isin(pay, (Pay.FLAT, Pay.GIFTED)), 0.0, share_of(roster, "commission", usual))


def _two_digits(dollars: NDFloat) -> NDFloat:
    """Round to two significant digits, but never to fractions of a dollar, and to one at least."""
    unit = 10.0 ** np.maximum(np.floor(np.log10(np.maximum(dollars, 1.0))) - 1, 0)
    rounded: NDFloat = np.maximum(np.rint(dollars / unit) * unit, 1.0)
    return rounded
