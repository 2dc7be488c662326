"""Posts as columns, and the accounts that published them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

NDFloat = NDArray[np.float64]
ORGANIC, PAID, UNKNOWN = 0, 1, -1
DAYS_OF_YEAR = 365.25
LEAST_ENGAGEMENTS = 0.5  # what a post without engagement counts as, since its logarithm is taken


class Accounts(Struct, frozen=True, kw_only=True, eq=False):
    """The accounts of a roster: one for each creator on each platform, (a,) each.

    Attributes
    ----------
    followers
        People.
    platform
        Position in `PLATFORMS`.
    niche
        Position of the first niche in `niches`, -1 where none is known.
    niches
        Names of the niches.
    """

    followers: NDFloat
    platform: NDArray[np.int8]
    niche: NDArray[np.intp]
    niches: Sequence[str] = ()

    def __len__(self) -> int:
        return len(self.followers)


class PostTable(Struct, frozen=True, kw_only=True, eq=False):
    """Posts, (m,) each.

    Attributes
    ----------
    account
        Position of the account that published it.
    engagements
        Likes, comments and shares; NaN where unknown.
    age
        Years before the last post of the file; NaN where unknown.
    paid
        `PAID`, `ORGANIC` or `UNKNOWN`.
    format
        Position in `formats`, -1 where unknown.
    formats
        For each platform and format: the platform's position, and the format's among those of the platform.
    views, clicks, conversions
        NaN where unknown; None if the file does not have them.
    """

    account: NDArray[np.intp]
    engagements: NDFloat
    age: NDFloat
    paid: NDArray[np.int8]
    format: NDArray[np.intp]
    formats: Sequence[tuple[int, int]] = ()
    views: NDFloat | None = None
    clicks: NDFloat | None = None
    conversions: NDFloat | None = None

    def __len__(self) -> int:
        return len(self.account)

    def take(self, rows: NDArray[np.bool_]) -> PostTable:
        """Return some of the posts; all of them without a copy, which of ten million takes a second."""
        if rows.all():
            return self
        columns = {name: getattr(self, name) for name in self.__struct_fields__ if name != "formats"}
        return replace(self, **{name: None if column is None else column[rows] for name, column in columns.items()})


def sum_by(account: NDArray[np.intp], values: NDFloat | None, accounts: int) -> NDFloat:
    """Return the sum of a figure of the posts of each account, or the number of its posts."""
    return np.bincount(account, weights=values, minlength=accounts).astype(np.float64, copy=False)
