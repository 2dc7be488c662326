"""What a plan file says is bought, and the sums of it, back as values."""

from __future__ import annotations

from microopt.campaign.metrics import METRICS
from microopt.plan.document.plan import PickDocument, PlanDocument
from microopt.plan.plan import Pick, Totals
from microopt.quantities.codec import cents, thousandths


def pick_of(document: PickDocument) -> Pick:
    """Return the pick that was written."""
    return Pick(
        creator=document.creator,
        offer=document.offer,
        platform=document.platform,
        tier=document.tier,
        niche=tuple(document.niche),
        region=document.region,
        followers=document.followers,
        units=document.units,
        fee=cents(document.fee),
        cost=cents(document.cost),
        fee_estimated=document.fee_estimated,
        usual_fee=_maybe(document.usual_fee),
        fee_high=document.fee_high,
        revenue=_maybe(document.revenue),
        metrics={name: thousandths(getattr(document, name)) for name in METRICS},
    )


def totals_of(document: PlanDocument) -> Totals:
    """Return the sums over a plan's picks that were written."""
    sums = document.totals
    return Totals(
        creators=sums.creators,
        spend=cents(document.spend),
        revenue=_maybe(sums.revenue),
        metrics={name: thousandths(getattr(sums, name)) for name in METRICS},
    )


def _maybe(amount: float | None) -> int | None:
    return None if amount is None else cents(amount)
