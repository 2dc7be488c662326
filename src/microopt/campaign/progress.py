"""Running: what is known of a campaign that has begun."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from msgspec import Struct, field

from microopt.campaign.contracts import Contract
from microopt.campaign.results import PostResults

LAST_PLAN = "last_plan"  # the column of a roster that tells who was in the last plan
WAS, NEW = "yes", "no"


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
    sunk: int = 0
    as_of: date | None = None
    first: Mapping[str, int] = field(default_factory=dict)
