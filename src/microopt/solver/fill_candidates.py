"""Columns that a fill looks at together, and what is left for them at the moments at which they would be added."""

from __future__ import annotations

from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from microopt.solver.arrays import Integers


class Room(Struct, frozen=True, kw_only=True, eq=False):
    """What is left at one moment, or at each of several.

    Attributes
    ----------
    activity
        (rows, moments).
    money, slots
        (moments,) the money that is left, and the number of columns that may still be added.
    """

    activity: Integers
    money: Integers
    slots: Integers

    def for_each(self) -> Room:
        """Return the moments for each of several columns, (rows, 1, moments)."""
        return Room(activity=self.activity[:, None], money=self.money, slots=self.slots)


class Candidates(Struct, frozen=True, kw_only=True, eq=False):
    """Columns in the order of their ranks: their coefficients, (rows, columns), costs and groups."""

    coefficients: Integers
    cost: Integers
    group: NDArray[np.int32]

    def take(self, places: Any) -> Candidates:
        """Return some of the columns; with another axis, each of them for every moment of a room."""
        more = places if isinstance(places, tuple) else (places,)
        rest = {"cost": self.cost[places], "group": self.group[places]}
        return Candidates(coefficients=self.coefficients[(slice(None), *more)], **rest)
