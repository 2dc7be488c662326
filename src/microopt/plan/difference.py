"""Difference: what another plan of the same campaign has more."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from msgspec import Struct


class Difference(Struct, frozen=True, kw_only=True):
    """What another plan has more than the plan at hand, less where negative.

    Attributes
    ----------
    value
        In the goal's unit.
    share
        The same by the value of the plan at hand; None where that is 0.
    spend
        Cents.
    metrics
        Thousandths, by name.
    came, left
        Creators that only the other plan has, or only this one; by name.
    """

    value: Fraction
    share: Fraction | None
    creators: int
    spend: int
    metrics: Mapping[str, int]
    came: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


NOT_LOOKED_AT = "not looked at"
