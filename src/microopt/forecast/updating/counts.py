"""Clicks per view, and conversions per click or engagement: counts, with a gamma prior of each creator's rate.

A creator's rate varies about the usual one by c² (the variance over the squared mean), and that of a post about the
creator's by p². After y events where x were expected, with what is known of the platform, the creator's rate is

    1 + Z (y/x - 1) times the usual one,  Z = c² / (c² + p²/n + 1/x)

for n posts: credibility by Buhlmann and Straub (ASTIN Bulletin 4(3), 1967), and without p² the mean of a gamma-Poisson
posterior, (a + y)/(a + x) with a = 1/c². A post has luck of its own, however many orders it brings: of a single one,
Z is at most c²/(c² + p²). A post of which only a share of the results is in counts as that share of a post.

What was not counted before (views where clicks are, clicks where conversions are) is taken as expected. What is unknown
of it adds to p²: orders without clicks may come from views that will not come again.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from microopt.forecast.forecast import ExpectedResults
from microopt.forecast.rate_variation import Variance, click_variance, conversion_variance, metric_ratio
from microopt.forecast.updating.observations import (
    NDIndex,
    Observation,
    group_by_creator,
    is_counted,
    matured_posts,
    offer_rows,
    per_deliverable,
    prior_of,
    view_variance,
    with_metric,
)
from microopt.forecast.updating.shifts import platform_shifts, shift_from_counts
from microopt.roster.roster import Roster

NDFloat = NDArray[np.float64]


def update_clicks(expected: ExpectedResults, roster: Roster, observations: Sequence[Observation]) -> NDFloat:
    """Return the factor on clicks per view, (n,)."""
    counted = with_metric(observations, "clicks")
    rows = offer_rows(counted)
    views = _counted_or(counted, "impressions", _expected_so_far(expected, counted, "impressions"))
    likely = views * metric_ratio(expected, rows, "clicks", "impressions")
    variance = click_variance(expected, rows).with_uncounted(
        _view_variance(expected, roster, rows), ~is_counted(counted, "impressions")
    )
    return _update_rate(expected, counted, "clicks", likely, variance)


def update_conversions(
    expected: ExpectedResults, roster: Roster, observations: Sequence[Observation]
) -> tuple[NDFloat, NDFloat]:
    """Return the factor on conversions per click or engagement, (n,), and the clicks behind each rate."""
    counted = with_metric(observations, "conversions")
    rows = offer_rows(counted)
    views = _counted_or(counted, "impressions", _expected_so_far(expected, counted, "impressions"))
    clicks = _counted_or(counted, "clicks", views * metric_ratio(expected, rows, "clicks", "impressions"))
    engagements = _counted_or(counted, "engagements", _expected_so_far(expected, counted, "engagements"))
    likely = np.where(
        expected.by_action[rows],
        engagements * metric_ratio(expected, rows, "conversions", "engagements"),
        clicks * metric_ratio(expected, rows, "conversions", "clicks"),
    )
    click_basis = expected.cvr_clicks.copy()
    for observation, click_count in zip(counted, clicks, strict=True):
        click_basis[observation.rows] += click_count
    variance = _variance_with_uncounted(expected, roster, counted)
    return _update_rate(expected, counted, "conversions", likely, variance), click_basis


def _view_variance(expected: ExpectedResults, roster: Roster, rows: NDIndex) -> Variance:
    prior = prior_of(expected, roster, rows)
    return Variance(creator=view_variance(expected, roster, rows, prior), post=prior.within**2)


def _variance_with_uncounted(
    expected: ExpectedResults, roster: Roster, observations: Sequence[Observation]
) -> Variance:
    """Return the variance of conversions, and of the clicks or engagements behind them that were not counted."""
    rows = offer_rows(observations)
    by_action = expected.by_action[rows]
    clicks, views, engaged = (is_counted(observations, name) for name in ("clicks", "impressions", "engagements"))
    rates = expected.rates
    engagement = Variance(creator=rates.creator[rows] ** 2, post=rates.post[rows] ** 2)
    return (
        conversion_variance(expected, roster, rows)
        .with_uncounted(click_variance(expected, rows), ~by_action & ~clicks)
        .with_uncounted(_view_variance(expected, roster, rows), ~by_action & ~clicks & ~views)
        .with_uncounted(engagement, by_action & ~engaged)
    )


def _update_rate(
    expected: ExpectedResults,
    observations: Sequence[Observation],
    metric: str,
    likely: NDFloat,
    variance: Variance,
) -> NDFloat:
    """Return the factor on a rate, (n,), from the counts of a metric where so many were likely, (observations,)."""
    creators = group_by_creator(observations)
    rows = offer_rows(observations)[creators.first]
    counts = creators.sum(_counted_or(observations, metric, likely))
    likely = creators.sum(likely)
    between = np.expm1(variance.creator[creators.first])
    within = np.expm1(variance.post[creators.first]) / creators.sum(matured_posts(observations))
    shifts = platform_shifts(
        expected,
        expected.deliverables.platform[rows],
        metric,
        lambda chosen, t: shift_from_counts(counts[chosen], likely[chosen], (between + within)[chosen], t),
    )
    factor = np.exp(shifts)
    likely = likely * factor[rows]
    ratio = np.divide(counts, likely, out=np.ones_like(likely), where=likely > 0)
    chance = np.divide(1.0, likely, out=np.full_like(likely, np.inf), where=likely > 0)
    credibility = between / (between + within + chance)
    for first, own in zip(creators.first.tolist(), 1 + credibility * (ratio - 1), strict=True):
        factor[observations[first].rows] *= own
    return factor


def _expected_so_far(expected: ExpectedResults, observations: Sequence[Observation], metric: str) -> NDFloat:
    """Return what was expected of a metric by now, (observations,)."""
    return per_deliverable(expected, offer_rows(observations), metric) * matured_posts(observations)


def _counted_or(observations: Sequence[Observation], metric: str, otherwise: NDFloat) -> NDFloat:
    """Return the totals of a metric so far, or other amounts where it was not counted, (observations,)."""
    totals = [observation.results.total(metric) for observation in observations]
    pairs = zip(totals, otherwise.tolist(), strict=True)
    return np.asarray([amount if total is None else total for total, amount in pairs], dtype=float)
