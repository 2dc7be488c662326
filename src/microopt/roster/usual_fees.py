"""What the usual fees of a roster rest on: its own prices, or public figures."""

from __future__ import annotations

from msgspec import Struct

OWN_PRICES = "list"
PUBLIC_FIGURES = "industry"
FEWEST_CREATORS = 15  # with a price, from which on the prices of a roster tell what is usual


class UsualFees(Struct, frozen=True, kw_only=True):
    """What the usual fees rest on, and how far fees are from them.

    Attributes
    ----------
    source
        `list` if they come from the prices of the roster itself, `industry` if from public figures.
    creators
        How many creators of the roster have a price.
    low, high
        A fee is expected to be from `low` to `high` times the usual one (P10 to P90).
    level
        How many times the usual fee the priced offers typically cost (their median), 0 if that is unknown.
    high_above
        A fee of more than so many times the usual one is well above it.
    """

    source: str
    creators: int
    low: float
    high: float
    level: float = 0.0
    high_above: float = 2.0

    @property
    def from_list(self) -> bool:
        """Whether they come from the prices of the roster itself."""
        return self.source == OWN_PRICES
