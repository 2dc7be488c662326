"""The same offer twice: dropped with a note where nothing differs, a fault where something does."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from microopt.errors import Fault
from microopt.readers.columns.text import to_identity_codes
from microopt.readers.context import ReadContext
from microopt.roster.roster import Roster, TextColumn

Rows = NDArray[np.intp]
KEYS = ("creator", "platform", "offer")


def drop_duplicate_offers(reading: ReadContext, roster: Roster) -> Roster:
    """Drop rows that repeat an offer (creator, platform, offer); note those that give it other figures.

    Rows that are left out for another fault are no measure of the rest.
    """
    rows = np.arange(len(roster))
    if reading.options.skip_bad_rows and reading.faults.bad_rows:
        rows = np.flatnonzero(~np.isin(roster.row, list(reading.faults.bad_rows)))
    later, first = _repeats(roster, rows)
    if not len(later):
        return roster
    differing = _differing(roster, later, first)
    equal = np.asarray([not name for name in differing], dtype=np.bool_)
    _fault_offers(reading, roster, later[~equal], first[~equal], [name for name in differing if name])
    dropped = later[equal]
    left = np.setdiff1d(np.arange(len(roster)), dropped)
    count = len(np.setdiff1d(roster.row[dropped], roster.row[left]))  # a row may have other prices, which stay
    if count:
        note_dropped_rows(reading, count)
    return roster.take(left)


def note_dropped_rows(reading: ReadContext, count: int) -> None:
    """Note how many rows were dropped since they say nothing new."""
    told = "1 row repeats an earlier row and was" if count == 1 else f"{count:,} rows repeat earlier rows and were"
    reading.notes.append(f"{told} dropped")


def _repeats(roster: Roster, rows: Rows) -> tuple[Rows, Rows]:
    """Return the rows whose offer stands already in an earlier one, and for each the first of these."""
    if int(roster.creator_id.max(initial=-1)) + 1 == len(roster):  # each row is a creator of its own
        return rows[:0], rows[:0]
    keys = [roster.creator_id, *(to_identity_codes(roster.texts[name]) for name in KEYS[1:] if name in roster.texts)]
    frame = pd.DataFrame({number: key[rows] for number, key in enumerate(keys)})
    repeated = np.flatnonzero(frame.duplicated(keep=False))
    if not len(repeated):
        return repeated, repeated
    groups = frame.iloc[repeated].groupby(list(frame.columns), sort=False).ngroup().to_numpy()
    first = np.empty(int(groups.max()) + 1, dtype=np.intp)
    first[groups[::-1]] = rows[repeated[::-1]]
    later = rows[repeated] != first[groups]
    return rows[repeated][later], first[groups][later]


def _differing(roster: Roster, later: Rows, first: Rows) -> list[str]:
    """Return for each pair of rows a column in which they differ, or an empty text."""
    found = np.full(len(later), "", dtype=object)
    found[roster.fee[later] != roster.fee[first]] = "fee"
    for name, numbers in roster.numbers.items():
        one, other = numbers[later], numbers[first]
        found[(one != other) & ~(np.isnan(one) & np.isnan(other)) & (found == "")] = name
    for name, column in roster.texts.items():
        if name not in KEYS and name not in roster.numbers:
            found[_differ(column, later, first) & (found == "")] = name
    return list(found)


def _differ(column: TextColumn, one: Rows, other: Rows) -> NDArray[np.bool_]:
    differ: NDArray[np.bool_] = column.codes[one] != column.codes[other]
    for place in np.flatnonzero(differ).tolist():
        texts = (column[int(rows[place])].strip().casefold() for rows in (one, other))
        differ[place] = len({*texts}) > 1
    return differ


def _fault_offers(reading: ReadContext, roster: Roster, later: Rows, first: Rows, differing: list[str]) -> None:
    lines = roster.row[later].tolist()
    fix = "keep one of the two, or give them different names in a column offer"

    def fault(place: int) -> Fault:
        row = int(later[place])
        name = roster.texts["creator"][row]
        what = " ".join(filter(None, (roster.text("platform", row), roster.text("offer", row)))) or "offer"
        message = f"{name} {what} stands already in row {roster.row[first[place]]}, with another "
        message += reading.header(differing[place])
        column = reading.header("creator")
        return Fault(code="offer-twice", message=message, fix=fix, row=lines[place], column=column, value=name)

    reading.faults.add_rows(lines, fault)
