"""Put the notes of a reading in the order in which they matter to a plan."""

from __future__ import annotations

import re

from microopt.readers.context import ReadContext

# Words of notes on what a creator costs; those on rows that are left out quote other words.
_COSTS = re.compile(r"\b(?:fees?|costs?|prices?|gifted|not counted)\b")


def order_notes(context: ReadContext) -> tuple[str, ...]:
    """Return the notes: which data was read, what it costs, what else was assumed, and the form of the file last."""
    of_file = {*context.table.doubts, *context.table.notes}
    others = [note for note in context.notes if note not in of_file]
    others.sort(key=lambda note: _COSTS.search(note) is None)
    return (*context.table.doubts, *others, *context.table.notes)
