"""Offers over the waves of a calendar: each offer once for each wave in which its creator can post it."""

from __future__ import annotations

from datetime import date

import numpy as np
from msgspec.structs import replace

from microopt.campaign.calendar import WAVE, Calendar
from microopt.errors import CampaignError
from microopt.quantities.parse_and_format import format_number_of
from microopt.roster.absences import find_absences, nobody_available, note_absences
from microopt.roster.available_days import Mask, available_waves, creators_without
from microopt.roster.roster import Roster, TextColumn
from microopt.roster.timing import PostTiming


def expand_waves(roster: Roster, calendar: Calendar, today: date | None = None, agreed: Mask | None = None) -> Roster:
    """Return the roster with a row of each offer for each wave in which it is available, and a column `wave`.

    A creator who is available in no wave is left out, with a note that says why.

    Parameters
    ----------
    today
        As in `available_waves`.
    agreed
        As in `absent_creators`.

    Raises
    ------
    CampaignError
        If the roster has a column `wave` of its own, or nobody is available in any wave.
    """
    if WAVE in roster.texts or WAVE in roster.numbers:
        message = "your list has a column 'wave' of its own, besides the waves of the calendar"
        fix = "leave it out with --map wave=ignore; available_from and available_to say when a creator can post"
        if "posting_date" in roster.texts:
            fix = "if it is the table of a plan, give the list from which that was made: microopt plan roster.csv"
        raise CampaignError(message, fix=fix, code="wave-column")
    available = available_waves(roster, calendar, today)
    available = available if agreed is None else available | agreed
    absent = creators_without(roster, available)
    found = find_absences(roster, calendar, today, absent) if absent.any() else []
    if not available.any():
        if len(calendar.closed_waves(today)) == len(calendar.waves):
            message = f"from {today} on it is too late for every wave"
            if calendar.lead_days:
                message = f"{message}: a post takes {format_number_of(calendar.lead_days, 'day')} to make"
            helps = [
                f"set lead_days = {each.lead_days} under [calendar]" for each in found if each.lead_days is not None
            ]
            fix = ", or ".join(["give more waves in a campaign file", *helps])
            raise CampaignError(message, fix=fix, code="waves-over")
        raise nobody_available(found, calendar)
    rows, wave = np.nonzero(available)
    expanded, code = roster.take(rows), wave.astype(np.int32)
    demand = np.asarray([float(each.demand) for each in calendar.waves])
    return replace(
        expanded,
        texts={**expanded.texts, WAVE: TextColumn(codes=code, labels=calendar.names)},
        timing=PostTiming(wave=code, contact=np.ones(len(rows), dtype=np.int32), demand=demand[wave]),
        notes=(*roster.notes, *note_absences(found, calendar)),
    )
