"""Net reach of a plan in every simulated outcome: each person counted once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from microopt.campaign.metrics import NET_REACH
from microopt.planning.audience_overlap import MAX_POOL_SHARE
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
    pools = sum_rows(np.stack([*members.values()]))
    people = np.zeros(outcomes.count)
    for name, size in audience.size.items():
        people += _people_reached(reach[members[name]], pools[members[name]], size * 1000)
    return sum_rows(reach[pools == 0]) + np.floor(people).astype(np.int64)


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
