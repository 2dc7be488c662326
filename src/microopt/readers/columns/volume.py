"""Columns of offers that can be bought more than once: `max_units`, `volume_discount`."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from microopt.readers.context import ReadContext
from microopt.roster.roster import TextColumn
from microopt.roster.volume_packages import MOST_UNITS, wrong_steps, wrong_units


def check_volume(reading: ReadContext, units: NDArray[np.float64] | None, discounts: TextColumn | None) -> None:
    """Note numbers of units and discounts that cannot be used."""
    if units is not None:
        message, fix = "{value} is no number of units", f"write a whole number from 1 to {MOST_UNITS}"
        reading.fault_cells("max_units", wrong_units(units), "units-range", message, fix)
    if discounts is not None:
        message = "the volume discount {value} cannot be read"
        fix = "write rising steps like 2:10%; 5:20% (from 2 units on 10% off, from 5 on 20%)"
        reading.fault_cells("volume_discount", wrong_steps(discounts), "discount-steps", message, fix)
