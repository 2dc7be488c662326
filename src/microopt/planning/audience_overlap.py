"""How audiences overlap: pools of people, and how much of them each offer exposes.

An offer that reaches a share p of a pool leaves (1 - p) of it; offers reach people independently of each other (random
duplication; Sainsbury), so that of N people `N (1 - exp(-sum a))` are reached, with `a = -ln(1 - p)` for each offer.
"""

from __future__ import annotations

from math import floor, fsum

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from microopt.campaign.campaign import Audience
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

    def people_reached(self, selection: NDArray[np.bool_]) -> float:
        """Return the thousandths of people that these offers reach, each person once.

        Parameters
        ----------
        selection
            (n,) the offers.
        """
        total = int(self.exposure[selection[self.rows]].sum())
        return net_reach_at(self.size, total)


class AudienceOverlap(Struct, frozen=True, kw_only=True, eq=False):
    """All audience pools of a roster.

    Attributes
    ----------
    outside
        (n,) reach, in thousandths, of offers that are in no pool: it is added in full.
    saturated
        (row, pool) where an offer reaches more of a pool than `MAX_POOL_SHARE`.
    """

    pools: tuple[AudiencePool, ...]
    outside: Integers
    saturated: tuple[tuple[int, str], ...]

    def net_reach(self, selection: NDArray[np.bool_]) -> int:
        """Return the net reach of these offers in thousandths, rounded down.

        It can exceed the sum of their reach slightly: each exposure is rounded up, by at most a billionth.
        """
        return int(self.outside[selection].sum()) + floor(fsum(pool.people_reached(selection) for pool in self.pools))


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
    return AudienceOverlap(pools=tuple(pools), outside=outside, saturated=tuple(saturated))
