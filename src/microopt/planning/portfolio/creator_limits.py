"""In how many campaigns a creator may be: a figure of the lists, a limit of the tier, or that of the house."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from microopt.campaign.portfolio import Capacity
from microopt.planning.portfolio.entry import SharedProblem
from microopt.quantities.keys import match_key
from microopt.roster.roster import find_number_column

UNLIMITED = 1_000_000  # more campaigns than any portfolio has


def campaign_limits(capacity: Capacity, problems: Sequence[SharedProblem]) -> dict[str, int]:
    """Return the limit of each creator that has one, by match key: the least that any of the lists gives."""
    limits: dict[str, int] = {}
    for problem in problems:
        own = _limits_of(capacity, problem)
        for key, limit in zip(problem.creator_keys, own.tolist(), strict=True):
            if limit < UNLIMITED:
                left = max(0, limit - capacity.kept_campaigns.get(key, 0))
                limits[key] = min(left, limits.get(key, left))
    return limits


def _limits_of(capacity: Capacity, shared: SharedProblem) -> NDArray[np.int64]:
    """Return the limit of each creator of a campaign by number, (creators,)."""
    roster = shared.problem.roster
    limits = np.full(len(roster), UNLIMITED if capacity.campaigns is None else capacity.campaigns, dtype=np.int64)
    for name, limit in capacity.tiers.items():
        limits[roster.texts["tier"].contains_any({match_key(name)})] = limit
    column = None if capacity.column is None else find_number_column(roster, capacity.column)
    if column is not None:
        figures = roster.numbers[column]
        stated = np.isfinite(figures) & (figures >= 0)
        limits[stated] = np.minimum(np.floor(figures[stated]), UNLIMITED).astype(np.int64)
    least = np.full(len(shared.creator_names), UNLIMITED, dtype=np.int64)
    np.minimum.at(least, shared.creators[shared.problem.choice], limits)
    return least


def lists_without(capacity: Capacity, problems: Sequence[SharedProblem]) -> Iterator[str]:
    """Yield the names of campaigns whose list lacks the column of limits."""
    if capacity.column is not None:
        for problem in problems:
            if find_number_column(problem.problem.roster, capacity.column) is None:
                yield problem.name
