"""A warning of waves that are over: nobody can post in them any more. A plan itself depends on no clock."""

from __future__ import annotations

import os
import sys
from datetime import UTC, date, datetime

from microopt.campaign.campaign import Campaign
from microopt.cli.console import write
from microopt.rendering.wording.full_stop import end_sentence

MOST_DIGITS = 11  # seconds since 1970 of a year that a date has


def today() -> date:
    """Return the day on which the command runs, or that of SOURCE_DATE_EPOCH, which makes outputs reproducible."""
    stamp = os.environ.get("SOURCE_DATE_EPOCH", "")
    is_stamp = stamp.isascii() and stamp.isdecimal() and len(stamp) <= MOST_DIGITS
    return datetime.fromtimestamp(int(stamp), UTC).date() if is_stamp else date.today()


def warn_of_past_waves(campaign: Campaign) -> None:
    """Say on standard error which waves of a campaign are over."""
    if warning := past_waves(campaign):
        write(sys.stderr, f"Warning: {end_sentence(warning)}\n")


def past_waves(campaign: Campaign) -> str:
    """Return a sentence, without its full stop, on the waves of a campaign that are over; empty where none is."""
    if campaign.calendar is None or not (over := [wave for wave in campaign.calendar.waves if wave.ends < today()]):
        return ""
    from microopt.quantities.parse_and_format import format_names
    from microopt.rendering.sanitize import plain_text

    names = plain_text(format_names([wave.name for wave in over]))
    which = f"all waves are over (the last ended on {over[-1].ends})"
    if len(over) < len(campaign.calendar.waves):
        which = f"{names} {'is' if len(over) == 1 else 'are'} over"
    return f"{which}: choose waves that are still to come"
