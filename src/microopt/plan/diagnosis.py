"""Diagnosis: why there is no plan, and what would make one possible."""

from __future__ import annotations

from typing import Annotated, ClassVar

from msgspec import Struct

from microopt.campaign.campaign import Campaign
from microopt.plan.plan import Repair, RosterFacts
from microopt.quantities.units import Keys, Seconds


class Diagnosis(Struct, frozen=True, kw_only=True):
    """Why there is no plan.

    Attributes
    ----------
    status
        `infeasible`, or `unknown` where a limit came before any plan.
    clash
        Labels of rules that cannot all be kept.
    irreducible
        Whether each of them was shown to be needed: without it the others can be kept.
    repairs
        Up to three, the cheapest first: what to change so that there is a plan.
    reasons
        What plain arithmetic shows, in sentences.
    limit
        What cut the solve short, or None.
    confirmed_by, unconfirmed
        As in `Proof`.
    """

    status: str
    campaign: Campaign
    roster: RosterFacts
    clash: tuple[str, ...] = ()
    irreducible: bool = False
    repairs: tuple[Repair, ...] = ()
    reasons: tuple[str, ...] = ()
    limit: str | None = None
    proven_by: str = ""
    seconds: Seconds = 0.0
    warnings: tuple[str, ...] = ()
    confirmed_by: str = ""
    unconfirmed: str = ""

    schema_name: ClassVar[str] = "diagnosis"


DiagnosisResult = Annotated[Diagnosis, Keys(("status", "limit", "clash", "reasons"))]
