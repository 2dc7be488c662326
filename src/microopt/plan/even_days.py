"""Spread posts evenly over days, each within the days on which it can go out."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Iterable, Sequence
from heapq import heappop, heappush
from itertools import accumulate

Window = tuple[int, int]  # the first and the last day on which a post can go out


def spread_evenly(windows: Sequence[Window], count: int, taken: Iterable[int] = (), leading: int = 0) -> list[int]:
    """Return a day for each post: as far apart as they can be, and as many on each day as on the others.

    Posts are meant for evenly spaced days, in their order. Each such day goes to a post that can go out on it, of
    several to the one that has the fewest days left; a post for which none is left takes the emptiest day of its own.
    That no post that could have such a day goes without one is Glover's rule for convex bipartite graphs (1967). Then
    posts that can change places do, so that the first ones are early.

    >>> spread_evenly([(0, 9)] * 2, 10)
    [2, 7]
    >>> spread_evenly([(0, 9), (0, 3)], 10, taken=[8])
    [5, 1]
    >>> spread_evenly([(0, 9), (0, 3)], 10, leading=1)
    [0, 2]

    Parameters
    ----------
    windows
        By post, positions of days from 0, both ends included, at least one day each.
    count
        How many days there are.
    taken
        Days of other posts, which count too.
    leading
        How many of the first posts are to be the earliest: they choose before the others.
    """
    busy = list(taken)
    free = _free_days(len(windows), count, busy)
    days = _match_first(windows[:leading], free)
    left = list((Counter(free) - Counter(days.values())).elements())
    rest = range(leading, len(windows))
    days |= {rest[number]: day for number, day in _match(windows[leading:], sorted(left)).items()}
    loads = Counter(busy) + Counter(days.values())
    used = sorted(loads)
    for place, (first, last) in enumerate(windows):
        if place not in days:
            day = _emptiest(range(first, last + 1), loads, used) if used else max(first, min(last, free[0]))
            if not loads[day]:
                insort(used, day)
            loads[day] += 1
            days[place] = day
    found = [days[place] for place in range(len(windows))]
    earliest = [*accumulate(reversed(found), min)][::-1]  # of each post and those after it
    for place, (first, _) in enumerate(windows):
        if max(first, earliest[place]) < found[place]:
            _go_early(place, windows, found)
    return found


def _free_days(posts: int, count: int, taken: Sequence[int]) -> list[int]:
    """Return as many evenly spaced days as there are posts: of those of all posts, without the ones next to `taken`."""
    total = posts + len(taken)
    days = [(2 * place + 1) * count // (2 * total) for place in range(total)]
    for day in sorted(taken):
        after = bisect_left(days, day)
        near = [place for place in (after - 1, after) if 0 <= place < len(days)]
        days.pop(min(near, key=lambda place: abs(days[place] - day)))
    return days


def _match_first(windows: Sequence[Window], days: Sequence[int]) -> dict[int, int]:
    """Return the earliest of the days on which each post can go out, by its number; each day goes to one post."""
    left, matched = list(days), dict[int, int]()
    for place, (first, last) in enumerate(windows):
        at = bisect_left(left, first)
        if left[at : at + 1] and left[at] <= last:
            matched[place] = left.pop(at)
    return matched


def _go_early(place: int, windows: Sequence[Window], days: list[int]) -> None:
    """Let a post change places with the earliest of those after it in order that can go out on its day, if any."""
    first, _ = windows[place]
    day = days[place]
    others = (
        (days[other], other) for other in range(place + 1, len(days)) if first <= days[other] < day <= windows[other][1]
    )
    if (found := min(others, default=None)) is not None:
        days[place], days[found[1]] = found[0], day


def _match(windows: Sequence[Window], days: Sequence[int]) -> dict[int, int]:
    """Return days by the number of the post that takes them."""
    waiting = sorted(range(len(windows)), key=lambda place: windows[place][0], reverse=True)
    ready: list[tuple[int, int]] = []
    matched: dict[int, int] = {}
    for day in days:
        while waiting and windows[waiting[-1]][0] <= day:
            place = waiting.pop()
            heappush(ready, (windows[place][1], place))
        while ready and ready[0][0] < day:
            heappop(ready)
        if ready:
            matched[heappop(ready)[1]] = day
    return matched


def _emptiest(days: Sequence[int], loads: Counter[int], used: Sequence[int]) -> int:
    """Return the day with the fewest posts; of several without any, the one that is farthest from all posts."""
    fewest = min(loads[day] for day in days)
    found = [day for day in days if loads[day] == fewest]
    return found[0] if fewest else max(found, key=lambda day: (_distance(day, used), -day))


def _distance(day: int, used: Sequence[int]) -> int:
    place = bisect_left(used, day)
    return min((abs(other - day) for other in used[max(place - 1, 0) : place + 1]), default=0)
