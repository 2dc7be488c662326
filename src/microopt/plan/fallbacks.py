"""Fallbacks: whom to ask where a creator of a plan declines, all others staying as they are."""

from __future__ import annotations

from typing import ClassVar

from msgspec import Struct

from microopt.plan.difference import Difference
from microopt.quantities.units import Approximate, Cents


class SubstituteOffer(Struct, frozen=True, kw_only=True):
    """One offer that a substitute would be booked for.

    Attributes
    ----------
    fee, cost
        Cents, for all units.
    wave
        The wave of the calendar in which it is posted, None without a calendar.
    """

    offer: str
    platform: str
    units: int
    fee: Cents
    cost: Cents
    wave: str | None = None


class Substitute(Struct, frozen=True, kw_only=True):
    """A creator who can take the place of one who declines, so that the plan keeps every rule.

    Attributes
    ----------
    offers
        What is booked of them.
    acceptance
        How likely they accept, which their expected results count; None if it is not known.
    change
        What the plan then has more than it has now.
    tight
        The labels of the rules that then leave no room, and that do now.
    niche
        None in plans of versions that did not say.
    """

    creator: str
    tier: str
    offers: tuple[SubstituteOffer, ...]
    change: Difference
    acceptance: Approximate | None = None
    tight: tuple[str, ...] = ()
    niche: tuple[str, ...] | None = None

    computed: ClassVar[tuple[str, ...]] = ("cost",)

    @property
    def cost(self) -> Cents:
        """Cents, over all offers."""
        return sum(offer.cost for offer in self.offers)


class Fallback(Struct, frozen=True, kw_only=True):
    """What becomes of a plan where one of its creators declines.

    Attributes
    ----------
    creator
        Who may decline; nobody with whom a contract is agreed.
    substitutes
        In the order in which to ask them: those with whom the plan is worth most come first. Empty if nobody alone can
        take the place, or nobody adds to the plan.
    without
        What the plan has more if nobody takes the place; None if that breaks a rule.
    broken
        The labels of the rules that it breaks; where nobody alone can take the place, of rules that cannot all be kept,
        each of which is needed for that conflict.
    """

    creator: str
    substitutes: tuple[Substitute, ...]
    without: Difference | None = None
    broken: tuple[str, ...] = ()
