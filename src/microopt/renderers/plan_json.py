"""A plan, a diagnosis or an error as one JSON object (`microopt.plan/1`, `microopt.error/1`)."""

from __future__ import annotations

import json
from fractions import Fraction
from hashlib import sha256
from importlib.metadata import version
from typing import Any

from microopt.campaign import METRICS, Campaign
from microopt.errors import MicrooptError
from microopt.plan import Diagnosis, Pick, Plan, Proof, Repair, RosterFacts, RuleUse, Totals
from microopt.renderers.safe import utf8
from microopt.units import print_bound


def plan_json(plan: Plan) -> str:
    """Return the plan as JSON; money in the currency's unit, shares as fractions."""
    proof = plan.proof
    ideals = {ideal.metric: ideal.total / 1000 for ideal in plan.ideals}
    return _sealed(
        {
            **_head(plan.campaign, plan.campaign_sha256, plan.roster, proof.status),
            "objective": float(proof.objective), "bound": float(proof.bound), "gap": proof.gap, "limit": proof.limit,
            "ideals": ideals, "ideal_bounds": {ideal.metric: ideal.bound / 1000 for ideal in plan.ideals},
            "spend": plan.totals.spend / 100, "unspent": plan.unspent / 100, "unspent_reason": plan.unspent_reason,
            "totals": {
                "creators": plan.totals.creators, **_metrics(plan.totals), "revenue": _money(plan.totals.revenue),
            },
            "picks": [_pick(pick) for pick in plan.picks], "rules": [_rule(rule) for rule in plan.rules],
            "mix": [_mix(tier, totals) for tier, totals in plan.mix.items()], "habit": _habit(plan),
            "repair": None if plan.repair is None else _repair(plan.repair),
            "net_reach": _net_reach(plan), "held_back": list(plan.held_back),
            "assumed": dict(plan.assumed), "notes": list(plan.notes), "warnings": list(plan.warnings),
            "solver": _solver(proof),
            "certificate": {
                "row_prices": list(proof.row_prices), "pool_prices": list(proof.pool_prices),
                "bound": float(proof.price_bound),
            },
        }
    )  # fmt: skip


def diagnosis_json(diagnosis: Diagnosis) -> str:
    """Return the diagnosis as JSON."""
    return _text(
        {
            **_head(diagnosis.campaign, None, diagnosis.roster, diagnosis.status),
            "diagnosis": {
                "clash": list(diagnosis.clash), "irreducible": diagnosis.irreducible,
                "reasons": list(diagnosis.reasons), "repairs": [_repair(repair) for repair in diagnosis.repairs],
            },
            "limit": diagnosis.limit, "warnings": list(diagnosis.warnings),
            "solver": {
                "shown_by": diagnosis.shown_by, "confirmed_by": diagnosis.confirmed_by or None,
                "unconfirmed": diagnosis.unconfirmed or None, "seconds": round(diagnosis.seconds, 3),
            },
        }
    )  # fmt: skip


def error_json(error: MicrooptError) -> str:
    """Return an error with all its faults as JSON."""
    faults = [
        {"row": f.row, "column": f.column, "value": f.value, "code": f.code, "message": f.message, "fix": f.fix}
        for f in error.faults
    ]
    return _text(
        {"schema": "microopt.error/1", "code": error.code, "message": error.message, "fix": error.fix, "faults": faults}
    )


def _head(campaign: Campaign, sha: str | None, roster: RosterFacts, status: str) -> dict[str, Any]:
    return {
        "schema": "microopt.plan/1", "microopt": version("microopt"), "status": status,
        "campaign": {**campaign_object(campaign, roster), "sha256": sha},
        "roster": {
            "path": roster.source.path, "sha256": roster.source.sha256, "offers": roster.offers,
            "creators": roster.creators, "filtered": roster.filtered,
        },
    }  # fmt: skip


def campaign_object(campaign: Campaign, roster: RosterFacts) -> dict[str, Any]:
    """Every setting that affects the result, defaults included."""
    return {
        "name": campaign.name, "budget": _money(campaign.budget), "currency": roster.currency,
        "goal": campaign.goal.name,
        "worth": {name: float(worth) for name, worth in campaign.goal.worths.items()},
        "target": {name: _number(amount) for name, amount in campaign.goal.targets.items()},
        "ideals": {ideal.metric: [ideal.total / 1000, ideal.bound / 1000] for ideal in campaign.ideals},
        "order_value": None if campaign.order_value is None else campaign.order_value / 100,
        "per_creator": campaign.per_creator / 100, "rules": [rule.label for rule in campaign.rules],
        "where": [where.label for where in campaign.where], "include": list(campaign.include),
        "exclude": list(campaign.exclude), "competitors": list(campaign.competitors), "audience": _audience(campaign),
        "one_offer_per": campaign.one_offer_per,
        "tiers": dict(zip(campaign.tiers.names, campaign.tiers.floors, strict=True)),
        "estimate_fees": campaign.estimate_fees, "columns": dict(campaign.columns), "units": dict(campaign.units),
        "exchange": {code: float(rate) for code, rate in campaign.exchange.items()},
        "shrink": campaign.shrink, "fit_benchmarks": campaign.fit, "forecast": dict(campaign.forecast),
        "max_sponsored_share": _number(campaign.max_sponsored_share), "with_minors": campaign.minors,
    }  # fmt: skip


def _audience(campaign: Campaign) -> dict[str, Any] | None:
    pools = campaign.audience
    return None if pools is None else {"by": pools.by, "size": dict(pools.size)}


def _net_reach(plan: Plan) -> dict[str, float | None] | None:
    net = plan.net_reach
    if net is None:
        return None
    return {
        "people": net.people / 1000, "at_least": net.least / 1000, "at_most": net.most / 1000,
        "frequency": None if net.frequency is None else float(net.frequency), "outside_pools": net.outside / 1000,
    }  # fmt: skip


def _metrics(totals: Totals) -> dict[str, float]:
    return {name: totals.metrics[name] / 1000 for name in METRICS}


def _pick(pick: Pick) -> dict[str, Any]:
    return {
        "creator": pick.creator, "offer": pick.offer, "units": pick.units, "platform": pick.platform, "tier": pick.tier,
        "niche": list(pick.niche), "region": pick.region, "followers": pick.followers, "fee": pick.fee / 100,
        "fee_estimated": pick.fee_estimated, "usual_fee": _money(pick.usual_fee), "fee_high": pick.fee_high,
        "cost": pick.cost / 100,
        **{name: pick.metrics[name] / 1000 for name in METRICS},
        "revenue": _money(pick.revenue),
    }  # fmt: skip


def _money(cents: int | None) -> float | None:
    return None if cents is None else cents / 100


def _rule(rule: RuleUse) -> dict[str, Any]:
    return {
        "rule": rule.label, "used": _number(rule.used), "at_least": _number(rule.at_least),
        "at_most": _number(rule.at_most), "binding": rule.binding,
        "soft": None if rule.soft is None else print_bound(rule.soft.amount, rule.soft.percent),
        "beyond": _number(rule.beyond),
    }  # fmt: skip


def _number(value: Fraction | None) -> float | int | None:
    if value is None:
        return None
    return int(value) if value.denominator == 1 else float(value)


def _repair(repair: Repair) -> dict[str, Any]:
    changes = [
        {"rule": it.label, "from": _number(it.was), "to": _number(it.now), "becomes": it.becomes}
        for it in repair.changes
    ]
    return {"changes": changes, "price": float(repair.price), "least_shown": repair.least}


def _mix(tier: str, totals: Totals) -> dict[str, Any]:
    return {"tier": tier, "creators": totals.creators, "spend": totals.spend / 100, **_metrics(totals)}


def _habit(plan: Plan) -> dict[str, Any] | None:
    if plan.habit is None:
        return None
    totals = plan.habit.totals
    return {"rule": plan.habit.rule, "creators": totals.creators, "spend": totals.spend / 100, **_metrics(totals)}


def _solver(proof: Proof) -> dict[str, Any]:
    return {
        "backend": proof.backend, "version": proof.version, "stop": proof.status, "shown_by": proof.shown_by,
        "cheapest_shown": proof.cheapest, "confirmed_by": proof.confirmed_by or None,
        "unconfirmed": proof.unconfirmed or None, "failure": proof.failure or None,
        "seconds": round(proof.seconds, 3), "core": proof.core,
    }  # fmt: skip


def _sealed(value: dict[str, Any]) -> str:
    canonical = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return _text({**value, "seal": sha256(utf8(canonical).encode()).hexdigest()})


def _text(value: dict[str, Any]) -> str:
    return utf8(json.dumps(value, indent=2, ensure_ascii=False)) + "\n"
