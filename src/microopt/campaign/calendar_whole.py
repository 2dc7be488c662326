"""What else a campaign says that its calendar has to agree with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from math import floor
from typing import Any

from msgspec import Struct

from microopt.campaign.inputs import CampaignInput


class WholeCampaign(Struct, frozen=True, kw_only=True):
    """The whole of which waves are parts.

    Attributes
    ----------
    starts, ends
        The first and the last day, or None.
    budget, spendable
        Cents, and what of them may be spent; None without a budget.
    currency
        For messages; None if it is not known.
    countries
        Codes of those that the campaign names.
    """

    starts: date | None = None
    ends: date | None = None
    budget: int | None = None
    spendable: int | None = None
    currency: str | None = None
    countries: tuple[str, ...] = ()


def whole_campaign(settings: CampaignInput, parsed: Mapping[str, Any]) -> WholeCampaign:
    """Return what a campaign says of its whole.

    Parameters
    ----------
    parsed
        By name of the setting, as the campaign will have it.
    """
    budget, target = parsed["budget"], parsed["target_audience"]
    countries = (*(() if target is None else target.countries), *parsed["report"].countries)
    return WholeCampaign(
        starts=settings.starts,
        ends=settings.ends,
        budget=budget,
        spendable=None if budget is None else floor(budget * (1 - (parsed["contingency"] or 0))),
        currency=parsed["currency"],
        countries=tuple(dict.fromkeys(countries)),
    )
