"""An explanation as one JSON object (`microopt.explain/1`); money in the currency's unit, shares as fractions."""

from __future__ import annotations

import json
from typing import Any

from microopt.analysis.explain.break_even import BreakEven
from microopt.analysis.explain.explain import Explained, ExplainedOffer, Explanation
from microopt.campaign.metrics import METRICS
from microopt.plan.difference import Difference
from microopt.rendering.data.json import campaign_object
from microopt.rendering.sanitize import utf8


def explanation_json(explanation: Explanation) -> str:
    """Return the explanation as JSON."""
    roster = explanation.roster
    value = {
        "schema": "microopt.explain/1",
        "status": "optimal" if explanation.finished else "feasible",
        "campaign": campaign_object(explanation.campaign, roster),
        "roster": {
            "path": roster.source.path,
            "sha256": roster.source.sha256,
            "offers": roster.offers,
            "creators": roster.creators,
            "filtered": roster.filtered,
        },
        "plan": {
            "status": explanation.status,
            "objective": float(explanation.value),
            "creators": explanation.totals.creators,
            "spend": explanation.totals.spend / 100,
            **{name: explanation.totals.metrics[name] / 1000 for name in METRICS},
        },
        "creators": [_creator(one) for one in explanation.creators],
        "warnings": list(explanation.warnings),
        "seconds": round(explanation.seconds, 3),
    }
    return utf8(json.dumps(value, indent=2, ensure_ascii=False)) + "\n"


def _creator(one: Explained) -> dict[str, Any]:
    main, change = one.main, one.change
    return {
        "creator": one.creator,
        "tier": one.tier,
        "picked": one.picked,
        "fee": None if main is None else main.fee / 100,
        "break_even_fee": None if main is None else _money(main.break_even.fee),
        "status": one.status,
        "change_if_forced": None if change is None else _change(change),
        "binding": list(one.binding),
        "displaced_by": [] if change is None else _displaced(one, change),
        "reasons": list(one.reasons),
        "offers": [_offer(offer) for offer in one.offers],
    }


def _displaced(one: Explained, change: Difference) -> list[str]:
    """Who would have the money instead of a pick, or who has it instead of a creator who is not picked."""
    return list(change.came if one.picked else change.left)


def _change(change: Difference) -> dict[str, Any]:
    return {
        "objective": float(change.value),
        "share": None if change.share is None else float(change.share),
        "creators": change.creators,
        "spend": change.spend / 100,
        **{name: change.metrics[name] / 1000 for name in METRICS},
        "came": list(change.came),
        "left": list(change.left),
    }


def _offer(offer: ExplainedOffer) -> dict[str, Any]:
    found: BreakEven = offer.break_even
    return {
        "offer": offer.offer,
        "platform": offer.platform,
        "units": offer.units,
        "picked": offer.picked,
        "fee": offer.fee / 100,
        "break_even_fee": _money(found.fee),
        "out_from": _money(found.beyond),
        "exact": found.exact,
        "unlimited": found.unlimited,
        "told": found.told,
    }


def _money(cents: int | None) -> float | None:
    return None if cents is None else cents / 100
