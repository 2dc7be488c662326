"""What an offer costs: fee, rights, product, commission, agency and handling, in whole cents."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from microopt.benchmarks import Benchmarks
from microopt.campaign import Campaign
from microopt.errors import CampaignError
from microopt.forecast import Origin
from microopt.forecasting.deliverable import Deliverables
from microopt.forecasting.trust import share_of
from microopt.pay import FEELESS, Pay, pay_types
from microopt.roster import NO_FEE, Roster

NDFloat = NDArray[np.float64]
RIGHTS = ("usage", "whitelisting", "exclusivity")  # shares of the fee


def usual_fees(roster: Roster, deliverables: Deliverables) -> NDArray[np.int64]:
    """Return what offers like these usually ask, in cents: `deliverables * followers * view_rate * CPM / 1000`.

    To two significant digits: the benchmark CPM, which already carries platform, size and format, is known no better.
    """
    views = deliverables.count * roster.numbers["followers"] * deliverables.view_rate
    return (_two_digits(views * deliverables.cpm / 1000) * 100).astype(np.int64)


def fees(roster: Roster, usual: NDArray[np.int64], *, estimate: bool) -> tuple[NDArray[np.int64], NDArray[np.int8]]:
    """Return each offer's fee in cents and where it comes from.

    Raises
    ------
    CampaignError
        If a fee is missing and estimates were not asked for.
    """
    missing = roster.fee == NO_FEE
    if "pay" in roster.texts:
        missing &= ~np.isin(_pay(roster), FEELESS)
    if missing.any() and not estimate:
        message = f"{int(missing.sum()):,} offers have no fee"
        raise CampaignError(
            message, fix="fill the fees in, or have them estimated with --estimate-fees", code="fee-missing"
        )
    cents = np.where(missing, usual, np.maximum(roster.fee, 0)).astype(np.int64)
    return cents, np.where(missing, Origin.ESTIMATED, Origin.OWN).astype(np.int8)


def revenue(roster: Roster, converted: NDFloat, campaign: Campaign) -> NDFloat | None:
    """Return `conversions * order_value * (1 - discount)` in cents, or None where no order value is known at all.

    The roster's own `order_value` wins over the campaign's; an offer with neither brings none.
    """
    if campaign.order_value is None and "order_value" not in roster.numbers:
        return None
    own = roster.number("order_value") * 100
    value = np.where(np.isfinite(own), own, campaign.order_value or 0)
    if "discount" in roster.numbers:
        value = value * (1 - np.nan_to_num(roster.numbers["discount"]))
    return converted * value


def costs(
    roster: Roster, fee: NDArray[np.int64], units: NDFloat, earned: NDFloat | None, campaign: Campaign,
    benchmarks: Benchmarks,
) -> NDArray[np.int64]:  # fmt: skip
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
    cost = fee * share + units * (_product(roster, benchmarks) + _given(roster, "shipping") * 100)
    rate = _commission(roster, benchmarks)
    if np.any(rate):
        if earned is None:
            fix = "say what an order brings: --order-value 45, or a column order_value"
            message = "a commission is due on the revenue, and no order value is known"
            raise CampaignError(message, fix=fix, code="order-value-missing")
        cost = cost + rate * earned
    return np.rint(cost).astype(np.int64) + campaign.per_creator


def _given(roster: Roster, name: str) -> NDFloat | float:
    return np.nan_to_num(roster.numbers[name]) if name in roster.numbers else 0.0


def _pay(roster: Roster) -> NDArray[np.int8]:
    column = roster.texts.get("pay")
    return np.zeros(len(roster), dtype=np.int8) if column is None else pay_types(column)


def _product(roster: Roster, benchmarks: Benchmarks) -> NDFloat | float:
    """Return the cents of a product for each deliverable; a gifted offer that states none has the usual one."""
    if "pay" not in roster.texts:
        return _given(roster, "product") * 100
    usual = np.where(_pay(roster) == Pay.GIFTED, benchmarks.figure("deal", "product"), 0.0)
    return share_of(roster, "product", usual) * 100


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
    """Round to two significant digits, but never to fractions of a dollar."""
    unit = 10.0 ** np.maximum(np.floor(np.log10(np.maximum(dollars, 1.0))) - 1, 0)
    rounded: NDFloat = np.rint(dollars / unit) * unit
    return rounded
