"""FoundSchedules: some schedules of creators, by the places of their posts."""

from __future__ import annotations

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from microopt.planning.schedule_pool.grid import Integers


class FoundSchedules(Struct, frozen=True, kw_only=True, eq=False):
    """Schedules in canonical order: by creator, smaller ones first.

    Attributes
    ----------
    creators
        (schedules,) whose each is.
    places
        (schedules, most posts) the places of its offers in the order of time, -1 behind the last.
    values
        (schedules,) what each is worth.
    """

    creators: NDArray[np.intp]
    places: Integers
    values: Integers

    def take(self, which: NDArray[np.intp] | NDArray[np.bool_]) -> FoundSchedules:
        """Return some of them."""
        return FoundSchedules(creators=self.creators[which], places=self.places[which], values=self.values[which])

    def numbers(self) -> tuple[tuple[int, ...], ...]:
        """Return each as the number of its creator and the places of its offers."""
        owners, places, sizes = self.creators.tolist(), self.places.tolist(), self.sizes.tolist()
        return tuple((owner, *own[:size]) for owner, own, size in zip(owners, places, sizes, strict=True))

    @property
    def sizes(self) -> Integers:
        """(schedules,) how many offers each has."""
        sizes: Integers = (self.places >= 0).sum(axis=1)
        return sizes

    def __len__(self) -> int:
        return len(self.creators)
