"""Running: what is known of a campaign that has begun.

Contract: how far the campaign has come with a creator.

Actual: what a creator's posts have brought so far.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from msgspec import Struct, field

from microopt.campaign.metrics import Figures
from microopt.quantities.units import Cents


class ContractState(StrEnum):
    """Contract states, the earliest first."""

    PROPOSED = "proposed"  # in a plan, nobody has been asked
    OFFERED = "offered"  # asked, no answer yet
    SIGNED = "signed"
    LIVE = "live"  # posts are out, results come in
    DONE = "done"  # all that was agreed is out, and the results are final
    DECLINED = "declined"


KEPT_STATES = (
    ContractState.SIGNED,
    ContractState.LIVE,
    ContractState.DONE,
)  # a plan keeps and pays them, whatever it would choose today
POSTED_STATES = (ContractState.LIVE, ContractState.DONE)  # of whom results may be


class Contract(Struct, frozen=True, kw_only=True):
    """The state of a creator, or of one offer.

    Attributes
    ----------
    offer, platform
        Of what was agreed; None where any offer of the creator may be meant.
    units
        How often the offer is bought, None where that is not told.
    fee
        Cents agreed, for all units; None where the roster's fee stands.
    paid
        Cents that are paid already, None where that is not told. What a creator who declined was paid is sunk.
    planned
        What was expected when the creator was first kept: thousandths by metric, and `cost` in cents; empty where
        nothing was planned.
    """

    creator: str
    state: ContractState
    offer: str | None = None
    platform: str | None = None
    units: int | None = None
    fee: Cents | None = None
    paid: Cents | None = None
    planned: Figures = field(default_factory=dict)

    @property
    def kept(self) -> bool:
        """Whether a plan must keep it."""
        return self.state in KEPT_STATES


RESULT_METRICS = ("impressions", "engagements", "clicks", "conversions")  # the metrics that results tell


class PostResults(Struct, frozen=True, kw_only=True):
    """The sum of the results of one creator, platform and offer.

    Attributes
    ----------
    platform, offer
        As the results name them, None where they do not.
    posts
        How many were published.
    ripe
        The same, each post counted by the share of its results that is in by now: a post of today has hardly begun.
        Equal to `posts` where the results have no dates.
    first, last
        The first and the last day with results, None where they have no dates.
    impressions, engagements, clicks, conversions
        Totals so far, None where nobody counted them.
    """

    creator: str
    platform: str | None = None
    offer: str | None = None
    posts: float = 0.0
    ripe: float = 0.0
    first: date | None = None
    last: date | None = None
    impressions: float | None = None
    engagements: float | None = None
    clicks: float | None = None
    conversions: float | None = None

    def total(self, metric: str) -> float | None:
        """Return the total of a metric so far, None where it is not counted."""
        total: float | None = getattr(self, metric) if metric in RESULT_METRICS else None
        return total


class ResultRow(Struct, frozen=True):
    """One row of results, as it was read.

    Attributes
    ----------
    platform, offer
        As the results name them, None where they do not.
    day
        Whose results these are; None for a total.
    post
        Address or identity of the post, empty where it is not told.
    posts
        How many were published, None where nobody counted them.
    impressions, engagements, clicks, conversions
        None where nobody counted them.
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


LAST_PLAN_COLUMN = "last_plan"  # the column of a roster that tells who was in the last plan
IN_LAST_PLAN, NOT_IN_LAST_PLAN = "yes", "no"


class CampaignProgress(Struct, frozen=True, kw_only=True):
    """What has come of a campaign so far: a plan made now has to go on from there.

    Attributes
    ----------
    contracts
        States of creators, or of offers.
    actuals
        Results so far.
    last_plan
        The creators of the last plan.
    stability
        The rules that hold on to them, as they stand among the campaign's.
    sunk
        Cents paid to creators who declined; the campaign's budget is what was left of the whole after them.
    as_of
        The day up to which results count, None where they have no dates.
    first
        What the first plan expected: thousandths by metric, `creators`, and `spend` in cents; empty where it is not
        known.
    """

    contracts: tuple[Contract, ...] = ()
    actuals: tuple[PostResults, ...] = ()
    last_plan: tuple[str, ...] = ()
    stability: tuple[str, ...] = ()
    sunk: Cents = 0
    as_of: date | None = None
    first: Figures = field(default_factory=dict)
