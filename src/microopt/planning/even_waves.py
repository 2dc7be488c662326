"""Of plans of the same value and cost, the one whose posts are spread most evenly over the waves of a calendar.

Where waves are alike, the same posts in other waves bring and cost the same, and a solver takes any of them. A marketer
who asks for twelve weeks wants to be seen in twelve weeks. So a plan is moved: creators get another schedule of the
same offers with exactly the same objective and cost, while every row of the program holds in exact integers. No proof
depends on that. Posts that the last plan had stay where it had them.

The measure adds the squares of what is spent in each wave, so that two posts in one wave count for the product of
their fees, and for posts of one creator that follow each other too soon a part of that. A post counts at most what the
largest of the waves has in an even plan: a dearer one then fills its wave, and keeps neither all other posts out of it
nor their creators out of the waves in which they would post again. The measure is made smaller by moving one creator or
two at a time, or all at once where they are few: then it is the least.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from math import comb, isqrt, prod

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from microopt.plan.plan import Pick
from microopt.planning.movable_schedules import Movable, movable_schedules
from microopt.planning.problem import PlanningProblem
from microopt.planning.wave_weights import wave_weights
from microopt.solver.program import Columns, IntegerProgram

Integers = NDArray[np.int64]
SPEND = 2**18  # what the spend of all creators is counted in, so that squares and their weights are exact in 64 bits
WEIGHT = 2**6  # what a wave of average weight counts
MOST_WEIGHT = 2**12
KEPT = 2**50  # what a post of the last plan counts that stays: more than the evenness of any plan
LEAST_SHARE = 10  # a post counts at least a tenth of the mean one: gifted posts are spread too
ALL_AT_ONCE = 20_000  # combinations of the schedules of all creators, up to which the best one is looked for
FEW_CREATORS = 60  # up to which two are moved at a time
FEW_SCHEDULES, MANY_SCHEDULES = 24, 80  # of each of these two: the fewer, the more creators there are
PAIRS_OF_SCHEDULES = 500_000  # of all pairs of creators, as long as few of each are enough
ROUNDS = 20


def even_out(problem: PlanningProblem, program: IntegerProgram, columns: Columns, last: Sequence[Pick] = ()) -> Columns:
    """Return the columns of a plan of the same objective and cost, with its posts spread over the waves.

    Parameters
    ----------
    program
        Of the problem, which may have further rows.
    columns
        A plan that keeps all rows.
    last
        The picks of the last plan: posts that it has already stay in their waves.
    """
    if problem.campaign.calendar is None or problem.roster.timing is None:
        return columns
    movable = movable_schedules(problem, program, columns, last)
    if not movable.creators:
        return columns
    search = _Moves(_spread_of(problem, movable), movable)
    search.run()
    moved = np.sort(np.concatenate([movable.fixed, search.columns()]))
    return moved if _is_as_good(program, moved, columns) else columns


def _is_as_good(program: IntegerProgram, moved: Columns, columns: Columns) -> bool:
    """Whether a moved plan keeps all rows, brings and costs the same; it does, and nothing else is shown."""
    (value, cost), (value_before, cost_before) = (
        (program.objective_value(plan), program.total_cost(plan)) for plan in (moved, columns)
    )
    return (value, cost) == (value_before, cost_before) and not program.violated_constraints(moved)


class _Spread(Struct, frozen=True, kw_only=True, eq=False):
    """What the measure takes of each creator's schedules.

    Attributes
    ----------
    fixed
        (waves,) the spend of creators who cannot be moved.
    spend
        By creator, (schedules, waves): the spend in each wave.
    own
        By creator, (schedules,): what posts that follow each other too soon count, less those of the last plan.
    weights
        (waves,) what the square of the spend in each wave counts.
    """

    fixed: Integers
    spend: list[Integers]
    own: list[Integers]
    weights: Integers


def _spread_of(problem: PlanningProblem, movable: Movable) -> _Spread:
    calendar, timing, cost = problem.campaign.calendar, problem.roster.timing, problem.forecast.cost
    assert calendar is not None and timing is not None
    fixed_rows = problem.rows_of(movable.fixed)
    movable_rows = [each.rows[each.chosen] for each in movable.creators]
    costs = cost[np.concatenate([fixed_rows, *movable_rows])]
    unit = max(1, -(-int(costs.sum()) // SPEND))
    least = max(1, int(costs.sum()) // unit // max(1, len(costs)) // LEAST_SHARE)
    in_wave = int(costs.sum()) // unit // len(calendar.waves)
    shares = wave_weights(calendar, problem.campaign.budget)
    most = max(least, int(int(costs.sum()) // unit * max(shares) / sum(shares))) if any(shares) else SPEND
    fixed = np.zeros(len(calendar.waves), dtype=np.int64)
    np.add.at(fixed, timing.wave[fixed_rows], np.clip(cost[fixed_rows] // unit, least, most))
    spend, own = [], []
    for each in movable.creators:
        amounts, waves = np.clip(cost[each.rows] // unit, least, most), timing.wave[each.rows].astype(np.int64)
        by_wave = np.zeros((len(waves), len(fixed)), dtype=np.int64)
        np.add.at(by_wave, (np.arange(len(waves))[:, None], waves), amounts)
        spend.append(by_wave)
        own.append(_too_soon(amounts, waves, in_wave) - KEPT * each.kept)
    mean = sum(shares) / len(shares)
    weights = [min(MOST_WEIGHT, max(1, round(WEIGHT * mean / share))) if share else MOST_WEIGHT for share in shares]
    return _Spread(fixed=fixed, spend=spend, own=own, weights=np.asarray(weights, dtype=np.int64))


def _too_soon(amounts: Integers, waves: Integers, in_wave: int) -> Integers:
    """Return what each schedule counts for posts that follow each other too soon, (schedules,).

    That is sooner than if they were spread evenly over the waves in which their creator can post: the more, the sooner.
    Two such posts count as if they shared a wave with each other, or with half of what is spent in one: a small creator
    is not there to fill up waves.

    Parameters
    ----------
    amounts, waves
        (schedules, posts) in order of time.
    in_wave
        The mean spend in a wave.
    """
    span, posts = int(waves.max() - waves.min()) + 1, waves.shape[1]
    short = np.maximum(0, span - np.diff(waves, axis=1) * posts)
    mean = (amounts[:, 1:] + amounts[:, :-1]) // 2
    return np.asarray((2 * WEIGHT * mean * np.maximum(mean, in_wave // 2) * short // span).sum(axis=1), dtype=np.int64)


class _Moves:
    """Schedules of all movable creators, which are moved as long as that makes the measure smaller."""

    def __init__(self, spread: _Spread, movable: Movable) -> None:
        self._spread, self._movable = spread, movable
        self._chosen = [each.chosen for each in movable.creators]
        self._totals = spread.fixed + sum(own[at] for own, at in zip(spread.spend, self._chosen, strict=True))
        self._activity = movable.activity.copy()
        pairs = max(1, comb(len(movable.creators), 2))
        self._few = min(MANY_SCHEDULES, max(FEW_SCHEDULES, isqrt(PAIRS_OF_SCHEDULES // pairs)))

    def columns(self) -> Columns:
        """Return the columns of the schedules that are chosen now."""
        chosen = zip(self._movable.creators, self._chosen, strict=True)
        return np.asarray([each.columns[at] for each, at in chosen], dtype=np.intp)

    def run(self) -> None:
        """Move creators until nothing becomes better by it."""
        counts = [len(each.columns) for each in self._movable.creators]
        everyone = range(len(counts))
        order = sorted(everyone, key=lambda place: (-int(self._spread.spend[place][0].sum()), place))
        pairs = list(combinations(order, 2)) if len(order) <= FEW_CREATORS else []
        for _ in range(ROUNDS):
            moved = sum(self._improve({place: np.arange(counts[place])}) for place in order)
            if not moved and not sum(self._improve_two(*pair) for pair in pairs):
                break
        if prod(counts) <= ALL_AT_ONCE:
            self._improve({place: np.arange(counts[place]) for place in everyone})

    def _improve_two(self, first: int, second: int) -> bool:
        return self._improve({first: self._best_few(first), second: self._best_few(second)})

    def _best_few(self, place: int) -> NDArray[np.intp]:
        """Return the schedules of a creator that would be best alone, with the one that is chosen."""
        measure = self._measure({place: np.arange(len(self._movable.creators[place].columns))})[0]
        best = np.argsort(measure, kind="stable")[: self._few]
        return np.union1d(best, [self._chosen[place]])

    def _improve(self, options: dict[int, NDArray[np.intp]]) -> bool:
        """Move some creators to the best of their schedules together that keeps all rows; return whether any moved."""
        measure, activity = self._measure(options)
        low, high = self._movable.lower[:, None], self._movable.upper[:, None]
        allowed = np.logical_and.reduce((activity >= low) & (activity <= high), axis=0)
        shape = [len(own) for own in options.values()]
        now = np.ravel_multi_index(
            [int(np.searchsorted(own, self._chosen[place])) for place, own in options.items()], shape
        )
        best = int(np.argmin(np.where(allowed, measure, np.iinfo(np.int64).max)))
        if measure[best] >= measure[now]:
            return False
        for (place, own), at in zip(options.items(), np.unravel_index(best, shape), strict=True):
            self._move(place, int(own[at]))
        return True

    def _move(self, place: int, to: int) -> None:
        spend, activities = self._spread.spend[place], self._movable.creators[place].activities
        self._totals = self._totals + spend[to] - spend[self._chosen[place]]
        self._activity = self._activity + activities[:, to] - activities[:, self._chosen[place]]
        self._chosen[place] = to

    def _measure(self, options: dict[int, NDArray[np.intp]]) -> tuple[Integers, Integers]:
        """Return the measure of each combination of schedules of some creators, and the activity of each row."""
        totals, activity, own = self._totals[None, :], self._activity[:, None], np.zeros(1, dtype=np.int64)
        for place, places in options.items():
            each, spend, at = self._movable.creators[place], self._spread.spend[place], self._chosen[place]
            moved = spend[places] - spend[at]
            totals = (totals[:, None, :] + moved).reshape(-1, len(self._totals))
            own = (own[:, None] + self._spread.own[place][places]).ravel()
            change = each.activities[:, places] - each.activities[:, [at]]
            activity = (activity[:, :, None] + change[:, None, :]).reshape(len(activity), len(own))
        return (totals**2) @ self._spread.weights + own, activity
