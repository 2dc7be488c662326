"""Two plans side by side as one JSON object (`microopt.plan_comparison/1`); money in the currency's unit."""

from __future__ import annotations

import json
from fractions import Fraction
from importlib.metadata import version
from typing import Any

from microopt.analysis.plan_diff.result import CreatorMove, FieldChange, PlanComparison, PlanSide, RetainedCreator
from microopt.campaign.metrics import METRICS
from microopt.plan.plan import Totals
from microopt.plan.purchase import Purchase
from microopt.rendering.sanitize import utf8

MONEY = ("fee", "cost", "revenue", "spend")


def plan_comparison_json(comparison: PlanComparison) -> str:
    """Return the comparison as JSON."""
    value = {
        "schema": "microopt.plan_comparison/1",
        "microopt": version("microopt"),
        "same": comparison.same,
        "before": _side(comparison.before),
        "after": _side(comparison.after),
        "change": {name: _change(comparison, name) for name in ("value", "creators", "spend", *METRICS, "revenue")},
        "campaign": [
            {"what": one.what, "before": one.before, "after": one.after, "message": one.told}
            for one in comparison.campaign
        ],
        "came": [_moved(one) for one in comparison.came],
        "left": [_moved(one) for one in comparison.left],
        "stayed": [_stayed(one) for one in comparison.stayed],
        "notes": list(comparison.notes),
        "warnings": list(comparison.warnings),
    }
    return utf8(json.dumps(value, indent=2, ensure_ascii=False)) + "\n"


def _side(side: PlanSide) -> dict[str, Any]:
    return {
        "path": side.path,
        "name": side.name,
        "roster": {"path": side.roster, "sha256": side.sha256},
        "currency": side.currency,
        "goal": side.goal.name,
        "budget": _unit("spend", side.budget),
        "status": side.status,
        "gap": side.gap,
        "value": float(side.value),
        **_totals(side.totals),
    }


def _totals(totals: Totals) -> dict[str, Any]:
    metrics = {name: _unit(name, totals.metrics[name]) for name in METRICS}
    spend, revenue = _unit("spend", totals.spend), _unit("revenue", totals.revenue)
    return {"creators": totals.creators, "spend": spend, **metrics, "revenue": revenue}


def _change(comparison: PlanComparison, name: str) -> int | float | None:
    change = comparison.change(name)
    return float(change) if isinstance(change, Fraction) else _unit(name, change)


def _unit(name: str, amount: int | None) -> int | float | None:
    """Return cents in the currency's unit, thousandths of a metric as a number, and all else as it is."""
    if amount is None:
        return None
    return amount / 100 if name in MONEY else amount / 1000 if name in METRICS else amount


def _moved(moved: CreatorMove) -> dict[str, Any]:
    causes = [{"kind": cause.kind, "message": cause.told} for cause in moved.causes]
    return {**_bought(moved.bought), "causes": causes}


def _bought(bought: Purchase) -> dict[str, Any]:
    totals = _totals(bought.totals)
    return {
        "creator": bought.creator,
        "tier": bought.tier,
        "followers": bought.followers,
        "fee": bought.fee / 100,
        "cost": totals["spend"],
        **{name: totals[name] for name in METRICS},
        "revenue": totals["revenue"],
        "offers": [
            {
                "offer": pick.offer,
                "units": pick.units,
                "platform": pick.platform,
                "fee": pick.fee / 100,
                "cost": pick.cost / 100,
            }
            for pick in bought.picks
        ],
    }


def _stayed(stayed: RetainedCreator) -> dict[str, Any]:
    return {**_bought(stayed.after), "changes": [_altered(change) for change in stayed.changes]}


def _altered(change: FieldChange) -> dict[str, Any]:
    pair = [one if isinstance(one, str) else _unit(change.what, one) for one in (change.before, change.after)]
    return {"what": change.what, "before": pair[0], "after": pair[1]}
