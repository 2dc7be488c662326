"""What `check` found, as JSON (`microopt.check/1`)."""

from __future__ import annotations

import json

from microopt.plan.roster_summary import RosterSummary
from microopt.rendering.sanitize import utf8


def summary_json(summary: RosterSummary) -> str:
    """Return a roster's summary as one JSON object."""
    roster = summary.roster
    value = {
        "schema": "microopt.check/1",
        "status": "ok",
        "roster": {
            "path": roster.source.path,
            "sha256": roster.source.sha256,
            "offers": roster.offers,
            "creators": roster.creators,
            "filtered": roster.filtered,
            "currency": roster.currency,
        },
        "columns": [{"header": h, "taken_as": column or None, "reading": r} for h, column, r in summary.mapping],
        "ranges": {
            name: {"filled": s.filled, "low": s.low, "median": s.middle, "high": s.high}
            for name, s in summary.spreads.items()
        },
        "counts": {name: dict(counts) for name, counts in summary.counts.items()},
        "notes": list(summary.notes),
        "warnings": list(summary.warnings),
    }
    return utf8(json.dumps(value, indent=2, ensure_ascii=False)) + "\n"
