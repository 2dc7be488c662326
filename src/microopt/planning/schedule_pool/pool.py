"""SchedulePool: all schedules of a campaign, of which a problem has some, by what their posts bring."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from microopt.forecast.forecast import Forecast
from microopt.planning.schedule_pool.found_schedules import FoundSchedules
from microopt.planning.schedule_pool.grid import Integers, Mask, OfferGrid
from microopt.roster.roster import Roster

NO_CASE = -1


class SchedulePool(Struct, frozen=True, kw_only=True, eq=False):
    """The posts from which schedules are made.

    Attributes
    ----------
    grid
        The offers of every creator in the order of time.
    cases, forecast
        What each post brings: by offer, the number of posts before it, and the discount.
    case
        (creators, places, posts, steps) the row of `cases` that a post is, `NO_CASE` if it cannot be.
    before
        (cases,) how many posts of the creator come before each.
    schedules
        How many schedules there are.
    """

    grid: OfferGrid
    cases: Roster
    forecast: Forecast
    case: Integers
    before: Integers
    schedules: int

    def rows_of(self, found: FoundSchedules) -> tuple[NDArray[np.intp], NDArray[np.int32]]:
        """Return the cases of the posts of schedules, and the number of the schedule that each belongs to."""
        grid, inside = self.grid, found.places >= 0
        places = np.maximum(found.places, 0)
        units = np.where(inside, grid.units[found.creators[:, None], places], 0)
        before, posts = np.cumsum(units, axis=1) - units, units.sum(axis=1)
        step = grid.steps[posts][:, None]
        cases = self.case[found.creators[:, None], places, np.minimum(before, grid.most_posts - 1), step]
        numbers = np.broadcast_to(np.arange(len(found))[:, None], inside.shape)
        return cases[inside].astype(np.intp), numbers[inside].astype(np.int32)

    def schedules_of(self, numbers: Sequence[tuple[int, ...]]) -> FoundSchedules:
        """Return schedules by the number of their creator and the places of their offers, those that there are."""
        grid, found = self.grid, []
        for number in numbers:
            owner, places = (number[0], number[1:]) if number else (-1, ())
            if 0 <= owner < grid.creators and places and self._can_be(owner, places):
                found.append((owner, [*places, *[-1] * (grid.most_posts - len(places))]))
        return FoundSchedules(
            creators=np.asarray([owner for owner, _ in found], dtype=np.intp),
            places=np.asarray([places for _, places in found], dtype=np.int64).reshape(-1, grid.most_posts),
            values=np.zeros(len(found), dtype=np.int64),
        )

    def _can_be(self, owner: int, places: Sequence[int]) -> bool:
        """Whether a creator can have these offers in a schedule."""
        grid, allowed, posts = self.grid, 0, 0
        for place in places:
            if not allowed <= place < grid.places or grid.row[owner, place] < 0:
                return False
            allowed, posts = int(grid.following[owner, place]), posts + int(grid.units[owner, place])
        if grid.slots is not None:
            slots = grid.slots[grid.row[owner, list(places)]].tolist()
            if len(set(slots)) < len(slots):
                return False
        return posts <= grid.most_posts

    def in_different_slots(self, found: FoundSchedules) -> Mask:
        """Return which schedules have at most one offer of each slot, (schedules,)."""
        if self.grid.slots is None:
            return np.ones(len(found), dtype=bool)
        inside = found.places >= 0
        rows = self.grid.row[found.creators[:, None], np.maximum(found.places, 0)]
        unused = -1 - np.arange(found.places.shape[1])  # a slot of its own for each place that is not used
        slots = np.sort(np.where(inside, self.grid.slots[rows], unused), axis=1)
        return np.asarray((np.diff(slots, axis=1) > 0).all(axis=1), dtype=bool)

    def posts_of(self, found: FoundSchedules) -> Mask:
        """Return which offers schedules are made of, (creators, places)."""
        posts, inside = np.zeros(self.grid.row.shape, dtype=bool), found.places >= 0
        owners = np.broadcast_to(found.creators[:, None], inside.shape)
        posts[owners[inside], found.places[inside]] = True
        return posts

    def made_of(self, found: FoundSchedules, posts: Mask) -> Mask:
        """Return which schedules are made of these offers alone, (schedules,)."""
        inside = found.places >= 0
        own = posts[found.creators[:, None], np.maximum(found.places, 0)]
        return np.asarray((own | ~inside).all(axis=1), dtype=bool)

    def cases_of(self, posts: Mask) -> Mask:
        """Return which posts are of these offers, (cases,)."""
        cases, own = np.zeros(len(self.cases), dtype=bool), self.case[posts]
        cases[own[own != NO_CASE]] = True
        return cases

    def within(self, most_posts: int | None) -> NDArray[np.bool_]:
        """Return which posts a schedule of at most so many can have, (cases,)."""
        units = self.cases.unit_counts()
        return np.ones(len(units), dtype=bool) if most_posts is None else self.before + units <= most_posts
