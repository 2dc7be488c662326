"""What a campaign has booked: whom, on which days, with how many posts."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from msgspec import Struct

from microopt.plan.plan import Plan
from microopt.planning.portfolio.entry import Days, SharedProblem
from microopt.planning.portfolio.periods import overlaps
from microopt.quantities.keys import match_key
from microopt.solver.program import Columns


class Booked(Struct, frozen=True, kw_only=True):
    """Posts of one creator on one occasion of a campaign.

    Attributes
    ----------
    creator
        The match key.
    days
        Of the wave, or of the campaign.
    """

    creator: str
    days: Days
    posts: int


Bookings = tuple[Booked, ...]


def booked_by_choices(shared: SharedProblem, picks: Columns) -> Bookings:
    """Return what some choices of a campaign book."""
    chosen = np.zeros(len(shared.program), dtype=bool)
    chosen[picks] = True
    problem, timing = shared.problem, shared.problem.roster.timing
    units, creators = problem.roster.unit_counts(), shared.creators[problem.choice]
    return tuple(
        Booked(
            creator=shared.creator_keys[int(creators[row])],
            days=shared.occasions[0 if timing is None else int(timing.wave[row])],
            posts=int(units[row]),
        )
        for row in np.flatnonzero(problem.select_rows(chosen)).tolist()
    )


def booked_by_plan(shared: SharedProblem, plan: Plan) -> Bookings:
    """Return what the plan of a campaign books."""
    calendar = shared.campaign.calendar
    waves = {} if calendar is None else dict(zip(calendar.names, shared.occasions, strict=True))
    return tuple(
        Booked(
            creator=match_key(pick.creator),
            days=shared.occasions[0] if pick.wave is None else waves[pick.wave],
            posts=pick.units,
        )
        for pick in plan.picks
    )


def posts_in(booked: Iterable[Booked], creator: str, period: Days) -> int:
    """Return how many posts of a creator fall into a period."""
    return sum(each.posts for each in booked if each.creator == creator and overlaps(each.days, period))
