"""Columns of a few known words: `pay`, how each creator is paid, and `features_minor`, a flag.

Columns of offers that can be bought more than once: `max_units`, `volume_discount`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from microopt.readers.columns.text import to_text_column
from microopt.readers.context import ReadContext
from microopt.roster.pay_types import FEELESS, NAMES, UNKNOWN, pay_types
from microopt.roster.roster import NO, YES, TextColumn
from microopt.roster.volume_packages import MOST_UNITS, wrong_steps, wrong_units


def find_feeless(reading: ReadContext) -> NDArray[np.bool_]:
    """Return which rows need no fee, being gifted or paid by commission; note words that are no pay type."""
    if "pay" not in reading.columns:
        return np.zeros(len(reading.table.row), dtype=bool)
    pay = pay_types(to_text_column(reading.raw("pay"), placeholders=True))
    fix = f"write one of {', '.join(names[0] for names in NAMES.values())}"
    reading.fault_cells("pay", pay == UNKNOWN, "pay-unknown", "{value} is no way to be paid", fix)
    return np.isin(pay, FEELESS)


def check_flag(reading: ReadContext, name: str, column: TextColumn | None) -> None:
    """Note words of a flag that are neither yes nor no."""
    if column is not None:
        known = column.holds({*YES, *NO, ""})
        message = "{value} is neither yes nor no"
        reading.fault_cells(name, ~known, "flag-unknown", message, "write yes or no, or leave the cell empty")


def check_volume(reading: ReadContext, units: NDArray[np.float64] | None, discounts: TextColumn | None) -> None:
    """Note numbers of units and discounts that cannot be used."""
    if units is not None:
        message, fix = "{value} is no number of units", f"write a whole number from 1 to {MOST_UNITS}"
        reading.fault_cells("max_units", wrong_units(units), "units-range", message, fix)
    if discounts is not None:
        message = "the volume discount {value} cannot be read"
        fix = "write rising steps like 2:10%; 5:20% (from 2 units on 10% off, from 5 on 20%)"
        reading.fault_cells("volume_discount", wrong_steps(discounts), "discount-steps", message, fix)
