"""Plans of versions that did not have some keys yet: what such a plan does not say is no false statement.

A key that was added later has a value which says that nothing of its kind was asked for. Where a plan has no such key,
and that is what the check finds, the plan is true as it is. A plan that lacks a key for which another value is found
hides something, and is false.
"""

from __future__ import annotations

from typing import Any

from microopt.plan.seal import digest, seal_of, unverifiable_fields

ANY = object()  # what a key says follows from the roster alone, so that a plan without it hides nothing
# By the place of their object, in which * is any item of a list: the keys, and what they say if nothing was asked for.
LATER_KEYS: dict[str, dict[str, Any]] = {
    "": {"after_declines": None, "tail": None, "fallbacks": [], "spread": None, "by_wave": []},
    "campaign": {
        **dict.fromkeys(("worst_share", "declines", "calendar")),
        "scenarios": {"count": 200, "seed": 1},
        "fees": {},
    },
    "campaign.running": {"today": None, "first_waves": {}, "fallbacks": [], "open_offers": []},
    "campaign.running.contracts.*": {"asked": None, "wave": None},
    "campaign.running.results.*": {"wave": None},
    **{f"campaign.running.{place}.*.offers.*": {"wave": None} for place in ("open_offers", "fallbacks")},
    "fallbacks.*.substitutes.*.offers.*": {"wave": None},
    "repair.changes.*": {"wave": None},
    "proof": {"left_out": None},
    "replan": {"fallbacks": None, "moved": []},
    "picks.*": {
        "acceptance": ANY,
        **dict.fromkeys(("wave", "posting_date", "approval_date", "briefing_date")),
    },
    "rules.*": {"chance": None, "idle": False},
}


def as_stated(rebuilt: dict[str, Any], stated: dict[str, Any]) -> dict[str, Any]:
    """Return a recomputed plan without the later keys that the stated plan lacks, where nothing was asked for.

    Its claims and its seal are then those of the plan that is left.
    """
    reduced: dict[str, Any] = without_later_keys(rebuilt, stated, "")
    if reduced == rebuilt:
        return rebuilt
    reduced["claims"] = digest(unverifiable_fields(reduced))
    return {**reduced, "seal": seal_of(reduced)}


def without_later_keys(rebuilt: Any, stated: Any, place: str) -> Any:
    """Return the value at a place of a recomputed plan without later keys that the stated value lacks."""
    if isinstance(rebuilt, dict) and isinstance(stated, dict):
        later = LATER_KEYS.get(place, {})
        return {
            key: without_later_keys(value, stated.get(key), f"{place}.{key}" if place else key)
            for key, value in rebuilt.items()
            if key in stated or key not in later or later[key] not in (ANY, value)
        }
    if isinstance(rebuilt, list) and isinstance(stated, list) and len(rebuilt) == len(stated):
        inner = f"{place}.*"
        return [without_later_keys(*pair, inner) for pair in zip(rebuilt, stated, strict=True)]
    return rebuilt
