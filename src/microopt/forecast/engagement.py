"""Engagement rates: the rate that a roster states in one of several columns, and the rate to expect from it."""

from __future__ import annotations

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from microopt.benchmarks.table import Benchmarks
from microopt.forecast.forecast import Origin
from microopt.forecast.posts.apply import prior_after_posts
from microopt.forecast.shrinkage import EngagementPrior, EngagementRates, keep_stated_rates, log_of_mean, shrink_rates
from microopt.quantities.medians import MEDIAN
from microopt.roster.roster import Roster

NDFloat = NDArray[np.float64]


Origins = NDArray[np.int8]
RATE_COLUMNS = ("engagement_rate", "engagement_rate_views", "engagement_rate_reach", "engagements", "likes")


class PostExposure(Struct, frozen=True, kw_only=True, eq=False):
    """Views and reach of one deliverable of each offer, (n,) each.

    Attributes
    ----------
    views, reach
        Views and people reached by one deliverable.
    views_origin, reach_origin
        Their origins.
    format_factor
        Engagement of the offer's format as a multiple of the creator's rate.
    """

    views: NDFloat
    reach: NDFloat
    views_origin: Origins
    reach_origin: Origins
    format_factor: NDFloat


def engagement_rates(
    roster: Roster, usual: EngagementPrior, exposure: PostExposure, benchmarks: Benchmarks, *, shrink: bool
) -> tuple[EngagementRates, Origins]:
    """Return the expected engagement rate by followers of one post, and its origin.

    Parameters
    ----------
    shrink
        Whether stated rates are drawn towards the usual rate, more strongly the fewer `posts` they rest on.
    """
    stated, origin = stated_rate(roster, exposure)
    posts = roster.numbers.get("posts")
    default_posts = benchmarks.figure("shrinkage", "posts")
    post_counts = (
        np.full(len(roster), default_posts) if posts is None else np.where(np.isfinite(posts), posts, default_posts)
    )
    has_rate = np.isfinite(stated) & (post_counts > 0 if shrink else True)
    if roster.posts is not None:
        has_posts = roster.posts.posts > 0
        usual = prior_after_posts(usual, roster.posts, shrink=shrink)
        post_counts = np.maximum(
            post_counts - roster.posts.posts, 0.0
        )  # the average is taken to be of these and others
        stated = stated if shrink else np.where(has_posts, np.nan, stated)
        has_rate, origin = has_rate | has_posts, np.where(has_posts, Origin.SHRUNK, origin).astype(np.int8)
    if shrink and (of_median := _is_median(roster)) is not None:  # the log of a median needs no correction
        above = np.exp(log_of_mean(usual.within, post_counts, usual.quantile))
        stated = np.where(of_median, stated * above, stated)
    rates = (shrink_rates if shrink else keep_stated_rates)(stated, post_counts, usual)
    own_origin = np.maximum(origin, Origin.SHRUNK if shrink else Origin.OWN)
    return rates, np.where(has_rate, own_origin, Origin.DEFAULT).astype(np.int8)


def _is_median(roster: Roster) -> NDArray[np.bool_] | None:
    """Return which rates come from a column whose header says median, None where there is no such column."""
    medians = {use.column for use in roster.columns if use.column in RATE_COLUMNS and MEDIAN.search(use.header)}
    if not medians:
        return None
    is_median, found = np.zeros((2, len(roster)), dtype=bool)
    for name in RATE_COLUMNS:
        filled = np.isfinite(roster.number(name)) & ~found
        is_median |= filled & (name in medians)
        found |= filled
    return is_median


def stated_rate(roster: Roster, exposure: PostExposure) -> tuple[NDFloat, Origins]:
    """Return the average engagement rate by followers that the roster states, NaN where it has none, and its origin.

    The first available of: rate by followers, by views, by reach, average engagements, likes + comments + shares. A
    rate by views or by reach belongs to the offer's own format, whose factor is divided out.
    """
    followers = roster.numbers["followers"]
    rate, origin = roster.number("engagement_rate"), np.full(len(roster), Origin.OWN, dtype=np.int8)
    bases = (
        ("engagement_rate_views", exposure.views, exposure.views_origin),
        ("engagement_rate_reach", exposure.reach, exposure.reach_origin),
    )
    for name, base, base_origin in bases:
        if name in roster.numbers:
            of_format = np.where(exposure.format_factor > 0, exposure.format_factor, 1.0)
            converted = roster.numbers[name] * base / followers / of_format
            filled = ~np.isfinite(rate) & np.isfinite(converted)
            rate, origin = np.where(filled, converted, rate), np.where(filled, base_origin, origin).astype(np.int8)
    counted = counted_rate(roster)
    filled = ~np.isfinite(rate) & np.isfinite(counted)
    return np.where(filled, counted, rate), origin


def counted_rate(roster: Roster) -> NDFloat:
    """Return average engagements, or likes + comments + shares, divided by followers; NaN if neither is stated."""
    followers, numbers = roster.numbers["followers"], roster.numbers
    rate = numbers["engagements"] / followers if "engagements" in numbers else np.full(len(roster), np.nan)
    if "likes" not in numbers:
        return rate
    rest = sum(np.nan_to_num(numbers[name]) for name in ("comments", "shares") if name in numbers)
    return _first_finite(rate, (numbers["likes"] + rest) / followers)


def ranking_rate(roster: Roster) -> NDFloat:
    """Return the engagement rate by followers that a marketer would rank by, NaN where the roster has none."""
    stated = roster.number("engagement_rate")
    return stated if np.isfinite(stated).all() else _first_finite(stated, counted_rate(roster))


def _first_finite(rate: NDFloat, fallback: NDFloat) -> NDFloat:
    return np.where(np.isfinite(rate), rate, fallback)
