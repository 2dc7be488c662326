"""Which schedules are too much for a rule by themselves, above all for the budget: no plan has one.

A relaxation that knew them would spend the budget on a part of the dearest schedule, and its prices and its bound would
say nothing of schedules that can be bought. That a sum is too large does not show in the number of posts alone, and
counting the money itself takes too many states. So posts are counted in steps of a share 1/k of the limit, rounded up,
less one: a schedule within the limit takes at most k - 1 of these steps (a dual feasible function, as in Fekete and
Schepers 2001, doi 10.1007/s101070100243). With the k at which the dearest post of a creator no longer fits k times,
that is exact where the posts of a creator cost the same. The rest is seen where schedules are listed one by one.
"""

from __future__ import annotations

import numpy as np
from msgspec import Struct

from microopt.planning.schedule_pool.grid import Integers, Mask, OfferGrid
from microopt.planning.schedule_pool.pool import SchedulePool
from microopt.planning.schedule_pricing.case_rows import CaseRow


class Room(Struct, frozen=True, kw_only=True, eq=False):
    """What a schedule may have of one rule.

    Attributes
    ----------
    steps
        (creators, places, posts, discounts) the steps that each post takes.
    free
        (creators,) how many steps a schedule may take.
    amounts
        As `steps`: what each post adds to the rule.
    limit
        The most that a schedule may add to it.
    """

    steps: Integers
    free: Integers
    amounts: Integers
    limit: int

    @property
    def most(self) -> int:
        """The most steps that a schedule of any creator may take."""
        return int(self.free.max(initial=0))


def no_limit(grid: OfferGrid) -> Room:
    """Return the room where a schedule may have any posts."""
    none = np.zeros((grid.creators, grid.places, grid.most_posts, int(grid.steps[-1]) + 1), dtype=np.int64)
    return Room(steps=none, free=np.zeros(grid.creators, dtype=np.int64), amounts=none, limit=0)


def fitting_posts(rows: list[CaseRow], possible: Mask) -> Mask:
    """Return which posts are not too much for a rule by themselves, (cases,)."""
    for row in rows:
        if (limit := _limit_of(row)) is not None:
            possible = possible & (row.least <= limit)
    return possible


def room_of(pool: SchedulePool, rows: list[CaseRow], possible: Mask) -> Room:
    """Return the room under the rule that most creators can exceed with one schedule."""
    best = no_limit(pool.grid)
    for row in rows:
        if (limit := _limit_of(row)) is None:
            continue
        amounts = np.where(pool.case >= 0, np.where(possible, row.least, 0)[pool.case], 0)
        dearest = amounts.max(axis=(1, 2, 3), initial=0)
        times = np.where(dearest > 0, limit // np.maximum(dearest, 1) + 1, 0)
        times = np.where(_most_amounts(pool.grid, amounts) > limit, times, 0)
        times = np.where(times <= pool.grid.most_posts, times, 0)  # how often the dearest post is too much
        if np.count_nonzero(times) > np.count_nonzero(best.free):
            own = times[:, None, None, None]
            steps = np.where((own > 0) & (amounts > 0), -(-amounts * own // max(limit, 1)) - 1, 0)
            best = Room(steps=steps, free=np.maximum(times - 1, 0), amounts=amounts, limit=limit)
    return best


def _most_amounts(grid: OfferGrid, amounts: Integers) -> Integers:
    """Return a bound on what a schedule of each creator adds to a rule, (creators,)."""
    most = np.zeros((grid.creators, int(grid.waves.max(initial=0)) + 1), dtype=np.int64)
    for place in range(grid.places):
        own = amounts[:, place].max(axis=(1, 2), initial=0)
        at = np.arange(grid.creators), grid.waves[:, place]
        most[at] = np.maximum(most[at], own) if grid.slots is None else most[at] + own
    dearest: Integers = np.sort(most, axis=1)[:, -grid.most_posts :].sum(axis=1)
    return dearest


def _limit_of(row: CaseRow) -> int | None:
    """Return what no plan exceeds of a rule to which no post adds less than nothing; None for other rules."""
    is_amount = row.is_priced and bool((row.least >= 0).all())
    return row.row.upper if row.row.penalty is None and is_amount else None
