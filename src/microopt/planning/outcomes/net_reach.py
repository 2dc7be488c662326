"""Net reach of a plan in every simulated outcome: each person counted once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from microopt.campaign.metrics import NET_REACH
from microopt.planning.audience_overlap import MAX_POOL_SHARE, same_people_of
from microopt.planning.outcomes.outcomes import Integers, Mask, Outcomes, sum_rows
from microopt.roster.selection import find_text_column
from microopt.roster.value_words import holds_any
from microopt.solver.reach_pool import EXPOSURE


def net_reach_in_outcomes(outcomes: Outcomes, rows: Mask) -> Integers:
    """Return the net reach of some offers in each outcome, (outcomes,) thousandths, rounded down.

    As `microopt.planning.audience_overlap` computes it for one outcome, for all at once.
    """
    problem, reach = outcomes.problem, np.where(rows[:, None], outcomes.amounts("reach"), 0)
    audience = problem.campaign.audience
    assert audience is not None
    column = find_text_column(problem.roster, audience.by)
    members = {name: holds_any(column, audience.by, [name]) for name in audience.size}
    pools, groups = sum_rows(np.stack([*members.values()])), same_people_of(problem.roster)
    people = np.zeros(outcomes.count)
    for name, size in audience.size.items():
        inside = members[name]
        people += _people_reached(*_largest(reach, pools, inside, groups), size * 1000)
    return sum_rows(_largest(reach, pools, pools == 0, groups)[0]) + np.floor(people).astype(np.int64)


def _largest(
    reach: Integers, pools: Integers, rows: Mask, groups: NDArray[np.intp] | None
) -> tuple[Integers, Integers]:
    """Return the reach of some rows in each outcome, and their pools; of those that reach the same people the largest.

    Offers that reach the same people are of one creator and in the same pools.
    """
    if groups is None or not rows.any():
        return reach[rows], pools[rows]
    order = np.flatnonzero(rows)[np.argsort(groups[rows], kind="stable")]
    starts = np.flatnonzero(np.diff(groups[order], prepend=-1))
    return np.maximum.reduceat(reach[order], starts, axis=0), pools[order[starts]]


def total_of(outcomes: Outcomes, measure: str) -> Integers:
    """Return a total in each outcome, net reach among them."""
    if measure == NET_REACH:
        return net_reach_in_outcomes(outcomes, outcomes.every_row)
    return outcomes.total(measure)


def _people_reached(reach: Integers, pools: Integers, size: int) -> NDArray[np.float64]:
    """Return the thousandths of the people of a pool who are reached in each outcome."""
    share = reach / pools[:, None] / size
    parts = np.floor(-np.log1p(-np.minimum(share, MAX_POOL_SHARE)) * EXPOSURE).astype(np.int64) + 1
    exposure = sum_rows(np.where(reach > 0, parts, 0))
    people: NDArray[np.float64] = size * (1 - np.exp(-exposure / EXPOSURE))
    return people
