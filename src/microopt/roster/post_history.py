"""What the posts of each creator say, one entry per offer of a roster."""

from __future__ import annotations

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

NDFloat = NDArray[np.float64]


class PostHistory(Struct, frozen=True, kw_only=True, eq=False):
    """Summaries of the posts of each offer's creator on its platform, (n,) each; rates are by followers, in logs.

    Attributes
    ----------
    posts
        Posts that count, 0 where there are none.
    weight
        Recent posts to which these are equal: older ones count less.
    level
        The log rate of an organic post of the usual format today; NaN without posts.
    within
        Standard deviation of the log rate of the creator's posts; NaN without posts.
    shift
        How far the usual log rate of such creators, by platform, size and niche, is from the public figure.
    between
        Standard deviation of the log rate between such creators; NaN where the public figure applies.
    paid
        Log of the engagement of a paid post over an organic one of the creator; NaN where the file does not say which
        posts are paid.
    format
        How far the offer's format is from the public figure for it, in logs.
    views
        Expected views of a post over the usual views of its format; NaN where unknown.
    clicks, clicked_views
        Clicks of the posts whose clicks are known, and the views of these; NaN where unknown.
    conversions, converted_clicks
        Conversions of the posts whose conversions and clicks are known, and the clicks of these; NaN where unknown.
    """

    posts: NDArray[np.int64]
    weight: NDFloat
    level: NDFloat
    within: NDFloat
    shift: NDFloat
    between: NDFloat
    paid: NDFloat
    format: NDFloat
    views: NDFloat
    clicks: NDFloat
    clicked_views: NDFloat
    conversions: NDFloat
    converted_clicks: NDFloat

    def take(self, rows: NDArray[np.intp] | slice) -> PostHistory:
        """Return the summaries of these rows, in this order."""
        return replace(self, **{name: getattr(self, name)[rows] for name in self.__struct_fields__})
