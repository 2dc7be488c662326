"""How the click-through and conversion rates of creators, and of their single posts, vary about the usual ones.

Both the likely ranges of a forecast and what results teach rest on these variances.
"""

from __future__ import annotations

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from microopt.forecast.forecast import ExpectedResults, Origin
from microopt.roster.roster import Roster

NDFloat = NDArray[np.float64]
NDIndex = NDArray[np.intp]
LARGEST_VARIATION = 2.0  # of a rate known from the roster: a prior of half a conversion


class Variance(Struct, frozen=True, kw_only=True, eq=False):
    """Variances in logs, (observations,): of creators' own means, and of single posts about them."""

    creator: NDFloat
    post: NDFloat

    def with_uncounted(self, uncounted: Variance, where: NDArray[np.bool_]) -> Variance:
        """Return the variance with all that is unknown of an uncounted quantity, where it is, as luck of the posts."""
        added = np.where(where, uncounted.creator + uncounted.post, 0.0)
        return Variance(creator=self.creator, post=self.post + added)


def click_variance(expected: ExpectedResults, rows: NDIndex) -> Variance:
    """Return how the click-through rates of creators, and of their posts, vary.

    A rate that the roster or the campaign states, without a range, is one of the creators' own.
    """
    usual = expected.deliverables.ctr_spread[rows]
    own = expected.benchmarks.figure("live", "own_clicks")
    creator = np.where((expected.origins["clicks"][rows] == Origin.OWN) | (usual == 0), own, usual)
    post = np.full(len(rows), expected.benchmarks.figure("live", "post_clicks"))
    return Variance(creator=creator**2, post=post**2)


def conversion_variance(expected: ExpectedResults, roster: Roster, rows: NDIndex) -> Variance:
    """Return how the conversion rates of creators, and of their posts, vary.

    A rate that the roster states is known as `prior_clicks` would tell it. Clicks and conversions that the roster has
    observed narrow the usual variation.
    """
    figures, rate = expected.benchmarks, expected.cvr[rows]
    usual = np.expm1(figures.figure("live", "creator_conversions") ** 2)
    seen = rate * np.maximum(expected.cvr_clicks[rows] - figures.figure("conversion", "prior_clicks"), 0.0)
    by_action = expected.by_action[rows]
    stated_rate = np.where(by_action, metric_ratio(expected, rows, "conversions", "engagements"), rate)
    stated = 1 / np.maximum(stated_rate * expected.cvr_clicks[rows], 1 / LARGEST_VARIATION)
    is_stated = by_action | np.isfinite(roster.number("cvr")[rows])
    variation = np.where(is_stated, stated, usual / (1 + usual * seen))
    post = np.full(len(rows), figures.figure("live", "post_conversions"))
    return Variance(creator=np.log1p(variation), post=post**2)


def metric_ratio(expected: ExpectedResults, rows: NDIndex, metric: str, base: str) -> NDFloat:
    """Return the ratio of one metric to another, 0 where the latter is 0."""
    denominator = expected.metrics[base][rows]
    return np.divide(expected.metrics[metric][rows], denominator, out=np.zeros_like(denominator), where=denominator > 0)
