"""Where a plan's JSON object differs from its recomputation: value by value, types included, in the plan's order."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from microopt.plan.verification_result import Discrepancy

MONEY = {"fee", "cost", "usual_fee", "revenue", "spend", "unspent", "budget", "order_value", "per_creator"}
SOURCES = {
    "picks": "the roster gives",
    "roster": "the roster gives",
    "campaign": "the campaign gives",
    "proof": "its prices give",
}
DIGESTS = {
    "proof.program": "its campaign makes another program of this roster",
    "claims": "what was asked, what was picked, or what the solver told was altered afterwards",
}
MAX_CHARACTERS = 80  # of a value in a message
MISSING = object()


def compare_json(stated: Any, recomputed: Any, place: str = "") -> Iterator[Discrepancy]:
    """Yield every place at which the plan's value is not the recomputed one."""
    if isinstance(stated, dict) and isinstance(recomputed, dict):
        for key in [*recomputed, *(key for key in stated if key not in recomputed)]:
            inner = f"{place}.{key}" if place else key
            yield from compare_json(stated.get(key, MISSING), recomputed.get(key, MISSING), inner)
    elif isinstance(stated, list) and isinstance(recomputed, list):
        for i in range(max(len(stated), len(recomputed))):
            one, other = (values[i] if i < len(values) else MISSING for values in (stated, recomputed))
            yield from compare_json(one, other, f"{place}[{i}]")
    elif not _identical(stated, recomputed):
        yield describe_difference(place, stated, recomputed)


def _identical(stated: Any, recomputed: Any) -> bool:
    """Whether two values are the same, of the same type: true is not 1, and 1 is not 1.0."""
    same_type = type(stated) is type(recomputed)
    return same_type and (stated is recomputed or (stated == recomputed and repr(stated) == repr(recomputed)))


def describe_difference(place: str, stated: Any, recomputed: Any) -> Discrepancy:
    """Return the discrepancy between a stated and a recomputed value."""
    if place in DIGESTS:
        return Discrepancy(place=place, message=DIGESTS[place], stated=stated, recomputed=recomputed)
    source = SOURCES.get(place.partition(".")[0].partition("[")[0], "its picks give")
    key = place.rpartition(".")[2]
    one, other = _format_value(key, stated), _format_value(key, recomputed)
    if one == other:
        one, other = _format_value("", stated), _format_value("", recomputed)
    if stated is MISSING:
        return Discrepancy(place=place, message=f"the plan says nothing, {source} {other}", recomputed=recomputed)
    if recomputed is MISSING:
        return Discrepancy(place=place, message=f"the plan says {one}, where there is nothing to say", stated=stated)
    return Discrepancy(
        place=place, message=f"the plan says {one}, {source} {other}", stated=stated, recomputed=recomputed
    )


def _format_value(key: str, value: Any) -> str:
    if value is MISSING:
        return "nothing"
    if key in MONEY and isinstance(value, float):
        return f"{value:.2f}"
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= MAX_CHARACTERS else f"{text[: MAX_CHARACTERS - 1]}…"


def count_leaves(value: Any) -> int:
    """Return how many figures and statements a JSON value holds."""
    if isinstance(value, dict):
        return sum(map(count_leaves, value.values()))
    return sum(map(count_leaves, value)) if isinstance(value, list) else 1
