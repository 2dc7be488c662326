"""A column of dates: ISO, `02.11.2026`, or with slashes, where the column itself must tell day from month."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime

import numpy as np

from microopt.readers.columns.text import to_text_column
from microopt.readers.context import ReadContext

DAY_FIRST, MONTH_FIRST, DOTTED = "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y"
TIMES = ("", " %H:%M", " %H:%M:%S", " %I:%M %p", " %I:%M:%S %p")
FIX = "write it as 2026-11-02"


def parse_dates(reading: ReadContext, name: str) -> list[date | None]:
    """Read a column of dates, None where a cell is empty; note what is no date, and what may be either of two."""
    cells = to_text_column(reading.raw(name), placeholders=True)
    labels = [label.strip() for label in cells.labels]
    slashed = {label for label in labels if "/" in label}
    order, mixed = _order(slashed)
    if mixed:
        message = (
            f"column {reading.header(name)} writes the day first in {mixed[0]!r} and the month first in {mixed[1]!r}"
        )
        reading.fault_column(name, "date-ambiguous", message, FIX)
    days = [_day(label, order or DAY_FIRST) if label in slashed else _plain(label) for label in labels]
    unsure = [label in slashed and order is None and not mixed and _twofold(label) for label in labels]
    told = slashed if mixed else ()
    unread = [bool(label) and day is None and label not in told for label, day in zip(labels, days, strict=True)]
    message = "{value} may be day and month, or month and day: nothing in the column decides"
    reading.fault_cells(name, np.asarray(unsure, dtype=np.bool_)[cells.codes], "date-ambiguous", message, FIX)
    bad = np.asarray(unread, dtype=np.bool_)[cells.codes]
    reading.fault_cells(name, bad, "date-unreadable", "{value} is no date", FIX)
    return [days[code] for code in cells.codes.tolist()]


def _order(slashed: Iterable[str]) -> tuple[str | None, tuple[str, str] | None]:
    """Return which part the column writes first, or None, and two cells that contradict each other."""
    only: Mapping[str, list[str]] = {DAY_FIRST: [], MONTH_FIRST: []}
    for label in sorted(slashed):
        readings = [order for order in only if _day(label, order)]
        if len(readings) == 1:
            only[readings[0]].append(label)
    if all(only.values()):
        return None, (only[DAY_FIRST][0], only[MONTH_FIRST][0])
    return next((order for order, labels in only.items() if labels), None), None


def _twofold(label: str) -> bool:
    """Whether the two readings of a cell are two days: 02/02/2026 is one."""
    one, other = _day(label, DAY_FIRST), _day(label, MONTH_FIRST)
    return one is not None and other is not None and one != other


def _plain(label: str) -> date | None:
    try:
        return datetime.fromisoformat(label).date()
    except ValueError:
        return _day(label, DOTTED)


def _day(label: str, order: str) -> date | None:
    for time in TIMES:
        try:
            return datetime.strptime(label, order + time).date()
        except ValueError:
            continue
    return None
