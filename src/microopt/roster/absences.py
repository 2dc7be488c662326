"""Why creators are available in no wave of a calendar: their own days, blackout days, today, or the lead time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from enum import Enum

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.campaign.calendar import Calendar
from microopt.errors import CampaignError
from microopt.quantities.parse_and_format import format_names, format_number_of
from microopt.roster.available_days import AVAILABLE_FROM, AVAILABLE_TO, absent_creators, stated_days
from microopt.roster.roster import Roster

SHOWN_NAMES = 8
Mask = NDArray[np.bool_]


class Reason(Enum):
    """Why a creator is in no wave; the first that applies."""

    DAYS = "their days are outside all waves"
    BLACKOUT = "all of their days in the waves are blackout days"
    TODAY = "their days in the waves are over"
    LEAD = "a post takes longer to make than their days in the waves leave"


class Absence(Struct, frozen=True, kw_only=True, eq=False):
    """Creators who are in no wave for one reason.

    Attributes
    ----------
    names
        Of the creators, in order of the roster.
    lead_days
        The longest lead time with which each of them would be in a wave; None where none would help.
    """

    reason: Reason
    names: tuple[str, ...]
    lead_days: int | None = None


def find_absences(roster: Roster, calendar: Calendar, today: date | None, absent: Mask) -> list[Absence]:
    """Return why creators are in no wave, each reason with its creators.

    Parameters
    ----------
    absent
        (n,) the offers of creators who are in no wave.
    """
    rest, found = roster.take(np.flatnonzero(absent)), []
    at_once = replace(calendar, lead_days=0, approval_days=0)
    conditions: Mapping[Reason, tuple[Calendar, date | None]] = {
        Reason.DAYS: (replace(at_once, blackout=()), None),
        Reason.BLACKOUT: (at_once, None),
        Reason.TODAY: (at_once, today),
    }
    for reason, (other, day) in conditions.items():
        if not len(rest):
            break
        is_cause = absent_creators(rest, other, day)
        if is_cause.any():
            found.append(Absence(reason=reason, names=_names(rest, is_cause)))
        rest = rest.take(np.flatnonzero(~is_cause))
    if len(rest):
        lead_days = _longest_lead(rest, calendar, today)
        found.append(
            Absence(reason=Reason.LEAD, names=_names(rest, np.ones(len(rest), dtype=bool)), lead_days=lead_days)
        )
    return found


def why_absent(rows: Roster, calendar: Calendar, today: date | None, agreed: Mask | None) -> Iterator[str]:
    """Yield why a creator, whose offers these are, is in no wave; nothing if they are in one."""
    absent = absent_creators(rows, calendar, today, agreed)
    if absent.all():
        found = find_absences(rows, calendar, today, absent)[-1]
        fix = _fix(found)
        yield f"{_because(found, calendar)}{f' ({fix})' if fix else ''}"


def why_not_in_waves(rows: Roster, calendar: Calendar, today: date | None) -> str:
    """Return why none of some creators is in any wave of a calendar, with what would help; empty if one of them is.

    Of several reasons, it is the one that is easiest to mend.

    Parameters
    ----------
    rows
        Their offers.
    """
    absent = absent_creators(rows, calendar, today)
    if not absent.all():
        return ""
    found = find_absences(rows, calendar, today, absent)[-1]
    names, because, fix = {*found.names}, _because(found, calendar), _fix(found)
    creators = [rows.texts["creator"][row].strip() in names for row in range(len(rows))]
    stated = _stated(rows.take(np.flatnonzero(creators)))
    if len(calendar.waves) == 1:
        for words in ("all waves", "the waves"):
            because = because.replace(words, calendar.names[0])
    said = f"{format_names(list(found.names))}{stated}{'' if stated else ':'} {because}"
    return f"{said} ({fix})" if fix else said


def note_absences(found: list[Absence], calendar: Calendar) -> tuple[str, ...]:
    """Return a note for each reason for which creators are left out, with what would keep them."""
    return tuple(_note(absence, calendar) for absence in found)


def nobody_available(found: list[Absence], calendar: Calendar) -> CampaignError:
    """Return the error of a calendar in none of whose waves anybody is available, with all reasons."""
    message = f"no creator is available in any wave ({calendar.names[0]} to {calendar.names[-1]})"
    counts = [f"{len(absence.names):,} because {_because(absence, calendar)}" for absence in found]
    fixes = [_fix(absence) for absence in found]
    fix = (
        ", or ".join(dict.fromkeys(fix for fix in fixes if fix)) or "give more waves, with --waves or under [calendar]"
    )
    return CampaignError(f"{message}: {'; '.join(counts)}", fix=fix, code="wave-nobody")


def absent_although_included(name: str, rows: Roster, calendar: Calendar, today: date | None) -> CampaignError:
    """Return the error of a creator whom a campaign requires, and who is in no wave.

    Parameters
    ----------
    rows
        Their offers.
    """
    found = find_absences(rows, calendar, today, np.ones(len(rows), dtype=bool))[-1]  # what is easiest to mend
    waves = f"{calendar.names[0]} to {calendar.names[-1]}" if len(calendar.names) > 1 else calendar.names[0]
    message = f"include: {name}{_stated(rows)} is in no wave ({waves}): {_because(found, calendar)}"
    parts = [part for part in (_fix(found), f"drop --include {name}") if part]
    return CampaignError(message, fix=", or ".join(parts), code="include-wave")


def _note(absence: Absence, calendar: Calendar) -> str:
    count = len(absence.names)
    whom = "1 creator is" if count == 1 else f"{count:,} creators are"
    text = f"{whom} left out, as {_because(absence, calendar)}: {format_names(list(absence.names), SHOWN_NAMES)}"
    helps = f"; lead_days = {absence.lead_days} under [calendar] would keep {'them' if count > 1 else 'the creator'}"
    return text if absence.lead_days is None else text + helps


def _because(absence: Absence, calendar: Calendar) -> str:
    if absence.reason is Reason.LEAD:
        days = format_number_of(calendar.lead_days, "day")
        return f"a post takes {days} to make (lead_days), longer than their days in the waves leave"
    reason: str = absence.reason.value
    return reason


def _fix(absence: Absence) -> str:
    """Return what would bring the creators into a wave, empty where nothing does."""
    return {
        Reason.DAYS: f"correct {AVAILABLE_FROM} and {AVAILABLE_TO}",
        Reason.BLACKOUT: "leave one of these days out of blackout under [calendar]",
        Reason.TODAY: "",
        Reason.LEAD: f"set lead_days = {absence.lead_days} under [calendar]",
    }[absence.reason]


def _stated(rows: Roster) -> str:
    """Return the days on which the creators of some offers are available, empty if they differ or are open."""
    (_, begins), (_, ends) = (stated_days(rows, name) for name in (AVAILABLE_FROM, AVAILABLE_TO))
    if len(begins) > 1 or len(ends) > 1:
        return ""
    first, last = begins[0], ends[0]
    are = "is" if len(np.unique(rows.creator_id)) == 1 else "are"
    if first is not None and last is not None:
        return f" {are} available from {first} to {last} and"
    return f" {are} available from {first} on and" if first else f" {are} available until {last} and" if last else ""


def _names(roster: Roster, rows: Mask) -> tuple[str, ...]:
    return tuple(dict.fromkeys(roster.texts["creator"][row].strip() for row in np.flatnonzero(rows).tolist()))


def _longest_lead(roster: Roster, calendar: Calendar, today: date | None) -> int:
    """Return the longest lead time with which every creator is in a wave; with none at all they are."""
    shortest, longest = 0, calendar.lead_days - 1
    while shortest < longest:
        middle = (shortest + longest + 1) // 2
        other = replace(calendar, lead_days=middle, approval_days=min(middle, calendar.approval_days))
        if absent_creators(roster, other, today).any():
            longest = middle - 1
        else:
            shortest = middle
    return shortest
