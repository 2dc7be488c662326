"""Update expected results with the results so far: first by platform, then for each creator.

Engagement and views are normal on logs, as in `shrinkage`. For a creator known to m and v, n posts whose mean log
result is r above m give

    v' = 1 / (1/v + n/sw²),  m' = m + r v' n/sw²

(Gelman et al., Bayesian Data Analysis, ch. 2.5 and 5). Clicks per view, and conversions per click or engagement, are
rates with a gamma prior of shape a and mean p: after y events in x trials they are p (a + y)/(a + p x). For conversions
per click a is p times `prior_clicks`, as in `conversion`.

Before that, all offers of a platform shift by what its results show, because everybody meets the same product, landing
page and brief. The shift d of a platform, in logs, is N(0, t²). A result whose log lies r above the expectation, known
to s², moves it by a share: d = sum(r/s²) / (1/t² + sum(1/s²)), a random-effects mean (DerSimonian and Laird 1986; BDA
ch. 5.4). Counts are negative binomial, y with mean x exp(d) and shape a: d is the one root of

    d/t² = sum((y - x exp(d)) / (1 + x exp(d)/a)),

their posterior mode. A mean of logs of small counts would lie below the log of their mean: by a quarter at one.

The log of a mean of few posts lies below the log of the expected result, by an amount that `shrinkage` derives for
engagement. It is added to the logs; without it a few posts would make a whole platform look worse than it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.benchmarks.table import PLATFORMS
from microopt.campaign.progress import RESULT_METRICS, CampaignProgress, PostResults
from microopt.forecast.forecast import ExpectedResults, Origin
from microopt.forecast.shrinkage import (
    ZERO_RATE_DEVIATIONS,
    EngagementPrior,
    EngagementRates,
    engagement_prior,
    log_of_mean,
    winsorized_ratio,
)
from microopt.quantities.keys import match_key
from microopt.quantities.parse_and_format import format_number_of
from microopt.roster.contract_status import kept_offers, results_match_offer
from microopt.roster.roster import Roster

MAX_ITERATIONS, TOLERANCE, MAX_STEP = 100, 1e-10, 1.0


def shift_from_logs(log_ratios: NDFloat, variance: NDFloat, spread: float) -> float:
    """Return the shift estimated from log results.

    Parameters
    ----------
    log_ratios, variance
        (observations,) unbiased logs of result over expectation, and their variances.
    spread
        Standard deviation t of platform shifts.
    """
    weight = 1 / variance
    return float((log_ratios * weight).sum() / (1 / spread**2 + weight.sum()))


def shift_from_counts(counts: NDFloat, expected: NDFloat, shape: NDFloat, spread: float) -> float:
    """Return the shift estimated from counts by Newton steps; see `shift_from_logs`.

    Parameters
    ----------
    expected
        (observations,) the expected counts.
    shape
        (observations,) shape of the gamma prior of each creator's own rate.
    """
    shift = 0.0
    for _ in range(MAX_ITERATIONS):
        likely = expected * np.exp(shift)
        dispersion = 1 + likely / shape
        slope = shift / spread**2 - float(((counts - likely) / dispersion).sum())
        curvature = 1 / spread**2 + float((likely * (1 + counts / shape) / dispersion**2).sum())
        step = min(max(slope / curvature, -MAX_STEP), MAX_STEP)
        shift -= step
        if abs(step) < TOLERANCE:
            break
    return shift


NDFloat = NDArray[np.float64]
MIN_POSTS = 0.05  # results of fewer posts, weighted by the share of their results that is in, are ignored
LEAST_SHIFT = 0.01  # of a platform's forecast, from which on it is reported
FEW_POSTS = 2  # up to which a note says how few results moved a platform's forecast
HALF_COUNT = 0.5  # half a conversion, the least shape of a prior


class Observation(Struct, frozen=True, kw_only=True, eq=False):
    """The results of one creator on one platform.

    Attributes
    ----------
    rows
        All of the creator's offers there, which the results inform.
    offer_row
        The offer whose posts have the results.
    """

    results: PostResults
    rows: NDArray[np.intp]
    offer_row: int


def update_from_results(expected: ExpectedResults, roster: Roster, running: CampaignProgress) -> ExpectedResults:
    """Return the expectation given the results so far."""
    observations = list(_observations(expected, roster, running))
    if not observations:
        return expected
    engagement_factor, rates = _update_engagement(expected, roster, observations)
    view_factor = _update_views(expected, roster, observations)
    click_factor = _update_clicks(expected, observations)
    conversion_factor, click_basis = _update_conversions(expected, observations)
    by_action = expected.by_action
    factors = {
        "engagements": engagement_factor,
        "impressions": view_factor,
        "clicks": view_factor * click_factor,
        "conversions": np.where(by_action, engagement_factor, view_factor * click_factor) * conversion_factor,
    }
    metrics = {name: values * factors.get(name, 1.0) for name, values in expected.metrics.items()}
    origins = _observed_origins(expected, observations, list(factors))
    cvr = np.where(by_action, expected.cvr, expected.cvr * conversion_factor)
    notes = (*expected.notes, *_shift_notes(expected, observations, factors))
    return replace(
        expected, rates=rates, metrics=metrics, origins=origins, cvr=cvr, cvr_clicks=click_basis, notes=notes
    )


def _shift_notes(
    expected: ExpectedResults, observations: list[Observation], factors: dict[str, NDFloat]
) -> Iterator[str]:
    """Yield how the results so far moved the forecast of a platform's offers that have no results themselves."""
    codes, observed_codes = expected.deliverables.platform, expected.deliverables.platform[_offer_rows(observations)]
    others = np.ones(len(codes), dtype=bool)
    others[np.concatenate([observation.rows for observation in observations])] = False
    for code in np.unique(observed_codes).tolist():
        rows = others & (codes == code)
        if not rows.any():
            continue
        shares = {name: float(np.median(factors[name][rows])) - 1 for name in RESULT_METRICS}
        moved = [f"{name} {share:+.0%}" for name, share in shares.items() if abs(share) >= LEAST_SHIFT]
        posts = round(_post_counts(observations)[observed_codes == code].sum())
        basis = f" (from {format_number_of(posts, 'post')})" if posts <= FEW_POSTS else ""
        if moved:
            change = f"{', '.join(moved)}{basis}"
            yield f"the results so far changed the forecast of all other {PLATFORMS[code]} offers: {change}"


def _observed_origins(
    expected: ExpectedResults, observations: list[Observation], metrics: list[str]
) -> dict[str, NDArray[np.int8]]:
    """Return the origins of metrics, which are at most `SHRUNK` where results were measured."""
    origins = {name: codes.copy() for name, codes in expected.origins.items()}
    for observation in observations:
        for name in metrics:
            if observation.results.total(name) is not None:
                origins[name][observation.rows] = np.minimum(origins[name][observation.rows], Origin.SHRUNK)
    return origins


def _observations(expected: ExpectedResults, roster: Roster, running: CampaignProgress) -> Iterator[Observation]:
    """Yield the results of each creator on the roster, with the offers that they inform."""
    creators, is_kept = roster.texts["creator"], kept_offers(roster, running)
    wanted = {match_key(results.creator) for results in running.results if results.matured_posts >= MIN_POSTS}
    rows_by_creator: dict[str, list[int]] = {}
    for row in np.flatnonzero(creators.contains_any(wanted)).tolist():
        rows_by_creator.setdefault(match_key(creators[row]), []).append(row)
    for results in running.results:
        rows = rows_by_creator.get(match_key(results.creator), []) if results.matured_posts >= MIN_POSTS else []
        posted = sorted(
            (row for row in rows if results_match_offer(roster, row, results)), key=lambda row: not is_kept[row]
        )
        if posted:
            platform = expected.deliverables.platform
            platform_rows = [row for row in rows if platform[row] == platform[posted[0]]]
            yield Observation(results=results, rows=np.asarray(platform_rows, dtype=np.intp), offer_row=posted[0])


def _update_engagement(
    expected: ExpectedResults, roster: Roster, observations: list[Observation]
) -> tuple[NDFloat, EngagementRates]:
    """Return the factor on engagements, (n,), and the updated rates."""
    counted = [observation for observation in observations if observation.results.engagements is not None]
    rates, quantile = expected.rates, expected.benchmarks.figure("shrinkage", "winsorise")
    spread = np.hypot(rates.creator, rates.post)
    prior = _observation_prior(expected, roster, counted)
    log_ratios = np.log(
        np.maximum(_result_ratio(expected, counted, "engagements"), np.exp(-ZERO_RATE_DEVIATIONS * prior.between))
    )
    offer_rows = _offer_rows(counted)
    post = rates.post[offer_rows]
    log_ratios += np.log(winsorized_ratio(spread[offer_rows], quantile)) + spread[offer_rows] ** 2 / 2
    log_ratios -= log_of_mean(post, _post_counts(counted), quantile)
    posts = np.asarray([observation.results.matured_posts for observation in counted])
    variance = rates.creator[offer_rows] ** 2 + post**2 / posts
    shifts = _platform_shifts(
        expected,
        counted,
        "engagement",
        lambda offer_rows, t: shift_from_logs(log_ratios[offer_rows], variance[offer_rows], t),
    )
    creator = rates.creator.copy()
    for observation, log_ratio, post_count in zip(counted, log_ratios, posts, strict=True):
        rows = observation.rows
        sampled = rates.post[rows] ** 2 / post_count
        share = creator[rows] ** 2 / (creator[rows] ** 2 + sampled)
        shifts[rows] += share * (log_ratio - shifts[rows])
        creator[rows] *= np.sqrt(1 - share)
    new_spread = np.hypot(creator, rates.post)
    factor = (
        np.exp(shifts + (new_spread**2 - spread**2) / 2)
        * winsorized_ratio(new_spread, quantile)
        / winsorized_ratio(spread, quantile)
    )
    return factor, EngagementRates(mean=rates.mean * factor, creator=creator, post=rates.post)


def _update_views(expected: ExpectedResults, roster: Roster, observations: list[Observation]) -> NDFloat:
    """Return the factor on views, (n,): without a public figure, views are taken to vary as engagement does."""
    counted = [observation for observation in observations if observation.results.impressions is not None]
    offer_rows, prior = _offer_rows(counted), _observation_prior(expected, roster, counted)
    own_views = expected.origins["impressions"][offer_rows] == Origin.OWN
    default_posts = expected.benchmarks.figure("shrinkage", "posts")
    post_counts = np.maximum(np.nan_to_num(roster.number("posts")[offer_rows], nan=default_posts), 1.0)
    prior_variance = np.where(own_views, prior.within**2 / post_counts, prior.between**2)
    posts = np.asarray([observation.results.matured_posts for observation in counted])
    log_ratios = np.log(
        np.maximum(_result_ratio(expected, counted, "impressions"), np.exp(-ZERO_RATE_DEVIATIONS * prior.between))
    )
    log_ratios += np.log1p(np.expm1(prior.within**2) / _post_counts(counted)) / 2
    spread = prior_variance + prior.within**2 / posts
    corrected = log_ratios + prior_variance / 2
    shifts = _platform_shifts(
        expected, counted, "views", lambda rows, t: shift_from_logs(corrected[rows], spread[rows], t)
    )
    for i, observation in enumerate(counted):
        share = prior_variance[i] / (prior_variance[i] + prior.within[i] ** 2 / posts[i])
        shifts[observation.rows] += share * (log_ratios[i] - shifts[observation.rows])
    return np.exp(shifts)


def _update_clicks(expected: ExpectedResults, observations: list[Observation]) -> NDFloat:
    """Return the factor on clicks per view, (n,)."""
    counted = [observation for observation in observations if observation.results.clicks is not None]
    offer_rows = _offer_rows(counted)
    impressions = _observed_or_expected(expected, counted, "impressions")
    expected_counts = impressions * _metric_ratio(expected, offer_rows, "clicks", "impressions")
    spread = np.where(
        expected.deliverables.ctr_spread[offer_rows] > 0, expected.deliverables.ctr_spread[offer_rows], 1.0
    )
    own_clicks = expected.benchmarks.figure("live", "own_clicks")
    shape = 1 / np.where(expected.origins["clicks"][offer_rows] == Origin.OWN, own_clicks, spread) ** 2
    counts = np.asarray([observation.results.clicks for observation in counted], dtype=float)
    return _update_counts(expected, counted, counts, expected_counts, shape, "clicks")


def _update_conversions(expected: ExpectedResults, observations: list[Observation]) -> tuple[NDFloat, NDFloat]:
    """Return the factor on conversions per click or engagement, (n,), and the clicks behind each rate."""
    counted = [observation for observation in observations if observation.results.conversions is not None]
    offer_rows = _offer_rows(counted)
    by_action = expected.by_action[offer_rows]
    clicks, engagements = (_observed_or_expected(expected, counted, name) for name in ("clicks", "engagements"))
    expected_counts = np.where(
        by_action,
        engagements * _metric_ratio(expected, offer_rows, "conversions", "engagements"),
        clicks * _metric_ratio(expected, offer_rows, "conversions", "clicks"),
    )
    rate = np.where(
        by_action, _metric_ratio(expected, offer_rows, "conversions", "engagements"), expected.cvr[offer_rows]
    )
    shape = np.maximum(rate * expected.cvr_clicks[offer_rows], HALF_COUNT)
    counts = np.asarray([observation.results.conversions for observation in counted], dtype=float)
    click_basis = expected.cvr_clicks.copy()
    for observation, click_count in zip(counted, clicks, strict=True):
        click_basis[observation.rows] += click_count
    return _update_counts(expected, counted, counts, expected_counts, shape, "conversions"), click_basis


def _update_counts(
    expected: ExpectedResults,
    observations: list[Observation],
    counts: NDFloat,
    expected_counts: NDFloat,
    shape: NDFloat,
    metric: str,
) -> NDFloat:
    """Return the factor on a rate of counts, (n,)."""
    factor = np.exp(
        _platform_shifts(
            expected,
            observations,
            metric,
            lambda mask, t: shift_from_counts(counts[mask], expected_counts[mask], shape[mask], t),
        )
    )
    for i, observation in enumerate(observations):
        likely = expected_counts[i] * factor[observation.offer_row]
        factor[observation.rows] *= (shape[i] + counts[i]) / (shape[i] + likely)
    return factor


def _platform_shifts(
    expected: ExpectedResults,
    observations: list[Observation],
    metric: str,
    estimate: Callable[[NDArray[np.bool_], float], float],
) -> NDFloat:
    """Return the shift of each offer's platform in logs, (n,), estimated from the observations there."""
    shifts, spread = np.zeros(len(expected.cvr)), expected.benchmarks.figure("live", metric)
    codes = expected.deliverables.platform[_offer_rows(observations)]
    for code in np.unique(codes).tolist() if spread > 0 else ():
        shifts[expected.deliverables.platform == code] = estimate(codes == code, spread)
    return shifts


def _post_counts(observations: list[Observation]) -> NDFloat:
    """Return the unweighted posts of each observation, (observations,): a post has all of its luck on its first day."""
    posts: NDFloat = np.maximum(
        np.asarray([observation.results.posts for observation in observations], dtype=float), 1.0
    )
    return posts


def _offer_rows(observations: list[Observation]) -> NDArray[np.intp]:
    return np.asarray([observation.offer_row for observation in observations], dtype=np.intp)


def _observation_prior(expected: ExpectedResults, roster: Roster, observations: list[Observation]) -> EngagementPrior:
    offer_rows = _offer_rows(observations)
    return engagement_prior(
        expected.benchmarks, expected.deliverables.platform[offer_rows], roster.numbers["followers"][offer_rows]
    )


def _per_deliverable(expected: ExpectedResults, offer_rows: NDArray[np.intp], metric: str) -> NDFloat:
    """Return the expected result of one deliverable, 0 for an offer without deliverables."""
    count = expected.deliverables.count[offer_rows]
    per_deliverable: NDFloat = np.divide(
        expected.metrics[metric][offer_rows], count, out=np.zeros_like(count), where=count > 0
    )
    return per_deliverable


def _result_ratio(expected: ExpectedResults, observations: list[Observation], metric: str) -> NDFloat:
    """Return the observed result of a post divided by the expected one, (observations,)."""
    offer_rows = _offer_rows(observations)
    expected_each = _per_deliverable(expected, offer_rows, metric)
    observed = np.asarray(
        [
            (observation.results.total(metric) or 0.0) / observation.results.matured_posts
            for observation in observations
        ],
        dtype=float,
    )
    ratio: NDFloat = np.divide(observed, expected_each, out=np.ones_like(expected_each), where=expected_each > 0)
    return ratio


def _observed_or_expected(expected: ExpectedResults, observations: list[Observation], metric: str) -> NDFloat:
    """Return the totals so far, or the expectation for these posts if not measured, (observations,)."""
    offer_rows = _offer_rows(observations)
    expected_each = _per_deliverable(expected, offer_rows, metric)
    totals = [observation.results.total(metric) for observation in observations]
    estimates = [
        float(each) * observation.results.matured_posts
        for each, observation in zip(expected_each, observations, strict=True)
    ]
    return np.asarray([estimate if total is None else total for total, estimate in zip(totals, estimates, strict=True)])


def _metric_ratio(expected: ExpectedResults, offer_rows: NDArray[np.intp], metric: str, base: str) -> NDFloat:
    """Return the ratio of one metric to another, 0 where the latter is 0."""
    denominator = expected.metrics[base][offer_rows]
    ratio: NDFloat = np.divide(
        expected.metrics[metric][offer_rows], denominator, out=np.zeros_like(denominator), where=denominator > 0
    )
    return ratio
