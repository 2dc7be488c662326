"""A comparison as one JSON object (`microopt.compare/1`); money in the currency's unit, shares as fractions."""

from __future__ import annotations

import json
from fractions import Fraction
from importlib.metadata import version
from typing import Any

from microopt.analysis.tiers.compare import Comparison, SingleTierPlan
from microopt.analysis.tiers.substitutes import Baskets, BundleTotals, SubstituteBundle
from microopt.campaign.metrics import METRICS
from microopt.plan.plan import Diagnosis, Pick, Plan, Totals
from microopt.rendering.data.json import campaign_object
from microopt.rendering.sanitize import utf8


def comparison_json(comparison: Comparison) -> str:
    """Return the comparison as JSON."""
    mix = comparison.mix
    value = {
        **heading("compare", mix, proven=comparison.proven()),
        "mix": {**plan_object(mix), "of_mix": 1.0, "reasons": [], "clash": []},
        "tiers": [_variant(variant) for variant in comparison.variants],
        "baskets": None if comparison.baskets is None else _baskets(comparison.baskets),
        **ending(mix, comparison.seconds),
    }
    return utf8(json.dumps(value, indent=2, ensure_ascii=False)) + "\n"


def heading(name: str, plan: Plan, *, proven: bool) -> dict[str, Any]:
    """Return what the object of a study begins with: its schema, and the campaign and roster of its first plan."""
    roster = plan.roster
    return {
        "schema": f"microopt.{name}/1",
        "microopt": version("microopt"),
        "status": "optimal" if proven else "feasible",
        "campaign": {**campaign_object(plan.campaign, roster), "sha256": plan.campaign_sha256},
        "roster": {
            "path": roster.source.path,
            "sha256": roster.source.sha256,
            "offers": roster.offers,
            "creators": roster.creators,
            "filtered": roster.filtered,
        },
        "ideals": {ideal.metric: ideal.total / 1000 for ideal in plan.ideals},
    }


def ending(plan: Plan, seconds: float, warnings: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return what the object of a study ends with: what its first plan rests on, and the time that all of it took."""
    proof = plan.proof
    return {
        "assumed": dict(plan.assumed),
        "notes": list(plan.notes),
        "warnings": [*plan.warnings, *warnings],
        "solver": {"backend": proof.backend, "version": proof.version, "seconds": round(seconds, 3)},
    }


def plan_object(plan: Plan) -> dict[str, Any]:
    """Return what a study says of one of its plans."""
    proof = plan.proof
    return {
        "status": proof.status,
        "limit": proof.limit,
        "value": float(proof.objective),
        "bound": float(proof.bound),
        "gap": abs(proof.gap),
        **totals_object(plan.totals),
        "picks": [pick_object(pick) for pick in plan.picks],
    }


def _variant(variant: SingleTierPlan) -> dict[str, Any]:
    found = variant.found
    clash = list(found.clash) if isinstance(found, Diagnosis) else []
    none: dict[str, Any] = {
        "status": variant.status,
        "limit": found.limit if isinstance(found, Diagnosis) else None,
        "value": None,
        "bound": None,
        "gap": None,
        "creators": None,
        "spend": None,
        **dict.fromkeys(METRICS),
        "picks": [],
    }
    return {
        "tier": variant.tier,
        **(none if variant.plan is None else plan_object(variant.plan)),
        "of_mix": _number(variant.of_mix),
        "reasons": list(variant.reasons),
        "clash": clash,
    }


def _baskets(baskets: Baskets) -> dict[str, Any]:
    return {
        "tier": baskets.tier,
        "smaller": list(baskets.smaller),
        "creators": [_basket(basket) for basket in baskets.looked_at],
        "not_looked_at": list(baskets.left_out),
    }


def _basket(basket: SubstituteBundle) -> dict[str, Any]:
    return {
        "creator": basket.creator,
        "status": basket.status,
        "limit": basket.limit,
        "bound": _number(basket.bound),
        "gap": None if basket.small is None else basket.gap,
        "large": _side(basket.large),
        "small": None if basket.small is None else _side(basket.small),
        "times": {metric: _number(basket.times(metric)) for metric in METRICS},
    }


def _side(side: BundleTotals) -> dict[str, Any]:
    return {
        "value": float(side.value),
        **totals_object(side.totals),
        "picks": [pick_object(pick) for pick in side.picks],
    }


def totals_object(totals: Totals) -> dict[str, Any]:
    """Return sums over picks; money in the currency's unit."""
    metrics = {name: totals.metrics[name] / 1000 for name in METRICS}
    return {"creators": totals.creators, "spend": totals.spend / 100, **metrics}


def pick_object(pick: Pick) -> dict[str, Any]:
    """Return an offer bought, without what it is expected to bring."""
    return {
        "creator": pick.creator,
        "offer": pick.offer,
        "units": pick.units,
        "platform": pick.platform,
        "tier": pick.tier,
        "fee": pick.fee / 100,
        "cost": pick.cost / 100,
    }


def _number(value: Fraction | None) -> float | None:
    return None if value is None else float(value)
