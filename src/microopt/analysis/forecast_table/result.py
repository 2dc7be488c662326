"""Outlook: what each offer is expected to bring, within which range, and where each number came from."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from microopt.campaign.campaign import Campaign
from microopt.plan.plan import RosterFacts


class ForecastValue(Struct, frozen=True, kw_only=True):
    """One expected result.

    Attributes
    ----------
    mean
        Expected.
    low, high
        Eight outcomes of ten lie between (P10 to P90).
    origin
        `own`, `shrunk`, `default` or `estimated`.
    """

    mean: float
    low: float
    high: float
    origin: str


class OfferForecast(Struct, frozen=True, kw_only=True):
    """One offer.

    Attributes
    ----------
    fee, usual_fee, cost
        Cents: what is asked, what such offers usually ask (None where the currency forbids), what is paid in all.
    fee_origin
        `own`, or `estimated`.
    fee_high
        Whether the fee is more than twice (or as `[forecast.fee_estimate]` says) what is usual.
    figures
        By metric.
    rates
        CPM, CPE, CPC and CPA in cents, ROAS and EMV (cents), None where they divide by nothing or are not known.
    """

    creator: str
    offer: str
    platform: str
    tier: str
    followers: int
    fee: int
    fee_origin: str
    fee_high: bool
    usual_fee: int | None
    cost: int
    figures: Mapping[str, ForecastValue]
    rates: Mapping[str, float | None]


class ForecastTable(Struct, frozen=True, kw_only=True):
    """The forecast of a roster.

    Attributes
    ----------
    offers
        The most engagements first.
    rests_on
        By metric and origin: the share of the total expected that comes from there.
    """

    campaign: Campaign
    roster: RosterFacts
    offers: tuple[OfferForecast, ...]
    rests_on: Mapping[str, Mapping[str, float]]
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


class Claim(Struct, frozen=True, kw_only=True):
    """Something said of micro and mega creators, tested on a roster.

    Attributes
    ----------
    text
        What is said, in a sentence.
    found
        What the roster shows, in a sentence.
    estimate, low, high
        The figure tested and its 95% interval, None where it cannot be had.
    verdict
        `holds`, `does not hold` or `cannot be told`.
    """

    name: str
    text: str
    found: str
    verdict: str
    estimate: float | None = None
    low: float | None = None
    high: float | None = None


class Claims(Struct, frozen=True, kw_only=True):
    """The claims tested, and by tier what they were tested on."""

    roster: RosterFacts
    claims: tuple[Claim, ...]
    tiers: tuple[TierFacts, ...]
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


class TierFacts(Struct, frozen=True, kw_only=True):
    """The creators of a tier, by their medians; None where the roster does not say.

    Attributes
    ----------
    rate
        Engagement rate by followers as the roster states it.
    fee, cpe, cpa
        Cents.
    sponsored
        Share of sponsored posts.
    """

    tier: str
    creators: int
    rate: float | None
    fee: float | None
    cpe: float | None
    cpa: float | None
    sponsored: float | None
