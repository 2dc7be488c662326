"""What of a calendar has no effect on a roster: retainers that nobody reaches, blackout days outside the waves."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from microopt.campaign.calendar import Calendar
from microopt.campaign.calendar_periods import continued
from microopt.campaign.calendar_words import format_days
from microopt.campaign.campaign import Campaign
from microopt.campaign.flag_values import format_header_map
from microopt.errors import Fault
from microopt.quantities.parse_and_format import format_bound, format_names, join_words, shorten
from microopt.roster.available_days import AVAILABLE_FROM, AVAILABLE_TO
from microopt.roster.one_offer_per import numbers_that_differ
from microopt.roster.roster import Roster
from microopt.roster.unread_days import unread_day_columns

MOST_DAYS = 3  # blackout days that a warning names


def check_calendar(roster: Roster, campaign: Campaign, calendar: Calendar) -> tuple[list[Fault], list[str]]:
    """Return the faults of a calendar on a roster, and warnings.

    Parameters
    ----------
    roster
        In the waves of the calendar.
    """
    faults: list[Fault] = []
    warnings: list[str] = []
    most = min(calendar.max_posts, most_posts(roster, campaign.one_offer_per)) if calendar.retainer else 0
    beyond = [(posts, share) for posts, share in calendar.retainer if posts > most]
    if beyond and len(beyond) == len(calendar.retainer):
        faults.append(_retainer_fault(calendar, beyond[0][0], most))
    elif beyond:
        steps = format_names([f"{format_bound(share, True)} from {posts} posts" for posts, share in beyond])
        warnings.append(f"the retainer's {steps} had no effect: no creator can post more than {_times(most)}")
    warnings += [*_idle_blackouts(calendar), *_unread_days(roster)]
    return faults, warnings


def _unread_days(roster: Roster) -> Iterator[str]:
    """Yield the columns that say when creators are available, and that the waves do not depend on."""
    for found in unread_day_columns(roster):
        header = shorten(found.header)
        fix = f"a day or a month in each cell, under the headers {AVAILABLE_FROM} and {AVAILABLE_TO}, would count"
        if found.column is not None:
            also = "" if found.column != AVAILABLE_FROM else f"; a last day counts under the header {AVAILABLE_TO}"
            fix = f"add {format_header_map(header, found.column)} for it to count{also}"
        yield f"{header} had no effect: everybody counts as available on all days ({fix})"


def _retainer_fault(calendar: Calendar, posts: int, most: int) -> Fault:
    """Return the fault of a retainer from more posts than any creator can make, with what would make it possible."""
    message = f"[calendar]: the retainer starts at {posts} posts, but no creator can post more than {_times(most)}"
    fixes = [f"let it start at {most} posts, such as '{most} posts: 10%'"] if most > 1 else []
    if len(calendar.waves) < posts:
        row = continued(calendar.waves, posts)
        fixes.append(f"plan at least {posts} waves" + (f", such as --waves {row}" if row else ""))
    else:
        fixes.append("correct available_from and available_to in your list")
    fix = join_words([*fixes, "drop the retainer"], "or")
    return Fault(code="retainer-posts", message=message, fix=fix, column="calendar.retainer")


def most_posts(roster: Roster, one_offer_per: str) -> int:
    """Return how often the creator with the most offers, waves and units can post, at the most."""
    assert roster.timing is not None
    post = roster.creator_id.astype(np.int64) * (int(roster.timing.wave.max(initial=0)) + 1) + roster.timing.wave
    for numbers in numbers_that_differ(roster, one_offer_per):
        post = post * (int(numbers.max(initial=0)) + 1) + numbers
    _, firsts, place = np.unique(post, return_index=True, return_inverse=True)
    units = np.ones(len(firsts))
    np.maximum.at(units, place, np.nan_to_num(roster.number("max_units"), nan=1.0))
    return int(np.bincount(roster.creator_id[firsts], weights=units).max(initial=0))


def _times(posts: int) -> str:
    return {1: "once", 2: "twice"}.get(posts, f"{posts} times")


def _idle_blackouts(calendar: Calendar) -> Iterator[str]:
    idle = [
        days
        for days in calendar.blackout
        if not any(days.starts <= wave.ends and wave.starts <= days.ends for wave in calendar.waves)
    ]
    if idle:
        verb = "lies" if len(idle) == 1 else "lie"
        yield f"blackout had no effect: {format_names([*map(format_days, idle)], MOST_DAYS)} {verb} outside the waves"
