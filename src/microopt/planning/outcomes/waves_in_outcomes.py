"""What the plan's creators who accept post over the waves of a calendar, in every simulated outcome."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from microopt.planning.problem import PlanningProblem
from microopt.planning.wave_counts import waves_of
from microopt.quantities.parse_and_format import Range

if TYPE_CHECKING:  # which a plan without risk does not need
    from microopt.forecast.scenarios import Scenarios

Integers = NDArray[np.int64]
Mask = NDArray[np.bool_]


def repeats_in_outcomes(problem: PlanningProblem, scenarios: Scenarios, rows: Mask) -> Integers:
    """Return how many creators post some of these rows in at least two waves in each outcome, (outcomes,)."""
    total = np.zeros(scenarios.count, dtype=np.int64)
    for places in _rows_by_creator(problem, rows):
        waves = waves_of(problem)[places]
        posted = [scenarios.accepted[places[waves == wave]].any(axis=0) for wave in np.unique(waves)]
        total += np.sum(posted, axis=0) > 1
    return total


def posts_by_creator(problem: PlanningProblem, scenarios: Scenarios, rows: Mask) -> Integers:
    """Return how many posts of these rows each creator of the plan has in each outcome, (creators, outcomes)."""
    every_row = np.ones(len(problem), dtype=bool)
    posts = np.where(scenarios.accepted & rows[:, None], problem.roster.unit_counts()[:, None], 0)
    sums = [posts[places].sum(axis=0) for places in _rows_by_creator(problem, every_row)]
    return np.asarray(sums, dtype=np.int64).reshape(-1, scenarios.count)


def gaps_hold(problem: PlanningProblem, scenarios: Scenarios, bounds: Range) -> Mask:
    """Return whether the waves between any two posts of a creator are within a range in each outcome, (outcomes,)."""
    held = np.ones(scenarios.count, dtype=bool)
    for places in _rows_by_creator(problem, np.ones(len(problem), dtype=bool)):
        waves = waves_of(problem)[places]
        before = np.full(scenarios.count, -1)
        for place in np.argsort(waves, kind="stable"):
            accepted, wave = scenarios.accepted[places[place]], int(waves[place])
            gaps = wave - before
            outside = np.zeros(scenarios.count, dtype=bool)
            if bounds.low is not None:
                outside |= gaps < float(bounds.low)
            if bounds.high is not None:
                outside |= gaps > float(bounds.high)
            held &= ~(accepted & (before >= 0) & (gaps > 0) & outside)
            before = np.where(accepted, wave, before)
    return held


def _rows_by_creator(problem: PlanningProblem, rows: Mask) -> Iterator[NDArray[np.intp]]:
    """Yield those of some rows that each creator has, creator by creator."""
    ids = problem.roster.creator_id
    for creator in np.unique(ids[rows]):
        yield np.flatnonzero(rows & (ids == creator))
