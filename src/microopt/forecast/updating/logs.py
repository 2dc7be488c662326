"""Engagements and views, which are normal on logs.

For a creator known to m and v, n posts whose mean log result is r above m give

    v' = 1 / (1/v + n/sw²),  m' = m + r v' n/sw²

(Gelman et al., Bayesian Data Analysis, ch. 2.5 and 5). The results of a creator's offers on a platform are added before
the log is taken, so that they teach the same however they are divided among offers.

The log of a mean of few posts lies below the log of the expected result, by an amount that `shrinkage` derives for
engagement; for views it is log(1 + (exp(sw²) - 1)/n)/2 (Fenton 1960). It is added to the logs; without it a few posts
would make a whole platform look worse than it is.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from microopt.forecast.forecast import ExpectedResults
from microopt.forecast.shrinkage import (
    ZERO_RATE_DEVIATIONS,
    EngagementPrior,
    EngagementRates,
    log_of_mean,
    winsorized_ratio,
)
from microopt.forecast.updating.observations import (
    CreatorResults,
    NDIndex,
    Observation,
    creator_results,
    prior_of,
    view_variance,
    with_metric,
)
from microopt.forecast.updating.shifts import platform_shifts, shift_from_logs
from microopt.roster.roster import Roster

NDFloat = NDArray[np.float64]


def update_engagement(
    expected: ExpectedResults, roster: Roster, observations: Sequence[Observation]
) -> tuple[NDFloat, EngagementRates]:
    """Return the factor on engagements, (n,), and the updated rates."""
    results = creator_results(expected, with_metric(observations, "engagements"), "engagements")
    rates, quantile = expected.rates, expected.benchmarks.figure("shrinkage", "winsorise")
    spread, rows = np.hypot(rates.creator, rates.post), results.offer_row
    post = rates.post[rows]
    log_ratios = _floored_logs(results, prior_of(expected, roster, rows))
    log_ratios += np.log(winsorized_ratio(spread[rows], quantile)) + spread[rows] ** 2 / 2
    log_ratios -= log_of_mean(post, results.posts, quantile)
    sampled = post**2 / results.matured_posts
    shifts = _platform_log_shifts(expected, rows, "engagement", log_ratios, rates.creator[rows] ** 2 + sampled)
    creator = rates.creator.copy()
    for offers, log_ratio, left in zip(results.rows, log_ratios, sampled, strict=True):
        share = creator[offers] ** 2 / (creator[offers] ** 2 + left)
        shifts[offers] += share * (log_ratio - shifts[offers])
        creator[offers] *= np.sqrt(1 - share)
    new_spread = np.hypot(creator, rates.post)
    factor = (
        np.exp(shifts + (new_spread**2 - spread**2) / 2)
        * winsorized_ratio(new_spread, quantile)
        / winsorized_ratio(spread, quantile)
    )
    return factor, EngagementRates(mean=rates.mean * factor, creator=creator, post=rates.post)


def update_views(expected: ExpectedResults, roster: Roster, observations: Sequence[Observation]) -> NDFloat:
    """Return the factor on views, (n,)."""
    results = creator_results(expected, with_metric(observations, "impressions"), "impressions")
    rows = results.offer_row
    prior = prior_of(expected, roster, rows)
    creator, sampled = view_variance(expected, roster, rows, prior), prior.within**2 / results.matured_posts
    log_ratios = _floored_logs(results, prior)
    log_ratios += np.log1p(np.expm1(prior.within**2) / results.posts) / 2
    shifts = _platform_log_shifts(expected, rows, "views", log_ratios + creator / 2, creator + sampled)
    shares = creator / (creator + sampled)
    for offers, log_ratio, share in zip(results.rows, log_ratios, shares, strict=True):
        shifts[offers] += share * (log_ratio - shifts[offers])
    return np.exp(shifts)


def _floored_logs(results: CreatorResults, prior: EngagementPrior) -> NDFloat:
    """Return the logs of results over expectations, (creators,); a result of none counts as a very low one."""
    return np.log(np.maximum(results.ratio, np.exp(-ZERO_RATE_DEVIATIONS * prior.between)))


def _platform_log_shifts(
    expected: ExpectedResults, rows: NDIndex, metric: str, unbiased: NDFloat, variance: NDFloat
) -> NDFloat:
    """Return the shifts of platforms, (n,), by logs that are 0 on average if the forecast is right, (creators,)."""
    return platform_shifts(
        expected,
        expected.deliverables.platform[rows],
        metric,
        lambda chosen, t: shift_from_logs(unbiased[chosen], variance[chosen], t),
    )
