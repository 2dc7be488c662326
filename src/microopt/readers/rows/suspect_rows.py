"""Find the rows of a list that may not be creators, so that only these are judged one by one.

A large file is looked at only where such rows are: at its end, where a name is missing, and at names that are nothing
but a word for a total.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from microopt.readers.cells.text import is_placeholder
from microopt.readers.context import ReadContext
from microopt.readers.formats.raw_table import factorize_cells, is_numeric, to_texts
from microopt.readers.words.row_words import TOTAL_SPELLINGS, words_of_totals
from microopt.readers.words.vocabulary import ColumnKind

ALL_ROWS = 20_000  # up to which every row is looked at
MANY_ROWS = 200_000  # from which the names of clean columns are not searched for words
LAST_ROWS = 50  # that are looked at in any file
MAX_SUSPECTS = 2_000  # from which rows that are plainly creators are sorted out first


def find_suspects(context: ReadContext) -> NDArray[np.intp]:
    """Return the positions of the rows to judge."""
    names, count = context.raw("creator"), len(context.table.row)
    mask = np.zeros(count, dtype=bool)
    mask[-LAST_ROWS:] = True
    if not is_numeric(names):
        mask |= np.asarray(names.array.isna(), dtype=bool)
    if count <= ALL_ROWS:
        mask |= _suspects_of_small_file(context)
    elif not is_numeric(names):
        mask |= _suspects_of_large_file(context)
    found = np.flatnonzero(mask)
    return found if len(found) <= MAX_SUSPECTS else found[_are_doubtful(context, found)]


def _suspects_of_small_file(context: ReadContext) -> NDArray[np.bool_]:
    """Return the rows with a word for a total in the name, without followers, or before a blank row."""
    names = [name.casefold() for name in to_texts(context.raw("creator"))]
    mask = np.asarray([not name or name.isspace() for name in names], dtype=bool)
    mask |= _contain_word(names)
    mask[:-1] |= np.diff(context.table.row) != 1
    if "followers" in context.columns:
        followers = context.raw("followers")
        if is_numeric(followers):
            return mask | followers.isna().to_numpy(dtype=bool)
        mask |= [not any(map(str.isdigit, cell)) for cell in to_texts(followers)]
    return mask


def _suspects_of_large_file(context: ReadContext) -> NDArray[np.bool_]:
    """Return the rows with the largest figures, those called like a total, and repeated headers."""
    names, count = context.raw("creator"), len(context.table.row)
    figures = [context.raw(name) for name in context.columns if context.kind(name) is not ColumnKind.TEXT]
    numeric = [column for column in figures if is_numeric(column)]
    mask = np.zeros(count, dtype=bool)
    for column in numeric[:2]:
        if column.notna().any():
            mask[int(np.nanargmax(column.to_numpy()))] = True
    if not numeric:
        mask |= (names == context.table.headers[context.columns["creator"]]).to_numpy(dtype=bool, na_value=False)
    if count <= MANY_ROWS or not numeric:
        mask |= names.isin(TOTAL_SPELLINGS).to_numpy()
    return mask


def _contain_word(names: list[str]) -> NDArray[np.bool_]:
    """Return which names, in lower case, contain a word for a total."""
    words = words_of_totals("\n".join(names))
    return np.asarray([any(word in name for word in words) for name in names], dtype=bool)


def _are_doubtful(context: ReadContext, positions: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Return which of many rows may be anything but creators, by whole columns.

    A row is plainly a creator's if it has a figure where figures are, a name or another text, and no word for a total.
    The last rows, those before a blank row, and those above a doubtful row stay: a total may have any name there.
    """
    has_figure, has_text, has_word = (np.zeros(len(positions), dtype=bool) for _ in range(3))
    kinds = {position: context.kind(name) for name, position in context.columns.items()}
    for position, column in enumerate(context.table.columns):
        cells = column.iloc[positions]
        is_figure_column = kinds.get(position, ColumnKind.TEXT) is not ColumnKind.TEXT
        if is_numeric(column):
            has_figure |= is_figure_column & cells.notna().to_numpy(dtype=bool)
            continue
        codes, labels = factorize_cells(cells)
        if is_figure_column:
            has_figure |= np.asarray([any(map(str.isdigit, label)) for label in labels], dtype=bool)[codes]
        elif position in kinds:
            has_text |= np.asarray([bool(label.strip()) and not is_placeholder(label) for label in labels])[codes]
        has_word |= _contain_word([label.casefold() for label in labels])[codes]
    rows, count = context.table.row, len(context.table.row)
    following = np.minimum(positions + 1, count - 1)
    is_near_end = (positions >= count - LAST_ROWS) | (rows[following] != rows[positions] + 1)
    doubtful: NDArray[np.bool_] = ~(has_figure & has_text) | has_word | is_near_end
    doubtful |= np.isin(following, positions[doubtful])
    return doubtful
