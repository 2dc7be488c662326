"""In what does a plan differ from its recomputation? Compared value by value, types included, in the plan's order."""

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
SHOWN = 80  # characters
NOTHING = object()


def compare_json(said: Any, found: Any, place: str = "") -> Iterator[Discrepancy]:
    """Yield every place at which what a plan says is not what was found."""
    if isinstance(said, dict) and isinstance(found, dict):
        for key in [*found, *(key for key in said if key not in found)]:
            inner = f"{place}.{key}" if place else key
            yield from compare_json(said.get(key, NOTHING), found.get(key, NOTHING), inner)
    elif isinstance(said, list) and isinstance(found, list):
        for i in range(max(len(said), len(found))):
            one, other = (values[i] if i < len(values) else NOTHING for values in (said, found))
            yield from compare_json(one, other, f"{place}[{i}]")
    elif not _same(said, found):
        yield difference(place, said, found)


def _same(said: Any, found: Any) -> bool:
    """Whether two values are the same, of the same type: true is not 1, and 1 is not 1.0."""
    return type(said) is type(found) and (said is found or (said == found and repr(said) == repr(found)))


def difference(place: str, said: Any, found: Any) -> Discrepancy:
    """Return the statement that a plan says one thing at a place and another was found."""
    if place in DIGESTS:
        return Discrepancy(place=place, message=DIGESTS[place], stated=said, recomputed=found)
    source = SOURCES.get(place.partition(".")[0].partition("[")[0], "its picks give")
    key = place.rpartition(".")[2]
    one, other = _shown(key, said), _shown(key, found)
    if one == other:
        one, other = _shown("", said), _shown("", found)
    if said is NOTHING:
        return Discrepancy(place=place, message=f"the plan says nothing, {source} {other}", recomputed=found)
    if found is NOTHING:
        return Discrepancy(place=place, message=f"the plan says {one}, where there is nothing to say", stated=said)
    return Discrepancy(place=place, message=f"the plan says {one}, {source} {other}", stated=said, recomputed=found)


def _shown(key: str, value: Any) -> str:
    if value is NOTHING:
        return "nothing"
    if key in MONEY and isinstance(value, float):
        return f"{value:.2f}"
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"


def count_leaves(value: Any) -> int:
    """Return how many figures and statements a JSON value holds."""
    if isinstance(value, dict):
        return sum(map(count_leaves, value.values()))
    return sum(map(count_leaves, value)) if isinstance(value, list) else 1
