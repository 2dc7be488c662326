"""A column's cells as lines of bytes, and the *shapes* of such lines.

`$12,500` and `$97,310` have one shape, `$00,000`: a column of a million cells has few, found here by a few passes over
its bytes rather than cell by cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from microopt.readers.formats.raw_table import to_arrow_strings, to_texts

LONE_ZERO = "\udcff"  # a lone zero in a shape, as no text can have it: it leads no thousands, so 0,139 is no 139
_LONE_ZERO = re.compile(rb"0(?<![0-9.,']0)(?<![0-9] 0)(?=[., '][0-9])")
_ZERO_BYTE = LONE_ZERO.encode("utf-8", "surrogateescape")
_TO_ZERO = bytes.maketrans(b"123456789", b"000000000")
_SPACES = (b"\t", b"\r", b"\v", b"\f")
_WIDER_SPACES = (b"\xc2\xa0", b"\xe2\x80\xaf", b"\xe2\x80\x89", b"\xe2\x80\x87")  # as UTF-8
_PART = 1 << 15  # lines hashed at once
_WORD = 8  # bytes compared at once
_ODD = np.uint64(0x9E3779B97F4A7C15)  # 2^64 by the golden ratio: it spreads what it multiplies over all bits
# What is kept of a word of which only the first 0 to 8 bytes are of the line; line ends fill the rest.
_KEPT = np.asarray([(1 << 8 * size) - 1 for size in range(_WORD + 1)], dtype=np.uint64)
_FILLED = np.uint64(int.from_bytes(b"\n" * _WORD, "little")) & ~_KEPT


def join_lines(column: pd.Series[Any]) -> bytes:
    """Return a column's cells as one text of bytes, one a line; a line break within a cell becomes a space."""
    blob = _joined(column)
    if blob.count(b"\n") == len(column) - 1:
        return blob
    cells = [cell.replace("\n", " ") for cell in to_texts(column)]
    return "\n".join(cells).encode("utf-8", "surrogatepass")


def _joined(column: pd.Series[Any]) -> bytes:
    cells = to_arrow_strings(column)
    if cells is None:
        return "\n".join(to_texts(column)).encode("utf-8", "surrogatepass")
    import pyarrow as pa
    from pyarrow import compute

    whole = pa.LargeListArray.from_arrays(pa.array([0, len(cells)], pa.int64()), cells)
    return bytes(compute.binary_join(whole, pa.scalar("\n", cells.type))[0].as_buffer())


def normalize_lines(blob: bytes) -> bytes:
    """Return lines in lower case (of ASCII), every kind of space a plain one."""
    blob = blob.lower()
    for space in _SPACES if blob.isascii() else _SPACES + _WIDER_SPACES:
        if space in blob:
            blob = blob.replace(space, b" ")
    return blob


def find_shapes(blob: bytes) -> tuple[NDArray[np.intp], list[str]]:
    """Return each line's position among the distinct shapes, and these as text, in the order met."""
    alike = _LONE_ZERO.sub(_ZERO_BYTE, blob).translate(_TO_ZERO)
    starts, sizes = _bounds(alike)
    codes = _grouped(alike, starts, sizes)
    met = np.maximum.accumulate(codes)
    first = np.flatnonzero(np.diff(met, prepend=-1))
    found = [alike[starts[row] : starts[row] + sizes[row]] for row in first.tolist()]
    return codes, [shape.decode("utf-8", "surrogateescape") for shape in found]


def all_distinct(blob: bytes) -> bool:
    """Whether no two lines are the same, as far as their hashes show it: False may also mean that two hashes met."""
    starts, sizes = _bounds(blob)
    words = _at_each_byte(blob)
    parts = [slice(at, at + _PART) for at in range(0, len(starts), _PART)]  # small enough to stay in the cache
    hashes = np.concatenate([_hashes(words, starts[part], sizes[part]) for part in parts])
    hashes.sort()
    return not (hashes[1:] == hashes[:-1]).any()


def argsort_lines(blob: bytes) -> NDArray[np.intp]:
    """Return the lines' positions in the order of their bytes."""
    starts, sizes = _bounds(blob)
    words: list[NDArray[np.uint64]] = []
    for rows, word in _words(_at_each_byte(blob), starts, sizes):
        column = np.zeros(len(starts), dtype=np.uint64)
        column[rows] = (word & _KEPT[np.minimum(sizes[rows] - _WORD * len(words), _WORD)]).byteswap()
        words.append(column)
    telling = [column for column in words if (column != column[0]).any()] or words
    order = np.argsort(telling[0])
    alike = telling[0][order]
    tied = np.zeros(len(order), dtype=bool)
    tied[1:] = alike[1:] == alike[:-1]
    tied[:-1] |= tied[1:]
    rest = order[tied]  # in the order of the first word: sorted by all words they stay at their places together
    order[tied] = rest[np.lexsort([column[rest] for column in reversed(telling)])]
    return order


def _hashes(words: NDArray[np.uint64], starts: NDArray[np.intp], sizes: NDArray[np.intp]) -> NDArray[np.uint64]:
    hashes = np.zeros(len(starts), dtype=np.uint64)
    for rows, word in _words(words, starts, sizes):
        mixed = (hashes[rows] ^ word) * _ODD
        hashes[rows] = mixed ^ (mixed >> np.uint64(32))
    return hashes


def _bounds(blob: bytes) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return where each line starts, and its size."""
    ends = np.append(np.flatnonzero(np.frombuffer(blob, dtype=np.uint8) == ord("\n")), len(blob))
    starts = np.concatenate(([0], ends[:-1] + 1))
    return starts, ends - starts


def _at_each_byte(blob: bytes) -> NDArray[np.uint64]:
    """Return the eight bytes from each byte on, as a number; beyond the end there are line ends."""
    padded = blob + b"\n" * _WORD
    return np.ndarray((len(blob) + 1,), dtype="<u8", buffer=padded, strides=(1,))


def _words(
    words: NDArray[np.uint64], starts: NDArray[np.intp], sizes: NDArray[np.intp]
) -> Iterator[tuple[NDArray[np.intp], NDArray[np.uint64]]]:
    """Yield the first eight bytes of each line, then the next eight of those that go on: their rows and the words."""
    rows, at = np.arange(len(starts)), 0
    while len(rows):
        size = np.minimum(sizes[rows] - at, _WORD)
        yield rows, words[starts[rows] + at] & _KEPT[size] | _FILLED[size]
        at += _WORD
        rows = rows[sizes[rows] > at]


def _grouped(blob: bytes, starts: NDArray[np.intp], sizes: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return one number for each distinct line, in the order met: lines are told apart word by word."""
    codes = np.zeros(len(starts), dtype=np.intp)
    known = 1
    for rows, word in _words(_at_each_byte(blob), starts, sizes):
        place, distinct = pd.factorize(word)
        group, pairs = pd.factorize(codes[rows] * len(distinct) + place)
        codes[rows] = known + group  # beyond all others: a line that ended before differs from one that goes on
        known += len(pairs)
    return pd.factorize(codes)[0]
