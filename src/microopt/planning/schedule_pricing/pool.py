"""SchedulePool: all schedules of a campaign, of which a problem has some, by what their posts bring."""

from __future__ import annotations

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.forecast.forecast import Forecast
from microopt.planning.once_per_creator import charge_once_per_creator
from microopt.planning.problem import PlanningProblem
from microopt.planning.schedule_pricing.best_schedules import FoundSchedules
from microopt.planning.schedule_pricing.case_problem import CaseProblem
from microopt.planning.schedule_pricing.grid import Integers, OfferGrid
from microopt.roster.extra_costs import ONCE_PER_CREATOR
from microopt.roster.roster import Roster

NO_CASE = -1


class SchedulePool(Struct, frozen=True, kw_only=True, eq=False):
    """The posts from which schedules are made.

    Attributes
    ----------
    grid
        The offers of every creator in the order of time.
    cases, forecast
        What each post brings: by offer, the number of posts before it, and the discount.
    case
        (creators, places, posts, steps) the row of `cases` that a post is, `NO_CASE` if it cannot be.
    before
        (cases,) how many posts of the creator come before each.
    schedules
        How many schedules there are.
    """

    grid: OfferGrid
    cases: Roster
    forecast: Forecast
    case: Integers
    before: Integers
    schedules: int

    def rows_of(self, found: FoundSchedules) -> tuple[NDArray[np.intp], NDArray[np.int32]]:
        """Return the cases of the posts of schedules, and the number of the schedule that each belongs to."""
        grid, inside = self.grid, found.places >= 0
        places = np.maximum(found.places, 0)
        units = np.where(inside, grid.units[found.creators[:, None], places], 0)
        before, posts = np.cumsum(units, axis=1) - units, units.sum(axis=1)
        step = grid.steps[posts][:, None]
        cases = self.case[found.creators[:, None], places, np.minimum(before, grid.most_posts - 1), step]
        numbers = np.broadcast_to(np.arange(len(found))[:, None], inside.shape)
        return cases[inside].astype(np.intp), numbers[inside].astype(np.int32)

    def choose(self, problem: PlanningProblem, found: FoundSchedules) -> PlanningProblem:
        """Return the problem with these schedules as its choices."""
        rows, choice = self.rows_of(found)
        roster, forecast = self.cases.take(rows), self.forecast.take(rows)
        forecast = charge_once_per_creator(forecast, choice)
        return replace(problem, roster=roster, forecast=forecast, choice=choice)

    def within(self, most_posts: int | None) -> NDArray[np.bool_]:
        """Return which posts a schedule of at most so many can have, (cases,)."""
        units = self.cases.unit_counts()
        return np.ones(len(units), dtype=bool) if most_posts is None else self.before + units <= most_posts

    def case_problem(self, problem: PlanningProblem) -> CaseProblem:
        """Return the posts as a problem, with the rules of this one."""
        names = [name for name in PlanningProblem.__struct_fields__ if name not in ("roster", "forecast", "choice")]
        return CaseProblem(
            **{name: getattr(problem, name) for name in names},
            roster=self.cases,
            forecast=_first_posts_charged(self.forecast, self.before),
            choice=np.arange(len(self.cases), dtype=np.int32),
            before=self.before,
            one_a_wave=self.grid.slots is None and bool((self.grid.units == 1).all()),
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
