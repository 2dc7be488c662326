"""Find the schedule of a creator by the posts that it has; a creator may have hundreds of schedules."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from microopt.campaign.wave_names import wave_key
from microopt.plan.plan import Pick
from microopt.planning.problem import PlanningProblem
from microopt.quantities.keys import match_key
from microopt.quantities.platforms import platform_key
from microopt.roster.roster import TextColumn

Integers = NDArray[np.int64]


class ScheduleFinder(Struct, frozen=True, kw_only=True, eq=False):
    """Schedules of a problem with a calendar, by what they are made of.

    Attributes
    ----------
    posts
        (rows,) a number for the wave, platform, offer and units of each row.
    starts, sizes
        (schedules,) the place of the first row of each, and how many rows it has.
    choices, creators
        (schedules,) the choice that each is, and whose.
    platforms, offers, waves
        The number of each name, by its key.
    units
        One more than the most units of a row.
    """

    posts: Integers
    starts: NDArray[np.intp]
    sizes: NDArray[np.intp]
    choices: NDArray[np.int32]
    creators: NDArray[np.int32]
    platforms: Mapping[str, int]
    offers: Mapping[str, int]
    waves: Mapping[str, int]
    units: int

    @classmethod
    def of_rows(cls, problem: PlanningProblem, rows: NDArray[np.intp] | slice) -> ScheduleFinder:
        """Return the finder of the schedules that some rows of a problem are.

        Parameters
        ----------
        rows
            Ascending, all of each choice; the campaign has a calendar.
        """
        roster = problem.roster
        assert roster.timing is not None
        assert problem.campaign.calendar is not None
        choice, units = problem.choice[rows], roster.unit_counts()[rows]
        platforms, platform = _numbers(roster.texts.get("platform"), rows, len(choice), platform_key)
        offers, offer = _numbers(roster.texts.get("offer"), rows, len(choice), match_key)
        posts = (roster.timing.wave[rows].astype(np.int64) * len(platforms) + platform) * len(offers) + offer
        starts, most = np.flatnonzero(np.diff(choice, prepend=-1)), int(units.max(initial=0)) + 1
        return cls(
            posts=posts * most + units,
            starts=starts,
            sizes=np.diff(starts, append=len(choice)),
            choices=choice[starts],
            creators=roster.creator_id[rows][starts],
            platforms=platforms,
            offers=offers,
            waves={wave_key(name): number for number, name in enumerate(problem.campaign.calendar.names)},
            units=most,
        )

    def find(self, creator: int, picks: Sequence[Pick]) -> NDArray[np.int32]:
        """Return the choices of a creator that are these posts: one, none, or several if offers have the same name.

        Parameters
        ----------
        creator
            The number of the creator in the problem.
        """
        wanted = [self.number_of(pick) for pick in picks]
        first, last = np.searchsorted(self.creators, [creator, creator + 1])
        places = first + np.flatnonzero(self.sizes[first:last] == len(wanted))
        if not len(places) or None in wanted:
            return np.zeros(0, dtype=np.int32)
        made_of = np.sort(self.posts[self.starts[places][:, None] + np.arange(len(wanted))], axis=1)
        same = (made_of == np.sort(np.asarray(wanted, dtype=np.int64))).all(axis=1)
        found: NDArray[np.int32] = self.choices[places[same]]
        return found

    def number_of(self, pick: Pick) -> int | None:
        """Return the number of a post, None if no row of the problem is one like it."""
        platform, offer = self.platforms.get(platform_key(pick.platform)), self.offers.get(match_key(pick.offer))
        wave = self.waves.get(wave_key(pick.wave or ""))
        if platform is None or offer is None or wave is None or not 0 < pick.units < self.units:
            return None
        return ((wave * len(self.platforms) + platform) * len(self.offers) + offer) * self.units + pick.units


def _numbers(
    column: TextColumn | None, rows: NDArray[np.intp] | slice, count: int, key: Callable[[str], str]
) -> tuple[dict[str, int], Integers]:
    """Return a number for each key of a column, and that of each row; a column that is not there is empty."""
    if column is None:
        return {"": 0}, np.zeros(count, dtype=np.int64)
    numbers: dict[str, int] = {}
    by_label = [numbers.setdefault(key(label), len(numbers)) for label in column.labels]
    return numbers, np.asarray(by_label, dtype=np.int64)[column.codes[rows]]
