"""Why there is no plan, as JSON: `microopt.plan/1` with a status of `infeasible` or `unknown`."""

from __future__ import annotations

from importlib.metadata import version
from typing import Literal

from msgspec import Struct

from microopt.plan.campaign_document import CampaignDocument, campaign_document
from microopt.plan.document.plan import SCHEMA, RepairDocument, RosterDocument, repair_document, roster_document
from microopt.plan.plan import Diagnosis


class ReasonsDocument(Struct, frozen=True, kw_only=True):
    """Rules that cannot all be kept, what plain arithmetic shows, and what would help."""

    clash: list[str]
    irreducible: bool
    reasons: list[str]
    repairs: list[RepairDocument]


class DiagnosisSolverDocument(Struct, frozen=True, kw_only=True):
    """What a diagnosis rests on, and how long it took."""

    shown_by: str
    confirmed_by: str | None
    unconfirmed: str | None
    seconds: float


class DiagnosisDocument(Struct, frozen=True, kw_only=True):
    """Why there is no plan."""

    schema: Literal["microopt.plan/1"]
    microopt: str
    status: Literal["infeasible", "unknown"]
    campaign: CampaignDocument
    roster: RosterDocument
    diagnosis: ReasonsDocument
    limit: str | None
    warnings: list[str]
    solver: DiagnosisSolverDocument


def diagnosis_document(diagnosis: Diagnosis) -> DiagnosisDocument:
    """Return the diagnosis as its document."""
    return DiagnosisDocument(
        schema=SCHEMA,
        microopt=version("microopt"),
        status="infeasible" if diagnosis.status == "infeasible" else "unknown",
        campaign=campaign_document(diagnosis.campaign, diagnosis.roster.currency),
        roster=roster_document(diagnosis.roster),
        diagnosis=ReasonsDocument(
            clash=list(diagnosis.clash),
            irreducible=diagnosis.irreducible,
            reasons=list(diagnosis.reasons),
            repairs=[repair_document(repair) for repair in diagnosis.repairs],
        ),
        limit=diagnosis.limit,
        warnings=list(diagnosis.warnings),
        solver=DiagnosisSolverDocument(
            shown_by=diagnosis.shown_by,
            confirmed_by=diagnosis.confirmed_by or None,
            unconfirmed=diagnosis.unconfirmed or None,
            seconds=round(diagnosis.seconds, 3),
        ),
    )
