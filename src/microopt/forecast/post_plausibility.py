"""Past posts that are hard to believe."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from microopt.forecast.figure_plausibility import Doubt
from microopt.quantities.parse_and_format import format_count
from microopt.roster.roster import Roster

FIX = "Check whether the posts are of this creator, and whether their likes are those of one post each."


def doubt_posts(roster: Roster) -> Iterator[Doubt]:
    """Yield the doubt about creators whose typical post brings more engagements than they have followers."""
    history = roster.posts
    if history is None:
        return
    followers = roster.numbers["followers"]

    def describe(row: int) -> str:
        typical = followers[row] * float(np.exp(history.level[row]))
        return f"{format_count(typical)} engagements of a typical post, {format_count(followers[row])} followers"

    yield Doubt(
        code="posts-above-followers",
        text="past posts with more engagements than followers",
        rows=np.flatnonzero((history.posts > 0) & (np.nan_to_num(history.level, nan=-1.0) > 0)),
        describe=describe,
        fix=FIX,
    )
