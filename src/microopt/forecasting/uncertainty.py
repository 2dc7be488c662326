"""How far from the forecast results may fall: the range that holds eight outcomes of ten.

Every result is taken as log-normal about its mean, the variances of the logs of what it is a product of being added:
what is not known of the creator's own rate, the spread of that creator's posts, the click-through rate within its
published range, the conversion rate as its beta distribution leaves it. Posts, not followers, are the sample: the
spread within a creator's posts is .56 to .73 in logs (39,243 posts of 22,670 creators, 2019), so that a binomial on
followers would understate the risk badly.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from microopt.forecast import Origin
from microopt.forecasting.deliverable import TENTH
from microopt.forecasting.model import Expected
from microopt.roster import Roster

NDFloat = NDArray[np.float64]


def log_spreads(roster: Roster, found: Expected) -> dict[str, NDFloat]:
    """Return, by metric, the (n,) standard deviation of the log of each offer's result."""
    rates, count = found.rates, np.maximum(found.offer.count, 1.0)
    creator, post = rates.creator**2, rates.post**2 / count
    own_views = found.origins["impressions"] == Origin.OWN
    # Views vary as engagement does, for want of a public figure; an average of one's own views is known like a rate.
    usually = found.benchmarks.figure("shrinkage", "posts")
    posts = np.nan_to_num(roster.number("posts"), nan=usually)
    seen = np.where(own_views, rates.post**2 / np.maximum(posts, 1.0), creator) + post
    clicked = seen + np.where(found.origins["clicks"] == Origin.OWN, 0.0, found.offer.ctr_spread**2)
    by_action = np.isfinite(roster.number("action_rate"))
    converted = np.where(by_action, creator + post, clicked + _conversion_variance(found))
    reached = np.where(found.origins["reach"] == Origin.OWN, 0.0, seen)
    variances = {
        "reach": reached, "impressions": seen, "engagements": creator + post, "clicks": clicked,
        "conversions": converted,
    }  # fmt: skip
    return {name: np.sqrt(variance) for name, variance in variances.items()}


def _conversion_variance(found: Expected) -> NDFloat:
    """Return the variance of the log of a beta-distributed conversion rate: (1 - p) / (p (a + b + 1))."""
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = found.metrics["conversions"] / found.metrics["clicks"]
        variance = (1 - rate) / (rate * (found.cvr_clicks + 1))
    return np.where(np.isfinite(variance), np.maximum(variance, 0.0), 0.0)


def intervals(means: Mapping[str, NDFloat], spreads: Mapping[str, NDFloat]) -> dict[str, tuple[NDFloat, NDFloat]]:
    """Return P10 and P90 by metric.

    Parameters
    ----------
    means
        (n,) expected results.
    spreads
        (n,) standard deviations of their logs, s: the median is exp(-s²/2) of the mean.
    """
    found = {}
    for name, mean in means.items():
        median = mean * np.exp(-(spreads[name] ** 2) / 2)
        reach = np.exp(TENTH * spreads[name])
        found[name] = (median / reach, median * reach)
    return found
