"""The forecast of a whole roster, column by column."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from microopt.benchmarks import Benchmarks, default_benchmarks
from microopt.campaign import Campaign
from microopt.forecast import Forecast, Origin
from microopt.forecasting.conversion import clicks, conversions
from microopt.forecasting.cost import fees
from microopt.forecasting.deliverable import deliverables
from microopt.forecasting.engagement import engagements_per_post
from microopt.roster import Roster


def forecast(roster: Roster, campaign: Campaign, benchmarks: Benchmarks | None = None) -> Forecast:
    """Say what each offer is expected to bring and cost.

    Views are the roster's own, else `followers * view_rate`; reach is its own, else `followers * view_rate`, at most
    the followers. Everything counts for the whole offer, except reach: further posts of one creator reach the same
    people.

    Parameters
    ----------
    benchmarks
        The figures to fall back on; those that ship with microopt by default.

    Raises
    ------
    CampaignError
        If a fee is missing and the campaign does not have fees estimated.
    """
    benchmarks = benchmarks or default_benchmarks()
    offer = deliverables(roster, benchmarks)
    followers = roster.numbers["followers"]
    views, views_origin = _own_else(roster.number("views"), followers * offer.view_rate)
    reach, reach_origin = _own_else(roster.number("reach"), np.minimum(followers, followers * offer.view_rate))
    engaged, engaged_origin = engagements_per_post(roster, offer.platform, views, reach, benchmarks)
    views, engaged = views * offer.count, engaged * offer.count * offer.engagement
    clicked, clicked_origin = clicks(roster, views, offer.ctr)
    converted, converted_origin = conversions(roster, clicked, engaged, benchmarks)
    fee, fee_origin = fees(roster, offer, estimate=campaign.estimate_fees)
    metrics = {
        "reach": reach,
        "impressions": views,
        "engagements": engaged,
        "clicks": clicked,
        "conversions": converted,
    }
    origins = {
        "reach": reach_origin, "impressions": views_origin, "engagements": engaged_origin, "clicks": clicked_origin,
        "conversions": converted_origin, "fee": fee_origin,
    }  # fmt: skip
    return Forecast(
        metrics={name: thousandths(values) for name, values in metrics.items()},
        cost=fee + campaign.per_creator,
        fee=fee,
        origins=origins,
        notes=offer.notes,
    )


def thousandths(values: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return floats as integers in thousandths, rounded half to even."""
    return np.rint(values * 1000).astype(np.int64)


def _own_else(own: NDArray[np.float64], usual: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.int8]]:
    known = np.isfinite(own)
    return np.where(known, own, usual), np.where(known, Origin.OWN, Origin.DEFAULT).astype(np.int8)
