"""What a forecast does to the engagement rates of a list."""

from __future__ import annotations

from microopt.benchmarks.overrides import override_benchmarks
from microopt.benchmarks.table import default_benchmarks
from microopt.campaign.campaign import Campaign


def rate_adjustments(campaign: Campaign, *, shrunk: bool) -> list[str]:
    """Return what engagement rates of the list are adjusted for: `small samples`, `account growth`, `paid posts`.

    Parameters
    ----------
    shrunk
        Whether the rates are drawn towards those that are usual for the size.
    """
    benchmarks = override_benchmarks(default_benchmarks(), campaign.forecast)
    growth = benchmarks.table("growth")
    grows = bool(growth["age_days"]) and any(growth["per_year"])
    measured_on_paid_posts = benchmarks.table("sponsored")["rates_from"] == "sponsored"
    adjustments = {
        "small samples": shrunk,
        "account growth": shrunk and grows,
        "paid posts": not measured_on_paid_posts,
    }
    return [name for name, applies in adjustments.items() if applies]
