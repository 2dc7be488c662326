"""Read a file of results: what the posts of a campaign have brought, by day or in total."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import starmap
from math import fsum
from operator import attrgetter
from typing import TypeAlias

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from microopt.campaign.calendar import Wave
from microopt.campaign.progress import RESULT_METRICS, DayResults, PostResults, ResultRow
from microopt.campaign.updates import SourceFile
from microopt.errors import Fault
from microopt.quantities.keys import match_keys
from microopt.readers.context import ReadContext
from microopt.readers.creators.creator_names import NameColumn
from microopt.readers.dates import parse_date_column
from microopt.readers.formats.raw_table import format_number
from microopt.readers.numbers.numbers import check_maximum, parse_number_column
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
from microopt.readers.waves_of_rows import parse_waves, wave_of_post
from microopt.readers.words.vocabulary import RESULTS

ENGAGEMENT_PARTS = ("likes", "comments", "shares")  # whose sum is the engagements
Cells: TypeAlias = Mapping[str, NDArray[np.float64]]
HalfLife: TypeAlias = Callable[[str | None], float]


class Results(SourceFile, frozen=True, kw_only=True):
    """What a campaign's posts have brought so far.

    Attributes
    ----------
    totals
        Sums by creator, platform, offer and wave, in the order of their names and of time.
    by_day
        Sums by day, in the order of days, of the rows with a date.
    daily_rows
        The rows, in the order of the file.
    as_of
        The day up to which results count, or None if they have no dates.
    """

    totals: tuple[PostResults, ...]
    by_day: tuple[DayResults, ...]
    daily_rows: tuple[ResultRow, ...]
    as_of: date | None


class ResultGroup(Struct, frozen=True, kw_only=True):
    """The rows of one creator, platform and offer, in one wave of the calendar if there is one.

    Attributes
    ----------
    posts
        The number of posts that each row adds.
    wave
        In which they were posted, or None if that is not known.
    """

    rows: tuple[UpdateRow[ResultRow], ...]
    posts: tuple[float, ...]
    wave: str | None = None

    @property
    def values(self) -> list[ResultRow]:
        """The values of the rows."""
        return [row.value for row in self.rows]


def read_results(
    path: str,
    options: ReadOptions | None = None,
    *,
    starts: date | None = None,
    ends: date | None = None,
    as_of: date | None = None,
    half_life: HalfLife,
    waves: Sequence[Wave] = (),
) -> Results:
    """Read and check results.

    Parameters
    ----------
    path
        In any format that a roster may have.
    starts, ends
        The campaign's first and last day, or None if not known.
    as_of
        The day up to which results count; by default the last day in the file.
    half_life
        The days in which a post on a platform brings half of all that it will bring.
    waves
        Those of the campaign's calendar: results are of the wave that their row names, or in which their post was out.

    Raises
    ------
    RosterError
        With every fault of the file.
    """
    context, names = open_update_file(path, options, RESULTS)
    _require_result_columns(context)
    rows = _parse_results(context, names, {"starts": starts, "ends": ends, "as_of": as_of}, waves)
    rows = rows_without_faults(context, rows)
    rows = drop_duplicate_rows(context, rows, "results-twice", _describe_result_difference)
    groups = group_results(rows, waves)
    _check_totals(context, groups)
    if {"posts", "post"} & context.columns.keys() and not context.faults.bad_rows:
        _check_posts(context, groups)
    context.faults.raise_if_any(path, can_skip_rows=False)
    note_unused_columns(context)
    latest = as_of or max((row.value.day for row in rows if row.value.day), default=None)
    return Results(
        totals=sum_results(groups, latest, half_life),
        by_day=sum_by_day(row.value for row in rows),
        daily_rows=tuple(row.value for row in rows),
        as_of=latest,
        **source_file_fields(context, path, rows),
    )


def _require_result_columns(context: ReadContext) -> None:
    """Note if there are no results, or no column with the number of posts."""
    found = ", ".join(header.strip() for header in context.table.headers)[:300]
    if not {*RESULT_METRICS, *ENGAGEMENT_PARTS} & context.columns.keys():
        message = f"there is no column of results (found: {found})"
        fix = f"add one of {', '.join(RESULT_METRICS)}"
        context.faults.add(Fault(code="column-missing", message=message, fix=fix, column=RESULT_METRICS[0]))
    if not {"posts", "post"} & context.columns.keys():
        message = f"there is no column with the number of posts (found: {found})"
        fix = "add a column 'posts' (how many were published) or 'url' (one post per row)"
        context.faults.add(Fault(code="results-posts", message=message, fix=fix, column="posts"))


def _parse_results(
    context: ReadContext, names: NameColumn | None, limits: Mapping[str, date | None], waves: Sequence[Wave]
) -> list[UpdateRow[ResultRow]]:
    """Parse every row, noting the faults of its cells; column by column, since a year of days has many rows."""
    creators, platforms, offers = offer_cells(context, names)
    keys = map(match_keys, (creators, platforms, offers))
    posts, numbers, days = text_cells(context, "post"), _parse_figures(context), _parse_days(context, limits)
    figures = [_with_none(numbers.get(name), len(days)) for name in ("posts", *RESULT_METRICS)]
    named = creators, [name or None for name in platforms], [name or None for name in offers]
    values = starmap(ResultRow, zip(*named, days, posts, *figures, strict=True))
    row_keys = zip(*keys, days, posts, parse_waves(context, waves, code="results-wave"), strict=True)
    return list(starmap(UpdateRow, zip(context.table.row.tolist(), creators, row_keys, values, strict=True)))


def _with_none(cells: NDArray[np.float64] | None, rows: int) -> list[float | None]:
    """Return the cells of a numeric column, None where a cell or the whole column is missing."""
    if cells is None:
        return [None] * rows
    objects = cells.astype(object)
    objects[np.isnan(cells)] = None
    return list(objects)


def _parse_figures(context: ReadContext) -> Cells:
    """Parse the numeric columns; if a row states no engagements, they are its likes, comments and shares."""
    cells: dict[str, NDArray[np.float64]] = {}
    for name in [name for name in ("posts", *RESULT_METRICS, *ENGAGEMENT_PARTS) if name in context.columns]:
        cells[name] = parse_number_column(context, name).values
        check_maximum(context, name, cells[name])
    if "posts" in cells:
        fix = "write how many posts were published: 0, 1, 2, ..."
        message = "{value} is not a whole number of posts"
        context.fault_cells("posts", cells["posts"] % 1 > 0, "posts-parts", message, fix)
    parts = [cells.pop(name) for name in ENGAGEMENT_PARTS if name in cells]
    if parts:
        has_parts = np.isfinite(parts).any(axis=0)
        added = np.where(has_parts, np.nansum(parts, axis=0), np.nan)
        stated = cells.get("engagements", np.full(len(added), np.nan))
        cells["engagements"] = np.where(np.isnan(stated), added, stated)
        if (has_parts & np.isnan(stated)).any():
            headers = ", ".join(context.header(name) for name in ENGAGEMENT_PARTS if name in context.columns)
            context.notes.append(f"engagements are the sum of {headers}")
    return cells


def _parse_days(context: ReadContext, limits: Mapping[str, date | None]) -> list[date | None]:
    """Parse the days, noting those on which this campaign cannot have results."""
    if "date" not in context.columns:
        return [None] * len(context.table.row)
    days = parse_date_column(context, "date")
    positions = {
        "starts": "before the campaign starts",
        "ends": "after the campaign ends",
        "as_of": "after --as-of",
    }
    fix = "correct the date (such as 2026-11-02), or remove the row"
    for name, position in positions.items():
        if limit := limits[name]:
            outside = [day is not None and (day < limit if name == "starts" else day > limit) for day in days]
            message = f"{{value}} is {position}, {limit}"
            context.fault_cells("date", np.asarray(outside, dtype=np.bool_), "date-outside", message, fix)
    return days


def _describe_result_difference(first: ResultRow, second: ResultRow) -> str:
    for name in ("posts", *RESULT_METRICS):
        figures = getattr(first, name), getattr(second, name)
        if figures[0] != figures[1]:
            return f"{name} {' and '.join('nothing' if cell is None else format_number(cell) for cell in figures)}"
    return ""


def group_results(rows: Sequence[UpdateRow[ResultRow]], waves: Sequence[Wave] = ()) -> list[ResultGroup]:
    """Return the rows by creator, platform, offer and wave, in the order of their names and of time.

    Parameters
    ----------
    waves
        Those of the campaign's calendar, if it has one.
    """
    groups: dict[tuple[object, ...], list[UpdateRow[ResultRow]]] = {}
    for row in rows:
        groups.setdefault(row.key[:3], []).append(row)
    ordered = [groups[key] for key in sorted(groups, key=lambda key: [str(part) for part in key])]
    return [
        ResultGroup(rows=tuple(part), posts=_count_posts([row.value for row in part]), wave=wave)
        for group in ordered
        for wave, part in _by_wave(group, waves)
    ]


def _by_wave(
    group: list[UpdateRow[ResultRow]], waves: Sequence[Wave]
) -> Iterator[tuple[str | None, list[UpdateRow[ResultRow]]]]:
    """Yield the rows of each wave in order of time, those of which it is not known first.

    What comes in on a day belongs to the post that brought it: of rows without an address that is the last one so far.
    """
    if not waves:
        yield None, group
        return
    named = [row.key[-1] or None for row in group]
    out: dict[str, date] = {}  # the first day of each post with an address
    for row in group:
        if row.value.post and row.value.day:
            out[row.value.post] = min(row.value.day, out.get(row.value.post, row.value.day))
    latest: str | None = None
    by_wave: dict[str | None, list[UpdateRow[ResultRow]]] = {}
    for place in sorted(range(len(group)), key=lambda place: group[place].value.day or date.max):
        value, wave = group[place].value, named[place]
        if wave is None and value.post:
            wave = wave_of_post(waves, out.get(value.post))
        elif wave is None and value.day:
            latest = wave = latest if latest and not value.posts else wave_of_post(waves, value.day)
        by_wave.setdefault(None if wave is None else str(wave), []).append(group[place])
    for name in (None, *(each.name for each in waves)):
        if name in by_wave:
            rows = sorted(by_wave[name], key=lambda row: row.row)
            yield name, rows


def _count_posts(rows: Sequence[ResultRow]) -> tuple[float, ...]:
    """Return the posts that each row adds: as it states, or else one in the first row of each post."""
    stated = {row.post for row in rows if row.posts is not None}
    first_rows: dict[str, int] = {}
    for position in sorted(range(len(rows)), key=lambda position: rows[position].day or date.max):
        first_rows.setdefault(rows[position].post, position)
    counted = {position for post, position in first_rows.items() if post and post not in stated}
    return tuple(float(position in counted) if row.posts is None else row.posts for position, row in enumerate(rows))


def _check_totals(context: ReadContext, groups: Sequence[ResultGroup]) -> None:
    """Note totals next to rows that they include already, which would count twice."""
    for group in groups:
        for total in [row for row in group.rows if row.value.day is None]:
            part = next((row for row in group.rows if row is not total and _includes(total.value, row.value)), None)
            if part:
                problem = f"row {total.row}, which has no date, is a total that includes the other"
                context.faults.add(contradiction_fault(context, part, total, "results-twice", problem))


def _includes(total: ResultRow, row: ResultRow) -> bool:
    """Whether a row without a date, of all posts or of one, includes another row of its group."""
    return not total.post or (row.post == total.post and row.day is not None)


def _check_posts(context: ReadContext, groups: Sequence[ResultGroup]) -> None:
    """Note creators with results but no post that could have brought them."""
    for group in groups:
        if any(group.posts) or not any(getattr(row, metric) for row in group.values for metric in RESULT_METRICS):
            continue
        first = group.rows[0]
        message = f"{first.creator} has results, but the number of posts is missing"
        fix = "fill in how many posts were published, such as 1, or their urls"
        column, value = context.header("creator"), first.creator
        fault = Fault(code="results-posts", message=message, fix=fix, row=first.row, column=column, value=value)
        context.faults.add(fault)


def sum_results(groups: Sequence[ResultGroup], as_of: date | None, half_life: HalfLife) -> tuple[PostResults, ...]:
    """Return the sum of each group, whatever the order of its rows.

    Parameters
    ----------
    as_of
        The day up to which results count, or None if they have no dates.
    half_life
        The days in which a post on a platform brings half of all that it will bring.
    """
    return tuple(_sum_group(group, as_of, half_life) for group in groups)


def _sum_group(group: ResultGroup, as_of: date | None, half_life: HalfLife) -> PostResults:
    rows = group.values
    first, days = rows[0], [row.day for row in rows]
    dated = [day for day in days if day]
    platform_half_life = half_life(first.platform)
    shares = {day: _share_so_far(day, as_of, platform_half_life) for day in set(days)}
    matured = [count * shares[day] for count, day in zip(group.posts, days, strict=True)]
    return PostResults(
        creator=first.creator,
        platform=first.platform,
        offer=first.offer,
        posts=fsum(group.posts),
        matured_posts=fsum(matured),
        first_day=min(dated, default=None),
        last_day=max(dated, default=None),
        wave=group.wave,
        **_sum_metrics(rows),
    )


def sum_by_day(rows: Iterable[ResultRow]) -> tuple[DayResults, ...]:
    """Return what came in on each day, in the order of days; rows without a date count for none."""
    days: dict[date, list[ResultRow]] = {}
    for row in rows:
        if row.day is not None:
            days.setdefault(row.day, []).append(row)
    return tuple(DayResults(day=day, **_sum_metrics(days[day])) for day in sorted(days))


def _share_so_far(day: date | None, as_of: date | None, half_life: float) -> float:
    """Return the share of a post's results that is in by `as_of`, with the post published at noon of its day."""
    if day is None or as_of is None:
        return 1.0
    share: float = 1 - 2.0 ** (-((as_of - day).days + 0.5) / half_life)
    return share


def _sum_metrics(rows: Sequence[ResultRow]) -> dict[str, float | None]:
    return {metric: _sum_measured(map(attrgetter(metric), rows)) for metric in RESULT_METRICS}


def _sum_measured(figures: Iterable[float | None]) -> float | None:
    """Return the sum of the measured figures, or None if there are none."""
    measured = [figure for figure in figures if figure is not None]
    return fsum(measured) if measured else None
