"""What a check of a plan found, as JSON: `microopt.verification/1`."""

from __future__ import annotations

from typing import Any, Literal

from msgspec import Struct

from microopt.plan.verification_result import Verification

SCHEMA: Literal["microopt.verification/1"] = "microopt.verification/1"


class StatementDocument(Struct, frozen=True, kw_only=True):
    """Something that a plan says and that is not so."""

    place: str
    message: str
    said: Any
    found: Any


class VerificationDocument(Struct, frozen=True, kw_only=True):
    """What a check of a plan found.

    Attributes
    ----------
    within
        How far the plan may be from the best possible by its prices alone, as a share of their bound.
    """

    schema: Literal["microopt.verification/1"]
    plan: str
    roster: str
    holds: bool
    false: StatementDocument | None
    further: int
    sealed: bool
    fix: str
    figures: int
    rules: int
    budget: bool
    within: float | None
    shown: list[str]
    rests_on: list[str]
    solver: str


def verification_document(found: Verification) -> VerificationDocument:
    """Return what a check found as its document."""
    false = found.false
    return VerificationDocument(
        schema=SCHEMA,
        plan=found.plan,
        roster=found.roster,
        holds=found.holds,
        false=None
        if false is None
        else StatementDocument(place=false.place, message=false.message, said=false.said, found=false.found),
        further=found.further,
        sealed=found.sealed,
        fix=found.fix,
        figures=found.figures,
        rules=found.rules,
        budget=found.budget,
        within=found.within,
        shown=list(found.shown),
        rests_on=list(found.rests_on),
        solver=found.solver,
    )
