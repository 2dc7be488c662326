"""The one palette of pages and charts: Okabe and Ito's, told apart by colour-blind readers, on light and on dark."""

from __future__ import annotations

from collections.abc import Sequence

BLUE, ORANGE, GREEN, VERMILION, SKY, PURPLE, YELLOW = (
    "#0072B2", "#E69F00", "#009E73", "#D55E00", "#56B4E9", "#CC79A7", "#F0E442",
)  # fmt: skip
MEASURES = (BLUE, ORANGE, GREEN)
TIERS = (BLUE, ORANGE, GREEN, PURPLE, VERMILION, SKY, YELLOW)
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"


def tier_colours(tiers: Sequence[str]) -> list[str]:
    """Return a colour for each tier, the largest tier first; of more than seven some share one."""
    return [TIERS[number % len(TIERS)] for number in range(len(tiers))]
