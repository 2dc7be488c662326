"""Case: the offers that may enter a plan, with what is expected of them and what is asked."""

from __future__ import annotations

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from microopt.campaign import Campaign
from microopt.forecast import Forecast
from microopt.roster import Roster


class Case(Struct, frozen=True, kw_only=True, eq=False):
    """Roster, forecast and campaign of one question, row for row.

    Attributes
    ----------
    roster, forecast
        The offers that may enter, in canonical order.
    offers, creators
        How many there were before filters.
    filtered
        Creators that filters and exclusions left out.
    """

    roster: Roster
    forecast: Forecast
    campaign: Campaign
    offers: int
    creators: int
    filtered: int

    def __len__(self) -> int:
        return len(self.roster)

    def take(self, rows: NDArray[np.intp]) -> Case:
        """Return the case of these rows, counts unchanged."""
        return Case(
            roster=self.roster.take(rows), forecast=self.forecast.take(rows), campaign=self.campaign,
            offers=self.offers, creators=self.creators, filtered=self.filtered,
        )  # fmt: skip
