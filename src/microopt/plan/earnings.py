"""What a plan earns: its return on spend, and at which return and which value of an order it breaks even."""

from __future__ import annotations

from fractions import Fraction

from msgspec import Struct

from microopt.plan.expected_spend import ExpectedSpend
from microopt.plan.likely_range import LikelyRange
from microopt.plan.plan import Plan
from microopt.quantities.units import Approximate, Cents


class Earnings(Struct, frozen=True, kw_only=True):
    """What the revenue of a plan is to its spend; None where a figure cannot be known.

    Attributes
    ----------
    roas
        Revenue / spend.
    break_even_roas
        1 / margin: the ROAS at which profit is 0. None without a margin.
    break_even_order_value
        Cents: the value of an order at which the plan earns what it costs.
    """

    roas: Approximate | None
    break_even_roas: Approximate | None
    break_even_order_value: Cents | None


def plan_earnings(plan: Plan) -> Earnings | None:
    """Return what a plan earns, None if no order has a known value."""
    totals, margin = plan.totals, plan.campaign.margin
    if totals.revenue is None:
        return None
    return Earnings(
        roas=Fraction(totals.revenue, totals.spend) if totals.spend else None,
        break_even_roas=1 / margin if margin else None,
        break_even_order_value=break_even_order(plan),
    )


def break_even_order(plan: Plan, expected: ExpectedSpend | None = None) -> Cents | None:
    """Return the value of an order at which a plan earns its spend, None if there is none or orders differ in value.

    With a margin it is the value at which profit is 0, else the one at which revenue covers the spend. Commissions are
    shares of the revenue, and rise and fall with it.

    Parameters
    ----------
    expected
        What is spent on average if some decline; by default, the spend is that if everyone accepts.
    """
    totals, order_value = plan.totals, plan.campaign.order_value
    if order_value is None or not totals.revenue or not totals.spend or not revenue_follows_conversions(plan):
        return None
    spend = totals.spend if expected is None else expected.spend
    commission = totals.extra_costs.get("commission", 0) if expected is None else expected.commission
    earned = totals.revenue if totals.profit is None else totals.profit + totals.spend
    kept = earned - commission
    return round(Fraction(order_value * (spend - commission), kept)) if kept > 0 else None


def likely_profit(plan: Plan, conversions: LikelyRange | None) -> tuple[Fraction, Fraction] | None:
    """Return the 80% likely range of a plan's profit in cents, None where it is final or cannot be known.

    Parameters
    ----------
    conversions
        Their likely range, with which revenue and commissions rise and fall; the other costs are fixed.
    """
    totals = plan.totals
    expected = totals.metrics["conversions"]
    if totals.profit is None or conversions is None or conversions.final or not expected:
        return None
    if not revenue_follows_conversions(plan):
        return None
    commission = totals.extra_costs.get("commission", 0)
    kept, fixed = totals.profit + totals.spend - commission, totals.spend - commission
    low, high = sorted(Fraction(kept * end, expected) - fixed for end in (conversions.low, conversions.high))
    return low, high


def revenue_follows_conversions(plan: Plan) -> bool:
    """Whether every order has the campaign's value, so that revenue is as uncertain as conversions are."""
    totals, campaign = plan.totals, plan.campaign
    if totals.revenue is None or not campaign.order_value:
        return False
    value = campaign.order_value * (campaign.ltv or 1) * (1 - (campaign.returns or 0))
    rounding = (value / 2000 + 1) * max(1, len(plan.picks))  # cents, of the conversions and of each revenue
    return abs(totals.revenue - value * Fraction(totals.metrics["conversions"], 1000)) <= rounding
