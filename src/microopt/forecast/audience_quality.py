"""Multipliers of a creator's engagement: paid posts, real followers, fit with the campaign, fatigue."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from microopt.benchmarks.table import Benchmarks
from microopt.roster.post_history import PostHistory
from microopt.roster.roster import Roster

NDFloat = NDArray[np.float64]


def engagement_multiplier(roster: Roster, stated: NDArray[np.bool_], benchmarks: Benchmarks) -> NDFloat:
    """Return the multiplier of each creator's engagement rate, (n,).

    Parameters
    ----------
    stated
        (n,) whether the rate is stated by the roster, not a benchmark.
    """
    factor = sponsored_factor(roster, benchmarks)
    if benchmarks.table("sponsored")["rates_from"] == "sponsored":
        of_paid = stated if roster.posts is None else stated & ~_has_organic_level(roster.posts)
        factor = np.where(of_paid, 1.0, factor)
    return factor * authentic_share(roster) * share_column(roster, "fit") * fatigue_factor(roster, benchmarks)


def sponsored_factor(roster: Roster, benchmarks: Benchmarks) -> NDFloat:
    """Return the engagement of a paid post relative to the average behind the roster's rate.

    The roster's own `sponsored_ratio` (paid to organic posts) takes precedence over the benchmark by size. An average
    over a share p of paid posts is (1 - p) + p * ratio of an organic post's, which is divided out; without
    `sponsored_share` the average is taken to be over organic posts. Posts that tell which of them are paid give a ratio
    of their own. (With `rates_from = "sponsored"` stated rates are
    rates of paid posts, see `engagement_multiplier`.)
    """
    ratio = benchmarks.by_followers("sponsored", "ratio", roster.numbers["followers"])
    if roster.posts is not None:
        ratio = np.where(np.isfinite(roster.posts.paid), np.exp(roster.posts.paid), ratio)
    if "sponsored_ratio" in roster.numbers:
        stated = roster.numbers["sponsored_ratio"]
        ratio = np.where(np.isfinite(stated), stated, ratio)
    if "sponsored_share" not in roster.numbers:
        return ratio
    share = np.nan_to_num(roster.numbers["sponsored_share"])
    if roster.posts is not None:
        share = np.where(_has_organic_level(roster.posts), 0.0, share)
    with np.errstate(invalid="ignore"):
        factor = ratio / (1 - share + share * ratio)
    return np.where(np.isfinite(factor), factor, 1.0)  # 0/0: only paid posts, without engagement


def _has_organic_level(history: PostHistory) -> NDArray[np.bool_]:
    """Return which creators' rates are of organic posts, as their file of posts tells."""
    return (history.posts > 0) & np.isfinite(history.paid)


def authentic_share(roster: Roster) -> NDFloat:
    """Return the share of engagements from real people: `authentic`, else `credibility`, else 1."""
    return share_column(roster, "authentic", share_column(roster, "credibility"))


def fatigue_factor(roster: Roster, benchmarks: Benchmarks) -> NDFloat:
    """Return the share of engagement that remains after fatigue: 1 - slope * `sponsored_share`, at least 0."""
    slope = benchmarks.figure("fatigue", "slope")
    if not slope or "sponsored_share" not in roster.numbers:
        return np.ones(len(roster))
    return np.maximum(1 - slope * np.nan_to_num(roster.numbers["sponsored_share"]), 0.0)


def share_column(roster: Roster, name: str, default: NDFloat | float = 1.0) -> NDFloat:
    """Return a column of shares, with the default where the roster has none."""
    stated = roster.numbers.get(name)
    if stated is None:
        return np.broadcast_to(np.asarray(default, dtype=np.float64), (len(roster),))
    return np.where(np.isfinite(stated), stated, default)
