"""Values in double quotes, as rules and selectors have them."""

from __future__ import annotations

import re


def quote(value: str) -> str:
    """Quote a value if needed, so that parsing gives it back."""
    if re.fullmatch(r'[^\s:,&"\\]+', value):
        return value
    return quoted(value)


def quoted(value: str) -> str:
    """Return a value in double quotes."""
    return '"' + re.sub(r'(["\\])', r"\\\1", value) + '"'


def unquote(text: str) -> str:
    """Return the value of what stands between two quotes."""
    return re.sub(r"\\(.)", r"\1", text)
