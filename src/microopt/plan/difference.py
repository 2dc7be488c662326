"""Difference: what another plan of the same campaign has more or less."""

from __future__ import annotations

from msgspec import Struct

from microopt.quantities.units import Approximate, Cents, Metrics


class Difference(Struct, frozen=True, kw_only=True):
    """What another plan has more than the plan at hand, less where negative.

    Attributes
    ----------
    objective
        In the goal's unit.
    share
        The same as a share of the objective of the plan at hand; None where that is 0.
    spend
        Cents.
    metrics
        Thousandths, by name.
    added, dropped
        Creators that only the other plan has, or only the plan at hand, by name.
    """

    objective: Approximate
    share: Approximate | None
    creators: int
    spend: Cents
    metrics: Metrics
    added: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()


NOT_LOOKED_AT = "not looked at"
