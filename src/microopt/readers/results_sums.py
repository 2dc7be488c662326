"""Rows of results -> sums by creator, platform and offer; and whether the rows can be added up at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from math import fsum
from operator import attrgetter

from msgspec import Struct

from microopt.campaign.results import SEEN, PostResults, ResultRow
from microopt.errors import Fault
from microopt.readers.context import ReadContext
from microopt.readers.update_files import UpdateRow, contradiction


class Group(Struct, frozen=True, kw_only=True):
    """The rows of one creator, platform and offer.

    Attributes
    ----------
    posts
        How many posts each row tells of.
    """

    lines: tuple[UpdateRow[ResultRow], ...]
    posts: tuple[float, ...]

    @property
    def rows(self) -> list[ResultRow]:
        """What each row tells."""
        return [line.value for line in self.lines]


def grouped(lines: Sequence[UpdateRow[ResultRow]]) -> list[Group]:
    """Return the rows by creator, platform and offer, in the order of their names."""
    groups: dict[tuple[object, ...], list[UpdateRow[ResultRow]]] = {}
    for line in lines:
        groups.setdefault(line.key[:3], []).append(line)
    ordered = [groups[key] for key in sorted(groups, key=lambda key: [str(part) for part in key])]
    return [Group(lines=tuple(group), posts=_posts([line.value for line in group])) for group in ordered]


def check_totals(reading: ReadContext, groups: Sequence[Group]) -> None:
    """Note totals that stand beside rows which they hold already: both added up would count twice."""
    for lines in (group.lines for group in groups):
        for total in [line for line in lines if line.value.day is None]:
            post = total.value.post
            part = next(
                (one for one in lines if one is not total and (not post or (one.value.post == post and one.value.day))),
                None,
            )
            if part:
                told = f"row {total.row}, which has no date, is a total that holds the other"
                reading.faults.add(contradiction(reading, part, total, "results-twice", told))


def check_posts(reading: ReadContext, groups: Sequence[Group]) -> None:
    """Note creators with results and no post that could have brought them."""
    for group in groups:
        if any(group.posts) or not any(getattr(row, metric) for row in group.rows for metric in SEEN):
            continue
        first = group.lines[0]
        message = f"{first.creator} has results, and nothing tells of how many posts"
        fix = "fill in how many posts were published, or their urls"
        column, value = reading.header("creator"), first.creator
        fault = Fault(code="results-posts", message=message, fix=fix, row=first.row, column=column, value=value)
        reading.faults.add(fault)


def added_up(
    groups: Sequence[Group], as_of: date | None, half_life: Callable[[str | None], float]
) -> tuple[PostResults, ...]:
    """Return the sum of each group; the order of its rows makes no difference.

    Parameters
    ----------
    as_of
        The day up to which results count, None where they have no dates.
    half_life
        How many days a post on a platform takes to bring half of all it will bring.
    """
    return tuple(_actual(group, as_of, half_life) for group in groups)


def _actual(group: Group, as_of: date | None, half_life: Callable[[str | None], float]) -> PostResults:
    rows = group.rows
    first, days = rows[0], [row.day for row in rows]
    dated = [day for day in days if day]
    life = half_life(first.platform)
    shares = {day: _share(day, as_of, life) for day in set(days)}
    ripe = [count * shares[day] for count, day in zip(group.posts, days, strict=True)]
    return PostResults(
        creator=first.creator,
        platform=first.platform,
        offer=first.offer,
        posts=fsum(group.posts),
        ripe=fsum(ripe),
        first=min(dated, default=None),
        last=max(dated, default=None),
        **{metric: _sum(map(attrgetter(metric), rows)) for metric in SEEN},
    )


def _posts(rows: Sequence[ResultRow]) -> tuple[float, ...]:
    """Return how many posts each row tells of: as it says, else one at the first row of each post."""
    said = {row.post for row in rows if row.posts is not None}
    begins: dict[str, int] = {}
    for place in sorted(range(len(rows)), key=lambda place: rows[place].day or date.max):
        begins.setdefault(rows[place].post, place)
    firsts = {place for post, place in begins.items() if post and post not in said}
    return tuple(float(place in firsts) if row.posts is None else row.posts for place, row in enumerate(rows))


def _share(day: date | None, as_of: date | None, half_life: float) -> float:
    """Return the share of a post's results that is in by now; a day is half over when it is told."""
    if day is None or as_of is None:
        return 1.0
    share: float = 1 - 2.0 ** (-((as_of - day).days + 0.5) / half_life)
    return share


def _sum(figures: Iterable[float | None]) -> float | None:
    """Return the sum of what was counted, None where nothing was."""
    counted = [figure for figure in figures if figure is not None]
    return fsum(counted) if counted else None
