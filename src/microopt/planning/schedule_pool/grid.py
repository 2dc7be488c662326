"""The offers of every creator in the order of time, as a grid, and which of them can follow which."""

from __future__ import annotations

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.quantities.discount_steps import DiscountSteps
from microopt.roster.retainers import retainer_step
from microopt.roster.roster import Roster

Integers = NDArray[np.int64]
Mask = NDArray[np.bool_]


class OfferGrid(Struct, frozen=True, kw_only=True, eq=False):
    """Offers by creator and place, in the order of time.

    Attributes
    ----------
    row
        (creators, places) the row of each offer, -1 behind the last of a creator.
    following
        (creators, places) the first place that may come after this one in a schedule; `places` if none may.
    units
        (creators, places) how many posts each offer is.
    slots
        (rows,) a schedule has at most one row of a slot of its creator, or None where `following` sees to that.
    steps
        (max_posts + 1,) the position of the discount for so many posts.
    waves
        (creators, places) the wave of each offer; behind the last of a creator, one after all others.
    """

    row: Integers
    following: Integers
    units: Integers
    slots: NDArray[np.int32] | None
    steps: Integers
    waves: Integers

    @property
    def creators(self) -> int:
        """How many creators there are."""
        return len(self.row)

    @property
    def places(self) -> int:
        """The most offers of a creator."""
        return int(self.row.shape[1])

    @property
    def most_posts(self) -> int:
        """The most posts of a schedule."""
        return len(self.steps) - 1

    def with_gap(self, gap: int) -> OfferGrid:
        """Return the grid with so many waves at least from one wave with a post to the next.

        Where a wave can have several posts of a creator, the gap is not kept: the grid then allows more.
        """
        if self.slots is not None:
            return self
        following = self.following.copy()
        late = np.where(self.row >= 0, self.waves, np.iinfo(np.int64).max)
        for place in range(self.places):
            following[:, place] = (late < (self.waves[:, place] + gap)[:, None]).sum(axis=1)
        return replace(self, following=np.where(self.row >= 0, following, self.places))

    def can_be(self) -> Mask:
        """Return which offers can be which post of a schedule with which discount, (creators, places, posts, steps)."""
        most, everyone = self.most_posts, np.arange(self.creators)
        before = np.zeros((self.creators, self.places + 1, most + 1), dtype=bool)
        before[:, 0, 0] = True
        after = np.zeros_like(before)  # how many posts may follow from a place on
        after[:, :, 0] = True
        for place in range(self.places - 1, -1, -1):
            after[:, place] = after[:, place + 1] | self._shifted(after[everyone, self.following[:, place]], place)
        possible = np.zeros((self.creators, self.places, most, int(self.steps[-1]) + 1), dtype=bool)
        for place in range(self.places):
            before[:, place + 1] |= before[:, place]
            arrived = self._shifted(before[:, place], place)
            before[everyone, self.following[:, place]] |= arrived
            further = after[everyone, self.following[:, place]]
            for first in range(most):
                for more in range(most - first):
                    total = first + self.units[:, place] + more
                    fits = before[:, place, first] & further[:, more] & (total <= most) & (self.row[:, place] >= 0)
                    chosen = np.flatnonzero(fits)
                    possible[chosen, place, first, self.steps[total[chosen]]] = True
        return possible

    def _shifted(self, posts: Mask, place: int) -> Mask:
        """Return numbers of posts with the offer of a place added to them, (creators, posts)."""
        numbers = np.arange(self.most_posts + 1) - self.units[:, place][:, None]
        moved = np.take_along_axis(posts, np.maximum(numbers, 0), axis=1)
        shifted: Mask = moved & (numbers >= 0) & (self.row[:, place] >= 0)[:, None]
        return shifted


def build_grid(offers: Roster, slots: NDArray[np.int32] | None, max_posts: int, retainer: DiscountSteps) -> OfferGrid:
    """Return the grid of offers that are sorted by creator and wave.

    Parameters
    ----------
    slots
        As in `OfferGrid`; None for one offer of a creator in a wave.
    """
    assert offers.timing is not None
    firsts = np.flatnonzero(np.diff(offers.creator_id, prepend=-1))
    counts = np.diff(firsts, append=len(offers))
    places = np.arange(int(counts.max(initial=0)))
    inside = places < counts[:, None]
    row = np.where(inside, firsts[:, None] + places, -1)
    last = int(offers.timing.wave.max(initial=0)) + 1
    grid = OfferGrid(
        row=row.astype(np.int64),
        following=np.where(inside, places + 1, len(places)).astype(np.int64),
        units=np.where(inside, offers.unit_counts()[np.maximum(row, 0)], 1).astype(np.int64),
        slots=slots,
        steps=retainer_step(retainer, np.arange(max_posts + 1)),
        waves=np.where(inside, offers.timing.wave[np.maximum(row, 0)], last).astype(np.int64),
    )
    return grid.with_gap(1)
