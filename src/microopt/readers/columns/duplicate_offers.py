"""Rows that repeat an offer: dropped with a note if nothing differs, a fault if something does."""

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


def drop_duplicate_offers(context: ReadContext, roster: Roster) -> Roster:
    """Drop rows that repeat an offer (creator, platform, offer); note those with other figures than the first.

    Rows that are skipped for another fault are not compared.
    """
    rows = np.arange(len(roster))
    if context.options.skip_bad_rows and context.faults.bad_rows:
        rows = np.flatnonzero(~np.isin(roster.row, list(context.faults.bad_rows)))
    later, first = _find_duplicates(roster, rows)
    if not len(later):
        return roster
    differing = _differing_columns(roster, later, first)
    is_equal = np.asarray([not name for name in differing], dtype=np.bool_)
    _fault_offers(context, roster, later[~is_equal], first[~is_equal], [name for name in differing if name])
    dropped = later[is_equal]
    remaining = np.setdiff1d(np.arange(len(roster)), dropped)
    # A row of the file may have several prices, some of which remain.
    count = len(np.setdiff1d(roster.row[dropped], roster.row[remaining]))
    if count:
        note_dropped_rows(context, count)
    return roster.take(remaining)


def note_dropped_rows(context: ReadContext, count: int) -> None:
    """Note how many rows were dropped because they repeat earlier ones."""
    subject = "1 row repeats an earlier row and was" if count == 1 else f"{count:,} rows repeat earlier rows and were"
    context.notes.append(f"{subject} dropped")


def _find_duplicates(roster: Roster, rows: Rows) -> tuple[Rows, Rows]:
    """Return the rows that repeat the offer of an earlier row, and the first row of each such offer."""
    if int(roster.creator_id.max(initial=-1)) + 1 == len(roster):  # each row is a different creator
        return rows[:0], rows[:0]
    keys = [roster.creator_id, *(to_identity_codes(roster.texts[name]) for name in KEYS[1:] if name in roster.texts)]
    frame = pd.DataFrame({number: key[rows] for number, key in enumerate(keys)})
    repeated = np.flatnonzero(frame.duplicated(keep=False))
    if not len(repeated):
        return repeated, repeated
    groups = frame.iloc[repeated].groupby(list(frame.columns), sort=False).ngroup().to_numpy()
    first = np.empty(int(groups.max()) + 1, dtype=np.intp)
    first[groups[::-1]] = rows[repeated[::-1]]
    is_later = rows[repeated] != first[groups]
    return rows[repeated][is_later], first[groups][is_later]


def _differing_columns(roster: Roster, later: Rows, first: Rows) -> list[str]:
    """Return a column in which each pair of rows differs, or an empty text."""
    names = np.full(len(later), "", dtype=object)
    names[roster.fee[later] != roster.fee[first]] = "fee"
    for name, numbers in roster.numbers.items():
        left, right = numbers[later], numbers[first]
        names[(left != right) & ~(np.isnan(left) & np.isnan(right)) & (names == "")] = name
    for name, column in roster.texts.items():
        if name not in KEYS and name not in roster.numbers:
            names[_texts_differ(column, later, first) & (names == "")] = name
    return list(names)


def _texts_differ(column: TextColumn, left: Rows, right: Rows) -> NDArray[np.bool_]:
    differ: NDArray[np.bool_] = column.codes[left] != column.codes[right]
    for pair in np.flatnonzero(differ).tolist():
        texts = {column[int(rows[pair])].strip().casefold() for rows in (left, right)}
        differ[pair] = len(texts) > 1
    return differ


def _fault_offers(context: ReadContext, roster: Roster, later: Rows, first: Rows, differing: list[str]) -> None:
    sheet_rows = roster.row[later].tolist()
    fix = "keep one of the two, or give them different names in a column offer"

    def make_fault(pair: int) -> Fault:
        row = int(later[pair])
        name = roster.texts["creator"][row]
        what = " ".join(filter(None, (roster.text("platform", row), roster.text("offer", row)))) or "offer"
        message = f"{name} {what} stands already in row {roster.row[first[pair]]}, with another "
        message += context.header(differing[pair])
        column = context.header("creator")
        return Fault(code="offer-twice", message=message, fix=fix, row=sheet_rows[pair], column=column, value=name)

    context.faults.add_rows(sheet_rows, make_fault)
