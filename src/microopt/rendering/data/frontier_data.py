"""A frontier as JSON (`microopt.frontier/1`)."""

from __future__ import annotations

import json
from typing import Any

from microopt.analysis.frontier.result import Frontier, NextImprovement
from microopt.campaign.metrics import METRICS
from microopt.plan.plan import Totals
from microopt.rendering.data.json import campaign_object
from microopt.rendering.sanitize import utf8


def frontier_json(frontier: Frontier) -> str:
    """Return the frontier as JSON; money in the currency's unit, shares as fractions."""
    roster, enough = frontier.roster, frontier.enough
    value = {
        "schema": "microopt.frontier/1",
        "status": "optimal" if frontier.proven() else "feasible",
        "campaign": {**campaign_object(frontier.campaign, roster), "sha256": frontier.campaign_sha256},
        "roster": {
            "path": roster.source.path,
            "sha256": roster.source.sha256,
            "offers": roster.offers,
            "creators": roster.creators,
            "filtered": roster.filtered,
        },
        "ideals": {ideal.metric: ideal.total / 1000 for ideal in frontier.ideals},
        "points": [_point(frontier, number) for number in range(len(frontier.points))],
        "enough": None
        if enough is None
        else {
            "spend": enough.spend / 100,
            "worth": float(enough.worth),
            "proven": enough.proven,
        },
        "notes": list(frontier.notes),
        "warnings": list(frontier.warnings),
        "solver": {
            "backend": frontier.backend,
            "version": frontier.version,
            "seconds": round(frontier.seconds, 3),
        },
    }
    return utf8(json.dumps(value, indent=2, ensure_ascii=False)) + "\n"


def _point(frontier: Frontier, number: int) -> dict[str, Any]:
    point, step = frontier.points[number], frontier.step(number)
    return {
        "budget": point.budget / 100,
        "status": point.status,
        "limit": point.limit,
        "objective": None if point.value is None else float(point.value),
        "bound": None if point.bound is None else float(point.bound),
        "gap": point.gap,
        "spend": None if point.totals is None else point.totals.spend / 100,
        "totals": None if point.totals is None else _totals(point.totals),
        "mix": [{"tier": tier, **_totals(totals)} for tier, totals in point.mix.items()],
        "creators": list(point.creators),
        "next_step": None
        if step is None
        else {
            "money": step.money / 100,
            "objective": float(step.value),
            **{name: amount / 1000 for name, amount in step.metrics.items()},
        },
        "next_better": None if point.next_better is None else _better(point.next_better),
    }


def _totals(totals: Totals) -> dict[str, Any]:
    metrics = {name: totals.metrics[name] / 1000 for name in METRICS}
    return {"creators": totals.creators, "spend": totals.spend / 100, **metrics}


def _better(found: NextImprovement) -> dict[str, Any]:
    budget, least = (None if cents is None else cents / 100 for cents in (found.budget, found.least))
    return {"budget": budget, "least": least, "told": found.told}
