"""Conversions of a creator whose audience reacts more, or less, than is usual for the platform and size.

Sales rise with what people say about a product: by `e` percent for one percent more engagement (`engagement_elasticity`
of `[conversion]`). A creator's log rate theta is N(mu, sb²) among the creators of a platform and size, so that the lift

    L = exp(e (theta - mu)) / E[exp(e (theta - mu))],   E[exp(e (theta - mu))] = exp(e² sb² / 2)

is 1 on average: the public conversion rates are those of a whole size. Of theta a forecast knows N(m, v), from which

    E[L] = exp(e (m - mu) + e² (v - sb²) / 2) = (rate / usual rate)^e exp(e (1 - e) (sb² - v) / 2)

with the means of log-normals as rates. The second factor is one over the mean of the first, because m is N(mu, sb² - v)
among creators who are known as well. The lift is 1 for a creator without a rate (m = mu, v = sb²).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from microopt.benchmarks.table import Benchmarks
from microopt.forecast.shrinkage import EngagementPrior, EngagementRates, winsorized_ratio

NDFloat = NDArray[np.float64]


def engagement_lift(rates: EngagementRates, usual: EngagementPrior, benchmarks: Benchmarks) -> NDFloat:
    """Return the factor on conversions, (n,), from 1 / `most_lift` to `most_lift`.

    Parameters
    ----------
    rates
        What is known of each creator's rate.
    usual
        The distribution of rates at the creator's platform and size.
    """
    elasticity, most = (benchmarks.figure("conversion", key) for key in ("engagement_elasticity", "most_lift"))
    if not elasticity:
        return np.ones(len(rates.mean))
    winsorized = [
        winsorized_ratio(np.hypot(spread, rates.post), usual.quantile) for spread in (rates.creator, usual.between)
    ]
    ratio = rates.mean / usual.mean() * winsorized[1] / winsorized[0]
    known = usual.between**2 - rates.creator**2
    lift: NDFloat = ratio**elasticity * np.exp(elasticity * (1 - elasticity) * known / 2)
    return np.clip(lift, 1 / most, most)
