"""PlanSpread: how much of a plan its two largest creators carry, and what capping each creator would change."""

from __future__ import annotations

from fractions import Fraction

from msgspec import Struct

from microopt.plan.difference import Difference
from microopt.quantities.units import Approximate

MOST_OF_TWO = Fraction(1, 2)  # of a result that two creators may bring before a cap is proposed
CAP = MOST_OF_TWO / 2  # of a result that one creator may bring then, so that two never bring more than half
EVEN = "even"  # the status where no cap is needed
EMPTY = "empty"  # the status where only a plan without creators keeps the cap


class PlanSpread(Struct, frozen=True, kw_only=True):
    """How much of a plan its two largest creators carry, and what it would be with each creator capped.

    Attributes
    ----------
    metric
        The result of the goal of which two creators bring the largest share.
    largest
        The creators who bring most of it, two at most, the largest first.
    share
        The share of the plan's total that they bring.
    cap
        The largest share that each creator may bring in the capped plan.
    rules
        The rules that cap those who would bring more, as a user writes them; with these, nobody does.
    status
        `even` if they bring no more than half, so that nothing is capped; else that of the capped plan: `optimal`,
        `feasible`, `infeasible`, `empty` if it has no creators, or `not looked at`.
    change
        What the capped plan has more, None if there is none.
    """

    metric: str
    largest: tuple[str, ...]
    share: Approximate
    cap: Fraction
    rules: tuple[str, ...]
    status: str
    change: Difference | None = None
