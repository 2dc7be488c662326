"""Difference: what another plan of the same campaign has more."""

from __future__ import annotations

from msgspec import Struct

from microopt.quantities.units import Approximate, Cents, Metrics


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

    objective: Approximate
    share: Approximate | None
    creators: int
    spend: Cents
    metrics: Metrics
    added: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()


NOT_LOOKED_AT = "not looked at"
