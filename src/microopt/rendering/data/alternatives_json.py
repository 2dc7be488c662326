"""Alternatives as one JSON object (`microopt.alternatives/1`); money in the currency's unit, shares as fractions."""

from __future__ import annotations

import json
from typing import Any

from microopt.analysis.alternatives import Alternative, Alternatives, CreatorFrequency
from microopt.campaign.metrics import METRICS
from microopt.plan.difference import Difference
from microopt.rendering.data.comparison_json import ending, heading, plan_object
from microopt.rendering.sanitize import utf8


def alternatives_json(found: Alternatives) -> str:
    """Return alternatives as JSON."""
    value = {
        **heading("alternatives", found.best, proven=found.proven()),
        "count": found.count,
        "differ": found.differ,
        "ended": found.ended.value,
        "limit": found.limit,
        "best": {**plan_object(found.best), "of_best": 1.0},
        "plans": [_alternative(number, one) for number, one in enumerate(found.plans, 1)],
        "creators": [_held(one) for one in found.creators],
        **ending(found.best, found.seconds, found.warnings),
    }
    return utf8(json.dumps(value, indent=2, ensure_ascii=False)) + "\n"


def _alternative(number: int, one: Alternative) -> dict[str, Any]:
    return {
        "plan": number,
        **plan_object(one.plan),
        "of_best": None if one.of_best is None else float(one.of_best),
        "change": _change(one.change),
        "came": list(one.change.came),
        "left": list(one.change.left),
        "swapped": list(one.swapped),
    }


def _change(change: Difference) -> dict[str, Any]:
    """Return what a plan has more than the best."""
    metrics = {name: change.metrics[name] / 1000 for name in METRICS}
    share = None if change.share is None else float(change.share)
    return {
        "value": float(change.value),
        "share": share,
        "creators": change.creators,
        "spend": change.spend / 100,
        **metrics,
    }


def _held(one: CreatorFrequency) -> dict[str, Any]:
    return {"creator": one.creator, "tier": one.tier, "in": len(one.plans), "plans": list(one.plans)}
