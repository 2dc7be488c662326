"""The expected results and cost of every offer, and where each number comes from.

`ExpectedResults` holds floats with everything that they are computed from; `Forecast` holds the integers that a plan
counts.
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
from microopt.roster.usual_fees import UsualFees

NO_REVENUE = -1


class Origin(IntEnum):
    """Where a number comes from, the most reliable first."""

    OWN = 0  # the roster's own figure
    SHRUNK = 1  # the roster's own figure, drawn towards the usual one for its size
    DEFAULT = 2  # a public benchmark
    ESTIMATED = 3  # computed from other estimates

    @property
    def label(self) -> str:
        """Its name in reports: `own`, `shrunk`, `default` or `estimated`."""
        return self.name.lower()


class Forecast(Struct, frozen=True, kw_only=True, eq=False):
    """The expected results and cost of each offer, with one entry per roster row.

    Attributes
    ----------
    metrics
        By name (`reach` people, `impressions` views, `engagements`, `clicks`, `conversions`), and if the campaign has
        a target also the part of them that is on target (`TARGET_METRICS`): (n,) thousandths.
        A plan counts these integers, not the floats behind them.
    cost
        (n,) cents: the fee and all extra costs.
    extra_costs
        By line of `COST_LINES`, without those that neither the roster nor the campaign has: (n,) cents. Fee and lines
        add up to the cost.
    fee
        (n,) cents, estimated on request where the roster has none.
    usual_fee
        (n,) cents, what such an offer usually costs for its size, platform, format and engagement rate; None if the
        roster has too few prices, and public figures, which are in dollars, cannot be converted to its currency.
    fee_high
        (n,) whether the roster's own fee is well above the usual one: of at most one in ten.
    usual_fees
        What the usual fees rest on; None where there are none.
    revenue
        (n,) expected cents, `NO_REVENUE` where the order value is unknown, or None if it is unknown for all offers.
    kept_revenue
        (n,) cents of the revenue that are kept at the campaign's margin, from which profit is the cost less;
        `NO_REVENUE` where it is unknown, or None without a margin.
    origins
        By metric and `fee`: (n,) `Origin` codes.
    notes
        Assumptions, in sentences.
    """

    metrics: Mapping[str, NDArray[np.int64]]
    cost: NDArray[np.int64]
    fee: NDArray[np.int64]
    origins: Mapping[str, NDArray[np.int8]]
    extra_costs: Mapping[str, NDArray[np.int64]] = field(default_factory=dict)
    usual_fee: NDArray[np.int64] | None = None
    fee_high: NDArray[np.bool_] | None = None
    usual_fees: UsualFees | None = None
    revenue: NDArray[np.int64] | None = None
    kept_revenue: NDArray[np.int64] | None = None
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.cost)

    @property
    def public_fees(self) -> NDArray[np.int64] | None:
        """(n,) the usual fees where they are public figures, None where they come from the roster's own prices."""
        return None if self.usual_fees is None or self.usual_fees.from_list else self.usual_fee

    def take(self, rows: NDArray[np.intp]) -> Forecast:
        """Return the forecast of these rows, in this order."""
        return Forecast(
            metrics={name: column[rows] for name, column in self.metrics.items()},
            cost=self.cost[rows],
            fee=self.fee[rows],
            origins={name: column[rows] for name, column in self.origins.items()},
            extra_costs={name: column[rows] for name, column in self.extra_costs.items()},
            usual_fee=None if self.usual_fee is None else self.usual_fee[rows],
            fee_high=None if self.fee_high is None else self.fee_high[rows],
            usual_fees=self.usual_fees,
            revenue=None if self.revenue is None else self.revenue[rows],
            kept_revenue=None if self.kept_revenue is None else self.kept_revenue[rows],
            notes=self.notes,
        )


NDFloat = NDArray[np.float64]
Origins = NDArray[np.int8]


class ExpectedResults(Struct, frozen=True, kw_only=True, eq=False):
    """The expected results of each offer if the creator accepts, as floats.

    Attributes
    ----------
    deliverables
        Platform, format and number of deliverables.
    rates
        Engagement rates of one post.
    metrics
        By name, (n,) floats of the whole offer.
    origins
        By metric, (n,) `Origin` codes.
    cvr, cvr_clicks
        (n,) conversions per click, and the number of clicks behind that rate.
    engagement_elasticity
        (n,) percent by which conversions change with one percent of engagement; 0 for rates of the creator's own.
    by_action
        (n,) whether conversions are computed from engagements instead.
    remaining
        By metric, (n,) the share of it that is still to come; 1 for metrics that are absent.
    """

    deliverables: Deliverables
    rates: EngagementRates
    metrics: dict[str, NDFloat]
    origins: dict[str, Origins]
    cvr: NDFloat
    cvr_clicks: NDFloat
    engagement_elasticity: NDFloat
    by_action: NDArray[np.bool_]
    benchmarks: Benchmarks
    notes: tuple[str, ...]
    remaining: Mapping[str, NDFloat] = field(default_factory=dict)
