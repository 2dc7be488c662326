"""What a roster states of the audience of each creator: the share that a campaign is to reach."""

from __future__ import annotations

from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

NDFloat = NDArray[np.float64]


class StatedAudience(Struct, frozen=True, kw_only=True, eq=False):
    """Shares of each creator's audience that are on target, NaN where the roster states none; (n,) each.

    Attributes
    ----------
    country
        In the target's countries.
    mostly
        In the target's countries, of the places that the roster names without shares: `Germany` is 1 for a target of
        Germany and 0 for one of Austria.
    age, gender
        Of the target's ages, and of its gender.
    age_and_gender
        Of both at once, where the roster has shares of ages for each gender.
    """

    country: NDFloat
    mostly: NDFloat
    age: NDFloat
    gender: NDFloat
    age_and_gender: NDFloat

    def take(self, rows: NDArray[np.intp] | slice) -> StatedAudience:
        """Return the shares of these rows."""
        return StatedAudience(**{name: column[rows] for name, column in self.columns().items()})

    def shared_within(self, groups: NDArray[np.int64]) -> StatedAudience:
        """Return the shares with those of the first row of its group that states them in each row that does not.

        Parameters
        ----------
        groups
            (n,) equal for rows that have one audience: the offers of a creator on one platform.
        """
        if len(groups) == len(np.unique(groups)):
            return self
        _, group = np.unique(groups, return_inverse=True)
        return StatedAudience(**{name: _share(column, group) for name, column in self.columns().items()})

    def columns(self) -> dict[str, NDFloat]:
        """Return each column by its name."""
        columns: dict[str, Any] = {name: getattr(self, name) for name in self.__struct_fields__}
        return columns


def _share(column: NDFloat, group: NDArray[np.intp]) -> NDFloat:
    stated = np.flatnonzero(np.isfinite(column))[::-1]  # of several, the first is put in its place last
    first = np.full(int(group.max(initial=-1)) + 1, np.nan)
    first[group[stated]] = column[stated]
    return np.where(np.isnan(column), first[group], column)


def nothing_stated(rows: int) -> StatedAudience:
    """Return the audience of a roster that states nothing of it."""
    return StatedAudience(**{name: np.full(rows, np.nan) for name in StatedAudience.__struct_fields__})
