"""A portfolio: several campaigns that are planned together, and what they share."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from msgspec import Struct

from microopt.campaign.campaign import Campaign, RangeRule, TierBands
from microopt.quantities.discount_steps import DiscountSteps
from microopt.quantities.units import Cents


class Capacity(Struct, frozen=True, kw_only=True):
    """How much the campaigns may book of one creator, together.

    Attributes
    ----------
    campaigns, posts
        In how many campaigns, and with how many posts, a creator may be in each period; None for no limit.
    period
        `week`, `month` or `quarter`, or None for all of the time. A campaign counts in each period into which its days
        fall; one without dates counts in all of them.
    column
        A numeric column of the lists that says in how many campaigns a creator may be; a cell goes before `tiers`.
    tiers
        In how many campaigns creators of a tier may be, by tier; it goes before `campaigns`.
    kept_campaigns, kept_posts
        How many campaigns and posts of each creator, by match key, campaigns take that keep their last plans tonight.
    """

    campaigns: int | None = None
    posts: int | None = None
    period: str | None = None
    column: str | None = None
    tiers: Mapping[str, int] = {}
    kept_campaigns: Mapping[str, int] = {}
    kept_posts: Mapping[str, int] = {}

    def posts_of(self, creator: str) -> int | None:
        """Return how many posts may be booked of a creator, by match key; None for no limit."""
        return None if self.posts is None else max(0, self.posts - self.kept_posts.get(creator, 0))


class Exclusivity(Struct, frozen=True, kw_only=True):
    """Campaigns that compete: no creator is in two of them within some days.

    Attributes
    ----------
    members
        Names of campaigns, or of categories, whose campaigns then compete with each other too.
    days
        How many days must be between a post for one and a post for the other; None: never both.
    """

    members: tuple[str, ...]
    days: int | None = None


class PortfolioMember(Struct, frozen=True, kw_only=True, eq=False):
    """A campaign of a portfolio, as the portfolio file states it.

    Attributes
    ----------
    name
        What it is called in the portfolio.
    file, sha256
        The path of the campaign file, and the SHA-256 of its bytes.
    roster
        The path of its roster.
    campaign
        As its file says, before anything that is shared.
    category
        What it sells, for exclusivity; empty if it is not said.
    weight
        How much its results count, in comparison with those of the other campaigns.
    floor, cap
        What it must and may spend of the house budget, in cents of the house; None for no limit.
    plan, states, results
        Paths of its last plan, and of the states of its contracts and the results so far; None without one.
    """

    name: str
    file: str
    sha256: str
    roster: str
    campaign: Campaign
    category: str = ""
    weight: Fraction = Fraction(1)
    floor: Cents | None = None
    cap: Cents | None = None
    plan: str | None = None
    states: str | None = None
    results: str | None = None

    @property
    def days(self) -> tuple[date | None, date | None]:
        """The first and the last day of the campaign; None where it is not said."""
        waves = () if self.campaign.calendar is None else self.campaign.calendar.waves
        first = waves[0].starts if waves else self.campaign.starts
        return first, max(wave.ends for wave in waves) if waves else self.campaign.ends


class Portfolio(Struct, frozen=True, kw_only=True, eq=False):
    """Several campaigns and what they share.

    Attributes
    ----------
    name
        The name of the portfolio, or None.
    currency
        The currency of the house, in which its budget, floors, caps and rules are.
    budget
        Cents that all campaigns may spend together, or None.
    exchange
        What one unit of another currency is worth in the currency of the house.
    members
        The campaigns in the order of the file, each with a name of its own.
    capacity, exclusivity
        What may be booked of one creator.
    rules
        Rules on the sums over all campaigns: totals and shares of a measure, hard, without a calendar.
    volume
        The discount on a creator's fees by the number of campaigns that the creator is in.
    tiers
        The tiers that `capacity` and `rules` name.
    """

    name: str | None = None
    currency: str = "USD"
    budget: Cents | None = None
    exchange: Mapping[str, Fraction] = {}
    members: tuple[PortfolioMember, ...]
    capacity: Capacity = Capacity()
    exclusivity: tuple[Exclusivity, ...] = ()
    rules: tuple[RangeRule, ...] = ()
    volume: DiscountSteps = ()
    tiers: TierBands | None = None
