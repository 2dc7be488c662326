"""Actual: what a creator's posts have brought so far."""

from __future__ import annotations

from datetime import date

from msgspec import Struct

SEEN = ("impressions", "engagements", "clicks", "conversions")  # the metrics that results tell


class PostResults(Struct, frozen=True, kw_only=True):
    """The sum of the results of one creator, platform and offer.

    Attributes
    ----------
    platform, offer
        As the results name them, None where they do not.
    posts
        How many were published.
    ripe
        The same, each post counted by the share of its results that is in by now: a post of today has hardly begun.
        Equal to `posts` where the results have no dates.
    first, last
        The first and the last day with results, None where they have no dates.
    impressions, engagements, clicks, conversions
        Totals so far, None where nobody counted them.
    """

    creator: str
    platform: str | None = None
    offer: str | None = None
    posts: float = 0.0
    ripe: float = 0.0
    first: date | None = None
    last: date | None = None
    impressions: float | None = None
    engagements: float | None = None
    clicks: float | None = None
    conversions: float | None = None

    def of(self, metric: str) -> float | None:
        """Return the total of a metric so far, None where it is not counted."""
        total: float | None = getattr(self, metric) if metric in SEEN else None
        return total


class ResultRow(Struct, frozen=True):
    """One row of results, as it was read.

    Attributes
    ----------
    platform, offer
        As the results name them, None where they do not.
    day
        Whose results these are; None for a total.
    post
        Address or identity of the post, empty where it is not told.
    posts
        How many were published, None where nobody counted them.
    impressions, engagements, clicks, conversions
        None where nobody counted them.
    """

    creator: str
    platform: str | None = None
    offer: str | None = None
    day: date | None = None
    post: str = ""
    posts: float | None = None
    impressions: float | None = None
    engagements: float | None = None
    clicks: float | None = None
    conversions: float | None = None
