"""A plan as a sealed JSON object: one text for one value, and digests that show whether it was altered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256
from operator import itemgetter
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from microopt.plan.codec import CODEC, json_object
from microopt.plan.earnings import Earnings, plan_earnings
from microopt.plan.pacing import Pacing, build_pacing
from microopt.plan.plan import Pick, Plan
from microopt.quantities.json_bytes import compact_json
from microopt.quantities.tables import Table, rows_of

# What a check takes from a plan unchecked, besides parts of its roster, picks and proof.
UNVERIFIABLE = ("microopt", "campaign", "campaign_sha256", "ideals", "repair", "rule_prices", "replan")
UNVERIFIABLE_OF_SOURCE = ("path", "sheet", "skip_bad_rows")
UNVERIFIABLE_OF_PICK = ("creator", "offer", "units", "platform")
UNVERIFIABLE_OF_DECLINES = ("share", "candidates", "means")
RECOMPUTED_OF_PROOF = ("gap", "objective", "price_bound", "program")


class PlanMetadata(Struct, frozen=True, kw_only=True):
    """The keys of a plan's JSON object that are not fields of the plan.

    Attributes
    ----------
    microopt
        The version of microopt that wrote it.
    pacing
        The progress of the campaign against its plan, null before it has begun.
    earnings
        The return on spend and where the plan breaks even, null if no order has a known value; absent in plans of
        versions that did not say.
    claims
        The digest of everything that cannot be recomputed (`unverifiable_fields`).
    seal
        The digest of the object without its seal.
    """

    schema: str
    microopt: str
    pacing: Pacing | None
    earnings: Earnings | None = None
    claims: str
    seal: str


class SealedPlan(Struct, frozen=True, kw_only=True):
    """A plan and its JSON object.

    Attributes
    ----------
    object
        Every key that its file has: those of the plan, and those of `PlanMetadata`.
    """

    plan: Plan
    object: dict[str, Any]

    @property
    def seal(self) -> str:
        """The seal that the object states."""
        return str(self.object["seal"])

    @property
    def microopt(self) -> str:
        """The version that made the plan."""
        return str(self.object["microopt"])

    @property
    def previous(self) -> str | None:
        """The seal of the plan that this one was made from, None for a first plan."""
        return None if self.plan.replan is None else self.plan.replan.previous

    @property
    def sealed(self) -> bool:
        """Whether the seal matches the object, which then was not altered after it was written."""
        return seal_of(self.object) == self.seal


def seal_plan(plan: Plan, *, microopt: str | None = None) -> SealedPlan:
    """Return a plan with its JSON object, sealed.

    Parameters
    ----------
    microopt
        The version that made it; this one by default.
    """
    value = sealed_object(plan, microopt=microopt)
    return SealedPlan(plan=plan, object={**value, "picks": value["picks"].rows()})


def sealed_object(plan: Plan, *, microopt: str | None = None) -> dict[str, Any]:
    """Return the object of a sealed plan with its picks as a `Table`, which is much faster to write."""
    value = json_object(replace(plan, picks=()), microopt=microopt)
    picks = CODEC.encode_column(plan.picks, Pick)
    assert isinstance(picks, Table)
    value["picks"] = picks
    value["pacing"] = CODEC.encode(build_pacing(plan), Pacing | None)
    value["earnings"] = CODEC.encode(plan_earnings(plan), Earnings | None)
    value["claims"] = digest(unverifiable_fields(value))
    return {**value, "seal": digest(value)}


def digest(value: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a JSON object with sorted keys, the separators `,` and `:`, in UTF-8."""
    hashed = sha256()
    for piece in compact_json(value, sort_keys=True):
        hashed.update(piece)
    return hashed.hexdigest()


def seal_of(plan: Mapping[str, Any]) -> str:
    """Return the seal of a plan's object: the digest of the object without its seal."""
    return digest({key: part for key, part in plan.items() if key != "seal"})


def unverifiable_fields(plan: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parts of a plan's object from which, with the roster, a check recomputes all others."""
    declines = plan.get("after_declines")
    chosen = {} if declines is None else {"after_declines": {key: declines[key] for key in UNVERIFIABLE_OF_DECLINES}}
    asked = {} if plan.get("spread") is None else {"spread": plan["spread"]}
    return {
        **{key: plan.get(key) for key in UNVERIFIABLE},
        **chosen,
        **asked,
        "source": {key: plan["roster"]["source"][key] for key in UNVERIFIABLE_OF_SOURCE},
        "picks": _unverifiable_picks(plan["picks"]),
        "proof": {key: part for key, part in plan["proof"].items() if key not in RECOMPUTED_OF_PROOF},
    }


def _unverifiable_picks(picks: Table | Sequence[Mapping[str, Any]]) -> Table | list[dict[str, Any]]:
    if isinstance(picks, Table):
        return picks.select(UNVERIFIABLE_OF_PICK)
    return rows_of({key: list(map(itemgetter(key), picks)) for key in UNVERIFIABLE_OF_PICK})
