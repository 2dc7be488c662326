"""Posts that stand in a file twice: the first row of each counts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from microopt.readers.cells.text import to_text_column
from microopt.readers.context import ReadContext
from microopt.readers.formats.raw_table import to_arrow_strings

NDBool = NDArray[np.bool_]


def find_repeated_posts(context: ReadContext, account: NDArray[np.intp], columns: Sequence[NDArray[Any]]) -> NDBool:
    """Return which rows repeat a post of an earlier row, (m,).

    Two rows are one post if the link or number of the post is the same, or where there is none, if account, date and
    all figures are the same.

    Parameters
    ----------
    columns
        (m,) the day and the figures of each row.
    """
    if "post" not in context.columns:
        return find_later(hash_rows([account, *columns]))
    codes, is_named = _name_codes(context.raw("post"))
    same_name = find_later(hash_rows([account, codes]))
    return same_name if is_named.all() else np.where(is_named, same_name, find_later(hash_rows([account, *columns])))


def _name_codes(column: pd.Series[Any]) -> tuple[NDArray[np.int32], NDBool]:
    """Return a code for each name of a post, and which cells have one; nearly all names differ."""
    cells = to_arrow_strings(column)
    if cells is None:
        post = to_text_column(column, placeholders=True)
        return post.codes, np.asarray([bool(label.strip()) for label in post.labels], dtype=np.bool_)[post.codes]
    import pyarrow.compute as pc

    compute: Any = pc  # its functions are made when it is imported, so that no type checker knows them
    codes = np.concatenate([chunk.indices.to_numpy() for chunk in cells.dictionary_encode().chunks])
    is_named = compute.greater(compute.binary_length(cells), LONGEST_PLACEHOLDER).to_numpy()
    short = np.flatnonzero(~is_named)
    if len(short):
        texts = to_text_column(column.iloc[short], placeholders=True)
        is_named = is_named.copy()
        is_named[short] = np.asarray([bool(label.strip()) for label in texts.labels], dtype=np.bool_)[texts.codes]
    return codes, is_named


def hash_rows(columns: Sequence[NDArray[Any]]) -> NDArray[np.uint64]:
    """Return a 64-bit hash of each row: of ten million rows, two that differ are alike once in 300,000 files."""
    mixed = np.zeros(len(columns[0]), dtype=np.uint64)
    for column in columns:
        words = np.ascontiguousarray(column, dtype=np.float64 if column.dtype.kind == "f" else np.int64)
        mixed ^= words.view(np.uint64)
        for shift, factor in MIXERS:  # the finalizer of MurmurHash3 (Appleby, public domain)
            mixed ^= mixed >> shift
            mixed *= factor
    return mixed


LONGEST_PLACEHOLDER = 4  # bytes of `null`, `#n/a` and the like, which name no post
MIXERS = ((np.uint64(33), np.uint64(0xFF51AFD7ED558CCD)), (np.uint64(33), np.uint64(0xC4CEB9FE1A85EC53)))


FILTER_BITS = 16
LAST_BITS = np.uint64((1 << FILTER_BITS) - 1)


def find_later(hashes: NDArray[np.uint64]) -> NDBool:
    """Return which hashes an earlier one equals; few do, so that a sort is faster than a table of all."""
    ordered = np.sort(hashes)
    repeated = np.unique(ordered[1:][ordered[1:] == ordered[:-1]])
    later = np.zeros(len(hashes), dtype=np.bool_)
    if len(repeated):
        may_repeat = np.zeros(1 << FILTER_BITS, dtype=np.bool_)  # by the last bits: few others have the same
        may_repeat[repeated & LAST_BITS] = True
        rows = np.flatnonzero(may_repeat[hashes & LAST_BITS])
        rows = rows[np.isin(hashes[rows], repeated)]
        later[rows] = pd.Series(hashes[rows]).duplicated().to_numpy()
    return later
