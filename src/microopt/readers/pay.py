"""The column `pay`: how each creator is paid, and who therefore needs no fee."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from microopt.pay import FEELESS, NAMES, UNKNOWN, pay_types
from microopt.readers.reading import Reading
from microopt.roster import TextColumn


def feeless(reading: Reading, column: TextColumn | None) -> NDArray[np.bool_]:
    """Return which rows need no fee, being gifted or paid by commission; note words that are no pay type."""
    if column is None:
        return np.zeros(len(reading.table.row), dtype=bool)
    pay = pay_types(column)
    fix = f"write one of {', '.join(names[0] for names in NAMES.values())}"
    reading.fault_cells("pay", pay == UNKNOWN, "pay-unknown", "{value} is no way to be paid", fix)
    return np.isin(pay, FEELESS)
