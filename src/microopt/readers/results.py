"""A file of results -> Results: what the posts of a campaign have brought, by the day or in total.

Rows of results -> sums by creator, platform and offer; and whether the rows can be added up at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from itertools import starmap
from math import fsum
from operator import attrgetter
from typing import TypeAlias

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from microopt.campaign.progress import SEEN, PostResults, ResultRow
from microopt.campaign.updates import SourceFile
from microopt.errors import Fault
from microopt.quantities.keys import match_keys
from microopt.readers.columns.creator_names import NameColumn
from microopt.readers.columns.dates import parse_dates
from microopt.readers.columns.numbers import check_maximum, check_number_column
from microopt.readers.context import ReadContext
from microopt.readers.formats.raw_table import format_number
from microopt.readers.options import ReadOptions
from microopt.readers.update_files import (
    UpdateRow,
    contradiction_fault,
    drop_duplicate_rows,
    note_unused_columns,
    offer_cells,
    open_update_file,
    rows_without_faults,
    source_file_fields,
    text_cells,
)
from microopt.readers.vocabulary import RESULTS


class ResultGroup(Struct, frozen=True, kw_only=True):
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


def group_results(lines: Sequence[UpdateRow[ResultRow]]) -> list[ResultGroup]:
    """Return the rows by creator, platform and offer, in the order of their names."""
    groups: dict[tuple[object, ...], list[UpdateRow[ResultRow]]] = {}
    for line in lines:
        groups.setdefault(line.key[:3], []).append(line)
    ordered = [groups[key] for key in sorted(groups, key=lambda key: [str(part) for part in key])]
    return [ResultGroup(lines=tuple(group), posts=_posts([line.value for line in group])) for group in ordered]


def check_totals(reading: ReadContext, groups: Sequence[ResultGroup]) -> None:
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
                reading.faults.add(contradiction_fault(reading, part, total, "results-twice", told))


def check_posts(reading: ReadContext, groups: Sequence[ResultGroup]) -> None:
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


def sum_results(
    groups: Sequence[ResultGroup], as_of: date | None, half_life: Callable[[str | None], float]
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


def _actual(group: ResultGroup, as_of: date | None, half_life: Callable[[str | None], float]) -> PostResults:
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


ENGAGEMENT_PARTS = ("likes", "comments", "shares")  # of engagements
Cells: TypeAlias = Mapping[str, NDArray[np.float64]]


class Results(SourceFile, frozen=True, kw_only=True):
    """What a campaign's posts have brought so far.

    Attributes
    ----------
    actuals
        Sums by creator, platform and offer, in the order of their names.
    daily
        The rows, in the order of the file.
    as_of
        The day up to which results count, None where they have no dates.
    """

    actuals: tuple[PostResults, ...]
    daily: tuple[ResultRow, ...]
    as_of: date | None


def read_results(
    path: str,
    options: ReadOptions | None = None,
    *,
    starts: date | None = None,
    ends: date | None = None,
    as_of: date | None = None,
    half_life: Callable[[str | None], float],
) -> Results:
    """Read results, checking everything.

    Parameters
    ----------
    path
        In any form that a roster may have.
    starts, ends
        The campaign's first and last day, None where it is not said.
    as_of
        The day up to which results count; by default the last one that they tell of.
    half_life
        How many days a post on a platform takes to bring half of all it will bring.

    Raises
    ------
    RosterError
        With every fault of the file.
    """
    reading, names = open_update_file(path, options, RESULTS)
    _require(reading)
    lines = _lines(reading, names, {"starts": starts, "ends": ends, "as_of": as_of})
    lines = drop_duplicate_rows(reading, rows_without_faults(reading, lines), "results-twice", _differ)
    groups = group_results(lines)
    check_totals(reading, groups)
    if {"posts", "post"} & reading.columns.keys() and not reading.faults.bad_rows:
        check_posts(reading, groups)
    reading.faults.raise_if_any(path, can_skip_rows=False)
    note_unused_columns(reading)
    latest = as_of or max((line.value.day for line in lines if line.value.day), default=None)
    return Results(
        actuals=sum_results(groups, latest, half_life),
        daily=tuple(line.value for line in lines),
        as_of=latest,
        **source_file_fields(reading, path, lines),
    )


def _require(reading: ReadContext) -> None:
    """Note where there is nothing to add up, or nothing that tells how many posts it is of."""
    found = ", ".join(header.strip() for header in reading.table.headers)[:300]
    if not {*SEEN, *ENGAGEMENT_PARTS} & reading.columns.keys():
        message = f"there is no column of results (found: {found})"
        fix = f"add one of {', '.join(SEEN)}"
        reading.faults.add(Fault(code="column-missing", message=message, fix=fix, column=SEEN[0]))
    if not {"posts", "post"} & reading.columns.keys():
        message = f"nothing tells how many posts these results are of (found: {found})"
        fix = "add a column posts (how many were published), or a column url (one post each)"
        reading.faults.add(Fault(code="results-posts", message=message, fix=fix, column="posts"))


def _lines(
    reading: ReadContext, names: NameColumn | None, limits: Mapping[str, date | None]
) -> list[UpdateRow[ResultRow]]:
    """Read every row; the faults of its cells are noted. Column by column: a year of days is many rows."""
    creators, platforms, offers = offer_cells(reading, names)
    keys = map(match_keys, (creators, platforms, offers))
    posts, numbers, days = text_cells(reading, "post"), _numbers(reading), _days(reading, limits)
    figures = [_counted(numbers.get(name), len(days)) for name in ("posts", *SEEN)]
    named = creators, [name or None for name in platforms], [name or None for name in offers]
    daily = starmap(ResultRow, zip(*named, days, posts, *figures, strict=True))
    keyed = zip(*keys, days, posts, strict=True)
    return list(starmap(UpdateRow, zip(reading.table.row.tolist(), creators, keyed, daily, strict=True)))


def _counted(cells: NDArray[np.float64] | None, rows: int) -> list[float | None]:
    """Return the cells of a column of numbers, None where nobody counted."""
    if cells is None:
        return [None] * rows
    told = cells.astype(object)
    told[np.isnan(cells)] = None
    return list(told)


def _numbers(reading: ReadContext) -> Cells:
    """Read the columns of numbers; likes, comments and shares are engagements where nobody added them up."""
    cells: dict[str, NDArray[np.float64]] = {}
    for name in [name for name in ("posts", *SEEN, *ENGAGEMENT_PARTS) if name in reading.columns]:
        cells[name], _ = check_number_column(reading, name)
        check_maximum(reading, name, cells[name])
    if "posts" in cells:
        posts = cells["posts"]
        fix = "write how many posts were published: 0, 1, 2, ..."
        reading.fault_cells("posts", posts % 1 > 0, "posts-parts", "{value} is no whole number of posts", fix)
    parts = [cells.pop(name) for name in ENGAGEMENT_PARTS if name in cells]
    if parts:
        counted = np.isfinite(parts).any(axis=0)
        added = np.where(counted, np.nansum(parts, axis=0), np.nan)
        stated = cells.get("engagements", np.full(len(added), np.nan))
        cells["engagements"] = np.where(np.isnan(stated), added, stated)
        if (counted & np.isnan(stated)).any():
            told = ", ".join(reading.header(name) for name in ENGAGEMENT_PARTS if name in reading.columns)
            reading.notes.append(f"engagements are the sum of {told}")
    return cells


def _days(reading: ReadContext, limits: Mapping[str, date | None]) -> list[date | None]:
    """Read the days, noting those that cannot have results of this campaign."""
    if "date" not in reading.columns:
        return [None] * len(reading.table.row)
    days = parse_dates(reading, "date")
    bounds = {
        "starts": "before the campaign starts",
        "ends": "after the campaign ends",
        "as_of": "after the day asked for",
    }
    fix = "correct the date, or leave the row out"
    for name, told in bounds.items():
        if limit := limits[name]:
            outside = [day is not None and (day < limit if name == "starts" else day > limit) for day in days]
            message = f"{{value}} is {told}, {limit}"
            reading.fault_cells("date", np.asarray(outside, dtype=np.bool_), "date-outside", message, fix)
    return days


def _differ(one: ResultRow, other: ResultRow) -> str:
    """Return in what two rows of the same post and day differ, in a few words."""
    for name in ("posts", *SEEN):
        first, second = getattr(one, name), getattr(other, name)
        if first != second:
            return (
                f"{name} {' and '.join('nothing' if cell is None else format_number(cell) for cell in (first, second))}"
            )
    return ""
