"""Engagement rates: what the roster states of a creator, by whichever of its columns, and what to expect after it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from microopt.benchmarks import Benchmarks
from microopt.forecast import Origin
from microopt.forecasting.shrinkage import Prior, Rates, as_stated, shrunk
from microopt.roster import Roster

NDFloat = NDArray[np.float64]


def engagement_rates(
    roster: Roster, usual: Prior, views: NDFloat, reach: NDFloat, benchmarks: Benchmarks, *, shrink: bool
) -> tuple[Rates, NDArray[np.int8]]:
    """Return the engagement rate by followers expected of one post, and where it comes from.

    Parameters
    ----------
    views, reach
        (n,) of one deliverable; rates by views or by reach are of these.
    shrink
        Whether stated rates are drawn towards what is usual, the more so the fewer `posts` they rest on.
    """
    stated = stated_rate(roster, views, reach)
    posts = roster.numbers.get("posts")
    usually = benchmarks.figure("shrinkage", "posts")
    behind = np.full(len(roster), usually) if posts is None else np.where(np.isfinite(posts), posts, usually)
    rates = (shrunk if shrink else as_stated)(stated, behind, usual)
    known = Origin.SHRUNK if shrink else Origin.OWN
    return rates, np.where(np.isfinite(stated), known, Origin.DEFAULT).astype(np.int8)


def stated_rate(roster: Roster, views: NDFloat, reach: NDFloat) -> NDFloat:
    """Return the average engagement rate by followers that the roster states, NaN where it states none.

    The first of: rate by followers, by views, by reach, average engagements, likes + comments + shares.
    """
    followers = roster.numbers["followers"]
    rate = roster.number("engagement_rate")
    for name, base in (("engagement_rate_views", views), ("engagement_rate_reach", reach)):
        if name in roster.numbers:
            rate = _or(rate, roster.numbers[name] * base / followers)
    return _or(rate, counted_rate(roster))


def counted_rate(roster: Roster) -> NDFloat:
    """Return average engagements, or likes + comments + shares, over the followers; NaN where neither is stated."""
    followers, numbers = roster.numbers["followers"], roster.numbers
    rate = numbers["engagements"] / followers if "engagements" in numbers else np.full(len(roster), np.nan)
    if "likes" not in numbers:
        return rate
    rest = sum(np.nan_to_num(numbers[name]) for name in ("comments", "shares") if name in numbers)
    return _or(rate, (numbers["likes"] + rest) / followers)


def own_rate(roster: Roster) -> NDFloat:
    """Return the engagement rate by followers as a marketer would rank by it, NaN where the roster gives none."""
    return _or(roster.number("engagement_rate"), counted_rate(roster))


def _or(rate: NDFloat, otherwise: NDFloat) -> NDFloat:
    return np.where(np.isfinite(rate), rate, otherwise)
