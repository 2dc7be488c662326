"""Settings of a campaign in words, as a comparison of two plans tells them."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from microopt.campaign.campaign import Audience, Campaign
from microopt.campaign.target_audience import TargetAudience
from microopt.quantities.parse_and_format import format_bound, format_floor

NOT_SET = "not set"


def format_tiers(campaign: Campaign) -> str:
    """Return tiers with their lower bounds in words."""
    bands = campaign.tiers
    return ", ".join(f"{name} {format_floor(floor)}" for name, floor in zip(bands.names, bands.floors, strict=True))


def format_pools(audience: Audience | None) -> str:
    """Return the pools of net reach in words."""
    if audience is None:
        return NOT_SET
    return ", ".join(f"{audience.by}:{name} {people:,}" for name, people in audience.size.items())


def format_target(target: TargetAudience | None) -> str:
    """Return a target audience in words."""
    if target is None:
        return "everyone"
    ages = "" if target.ages is None else f"ages {target.ages.text}"
    return "; ".join(filter(None, (", ".join(target.countries), ages, target.gender)))


def format_scenarios(campaign: Campaign) -> str:
    """Return how many scenarios are drawn in words."""
    return f"{campaign.scenarios.count:,} drawn with seed {campaign.scenarios.seed}"


def format_orders(orders: Fraction | None) -> str:
    """Return orders per customer in words."""
    return NOT_SET if orders is None else f"{float(orders):.4g}"


def format_share(share: Fraction | None) -> str:
    """Return a share in words."""
    return NOT_SET if share is None else format_bound(share, True)


def format_table(figures: Any) -> str:
    """Return the entries of a table in words."""
    return ", ".join(f"{key} = {value}" for key, value in figures.items()) or "none"
