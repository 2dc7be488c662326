"""The typical engagement rate of each tier of a list, adjusted for small samples, and which tiers truly differ.

Averages of few posts are noisy, and creators of a tier differ. The log rate of creator i in tier t on platform p is

    y_i = a_t + b_p + u_i + e_i,   u_i ~ N(0, tau_t²),   e_i ~ N(0, v_i)

where v_i is the variance that the posts behind the average leave: log(1 + (exp(sw²) - 1) / n) for n posts whose logs
spread by sw (the log of a mean of n log-normal posts; Fenton, IRE Transactions on Communications Systems 8(1), 1960).
tau_t² is the spread between creators without that noise (Hedges, Psychological Bulletin 93(2), 1983), and the
coefficients are those of least squares with weights 1 / (tau_t² + v_i). Platforms have an effect of their own because
usual rates on TikTok are several times those on Instagram: a tier does not engage more because it is more on TikTok.
Intervals take Student's t with Satterthwaite's degrees of freedom, as Welch does for two samples.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from math import exp, sqrt

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from microopt.analysis.estimates import MIN_SAMPLE, Estimate, student_quantile
from microopt.benchmarks.table import Benchmarks
from microopt.forecast.deliverables import platform_codes
from microopt.forecast.shrinkage import engagement_prior
from microopt.quantities.keys import match_key, match_keys
from microopt.roster.roster import Roster

NDFloat = NDArray[np.float64]
NDCodes = NDArray[np.intp]
CONFIDENCE = 0.95
MIN_DEGREES = 3.0  # degrees of freedom; with fewer, intervals are too wide to tell anything


class TierRate(Struct, frozen=True, kw_only=True):
    """The typical engagement rate of a tier.

    Attributes
    ----------
    creators
        Creators of the tier with an engagement rate.
    rate, low, high
        The rate by followers that a typical creator of the tier averages over many posts, at the list's mix of
        platforms, and its 95% interval. None where the creators are too few, or on no platform of the other tiers.
    """

    tier: str
    creators: int
    rate: float | None = None
    low: float | None = None
    high: float | None = None


class TierDifference(Struct, frozen=True, kw_only=True):
    """How much more the creators of one tier engage than those of another on the same platform.

    Attributes
    ----------
    tier, than
        The tier with the higher typical rate, and the other.
    ratio, low, high
        The ratio of their typical rates, and its interval: all intervals of a list hold together in 95% of lists.
    clear
        Whether the interval excludes 1.
    """

    tier: str
    than: str
    ratio: float
    low: float
    high: float
    clear: bool


class RateSample(Struct, frozen=True, kw_only=True, eq=False):
    """What is known about the engagement rates of creators, (n,) each.

    Attributes
    ----------
    tier, platform
        Positions in the list's tiers and platforms.
    log_rate
        Log of the rate by followers that the creator averages over many posts.
    noise
        Variance of that estimate, which the luck of the creator's posts leaves.
    """

    tier: NDCodes
    platform: NDCodes
    log_rate: NDFloat
    noise: NDFloat

    def take(self, rows: NDArray[np.bool_]) -> RateSample:
        """Return the creators that are marked."""
        return RateSample(**{name: getattr(self, name)[rows] for name in self.__struct_fields__})


class _Fit:
    """The least-squares fit of tiers and platforms: any contrast of them with its interval."""

    def __init__(self, sample: RateSample, tiers: Sequence[int]) -> None:
        platforms = np.unique(sample.platform)
        self.tiers = list(tiers)
        group = np.searchsorted(self.tiers, sample.tier)
        design = np.hstack([np.eye(len(self.tiers))[group], sample.platform[:, None] == platforms[None, 1:]])
        self.mix: NDFloat = design[:, len(self.tiers) :].mean(axis=0)
        gram = design.T @ design
        solve = np.linalg.pinv(gram, hermitian=True)
        self.row_space: NDFloat = solve @ gram
        residual = sample.log_rate - design @ (solve @ (design.T @ sample.log_rate))
        unexplained = np.maximum(1 - ((design @ solve) * design).sum(axis=1), 1e-9)  # of each creator, by the others
        self.degrees = np.maximum(np.bincount(group, unexplained), 1.0)
        spread = np.bincount(group, residual**2 / unexplained - sample.noise) / np.bincount(group)
        variance = np.maximum(np.maximum(spread, 0.0)[group] + sample.noise, 1e-12)
        weighted = design / variance[:, None]
        of_tier = [design[group == place].T @ weighted[group == place] for place in range(len(self.tiers))]
        covariance = np.linalg.pinv(np.sum(of_tier, axis=0), hermitian=True)
        self.coefficients: NDFloat = covariance @ (weighted.T @ sample.log_rate)
        self.parts = [covariance @ part @ covariance for part in of_tier]  # what each tier adds to the covariance

    def estimate(self, contrast: NDFloat, confidence: float = CONFIDENCE) -> Estimate | None:
        """Return a contrast of the coefficients with its interval, or None if the creators are too few to tell it."""
        if not np.allclose(contrast @ self.row_space, contrast, atol=1e-6):
            return None  # tiers that share no platform, even through others
        parts = np.asarray([contrast @ part @ contrast for part in self.parts])
        degrees = float(parts.sum() ** 2 / (parts**2 / self.degrees).sum())
        if degrees < MIN_DEGREES:
            return None
        mean = float(contrast @ self.coefficients)
        half_width = student_quantile(degrees, confidence) * sqrt(parts.sum())
        return Estimate(mean=mean, low=mean - half_width, high=mean + half_width)

    def level(self, tier: int) -> NDFloat:
        """Return the contrast that is a tier's log rate at the list's mix of platforms."""
        return np.concatenate([np.eye(len(self.tiers))[self.tiers.index(tier)], self.mix])


def rate_sample(roster: Roster, rate: NDFloat, tiers: Sequence[str], benchmarks: Benchmarks) -> RateSample:
    """Return the creators of a roster who have a rate and a tier.

    Parameters
    ----------
    roster
        One row for each creator.
    rate
        (n,) average engagement rate by followers, NaN where unknown.
    benchmarks
        Where the roster does not say how many posts an average rests on, or how much a creator's posts differ.
    """
    column, positions = roster.texts["tier"], {match_key(name): tier for tier, name in enumerate(tiers)}
    tier = np.asarray([positions.get(key, -1) for key in match_keys(column.labels)], dtype=np.intp)[column.codes]
    platform, _ = platform_codes(roster)
    posts = np.nan_to_num(roster.number("posts"), nan=benchmarks.figure("shrinkage", "posts"))
    within = engagement_prior(benchmarks, platform, roster.numbers["followers"]).within
    log_rate, noise = unbiased_log(rate, posts, within)
    if roster.posts is not None:  # their own spread, and weights by age
        has_posts, history = roster.posts.posts > 0, roster.posts
        log_rate = np.where(has_posts, np.log(rate), log_rate)
        noise = np.where(has_posts, history.within**2 / np.where(has_posts, history.weight, 1.0), noise)
    known = RateSample(tier=tier, platform=platform.astype(np.intp), log_rate=log_rate, noise=noise)
    return known.take(np.isfinite(log_rate) & np.isfinite(noise) & (tier >= 0))


def unbiased_log(rate: NDFloat, posts: NDFloat, within: NDFloat) -> tuple[NDFloat, NDFloat]:
    """Return the log of the rate that a creator averages over many posts, and the variance of that estimate.

    The log of a mean of n posts is lower than the log of the long-run mean by half its variance, on average.

    Parameters
    ----------
    rate
        (n,) mean rate of the posts.
    posts
        (n,) posts; fewer than one count as one.
    within
        (n,) standard deviation of the log rates of a creator's posts.
    """
    noise = np.log1p(np.expm1(within**2) / np.maximum(posts, 1.0))
    return np.log(rate) + noise / 2, noise


def typical_rates(sample: RateSample, tiers: Sequence[str]) -> tuple[tuple[TierRate, ...], tuple[TierDifference, ...]]:
    """Return the typical rate of each tier that has creators, and the difference of each pair that can be compared.

    Parameters
    ----------
    sample
        The creators with an engagement rate.
    tiers
        Names of the tiers by position; both results keep their order, except that the higher rate of a pair is first.
    """
    counts = np.bincount(sample.tier, minlength=len(tiers))
    tested = [tier for tier, count in enumerate(counts) if count >= MIN_SAMPLE]
    fit = _Fit(sample.take(np.isin(sample.tier, tested)), tested) if tested else None
    rates = tuple(
        _tier_rate(name, int(counts[tier]), fit.estimate(fit.level(tier)) if fit and tier in tested else None)
        for tier, name in enumerate(tiers)
        if counts[tier]
    )
    return rates, tuple(_differences(fit, tiers)) if fit else ()


def _tier_rate(name: str, creators: int, estimate: Estimate | None) -> TierRate:
    if estimate is None:
        return TierRate(tier=name, creators=creators)
    mean, low, high = exp(estimate.mean), exp(estimate.low), exp(estimate.high)
    return TierRate(tier=name, creators=creators, rate=mean, low=low, high=high)


def _differences(fit: _Fit, tiers: Sequence[str]) -> Iterator[TierDifference]:
    """Yield the pairs; with m of them, each interval has 0.95^(1/m) (Šidák, JASA 62, 1967), so that all hold at 95%."""
    pairs = [*combinations(fit.tiers, 2)]
    for first, second in pairs:
        contrast = fit.level(first) - fit.level(second)
        estimate = fit.estimate(contrast, CONFIDENCE ** (1 / len(pairs)))
        if estimate is None:
            continue
        higher, lower, sign = (first, second, 1) if estimate.mean >= 0 else (second, first, -1)
        low, high = sorted((sign * estimate.low, sign * estimate.high))
        yield TierDifference(
            tier=tiers[higher],
            than=tiers[lower],
            ratio=exp(abs(estimate.mean)),
            low=exp(low),
            high=exp(high),
            clear=low > 0,
        )
