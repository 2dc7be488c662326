"""Every JSON object of microopt, by one writer: the struct is the object, under its schema and version."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from microopt.errors import MicrooptError, error_report
from microopt.plan.codec import json_object
from microopt.plan.plan import Plan
from microopt.plan.seal import sealed_object
from microopt.quantities.invisible import UNSHOWN
from microopt.quantities.json_bytes import indented_json

# What JSON may hold as it is, and a terminal, an editor or a log of GitHub Actions would act upon.
_ACTIVE = re.compile(rf"[\x7f-\x9f\u2028\u2029\u200c\u200d{UNSHOWN.pattern[1:-1]}]")
_INSTRUCTION = b"##["


def object_json(value: Struct | MicrooptError) -> str:
    """Return an object as JSON text, a plan sealed; money in the currency's unit, shares as fractions."""
    return object_bytes(value).decode()


def object_bytes(value: Struct | MicrooptError) -> bytes:
    """Return what `object_json` does in UTF-8: for a file, text of tens of megabytes need not be made."""
    if isinstance(value, Plan):
        return _json_bytes(sealed_object(value))
    return _json_bytes(json_object(error_report(value) if isinstance(value, MicrooptError) else value))


def json_text(value: Mapping[str, Any]) -> str:
    """Return a JSON object as text.

    Control, zero-width and bidirectional characters are escaped: the values are the same, and nothing is hidden.
    """
    return _json_bytes(value).decode()


def _json_bytes(value: Mapping[str, Any]) -> bytes:
    return b"".join((*indented_json(value, _without_active_characters), b"\n"))


def _without_active_characters(encoded: bytes) -> bytes:
    if _INSTRUCTION in encoded:
        encoded = encoded.replace(_INSTRUCTION, rb"##\u005b")
    if encoded.isascii() and b"\x7f" not in encoded:
        return encoded
    return _ACTIVE.sub(_escape, encoded.decode()).encode()


def _escape(match: re.Match[str]) -> str:
    mark = match[0]
    return f"\\u{ord(mark):04x}" if mark.isascii() else json.dumps(mark)[1:-1]
