"""Creators' names: as written, and one number for each however it is spelled."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, overload

import numpy as np
import pandas as pd
from msgspec import Struct
from numpy.typing import NDArray

from microopt.quantities.keys import match_keys
from microopt.readers.columns.text import to_identity_codes, to_text_column
from microopt.readers.columns.text_shapes import all_distinct, argsort_lines, join_lines
from microopt.readers.context import ReadContext
from microopt.readers.formats.raw_table import to_arrow_strings, to_texts
from microopt.roster.roster import TextColumn

_SPACES = (b" ", b"\t", b"\r", b"\v", b"\f", b"\x1c", b"\x1d", b"\x1e", b"\x1f")  # of ASCII, what `match_key` strips


class NameColumn(Struct, frozen=True, kw_only=True, eq=False):
    """A column of names: as written, one number per name however it is spelled, and which rows have none."""

    column: TextColumn
    ids: NDArray[np.int32]
    is_missing: NDArray[np.bool_]


class ArrowStrings(Sequence[str]):
    """Texts left in Arrow's memory until one is asked for: of a million names a plan shows fifty."""

    def __init__(self, cells: Any) -> None:
        self._cells = cells

    def __len__(self) -> int:
        return len(self._cells)

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[str]: ...
    def __getitem__(self, place: int | slice) -> str | Sequence[str]:
        if isinstance(place, slice):
            return ArrowStrings(self._cells[place])
        return str(self._cells[place].as_py())

    def __iter__(self) -> Iterator[str]:
        return iter(self._cells.to_pylist())


def to_name_column(column: pd.Series[Any]) -> NameColumn:
    """Read a column of names that hardly repeat: where none does, each is its own label and nothing is grouped."""
    keys = _keys_if_no_two_alike(join_lines(column))
    if keys is not None:
        cells = to_arrow_strings(column)
        labels = tuple(to_texts(column)) if cells is None else ArrowStrings(cells)
        ids = np.arange(len(labels), dtype=np.int32)
        ranks = np.empty(len(labels), dtype=np.int32)
        ranks[argsort_lines(keys)] = ids
        found = TextColumn(codes=ids, labels=labels, ranks=ranks)
        return NameColumn(column=found, ids=ids, is_missing=np.zeros(len(ids), dtype=bool))
    grouped = to_text_column(column)
    spelled = match_keys(grouped.labels)
    nameless = np.asarray([not key for key in spelled], dtype=np.bool_)[grouped.codes]
    return NameColumn(column=grouped, ids=to_identity_codes(grouped, spelled), is_missing=nameless)


def check_names(reading: ReadContext, names: NameColumn) -> None:
    """Note rows without a creator."""
    message = "the creator's name is missing"
    reading.fault_cells("creator", names.is_missing, "creator-missing", message, "fill it in")


def _keys_if_no_two_alike(names: bytes) -> bytes | None:
    """Return the match key of each line if every one is a name of its own; only lines of ASCII can be told apart so."""
    framed = b"\n" + names + b"\n"
    if not names.isascii() or any(mark in names and _at_an_end(mark, framed) for mark in _SPACES):
        return None
    keys = framed.lower().replace(b"\n@", b"\n")
    return keys[1:-1] if b"\n\n" not in keys and all_distinct(keys[1:-1]) else None


def _at_an_end(mark: bytes, framed: bytes) -> bool:
    return b"\n" + mark in framed or mark + b"\n" in framed
