"""Forecast a whole roster, column by column; large rosters in parts, which fit into processor caches, on all cores."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.benchmarks.overrides import override_benchmarks
from microopt.benchmarks.table import Benchmarks, default_benchmarks
from microopt.campaign.campaign import Campaign
from microopt.errors import CampaignError
from microopt.forecast.audience_quality import engagement_multiplier, share_column
from microopt.forecast.benchmark_fit import fit_benchmarks
from microopt.forecast.completion import add_results_to_date
from microopt.forecast.conversion import click_rates, conversion_rates, expected_conversions, own_or_usual
from microopt.forecast.cost import (
    campaign_currency,
    dollar_rate,
    expected_revenue,
    kept_revenue,
    resolve_fees,
)
from microopt.forecast.deliverables import Deliverables, resolve_deliverables
from microopt.forecast.engagement import PostExposure, engagement_rates
from microopt.forecast.engagement_lift import engagement_lift
from microopt.forecast.extra_costs import OfferTerms, extra_costs, product_notes
from microopt.forecast.fee_model import FeeModel, fit_fee_model
from microopt.forecast.forecast import NO_REVENUE, ExpectedResults, Forecast, NDFloat, Origin
from microopt.forecast.posts.apply import (
    deliverables_after_posts,
    shift_after_fit,
    views_after_posts,
    with_post_conversions,
)
from microopt.forecast.shrinkage import engagement_prior
from microopt.forecast.target_audience import share_on_target, target_metrics, target_notes, target_origins
from microopt.memory import release_freed_memory
from microopt.roster.roster import Roster

PART_SIZE = 1 << 15  # offers
MAX_LABELS = 1_000  # distinct texts of a column; every part parses all of them, so that more make parts slow


def forecast_in_parts(roster: Roster, forecast_roster: Callable[[Roster], Forecast]) -> Forecast:
    """Return the forecast of a roster, joined from the forecasts of its parts if it is large.

    If a part has a fault, or parts make different assumptions, the whole roster is forecast at once, so that faults and
    notes count all rows.

    Parameters
    ----------
    forecast_roster
        The function that forecasts a roster; the forecast of an offer must not depend on other offers.
    """
    starts = range(0, len(roster), PART_SIZE)
    labels = [len(column.labels) for name, column in roster.texts.items() if name in ("platform", "offer", "pay")]
    if len(starts) <= 1 or max(labels, default=0) > MAX_LABELS:
        return forecast_roster(roster)
    try:
        first = forecast_roster(roster.take(slice(0, PART_SIZE)))
        joined = _with_room(first, len(roster))

        def forecast_part(start: int) -> bool:
            part = forecast_roster(roster.take(slice(start, start + PART_SIZE))) if start else first
            for column, values in zip(_columns(joined), _columns(part), strict=True):
                column[start : start + len(values)] = values
            return part.notes == first.notes

        with ThreadPoolExecutor(os.cpu_count()) as pool:
            have_equal_notes = all([*pool.map(forecast_part, starts)])
    except CampaignError:
        return forecast_roster(roster)
    release_freed_memory()  # what was computed on the way to the parts
    return _share_fees(joined, roster) if have_equal_notes else forecast_roster(roster)


def _share_fees(expected: Forecast, roster: Roster) -> Forecast:
    """Return the forecast with the fees of the roster itself where they are the same."""
    if not np.array_equal(expected.fee, roster.fee):
        return expected
    return replace(expected, fee=roster.fee, cost=roster.fee if expected.cost is expected.fee else expected.cost)


def _with_room(part: Forecast, size: int) -> Forecast:
    """Return a forecast with the columns of a part and room for so many offers, each column once."""
    columns: dict[str, object] = {}
    for name in Forecast.__struct_fields__:
        value = getattr(part, name)
        if isinstance(value, np.ndarray):
            value = np.empty(size, dtype=value.dtype)
        elif isinstance(value, dict):
            value = {key: np.empty(size, dtype=column.dtype) for key, column in value.items()}
        columns[name] = value
    if part.cost is part.fee:  # nothing is due beside fees, in no part
        columns["cost"] = columns["fee"]
    return Forecast(**columns)  # type: ignore[arg-type]


def _columns(expected: Forecast) -> Iterator[NDArray[Any]]:
    for name in Forecast.__struct_fields__:  # `msgspec.structs.fields` evaluates the annotations each time
        value = getattr(expected, name)
        if isinstance(value, np.ndarray):
            yield value
        elif isinstance(value, dict):
            yield from value.values()


MAX_INTEGER = 2.0**62


def forecast(
    roster: Roster, campaign: Campaign, benchmarks: Benchmarks | None = None, fee_model: FeeModel | None = None
) -> Forecast:
    """Return the expected results and the cost of each offer.

    Expected results are multiplied by `acceptance`, the probability that the creator accepts. The cost is not, because
    the budget must suffice if everyone accepts.

    Parameters
    ----------
    benchmarks
        The figures to fall back on, by default those that ship with microopt. The campaign's own figures replace them.
    fee_model
        What offers usually cost, by default from the prices of this roster. Where the roster is a part of one that was
        read, it is that of the whole.

    Raises
    ------
    CampaignError
        If a fee is missing and the campaign does not have fees estimated, a commission is due on an unknown order
        value, or a figure of `[forecast]` cannot be used.
    """
    fee_model = fee_model or fit_fee_model(roster, campaign, benchmarks)
    if depends_on_other_offers(campaign):
        expected = _forecast(roster, campaign, benchmarks, fee_model)
    else:
        expected = forecast_in_parts(
            roster, partial(_forecast, campaign=campaign, benchmarks=benchmarks, fee_model=fee_model)
        )
    if campaign.target_audience is None:
        return expected
    figures = override_benchmarks(benchmarks or default_benchmarks(), campaign.forecast)
    return replace(expected, notes=(*expected.notes, *target_notes(roster, campaign.target_audience, figures)))


def depends_on_other_offers(campaign: Campaign) -> bool:
    """Whether the forecast of an offer depends on the other offers of the roster, beyond its usual fee."""
    return campaign.fit_benchmarks or (campaign.running is not None and bool(campaign.running.results))


def _forecast(roster: Roster, campaign: Campaign, benchmarks: Benchmarks | None, fee_model: FeeModel) -> Forecast:
    expected = expected_results(roster, campaign, benchmarks)
    usual_fee = fee_model.usual_fees(roster, expected.deliverables, campaign)
    fee, fee_origin = resolve_fees(
        roster,
        usual_fee,
        estimate=campaign.estimate_fees,
        currency=campaign_currency(roster, campaign),
        has_rates=bool(campaign.exchange),
    )
    fee_high = None
    if usual_fee is not None and fee_model.facts is not None:
        fee_high = (fee_origin == Origin.OWN) & (fee / usual_fee > fee_model.facts.high_above)
    acceptance = share_column(roster, "acceptance") if "acceptance" in roster.numbers else 1.0
    terms = OfferTerms(
        roster=roster,
        campaign=campaign,
        benchmarks=expected.benchmarks,
        fee=fee,
        deliverables=expected.deliverables.count,
        earned=expected_revenue(roster, expected.metrics["conversions"], campaign, first_order_only=True),
        dollar=dollar_rate(roster, campaign),
    )
    lines = extra_costs(terms)
    earned = (
        terms.earned if campaign.ltv is None else expected_revenue(roster, expected.metrics["conversions"], campaign)
    )
    revenue = None if earned is None else _revenue_cents(earned * acceptance)
    metrics, origins = expected.metrics, expected.origins
    if campaign.target_audience is not None:
        on_target = share_on_target(roster, campaign.target_audience, expected.benchmarks)
        metrics = {**metrics, **target_metrics(metrics, on_target.share)}
        origins = {**origins, **target_origins(origins, on_target)}
    return Forecast(
        metrics={name: to_thousandths(values * acceptance) for name, values in metrics.items()},
        cost=sum(lines.values(), fee),
        extra_costs=lines,
        fee=fee,
        usual_fee=usual_fee,
        fee_high=fee_high,
        usual_fees=fee_model.facts,
        revenue=revenue,
        kept_revenue=None if revenue is None or campaign.margin is None else kept_revenue(revenue, campaign.margin),
        origins={**origins, "fee": fee_origin},
        notes=(*expected.notes, *product_notes(terms)),
    )


def expected_results(roster: Roster, campaign: Campaign, benchmarks: Benchmarks | None = None) -> ExpectedResults:
    """Return the expected results of each offer as floats, with everything that they are computed from; see `forecast`.

    Views are the roster's own, else `followers * view_rate`. Reach is the roster's own, else `followers * view_rate`,
    but not more than the views. All metrics count the whole offer, except reach: further posts of one creator reach the
    same people.
    """
    benchmarks = override_benchmarks(benchmarks or default_benchmarks(), campaign.forecast)
    deliverables = resolve_deliverables(roster, benchmarks)
    if roster.posts is not None:
        deliverables = deliverables_after_posts(deliverables, roster.posts)
    followers = roster.numbers["followers"]
    exposure = _post_exposure(roster, deliverables)
    prior = engagement_prior(benchmarks, deliverables.platform, followers)
    notes: tuple[str, ...] = ()
    if campaign.fit_benchmarks:
        public = prior
        benchmarks, notes = fit_benchmarks(roster, deliverables.platform, exposure, benchmarks)
        prior = engagement_prior(benchmarks, deliverables.platform, followers)
        roster = roster if roster.posts is None else replace(roster, posts=shift_after_fit(roster.posts, public, prior))
    rates, rate_origin = engagement_rates(roster, prior, exposure, benchmarks, shrink=campaign.shrink)
    multiplier = engagement_multiplier(roster, rate_origin != Origin.DEFAULT, benchmarks)
    engagements = followers * rates.mean * deliverables.count * deliverables.engagement * multiplier
    views = exposure.views * deliverables.count * _share_amplification(benchmarks)
    ctr, ctr_origin = click_rates(roster, deliverables.ctr)
    clicks, clicks_origin = views * ctr, np.maximum(ctr_origin, exposure.views_origin)
    cvr, click_basis, cvr_origin = conversion_rates(with_post_conversions(roster), benchmarks)
    takes_lift = (ctr_origin == Origin.DEFAULT) & (cvr_origin == Origin.DEFAULT)
    lift = np.where(takes_lift, engagement_lift(rates, prior, benchmarks), 1.0)
    conversions, conversions_origin = expected_conversions(
        roster, (clicks, clicks_origin), (engagements, rate_origin), (np.minimum(cvr * lift, 1.0), cvr_origin)
    )
    results = ExpectedResults(
        deliverables=deliverables,
        rates=rates,
        cvr=cvr,
        cvr_clicks=click_basis,
        engagement_elasticity=np.where(takes_lift, benchmarks.figure("conversion", "engagement_elasticity"), 0.0),
        benchmarks=benchmarks,
        notes=(*deliverables.notes, *notes, *_conversion_notes(roster)),
        by_action=np.isfinite(roster.number("action_rate")),
        metrics={
            "reach": exposure.reach,
            "impressions": views,
            "engagements": engagements,
            "clicks": clicks,
            "conversions": conversions,
        },
        origins={
            "reach": exposure.reach_origin,
            "impressions": exposure.views_origin,
            "engagements": rate_origin,
            "clicks": clicks_origin,
            "conversions": conversions_origin,
        },
    )
    if roster.timing is not None:
        from microopt.forecast.repetition import with_timing  # only for a campaign with a calendar

        in_waves = with_timing(results.metrics, roster.timing, roster.unit_counts(), campaign.calendar, benchmarks)
        results = replace(results, metrics=in_waves)
    return _with_results(results, roster, campaign)


def _conversion_notes(roster: Roster) -> tuple[str, ...]:
    unused = "conversions" in roster.numbers and "clicks" not in roster.numbers
    return ("observed conversions without clicks give no conversion rate, so they are not used",) if unused else ()


def _with_results(expected: ExpectedResults, roster: Roster, campaign: Campaign) -> ExpectedResults:
    """Return the expectation updated with the results to date, if there are any."""
    running = campaign.running
    if running is None or not running.results:
        return expected
    from microopt.forecast.updating.update import update_from_results  # not loaded for a first plan

    return add_results_to_date(update_from_results(expected, roster, running), roster, running)


def _post_exposure(roster: Roster, deliverables: Deliverables) -> PostExposure:
    """Return the views and the reach of one deliverable."""
    usual = roster.numbers["followers"] * deliverables.view_rate
    expected, by_posts = views_after_posts(roster, usual)
    views, views_origin = own_or_usual(roster, "views", expected)
    views_origin[by_posts & (views_origin == Origin.DEFAULT)] = Origin.SHRUNK
    reach, reach_origin = own_or_usual(
        roster, "reach", np.minimum(usual, views)
    )  # people who do not see a post are not reached
    return PostExposure(
        views=views,
        reach=reach,
        views_origin=views_origin,
        reach_origin=reach_origin,
        format_factor=deliverables.engagement,
    )


def to_thousandths(values: NDFloat) -> NDArray[np.int64]:
    """Return floats as integers in thousandths, rounded half to even and capped at 2**62."""
    return np.rint(np.minimum(values * 1000, MAX_INTEGER)).astype(np.int64)


def _revenue_cents(revenue: NDFloat) -> NDArray[np.int64]:
    """Return revenue in whole cents, `NO_REVENUE` where it is unknown."""
    return np.where(np.isnan(revenue), NO_REVENUE, np.rint(np.minimum(revenue, MAX_INTEGER))).astype(np.int64)


def _share_amplification(benchmarks: Benchmarks) -> float:
    """Return the factor by which shares multiply views: `1 + share_rate * views_per_share`."""
    rate, views = (benchmarks.figure("amplification", key) for key in ("share_rate", "views_per_share"))
    return 1 + rate * views
