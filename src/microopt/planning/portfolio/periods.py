"""The periods in which a creator's bookings are counted, and which days of campaigns fall into them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from microopt.planning.portfolio.entry import Days

ALWAYS: Days = (None, None)


def find_periods(period: str | None, occasions: Sequence[Days]) -> tuple[Days, ...]:
    """Return the weeks, months or quarters from the first to the last day of campaigns, in order.

    Without a period, and where no campaign says its days, all of the time is one.

    Parameters
    ----------
    period
        `week`, `month`, `quarter`, or None.
    occasions
        The days of campaigns and of their waves.
    """
    days = [day for occasion in occasions for day in occasion if day is not None]
    if period is None or not days:
        return (ALWAYS,)
    found, first, last = [], _start_of(period, min(days)), max(days)
    while first <= last:
        following = _start_of(period, first + timedelta(days={"week": 7, "month": 31, "quarter": 92}[period]))
        found.append((first, following - timedelta(days=1)))
        first = following
    return tuple(found)


def _start_of(period: str, day: date) -> date:
    if period == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1, month=day.month if period == "month" else (day.month - 1) // 3 * 3 + 1)


def overlaps(one: Days, other: Days, between: int = 0) -> bool:
    """Whether some days and others meet, or have fewer than this number of days between them; open ends meet all."""
    (first, last), (start, end) = one, other
    apart = timedelta(days=between)
    is_after = first is not None and end is not None and first > end + apart
    is_before = last is not None and start is not None and start > last + apart
    return not (is_after or is_before)


def occasions_in(occasions: Sequence[Days], period: Days) -> NDArray[np.bool_]:
    """Return which occasions fall into a period, (occasions,)."""
    return np.asarray([overlaps(each, period) for each in occasions], dtype=bool)
