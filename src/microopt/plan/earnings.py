"""At which value of an order a plan earns what it costs."""

from __future__ import annotations

from fractions import Fraction

from microopt.plan.plan import Plan
from microopt.quantities.units import Cents


def break_even_order(plan: Plan) -> Cents | None:
    """Return the value of an order at which revenue covers the spend, None if there is none or orders differ in value.

    Commissions are shares of the revenue, and rise and fall with it.
    """
    totals, order_value = plan.totals, plan.campaign.order_value
    if order_value is None or not totals.revenue or not totals.spend or not revenue_follows_conversions(plan):
        return None
    commission = totals.extra_costs.get("commission", 0)
    kept = totals.revenue - commission
    return round(Fraction(order_value * (totals.spend - commission), kept)) if kept > 0 else None


def revenue_follows_conversions(plan: Plan) -> bool:
    """Whether every order has the campaign's value, so that revenue is as uncertain as conversions are."""
    totals, order_value = plan.totals, plan.campaign.order_value
    if totals.revenue is None or not order_value:
        return False
    rounding = (order_value / 2000 + 1) * max(1, len(plan.picks))  # cents, of the conversions and of each revenue
    return abs(totals.revenue - order_value * totals.metrics["conversions"] / 1000) <= rounding
