"""A trade-off as one JSON object (`microopt.tradeoff/1`); shares are fractions."""

from __future__ import annotations

import json
from fractions import Fraction
from importlib.metadata import version
from typing import Any

from microopt.analysis.tradeoff.pareto import ParetoFront
from microopt.campaign.metrics import METRICS
from microopt.plan.difference import Difference
from microopt.rendering.data.comparison_json import pick_object, totals_object
from microopt.rendering.data.json import campaign_object
from microopt.rendering.sanitize import utf8

GOAL = ("goal", "worth", "target", "ideals")  # of a campaign: a trade-off has none


def front_json(front: ParetoFront) -> str:
    """Return the trade-off as JSON; money in the currency's unit."""
    roster = front.roster
    campaign = campaign_object(front.campaign, roster)
    value = {
        "schema": "microopt.tradeoff/1",
        "microopt": version("microopt"),
        "status": "optimal" if front.proven() else "feasible",
        "limit": front.limit,
        "metrics": list(front.metrics),
        "campaign": {
            **{name: part for name, part in campaign.items() if name not in GOAL},
            "sha256": front.campaign_sha256,
        },
        "roster": {
            "path": roster.source.path,
            "sha256": roster.source.sha256,
            "offers": roster.offers,
            "creators": roster.creators,
            "filtered": roster.filtered,
        },
        "ideals": {ideal.metric: ideal.total / 1000 for ideal in front.ideals},
        "ideal_bounds": {ideal.metric: ideal.bound / 1000 for ideal in front.ideals},
        "steps": front.steps,
        "not_proven": front.open,
        "not_looked_at": front.left_out,
        "points": [_point(front, number) for number in range(len(front.points))],
        "notes": list(front.notes),
        "warnings": list(front.warnings),
        "solver": {"backend": front.backend, "version": front.version, "seconds": round(front.seconds, 3)},
    }
    return utf8(json.dumps(value, indent=2, ensure_ascii=False)) + "\n"


def _point(front: ParetoFront, number: int) -> dict[str, Any]:
    point = front.points[number]
    brought = totals_object(point.totals)
    weights = point.weights
    return {
        "status": point.status,
        "spend": brought.pop("spend"),
        "totals": brought,
        "shares": {metric: _number(front.share(point, metric)) for metric in front.metrics},
        "weights": None if weights is None else {"from": float(weights.low), "to": float(weights.high)},
        "equal_weights": number == front.balanced,
        "change": None if point.change is None else _change(point.change),
        "assumed": dict(point.assumed),
        "picks": [pick_object(pick) for pick in point.picks],
    }


def _change(change: Difference) -> dict[str, Any]:
    metrics = {name: change.metrics[name] / 1000 for name in METRICS}
    return {
        "creators": change.creators,
        "spend": change.spend / 100,
        **metrics,
        "came": list(change.came),
        "left": list(change.left),
    }


def _number(value: Fraction | None) -> float | None:
    return None if value is None else float(value)
