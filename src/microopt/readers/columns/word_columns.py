"""Columns of a few known words: `pay`, how each creator is paid, and `features_minor`, a flag."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from microopt.readers.columns.text import text_column
from microopt.readers.context import ReadContext
from microopt.roster.pay_types import FEELESS, NAMES, UNKNOWN, pay_types
from microopt.roster.roster import NO, YES, TextColumn


def feeless(reading: ReadContext) -> NDArray[np.bool_]:
    """Return which rows need no fee, being gifted or paid by commission; note words that are no pay type."""
    if "pay" not in reading.columns:
        return np.zeros(len(reading.table.row), dtype=bool)
    pay = pay_types(text_column(reading.raw("pay"), placeholders=True))
    fix = f"write one of {', '.join(names[0] for names in NAMES.values())}"
    reading.fault_cells("pay", pay == UNKNOWN, "pay-unknown", "{value} is no way to be paid", fix)
    return np.isin(pay, FEELESS)


def check_flag(reading: ReadContext, name: str, column: TextColumn | None) -> None:
    """Note words of a flag that are neither yes nor no."""
    if column is not None:
        known = column.holds({*YES, *NO, ""})
        message = "{value} is neither yes nor no"
        reading.fault_cells(name, ~known, "flag-unknown", message, "write yes or no, or leave the cell empty")
