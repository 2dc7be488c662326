"""Creators' names: as written, and one code for each creator in any spelling."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, overload

import numpy as np
import pandas as pd
from msgspec import Struct
from numpy.typing import NDArray

from microopt.quantities.keys import begins_line, match_key, match_keys, plain_keys
from microopt.readers.cells.text import to_identity_codes, to_text_column
from microopt.readers.cells.text_shapes import argsort_distinct_lines, join_cells
from microopt.readers.context import ReadContext
from microopt.readers.formats.raw_bytes import count_byte
from microopt.readers.formats.raw_table import cell_text
from microopt.roster.roster import TextColumn

ROWS_AT_ONCE = 1 << 16  # few enough for their names to stay in the cache


class NameColumn(Struct, frozen=True, kw_only=True, eq=False):
    """A column of names.

    Attributes
    ----------
    column
        The names as written.
    ids
        (n,) one code for each name in any spelling.
    is_missing
        (n,) whether the row has no name.
    """

    column: TextColumn
    ids: NDArray[np.int32]
    is_missing: NDArray[np.bool_]


class NameLines(Sequence[str]):
    """Names as lines of bytes until they are used: of a million names a plan shows fifty.

    Parameters
    ----------
    lines
        The names in UTF-8, one a line.
    """

    def __init__(self, lines: bytes) -> None:
        ends = np.flatnonzero(np.frombuffer(lines, dtype=np.uint8) == ord("\n"))
        self._lines = lines
        self._bounds = np.concatenate([[-1], ends, [len(lines)]]).astype(np.int32 if len(lines) < 1 << 31 else np.int64)

    def __len__(self) -> int:
        return len(self._bounds) - 1

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[str]: ...
    def __getitem__(self, index: int | slice) -> str | Sequence[str]:
        if isinstance(index, slice):
            return tuple(self[place] for place in range(*index.indices(len(self))))
        place = range(len(self))[index]
        return self._lines[int(self._bounds[place]) + 1 : int(self._bounds[place + 1])].decode()

    def __iter__(self) -> Iterator[str]:
        return iter(self._lines.decode().split("\n"))


def to_name_column(column: pd.Series[Any]) -> NameColumn:
    """Return a column of names that rarely repeat; if none repeats, each is its own label and nothing is grouped."""
    blocks = (column.iloc[start : start + ROWS_AT_ONCE] for start in range(0, len(column), ROWS_AT_ONCE))
    lines = [join_cells(block) for block in blocks]
    keys = [_plain_keys(each) for each in lines] if sum(map(_count_lines, lines)) == len(column) else []
    order = argsort_distinct_lines(filter(None, keys)) if keys and all(keys) else None
    if order is not None and match_key(cell_text(column, int(order[0]))):  # an empty name is the first in order
        labels = NameLines(b"\n".join(lines))
        ids = np.arange(len(labels), dtype=np.int32)
        ranks = np.empty(len(labels), dtype=np.int32)
        ranks[order] = ids
        names = TextColumn(codes=ids, labels=labels, ranks=ranks)
        return NameColumn(column=names, ids=ids, is_missing=np.zeros(len(ids), dtype=bool))
    names = to_text_column(column)
    label_keys = match_keys(names.labels)
    is_missing = np.asarray([not key for key in label_keys], dtype=np.bool_)[names.codes]
    return NameColumn(column=names, ids=to_identity_codes(names, label_keys), is_missing=is_missing)


def _count_lines(lines: bytes) -> int:
    """Return how many lines there are; more than cells where a name has a line break in it."""
    return count_byte(lines, b"\n") + 1


def check_names(context: ReadContext, names: NameColumn) -> None:
    """Note rows without a creator."""
    message = "the creator's name is missing"
    fix = "fill in the name or handle, such as @anna"
    context.fault_cells("creator", names.is_missing, "creator-missing", message, fix)


def _plain_keys(names: bytes) -> bytes | None:
    """Return the match key of each line where it follows from the line's bytes, else None.

    An apostrophe may guard a formula, and not be a part of the name.
    """
    if not names or not names.isascii() or (b"'" in names and (begins_line(b"'", names) or b";'" in names)):
        return None
    return plain_keys(names)
