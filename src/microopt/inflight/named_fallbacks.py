"""The fallbacks that a plan names for its picks, as a replan takes them."""

from __future__ import annotations

from collections.abc import Mapping

from microopt.campaign.progress import NamedOffer, TakenFallback
from microopt.plan.plan import Plan
from microopt.quantities.keys import match_key


def named_fallbacks(plan: Plan) -> Mapping[str, tuple[TakenFallback, ...]]:
    """Return the fallbacks of each pick in their order, by match key of its creator."""
    return {
        match_key(fallback.creator): tuple(
            TakenFallback(
                creator=each.creator,
                offers=tuple(
                    NamedOffer(platform=offer.platform, offer=offer.offer, wave=offer.wave) for offer in each.offers
                ),
                instead_of=fallback.creator,
                rank=place,
            )
            for place, each in enumerate(fallback.substitutes, 1)
        )
        for fallback in plan.fallbacks
    }
