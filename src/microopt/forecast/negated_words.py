"""The parts of a brief that say whom a product is not for, whose words count for no niche: `not for gamers`."""

from __future__ import annotations

import re

_NOT = r"not|no|without|never|nicht|kein(?:e[nrms]?)?|ohne|sans|pas|sin|[^\W\d_]+n['’]t"
_UNLESS = r"only|just|nur"  # "not only for beauty fans" names whom it is for
_LINKS = r"for|with|für|mit|pour|avec|para|con"
_BUT = r"but|aber|sondern|mais|sino"
# A part ends at punctuation, a dash, a blank line or a new item of a list, and where another link begins.
_END = rf"[.,;:!?()|•]|\s[-–—]\s|\n[ \t]*(?:\n|[-*•–])|\s(?:{_BUT}|{_LINKS})\b"
_PART = rf"(?<![\w-])(?:{_NOT})(?![\w-])(?!\s+(?:{_UNLESS})\b)(?:\s+(?:{_LINKS})\b)?(?:(?!{_END}).)*"


def split_negated(brief: str) -> tuple[str, tuple[str, ...]]:
    """Return a brief without the parts that say whom or what it is not for, and these parts, each once.

    >>> split_negated("A serum for beauty lovers, not for gamers, no tech")
    ('A serum for beauty lovers, , ', ('not for gamers', 'no tech'))
    """
    parts: list[str] = []

    def leave_out(match: re.Match[str]) -> str:
        parts.append(" ".join(match[0].split()))
        return ""

    rest = re.sub(_PART, leave_out, brief, flags=re.IGNORECASE | re.DOTALL)
    return rest, tuple(dict.fromkeys(parts))
