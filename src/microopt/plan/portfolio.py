"""PortfolioPlan: what several campaigns get of one pool of creators and one budget, and what sharing costs them."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import ClassVar

from msgspec import Struct

from microopt.plan.plan import RuleUse
from microopt.quantities.units import Approximate, Cents, Seconds


class CampaignOutcome(Struct, frozen=True, kw_only=True):
    """What a campaign of a portfolio gets.

    Attributes
    ----------
    name
        As the portfolio has it.
    status
        `optimal` or `feasible` within what is left to it; `infeasible`, or `failed` where it could not be read.
    goal
        As in `Goal.name`.
    currency
        Of the campaign; `spend` and `budget` are in it.
    house_spend
        The spend in cents of the house.
    budget
        What it may spend alone, in its own currency; None without a limit.
    allotted
        What the portfolio lets it spend, in its own currency; None without a limit.
    value, alone
        What its plan brings in the unit of its goal, and what the best plan would bring if it had the pool to itself.
    alone_proven
        Whether no plan alone brings more than `alone`; if not, the share may be too high, and the loss too low.
    share
        The plan's value as a share of `alone`: for a goal of least cost, 2 minus the cost as a multiple of the least.
        None where the best alone is 0.
    lost
        What sharing costs it: 1 - share; None as `share`.
    seal
        The seal of its plan file, empty without a plan.
    problem
        Why it has no plan, in a sentence; empty with a plan.
    """

    name: str
    status: str
    goal: str = ""
    currency: str = ""
    weight: Approximate = Fraction(1)
    creators: int = 0
    posts: int = 0
    spend: Cents = 0
    house_spend: Cents = 0
    budget: Cents | None = None
    allotted: Cents | None = None
    value: Approximate | None = None
    alone: Approximate | None = None
    alone_proven: bool = True
    share: Approximate | None = None
    lost: Approximate | None = None
    seal: str = ""
    problem: str = ""

    @property
    def is_planned(self) -> bool:
        """Whether it has a plan."""
        return self.status in ("optimal", "feasible")


class Booking(Struct, frozen=True, kw_only=True):
    """A campaign that books a shared creator, or would like to.

    Attributes
    ----------
    booked
        Whether the creator is in its plan.
    signed
        Whether a contract binds it.
    worth
        What the creator adds to the campaign at the prices of the plan, net of the money and the rules that the booking
        takes up, as a share of the best that the campaign could reach alone.
    """

    campaign: str
    booked: bool
    signed: bool = False
    posts: int = 0
    house_spend: Cents = 0
    worth: Approximate = Fraction(0)


class SharedCreator(Struct, frozen=True, kw_only=True):
    """A creator whom more campaigns want than may have them, or who is in several campaigns.

    Attributes
    ----------
    bookings
        Those who book first, then the others, each by worth from the largest.
    limits
        What keeps others out, in words: `at most 1 campaign`, `glow and dew compete`; empty where nothing does.
    price
        What one more booking of the creator would add at the prices of the plan, in shares of a campaign's best alone,
        weighted; 0 where nobody is kept out.
    discount
        The volume discount on the fees, as a share.
    """

    creator: str
    bookings: tuple[Booking, ...]
    limits: tuple[str, ...] = ()
    price: Approximate = Fraction(0)
    discount: Approximate = Fraction(0)


class PortfolioProof(Struct, frozen=True, kw_only=True):
    """The evidence that no division of the creators and the money is better.

    Attributes
    ----------
    status
        `optimal` or `feasible`.
    limit
        The limit that ended the search early, or None.
    objective, bound
        The weighted sum of the shares of the campaigns, and a sum that no portfolio exceeds.
    least_share, least_share_bound
        With `--fair`: the least share, and one that no portfolio exceeds; else None.
    program
        SHA-256 of the joint program.
    """

    status: str
    limit: str | None
    objective: Approximate
    bound: Approximate
    proven_by: str
    seconds: Seconds
    backend: str
    version: str
    program: str = ""
    least_share: Approximate | None = None
    least_share_bound: Approximate | None = None

    computed: ClassVar[tuple[str, ...]] = ("gap",)

    @property
    def gap(self) -> float:
        """How far the portfolio may be from the best, as a share of the bound; 1 if only the bound is 0."""
        if not self.bound:
            return float(self.objective != 0)
        return float(abs(self.bound - self.objective) / abs(self.bound))


class PortfolioPlan(Struct, frozen=True, kw_only=True):
    """A checked portfolio; each campaign's plan is a plan of its own.

    Attributes
    ----------
    goal
        `sum`: the weighted sum of the shares; `fair`: first the least share.
    allocates
        Whether the house budget is divided where it brings most, whatever the campaigns' own budgets.
    currency, budget, spend
        Of the house; the budget is None without a limit.
    campaigns
        By name.
    creators
        Those with a price first, from the highest; then those in several campaigns, by name.
    rules
        How the campaigns together use the rules of the house.
    budget_worth
        What 1% more of the house budget would add to the sum of shares, at the prices of the plan; None where money is
        not short.
    one_by_one
        What each campaign gets if each takes what it likes before the next, by the order: `as listed` and `reversed`,
        in that order; empty unless it was compared.
    """

    name: str | None
    goal: str
    allocates: bool
    currency: str
    budget: Cents | None
    spend: Cents
    campaigns: tuple[CampaignOutcome, ...]
    creators: tuple[SharedCreator, ...]
    rules: tuple[RuleUse, ...]
    budget_worth: Approximate | None
    proof: PortfolioProof
    one_by_one: Mapping[str, tuple[CampaignOutcome, ...]] = {}
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    schema_name: ClassVar[str] = "portfolio"
    computed: ClassVar[tuple[str, ...]] = ("status",)

    @property
    def planned(self) -> tuple[CampaignOutcome, ...]:
        """The campaigns that have a plan."""
        return tuple(each for each in self.campaigns if each.is_planned)

    @property
    def booked_creators(self) -> int:
        """How many creators the plans have, each counted once."""
        twice = sum(max(0, sum(each.booked for each in shared.bookings) - 1) for shared in self.creators)
        return sum(each.creators for each in self.campaigns) - twice

    @property
    def status(self) -> str:
        """`optimal` or `feasible`."""
        return self.proof.status
