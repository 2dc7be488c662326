"""A plan, a diagnosis or an error as one JSON object (`microopt.plan/1`, `microopt.error/1`)."""

from __future__ import annotations

import json
from typing import Any

import msgspec

from microopt.campaign.campaign import Campaign
from microopt.errors import MicrooptError
from microopt.plan.campaign_document import campaign_document
from microopt.plan.document.diagnosis import diagnosis_document
from microopt.plan.document.plan import plan_document
from microopt.plan.plan import Diagnosis, Plan, RosterFacts
from microopt.quantities.error import error_document
from microopt.rendering.sanitize import utf8


def plan_json(plan: Plan) -> str:
    """Return the plan as JSON; money in the currency's unit, shares as fractions."""
    return text_of(plan_document(plan))


def diagnosis_json(diagnosis: Diagnosis) -> str:
    """Return the diagnosis as JSON."""
    return text_of(diagnosis_document(diagnosis))


def error_json(error: MicrooptError) -> str:
    """Return an error with all its faults as JSON."""
    return text_of(error_document(error))


def campaign_object(campaign: Campaign, roster: RosterFacts) -> dict[str, Any]:
    """Every setting that affects the result, defaults included."""
    document: dict[str, Any] = msgspec.to_builtins(campaign_document(campaign, roster.currency))
    del document["sha256"]  # which object it is of says so beside it
    return document


def text_of(document: msgspec.Struct) -> str:
    """Return a document as JSON text."""
    return utf8(json.dumps(msgspec.to_builtins(document), indent=2, ensure_ascii=False)) + "\n"
