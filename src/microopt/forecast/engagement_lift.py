"""Conversions of a creator whose audience reacts more, or less, than is usual for the platform and size.

Sales rise with what people say about a product: by `e` percent for one percent more engagement (`engagement_elasticity`
of `[conversion]`). A creator's log rate theta is N(mu, sb²) among the creators of a platform and size, so that the lift

    L = exp(e (theta - mu)) / E[exp(e (theta - mu))],   E[exp(e (theta - mu))] = exp(e² sb² / 2)

is 1 on average: the public conversion rates are those of a whole size. Of theta a forecast knows N(m, v), from which

    E[L] = exp(e (m - mu) + e² (v - sb²) / 2)

It is 1 for a creator without a rate (m = mu, v = sb²), and 1 on average over creators, however well their rates are
known, because m is N(mu, sb² - v) among them. m is taken from the expected rate of `shrinkage`.
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
    known, square = rates.creator**2, rates.creator**2 + rates.post**2
    with np.errstate(divide="ignore"):  # a rate of 0 has the least lift
        log_rate = np.log(rates.mean / winsorized_ratio(np.sqrt(square), usual.quantile))
    excess = log_rate - square / 2 - usual.growth - usual.mu  # m - mu
    lift: NDFloat = np.exp(elasticity * excess + elasticity**2 / 2 * (known - usual.between**2))
    return np.clip(lift, 1 / most, most)
