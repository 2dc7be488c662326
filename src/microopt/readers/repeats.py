"""The same offer twice: dropped with a note where equal to the letter, a fault where the two differ."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from microopt.errors import Fault
from microopt.readers.reading import Reading
from microopt.readers.words import identities
from microopt.roster import Roster


def without_repeats(reading: Reading, roster: Roster) -> Roster:
    """Drop rows that repeat an offer (creator, platform, offer); note those that give it other figures."""
    keys = [
        roster.creator_id,
        *(identities(roster.texts[name]) for name in ("platform", "offer") if name in roster.texts),
    ]
    frame = pd.DataFrame(dict(enumerate(keys)))
    repeated = frame.duplicated(keep=False).to_numpy()
    if not repeated.any():
        return roster
    first: dict[tuple[int, ...], int] = {}
    dropped = []
    for row in np.flatnonzero(repeated).tolist():
        seen = first.setdefault(tuple(int(key[row]) for key in keys), row)
        if seen == row:
            continue
        if _same(roster, row, seen):
            dropped.append(row)
        else:
            _two_offers(reading, roster, row, seen)
    if dropped:
        reading.notes.append(f"{len(dropped):,} rows repeat an earlier row and were dropped")
    return roster.take(np.setdiff1d(np.arange(len(roster)), np.asarray(dropped, dtype=np.intp)))


def _two_offers(reading: Reading, roster: Roster, row: int, first: int) -> None:
    name = roster.texts["creator"][row]
    what = " ".join(filter(None, (roster.text("platform", row), roster.text("offer", row)))) or "offer"
    message = f"{name} {what} stands already in row {roster.row[first]}, with other figures"
    fix = "keep one of the two, or give them different names in a column offer"
    line, column = int(roster.row[row]), reading.header("creator")
    reading.faults.add(Fault(code="offer-twice", message=message, fix=fix, row=line, column=column, value=name))


def _same(roster: Roster, one: int, other: int) -> bool:
    if roster.fee[one] != roster.fee[other]:
        return False
    texts_equal = all(column[one].casefold() == column[other].casefold() for column in roster.texts.values())
    return texts_equal and all(_equal(column, one, other) for column in roster.numbers.values())


def _equal(column: NDArray[np.float64], one: int, other: int) -> bool:
    return bool(column[one] == column[other]) or bool(np.isnan(column[one]) and np.isnan(column[other]))
