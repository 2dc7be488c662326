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
from microopt.plan.rhythm import Rhythm

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
    tier
        Of the creator, from 0 for the largest.
    """

    creator: int
    wave: int
    available_from: date | None = None
    available_to: date | None = None
    agreed: date | None = None
    tier: int = 0


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
    given, those of its largest tier first, those of one creator apart: in different waves about as far as these. Who is
    promised days without others posts early enough for the others, who wait.

    Parameters
    ----------
    promises
        Kept where that is possible within the waves.
    """
    by_wave: dict[int, list[int]] = {}
    for place, post in enumerate(posts):
        by_wave.setdefault(post.wave, []).append(place)
    working, days = WorkingDays(calendar), _Days(calendar, posts, promises)
    for number in sorted(by_wave):
        _Wave(calendar, calendar.waves[number], days, working).find(by_wave[number])
    return [working.with_lead(days.found[place], post.available_from) for place, post in enumerate(posts)]


class _Days:
    """The days found so far, and until when they keep other creators from posting."""

    def __init__(self, calendar: Calendar, posts: Sequence[Post], promises: Sequence[Promise]) -> None:
        self.posts, self.found, self.rhythm = posts, dict[int, date](), Rhythm(calendar.waves, posts)
        self._waves = calendar.waves
        self._of_promises = promises
        self._promises = [(promise, _LastTwo()) for promise in promises]
        self._others = [_Others(calendar, posts, promise) for promise in promises]

    def are_others_promised(self, place: int) -> bool:
        """Whether others who post in the same wave have to wait for a post."""
        post = self.posts[place]
        return any(
            place in promise.posts and others.first(post.wave, post.creator) is not None
            for promise, others in zip(self._of_promises, self._others, strict=True)
        )

    def last_day(self, place: int) -> date:
        """Return the last day of a post that leaves others theirs: half of what the promised days leave of its wave."""
        post, last = self.posts[place], date.max
        wave = self._waves[post.wave]
        for promise, others in zip(self._of_promises, self._others, strict=True):
            if place not in promise.posts:
                continue
            days = timedelta(promise.days)
            here = others.first(post.wave, post.creator)
            if here is not None:
                last = min(last, wave.starts + max(timedelta(0), here - wave.starts - days) // 2 - DAY)
            for number in range(post.wave + 1, len(self._waves)):
                if self._waves[number].starts > wave.ends + days:
                    break
                if others.first(number, post.creator) is not None:
                    last = min(last, self._waves[number].starts - days - DAY)
        return last

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


class _Others:
    """Who waits for the days after the posts of a promise, by wave."""

    def __init__(self, calendar: Calendar, posts: Sequence[Post], promise: Promise) -> None:
        latest_of: dict[int, dict[int, date]] = {}
        for place in promise.others:
            post = posts[place]
            latest = post.agreed or min(calendar.waves[post.wave].ends, post.available_to or date.max)
            of_wave = latest_of.setdefault(post.wave, {})
            of_wave[post.creator] = min(latest, of_wave.get(post.creator, latest))
        self._first_two = {
            wave: sorted((day, creator) for creator, day in latest.items())[:2] for wave, latest in latest_of.items()
        }

    def first(self, wave: int, creator: int) -> date | None:
        """Return the earliest last day of those who post in a wave besides a creator, None if nobody does."""
        return next((day for day, other in self._first_two.get(wave, ()) if other != creator), None)


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
        promised = [place for place in free if self._days.are_others_promised(place)]
        for own in self._of_each_creator(promised):
            self._date_promised(own)
        self._spread([place for place in free if place not in self._days.found], places)

    def _of_each_creator(self, places: Sequence[int]) -> list[list[int]]:
        found: dict[int, list[int]] = {}
        for place in places:
            found.setdefault(self._days.posts[place].creator, []).append(place)
        return [*found.values()]

    def _date_promised(self, own: Sequence[int]) -> None:
        """Find the days of a creator's posts after which others wait: as far apart as that leaves them days."""
        for number, place in enumerate(own):
            days = self._early_candidates(place)
            self._days.add(place, days[number * (len(days) - 1) // max(1, len(own) - 1)])

    def _early_candidates(self, place: int) -> list[date]:
        """Return the best days for a post that leave others their days after it, or the first one."""
        candidates = self._candidates(place)
        return candidates[: bisect_right(candidates, self._days.last_day(place))] or candidates[:1]

    def _spread(self, rest: Sequence[int], places: Sequence[int]) -> None:
        """Find the days of posts on which nothing is agreed or promised."""
        windows: dict[int, tuple[int, int]] = {}
        for place in self._by_turns(rest):
            candidates = self._early_candidates(place)
            first = bisect_left(self._usual, candidates[0])
            if self._usual[first : first + 1] == [candidates[0]]:
                apart = self._days.rhythm.narrow(place, candidates, self._days.found)
                first = bisect_left(self._usual, apart[0])
                windows[place] = (first, first + len(apart) - 1)
            else:  # holidays are all that is left
                loads = Counter(self._dated(places))
                self._days.add(place, min(candidates, key=lambda day: loads[day]))
        last = len(self._usual) - 1
        taken = [min(bisect_left(self._usual, day), last) for day in self._dated(places)]
        found = spread_evenly([*windows.values()], last + 1, taken, self._leading([*windows])) if windows else []
        for place, day in zip(windows, found, strict=True):
            self._days.add(place, self._usual[day])

    def _leading(self, places: Sequence[int]) -> int:
        """Return how many of the first posts are of the largest tier in a wave that has smaller ones too."""
        tiers = [self._days.posts[place].tier for place in places]
        if min(tiers) == max(tiers):
            return 0
        return next(number for number, tier in enumerate(tiers) if tier > min(tiers))

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
