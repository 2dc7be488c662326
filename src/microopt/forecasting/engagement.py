"""Expected engagements: followers x engagement rate x deliverables, less the share that is not authentic."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from microopt.benchmarks import Benchmarks, usual_engagement_rate
from microopt.forecast import Origin
from microopt.roster import Roster


def engagements_per_post(
    roster: Roster, platform: NDArray[np.int8], views: NDArray[np.float64], reach: NDArray[np.float64],
    benchmarks: Benchmarks,
) -> tuple[NDArray[np.float64], NDArray[np.int8]]:  # fmt: skip
    """Return the engagements expected of one deliverable, and where they come from.

    The roster's own figure is taken where there is one, in the order: rate by followers, by views, by reach, average
    engagements, likes + comments + shares; else the benchmark rate of platform and size.

    Parameters
    ----------
    platform
        (n,) position in `benchmarks.PLATFORMS`.
    views, reach
        (n,) of one deliverable.
    """
    followers = roster.numbers["followers"]
    likes, comments = roster.number("likes"), roster.number("comments")
    interactions = likes + np.nan_to_num(comments) + np.nan_to_num(roster.number("shares"))
    candidates = (
        roster.number("engagement_rate") * followers,
        roster.number("engagement_rate_views") * views,
        roster.number("engagement_rate_reach") * reach,
        roster.number("engagements"),
        interactions,
    )
    engaged = usual_engagement_rate(benchmarks, platform, followers) * followers
    origin = np.full(len(roster), Origin.DEFAULT, dtype=np.int8)
    for candidate in reversed(candidates):
        known = np.isfinite(candidate)
        engaged = np.where(known, candidate, engaged)
        origin[known] = Origin.OWN
    return engaged * authentic_share(roster), origin


def authentic_share(roster: Roster) -> NDArray[np.float64]:
    """Return the share of engagements from real people: `authentic`, else `credibility`, else 1."""
    authentic, credibility = roster.number("authentic"), roster.number("credibility")
    return np.where(np.isfinite(authentic), authentic, np.where(np.isfinite(credibility), credibility, 1.0))


def own_rate(roster: Roster) -> NDArray[np.float64]:
    """Return the engagement rate by followers as a marketer would rank by it, NaN where the roster gives none."""
    followers = roster.numbers["followers"]
    likes = roster.number("likes") + np.nan_to_num(roster.number("comments")) + np.nan_to_num(roster.number("shares"))
    rate = roster.number("engagement_rate")
    for candidate in (roster.number("engagements") / followers, likes / followers):
        rate = np.where(np.isfinite(rate), rate, candidate)
    return rate
