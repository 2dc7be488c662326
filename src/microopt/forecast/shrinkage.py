"""Expected engagement rates of future posts, from a creator's past posts and the usual rate for the size.

Normal-normal on logs (Gelman et al., Bayesian Data Analysis, ch. 5). A creator's posts have log rates N(theta, sw²),
and the thetas of a band of followers are N(mu, sb²). For a creator whose `n` posts have the mean log rate x, theta is
N(m, v):

    k = sw²/sb²,  w = n/(n + k),  m = w x + (1 - w) mu,  v = sw²/(n + k)

and the expected rate of a future post is exp(m + g + s²/2) W(s), s² = v + sw².

A roster states the mean rate of the posts, not the mean of their logs. The log of a mean of n log-normal rates is, on
average, theta + sw²/2 - log(1 + (exp(sw²) - 1)/n)/2 (Fenton 1960). So

    x = log(mean) - c (sw²/2 + log W(sw)),  c = 1 - log(1 + (exp(sw²) - 1)/n) / sw²,

where c goes from 0, for one post, to 1: the log of one post's rate is x itself, and the average of very many is the
expected rate itself. Taking all of it off whatever n is made forecasts of few posts too low by 7%.

g is the growth of the account since those posts: their engagements are divided by the followers of today, who were
fewer then. W is the share of a log-normal mean that remains after winsorizing: posts beyond the quantile q count as q,
because the largest posts are not as large as a log-normal has them. Both are measured in `python -m benchmarks
calibration`, on posts that were held out.

Why shrink at all: picking the highest of many noisy rates picks lucky ones (the optimizer's curse; Smith and Winkler,
Management Science 52(3), 2006). On held-out posts of 11,125 creators the error of the log rate (RMSE) was 1.012 for the
band's mean, 0.791 for the creator's own mean, 0.739 shrunk.
"""

from __future__ import annotations

from functools import cache
from math import erf, exp, sqrt
from statistics import NormalDist

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from microopt.benchmarks.table import PLATFORMS, Benchmarks

NDFloat = NDArray[np.float64]
ZERO_RATE_DEVIATIONS = 4.0  # a stated rate of 0 counts as so many standard deviations below the band's mean
_STEPS = 200  # table steps per unit of standard deviation; linear interpolation is off by less than 1e-5
_LARGEST = 6.0


class EngagementPrior(Struct, frozen=True, kw_only=True, eq=False):
    """The distribution of log engagement rates for each creator's platform and size, (n,) each.

    Attributes
    ----------
    mu
        Mean log engagement rate by followers of the creators in a band.
    between, within
        Standard deviations of the log rate: between creators, and within one creator's posts.
    growth
        How far, in logs, the rate of a future post lies above that of the past posts behind an average.
    quantile
        Posts beyond this quantile are winsorized to it.
    """

    mu: NDFloat
    between: NDFloat
    within: NDFloat
    growth: NDFloat
    quantile: float

    def mean(self) -> NDFloat:
        """Return the expected rate of a creator when only platform and size are known."""
        spread = np.hypot(self.between, self.within)
        return np.exp(self.mu + self.growth + spread**2 / 2) * winsorized_ratio(spread, self.quantile)


class EngagementRates(Struct, frozen=True, kw_only=True, eq=False):
    """Expected engagement rates by followers of one post, (n,) each.

    Attributes
    ----------
    mean
        Expected rate.
    creator
        Standard deviation of the uncertainty about the creator's own mean log rate.
    post
        Standard deviation of one post's log rate about that.
    """

    mean: NDFloat
    creator: NDFloat
    post: NDFloat


def engagement_prior(benchmarks: Benchmarks, platform: NDArray[np.int8], followers: NDFloat) -> EngagementPrior:
    """Return the prior of each creator.

    Instagram has log rates by band; other platforms take its spreads, and the `mu` that gives their public mean rate.

    Parameters
    ----------
    platform
        (n,) position in `PLATFORMS`.
    followers
        (n,) people.
    """
    table, quantile = "engagement.instagram", benchmarks.figure("shrinkage", "winsorise")
    bands = benchmarks.bands(table, followers)
    mu, between, within = (benchmarks.by_band(table, key, bands) for key in ("mu", "sd_between", "sd_within"))
    growth = benchmarks.by_followers("growth", "per_year", followers) * benchmarks.figure("growth", "age_days") / 365
    for code, name in enumerate(PLATFORMS[1:], start=1):
        rows = np.flatnonzero(platform == code)
        if len(rows):
            rate = benchmarks.by_followers(f"engagement.{name}", "rate", followers[rows])
            spread = np.hypot(between[rows], within[rows])
            mean = np.log(np.maximum(rate, 1e-12) / winsorized_ratio(spread, quantile))
            mu[rows] = mean - spread**2 / 2 - growth[rows]  # public rates are those of recent posts
    return EngagementPrior(mu=mu, between=between, within=within, growth=growth, quantile=quantile)


def shrink_rates(stated: NDFloat, posts: NDFloat, usual: EngagementPrior) -> EngagementRates:
    """Return the expected rates of future posts, given stated average rates.

    See the module for the formula. A rate measured on very many posts is returned unchanged but for growth.

    Parameters
    ----------
    stated
        (n,) average engagement rate by followers, a proportion; where NaN, the band's mean is used.
    posts
        (n,) posts behind the average.
    """
    has_rate = np.isfinite(stated)
    x = log_mean(np.where(has_rate, stated, 1.0), posts, usual)
    posts = np.where(has_rate, posts, 0.0)
    k = (usual.within / usual.between) ** 2
    weight, unknown = posts / (posts + k), usual.within**2 / (posts + k)
    m = weight * x + (1 - weight) * usual.mu
    spread = np.sqrt(unknown + usual.within**2)
    mean = np.exp(m + usual.growth + spread**2 / 2) * winsorized_ratio(spread, usual.quantile)
    return EngagementRates(mean=mean, creator=np.sqrt(unknown), post=usual.within)


def keep_stated_rates(stated: NDFloat, posts: NDFloat, usual: EngagementPrior) -> EngagementRates:
    """Return the stated rates unchanged, and the band's mean where there is none; see `shrink_rates`."""
    has_rate = np.isfinite(stated)
    creator = np.where(has_rate, usual.within / np.sqrt(np.maximum(posts, 1.0)), usual.between)
    return EngagementRates(mean=np.where(has_rate, stated, usual.mean()), creator=creator, post=usual.within)


def log_mean(stated: NDFloat, posts: NDFloat, usual: EngagementPrior) -> NDFloat:
    """Return the mean log rate of a creator, given the mean rate of so many posts; see the module for the formula.

    Parameters
    ----------
    stated
        (n,) average engagement rate by followers, a proportion; one of 0 counts as the lowest that is likely.
    posts
        (n,) posts behind the average; fewer than one count as one.
    """
    lowest = np.exp(usual.mu - ZERO_RATE_DEVIATIONS * usual.between)
    x: NDFloat = np.log(np.maximum(stated, lowest)) - log_of_mean(usual.within, posts, usual.quantile)
    return x


def log_of_mean(within: NDFloat, posts: NDFloat, quantile: float) -> NDFloat:
    """Return how far the log of the mean rate of so many posts lies above the mean of their logs, on average.

    Parameters
    ----------
    within
        (n,) standard deviations of the log rates of a creator's posts.
    posts
        (n,) posts; fewer than one count as one.
    quantile
        Posts beyond this quantile are winsorized to it.
    """
    variance = within**2
    share = 1 - np.log1p(np.expm1(variance) / np.maximum(posts, 1.0)) / variance
    above: NDFloat = share * (variance / 2 + np.log(winsorized_ratio(within, quantile)))
    return above


def winsorized_ratio(spread: NDFloat, quantile: float) -> NDFloat:
    """Return E[min(X, q)] / E[X] for a log-normal X whose log has this standard deviation.

    With z the normal quantile: Phi(z - s) + (1 - quantile) exp(z s - s²/2).
    """
    position = np.minimum(spread, _LARGEST) * _STEPS
    below = position.astype(np.intp)
    ratios, slopes = _winsorized_table(quantile)
    ratio: NDFloat = ratios[below] + (position - below) * slopes[below]
    return ratio


@cache
def _winsorized_table(quantile: float) -> tuple[NDFloat, NDFloat]:
    """Return the ratio at each step of a table of standard deviations, and the difference to the next step."""
    z = NormalDist().inv_cdf(quantile)
    grid = np.arange(int(_LARGEST * _STEPS) + 2) / _STEPS
    ratios = np.asarray([(1 + erf((z - s) / sqrt(2))) / 2 + (1 - quantile) * exp(z * s - s * s / 2) for s in grid])
    return ratios[:-1], np.diff(ratios)
