"""The best schedules of every creator at given values of posts, by dynamic programming, in exact integers.

What a post is worth depends on its offer, on how many posts of the creator come before it, and on the discount of the
schedule. So the most that a schedule can still bring from a place in the order of time on depends on the number of its
posts so far and on the discount. That is the bound by which a depth-first search finds all schedules that are nearly
as good as the best one of their creator, and no others.
"""

from __future__ import annotations

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from microopt.planning.schedule_pool.found_schedules import FoundSchedules
from microopt.planning.schedule_pool.grid import Integers, OfferGrid
from microopt.planning.schedule_pricing.room import Room

NEVER = -(2**61)  # below every sum of values


class PostValues(Struct, frozen=True, kw_only=True, eq=False):
    """What each post is worth, and the best that a schedule can bring from each place on.

    Attributes
    ----------
    values
        (creators, places, posts, steps) what each offer is worth after so many posts, at each discount; `NEVER` if it
        cannot be there.
    completions
        (steps, creators, places + 1, posts + 2, room + 1) the most from a place on, after so many posts and with so
        much room left, in a schedule that ends with this discount.
    room
        What a schedule may have of the rule that is the first to forbid some.
    kinds
        As `values`: posts of the same kind cannot be told apart, and of schedules of the same kinds one is found; None
        to find each.
    """

    grid: OfferGrid
    values: Integers
    completions: Integers
    room: Room
    kinds: Integers | None = None

    @property
    def best(self) -> Integers:
        """(creators,) what the best schedule of each creator is worth; `NEVER` or less if there is none."""
        best: Integers = self.at_first.max(axis=0)
        return best

    @property
    def at_first(self) -> Integers:
        """(steps, creators) what the best schedule of each creator with each discount is worth."""
        first: Integers = self.completions[:, np.arange(self.grid.creators), 0, 0, self.room.free]
        return first


def value_posts(grid: OfferGrid, values: Integers, room: Room, kinds: Integers | None = None) -> PostValues:
    """Return the best completions of schedules at these values."""
    most, everyone = grid.most_posts, np.arange(grid.creators)
    steps = int(grid.steps[-1]) + 1
    completions = np.full((steps, grid.creators, grid.places + 1, most + 2, room.most + 1), NEVER, dtype=np.int64)
    owner, free = everyone[:, None, None], np.arange(room.most + 1)
    for step in range(steps):
        best = completions[step]
        best[:, grid.places, 1 : most + 1] = np.where(grid.steps[1:] == step, 0, NEVER)[:, None]
        for place in range(grid.places - 1, -1, -1):
            after = best[everyone, grid.following[:, place]]
            posts = np.minimum(np.arange(most) + grid.units[:, place][:, None], most + 1)
            left = free - room.steps[:, place, :, step, None]
            further = after[owner, posts[:, :, None], np.maximum(left, 0)]
            taken = np.maximum(values[:, place, :, step, None] + np.where(left >= 0, further, NEVER), NEVER)
            best[:, place] = best[:, place + 1]
            np.maximum(best[:, place, :most], taken, out=best[:, place, :most])
    return PostValues(grid=grid, values=values, completions=completions, room=room, kinds=kinds)


def best_of_each(priced: PostValues) -> FoundSchedules:
    """Return a best schedule of each creator at each discount that one can have."""
    grid, everyone = priced.grid, np.arange(priced.grid.creators)
    found = []
    for step in range(len(priced.completions)):
        best, posts = priced.completions[step], np.zeros(grid.creators, dtype=np.int64)
        allowed, size = np.zeros(grid.creators, dtype=np.int64), np.zeros(grid.creators, dtype=np.int64)
        places, left = np.full((grid.creators, grid.most_posts), -1, dtype=np.int64), priced.room.free.copy()
        for place in range(grid.places):
            here = best[everyone, place, posts, left]
            later = best[everyone, place + 1, posts, left]
            taken = np.flatnonzero((allowed <= place) & (here > later) & (here > NEVER))
            places[taken, size[taken]] = place
            size[taken] += 1
            left[taken] -= priced.room.steps[taken, place, posts[taken], step]
            posts[taken] += grid.units[taken, place]
            allowed[taken] = grid.following[taken, place]
        some = np.flatnonzero(priced.at_first[step] > NEVER // 2)
        found.append(FoundSchedules(creators=some, places=places[some], values=priced.at_first[step, some]))
    return in_order(found, grid)


def find_within(priced: PostValues, least: Integers, most_found: int) -> FoundSchedules | None:
    """Return all schedules that are worth at least so much, None if there are more than `most_found`.

    Parameters
    ----------
    least
        (creators,) the least value by creator.
    """
    found: list[FoundSchedules] = []
    for step in range(len(priced.completions)):
        level = _level_of(priced, step, least)
        while len(level := _extend(priced, step, level, least)):
            if len(level) > 4 * most_found:
                return None
            ends = priced.grid.steps[level.posts] == step
            complete = np.flatnonzero(ends & (level.values >= least[level.creators]))
            found.append(level.schedules(complete, priced.grid.most_posts))
            if sum(map(len, found)) > most_found:
                return None
    return in_order(found, priced.grid)


class _Level(Struct, frozen=True, kw_only=True, eq=False):
    """Beginnings of schedules, each with the same number of offers."""

    creators: NDArray[np.intp]
    places: Integers
    values: Integers
    posts: Integers
    allowed: Integers
    left: Integers
    amounts: Integers
    kinds: Integers

    def __len__(self) -> int:
        return len(self.creators)

    def schedules(self, which: NDArray[np.intp], width: int) -> FoundSchedules:
        places = np.full((len(which), width), -1, dtype=np.int64)
        places[:, : self.places.shape[1]] = self.places[which]
        return FoundSchedules(creators=self.creators[which], places=places, values=self.values[which])


def _level_of(priced: PostValues, step: int, least: Integers) -> _Level:
    creators = np.flatnonzero((priced.at_first[step] >= least) & (priced.best > NEVER // 2))
    zeros = np.zeros(len(creators), dtype=np.int64)
    none = np.zeros((len(creators), 0), dtype=np.int64)
    left = priced.room.free[creators]
    return _Level(
        creators=creators, places=none, values=zeros, posts=zeros, allowed=zeros, left=left, amounts=zeros, kinds=none
    )


def _extend(priced: PostValues, step: int, level: _Level, least: Integers) -> _Level:
    """Return the beginnings with one more offer from which a schedule can still be worth its least value."""
    grid, room = priced.grid, priced.room
    counts = np.maximum(grid.places - level.allowed, 0)
    parent = np.repeat(np.arange(len(level)), counts)
    place = np.arange(len(parent)) - np.repeat(np.cumsum(counts) - counts, counts) + level.allowed[parent]
    creator, posts = level.creators[parent], level.posts[parent]
    inside = (grid.row[creator, place] >= 0) & (posts < grid.most_posts)
    parent, place, creator, posts = parent[inside], place[inside], creator[inside], posts[inside]
    value = level.values[parent] + priced.values[creator, place, posts, step]
    left = level.left[parent] - room.steps[creator, place, posts, step]
    amount = level.amounts[parent] + room.amounts[creator, place, posts, step]
    posts = np.minimum(posts + grid.units[creator, place], grid.most_posts + 1)
    following = grid.following[creator, place]
    reachable = (value > NEVER // 2) & (posts <= grid.most_posts) & (left >= 0) & (amount <= room.limit)
    further = priced.completions[step, creator, following, posts, np.maximum(left, 0)]
    most = value + np.where(reachable, further, NEVER)
    kept = reachable & (most >= least[creator])
    if grid.slots is not None and level.places.shape[1]:
        earlier = grid.row[creator[:, None], level.places[parent]]
        kept &= (grid.slots[earlier] != grid.slots[grid.row[creator, place]][:, None]).all(axis=1)
    kept = np.flatnonzero(kept)
    kinds = level.kinds
    if priced.kinds is not None:
        own = priced.kinds[creator, place, level.posts[parent], step]
        kinds = np.sort(np.column_stack([level.kinds[parent], own]), axis=1)[kept]
        first = _first_of_alike(creator[kept], kinds, following[kept])
        kept, kinds = kept[first], kinds[first]
    return _Level(
        creators=creator[kept],
        places=np.column_stack([level.places[parent[kept]], place[kept]]),
        values=value[kept],
        posts=posts[kept],
        allowed=following[kept],
        left=left[kept],
        amounts=amount[kept],
        kinds=kinds,
    )


def _first_of_alike(creators: NDArray[np.intp], kinds: Integers, following: Integers) -> NDArray[np.intp]:
    """Return one beginning of each creator and kinds, the one after which most can follow."""
    order = np.lexsort([following, *kinds.T, creators])
    same = (np.diff(kinds[order], axis=0) == 0).all(axis=1) & (np.diff(creators[order]) == 0)
    return np.sort(order[np.concatenate([[True], ~same])]) if len(order) else order


def in_order(found: list[FoundSchedules], grid: OfferGrid) -> FoundSchedules:
    """Return schedules together, in canonical order and each once."""
    none = np.zeros((0, grid.most_posts), dtype=np.int64)
    together = FoundSchedules(
        creators=np.concatenate([none[:, 0].astype(np.intp), *(each.creators for each in found)]),
        places=np.concatenate([none, *(each.places for each in found)]),
        values=np.concatenate([none[:, 0], *(each.values for each in found)]),
    )
    order = np.lexsort([*together.places.T[::-1], together.sizes, together.creators])
    together = together.take(order)
    same = (np.diff(together.places, axis=0) == 0).all(axis=1) & (np.diff(together.creators) == 0)
    return together.take(np.concatenate([[True], ~same])) if len(order) else together
