"""Note what units with two meanings, `mil` and `B`, were taken to mean where that is only assumed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from microopt.quantities.parse_and_format import format_names
from microopt.readers.context import ReadContext
from microopt.readers.formats.raw_table import cell_text
from microopt.readers.numbers.numeric_text import NumberColumn


def record_assumed_units(context: ReadContext, name: str, parsed: NumberColumn, cells: pd.Series[Any]) -> None:
    """Remember a cell of a column with a unit whose meaning is only assumed."""
    if parsed.assumed_units is None:
        return
    row = int(np.argmax(parsed.assumed_units))
    cell = cell_text(cells, row).strip()[:30]
    context.assumed_units.setdefault(context.header(name), (cell, float(parsed.values[row])))


def note_assumed_units(context: ReadContext) -> None:
    """Note in one line for the file what the units with two meanings were taken for."""
    if context.assumed_units:
        cell, value = next(iter(context.assumed_units.values()))
        places = format_names([header[:30] for header in context.assumed_units], limit=4)
        context.notes.append(f"{cell} is read as {value:,.10g} ({places})")
