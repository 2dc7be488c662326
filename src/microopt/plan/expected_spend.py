"""What a plan is expected to cost and how many of its creators are expected to say yes, where not everyone is sure."""

from __future__ import annotations

from fractions import Fraction

from msgspec import Struct

from microopt.plan.plan import Plan
from microopt.quantities.keys import match_key
from microopt.quantities.records import column_of
from microopt.quantities.tables import values_of
from microopt.quantities.units import Cents


class ExpectedSpend(Struct, frozen=True, kw_only=True):
    """What whoever says yes is paid, on average; the budget must suffice if everyone does.

    Attributes
    ----------
    creators
        How many creators say yes.
    spend
        Cents: the cost of each pick times its acceptance, and so that of all picks.
    commission
        Cents of it that are commissions.
    """

    creators: Fraction
    spend: Cents
    commission: Cents


def can_decline(plan: Plan) -> bool:
    """Whether anyone in the plan is less than sure to say yes."""
    return any(chance is not None and chance < 1 for chance in set(values_of(column_of(plan.picks, "acceptance"))))


def expected_spend(plan: Plan) -> ExpectedSpend | None:
    """Return what is spent on average if some say no and nobody replaces them, None if everyone is sure.

    A creator with several offers accepts or declines them together, as likely as the least likely of them.
    """
    if not can_decline(plan):
        return None
    creators: dict[str, Fraction] = {}
    spend = commission = Fraction(0)
    for pick in plan.picks:
        chance = Fraction(1) if pick.acceptance is None else Fraction(pick.acceptance)
        key = match_key(pick.creator)
        creators[key] = min(chance, creators.get(key, chance))
        spend += chance * pick.cost
        commission += chance * pick.extra_costs.get("commission", 0)
    return ExpectedSpend(creators=sum(creators.values(), Fraction(0)), spend=round(spend), commission=round(commission))
