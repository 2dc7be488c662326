"""Whether waves follow each other, each with a name of its own, within the days of the campaign."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise

from microopt.campaign.calendar import Wave
from microopt.campaign.calendar_faults import EXAMPLE, Faults
from microopt.campaign.calendar_periods import is_plain_period
from microopt.campaign.calendar_whole import WholeCampaign
from microopt.campaign.wave_names import wave_key
from microopt.quantities.size_limits import MAX_CALENDAR_DAYS, MAX_WAVES

MOST_LISTED = 12  # waves that a fix lists


def check_waves(waves: Sequence[Wave], faults: Faults) -> None:
    """Check that waves follow each other, each with a name of its own, and that they are not too many."""
    if len(waves) > MAX_WAVES:
        fix = "plan over months, such as 2027-01..2027-12, or over fewer weeks at a time"
        faults.add_fault("waves-too-many", f"it has more than {MAX_WAVES} waves, which is the limit", fix, "waves")
        return
    _check_names(waves, faults)
    _check_order(waves, faults)


def check_ends(waves: Sequence[Wave], whole: WholeCampaign, faults: Faults) -> None:
    """Check that waves do not go beyond the days of the campaign, nor over more days than anybody plans."""
    first, last = waves[0].starts, waves[-1].ends
    if whole.starts is not None and first < whole.starts:
        cut = _within(waves[0], whole.starts, waves[0].ends)
        fix = f"{cut}, or write starts = {first} above the first [table]"
        message = f"{waves[0].name} starts on {first}, before the campaign does on {whole.starts}"
        faults.add_fault("wave-outside", message, fix, "waves")
    if whole.ends is not None and last > whole.ends:
        cut = _within(waves[-1], waves[-1].starts, whole.ends)
        fix = f"{cut}, or write ends = {last} above the first [table]"
        message = f"{waves[-1].name} ends on {last}, after the campaign does on {whole.ends}"
        faults.add_fault("wave-outside", message, fix, "waves")
    if (last - first).days >= MAX_CALENDAR_DAYS:
        message = f"the waves go from {first} to {last}, longer than {MAX_CALENDAR_DAYS // 365} years"
        fix = f"correct the years: {faults.write_waves(EXAMPLE)}"
        faults.add_fault("wave-dates", message, fix, "waves")


def _check_names(waves: Sequence[Wave], faults: Faults) -> None:
    first: dict[str, Wave] = {}
    for wave in waves:
        other = first.setdefault(wave_key(wave.name), wave)
        if other is not wave:
            same_days = (other.starts, other.ends) == (wave.starts, wave.ends)
            fix = f"drop one {wave.name}" if same_days else f"give one of them another name, such as {wave.name} 2"
            faults.add_fault("given-twice", f"the wave {wave.name} is given twice", fix, "waves")


def _check_order(waves: Sequence[Wave], faults: Faults) -> None:
    """Check that no two waves share a day, and that they are listed in order of time."""
    ordered = sorted(waves, key=lambda wave: (wave.starts, wave.ends))
    latest, is_apart = None, True
    for wave in ordered:
        if latest is not None and wave.starts <= latest.ends and wave_key(wave.name) != wave_key(latest.name):
            days = f"{latest.name} ends on {latest.ends}, and {wave.name} starts on {wave.starts}"
            faults.add_fault("waves-overlap", f"two waves overlap: {days}", _fix_overlap(latest, wave), "waves")
            is_apart = False
        latest = wave if latest is None or wave.ends > latest.ends else latest
    if is_apart and ordered != [*waves] and len({wave_key(wave.name) for wave in waves}) == len(waves):
        first, second = next((first, second) for first, second in pairwise(waves) if second.starts < first.starts)
        fix = f"list {second.name} before {first.name}"
        if len(waves) <= MOST_LISTED:
            fix = f"list the waves in order of time: {faults.write_waves([_written(wave) for wave in ordered])}"
        message = f"{second.name} comes before {first.name}, but is listed after it"
        faults.add_fault("waves-order", message, fix, "waves")


def _fix_overlap(first: Wave, second: Wave) -> str:
    """Return how to part two waves that share days; the first one does not begin after the second."""
    if first.starts < second.starts:
        change = f"let {first.name} end before it: {first.name}={first.starts}..{second.starts - timedelta(1)}"
    elif first.ends < second.ends:
        change = f"let {second.name} start after it: {second.name}={first.ends + timedelta(1)}..{second.ends}"
    else:
        return f"drop {first.name} or {second.name}"
    return f"drop {first.name} or {second.name}, or {change}"


def _within(wave: Wave, starts: date, ends: date) -> str:
    """Return how to write the part of a wave that is within the campaign, if any is."""
    return f"drop {wave.name}" if ends < starts else f"cut it to {wave.name}={starts}..{ends}"


def _written(wave: Wave) -> str:
    return wave.name if is_plain_period(wave) else f"{wave.name}={wave.starts}..{wave.ends}"
