"""CaseProblem: every post of a schedule as a choice of its own, so that what a schedule has is the sum of its posts.

What a rule counts of a creator, and not of a post, counts with the first post. Where the posts of a creator differ in
whether a rule counts them, that is no sum; then the posts count less than the schedule, or more, as is asked for.
"""

from __future__ import annotations

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.forecast.forecast import Forecast
from microopt.planning.problem import Mask, PlanningProblem
from microopt.planning.schedule_pool.grid import Integers
from microopt.planning.schedule_pool.pool import SchedulePool
from microopt.roster.extra_costs import ONCE_PER_CREATOR


class CaseProblem(PlanningProblem, frozen=True, kw_only=True, eq=False):
    """Posts as choices, in the order of their creators.

    Attributes
    ----------
    before
        (rows,) how many posts of the creator come before each.
    one_a_wave
        Whether a creator has at most one post in a wave, of one unit each.
    at_least
        Whether what is no sum counts less than it is, and not more.
    inexact
        Is filled with True as soon as something is asked for that is no sum.
    """

    before: NDArray[np.int64]
    one_a_wave: bool
    at_least: bool
    inexact: list[bool]

    def any_by_choice(self, rows: Mask) -> Mask:
        """Return what each post adds to whether its schedule has any of these rows, (rows,)."""
        single, every = self._by_creator(rows)
        if not (single | every).all():
            self.inexact.append(True)
        mixed = rows & (self.before == 0) if self.at_least else rows
        return np.where(single, rows, np.where(every, rows & (self.before == 0), mixed))

    def several_waves_by_choice(self, rows: Mask) -> Mask:
        """Return what each post adds to whether its schedule has some of these rows in at least two waves, (rows,)."""
        single, every = self._by_creator(rows)
        if not self.one_a_wave or not (single | every).all():
            self.inexact.append(True)
        exact = rows & (self.before == 1) & ~single
        mixed = np.zeros(len(rows), dtype=bool) if self.at_least else rows & (self.before >= 1) & ~single
        return np.where(single | (every & self.one_a_wave), exact, mixed)

    def _by_creator(self, rows: Mask) -> tuple[Mask, Mask]:
        """Return of whose posts a schedule has at most one of these rows, and whose posts are all among them, (rows,).

        Nobody's posts count as at most one where a wave can have several.
        """
        assert self.roster.timing is not None
        ids, waves = self.roster.creator_id, self.roster.timing.wave
        starts = np.flatnonzero(np.diff(ids, prepend=-1))
        number = np.repeat(np.arange(len(starts)), np.diff(starts, append=len(ids)))
        every = np.logical_and.reduceat(rows, starts)
        last = np.maximum.reduceat(np.where(rows, waves, -1), starts)
        if self.one_a_wave:
            single = np.minimum.reduceat(np.where(rows, waves, np.iinfo(np.int32).max), starts) >= last
        else:
            single = last < 0
        return single[number], every[number]


def case_problem(problem: PlanningProblem, pool: SchedulePool) -> CaseProblem:
    """Return the posts of a pool as a problem, with the rules of this one."""
    names = [name for name in PlanningProblem.__struct_fields__ if name not in ("roster", "forecast", "choice")]
    return CaseProblem(
        **{name: getattr(problem, name) for name in names},
        roster=pool.cases,
        forecast=_first_posts_charged(pool.forecast, pool.before),
        choice=np.arange(len(pool.cases), dtype=np.int32),
        before=pool.before,
        one_a_wave=pool.grid.slots is None and bool((pool.grid.units == 1).all()),
        at_least=True,
        inexact=[],
    )


def _first_posts_charged(expected: Forecast, before: Integers) -> Forecast:
    """Return the forecast of posts with what a creator costs once in the first of them."""
    cost, lines = expected.cost, dict(expected.extra_costs)
    for name in ONCE_PER_CREATOR:
        if name in lines:
            charged = np.where(before == 0, lines[name], 0)
            cost, lines[name] = cost + charged - lines[name], charged
    return replace(expected, cost=cost, extra_costs=lines)
