"""The table `[calendar]` of a campaign file as written, and its flags `--waves` and `--retainer`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from microopt.campaign.flag_values import Amount
from microopt.campaign.options import CAMPAIGN, option

_WAVE_KEYS = ("waves", "starts", "ends", "every")  # each way of saying which waves there are


class WaveInput(Struct, frozen=True, kw_only=True):
    """A wave of the list `waves` as a table: `{ name = "launch", starts = 2027-03-01, ends = 2027-03-14 }`."""

    name: str | None = None
    starts: date | None = None
    ends: date | None = None


class CalendarInput(Struct, frozen=True, kw_only=True):
    """The table `[calendar]` as written.

    Attributes
    ----------
    waves
        Months (`2027-03`), weeks (`2027-W10`), a row of either (`2027-03..2027-05`), days with a name
        (`launch=2027-03-01..2027-03-14`), or tables.
    starts, ends, every
        Instead of `waves`: the first and the last day, and `week` or `month`.
    budget
        By wave: an amount, a share of the budget, a range of either, or `free`.
    carry_over
        Whether unspent money of a wave may be spent later.
    demand
        By wave: 1.3 or 130%.
    blackout
        Days without posts: `2027-03-20`, `2027-04-01..2027-04-05`.
    holidays
        Whether the holidays of the campaign's countries count, or codes of countries.
    max_posts
        The most posts of one creator.
    repetition
        Whether later posts bring what posts to the same audience bring.
    retainer
        The discount by the number of posts: `3 posts: 10%; 6 posts: 20%`.
    lead_days, approval_days
        From briefing to the post, and from a draft to it.
    """

    waves: Sequence[str | WaveInput] = ()
    starts: date | None = None
    ends: date | None = None
    every: str | None = None
    budget: Mapping[str, Amount] = {}
    carry_over: bool = False
    demand: Mapping[str, Amount] = {}
    blackout: Sequence[Any] = ()  # dates and texts: no type of msgspec is either
    holidays: bool | str | Sequence[str] = False
    max_posts: int | None = None
    repetition: bool = True
    retainer: str | None = None
    lead_days: int | None = None
    approval_days: int | None = None


class FlagWaves(tuple[str, ...]):
    """Waves as the flag gives them, which is where a wrong one is corrected."""

    __slots__ = ()


def parse_wave_flags(texts: Sequence[str]) -> CalendarInput:
    """Return the table that `--waves 2027-03,2027-04` means."""
    return CalendarInput(waves=FlagWaves(part.strip() for text in texts for part in text.split(",") if part.strip()))


def lay_calendar_over(
    flag: CalendarInput | None, file: CalendarInput | None, *, retainer: str | None = None
) -> CalendarInput | None:
    """Return the table of a file with the waves of the flag, which replace those of the file.

    Parameters
    ----------
    retainer
        Of the flag, which the file's then gives way to.
    """
    if file is None:
        return flag
    waves = {} if flag is None else {key: getattr(flag, key) for key in _WAVE_KEYS}
    return replace(file, **waves, **({} if retainer is None else {"retainer": None}))


WAVES = option(
    "--waves",
    panel=CAMPAIGN,
    metavar="WAVES",
    parse=parse_wave_flags,
    help="Plan over months or weeks: 2027-03,2027-04 or 2027-W10..2027-W21. Repeatable.",
)
RETAINER = option(
    "--retainer",
    panel=CAMPAIGN,
    metavar="STEPS",
    help="Discount for creators who post several times: '3 posts: 10%; 6 posts: 20%'.",
)
