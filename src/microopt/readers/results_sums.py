"""Rows of results -> sums by creator, platform and offer; and whether the rows can be added up at all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from math import fsum

from microopt.actual import SEEN, Actual, Daily
from microopt.errors import Fault
from microopt.readers.reading import Reading
from microopt.readers.twins import Line, contradiction

Lines = Sequence[Line[Daily]]


def grouped(lines: Lines) -> list[Lines]:
    """Return the rows of each creator, platform and offer, in the order of their names."""
    groups: dict[tuple[object, ...], list[Line[Daily]]] = {}
    for line in lines:
        groups.setdefault(line.key[:3], []).append(line)
    return [groups[key] for key in sorted(groups, key=lambda key: [str(part) for part in key])]


def check_totals(reading: Reading, groups: Sequence[Lines]) -> None:
    """Note totals that stand beside rows which they hold already: both added up would count twice."""
    for group in groups:
        for total in [line for line in group if line.value.day is None]:
            post = total.value.post
            part = next(
                (one for one in group if one is not total and (not post or (one.value.post == post and one.value.day))),
                None,
            )
            if part:
                told = f"row {total.row}, which has no date, is a total that holds the other"
                reading.faults.add(contradiction(reading, part, total, "results-twice", told))


def check_posts(reading: Reading, groups: Sequence[Lines]) -> None:
    """Note creators with results and no post that could have brought them."""
    for group in groups:
        if fsum(_posts(group)) or not any(line.value.of(metric) for line in group for metric in SEEN):
            continue
        message = f"{group[0].creator} has results, and nothing tells of how many posts"
        fix = "fill in how many posts were published, or their urls"
        column, value = reading.header("creator"), group[0].creator
        fault = Fault(code="results-posts", message=message, fix=fix, row=group[0].row, column=column, value=value)
        reading.faults.add(fault)


def added_up(
    groups: Sequence[Lines], as_of: date | None, half_life: Callable[[str | None], float]
) -> tuple[Actual, ...]:
    """Return the sum of each group; the order of its rows makes no difference.

    Parameters
    ----------
    as_of
        The day up to which results count, None where they have no dates.
    half_life
        How many days a post on a platform takes to bring half of all it will bring.
    """
    return tuple(_actual(group, as_of, half_life) for group in groups)


def _actual(group: Lines, as_of: date | None, half_life: Callable[[str | None], float]) -> Actual:
    first = group[0].value
    days = [line.value.day for line in group if line.value.day]
    posts = _posts(group)
    life = half_life(first.platform)
    ripe = [count * _share(line.value.day, as_of, life) for count, line in zip(posts, group, strict=True)]
    return Actual(
        creator=first.creator, platform=first.platform, offer=first.offer, posts=fsum(posts), ripe=fsum(ripe),
        first=min(days, default=None), last=max(days, default=None),
        **{metric: _sum([line.value.of(metric) for line in group]) for metric in SEEN},
    )  # fmt: skip


def _posts(group: Lines) -> list[float]:
    """Return how many posts each row tells of: as it says, else one at the first row of each post."""
    said = {line.value.post for line in group if line.value.posts is not None}
    first: dict[str, date] = {}
    for line in group:
        day = line.value.day or date.max
        first[line.value.post] = min(day, first.get(line.value.post, day))
    return [
        line.value.posts
        if line.value.posts is not None
        else float(_begins(line.value, first) and line.value.post not in said)
        for line in group
    ]


def _begins(daily: Daily, first: dict[str, date]) -> bool:
    """Whether this is the first row of its post: of one post and day there is but one row."""
    return bool(daily.post) and (daily.day or date.max) == first[daily.post]


def _share(day: date | None, as_of: date | None, half_life: float) -> float:
    """Return the share of a post's results that is in by now; a day is half over when it is told."""
    if day is None or as_of is None:
        return 1.0
    share: float = 1 - 2.0 ** (-((as_of - day).days + 0.5) / half_life)
    return share


def _sum(figures: Sequence[float | None]) -> float | None:
    """Return the sum of what was counted, None where nothing was."""
    counted = [figure for figure in figures if figure is not None]
    return fsum(counted) if counted else None
