"""A forecast as JSON (`microopt.forecast/1`), every offer in it."""

from __future__ import annotations

import json
from typing import Any

from microopt.analysis.forecast_table import ForecastTable, OfferForecast
from microopt.campaign.metrics import METRICS
from microopt.rendering.data.json import campaign_object
from microopt.rendering.sanitize import utf8

RATES = ("cpm", "cpe", "cpc", "cpa", "roas", "emv")
COLUMNS = (
    "creator",
    "offer",
    "platform",
    "tier",
    "followers",
    "fee",
    "fee_origin",
    "fee_high",
    "usual_fee",
    "cost",
    *(f"{name}{part}" for name in METRICS for part in ("", "_low", "_high", "_origin")),
    *RATES,
)


def outlook_json(outlook: ForecastTable) -> str:
    """Return the forecast as one JSON object; money in the currency's unit, shares as fractions."""
    roster = outlook.roster
    value = {
        "schema": "microopt.forecast/1",
        "campaign": campaign_object(outlook.campaign, roster),
        "roster": {
            "path": roster.source.path,
            "sha256": roster.source.sha256,
            "offers": roster.offers,
            "creators": roster.creators,
            "filtered": roster.filtered,
        },
        "offers": [_object(offer) for offer in outlook.offers],
        "rests_on": {metric: dict(shares) for metric, shares in outlook.rests_on.items()},
        "notes": list(outlook.notes),
        "warnings": list(outlook.warnings),
    }
    return utf8(json.dumps(value, indent=2, ensure_ascii=False)) + "\n"


def _object(offer: OfferForecast) -> dict[str, Any]:
    figures = {
        name: {"mean": round(f.mean, 3), "p10": round(f.low, 3), "p90": round(f.high, 3), "origin": f.origin}
        for name, f in offer.figures.items()
    }
    return {
        "creator": offer.creator,
        "offer": offer.offer,
        "platform": offer.platform,
        "tier": offer.tier,
        "followers": offer.followers,
        "fee": offer.fee / 100,
        "fee_origin": offer.fee_origin,
        "fee_high": offer.fee_high,
        "usual_fee": None if offer.usual_fee is None else offer.usual_fee / 100,
        "cost": offer.cost / 100,
        **figures,
        **{name: _rate(name, offer) for name in RATES},
    }


def _rate(name: str, offer: OfferForecast) -> float | None:
    value = offer.rates[name]
    return None if value is None else round(value if name == "roas" else value / 100, 4)
