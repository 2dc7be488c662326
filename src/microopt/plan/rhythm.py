"""How far apart the posts of one creator in different waves are: about as far as their waves."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Protocol

from microopt.campaign.calendar import Wave

NEAR = 8  # a post may be as far from its day as an eighth of the days of its wave, so that days do not get crowded


class Dated(Protocol):
    """A post, as `posting_dates.Post` is one."""

    @property
    def creator(self) -> int:
        """Equal for all posts of one creator."""

    @property
    def wave(self) -> int:
        """Position of its wave in the calendar."""

    @property
    def available_to(self) -> date | None:
        """The last day on which its creator can post; None if that is open."""

    @property
    def agreed(self) -> date | None:
        """The day that was agreed, if any."""


class Rhythm:
    """The posts of each creator in their other waves: a first post goes with the first one there, and so on."""

    def __init__(self, waves: Sequence[Wave], posts: Sequence[Dated]) -> None:
        self._waves, self._posts = waves, posts
        by_creator: dict[int, dict[int, list[int]]] = {}
        for place, post in enumerate(posts):
            by_creator.setdefault(post.creator, {}).setdefault(post.wave, []).append(place)
        self._before: dict[int, int] = {}
        self._after: dict[int, int] = {}
        for by_wave in by_creator.values():
            numbers = sorted(by_wave)
            for earlier, later in pairwise(numbers):
                for first, second in zip(by_wave[earlier], by_wave[later], strict=False):
                    self._before[second], self._after[first] = first, second

    def narrow(self, place: int, days: Sequence[date], found: Mapping[int, date]) -> list[date]:
        """Return those of the possible days of a post on which it is well apart from the posts before and after it.

        Parameters
        ----------
        days
            In order of time, at least one.
        found
            The days of posts in earlier waves.
        """
        before, after = self._before.get(place), self._after.get(place)
        previous = None if before is None else found.get(before)
        latest = None if after is None else self._latest(after)
        if previous is None:
            return list(days) if latest is None or after is None else self._early_enough(days, place, after, latest)
        assert before is not None
        apart = self._between(before, place)
        if latest is not None:  # half way, where the next one has to come soon
            apart = min(apart, max(timedelta(0), latest - previous) // 2)
        near = timedelta(max(1, self._length(place) // NEAR))
        around = [day for day in days if abs(day - previous - apart) <= near]
        return around or [min(days, key=lambda day: abs(day - previous - apart))]

    def _early_enough(self, days: Sequence[date], place: int, after: int, latest: date) -> list[date]:
        """Return the days that leave enough time until the last day of the next post, or the first day."""
        until = latest - self._between(place, after)
        return list(days[: bisect_right(days, until)]) or list(days[:1])

    def _latest(self, place: int) -> date:
        post = self._posts[place]
        return post.agreed or min(self._waves[post.wave].ends, post.available_to or date.max)

    def _between(self, earlier: int, later: int) -> timedelta:
        """Return how far the waves of two posts are apart."""
        return self._waves[self._posts[later].wave].starts - self._waves[self._posts[earlier].wave].starts

    def _length(self, place: int) -> int:
        wave = self._waves[self._posts[place].wave]
        return (wave.ends - wave.starts).days + 1
