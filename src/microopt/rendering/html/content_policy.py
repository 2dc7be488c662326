"""What keeps a page harmless: a policy that lets nothing load and only its own code run, and data that is no markup."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from markupsafe import Markup

_MARKUP = str.maketrans({character: f"\\u{ord(character):04x}" for character in "<>&"})


def content_policy(style: str, scripts: Sequence[str]) -> str:
    """Return the content security policy of a page: nothing is loaded, and only these scripts and this style apply."""
    script_hashes = " ".join(map(_source_hash, scripts))
    sources = f"script-src {script_hashes}; style-src {_source_hash(style)}; img-src data:"
    return f"default-src 'none'; {sources}; base-uri 'none'; form-action 'none'"


def script_data(value: Mapping[str, Any]) -> Markup:
    """Return JSON for a script element, which no text in it can close."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":")).translate(_MARKUP)
    return Markup(text)  # noqa: S704 (the three characters that mean anything in HTML are escaped)


def _source_hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
