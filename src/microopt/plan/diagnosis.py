"""Diagnosis: why no plan is possible, and which changes would make one possible."""

from __future__ import annotations

from typing import Annotated, ClassVar

from msgspec import Struct

from microopt.campaign.campaign import Campaign
from microopt.plan.chance import BestChance
from microopt.plan.left_out import LeftOut
from microopt.plan.plan import RosterFacts
from microopt.plan.repair import Repair
from microopt.quantities.units import Keys, Seconds

ARITHMETIC = "arithmetic"  # what proves a diagnosis that follows from sums alone


class Diagnosis(Struct, frozen=True, kw_only=True):
    """Why no plan was found.

    Attributes
    ----------
    status
        `infeasible`, or `unknown` if a limit ended the solve before a plan was found.
    clash
        Labels of rules that cannot all be kept.
    irreducible
        Whether it is proven that without any one of them the others can be kept.
    resolved_by_any
        Whether it is proven that without any one of them a plan with picks keeps all other rules of the campaign too,
        which may have a second conflict.
    repairs
        Up to three sets of changes that make a plan possible, the cheapest first.
    reasons
        Contradictions that follow from plain arithmetic, in sentences.
    best_chances
        The best chance of each rule in the clash that asks for more than any plan has.
    limit
        The limit that ended the solve early, or None.
    confirmed_by, unconfirmed
        As in `Proof`.
    left_out
        Where the rules conflict only among the schedules that were looked at: which these are; else None.
    declined
        The creators without whom a plan was sought, where it is asked what becomes of a plan if they decline.
    """

    status: str
    campaign: Campaign
    roster: RosterFacts
    clash: tuple[str, ...] = ()
    irreducible: bool = False
    resolved_by_any: bool = False
    repairs: tuple[Repair, ...] = ()
    reasons: tuple[str, ...] = ()
    best_chances: tuple[BestChance, ...] = ()
    limit: str | None = None
    proven_by: str = ""
    seconds: Seconds = 0.0
    warnings: tuple[str, ...] = ()
    confirmed_by: str = ""
    unconfirmed: str = ""
    left_out: LeftOut | None = None
    declined: tuple[str, ...] = ()

    schema_name: ClassVar[str] = "diagnosis"


DiagnosisResult = Annotated[Diagnosis, Keys(("status", "limit", "clash", "reasons"))]
