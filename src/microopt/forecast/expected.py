"""Expected: what is expected of each offer, as floats, with all that it is made of."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from msgspec import Struct, field
from numpy.typing import NDArray

from microopt.benchmarks.table import Benchmarks
from microopt.forecast.deliverables import Deliverables
from microopt.forecast.shrinkage import Rates

NDFloat = NDArray[np.float64]
Origins = NDArray[np.int8]


class Expected(Struct, frozen=True, kw_only=True, eq=False):
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

    offer: Deliverables
    rates: Rates
    metrics: dict[str, NDFloat]
    origins: dict[str, Origins]
    cvr: NDFloat
    cvr_clicks: NDFloat
    by_action: NDArray[np.bool_]
    benchmarks: Benchmarks
    notes: tuple[str, ...]
    open: Mapping[str, NDFloat] = field(default_factory=dict)
