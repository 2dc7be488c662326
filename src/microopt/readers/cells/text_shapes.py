"""The cells of a column as lines of bytes, and the *shapes* of such lines.

`$12,500` and `$97,310` have one shape, `$00,000`. A column of a million cells has few shapes, which are found by a few
passes over its bytes rather than cell by cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import zip_longest
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from microopt.readers.formats.raw_bytes import count_byte
from microopt.readers.formats.raw_table import to_arrow_strings, to_texts

LONE_ZERO = (
    "\udcff"  # stands for a lone zero in a shape, and occurs in no text; 0,139 is not 139 since 0 leads no thousands
)
_LONE_ZERO = re.compile(rb"0(?<![0-9.,']0)(?<![0-9] 0)(?=[., '][0-9])")
_ZERO_BYTE = LONE_ZERO.encode("utf-8", "surrogateescape")
_TO_ZERO = bytes.maketrans(b"123456789", b"000000000")
_SPACES = (b"\t", b"\r", b"\v", b"\f")
_WIDE_SPACES = (b"\xc2\xa0", b"\xe2\x80\xaf", b"\xe2\x80\x89", b"\xe2\x80\x87", b"\xe3\x80\x80")  # as UTF-8
_CURLY_APOSTROPHE = "’".encode()
_FULL_WIDTH = re.compile(rb"\xef[\xbc\xbd]|\xef\xbf[\xa0-\xa6]")  # signs and digits of East Asian typefaces
_TO_HALF_WIDTH = {0xFF01 + i: 0x21 + i for i in range(94)} | {0xFFE0: "¢", 0xFFE1: "£", 0xFFE5: "¥", 0xFFE6: "₩"}
_LETTERS = re.compile(rb"[\xc3-\xd4]|\xe1[\xb8-\xbb]")  # may begin a letter that has a lower case
LONGEST_SHAPE = 1 << 16  # bytes
SHORTEST_LONG_RUN = 50  # values, on average
_WORD_BYTES = 8  # compared at once
# Masks that keep the first 0 to 8 bytes of a word, and the line ends that fill the rest where a line ends within one.
_WORD_MASKS = np.asarray([(1 << 8 * size) - 1 for size in range(_WORD_BYTES + 1)], dtype=np.uint64)
_FILLERS = np.uint64(int.from_bytes(b"\n" * _WORD_BYTES, "little")) & ~_WORD_MASKS


def join_lines(column: pd.Series[Any]) -> bytes:
    """Return a column's cells as bytes, one cell per line; a line break within a cell becomes a space."""
    blob = join_cells(column)
    if count_byte(blob, b"\n") == len(column) - 1:
        return blob
    cells = [cell.replace("\n", " ") for cell in to_texts(column)]
    return "\n".join(cells).encode("utf-8", "surrogatepass")


def join_cells(column: pd.Series[Any]) -> bytes:
    """Return a column's cells as bytes with a line break between them."""
    cells = to_arrow_strings(column)
    if cells is None:
        return "\n".join(to_texts(column)).encode("utf-8", "surrogatepass")
    import pyarrow as pa
    from pyarrow import compute

    parts = [part for part in cells.chunks if len(part)]
    lists = [pa.LargeListArray.from_arrays(pa.array([0, len(part)], pa.int64()), part) for part in parts]
    return b"\n".join(compute.binary_join(each, pa.scalar("\n", cells.type))[0].as_buffer() for each in lists)


def normalize_lines(blob: bytes) -> bytes:
    """Return lines in lower case, with plain spaces and apostrophes, and full-width signs and digits as plain ones."""
    blob = blob.lower()
    if blob.isascii():
        return _replace_all(blob, _SPACES)
    if _FULL_WIDTH.search(blob):
        blob = blob.decode("utf-8", "surrogatepass").translate(_TO_HALF_WIDTH).encode("utf-8", "surrogatepass")
    if _LETTERS.search(blob):
        blob = blob.decode("utf-8", "surrogatepass").lower().encode("utf-8", "surrogatepass")
    return _replace_all(blob, _SPACES + _WIDE_SPACES).replace(_CURLY_APOSTROPHE, b"'")


def _replace_all(blob: bytes, spaces: tuple[bytes, ...]) -> bytes:
    for space in spaces:
        if space in blob:
            blob = blob.replace(space, b" ")
    return blob


def find_shapes(blob: bytes) -> tuple[NDArray[np.intp], list[str]]:
    """Return the position of each line's shape among the distinct shapes, and these in order of appearance.

    Of a longer line only the first `LONGEST_SHAPE` bytes count: no number or price is that long.
    """
    shaped = _LONE_ZERO.sub(_ZERO_BYTE, blob).translate(_TO_ZERO)
    starts, sizes = _line_bounds(shaped)
    sizes = np.minimum(sizes, LONGEST_SHAPE)
    codes = _factorize_lines(shaped, starts, sizes)
    last_code = np.maximum.accumulate(codes)
    first_rows = np.flatnonzero(np.diff(last_code, prepend=-1))
    shapes = [shaped[starts[row] : starts[row] + sizes[row]] for row in first_rows.tolist()]
    return codes, [shape.decode("utf-8", "surrogateescape") for shape in shapes]


def argsort_distinct_lines(blobs: Iterable[bytes]) -> NDArray[np.intp] | None:
    """Return the positions of the lines of one or more blobs in the order of their bytes; None where two are equal."""
    parts = [_to_sort_keys(blob) for blob in blobs]
    words = _join_keys([keys for keys, _ in parts])
    sizes = np.concatenate([sizes for _, sizes in parts])
    keys = [word for word in words if (word != word[0]).any()] or words[:1]
    order = _argsort(keys[0])
    is_tied = _mark_repeats(keys[0][order])
    if not is_tied.any():
        return order
    tied = order[is_tied]  # sorted by all words, tied lines fill the same places, group by group
    tied = tied[np.lexsort([sizes[tied], *(column[tied] for column in reversed(keys))])]
    order[is_tied] = tied
    is_equal = sizes[tied[1:]] == sizes[tied[:-1]]  # a byte of 0 fills a word as the end of its line does
    for column in keys:
        is_equal &= column[tied[1:]] == column[tied[:-1]]
    return None if is_equal.any() else order


def _to_sort_keys(blob: bytes) -> tuple[list[NDArray[np.uint64]], NDArray[np.uint64]]:
    """Return the words of the lines as numbers that are in the order of their bytes, and the sizes of the lines."""
    starts, sizes = _line_bounds(blob)
    keys = []
    for rows, word in _iterate_words(_words_at_each_byte(blob), starts, sizes, filler=np.zeros_like(_FILLERS)):
        keys.append(np.zeros(len(starts), dtype=np.uint64))
        keys[-1][rows] = word.byteswap()
    return keys, sizes.astype(np.uint64)


def _join_keys(parts: list[list[NDArray[np.uint64]]]) -> list[NDArray[np.uint64]]:
    """Return the keys of several parts as those of one; those of shorter lines are padded with 0."""
    zeros = [np.zeros_like(keys[0]) for keys in parts]
    return [
        np.concatenate([zero if key is None else key for key, zero in zip(keys, zeros, strict=True)])
        for keys in zip_longest(*parts)
    ]


def _argsort(values: NDArray[np.uint64]) -> NDArray[np.intp]:
    """Return the order of the values; those of sorted and of numbered lists come in long runs that are in order."""
    has_long_runs = np.count_nonzero(values[1:] < values[:-1]) < len(values) // SHORTEST_LONG_RUN
    return np.argsort(values, kind="stable" if has_long_runs else None)


def _mark_repeats(values: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Return which sorted values stand next to an equal one."""
    is_tied = np.zeros(len(values), dtype=np.bool_)
    is_tied[1:] = values[1:] == values[:-1]
    is_tied[:-1] |= is_tied[1:]
    return is_tied


def _line_bounds(blob: bytes) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the start and the size of each line, in bytes."""
    ends = np.append(np.flatnonzero(np.frombuffer(blob, dtype=np.uint8) == ord("\n")), len(blob))
    starts = np.concatenate(([0], ends[:-1] + 1))
    return starts, ends - starts


def _words_at_each_byte(blob: bytes) -> NDArray[np.uint64]:
    """Return the eight bytes from each byte on as a number; line ends follow the last byte."""
    padded = blob + b"\n" * _WORD_BYTES
    return np.ndarray((len(blob) + 1,), dtype="<u8", buffer=padded, strides=(1,))


def _iterate_words(
    words: NDArray[np.uint64], starts: NDArray[np.intp], sizes: NDArray[np.intp], filler: NDArray[np.uint64] = _FILLERS
) -> Iterator[tuple[NDArray[np.intp], NDArray[np.uint64]]]:
    """Yield the first eight bytes of all lines, then the next eight of the longer lines, and so on, with their rows.

    Parameters
    ----------
    filler
        What follows the first 0 to 8 bytes of a word in which a line ends.
    """
    rows = np.arange(len(starts))
    while len(rows):
        word = words[starts]
        if (sizes < _WORD_BYTES).any():
            size = np.minimum(sizes, _WORD_BYTES)
            word &= _WORD_MASKS[size]
            word |= filler[size]
        yield rows, word
        is_longer = sizes > _WORD_BYTES
        if not is_longer.all():
            rows, starts, sizes = rows[is_longer], starts[is_longer], sizes[is_longer]
        starts, sizes = starts + _WORD_BYTES, sizes - _WORD_BYTES


def _factorize_lines(blob: bytes, starts: NDArray[np.intp], sizes: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return one number for each distinct line, in order of appearance; lines are compared word by word."""
    words = _iterate_words(_words_at_each_byte(blob), starts, sizes)
    codes, distinct = pd.factorize(next(words)[1])
    next_code = len(distinct)
    for rows, word in words:
        word_codes, distinct = pd.factorize(word)
        group, pairs = pd.factorize(codes[rows] * len(distinct) + word_codes)
        codes[rows] = next_code + group  # above all codes so far, so that a shorter line differs from a longer one
        next_code += len(pairs)
    has_long_lines = next_code > len(distinct)
    return pd.factorize(codes)[0] if has_long_lines else codes
