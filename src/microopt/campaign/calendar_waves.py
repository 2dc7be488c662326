"""Which waves a campaign has: months, weeks, or days with a name, in order of time."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TypeVar

from microopt.campaign.calendar import Days, Wave
from microopt.campaign.calendar_faults import EXAMPLE, Faults
from microopt.campaign.calendar_input import CalendarInput, WaveInput
from microopt.campaign.calendar_periods import (
    MONTH,
    WEEK,
    are_near,
    parse_days,
    parse_period,
    periods,
)
from microopt.campaign.calendar_wave_checks import check_ends, check_waves
from microopt.campaign.calendar_whole import WholeCampaign
from microopt.campaign.meant_waves import fix_wave
from microopt.campaign.wave_names import find_wave, full_name, suggest_waves, unseen_character
from microopt.errors import did_you_mean
from microopt.quantities.keys import match_key
from microopt.quantities.parse_and_format import shorten
from microopt.quantities.size_limits import MAX_WAVES
from microopt.quantities.written_days import FIRST_YEAR, LAST_YEAR

EVERY = {"week": "week", "weeks": "week", "weekly": "week", "month": "month", "months": "month", "monthly": "month"}
MAX_NAME = 40  # characters
RESERVED = ("first wave", "last wave", "each wave", "wave")  # words of rules in time
_UNUSABLE = re.compile(r"""[",;:<>=|]|\.\.""")


A = TypeVar("A")


def find_waves(written: CalendarInput, whole: WholeCampaign, faults: Faults) -> tuple[Wave, ...]:
    """Return the waves that a table means; none, and faults, if something is wrong with them."""
    if written.waves:
        for key in ("every", "starts", "ends"):
            if getattr(written, key) is not None:
                fix = f"drop {key} = ... under [calendar], or give starts, ends and every instead of waves"
                faults.add_fault("calendar-every", f"it has both waves and {key}", fix, key)
        waves = _listed_waves(written.waves, faults)
    else:
        waves = _regular_waves(written, whole, faults)
    before = len(faults.found)
    check_waves(waves, faults)
    if waves and len(faults.found) == before:
        check_ends(waves, whole, faults)
    return waves if len(faults.found) == before else ()


def by_wave(waves: Sequence[Wave], written: Mapping[str, A], key: str, faults: Faults) -> dict[str, A]:
    """Return what is written for each wave, by its name as the waves have it; other names are faults.

    Parameters
    ----------
    waves
        All waves; none if they are faulty, so that nothing can be said of names.
    key
        Of the table: `budget`, `demand`.
    """
    names = tuple(wave.name for wave in waves)
    found: dict[str, A] = {}
    for written_name, value in written.items():
        place = find_wave(names, written_name)
        name = None if place is None else names[place]
        if name is None and waves:
            fix = suggest_waves(names, written_name)
            message = f"{key} names {shorten(written_name)!r}, but there is no such wave"
            faults.add_fault("wave-unknown", message, fix, f"{key}.{shorten(written_name)}")
        elif name in found:
            fix = f"keep one entry for {name} in [calendar.{key}]"
            faults.add_fault("given-twice", f"{key}: {name} is given twice", fix, f"{key}.{name}")
        elif name is not None:
            found[name] = value
    return found


def _listed_waves(written: Sequence[str | WaveInput], faults: Faults) -> tuple[Wave, ...]:
    waves: list[Wave] = []
    for wave in written:
        waves += _parse_wave(wave, faults) if isinstance(wave, str) else _wave_of_table(wave, faults)
        if len(waves) > MAX_WAVES:
            break
    return tuple(waves)


def _parse_wave(text: str, faults: Faults) -> list[Wave]:
    """Return the waves of `2027-03`, `2027-W10`, a row of either, or `launch=2027-03-01..2027-03-14`."""
    name, equals, days_text = (part.strip() for part in text.rpartition("="))
    if equals:
        days = parse_days(days_text)
        if days is None:
            fix = "write it like launch=2027-03-01..2027-03-14"
            faults.add_fault("wave-unreadable", f"{shorten(text)!r} has no days after its name", fix, "waves")
            return []
        return _named_wave(name, days, faults)
    first, dots, last = (part.strip() for part in text.partition(".."))
    kind = MONTH if MONTH.fullmatch(first) else WEEK
    ends = [parse_period(kind, part) for part in ((first, last) if dots else (first,))]
    known = [days for days in ends if days is not None]
    if len(known) < len(ends):
        parts = (first, last) if dots else (first,)
        unit = "month" if kind is MONTH else "week"
        message = f"{shorten(text)!r} is not a wave"
        if all(kind.fullmatch(part) for part in parts):
            message = f"there is no {unit} {next(part for part in parts if parse_period(kind, part) is None)}"
        faults.add_fault("wave-unreadable", message, fix_wave(text, faults), "waves")
        return []
    if known[-1].starts < known[0].starts:
        faults.add_fault("wave-dates", f"{shorten(text)} ends before it starts", f"write {last}..{first}", "waves")
        return []
    return list(periods(Days(starts=known[0].starts, ends=known[-1].ends), is_weekly=kind is WEEK))


def _wave_of_table(written: WaveInput, faults: Faults) -> list[Wave]:
    name = (written.name or "").strip()
    if written.starts is None or written.ends is None:
        label = shorten(name) or "a wave"
        missing = "starts" if written.starts is None else "ends"
        fix = '{ name = "launch", starts = 2027-03-01, ends = 2027-03-14 }'
        faults.add_fault("wave-unreadable", f"{label} has no {missing}", f"write it like {fix}", "waves")
        return []
    return _named_wave(name, Days(starts=written.starts, ends=written.ends), faults)


def _named_wave(name: str, days: Days, faults: Faults) -> list[Wave]:
    if problem := unusable_name(name):
        fix = "name it with letters and digits, such as launch"
        faults.add_fault("wave-name", f"{shorten(name)!r} {problem}" if name else "a wave has no name", fix, "waves")
        return []
    if not are_near(days):
        message = f"{name} is from {days.starts} to {days.ends}"
        faults.add_fault("wave-dates", message, f"write years from {FIRST_YEAR} to {LAST_YEAR}", "waves")
        return []
    if days.ends < days.starts:
        message = f"{name} ends on {days.ends}, before it starts on {days.starts}"
        faults.add_fault(
            "wave-dates", message, f"write {name}={days.ends}..{days.starts}, or correct one of the days", "waves"
        )
        return []
    return [Wave(name=full_name(name), starts=days.starts, ends=days.ends)]


def unusable_name(name: str) -> str:
    """Return why rules could not name a wave so, empty if they can."""
    if not match_key(name):
        return "is not a name"
    if len(name) > MAX_NAME:
        return f"has {len(name)} characters, but a name has at most {MAX_NAME}"
    if unseen := unseen_character(name):
        return f"has a character that cannot be seen: {unseen}"
    if _UNUSABLE.search(name):
        return "has characters that rules cannot name"
    return "is a word of rules" if match_key(name) in map(match_key, RESERVED) else ""


def _regular_waves(written: CalendarInput, whole: WholeCampaign, faults: Faults) -> tuple[Wave, ...]:
    """Return the weeks or months between two days, by default those of the campaign."""
    starts, ends = written.starts or whole.starts, written.ends or whole.ends
    if written.every is None or starts is None or ends is None:
        _add_incomplete(written, faults)
        return ()
    unit = EVERY.get(written.every.strip().casefold())
    if unit is None:
        fix = did_you_mean(written.every, ("week", "month")) or 'write every = "week" or every = "month"'
        faults.add_fault(
            "calendar-every", f"every = {shorten(written.every)!r} is neither week nor month", fix, "every"
        )
        return ()
    if not are_near(Days(starts=starts, ends=ends)):
        message = f"it goes from {starts} to {ends}"
        faults.add_fault("wave-dates", message, f"write years from {FIRST_YEAR} to {LAST_YEAR}", "starts")
        return ()
    if ends < starts:
        fix = "correct starts or ends under [calendar]"
        faults.add_fault("wave-dates", f"it ends on {ends}, before it starts on {starts}", fix, "ends")
        return ()
    return tuple(periods(Days(starts=starts, ends=ends), is_weekly=unit == "week"))


def _add_incomplete(written: CalendarInput, faults: Faults) -> None:
    dates = 'starts = 2027-03-01, ends = 2027-05-31, every = "month"'
    if written.every is not None:
        faults.add_fault("calendar-every", "every needs starts and ends", f"write {dates}", "every")
    elif written.starts is not None or written.ends is not None:
        faults.add_fault("calendar-every", "starts and ends need every", f"write {dates}", "every")
    else:
        fix = f"write {faults.write_waves(EXAMPLE)}"
        fix = fix if faults.waves_of_flag else f"{fix}, or {dates}"
        faults.add_fault("calendar-empty", "it has no waves", fix, "waves")
