"""The JSON Schemas of what microopt writes, and of the campaign file that it reads."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import msgspec

from microopt.plan.document.diagnosis import DiagnosisDocument
from microopt.plan.document.plan import PlanDocument
from microopt.plan.document.verification import VerificationDocument
from microopt.quantities.error import ErrorDocument
from microopt.readers.campaign_file import CampaignFile

DIALECT = "https://json-schema.org/draft/2020-12/schema"
SCHEMAS: Mapping[str, type[msgspec.Struct]] = {
    "plan": PlanDocument,
    "diagnosis": DiagnosisDocument,
    "error": ErrorDocument,
    "verification": VerificationDocument,
    "campaign": CampaignFile,
}
CLOSED = {"CampaignFile", "AudienceTable"}  # unknown keys of a campaign file are errors; objects that are written grow


def schema(name: str) -> dict[str, Any]:
    """Return the JSON Schema of one of `SCHEMAS`.

    Objects that microopt writes may gain keys within a version, so that others than those named are allowed in them;
    in a campaign file they are not.
    """
    (reference,), parts = msgspec.json.schema_components([SCHEMAS[name]], ref_template="#/$defs/{name}")
    for part, told in parts.items():
        if part in CLOSED:
            told["additionalProperties"] = False
    return {"$schema": DIALECT, "title": f"microopt {name}", **reference, "$defs": parts}


def schema_text(name: str) -> str:
    """Return a JSON Schema as text."""
    return json.dumps(schema(name), indent=2, ensure_ascii=False) + "\n"
