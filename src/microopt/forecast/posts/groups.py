"""The usual level of creators like these: by platform, by size within it, by niche within it.

Each group's shift from the public figure is drawn towards 0, the more so the fewer creators it has and the less groups
differ (empirical Bayes; the variance between groups by the method of moments of DerSimonian and Laird, Controlled
Clinical Trials 7, 1986). A creator without posts takes the shift of those who are like them.
"""

from __future__ import annotations

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from microopt.benchmarks.table import Benchmarks
from microopt.forecast.posts.levels import Levels
from microopt.forecast.posts.table import Accounts, NDFloat
from microopt.forecast.shrinkage import EngagementPrior


class UsualLevels(Struct, frozen=True, kw_only=True, eq=False):
    """The usual levels of creators like each account, (a,) each.

    Attributes
    ----------
    shift
        From the public figure.
    between
        Standard deviation of the levels of such creators.
    """

    shift: NDFloat
    between: NDFloat


def usual_levels(accounts: Accounts, levels: Levels, prior: EngagementPrior, benchmarks: Benchmarks) -> UsualLevels:
    """Return the usual level of creators like each account, as the levels of those with posts show it."""
    known = np.isfinite(levels.level)
    residual = np.where(known, levels.level - prior.mu - prior.growth, 0.0)
    noise = levels.within**2 / np.where(known, levels.weight, 1.0)
    shift = np.zeros(len(accounts))
    ratio = 1.0
    bands = benchmarks.bands("engagement.instagram", accounts.followers).astype(np.intp)
    size = accounts.platform * (int(bands.max(initial=0)) + 1) + bands
    niche = np.where(accounts.niche < 0, -1, accounts.platform * (len(accounts.niches) + 1) + accounts.niche)
    for _ in range(ROUNDS):
        variance = noise + (ratio * prior.between) ** 2
        shift = np.zeros(len(accounts))
        for groups, spread in ((accounts.platform.astype(np.intp), SOURCES_DIFFER), (size, None), (niche, None)):
            shift += group_shifts(groups, residual - shift, variance, known, spread)
        ratio = _between_ratio((residual - shift)[known], noise[known], prior.between[known], benchmarks)
    return UsualLevels(shift=shift, between=ratio * prior.between)


ROUNDS = 3
SOURCES_DIFFER = float(np.log(10) / 2)  # of a public rate: sources differ by up to ten times, taken as two deviations


def group_shifts(
    groups: NDArray[np.intp],
    residual: NDFloat,
    variance: NDFloat,
    known: NDArray[np.bool_],
    spread: float | None = None,
) -> NDFloat:
    """Return the shift of each account's group, (a,), drawn towards 0; 0 without a group.

    Parameters
    ----------
    groups
        (a,) group of each account, -1 for none.
    residual, variance
        (a,) what is to be explained, and its variance about the group's shift.
    known
        (a,) accounts with posts; the others have no part in it, and take the shift of their group.
    spread
        Standard deviation between groups; None to estimate it from them.
    """
    has_group = groups >= 0
    size = int(groups.max(initial=-1)) + 1
    if not size:
        return np.zeros(len(groups))
    used = known & has_group
    weights: NDFloat = np.bincount(groups[used], weights=1 / variance[used], minlength=size).astype(np.float64)
    sums = np.bincount(groups[used], weights=(residual / variance)[used], minlength=size)
    filled = weights > 0
    means: NDFloat = sums / np.where(filled, weights, 1.0)
    between = spread**2 if spread is not None else _moment_variance(means[filled], weights[filled])
    shrunk = between * sums / (between * weights + 1)
    return np.where(has_group, shrunk[groups], 0.0)


def _moment_variance(means: NDFloat, weights: NDFloat) -> float:
    """Return the variance between groups about 0, from their means and the precisions of these."""
    total = weights.sum()
    if not len(means) or total <= 0:
        return 0.0
    excess = float((weights * means**2).sum()) - len(means)
    return max(excess / float(total), 0.0)


def _between_ratio(residual: NDFloat, noise: NDFloat, between: NDFloat, benchmarks: Benchmarks) -> float:
    """Return by how much creators differ more or less than the public figure says, drawn towards 1."""
    strength = benchmarks.figure("posts", "pooled_posts")
    weights = between**2 / (noise + between**2)  # how much of the difference is between creators
    excess = float((weights * (residual**2 - noise) / between**2).sum())
    ratio = (strength + excess) / (strength + float(weights.sum()))
    return float(np.sqrt(max(ratio, LEAST_BETWEEN)))


LEAST_BETWEEN = 0.05  # of the variance: creators are never all alike
