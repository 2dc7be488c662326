"""The palette of pages and charts: Okabe and Ito's, which color-blind readers can tell apart, on light and on dark."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

BLUE, ORANGE, GREEN, VERMILION, SKY, PURPLE, YELLOW = (
    "#0072B2",
    "#E69F00",
    "#009E73",
    "#D55E00",
    "#56B4E9",
    "#CC79A7",
    "#F0E442",
)
MEASURES = (BLUE, ORANGE, GREEN)
TIERS = (BLUE, ORANGE, GREEN, PURPLE, VERMILION, SKY, YELLOW)
SHAPES = ("circle", "square", "triangle-up", "diamond", "cross", "triangle-down", "triangle-right")
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"


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


def tier_colors(tiers: Sequence[str]) -> list[str]:
    """Return a color for each tier, the largest tier first; beyond seven tiers, colors repeat."""
    return [TIERS[number % len(TIERS)] for number in range(len(tiers))]


def tier_shapes(tiers: Sequence[str]) -> list[str]:
    """Return a shape for each tier, so that no reader depends on color alone."""
    return [SHAPES[number % len(SHAPES)] for number in range(len(tiers))]
