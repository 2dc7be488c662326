"""The calendar of a campaign: its waves in order of time, and what holds in them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction

from msgspec import Struct

from microopt.quantities.discount_steps import DiscountSteps
from microopt.quantities.parse_and_format import Range

WAVE = "wave"  # the column of the roster that names the wave of an offer
# Design figures, which docs/calendar.md explains: conversions per post fall after the third or fourth contact.
MAX_POSTS = 4
LEAD_DAYS = 14
APPROVAL_DAYS = 3


class Days(Struct, frozen=True, kw_only=True):
    """Days in a row, both ends included."""

    starts: date
    ends: date

    def __contains__(self, day: date) -> bool:
        return self.starts <= day <= self.ends


class Wave(Struct, frozen=True, kw_only=True):
    """A part of a campaign in time, in which a creator posts or does not.

    Attributes
    ----------
    name
        As rules have it: `2027-03`, `2027-W10`, `launch`.
    starts, ends
        The first and the last day.
    demand
        What a post brings in it, as a multiple of what it brings in an ordinary one.
    """

    name: str
    starts: date
    ends: date
    demand: Fraction = Fraction(1)


class WaveBudget(Struct, frozen=True, kw_only=True):
    """What may be spent in a wave, at the least and at the most; None for no limit.

    Attributes
    ----------
    percent
        Whether the ends are shares of the budget of the campaign (0.4 for 40%); else they are money.
    """

    low: Fraction | None = None
    high: Fraction | None = None
    percent: bool = False

    @property
    def bounds(self) -> Range:
        """The range of the spend in the wave."""
        return Range(self.low, self.high, self.percent)


class Holiday(Struct, frozen=True, kw_only=True):
    """A public holiday of a country, by its two-letter code."""

    day: date
    country: str
    name: str


class Calendar(Struct, frozen=True, kw_only=True):
    """The waves of a campaign in order of time, and what holds in them.

    Attributes
    ----------
    budgets
        By wave; a wave that is not named is free within the budget of the campaign.
    carry_over
        Whether money that a wave leaves of its budget may be spent in later ones.
    max_posts
        The most posts of one creator over all waves.
    repetition
        Whether later posts of a creator bring what posts to the same audience bring, not what a first one brings.
    retainer
        The discount on the fees of a creator by the number of posts.
    blackout
        Days on which nothing is posted, in order of time.
    countries
        Codes of the countries whose holidays count.
    holidays
        Those in the waves and in the lead time of the first one, in order of time. The plan keeps them, so that it does
        not change with a list of holidays.
    lead_days
        From briefing to the post: how long a creator needs to make it.
    approval_days
        From a draft to the post: how long its approval takes.
    """

    waves: tuple[Wave, ...]
    budgets: Mapping[str, WaveBudget] = {}
    carry_over: bool = False
    max_posts: int = MAX_POSTS
    repetition: bool = True
    retainer: DiscountSteps = ()
    blackout: tuple[Days, ...] = ()
    countries: tuple[str, ...] = ()
    holidays: tuple[Holiday, ...] = ()
    lead_days: int = LEAD_DAYS
    approval_days: int = APPROVAL_DAYS

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the waves in order of time."""
        return tuple(wave.name for wave in self.waves)

    def stated_budgets(self) -> tuple[tuple[str, WaveBudget], ...]:
        """Return the budgets by name of the wave, in order of time, without waves that are free."""
        return tuple((name, self.budgets[name]) for name in self.names if name in self.budgets)

    def closed_waves(self, today: date | None) -> frozenset[str]:
        """Return the waves in which no post can be booked any more: the lead time goes beyond their last open day."""
        if today is None:
            return frozenset()
        return frozenset(wave.name for wave in self.waves if not any(self.open_days(wave, today)))

    def open_days(self, wave: Wave, today: date | None = None) -> tuple[date, ...]:
        """Return the days of a wave on which something can be posted, in order.

        Parameters
        ----------
        today
            The day on which a post is booked, of which it needs the lead time; None for no limit.
        """
        days = (wave.starts + timedelta(days=after) for after in range((wave.ends - wave.starts).days + 1))
        first = date.min if today is None else today + timedelta(days=self.lead_days)
        return tuple(day for day in days if day >= first and not self.is_blackout(day))

    def is_blackout(self, day: date) -> bool:
        """Whether nothing may be posted on a day."""
        return any(day in days for days in self.blackout)
