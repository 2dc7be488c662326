"""How deep lists and tables are nested in each other: what no file of a user needs is refused before it is walked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

MAX_NESTING = 64  # levels; a plan has 7, a campaign file 3


def is_nested_too_deep(value: Any) -> bool:
    """Whether lists and tables of JSON or TOML are nested deeper than `MAX_NESTING`; it does not recurse itself."""
    level = [value]
    for _ in range(MAX_NESTING):
        level = [
            part
            for outer in level
            if isinstance(outer, list | Mapping)
            for part in (outer.values() if isinstance(outer, Mapping) else outer)
        ]
        if not level:
            return False
    return any(isinstance(part, list | Mapping) for part in level)
