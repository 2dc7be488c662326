"""From when and until when creators are available, as dates; see `microopt.roster.waves` for what follows from them."""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray

from microopt.readers.context import ReadContext
from microopt.readers.dates import parse_distinct_dates
from microopt.roster.roster import TextColumn
from microopt.roster.waves import AVAILABLE_FROM, AVAILABLE_TO

FIX = "write the earlier day under available_from, or leave a cell empty where it is open"


def read_availability(context: ReadContext) -> dict[str, TextColumn]:
    """Return the columns of days from and until which creators are available, as ISO dates; an empty cell is open.

    Cells that are no dates, and rows that end before they begin, are faults.
    """
    found = {
        name: parse_distinct_dates(context, name) for name in (AVAILABLE_FROM, AVAILABLE_TO) if name in context.columns
    }
    if len(found) == 2:
        first, last = (
            np.asarray([day.toordinal() if day else unknown.toordinal() for day in days])[codes]
            for (codes, days), unknown in zip(found.values(), (date.min, date.max), strict=True)
        )
        message = "{value} is before the day from which the creator is available"
        context.fault_cells(AVAILABLE_TO, last < first, "available-reversed", message, FIX)
    return {name: _iso_column(codes, days) for name, (codes, days) in found.items()}


def _iso_column(codes: NDArray[np.int32], days: list[date | None]) -> TextColumn:
    labels = ["" if day is None else day.isoformat() for day in days]
    places = {label: place for place, label in enumerate(dict.fromkeys(labels))}
    numbers = np.asarray([places[label] for label in labels], dtype=np.int32)
    return TextColumn(codes=numbers[codes], labels=tuple(places))
