"""Engagements and views, which are normal on logs.

For a creator known to m and v, n posts whose mean log result is r above m give

    v' = 1 / (1/v + n/sw²),  m' = m + r v' n/sw²

(Gelman et al., Bayesian Data Analysis, ch. 2.5 and 5). The log of a mean of few posts lies below the log of the
expected result, by an amount that `shrinkage` derives for engagement; for views it is log(1 + (exp(sw²) - 1)/n)/2
(Fenton 1960). It is added to the logs; without it a few posts would make a whole platform look worse than it is.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from msgspec import Struct
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
    NDIndex,
    Observation,
    group_by_creator,
    matured_posts,
    offer_rows,
    post_counts,
    prior_of,
    result_ratio,
    view_variance,
    with_metric,
)
from microopt.forecast.updating.shifts import platform_shifts, shift_from_logs
from microopt.roster.roster import Roster

NDFloat = NDArray[np.float64]


class LogEvidence(Struct, frozen=True, kw_only=True, eq=False):
    """Log results of creators on one platform each, (creators,).

    Attributes
    ----------
    rows
        All of a creator's offers there.
    offer_row
        One offer whose posts have the results.
    log_ratio
        The log of result over expectation, for the creator's own offers.
    unbiased
        The same, on average 0 over creators if the forecast is right.
    sampled
        The variance that the creator's posts alone leave.
    """

    rows: list[NDIndex]
    offer_row: NDIndex
    log_ratio: NDFloat
    unbiased: NDFloat
    sampled: NDFloat


def update_engagement(
    expected: ExpectedResults, roster: Roster, observations: Sequence[Observation]
) -> tuple[NDFloat, EngagementRates]:
    """Return the factor on engagements, (n,), and the updated rates."""
    counted = with_metric(observations, "engagements")
    rates, quantile = expected.rates, expected.benchmarks.figure("shrinkage", "winsorise")
    spread, rows = np.hypot(rates.creator, rates.post), offer_rows(counted)
    post = rates.post[rows]
    log_ratios = _floored_logs(expected, counted, "engagements", prior_of(expected, roster, rows))
    log_ratios += np.log(winsorized_ratio(spread[rows], quantile)) + spread[rows] ** 2 / 2
    log_ratios -= log_of_mean(post, post_counts(counted), quantile)
    evidence = _pool(counted, log_ratios, log_ratios, post**2 / matured_posts(counted))
    shifts = _platform_log_shifts(expected, evidence, "engagement", rates.creator[evidence.offer_row] ** 2)
    creator = rates.creator.copy()
    for offers, log_ratio, sampled in zip(evidence.rows, evidence.log_ratio, evidence.sampled, strict=True):
        share = creator[offers] ** 2 / (creator[offers] ** 2 + sampled)
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
    counted = with_metric(observations, "impressions")
    rows = offer_rows(counted)
    prior = prior_of(expected, roster, rows)
    variance = view_variance(expected, roster, rows, prior)
    log_ratios = _floored_logs(expected, counted, "impressions", prior)
    log_ratios += np.log1p(np.expm1(prior.within**2) / post_counts(counted)) / 2
    evidence = _pool(counted, log_ratios, log_ratios + variance / 2, prior.within**2 / matured_posts(counted))
    creator = variance[group_by_creator(counted).first]
    shifts = _platform_log_shifts(expected, evidence, "views", creator)
    shares = creator / (creator + evidence.sampled)
    for offers, log_ratio, share in zip(evidence.rows, evidence.log_ratio, shares, strict=True):
        shifts[offers] += share * (log_ratio - shifts[offers])
    return np.exp(shifts)


def _floored_logs(
    expected: ExpectedResults, observations: Sequence[Observation], metric: str, prior: EngagementPrior
) -> NDFloat:
    """Return the logs of results over expectations, (observations,); a result of none counts as a very low one."""
    lowest = np.exp(-ZERO_RATE_DEVIATIONS * prior.between)
    return np.log(np.maximum(result_ratio(expected, observations, metric), lowest))


def _pool(observations: Sequence[Observation], log_ratios: NDFloat, unbiased: NDFloat, sampled: NDFloat) -> LogEvidence:
    """Return the observations of each creator as one, weighted by how well each is known."""
    creators, weight = group_by_creator(observations), 1 / sampled
    total = creators.sum(weight)
    return LogEvidence(
        rows=[observations[position].rows for position in creators.first.tolist()],
        offer_row=offer_rows(observations)[creators.first],
        log_ratio=creators.sum(weight * log_ratios) / total,
        unbiased=creators.sum(weight * unbiased) / total,
        sampled=1 / total,
    )


def _platform_log_shifts(
    expected: ExpectedResults, evidence: LogEvidence, metric: str, creator_variance: NDFloat
) -> NDFloat:
    variance = creator_variance + evidence.sampled
    return platform_shifts(
        expected,
        expected.deliverables.platform[evidence.offer_row],
        metric,
        lambda chosen, t: shift_from_logs(evidence.unbiased[chosen], variance[chosen], t),
    )
