"""The sentences of a forecast: what its marks mean, and what its results rest on."""

from __future__ import annotations

from collections.abc import Iterator

from microopt.analysis.forecast_table import ForecastTable
from microopt.quantities.parse_and_format import format_percent
from microopt.rendering.wording.plan_figures import fee_estimate_range

RANGE_LEGEND = "below each name its platform, tier and followers; below each figure where eight of ten fall"
ORIGIN_MARKS = {"own": "", "shrunk": "*", "default": "°", "estimated": "~"}
MARK_MEANINGS = {
    "shrunk": "* the roster's figure, drawn towards what is usual for the size",
    "default": "° a public benchmark",
    "estimated": "~ estimated",
}
ORIGIN_NAMES = {
    "own": "the roster's own figures",
    "shrunk": "the roster's figures drawn towards the usual",
    "default": "public benchmarks",
    "estimated": "estimates",
}


def mark_sentence(forecast: ForecastTable) -> str:
    """Return what the marks of the figures mean, empty if there are none."""
    origins = {value.origin for offer in forecast.offers for value in offer.figures.values()}
    origins |= {offer.fee_origin for offer in forecast.offers}
    meanings = [meaning for origin, meaning in MARK_MEANINGS.items() if origin in origins]
    if "estimated" in origins:
        meanings[-1] += " fee: expect {:g} to {:g} times as much".format(*fee_estimate_range(forecast.campaign))
    high = sum(offer.fee_high for offer in forecast.offers)
    if high:
        meanings.append(f"! far above what such an audience usually costs ({high:,} of {len(forecast.offers):,})")
    return " · ".join(meanings)


def origin_sentences(forecast: ForecastTable) -> Iterator[str]:
    """Yield for the main results what share of them rests on which figures."""
    for metric in ("engagements", "conversions"):
        shares = forecast.origin_shares.get(metric, {})
        if shares:
            parts = (f"{format_percent(share)} on {ORIGIN_NAMES[origin]}" for origin, share in shares.items())
            yield f"Of the {metric}, {', '.join(parts)}."
