"""Difference: another plan of the same campaign compared with the plan at hand."""

from __future__ import annotations

from msgspec import Struct

from microopt.quantities.units import Approximate, Cents, Metrics


class Difference(Struct, frozen=True, kw_only=True):
    """The figures of another plan minus those of the plan at hand.

    Attributes
    ----------
    objective
        In the goal's unit.
    share
        The same as a share of the objective of the plan at hand; None if that is 0.
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
