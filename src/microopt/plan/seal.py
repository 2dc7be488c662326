"""One text for one JSON value, whatever the order of its keys; and what a seal and a digest are of."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

# What a check takes from the plan as it stands, beside part of the roster, the picks and the certificate.
TAKEN = (
    "microopt",
    "status",
    "campaign",
    "bound",
    "limit",
    "ideals",
    "ideal_bounds",
    "repair",
    "rule_prices",
    "solver",
    "previous",
    "replan",
)
OF_ROSTER = ("path", "sheet", "skip_bad_rows")
OF_PICK = ("creator", "offer", "units", "platform")
OF_CERTIFICATE = ("row_prices", "pool_prices")


def canonical(value: Any) -> bytes:
    """Return a JSON value with sorted keys, separators `,` and `:`, in UTF-8; half of a pair becomes `?`."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode("utf-8", "replace")


def digest(value: Any) -> str:
    """Return the SHA-256 of a JSON value."""
    return sha256(canonical(value)).hexdigest()


def seal_of(plan: Mapping[str, Any]) -> str:
    """Return the seal of a plan's object: the digest of all of it but its seal."""
    return digest({key: part for key, part in plan.items() if key != "seal"})


def unverifiable_fields(plan: Mapping[str, Any]) -> dict[str, Any]:
    """Return all that a check of a plan's object cannot recompute; everything else follows from it and the roster."""
    return {
        **{key: plan.get(key) for key in TAKEN},
        "roster": {key: plan["roster"][key] for key in OF_ROSTER},
        "picks": [{key: pick[key] for key in OF_PICK} for pick in plan["picks"]],
        "certificate": {key: plan["certificate"][key] for key in OF_CERTIFICATE},
    }
