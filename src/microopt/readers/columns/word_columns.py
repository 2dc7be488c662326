"""Check columns with a limited vocabulary: `pay`, flags such as `features_minor`, `max_units` and `volume_discount`."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from microopt.readers.columns.text import to_text_column
from microopt.readers.context import ReadContext
from microopt.roster.pay_types import FEELESS_TYPES, PAY_TYPE_NAMES, UNKNOWN_PAY, parse_pay_types
from microopt.roster.roster import NO_WORDS, YES_WORDS, TextColumn
from microopt.roster.volume_packages import MAX_UNITS, invalid_discounts, invalid_units


def find_feeless(context: ReadContext) -> NDArray[np.bool_]:
    """Return which rows need no fee because they are gifted or paid by commission; note unknown pay types."""
    if "pay" not in context.columns:
        return np.zeros(len(context.table.row), dtype=bool)
    pay = parse_pay_types(to_text_column(context.raw("pay"), placeholders=True))
    fix = f"write one of {', '.join(names[0] for names in PAY_TYPE_NAMES.values())}"
    context.fault_cells("pay", pay == UNKNOWN_PAY, "pay-unknown", "{value} is no way to be paid", fix)
    return np.isin(pay, FEELESS_TYPES)


def check_flag(context: ReadContext, name: str, column: TextColumn | None) -> None:
    """Note cells of a flag that are neither yes nor no."""
    if column is not None:
        is_known = column.contains_any({*YES_WORDS, *NO_WORDS, ""})
        message = "{value} is neither yes nor no"
        context.fault_cells(name, ~is_known, "flag-unknown", message, "write yes or no, or leave the cell empty")


def check_volume(context: ReadContext, units: NDArray[np.float64] | None, discounts: TextColumn | None) -> None:
    """Note invalid numbers of units and invalid discounts."""
    if units is not None:
        message, fix = "{value} is no number of units", f"write a whole number from 1 to {MAX_UNITS}"
        context.fault_cells("max_units", invalid_units(units), "units-range", message, fix)
    if discounts is not None:
        message = "the volume discount {value} cannot be read"
        fix = "write rising steps like 2:10%; 5:20% (from 2 units on 10% off, from 5 on 20%)"
        context.fault_cells("volume_discount", invalid_discounts(discounts), "discount-steps", message, fix)
