"""Why may a creator of the roster not enter any plan? Filters, exclusions, and what the campaign says of trust."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from microopt.campaign.campaign import Campaign
from microopt.roster.conflicts import works_for
from microopt.roster.roster import Roster
from microopt.roster.selection import brand_safe_offers, matches_filter, offers_named
from microopt.roster.underway import declined, with_contract_columns


def exclusion_reasons(roster: Roster, campaign: Campaign, creator: str) -> Iterator[str]:
    """Yield what lets no offer of a creator in, in sentences."""
    mine = roster.take(np.flatnonzero(offers_named(roster, creator)))
    running = campaign.running
    if running is not None and declined(with_contract_columns(mine, running), running).all():
        yield "it declined"
        return
    for where in campaign.where:
        if not matches_filter(mine, where).any():
            yield f"the filter {where.label} lets none of its offers in"
    for name in campaign.exclude:
        if offers_named(mine, name).all():
            yield f"exclude {name}"
    for brand in campaign.competitors:
        if works_for(mine, brand).any():
            yield f"works for the competitor {brand}"
    if not brand_safe_offers(mine, campaign).any():
        yield "too many sponsored posts, or minors are featured"
