"""Forecast: what each offer is expected to bring and cost, and where each number came from.

Expected: what is expected of each offer, as floats, with all that it is made of.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum

import numpy as np
from msgspec import Struct, field
from numpy.typing import NDArray

from microopt.benchmarks.table import Benchmarks
from microopt.forecast.deliverables import Deliverables
from microopt.forecast.shrinkage import EngagementRates

NO_REVENUE = -1


class Origin(IntEnum):
    """Where a number came from, the better known first."""

    OWN = 0  # the roster's own figure
    SHRUNK = 1  # the roster's own figure, drawn towards its tier
    DEFAULT = 2  # a public benchmark
    ESTIMATED = 3  # worked out from other estimates

    @property
    def label(self) -> str:
        """What a reader calls it: `own`, `shrunk`, `default` or `estimated`."""
        return self.name.lower()


class Forecast(Struct, frozen=True, kw_only=True, eq=False):
    """What each offer is expected to bring, one entry a roster row.

    Attributes
    ----------
    metrics
        By name (`reach` people, `impressions` views, `engagements`, `clicks`, `conversions`): (n,) thousandths.
        These integers, not the floats behind them, are what a plan counts.
    cost
        (n,) cents: fee, rights, product, commission, agency and handling.
    fee
        (n,) cents, estimated where the roster had none and that was asked for.
    usual_fee
        (n,) cents that an offer of that size, platform and format usually asks: an estimate, or None where the public
        figures, which are in dollars, cannot be had in the roster's currency.
    fee_high
        (n,) whether the roster's own fee is far above that.
    revenue
        (n,) cents expected, `NO_REVENUE` where the order value is not known, or None where no order value is.
    origins
        By metric and `fee`: (n,) `Origin` codes.
    notes
        What was assumed, in sentences.
    """

    metrics: Mapping[str, NDArray[np.int64]]
    cost: NDArray[np.int64]
    fee: NDArray[np.int64]
    origins: Mapping[str, NDArray[np.int8]]
    usual_fee: NDArray[np.int64] | None = None
    fee_high: NDArray[np.bool_] | None = None
    revenue: NDArray[np.int64] | None = None
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.cost)

    def take(self, rows: NDArray[np.intp]) -> Forecast:
        """Return the forecast of these rows, in this order."""
        return Forecast(
            metrics={name: column[rows] for name, column in self.metrics.items()},
            cost=self.cost[rows],
            fee=self.fee[rows],
            origins={name: column[rows] for name, column in self.origins.items()},
            usual_fee=None if self.usual_fee is None else self.usual_fee[rows],
            fee_high=None if self.fee_high is None else self.fee_high[rows],
            revenue=None if self.revenue is None else self.revenue[rows],
            notes=self.notes,
        )


NDFloat = NDArray[np.float64]
Origins = NDArray[np.int8]


class ExpectedResults(Struct, frozen=True, kw_only=True, eq=False):
    """What is expected of each offer if the creator accepts, before it is counted in integers.

    Attributes
    ----------
    offer
        Platform, format and number of the deliverables.
    rates
        Engagement rates of one post.
    metrics
        By name, (n,) floats of the whole offer.
    origins
        By metric, (n,) `Origin` codes.
    cvr, cvr_clicks
        (n,) conversions a click, and the clicks that this rests on.
    by_action
        (n,) whether conversions are a share of engagements instead.
    open
        By metric, (n,) the share of it that is still to come; 1 where a metric is not there.
    """

    deliverables: Deliverables
    rates: EngagementRates
    metrics: dict[str, NDFloat]
    origins: dict[str, Origins]
    cvr: NDFloat
    cvr_clicks: NDFloat
    by_action: NDArray[np.bool_]
    benchmarks: Benchmarks
    notes: tuple[str, ...]
    remaining: Mapping[str, NDFloat] = field(default_factory=dict)
