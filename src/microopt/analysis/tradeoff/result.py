"""Front: plans of which none has more of one metric without less of the other, and the weights that choose each."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from msgspec import Struct

from microopt.campaign.campaign import Campaign, Ideal
from microopt.plan.difference import Difference
from microopt.plan.plan import Pick, RosterFacts, Totals


class Weights(Struct, frozen=True, kw_only=True):
    """The weights of the first metric at which no other point of the front is worth more.

    A point is worth `w` times its share of the best possible of the first metric, and `1 - w` times that of the second.

    Attributes
    ----------
    low, high
        Between 0 and 1, both included; equal where it is one weight alone.
    """

    low: Fraction
    high: Fraction


class ParetoPoint(Struct, frozen=True, kw_only=True):
    """One plan of a front.

    Attributes
    ----------
    status
        `optimal`: no plan has more of one metric without less of the other; `feasible`: that was not shown.
    picks
        By tier from the largest, then by expected engagements.
    weights
        None where no weights choose it: only a floor does; or where the other end of the front is not known.
    change
        What it has more than the point before, None for the first; `value` is of the first metric.
    assumed
        Share of its engagements and conversions that rest on benchmarks, by metric.
    """

    status: str
    totals: Totals
    picks: tuple[Pick, ...]
    weights: Weights | None
    change: Difference | None
    assumed: Mapping[str, float]


class ParetoFront(Struct, frozen=True, kw_only=True):
    """What of one metric has to be given up for more of another.

    Attributes
    ----------
    metrics
        The two.
    ideals
        The best total of each; without that of the second where a limit or an interrupt came before it was looked at.
    points
        From the most of the first metric to the most of the second; at least one, and each has less of the first and
        more of the second than the one before.
    balanced
        Position of the point that equal weights choose, None where the second ideal is not known.
    steps
        How many were asked for, ends included; where several have the same point, it is there once.
    left_out
        Steps that a limit or an interrupt came before.
    open
        Steps whose search ended before its proof.
    gap
        The largest that such a search ended with, as a share of its bound.
    limit
        What cut the last such search short, or None.
    seconds
        That all of it took.
    """

    campaign: Campaign
    campaign_sha256: str | None
    roster: RosterFacts
    metrics: tuple[str, str]
    ideals: tuple[Ideal, ...]
    points: tuple[ParetoPoint, ...]
    balanced: int | None
    steps: int
    left_out: int
    open: int
    gap: float
    limit: str | None
    seconds: float
    backend: str
    version: str
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    def share(self, point: ParetoPoint, metric: str) -> Fraction | None:
        """Return a point's share of the best possible of a metric, None where nothing is known to be possible."""
        total = next((ideal.total for ideal in self.ideals if ideal.metric == metric), 0)
        return Fraction(point.totals.metrics[metric], total) if total else None

    def proven(self, gap: float = 0.0) -> bool:
        """Whether all steps were looked at, and each is proven or within this gap of the best."""
        return not self.left_out and (not self.open or 0 < gap >= self.gap)
