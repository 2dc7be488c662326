"""FallbackStep: what became of the fallbacks that the last plan named for those who declined."""

from __future__ import annotations

from fractions import Fraction

from msgspec import Struct

from microopt.campaign.progress import TakenFallback
from microopt.quantities.units import Approximate


class VacantPlace(Struct, frozen=True, kw_only=True):
    """A pick of the last plan without a fallback in the new one, although the last plan named some.

    Attributes
    ----------
    creator
        Who declined, or was no longer available.
    reason
        Why none of their fallbacks was taken, as a clause.
    """

    creator: str
    reason: str


class FallbackStep(Struct, frozen=True, kw_only=True):
    """Which fallbacks were taken before anybody else was chosen, and what that costs.

    Attributes
    ----------
    taken
        In the order of the last plan; those that were taken on an earlier night and still stand come first.
    vacant
        The picks for which none was taken.
    cost
        What the goal would be higher without them, as a share of the best plan without them; 0 if no plan is better.
    proven
        Whether that plan was proven best.
    """

    taken: tuple[TakenFallback, ...] = ()
    vacant: tuple[VacantPlace, ...] = ()
    cost: Approximate = Fraction(0)
    proven: bool = True
