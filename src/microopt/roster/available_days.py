"""When creators are available, and in which waves of a calendar they can post."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from microopt.campaign.calendar import Calendar
from microopt.roster.roster import Roster

AVAILABLE_FROM, AVAILABLE_TO = "available_from", "available_to"  # columns of dates, as ISO text
Mask = NDArray[np.bool_]


def stated_days(roster: Roster, name: str) -> tuple[NDArray[np.intp], list[date | None]]:
    """Return the position of each offer's day among the distinct days of a column, and these; None where it is open."""
    column = roster.texts.get(name)
    if column is None:
        return np.zeros(len(roster), dtype=np.intp), [None]
    codes, places = np.unique(column.codes, return_inverse=True)
    labels = [column.labels[code].strip() for code in codes.tolist()]
    return places, [date.fromisoformat(label) if label else None for label in labels]


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
    (first, first_days), (last, last_days) = (stated_days(roster, name) for name in (AVAILABLE_FROM, AVAILABLE_TO))
    lead = timedelta(days=calendar.lead_days)
    pairs, place = np.unique(first.astype(np.int64) * len(last_days) + last, return_inverse=True)
    found = []
    for pair in pairs.tolist():
        begun, ended = first_days[pair // len(last_days)], last_days[pair % len(last_days)]
        found.append(_waves_between(open_days, _later(begun or date.min, lead), ended or date.max))
    return np.asarray(found, dtype=bool).reshape(-1, len(open_days))[place]


def absent_creators(roster: Roster, calendar: Calendar, today: date | None = None, agreed: Mask | None = None) -> Mask:
    """Return, per offer, whether its creator is available in no wave, (n,).

    Parameters
    ----------
    agreed
        (n, waves) in which waves an offer was agreed or made: in these it is available, whatever else is said.
    """
    available = available_waves(roster, calendar, today)
    return creators_without(roster, available if agreed is None else available | agreed)


def creators_without(roster: Roster, available: Mask) -> Mask:
    """Return, per offer, whether no offer of its creator is available in any wave, (n,)."""
    present = np.bincount(roster.creator_id, weights=available.any(axis=1)) > 0
    absent: Mask = ~present[roster.creator_id]
    return absent


def _later(day: date, lead: timedelta) -> date:
    return day if day == date.min else date.max if day > date.max - lead else day + lead


def _waves_between(open_days: Sequence[Sequence[date]], first: date, last: date) -> list[bool]:
    """Return which waves have an open day from the first to the last one."""
    places = [bisect_left(days, first) for days in open_days]
    return [place < len(days) and days[place] <= last for place, days in zip(places, open_days, strict=True)]
