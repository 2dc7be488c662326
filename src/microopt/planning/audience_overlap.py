"""How audiences overlap: pools of people, and how much of them each offer exposes.

An offer that reaches a share p of a pool leaves (1 - p) of it; offers reach people independently of each other (random
duplication; Sainsbury), so that of N people `N (1 - exp(-sum a))` are reached, with `a = -ln(1 - p)` for each offer.

With a calendar, the posts of a creator on a platform reach the same people: the one that reaches the most counts, and
the others add nobody.
"""

from __future__ import annotations

from math import floor, fsum

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from microopt.campaign.campaign import Audience
from microopt.quantities.platforms import platform_key
from microopt.roster.roster import Roster
from microopt.roster.selection import find_text_column
from microopt.roster.value_words import holds_any
from microopt.solver.reach_pool import EXPOSURE, net_reach_at

MAX_POOL_SHARE = 0.99  # an offer is assumed to reach no more: the logarithm diverges at 1

Integers = NDArray[np.int64]


class AudiencePool(Struct, frozen=True, kw_only=True, eq=False):
    """A pool of people.

    Attributes
    ----------
    name
        The value of the audience column that defines it.
    size
        Thousandths of people.
    rows
        (k,) rows of the offers that reach into it, ascending.
    exposure
        (k,) billionths.
    """

    name: str
    size: int
    rows: NDArray[np.intp]
    exposure: Integers

    def people_reached(self, selection: NDArray[np.bool_], same_people: NDArray[np.intp] | None = None) -> float:
        """Return the thousandths of people that these offers reach, each person once.

        Parameters
        ----------
        selection
            (n,) the offers.
        same_people
            (n,) as in `AudienceOverlap`.
        """
        rows = selection[self.rows]
        exposure = largest_of_group(self.exposure[rows], None if same_people is None else same_people[self.rows[rows]])
        return net_reach_at(self.size, int(exposure.sum()))


class AudienceOverlap(Struct, frozen=True, kw_only=True, eq=False):
    """All audience pools of a roster.

    Attributes
    ----------
    outside
        (n,) reach, in thousandths, of offers that are in no pool: it is added in full.
    saturated
        (row, pool) where an offer reaches more of a pool than `MAX_POOL_SHARE`.
    same_people
        (n,) a number of the offers that reach the same people, or None where each offer reaches its own.
    """

    pools: tuple[AudiencePool, ...]
    outside: Integers
    saturated: tuple[tuple[int, str], ...]
    same_people: NDArray[np.intp] | None = None

    def reach_outside(self, selection: NDArray[np.bool_]) -> int:
        """Return the thousandths of people that these offers reach outside all pools."""
        groups = None if self.same_people is None else self.same_people[selection]
        return int(largest_of_group(self.outside[selection], groups).sum())

    def net_reach(self, selection: NDArray[np.bool_]) -> int:
        """Return the net reach of these offers in thousandths, rounded down.

        It can exceed the sum of their reach slightly: each exposure is rounded up, by at most a billionth.
        """
        within = fsum(pool.people_reached(selection, self.same_people) for pool in self.pools)
        return self.reach_outside(selection) + floor(within)


def build_overlap(roster: Roster, reach: Integers, audience: Audience) -> AudienceOverlap:
    """Return how much each offer exposes of each pool; its audience is split equally among the pools it belongs to.

    Parameters
    ----------
    reach
        (n,) thousandths of people.

    Raises
    ------
    CampaignError
        If the roster has no such column.
    """
    column = find_text_column(roster, audience.by)
    members = {name: holds_any(column, audience.by, [name]) for name in audience.size}
    pool_count = np.zeros(len(roster), dtype=np.int64)
    for inside in members.values():
        pool_count += inside
    saturated: list[tuple[int, str]] = []
    pools = []
    for name, people in audience.size.items():
        rows = np.flatnonzero(members[name] & (reach > 0))
        share = reach[rows] / pool_count[rows] / (people * 1000)
        saturated += [(row, name) for row in rows[share > MAX_POOL_SHARE].tolist()]
        parts = np.floor(-np.log1p(-np.minimum(share, MAX_POOL_SHARE)) * EXPOSURE)
        exposure = parts.astype(np.int64) + 1  # rounded up, so that a floor that is met to the person is not missed
        pools.append(AudiencePool(name=name, size=people * 1000, rows=rows, exposure=exposure))
    outside = np.where(pool_count == 0, reach, 0)
    return AudienceOverlap(
        pools=tuple(pools), outside=outside, saturated=tuple(saturated), same_people=same_people_of(roster)
    )


def largest_of_group(values: Integers, groups: NDArray[np.intp] | None) -> Integers:
    """Return the values with 0 in place of all but the largest of each group; None is a group for each value."""
    if groups is None or not len(values):
        return values
    order = np.lexsort([-values, groups])
    first = order[np.diff(groups[order], prepend=-1) != 0]
    largest = np.zeros_like(values)
    largest[first] = values[first]
    return largest


def same_people_of(roster: Roster) -> NDArray[np.intp] | None:
    """Return the number of each row's creator and platform, (n,), where a creator posts more than once."""
    if roster.timing is None:
        return None
    numbers = roster.creator_id.astype(np.intp)
    if "platform" not in roster.texts:
        return numbers
    column, keys = roster.texts["platform"], dict[str, int]()
    codes = [keys.setdefault(platform_key(label), len(keys)) for label in column.labels]
    return numbers * len(codes) + np.asarray(codes, dtype=np.intp)[column.codes]
