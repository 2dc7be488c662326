"""Contracts, results and progress: what is known about a campaign that has begun."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from msgspec import Struct, field

from microopt.campaign.metrics import Figures
from microopt.quantities.units import Cents


class ContractState(StrEnum):
    """The states of a contract, in the order of a campaign."""

    PROPOSED = "proposed"  # in a plan, not yet contacted
    OFFERED = "offered"  # contacted, no answer yet
    SIGNED = "signed"
    LIVE = "live"  # posts are out, results come in
    DONE = "done"  # everything agreed is published, and the results are final
    DECLINED = "declined"


# A plan keeps and pays creators in these states, whatever it would choose today.
KEPT_STATES = (ContractState.SIGNED, ContractState.LIVE, ContractState.DONE)
POSTED_STATES = (ContractState.LIVE, ContractState.DONE)  # states in which there can be results


class Posting(Struct, frozen=True, kw_only=True):
    """What a team notes of a contract while it works on it; no plan depends on it.

    Attributes
    ----------
    day
        When the post goes out, or None.
    note
        In the team's own words, or empty.
    """

    day: date | None = None
    note: str = ""


class Asked(Struct, frozen=True, kw_only=True):
    """When a creator was asked; no plan depends on it, only whom to ask next.

    Attributes
    ----------
    day
        When the creator was asked, or None if not stated.
    answer_by
        The day on which the offer lapses, as the creator was told, or None.
    """

    day: date | None = None
    answer_by: date | None = None


class Contract(Struct, frozen=True, kw_only=True):
    """The state of a creator, or of one offer.

    Attributes
    ----------
    offer, platform
        The offer and platform agreed on; None if the contract can mean any offer of the creator.
    units
        How often the offer is bought, or None if not stated.
    fee
        Cents agreed, for all units; None if the roster's fee applies.
    paid
        Cents already paid, or None if not stated. Money paid to a creator who declined is sunk.
    planned
        The forecast when the contract first appeared: thousandths by metric, and `cost` in cents; empty if there was
        no plan.
    posting
        The post date and the team's note, or None if the file of states has neither.
    asked
        When the creator was asked, or None if the file of states does not say.
    wave
        The wave of the calendar in which it is posted; None without a calendar, or if any wave may be meant.
    """

    creator: str
    state: ContractState
    offer: str | None = None
    platform: str | None = None
    units: int | None = None
    fee: Cents | None = None
    paid: Cents | None = None
    planned: Figures = field(default_factory=dict)
    posting: Posting | None = None
    asked: Asked | None = None
    wave: str | None = None

    @property
    def kept(self) -> bool:
        """Whether a plan must keep the creator or offer."""
        return self.state in KEPT_STATES


RESULT_METRICS = ("impressions", "engagements", "clicks", "conversions")  # the metrics that results can contain


class PostResults(Struct, frozen=True, kw_only=True):
    """The total results so far of one creator, platform and offer.

    Attributes
    ----------
    platform, offer
        As the results name them, or None.
    posts
        How many were published.
    matured_posts
        Posts weighted by the share of their results that has arrived by now: a post of today counts little.
        Equal to `posts` if the results have no dates.
    first_day, last_day
        The first and the last day with results, or None if they have no dates.
    impressions, engagements, clicks, conversions
        Totals so far, or None if not measured.
    wave
        The wave of the calendar in which they were posted, or None if that is not known.
    """

    creator: str
    platform: str | None = None
    offer: str | None = None
    posts: float = 0.0
    matured_posts: float = 0.0
    first_day: date | None = None
    last_day: date | None = None
    impressions: float | None = None
    engagements: float | None = None
    clicks: float | None = None
    conversions: float | None = None
    wave: str | None = None

    def total(self, metric: str) -> float | None:
        """Return the total of a metric so far, or None if it was not measured."""
        total: float | None = getattr(self, metric) if metric in RESULT_METRICS else None
        return total


class DayResults(Struct, frozen=True, kw_only=True):
    """What the posts of all creators brought on one day.

    Attributes
    ----------
    impressions, engagements, clicks, conversions
        None if not measured.
    """

    day: date
    impressions: float | None = None
    engagements: float | None = None
    clicks: float | None = None
    conversions: float | None = None

    def total(self, metric: str) -> float | None:
        """Return what came in of a metric, or None if it was not measured."""
        total: float | None = getattr(self, metric) if metric in RESULT_METRICS else None
        return total


class ResultRow(Struct, frozen=True):
    """One row of results, as it was read.

    Attributes
    ----------
    platform, offer
        As the results name them, or None.
    day
        The day of these results; None for a total.
    post
        Address or identifier of the post, or empty.
    posts
        How many were published, or None if not stated.
    impressions, engagements, clicks, conversions
        None if not measured.
    """

    creator: str
    platform: str | None = None
    offer: str | None = None
    day: date | None = None
    post: str = ""
    posts: float | None = None
    impressions: float | None = None
    engagements: float | None = None
    clicks: float | None = None
    conversions: float | None = None


LAST_PLAN_COLUMN = "last_plan"  # the roster column that says who was in the last plan
IN_LAST_PLAN, NOT_IN_LAST_PLAN = "yes", "no"


FALLBACK_COLUMN = "taken_fallback"  # the roster column that says which offers were taken as fallbacks


class NamedOffer(Struct, frozen=True, kw_only=True):
    """One offer of a creator, by its names on the roster; with a calendar in one wave, if that is known."""

    platform: str
    offer: str
    wave: str | None = None


class TakenFallback(Struct, frozen=True, kw_only=True):
    """A substitute that an earlier plan named for one of its picks, and that was taken for it.

    Attributes
    ----------
    creator, offers
        The substitute, and what is bought from them.
    instead_of
        The creator of the pick, who declined or was no longer available.
    rank
        Its place among the fallbacks of that pick, from 1.
    """

    creator: str
    offers: tuple[NamedOffer, ...]
    instead_of: str
    rank: int


OPEN_OFFER_COLUMN = "open_offer"  # the roster column that says which offers were made and may still be accepted
OWN_RULES = {OPEN_OFFER_COLUMN: "open offers kept", FALLBACK_COLUMN: "substitutes kept"}  # of replan, in words


def own_rule_words(label: str) -> str:
    """Return in words a rule that replan itself adds to keep whom it must not swap; empty for any other rule."""
    column, _, rest = label.partition(":")
    return OWN_RULES.get(column, "") if rest.startswith(f"{IN_LAST_PLAN} ") else ""


class OpenOffer(Struct, frozen=True, kw_only=True):
    """A creator who was asked, whose day to answer has not passed, and what for."""

    creator: str
    offers: tuple[NamedOffer, ...]


class CampaignProgress(Struct, frozen=True, kw_only=True):
    """The progress of a campaign so far, from which a new plan must continue.

    Attributes
    ----------
    contracts
        States of creators, or of offers.
    results
        Results so far.
    results_by_day
        The same, by day, in the order of days; results without a date are in none. Empty if no result has a date, and
        in plans of earlier versions.
    last_plan
        The creators of the last plan.
    stability
        The labels of those of the campaign's rules that keep them, the fallbacks, or open offers.
    fallbacks
        The substitutes taken for picks of earlier plans who declined, as long as they are neither agreed nor gone.
    open_offers
        Who was asked, by the last plan or as its fallback, and may still say yes.
    sunk_cost
        Cents paid to creators who declined; the campaign's budget is what remains after these.
    as_of
        The day up to which results count, or None if they have no dates.
    first_forecast
        The forecast of the first plan: thousandths by metric, `creators`, and `spend` in cents; empty if unknown.
    first_waves
        The same of each wave of the calendar, by its name, as the first plan with a calendar had it; without creators.
    today
        The day of the plan where it has a calendar, else None: a post that is not agreed yet takes the lead time from
        then on.
    """

    contracts: tuple[Contract, ...] = ()
    results: tuple[PostResults, ...] = ()
    results_by_day: tuple[DayResults, ...] = ()
    last_plan: tuple[str, ...] = ()
    stability: tuple[str, ...] = ()
    fallbacks: tuple[TakenFallback, ...] = ()
    open_offers: tuple[OpenOffer, ...] = ()
    sunk_cost: Cents = 0
    as_of: date | None = None
    first_forecast: Figures = field(default_factory=dict)
    first_waves: Mapping[str, Figures] = field(default_factory=dict)
    today: date | None = None
