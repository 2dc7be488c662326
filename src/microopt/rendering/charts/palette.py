"""The palette of pages and charts, one for light and for dark paper.

Every color has a contrast of at least 3:1 against both papers and their cards, and those of one chart stay apart for
readers who do not tell red, green or blue apart. Tiers have shapes too, so that no reader depends on color alone.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

BLUE, ORANGE, GREEN = "#3567c8", "#c26a00", "#1f9d6b"
MEASURES = (BLUE, ORANGE, GREEN)  # spend, engagements, conversions
MARKS = {  # by tier name: no color of a measure is among them
    "nano": ("#2397dd", "circle"),
    "micro": ("#7159c5", "square"),
    "mid": ("#d9568c", "triangle-up"),
    "macro": ("#a5552e", "diamond"),
    "mega": ("#96861c", "cross"),
}
OTHER_MARKS = (("#0f8f9c", "triangle-down"), ("#7d8a94", "triangle-right"), *MARKS.values())
# "system-ui" and the others are the reader's own; Arial and Liberation Sans are what a server draws a PNG with.
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, 'Liberation Sans', sans-serif"


class Ink(Struct, frozen=True, kw_only=True):
    """Colors of all that is not data: page, cards, text, secondary text, lines, and links."""

    paper: str
    card: str
    text: str
    soft: str
    line: str
    accent: str


LIGHT = Ink(paper="#ffffff", card="#f6f8fa", text="#1b1f24", soft="#57606a", line="#dfe4ea", accent="#005a8e")
DARK = Ink(paper="#12161b", card="#1b2128", text="#e8ebef", soft="#a9b3be", line="#363f49", accent="#7cc4ef")


def tier_color(name: str, tiers: Sequence[str] = ()) -> str:
    """Return the color of a tier, the same wherever its name stands.

    Parameters
    ----------
    tiers
        All tiers that are shown; those with names of their own have colors by their order among them.
    """
    return _tier_mark(name, tiers)[0]


def tier_shape(name: str, tiers: Sequence[str] = ()) -> str:
    """Return the shape of a tier; the parameters are those of `tier_color`."""
    return _tier_mark(name, tiers)[1]


def _tier_mark(name: str, tiers: Sequence[str]) -> tuple[str, str]:
    known = MARKS.get(name.casefold())
    if known is not None:
        return known
    shown = {tier.casefold() for tier in tiers}
    free = [mark for mark in OTHER_MARKS if mark not in [MARKS[tier] for tier in shown & MARKS.keys()]]
    others = list(dict.fromkeys(tier for tier in tiers if tier.casefold() not in MARKS))
    place = others.index(name) if name in others else 0
    return free[place % len(free)]
