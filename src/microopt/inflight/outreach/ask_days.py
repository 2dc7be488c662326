"""From which day on creators are asked for posts in the waves of a calendar: when the lead time comes near."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from msgspec import Struct

from microopt.campaign.calendar import Calendar


class AskDays(Struct, frozen=True, kw_only=True):
    """When to ask for posts in which wave.

    Attributes
    ----------
    today
        The day of the list.
    first
        By wave: the day from which on creators are asked, so that they have answered when work on a post begins.
    closed
        The waves for which it is too late.
    together
        Whether all posts of a creator are asked for at once, when the first is due: a retainer depends on their number.
    """

    today: date
    first: Mapping[str, date] = {}
    closed: frozenset[str] = frozenset()
    together: bool = False

    def from_day(self, wave: str | None) -> date | None:
        """Return from which day on a post in a wave is asked for, None if it is asked for today."""
        first = self.first.get(wave or "", self.today)
        return first if first > self.today else None


def ask_days(calendar: Calendar | None, today: date, reply_days: int) -> AskDays:
    """Return when to ask for posts in which wave; without a calendar everyone is asked today.

    Parameters
    ----------
    reply_days
        How many days a creator has to answer.
    """
    if calendar is None:
        return AskDays(today=today)
    ahead = timedelta(days=calendar.lead_days + reply_days)
    return AskDays(
        today=today,
        first={wave.name: wave.starts - ahead for wave in calendar.waves},
        closed=calendar.closed_waves(today),
        together=bool(calendar.retainer),
    )
