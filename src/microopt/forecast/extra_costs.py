"""What offers cost on top of the fee, line by line, in whole cents: rights, agency, products, commission, handling."""

from __future__ import annotations

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from microopt.benchmarks.table import Benchmarks
from microopt.campaign.campaign import Campaign
from microopt.errors import CampaignError, Fault
from microopt.forecast.audience_quality import share_column
from microopt.forecast.cost import campaign_currency
from microopt.quantities.parse_and_format import format_money
from microopt.roster.extra_costs import FEE_EXTRAS, OFFER_EXTRAS, SEEDING, amount_column
from microopt.roster.pay_types import PayType, parse_pay_types
from microopt.roster.roster import Roster

NDFloat = NDArray[np.float64]
Cents = NDArray[np.int64]
MAX_COST = 1e15  # cents; larger floats are not exact integers
MAX_FAULTS = 1_000  # faults reported at once


class OfferTerms(Struct, frozen=True, kw_only=True, eq=False):
    """What the extra costs of offers are computed from.

    Attributes
    ----------
    fee
        (n,) cents.
    deliverables
        (n,) deliverables in the offer, each of which needs a product.
    earned
        (n,) revenue of first orders in cents if the creator accepts, or None if no order value is known.
    dollar
        The worth of a US dollar in the campaign's currency, or None if it is unknown.
    """

    roster: Roster
    campaign: Campaign
    benchmarks: Benchmarks
    fee: Cents
    deliverables: NDFloat
    earned: NDFloat | None
    dollar: float | None


def extra_costs(terms: OfferTerms) -> dict[str, Cents]:
    """Return each line of `COST_LINES` that the roster or the campaign has, (n,) cents.

    The roster's own cell takes precedence over the campaign's value. Which lines there are does not depend on the
    values of the cells. Seeding and handling are those of a creator, and are within each of the creator's offers.

    Raises
    ------
    CampaignError
        If a commission is due on an unknown revenue, or a usual cost cannot be converted to the campaign's currency.
    """
    roster, campaign = terms.roster, terms.campaign
    lines: dict[str, NDFloat | None] = {name: _fee_extra(terms, name) for name in FEE_EXTRAS}
    lines["products"] = _products(terms)
    lines[SEEDING] = _seeding(roster, campaign)
    lines |= {name: _stated_cents(roster, name) for name in OFFER_EXTRAS}
    lines["commission"] = _commission(terms)
    if campaign.per_creator:
        lines["handling"] = np.full(len(roster), float(campaign.per_creator))
    return {name: _whole_cents(line) for name, line in lines.items() if line is not None}


def _whole_cents(line: NDFloat) -> Cents:
    """Round to cents, half to even; the last digits of a float do not decide."""
    return np.rint(np.round(np.minimum(line, MAX_COST), 6)).astype(np.int64)


def _fee_extra(terms: OfferTerms, name: str) -> NDFloat | None:
    """Return a surcharge: the amount that a row states, else its share of the fee, else the campaign's share."""
    roster, usual = terms.roster, getattr(terms.campaign, name, None)
    if name == "agency" and usual is None:
        usual = terms.benchmarks.figure("deal", "agency") or None
    share, amount = roster.numbers.get(name), roster.numbers.get(amount_column(name))
    if share is None and amount is None and usual is None:
        return None
    if share is None:
        shares: NDFloat = np.full(len(roster), float(usual or 0))
    else:
        shares = np.where(np.isnan(share), float(usual or 0), share)
    by_share: NDFloat = terms.fee * shares
    return by_share if amount is None else np.where(np.isnan(amount), by_share, amount * 100 * roster.unit_counts())


def _stated_cents(roster: Roster, name: str) -> NDFloat | None:
    """Return an amount that each unit of an offer adds, in cents; an empty cell counts as 0."""
    stated = roster.numbers.get(name)
    return None if stated is None else np.nan_to_num(stated) * 100 * roster.unit_counts()


def _seeding(roster: Roster, campaign: Campaign) -> NDFloat | None:
    """Return the cost of sending the product; the campaign's is for rows that state neither product nor shipping."""
    stated, usual = roster.numbers.get(SEEDING), campaign.seeding
    if stated is None and usual is None:
        return None
    itemized = np.isfinite(roster.number("product")) | np.isfinite(roster.number("shipping"))
    default = np.where(itemized, 0.0, float(usual or 0))
    return default if stated is None else np.where(np.isnan(stated), default, stated * 100)


def _products(terms: OfferTerms) -> NDFloat | None:
    """Return product and shipping of all deliverables.

    Gifted offers that state neither have the usual cost, or 0 if that is not known (`product_notes`).
    """
    roster = terms.roster
    if not {"product", "shipping"} & roster.numbers.keys() and "pay" not in roster.texts:
        return None
    product, shipping = (np.nan_to_num(roster.number(name)) * 100 for name in ("product", "shipping"))
    assumed = _gifts_of_unknown_cost(terms)
    if assumed.any() and terms.dollar is not None:
        product = np.where(assumed, terms.benchmarks.figure("deal", "product") * terms.dollar * 100, product)
    total: NDFloat = terms.deliverables * (product + shipping)
    return total


def _gifts_of_unknown_cost(terms: OfferTerms) -> NDArray[np.bool_]:
    roster = terms.roster
    if "pay" not in roster.texts or terms.campaign.seeding is not None:
        return np.zeros(len(roster), dtype=np.bool_)
    unknown = ~np.isfinite(roster.number("product")) & ~np.isfinite(roster.number(SEEDING))
    gifts: NDArray[np.bool_] = (_pay_types(roster) == PayType.GIFTED) & unknown
    return gifts


def product_notes(terms: OfferTerms) -> tuple[str, ...]:
    """Return a note on what gifted products are assumed to cost: 0 where that is unknown in this currency."""
    if not (count := int(_gifts_of_unknown_cost(terms).sum())):
        return ()
    if terms.dollar is not None:
        figure = terms.benchmarks.figure("deal", "product") * terms.dollar
        cost = format_money(round(figure * 100), campaign_currency(terms.roster, terms.campaign))
        text = f"products given for posts are counted at {cost} each, an industry estimate"
        return (f"{text}; a product column or --seeding changes it",)
    subject = "the product of 1 gifted post is" if count == 1 else f"the products of {count:,} gifted posts are"
    return (f"{subject} counted at no cost: add a product column, or give the cost of a product with --seeding",)


def may_owe_commissions(roster: Roster) -> bool:
    """Whether any offer of a roster may cost a commission, so that costs depend on the value of an order."""
    return "pay" in roster.texts or "commission" in roster.numbers


def _commission(terms: OfferTerms) -> NDFloat | None:
    """Return the commission: a share of the revenue, none for a flat fee.

    Affiliates that state none take the usual rate.
    """
    roster, earned = terms.roster, terms.earned
    if not may_owe_commissions(roster):
        return None
    rate = share_column(roster, "commission", 0.0)
    if "pay" in roster.texts:
        pay = _pay_types(roster)
        on_commission = np.isin(pay, (PayType.AFFILIATE, PayType.FLAT_PLUS_COMMISSION))
        usual = np.where(on_commission, terms.benchmarks.figure("deal", "commission"), 0.0)
        fixed = np.isin(pay, (PayType.FLAT, PayType.GIFTED))
        rate = np.where(fixed, 0.0, share_column(roster, "commission", usual))
    due = rate > 0
    if not due.any():
        return np.zeros(len(roster))
    _require_order_value(roster, due & (np.isnan(earned) if earned is not None else True))
    assert earned is not None
    return np.where(due, rate * earned, 0.0)


def _require_order_value(roster: Roster, unknown: NDArray[np.bool_]) -> None:
    if unknown.any():
        fix = "give the value of an order: --order-value 45, or a column 'order_value'"
        message = "a commission is due on revenue, but the value of an order is not known"
        is_of_all = "order_value" not in roster.numbers  # so that one answer serves all rows
        rows = [None] if is_of_all else roster.row[unknown][:MAX_FAULTS].tolist()
        faults = [Fault(code="order-value-missing", message=message, fix=fix, row=r, column="commission") for r in rows]
        raise CampaignError(message, fix=fix, code="order-value-missing", faults=faults)


def _pay_types(roster: Roster) -> NDArray[np.int8]:
    column = roster.texts.get("pay")
    return np.zeros(len(roster), dtype=np.int8) if column is None else parse_pay_types(column)
