"""Report: a plan with what its reader asks next: other budgets, and how far results may fall from the forecast."""

from __future__ import annotations

from collections.abc import Mapping
from math import isclose

from msgspec import Struct

from microopt.analysis.frontier.result import Frontier
from microopt.plan.plan import Plan


class Interval(Struct, frozen=True):
    """What eight outcomes of ten lie between (P10 to P90), in results."""

    low: float
    high: float

    @property
    def final(self) -> bool:
        """Whether the results are in: they are no longer spread. Of nothing expected there is no telling."""
        return self.high > 0 and isclose(self.low, self.high)


class Ranges(Struct, frozen=True, kw_only=True):
    """How far from the forecast a plan's results may fall, by metric.

    Attributes
    ----------
    picks
        Of each pick, in the plan's order.
    apart
        Of the totals, if creators do well or badly each for themselves.
    together
        Of the totals, if all do well or all do badly together: no other way of hanging together is wider.
    """

    picks: tuple[Mapping[str, Interval], ...]
    apart: Mapping[str, Interval]
    together: Mapping[str, Interval]


class Report(Struct, frozen=True, kw_only=True):
    """What a page about a plan shows.

    Attributes
    ----------
    seal
        SHA-256 of the plan's object.
    microopt
        The version that made the plan.
    frontier
        Of budgets around the plan's own, whose point is the plan itself; all by the plan's ideals.
    missing
        Why there are no frontier and no ranges, in a sentence, or empty.
    warnings
        Of the plan file; those of the plan are in the plan.
    """

    plan: Plan
    seal: str
    microopt: str
    frontier: Frontier | None = None
    ranges: Ranges | None = None
    missing: str = ""
    warnings: tuple[str, ...] = ()
