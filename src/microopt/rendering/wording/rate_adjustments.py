"""What a forecast does to the engagement rates of a list."""

from __future__ import annotations

from microopt.campaign.campaign import Campaign


def rate_adjustments(campaign: Campaign, *, shrunk: bool) -> list[str]:
    """Return what engagement rates of the list are adjusted for: `small samples`, `paid posts`.

    Parameters
    ----------
    shrunk
        Whether the rates are drawn towards those that are usual for the size.
    """
    measured_on_paid_posts = campaign.forecast.get("sponsored", {}).get("rates_from") == "sponsored"
    return [*(["small samples"] if shrunk else []), *([] if measured_on_paid_posts else ["paid posts"])]
