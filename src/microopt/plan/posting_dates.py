"""When each post of a plan could go out, when its draft is due, and when its creator is briefed.

These are suggestions: a plan decides the wave of a post, and nothing in it depends on the day. They follow from the
calendar, the availability of creators and the days that are agreed already, and never from today.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from msgspec import Struct

from microopt.campaign.calendar import Calendar, Wave
from microopt.plan.even_days import spread_evenly

SATURDAY = 5  # as `date.weekday` counts
DAY = timedelta(1)


class Post(Struct, frozen=True, kw_only=True):
    """A post for which a day is sought.

    Attributes
    ----------
    creator
        Equal for all posts of one creator.
    wave
        Position of its wave in the calendar.
    available_from, available_to
        The days on which its creator can work on it and post it; None where that is open.
    agreed
        The day that was agreed with the creator, if any; it counts as it is, also outside the wave.
    """

    creator: int
    wave: int
    available_from: date | None = None
    available_to: date | None = None
    agreed: date | None = None


class Promise(Struct, frozen=True, kw_only=True):
    """That after some posts, for some days, certain posts by other creators do not go out.

    Attributes
    ----------
    posts, others
        Positions of posts.
    """

    posts: frozenset[int]
    others: frozenset[int]
    days: int


class PostDates(Struct, frozen=True, kw_only=True):
    """The days of a post.

    Attributes
    ----------
    posting
        When it goes out.
    approval
        When its draft is due, a working day; None if drafts are not approved.
    briefing
        When its creator is briefed and begins; None if no time is planned for that.
    """

    posting: date
    approval: date | None
    briefing: date | None


def suggest_dates(calendar: Calendar, posts: Sequence[Post], promises: Sequence[Promise] = ()) -> list[PostDates]:
    """Return the days of posts, in their order.

    A post goes out in its wave, on no blackout day, while its creator is available and has had the lead time; on a
    holiday only if no other day is left. Posts of a wave are spread evenly over its days in the order in which they are
    given, those of one creator apart. Who is promised days without others posts first, and others wait.

    Parameters
    ----------
    promises
        Kept where that is possible within the waves.
    """
    by_wave: dict[int, list[int]] = {}
    for place, post in enumerate(posts):
        by_wave.setdefault(post.wave, []).append(place)
    working, days = WorkingDays(calendar), _Days(posts, promises)
    for number in sorted(by_wave):
        _Wave(calendar, calendar.waves[number], days, working).find(by_wave[number])
    return [working.with_lead(days.found[place], post.available_from) for place, post in enumerate(posts)]


class _Days:
    """The days found so far, and until when they keep other creators from posting."""

    def __init__(self, posts: Sequence[Post], promises: Sequence[Promise]) -> None:
        self.posts, self.found = posts, dict[int, date]()
        self.promised = frozenset(place for promise in promises for place in promise.posts)
        self._promises = [(promise, _LastTwo()) for promise in promises]

    def add(self, place: int, day: date) -> None:
        """Note the day of a post."""
        self.found[place] = day
        for promise, until in self._promises:
            if place in promise.posts:
                until.add(self.posts[place].creator, day + timedelta(promise.days))

    def free_from(self, place: int) -> date:
        """Return the first day on which a post breaks no promise to another creator."""
        creator = self.posts[place].creator
        ends = [until.of_others(creator) for promise, until in self._promises if place in promise.others]
        return max((end + DAY for end in ends if end is not None), default=date.min)


class _LastTwo:
    """The last day of each of the two creators with the last ones: enough for the last one of all but one creator."""

    def __init__(self) -> None:
        self._last: dict[int, date] = {}

    def add(self, creator: int, day: date) -> None:
        self._last[creator] = max(day, self._last.get(creator, day))
        if len(self._last) > 2:
            del self._last[min(self._last, key=self._last.__getitem__)]

    def of_others(self, creator: int) -> date | None:
        return max((day for other, day in self._last.items() if other != creator), default=None)


class WorkingDays:
    """Monday to Friday without the holidays of a calendar."""

    def __init__(self, calendar: Calendar) -> None:
        self.holidays = frozenset(holiday.day for holiday in calendar.holidays)
        self._lead, self._approval = calendar.lead_days, calendar.approval_days

    def __contains__(self, day: date) -> bool:
        return day.weekday() < SATURDAY and day not in self.holidays

    def last_until(self, day: date) -> date:
        """Return the last working day up to a day."""
        while day not in self:
            day -= DAY
        return day

    def first_from(self, day: date) -> date:
        """Return the first working day from a day on."""
        while day not in self:
            day += DAY
        return day

    def with_lead(self, posting: date, available_from: date | None) -> PostDates:
        """Return the days of a post: its briefing is not before its creator is available, nor after the approval."""
        briefing = self.last_until(posting - timedelta(self._lead))
        if available_from is not None and briefing < available_from <= posting:
            briefing = available_from
        approval = max(self.last_until(posting - timedelta(self._approval)), briefing)
        return PostDates(
            posting=posting, approval=approval if self._approval else None, briefing=briefing if self._lead else None
        )


class _Wave:
    """Finds the days of the posts of one wave, after those of all waves before it."""

    def __init__(self, calendar: Calendar, wave: Wave, days: _Days, working: WorkingDays) -> None:
        self._calendar, self._wave, self._days, self._working = calendar, wave, days, working
        count = (wave.ends - wave.starts).days + 1
        all_days = [wave.starts + timedelta(after) for after in range(count)]
        self._open = [day for day in all_days if not calendar.is_blackout(day)] or all_days
        self._usual = [day for day in self._open if day not in working.holidays]

    def find(self, places: Sequence[int]) -> None:
        """Find the days of the posts at these places."""
        free = []
        for place in places:
            agreed = self._days.posts[place].agreed
            if agreed is None:
                free.append(place)
            else:
                self._days.add(place, agreed)
        for place in [place for place in free if place in self._days.promised]:
            self._days.add(place, self._candidates(place)[0])
        self._spread([place for place in free if place not in self._days.promised], places)

    def _spread(self, rest: Sequence[int], places: Sequence[int]) -> None:
        """Find the days of posts on which nothing is agreed or promised."""
        windows: dict[int, tuple[int, int]] = {}
        for place in self._by_turns(rest):
            candidates = self._candidates(place)
            first = bisect_left(self._usual, candidates[0])
            if self._usual[first : first + 1] == [candidates[0]]:
                windows[place] = (first, first + len(candidates) - 1)
            else:  # holidays are all that is left
                loads = Counter(self._dated(places))
                self._days.add(place, min(candidates, key=lambda day: loads[day]))
        last = len(self._usual) - 1
        taken = [min(bisect_left(self._usual, day), last) for day in self._dated(places)]
        found = spread_evenly([*windows.values()], last + 1, taken) if windows else []
        for place, day in zip(windows, found, strict=True):
            self._days.add(place, self._usual[day])

    def _dated(self, places: Sequence[int]) -> list[date]:
        found = [self._days.found[place] for place in places if place in self._days.found]
        return [day for day in found if self._wave.starts <= day <= self._wave.ends]

    def _by_turns(self, places: Sequence[int]) -> list[int]:
        """Return the first post of each creator, then the second ones, so that those of one are far apart."""
        turns: Counter[int] = Counter()
        keyed = []
        for order, place in enumerate(places):
            creator = self._days.posts[place].creator
            keyed.append((turns[creator], order, place))
            turns[creator] += 1
        return [place for _, _, place in sorted(keyed)]

    def _candidates(self, place: int) -> list[date]:
        """Return the best days that there are for a post, in order of time: at least one."""
        return next(found for found in self._choices(place) if found)

    def _choices(self, place: int) -> Iterator[list[date]]:
        """Yield days for a post, the best ones first: on working days before holidays, and briefed on a working day."""
        post, lead = self._days.posts[place], timedelta(self._calendar.lead_days)
        last = post.available_to or date.max
        ready = briefed = date.min
        if post.available_from is not None:
            ready = post.available_from + lead
            briefed = self._working.first_from(post.available_from) + lead if lead else ready
        free = self._days.free_from(place)
        yield _between(self._usual, max(briefed, free), last)
        yield _between(self._usual, max(ready, free), last)
        yield _between(self._open, max(ready, free), last)
        yield _between(self._usual, ready, last)
        yield _between(self._open, ready, last)
        yield self._usual
        yield self._open


def _between(days: Sequence[date], first: date, last: date) -> list[date]:
    return list(days[bisect_left(days, first) : bisect_right(days, last)])
