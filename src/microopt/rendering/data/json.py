"""Every JSON object of microopt, by one writer: the struct is the object, under its schema and version."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from microopt.errors import MicrooptError, error_report
from microopt.plan.codec import json_object
from microopt.plan.plan import Plan
from microopt.plan.seal import seal_plan
from microopt.rendering.sanitize import valid_utf8


def object_json(value: Struct | MicrooptError) -> str:
    """Return an object as JSON text, a plan sealed; money in the currency's unit, shares as fractions."""
    if isinstance(value, Plan):
        return json_text(seal_plan(value).object)
    return json_text(json_object(error_report(value) if isinstance(value, MicrooptError) else value))


def json_text(value: Mapping[str, Any]) -> str:
    """Return a JSON object as text."""
    return valid_utf8(json.dumps(value, indent=2, ensure_ascii=False)) + "\n"
