"""The forecast of each offer with its 80% likely range, and the origin of each number."""

from __future__ import annotations

from collections.abc import Mapping
from math import isnan
from typing import Annotated, ClassVar

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.campaign.campaign import Campaign
from microopt.campaign.earnings import PROFIT
from microopt.campaign.metrics import METRICS
from microopt.forecast.audience_quality import share_column
from microopt.forecast.cost import dollar_rate
from microopt.forecast.forecast import Forecast, Origin
from microopt.forecast.model import expected_results
from microopt.forecast.target_audience import ShareOnTarget, share_on_target, target_notes
from microopt.forecast.uncertainty import log_spreads, result_intervals, winsorized_ratios
from microopt.plan.plan import RosterFacts
from microopt.planning.build_problem import build_problem
from microopt.planning.problem import PlanningProblem
from microopt.quantities.units import Cents, Rounded, Scaled
from microopt.roster.roster import Roster


class ForecastValue(Struct, frozen=True, kw_only=True):
    """The forecast of one metric.

    Attributes
    ----------
    mean
        The expected value.
    low, high
        The 80% likely range (P10 to P90).
    origin
        `own`, `shrunk`, `default` or `estimated`.
    """

    mean: Annotated[float, Rounded(3)]
    low: Annotated[float, Rounded(3)]
    high: Annotated[float, Rounded(3)]
    origin: str


class TargetShare(Struct, frozen=True, kw_only=True):
    """The share of an audience that is on target, and where it comes from: `own` or `default`."""

    share: Annotated[float, Rounded(4)]
    origin: str


def _rate_units(name: str) -> int:
    """Return how many parts of a rate make one as it is written: ROAS is a ratio, the others are money."""
    return 1 if name == "roas" else 100


class OfferForecast(Struct, frozen=True, kw_only=True):
    """The forecast of one offer.

    Attributes
    ----------
    fee, usual_fee, cost
        Cents: the fee, the usual fee of such offers (None if it cannot be converted), the total cost.
    fee_origin
        `own`, or `estimated`.
    fee_high
        Whether the fee is well above the usual one, which at most one in ten is.
    figures
        By metric.
    rates
        CPM, CPE, CPC and CPA in cents, and ROAS; with a margin, the profit in cents; where it was asked for, the EMV
        in cents. None if the divisor is 0 or a figure is unknown.
    on_target
        The share of the audience whom the campaign is to reach; None if that is everyone.
    fit
        How well the creator suits the campaign, from 0 to 1; None if nothing says so.
    """

    creator: str
    offer: str
    platform: str
    tier: str
    followers: int
    fee: Cents
    fee_origin: str
    fee_high: bool
    usual_fee: Cents | None
    cost: Cents
    figures: Mapping[str, ForecastValue]
    rates: Annotated[Mapping[str, float | None], Scaled(_rate_units)]
    on_target: TargetShare | None = None
    fit: Annotated[float, Rounded(3)] | None = None

    computed: ClassVar[tuple[str, ...]] = ("fee_multiple",)

    @property
    def fee_estimated(self) -> bool:
        """Whether the fee is an estimate."""
        return self.fee_origin == "estimated"

    @property
    def fee_multiple(self) -> Annotated[float | None, Rounded(2)]:
        """How many times the usual fee a stated fee is, None if that is unknown."""
        return self.fee / self.usual_fee if self.usual_fee and self.fee and not self.fee_estimated else None


class ForecastTable(Struct, frozen=True, kw_only=True):
    """The forecast of a roster.

    Attributes
    ----------
    offers
        In descending order of engagements.
    origin_shares
        By metric and origin: the share of the expected total with that origin.
    """

    campaign: Campaign
    roster: RosterFacts
    offers: tuple[OfferForecast, ...]
    origin_shares: Mapping[str, Mapping[str, float]]
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    schema_name: ClassVar[str] = "forecast"


def build_forecast_table(roster: Roster, campaign: Campaign, *, emv: bool = False) -> ForecastTable:
    """Return the forecast of every offer that the campaign allows.

    Parameters
    ----------
    emv
        Whether to state the earned media value: what the views would cost at the public CPM.

    Raises
    ------
    CampaignError
        If the campaign does not fit the roster, or a fee is missing and must not be estimated.
    """
    problem, warnings = build_problem(roster, campaign, bundles=False)
    results = expected_results(problem.roster, campaign)
    means = {name: problem.forecast.metrics[name] / 1000 for name in METRICS}
    spreads = log_spreads(problem.roster, results)
    acceptance = share_column(problem.roster, "acceptance") if "acceptance" in problem.roster.numbers else None
    ranges = result_intervals(
        means,
        spreads,
        mean_ratios=winsorized_ratios(results, spreads),
        acceptance=acceptance,
        degrees=results.benchmarks.figure("shrinkage", "degrees"),
    )
    media = None
    if emv:  # cents per view
        media = results.deliverables.cpm / 10 * (dollar_rate(problem.roster, campaign) or float("nan"))
    order = np.argsort(-problem.forecast.metrics["engagements"], kind="stable")
    offers = tuple(
        _offer_forecast(problem, row, means, ranges, None if media is None else float(media[row]))
        for row in order.tolist()
    )
    about_target: tuple[str, ...] = ()
    if campaign.target_audience is not None:
        shares = share_on_target(problem.roster, campaign.target_audience, results.benchmarks)
        told = zip(offers, order.tolist(), strict=True)
        offers = tuple(replace(offer, on_target=_share_value(shares, row)) for offer, row in told)
        about_target = tuple(target_notes(problem.roster, campaign.target_audience, results.benchmarks))
    return ForecastTable(
        campaign=campaign,
        roster=problem.roster_facts,
        offers=offers,
        origin_shares=_origin_shares(problem),
        notes=(*problem.roster.notes, *results.notes, *about_target),
        warnings=warnings,
    )


def _share_value(shares: ShareOnTarget, row: int) -> TargetShare:
    return TargetShare(share=float(shares.share[row]), origin=Origin(int(shares.origin[row])).label)


Bounds = tuple[NDArray[np.float64], NDArray[np.float64]]


def _offer_forecast(
    problem: PlanningProblem,
    row: int,
    means: dict[str, NDArray[np.float64]],
    ranges: dict[str, Bounds],
    emv: float | None,
) -> OfferForecast:
    roster, forecast = problem.roster, problem.forecast
    figures = {
        name: ForecastValue(
            mean=float(means[name][row]),
            low=float(ranges[name][0][row]),
            high=float(ranges[name][1][row]),
            origin=Origin(int(forecast.origins[name][row])).label,
        )
        for name in METRICS
    }
    fee, cost = int(forecast.fee[row]), int(forecast.cost[row])
    fit = roster.numbers.get("fit")
    usual = None if forecast.usual_fee is None else int(forecast.usual_fee[row])
    is_own_fee = forecast.origins["fee"][row] == Origin.OWN
    revenue = None if forecast.revenue is None or forecast.revenue[row] < 0 else int(forecast.revenue[row])
    return OfferForecast(
        creator=roster.texts["creator"][row].strip(),
        offer=roster.text("offer", row).strip(),
        platform=roster.text("platform", row).strip(),
        tier=roster.texts["tier"][row],
        followers=int(roster.numbers["followers"][row]),
        fee=fee,
        fee_origin="own" if is_own_fee else "estimated",
        fee_high=forecast.fee_high is not None and bool(forecast.fee_high[row]),
        usual_fee=usual,
        cost=cost,
        figures=figures,
        rates=_cost_rates(figures, cost, revenue) | _earnings(forecast, row) | _media_value(figures, emv),
        fit=None if fit is None or isnan(fit[row]) else float(fit[row]),
    )


def _earnings(forecast: Forecast, row: int) -> dict[str, float | None]:
    """Return the profit of an offer, nothing where the campaign has no margin."""
    kept = forecast.kept_revenue
    if kept is None:
        return {}
    return {PROFIT: None if kept[row] < 0 else float(kept[row] - forecast.cost[row])}


def _media_value(figures: dict[str, ForecastValue], emv: float | None) -> dict[str, float | None]:
    """Return the earned media value of an offer, nothing where it was not asked for."""
    if emv is None:
        return {}
    return {"emv": None if isnan(emv) else figures["impressions"].mean * emv}


def _cost_rates(figures: dict[str, ForecastValue], cost: int, revenue: int | None) -> dict[str, float | None]:
    """Return cost rates: `CPM = 1000 cost / views`, CPE, CPC, CPA likewise; `ROAS = revenue / cost`."""

    def per(name: str, count: float = 1.0) -> float | None:
        mean = figures[name].mean
        return count * cost / mean if mean > 0 else None

    return {
        "cpm": per("impressions", 1000.0),
        "cpe": per("engagements"),
        "cpc": per("clicks"),
        "cpa": per("conversions"),
        "roas": None if revenue is None or not cost else revenue / cost,
    }


def _origin_shares(problem: PlanningProblem) -> dict[str, dict[str, float]]:
    shares = {}
    for name in METRICS:
        values, origins = problem.forecast.metrics[name].astype(float), problem.forecast.origins[name]
        grand_total = values.sum()
        sums = {origin.label: float(values[origins == origin].sum()) for origin in Origin}
        shares[name] = {label: total / grand_total for label, total in sums.items() if total} if grand_total else {}
    return shares
