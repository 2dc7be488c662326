"""A history as one JSON object (`microopt.history/1`)."""

from __future__ import annotations

import json
from importlib.metadata import version
from typing import Any

import msgspec

from microopt.campaign.metrics import METRICS
from microopt.campaign.progress import SEEN
from microopt.inflight.history.result import History, HistoryEntry
from microopt.plan.document.replan import replan_document
from microopt.rendering.sanitize import utf8


def history_json(history: History) -> str:
    """Return the history as JSON; money in the currency's unit, shares as fractions."""
    value = {
        "schema": "microopt.history/1",
        "microopt": version("microopt"),
        "source": history.source,
        "earlier": history.earlier,
        "nights": [_object(night) for night in history.nights],
        "notes": list(history.notes),
        "warnings": list(history.warnings),
    }
    return utf8(json.dumps(value, indent=2, ensure_ascii=False)) + "\n"


def _object(night: HistoryEntry) -> dict[str, Any]:
    totals, results = night.totals, night.results
    step = None if night.replan is None else msgspec.to_builtins(replan_document(night.replan))
    return {
        "path": night.path,
        "seal": night.seal,
        "previous": night.previous,
        "on": night.on,
        "name": night.name,
        "status": night.status,
        "currency": night.currency,
        "budget": None if night.budget is None else night.budget / 100,
        "creators": totals.creators,
        "spend": totals.spend / 100,
        **{name: totals.metrics[name] / 1000 for name in METRICS},
        "revenue": None if totals.revenue is None else totals.revenue / 100,
        "gain": None if step is None else step["gain"],
        "obstacle": "" if step is None else step["obstacle"],
        "switches": [] if step is None else step["switches"],
        "turns": [{"creator": turn.creator, "from": turn.before, "to": turn.after} for turn in night.turns],
        "results": None
        if results is None
        else {
            "creators": results.creators,
            "posts": results.posts,
            "as_of": results.as_of,
            **{name: results.metrics.get(name) for name in SEEN},
        },
        "gap": night.gap,
        "forks": list(night.forks),
    }
