"""What rules in time count of a plan over the waves of a calendar: posts, creators who come back, gaps between posts.

The rows of a choice, and of a creator in a plan, are in order of time.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from microopt.campaign.campaign import PairRule
from microopt.planning.problem import PlanningProblem
from microopt.roster.selection import matching_offers

Integers = NDArray[np.int64]
Mask = NDArray[np.bool_]


def waves_of(problem: PlanningProblem) -> NDArray[np.int32]:
    """Return the wave of each row, from 0 in order of time, (rows,); 0 without a calendar."""
    timing = problem.roster.timing
    return np.zeros(len(problem), dtype=np.int32) if timing is None else timing.wave


def count_repeats(problem: PlanningProblem, rows: Mask) -> int:
    """Return how many creators have some of these rows in at least two waves."""
    ids = problem.roster.creator_id[rows].astype(np.int64)
    pairs = np.unique(ids * (int(waves_of(problem).max(initial=0)) + 1) + waves_of(problem)[rows])
    waves = np.unique(pairs // (int(waves_of(problem).max(initial=0)) + 1), return_counts=True)[1]
    return int((waves > 1).sum())


class Gaps(Struct, frozen=True, kw_only=True, eq=False):
    """How many waves after the one before each post of a creator or choice is.

    Attributes
    ----------
    owner
        (gaps,) ascending: whose gap it is.
    length
        (gaps,) in waves, at least 1: posts in the same wave have none between them.
    """

    owner: NDArray[np.intp]
    length: Integers


def gaps_between(owner: NDArray[np.intp] | NDArray[np.int32], waves: NDArray[np.int32]) -> Gaps:
    """Return the gaps between the waves of each owner.

    Parameters
    ----------
    owner, waves
        (rows,) in any order.
    """
    order = np.lexsort([waves, owner])
    owners, ordered = owner[order].astype(np.intp), waves[order].astype(np.int64)
    length = np.diff(ordered)
    within = (owners[1:] == owners[:-1]) & (length > 0)
    return Gaps(owner=owners[1:][within], length=length[within])


def windows(problem: PlanningProblem, days: int) -> Iterator[tuple[int, Mask]]:
    """Yield each wave of the calendar, and the rows in the waves that start up to so many days later.

    The wave itself is among them.
    """
    calendar, waves = problem.campaign.calendar, waves_of(problem)
    starts: list[date] = [] if calendar is None else [wave.starts for wave in calendar.waves]
    for number, day in enumerate(starts):
        near = [other for other, later in enumerate(starts) if 0 <= (later - day).days <= days]
        yield number, np.isin(waves, near)


def exclusive_sides(problem: PlanningProblem, rule: PairRule) -> Iterator[tuple[Mask, Mask]]:
    """Yield the rows of a creator who is exclusive from a wave on, and those that no other creator may then have."""
    assert rule.days is not None
    left, right = (matching_offers(problem.roster, side) for side in (rule.left, rule.right))
    for wave, near in windows(problem, rule.days):
        yield left & (waves_of(problem) == wave), right & near


def count_crowded(problem: PlanningProblem, rule: PairRule, selection: Mask) -> int:
    """Return how many creators do not have the days after a post to themselves that a rule promises them.

    Parameters
    ----------
    selection
        (rows,) the offers bought.
    """
    ids, crowded = problem.roster.creator_id, set[int]()
    for left, right in exclusive_sides(problem, rule):
        posting, following = (set(ids[rows & selection].tolist()) for rows in (left, right))
        crowded |= {creator for creator in posting if following - {creator}}
    return len(crowded)
