"""Offers over the waves of a calendar: each offer once for each wave in which its creator can post it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.campaign.calendar import WAVE, Calendar
from microopt.errors import CampaignError
from microopt.quantities.parse_and_format import format_names
from microopt.roster.roster import Roster, TextColumn
from microopt.roster.timing import PostTiming

AVAILABLE_FROM, AVAILABLE_TO = "available_from", "available_to"  # columns of dates, as ISO text
SHOWN_NAMES = 8
Mask = NDArray[np.bool_]


def expand_waves(roster: Roster, calendar: Calendar, today: date | None = None, agreed: Mask | None = None) -> Roster:
    """Return the roster with a row of each offer for each wave in which it is available, and a column `wave`.

    A creator who is available in no wave is left out, with a note.

    Parameters
    ----------
    today
        As in `available_waves`.
    agreed
        (n, waves) in which waves an offer was agreed or made: in these it is available, whatever else is said.

    Raises
    ------
    CampaignError
        If the roster has a column `wave` of its own, or nobody is available in any wave.
    """
    if WAVE in roster.texts or WAVE in roster.numbers:
        message = "your list has a column 'wave' of its own, besides the waves of the calendar"
        fix = "leave it out with --map wave=ignore; available_from and available_to say when a creator can post"
        raise CampaignError(message, fix=fix, code="wave-column")
    available = available_waves(roster, calendar, today)
    available = available if agreed is None else available | agreed
    if not available.any():
        if today is not None and calendar.closed_waves(today) == set(calendar.names):
            message = f"from {today} on it is too late for every wave: a post takes {calendar.lead_days} days"
            fix = "give more waves in a campaign file, or lower lead_days under [calendar]"
            raise CampaignError(message, fix=fix, code="waves-over")
        message = f"no creator is available in any wave ({calendar.names[0]} to {calendar.names[-1]})"
        fix = "check the columns available_from and available_to, blackout, and the lead time: lead_days = 14"
        raise CampaignError(message, fix=fix, code="wave-nobody")
    rows, wave = np.nonzero(available)
    expanded, code = roster.take(rows), wave.astype(np.int32)
    demand = np.asarray([float(each.demand) for each in calendar.waves])
    return replace(
        expanded,
        texts={**expanded.texts, WAVE: TextColumn(codes=code, labels=calendar.names)},
        timing=PostTiming(wave=code, contact=np.ones(len(rows), dtype=np.int32), demand=demand[wave]),
        notes=(*roster.notes, *_note_absent(roster, available)),
    )


def available_waves(roster: Roster, calendar: Calendar, today: date | None = None) -> Mask:
    """Return in which waves each offer can be posted, (n, waves).

    That is a wave with a day that is no blackout day, not later than `available_to`, and not earlier than
    `available_from` and the lead time of a post: a creator starts on a post when they become available.

    Parameters
    ----------
    today
        The day on which posts are booked, from which on creators can start at the earliest; None for long before.
    """
    open_days = [calendar.open_days(wave, today) for wave in calendar.waves]
    first, first_label = _days(roster, AVAILABLE_FROM, date.min)
    last, last_label = _days(roster, AVAILABLE_TO, date.max)
    lead = timedelta(days=calendar.lead_days)
    pair = first.astype(np.int64) * len(last_label) + last
    pairs, place = np.unique(pair, return_inverse=True)
    found = [
        _waves_between(
            open_days, _later(first_label[code // len(last_label)], lead), last_label[code % len(last_label)]
        )
        for code in pairs.tolist()
    ]
    return np.asarray(found, dtype=bool).reshape(-1, len(open_days))[place]


def absent_creators(roster: Roster, calendar: Calendar, today: date | None = None, agreed: Mask | None = None) -> Mask:
    """Return, per offer, whether its creator is available in no wave, (n,); see `expand_waves`."""
    available = available_waves(roster, calendar, today)
    return _absent(roster, available if agreed is None else available | agreed)


def _days(roster: Roster, name: str, unknown: date) -> tuple[NDArray[np.int32], list[date]]:
    """Return the position of each row's day among those of a column, and these; an empty cell is the unknown day."""
    column = roster.texts.get(name)
    if column is None:
        return np.zeros(len(roster), dtype=np.int32), [unknown]
    return column.codes, [date.fromisoformat(label) if label.strip() else unknown for label in column.labels]


def _later(day: date, lead: timedelta) -> date:
    return day if day == date.min else date.max if day > date.max - lead else day + lead


def _waves_between(open_days: Sequence[Sequence[date]], first: date, last: date) -> list[bool]:
    """Return which waves have an open day from the first to the last one."""
    places = [bisect_left(days, first) for days in open_days]
    return [place < len(days) and days[place] <= last for place, days in zip(places, open_days, strict=True)]


def _absent(roster: Roster, available: Mask) -> Mask:
    present = np.bincount(roster.creator_id, weights=available.any(axis=1)) > 0
    absent: Mask = ~present[roster.creator_id]
    return absent


def _note_absent(roster: Roster, available: Mask) -> tuple[str, ...]:
    rows = np.flatnonzero(_absent(roster, available))
    names = list(dict.fromkeys(roster.texts["creator"][row].strip() for row in rows.tolist()))
    if not names:
        return ()
    whom = "1 creator is" if len(names) == 1 else f"{len(names):,} creators are"
    return (f"{whom} available in no wave and left out: {format_names(names, SHOWN_NAMES)}",)
