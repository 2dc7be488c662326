"""The 80% likely range of results around the forecast.

Every result is modeled as a multiple of its median whose log has Student's t distribution, scaled to the standard
deviation s: the logs of posts have heavier tails than a normal distribution, and a narrower middle. The variances of
the logs of its factors are added: the uncertainty about the creator's own rate, the spread of the creator's posts, the
click-through and the conversion rate as creators and posts vary in them (`rate_variation`), and what of engagement
carries over to conversions (`engagement_lift`). Posts, not followers, are the sample: the spread within a creator's
posts is .56 to .75 in logs, so that a binomial on followers would badly understate the risk.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import inf, sqrt
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from microopt.forecast.forecast import ExpectedResults, Origin
from microopt.forecast.rate_variation import Variance, click_variance, conversion_variance
from microopt.forecast.shrinkage import winsorized_ratio
from microopt.roster.roster import Roster

NDFloat = NDArray[np.float64]


def component_variances(roster: Roster, expected: ExpectedResults) -> dict[str, Variance]:
    """Return the variances in logs that results are made of, by the names of `[live]`, (n,) each.

    `views` and `engagement` are those of whole offers, `clicks` those of clicks per view, and `conversions` those of
    conversions per click or engagement. `creator` is what is unknown of the creator's own mean, and `post` the luck of
    the offer's posts: that of one post over their number.
    """
    rates, count = expected.rates, np.maximum(expected.deliverables.count, 1.0)
    creator, post = rates.creator**2, rates.post**2 / count
    own_views = expected.origins["impressions"] == Origin.OWN
    # Without a public figure, views are taken to vary as engagement does; stated average views are known like a rate.
    default_posts = expected.benchmarks.figure("shrinkage", "posts")
    posts = np.nan_to_num(roster.number("posts"), nan=default_posts)
    of_views = np.where(own_views, rates.post**2 / np.maximum(posts, 1.0), creator)
    rows = np.arange(len(rates.post))
    of_clicks, of_conversions = click_variance(expected, rows), conversion_variance(expected, roster, rows)
    return {
        "views": Variance(creator=of_views, post=post),
        "engagement": Variance(creator=creator, post=post),
        "clicks": Variance(creator=of_clicks.creator, post=of_clicks.post / count),
        "conversions": Variance(creator=of_conversions.creator, post=of_conversions.post / count),
    }


def log_spreads(roster: Roster, expected: ExpectedResults) -> dict[str, NDFloat]:
    """Return, by metric, the (n,) standard deviation of the log of each offer's result, for the part still to come."""
    of = {name: variance.creator + variance.post for name, variance in component_variances(roster, expected).items()}
    click = of["views"] + of["clicks"]
    lift = expected.engagement_elasticity**2 * of["engagement"]
    variances = {
        "reach": of["views"],
        "impressions": of["views"],
        "engagements": of["engagement"],
        "clicks": click,
        "conversions": np.where(expected.by_action, of["engagement"], click + lift) + of["conversions"],
    }
    return {name: np.sqrt(variance) * expected.remaining.get(name, 1.0) for name, variance in variances.items()}


def winsorized_ratios(expected: ExpectedResults, spreads: Mapping[str, NDFloat]) -> dict[str, NDFloat]:
    """Return, by metric, the share of a log-normal mean that winsorizing leaves: only engagements are winsorized."""
    quantile = expected.benchmarks.figure("shrinkage", "winsorise")
    return {"engagements": winsorized_ratio(spreads["engagements"], quantile)}


def result_intervals(
    means: Mapping[str, NDFloat],
    spreads: Mapping[str, NDFloat],
    *,
    mean_ratios: Mapping[str, NDFloat] | None = None,
    acceptance: NDFloat | None = None,
    degrees: float = inf,
) -> dict[str, tuple[NDFloat, NDFloat]]:
    """Return P10 and P90 by metric.

    Parameters
    ----------
    means
        (n,) expected results.
    spreads
        (n,) standard deviations of their logs, s: the median is exp(-s²/2) of a log-normal's mean.
    mean_ratios
        (n,) by metric, the share of that mean which winsorizing left.
    acceptance
        (n,) probability that the creator accepts; None for 1.
    degrees
        Degrees of freedom of Student's t distribution, above 2; infinity for a normal distribution.
    """
    probability = np.ones(1) if acceptance is None else np.asarray(acceptance)
    low, high = (_quantile_deviations(tenth, probability, degrees) for tenth in (0.1, 0.9))
    intervals = {}
    for name, mean in means.items():
        accepted = np.divide(mean, probability, out=np.zeros_like(mean), where=probability > 0)
        median = accepted * np.exp(-(spreads[name] ** 2) / 2) / (mean_ratios or {}).get(name, 1.0)
        intervals[name] = (_quantile(median, low, spreads[name]), _quantile(median, high, spreads[name]))
    return intervals


def _quantile(median: NDFloat, deviations: NDFloat, spread: NDFloat) -> NDFloat:
    no_result = np.isneginf(deviations)
    return np.where(no_result, 0.0, median * np.exp(np.where(no_result, 0.0, deviations) * spread))


def _quantile_deviations(quantile: float, acceptance: NDFloat, degrees: float) -> NDFloat:
    """Return the distance of a quantile from the median in standard deviations; -inf where it is no result at all.

    There is no result with probability 1 - p: the quantile q is then the quantile (q - (1 - p)) / p of accepted
    results.
    """
    distinct, inverse = np.unique(acceptance, return_inverse=True)
    share = [(quantile - (1 - p)) / p if p > 0 else 0.0 for p in distinct.tolist()]
    return np.asarray([student_deviations(q, degrees) if q > 0 else -np.inf for q in share])[inverse]


def student_deviations(quantile: float, degrees: float) -> float:
    """Return a quantile of Student's t distribution in its standard deviations.

    By the expansion about the normal quantile (Abramowitz and Stegun 26.7.5), within 0.1% between the 1% and the 99%
    quantile for 8 degrees of freedom.
    """
    z = NormalDist().inv_cdf(quantile)
    terms = (z, (z**3 + z) / 4, (5 * z**5 + 16 * z**3 + 3 * z) / 96, (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384)
    return sum(term / degrees**power for power, term in enumerate(terms)) * sqrt(1 - 2 / degrees)


def sum_interval(means: NDFloat, spreads: NDFloat, acceptance: NDFloat, degrees: float = inf) -> tuple[float, float]:
    """Return P10 and P90 of a sum of independent results, from a distribution of the same mean and variance.

    Parameters
    ----------
    means, spreads, acceptance
        (k,) as in `result_intervals`; a result of probability p has the variance m² (exp(s²) / p - 1).
    degrees
        As in `result_intervals`.
    """
    total = float(means.sum())
    if total <= 0:
        return 0.0, 0.0
    probability = np.maximum(acceptance, np.finfo(float).tiny)
    variance = float((means**2 * np.maximum(np.exp(spreads**2) / probability - 1, 0.0))[means > 0].sum())
    spread = np.sqrt(np.log1p(variance / total**2))
    low, high = (total * np.exp(student_deviations(tenth, degrees) * spread - spread**2 / 2) for tenth in (0.1, 0.9))
    return float(low), float(high)
