"""Months, weeks and days as texts name them."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import islice

from microopt.campaign import wave_names
from microopt.campaign.calendar import Days, Wave
from microopt.quantities.size_limits import MAX_WAVES
from microopt.quantities.written_days import FIRST_YEAR, LAST_YEAR, find_month, read_days

MONTH, WEEK = re.compile(wave_names.MONTH), re.compile(wave_names.WEEK)


def parse_days(text: str) -> Days | None:
    """Return the days of `2027-03-20` or `2027-04-01..2027-04-05`; None if the text is neither.

    Each end can be written as `read_days` knows it: `1.4.2027`, `15 Mar 2027`, `2027-W10`.
    """
    first, dots, last = (part.strip() for part in text.partition(".."))
    begun = read_days(first)
    ended = read_days(last) if dots else begun
    if begun is None or ended is None:
        return None
    days = Days(starts=begun[0], ends=ended[1])
    return days if are_near(days) else None


def are_near(days: Days) -> bool:
    """Whether days are in years that a campaign may be in."""
    return all(FIRST_YEAR <= day.year <= LAST_YEAR for day in (days.starts, days.ends))


def meant_month(text: str) -> str:
    """Return the month that a text of a year and a month may mean, empty if it is none: `March 2027`, `03/2027`."""
    words = re.findall(r"\d+|[^\W\d_]+", text.casefold())
    years = [word for word in words if re.fullmatch(r"2[01]\d\d", word)]
    others = [word for word in words if word not in years]
    if len(years) != 1 or len(others) != 1:
        return ""
    number = int(others[0][:3]) if others[0].isdecimal() else find_month(others[0])
    return f"{years[0]}-{number:02d}" if number is not None and 1 <= number <= 12 else ""


def parse_period(pattern: re.Pattern[str], text: str) -> Days | None:
    """Return the days of a month or a week, None if there is none of that number."""
    match = pattern.fullmatch(text)
    if match is None or not FIRST_YEAR <= int(match[1]) <= LAST_YEAR:
        return None
    year, number = int(match[1]), int(match[2])
    try:
        days = _month_of(date(year, number, 1)) if pattern is MONTH else _week_of(date.fromisocalendar(year, number, 1))
    except ValueError:
        return None
    return days if are_near(days) else None


def is_plain_period(wave: Wave) -> bool:
    """Whether the name of a wave says its days: it is the whole month or week of that name."""
    days = parse_period(MONTH, wave.name) or parse_period(WEEK, wave.name)
    return days is not None and (days.starts, days.ends) == (wave.starts, wave.ends)


def continued(waves: Sequence[Wave], count: int) -> str:
    """Return so many months or weeks in a row from the first wave on, `2027-03..2027-07`; empty if it is neither."""
    first = waves[0]
    if not is_plain_period(first):
        return ""
    row = periods(Days(starts=first.starts, ends=date(LAST_YEAR, 12, 31)), is_weekly=not MONTH.fullmatch(first.name))
    *_, last = islice(row, count)
    return f"{first.name}..{last.name}"


def _month_of(day: date) -> Days:
    return Days(starts=day.replace(day=1), ends=day.replace(day=monthrange(day.year, day.month)[1]))


def _week_of(day: date) -> Days:
    monday = day - timedelta(day.weekday())
    return Days(starts=monday, ends=monday + timedelta(6))


def periods(days: Days, *, is_weekly: bool) -> Iterator[Wave]:
    """Yield the weeks or months of some days, the first and the last one cut to them; one too many ends the row."""
    day, count = days.starts, 0
    while day <= days.ends and count <= MAX_WAVES:
        period = _week_of(day) if is_weekly else _month_of(day)
        year, week, _ = day.isocalendar()
        name = f"{year}-W{week:02d}" if is_weekly else f"{day:%Y-%m}"
        yield Wave(name=name, starts=day, ends=min(period.ends, days.ends))
        day, count = period.ends + timedelta(1), count + 1
