"""The forecast of a whole roster, column by column.

The forecast of very many offers, some at a time on each core: what is worked on stays in the processor's cache.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import numpy as np
from msgspec.structs import fields
from numpy.typing import NDArray

from microopt.benchmarks.overrides import overridden
from microopt.benchmarks.table import Benchmarks, default_benchmarks
from microopt.campaign.campaign import Campaign
from microopt.errors import CampaignError
from microopt.forecast.audience_quality import engagement_multiplier, share_of
from microopt.forecast.completion import completed
from microopt.forecast.conversion import click_rates, conversion_rates, conversions
from microopt.forecast.cost import costs, fees, revenue, usual_fees
from microopt.forecast.deliverables import Deliverables, deliverables
from microopt.forecast.engagement import Seen, engagement_rates
from microopt.forecast.forecast import NO_REVENUE, Expected, Forecast, NDFloat, Origin, Origins
from microopt.forecast.shrinkage import prior
from microopt.forecast.updating import learned
from microopt.roster.roster import Roster

PART = 1 << 15  # offers
LABELS = 1_000  # distinct texts of a column, each of which is read in every part


def in_parts(roster: Roster, whole: Callable[[Roster], Forecast]) -> Forecast:
    """Return the forecast of a roster, made of those of its parts where there are many.

    Where a part has a fault, or parts assume different things, it is asked of the whole: faults and notes are then
    those of all rows.

    Parameters
    ----------
    whole
        Returns the forecast of a roster; what it says of an offer must not depend on the others.
    """
    starts = range(0, len(roster), PART)
    labels = [len(column.labels) for name, column in roster.texts.items() if name in ("platform", "offer", "pay")]
    if len(starts) <= 1 or max(labels, default=0) > LABELS:
        return whole(roster)
    try:
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            parts = list(pool.map(lambda start: whole(roster.take(slice(start, start + PART))), starts))
    except CampaignError:
        return whole(roster)
    if any(part.notes != parts[0].notes for part in parts):
        return whole(roster)
    return _joined(parts)


def _joined(parts: list[Forecast]) -> Forecast:
    columns: dict[str, object] = {}
    for field in fields(Forecast):
        mine = [getattr(part, field.name) for part in parts]
        if isinstance(mine[0], np.ndarray):
            columns[field.name] = np.concatenate(mine)
        elif isinstance(mine[0], dict):
            columns[field.name] = {name: np.concatenate([one[name] for one in mine]) for name in mine[0]}
        else:
            columns[field.name] = mine[0]
    return Forecast(**columns)  # type: ignore[arg-type]


LARGEST = 2.0**62


def forecast(roster: Roster, campaign: Campaign, benchmarks: Benchmarks | None = None) -> Forecast:
    """Say what each offer is expected to bring and cost.

    Expected results are times `acceptance`, the probability that the creator accepts; the cost is not: the budget must
    hold if everyone accepts.

    Parameters
    ----------
    benchmarks
        The figures to fall back on; those that ship with microopt by default. The campaign's own replace them.

    Raises
    ------
    CampaignError
        If a fee is missing and the campaign does not have fees estimated, a commission is due on an unknown order
        value, or a figure of `[forecast]` cannot be used.
    """
    if campaign.fit or (campaign.running is not None and campaign.running.actuals):  # all rows bear on each
        return _forecast(roster, campaign, benchmarks)
    return in_parts(roster, partial(_forecast, campaign=campaign, benchmarks=benchmarks))


def _forecast(roster: Roster, campaign: Campaign, benchmarks: Benchmarks | None) -> Forecast:
    found = expected(roster, campaign, benchmarks)
    usual = usual_fees(roster, found.offer, campaign)
    fee, fee_origin = fees(roster, usual, estimate=campaign.estimate_fees)
    high = None
    if usual is not None:
        high = (fee_origin == Origin.OWN) & (fee > found.benchmarks.figure("fee_estimate", "high") * usual)
    earned = revenue(roster, found.metrics["conversions"], campaign)
    accepted = share_of(roster, "acceptance") if "acceptance" in roster.numbers else 1.0
    return Forecast(
        metrics={name: thousandths(values * accepted) for name, values in found.metrics.items()},
        cost=costs(roster, fee, found.offer.count, earned, campaign, found.benchmarks),
        fee=fee,
        usual_fee=usual,
        fee_high=high,
        revenue=None if earned is None else _whole(earned * accepted),
        origins={**found.origins, "fee": fee_origin},
        notes=found.notes,
    )


def expected(roster: Roster, campaign: Campaign, benchmarks: Benchmarks | None = None) -> Expected:
    """Return what each offer is expected to bring, as floats, with all that it is made of; see `forecast`.

    Views are the roster's own, else `followers * view_rate`. Reach is its own, else `followers * view_rate`, and then
    never more than the views. Everything counts for the whole offer, except reach: further posts of one creator reach
    the same people.
    """
    benchmarks = overridden(benchmarks or default_benchmarks(), campaign.forecast)
    offer = deliverables(roster, benchmarks)
    followers = roster.numbers["followers"]
    seen = _seen(roster, offer)
    notes: tuple[str, ...] = ()
    if campaign.fit:
        from microopt.forecast.benchmark_fit import fitted

        benchmarks, notes = fitted(roster, offer.platform, seen, benchmarks)
    usual = prior(benchmarks, offer.platform, followers)
    rates, rate_origin = engagement_rates(roster, usual, seen, benchmarks, shrink=campaign.shrink)
    scaled = engagement_multiplier(roster, rate_origin != Origin.DEFAULT, benchmarks)
    engaged = followers * rates.mean * offer.count * offer.engagement * scaled
    views = seen.views * offer.count * _amplified(benchmarks)
    ctr, ctr_origin = click_rates(roster, offer.ctr)
    clicked, clicked_origin = views * ctr, np.maximum(ctr_origin, seen.views_origin)
    cvr, behind, cvr_origin = conversion_rates(roster, benchmarks)
    converted, converted_origin = conversions(
        roster, (clicked, clicked_origin), (engaged, rate_origin), (cvr, cvr_origin)
    )
    if "conversions" in roster.numbers and "clicks" not in roster.numbers:
        notes = (*notes, "observed conversions without clicks tell no rate: they are left aside")
    found = Expected(
        offer=offer,
        rates=rates,
        cvr=cvr,
        cvr_clicks=behind,
        benchmarks=benchmarks,
        notes=(*offer.notes, *notes),
        by_action=np.isfinite(roster.number("action_rate")),
        metrics={
            "reach": seen.reach,
            "impressions": views,
            "engagements": engaged,
            "clicks": clicked,
            "conversions": converted,
        },
        origins={
            "reach": seen.reach_origin,
            "impressions": seen.views_origin,
            "engagements": rate_origin,
            "clicks": clicked_origin,
            "conversions": converted_origin,
        },
    )
    running = campaign.running
    if running is None or not running.actuals:
        return found
    return completed(learned(found, roster, running), roster, running)


def _seen(roster: Roster, offer: Deliverables) -> Seen:
    """Return what one deliverable is seen by."""
    usual = roster.numbers["followers"] * offer.view_rate
    views, views_origin = _own_else(roster, "views", usual)
    reach, reach_origin = _own_else(roster, "reach", np.minimum(usual, views))  # nobody is reached without a view
    return Seen(views=views, reach=reach, views_origin=views_origin, reach_origin=reach_origin, factor=offer.engagement)


def thousandths(values: NDFloat) -> NDArray[np.int64]:
    """Return floats as integers in thousandths, rounded half to even; beyond 63 bits they stay at the greatest."""
    return np.rint(np.minimum(values * 1000, LARGEST)).astype(np.int64)


def _whole(earned: NDFloat) -> NDArray[np.int64]:
    """Return revenue in whole cents, `NO_REVENUE` where it is not known."""
    return np.where(np.isnan(earned), NO_REVENUE, np.rint(np.minimum(earned, LARGEST))).astype(np.int64)


def _amplified(benchmarks: Benchmarks) -> float:
    """Return what shares make of the views: `1 + share_rate * views_per_share`."""
    rate, views = (benchmarks.figure("amplification", key) for key in ("share_rate", "views_per_share"))
    return 1 + rate * views


def _own_else(roster: Roster, name: str, usual: NDFloat) -> tuple[NDFloat, Origins]:
    own = roster.numbers.get(name)
    if own is None:
        return usual, np.full(len(roster), Origin.DEFAULT, dtype=np.int8)
    known = np.isfinite(own)
    return np.where(known, own, usual), np.where(known, Origin.OWN, Origin.DEFAULT).astype(np.int8)
