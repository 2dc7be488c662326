"""Repair: the changes to an infeasible request that make a plan possible."""

from __future__ import annotations

from fractions import Fraction
from typing import ClassVar

from msgspec import Struct

from microopt.quantities.units import Approximate


class Change(Struct, frozen=True, kw_only=True):
    """One requirement that differs from what the user wrote.

    Attributes
    ----------
    label
        The rule as the user wrote it, `budget`, or `include NAME`.
    before, after
        The limit, in the rule's own units (a share is a fraction, money is in the currency's unit); None if the rule is
        dropped.
    becomes
        The rule as the user would write it, None if it is dropped.
    share, money
        Whether the limit is a share, or money.
    wave
        The wave whose budget is changed; None for another limit.
    """

    label: str
    before: Fraction | None = None
    after: Fraction | None = None
    becomes: str | None = None
    share: bool = False
    money: bool = False
    wave: str | None = None

    @property
    def price(self) -> Fraction:
        """How much of the limit is given up; 1 for a rule that is dropped."""
        if self.before is None or self.after is None:
            return Fraction(1)
        return abs(self.after - self.before) / max(Fraction(1), abs(self.before))


class Repair(Struct, frozen=True, kw_only=True):
    """Changes that together make a plan possible.

    Attributes
    ----------
    minimal
        Whether it is proven that no change smaller by more than a thousandth keeps the same other limits.
    """

    changes: tuple[Change, ...]
    minimal: bool = True

    computed: ClassVar[tuple[str, ...]] = ("price",)

    @property
    def price(self) -> Approximate:
        """The sum of the prices of the changes."""
        return sum((change.price for change in self.changes), Fraction(0))
