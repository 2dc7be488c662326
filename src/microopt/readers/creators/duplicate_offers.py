"""Rows that repeat an offer: dropped if nothing differs, joined if the niche does, a fault if something else does."""

from __future__ import annotations

import numpy as np
import pandas as pd
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.errors import Fault
from microopt.readers.cells.text import to_identity_codes
from microopt.readers.context import ReadContext
from microopt.readers.creators.row_labels import labels_rows
from microopt.readers.words.vocabulary import ROSTER
from microopt.roster.roster import Roster, RowRemark, TextColumn

Rows = NDArray[np.intp]
KEYS = ("creator", "platform", "offer")
IDENTITIES = ("url", "email")


def drop_duplicate_offers(context: ReadContext, roster: Roster) -> Roster:
    """Drop rows that repeat an offer (creator, platform, offer); note those with other figures than the first.

    Running numbers and time stamps make no difference. A row that is the same under another niche gives its niches to
    the first. Rows that are skipped for another fault, and rows without a name, are not compared.
    """
    rows = np.arange(len(roster))
    if context.options.skip_bad_rows and context.faults.bad_rows:
        rows = np.flatnonzero(~np.isin(roster.row, list(context.faults.bad_rows)))
    later, first = _without_nameless(roster, *_find_duplicates(roster, rows))
    if not len(later):
        return roster
    differing = np.asarray(_differing_columns(context, roster, later, first), dtype=object)
    is_equal, other_niche = differing == "", differing == "niche"
    is_fault = ~(is_equal | other_niche)
    _fault_offers(context, roster, later[is_fault], first[is_fault], list(differing[is_fault]))
    if other_niche.any():
        roster = _join_niches(context, roster, later[other_niche], first[other_niche])
    dropped = later[~is_fault]
    remaining = np.setdiff1d(np.arange(len(roster)), dropped)
    # A row of the file may have several prices, some of which remain.
    gone = np.setdiff1d(roster.row[later[is_equal]], roster.row[remaining])
    if len(gone):
        note_dropped_rows(context, len(gone))
        context.left_out.append(RowRemark(code="offer-twice", rows=gone, text="repeats an earlier row"))
    return roster.take(remaining)


def _without_nameless(roster: Roster, later: Rows, first: Rows) -> tuple[Rows, Rows]:
    names = roster.texts["creator"]
    is_named = np.asarray([bool(names[row].strip()) for row in later.tolist()], dtype=np.bool_)
    return later[is_named], first[is_named]


def _join_niches(context: ReadContext, roster: Roster, later: Rows, first: Rows) -> Roster:
    """Return the roster with the niches of later rows given to the first row of the same offer."""
    column = roster.texts["niche"]
    labels, codes = list(column.labels), column.codes.copy()
    values = [column.label_values(code) for code in range(len(labels))]
    for row, kept in zip(later.tolist(), first.tolist(), strict=True):
        joined = tuple(filter(None, dict.fromkeys((*values[codes[kept]], *values[column.codes[row]]))))
        codes[kept] = len(labels)
        labels.append("|".join(joined))
        values.append(joined)
    count = len(np.unique(roster.row[later]))
    subject = "1 row lists an earlier offer" if count == 1 else f"{count:,} rows list earlier offers"
    context.notes.append(f"{subject} under another niche: the niches were joined")
    text = "lists an earlier offer under another niche"
    context.left_out.append(RowRemark(code="niche-joined", rows=np.unique(roster.row[later]), text=text))
    joined_column = TextColumn(codes=codes, labels=tuple(labels), values=tuple(values))
    return replace(roster, texts={**roster.texts, "niche": joined_column})


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


def _differing_columns(context: ReadContext, roster: Roster, later: Rows, first: Rows) -> list[str]:
    """Return a column of data in which each pair of rows differs, the niche last, or an empty text.

    Links and addresses say who a creator is, which is known already; text in a column of figures is not used.
    """
    not_used = {context.table.headers[position].strip() for position in context.unused}
    names = np.full(len(later), "", dtype=object)
    names[roster.fee[later] != roster.fee[first]] = "fee"
    for name, numbers in roster.numbers.items():
        left, right = numbers[later], numbers[first]
        _add_name(names, name, (left != right) & ~(np.isnan(left) & np.isnan(right)), roster)
    others = [name for name in roster.texts if name not in {*KEYS, *IDENTITIES, *not_used, *roster.numbers}]
    for name in sorted(others, key=lambda name: name == "niche"):
        _add_name(names, name, _texts_differ(roster.texts[name], later, first), roster)
    return list(names)


def _add_name(names: NDArray[np.object_], name: str, differ: NDArray[np.bool_], roster: Roster) -> None:
    """Note the pairs of rows that differ in a column and in no earlier one; columns that label rows are not data."""
    is_new = differ & (names == "")
    if is_new.any() and (name in ROSTER.kinds or not labels_rows(roster, name)):
        names[is_new] = name


def _texts_differ(column: TextColumn, left: Rows, right: Rows) -> NDArray[np.bool_]:
    differ: NDArray[np.bool_] = column.codes[left] != column.codes[right]
    for pair in np.flatnonzero(differ).tolist():
        texts = {column[int(rows[pair])].strip().casefold() for rows in (left, right)}
        differ[pair] = len(texts) > 1
    return differ


def _fault_offers(context: ReadContext, roster: Roster, later: Rows, first: Rows, differing: list[str]) -> None:
    sheet_rows = roster.row[later].tolist()
    fix = "keep one of the rows, or give them different names in a column 'offer'"

    def make_fault(pair: int) -> Fault:
        row = int(later[pair])
        name = roster.texts["creator"][row]
        what = " ".join(filter(None, (name.strip(), roster.text("platform", row), roster.text("offer", row))))
        message = f"{what} is already in row {roster.row[first[pair]]}, with different "
        message += context.header(differing[pair])
        column = context.header("creator")
        return Fault(code="offer-twice", message=message, fix=fix, row=sheet_rows[pair], column=column, value=name)

    context.faults.add_rows(sheet_rows, make_fault)
