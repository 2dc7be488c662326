"""When each offer is posted, and the how manieth post of its creator that is."""

from __future__ import annotations

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray


class PostTiming(Struct, frozen=True, kw_only=True, eq=False):
    """The waves of offers, one entry per row of a roster.

    Attributes
    ----------
    wave
        (n,) position of the wave among those of the calendar, in order of time.
    contact
        (n,) the number of the post among those of its creator in the plan: 1 for the first. Of several units it is that
        of the first one.
    demand
        (n,) by what a wave multiplies conversions; 1 for an ordinary one.
    """

    wave: NDArray[np.int32]
    contact: NDArray[np.int32]
    demand: NDArray[np.float64]

    def take(self, rows: NDArray[np.intp] | slice) -> PostTiming:
        """Return the timing of these rows, in this order."""
        return replace(self, wave=self.wave[rows], contact=self.contact[rows], demand=self.demand[rows])
