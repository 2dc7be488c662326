"""Delimited text (comma, semicolon, tab, bar) -> RawTable.

pandas' C reader does the work. It is asked for strings wherever a cell must come back as written, and where it would
repair a row in silence the text is walked first (`fitting`).
"""

from __future__ import annotations

import csv
import io
import warnings
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from msgspec import Struct
from msgspec.structs import replace

from microopt.readers.fault_log import FaultLog
from microopt.readers.formats.encoding import as_utf8
from microopt.readers.formats.malformed_rows import LINE, fitting
from microopt.readers.formats.raw_bytes import LARGE, read_bytes, stamp, unreadable
from microopt.readers.formats.raw_table import RawTable, drop_blank, is_number
from microopt.readers.options import ReadOptions
from microopt.readers.vocabulary import Kind, Vocabulary

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
FIRST_ROWS = 30  # within which the header is looked for
FIRST_BYTES = 1 << 20  # the same


class DelimitedLayout(Struct, frozen=True, kw_only=True):
    """How a text is laid out: its delimiter, its headers, their spreadsheet row, and the first byte after them."""

    delimiter: str
    headers: list[str]
    row: int
    offset: int


def read_delimited(path: str, options: ReadOptions, faults: FaultLog) -> RawTable:
    """Read delimited text; delimiter and encoding are detected and noted.

    Raises
    ------
    RosterError
        If the bytes are no text, or hold no header.
    """
    before = stamp(path)
    stored, digest = read_bytes(path, options.max_unpacked)
    data, notes = as_utf8(path, stored)
    plain = before is not None and data is stored and len(data) == before[1] and not notes
    words = options.vocabulary.taught(options.columns)
    layout = _layout(path, data, words)
    if layout.delimiter != ",":
        notes.append(f"cells are separated by {DELIMITERS[layout.delimiter]}s")
    if layout.row > 1:
        notes.append(f"the header was found in row {layout.row}")
    frame = _from_file(path, data, layout) if plain else None
    if stamp(path) != before:
        frame = None  # the file was written to meanwhile: the bytes read are the roster
    frame = _frame(path, data, layout, words, faults, notes, frame)
    row = np.arange(len(frame), dtype=np.int64) + layout.row + 1
    columns = [frame[i] for i in frame]
    table = RawTable(headers=layout.headers, columns=columns, row=row, sha256=digest(), notes=notes)
    drop_blank(table)
    return table


def _layout(path: str, data: bytes, words: Vocabulary) -> DelimitedLayout:
    """Find the header: the first row that names our columns, else the first that is not blank."""
    head = data[:FIRST_BYTES].decode("utf-8", errors="ignore")
    best: tuple[int, int] = (-1, -1)
    layout: DelimitedLayout | None = None
    for mark in DELIMITERS:
        rows = list(islice(_first_rows(head, mark), FIRST_ROWS))
        found = words.header_row([cells for cells, _ in rows])
        if found is None or (found[1], len(rows[found[0]][0])) <= best:
            continue
        at, named = found
        headers, end = rows[at]
        best = named, len(headers)
        offset = len(head[:end].encode("utf-8"))
        layout = DelimitedLayout(delimiter=mark, headers=headers, row=at + 1, offset=offset)
    if layout is None or layout.offset >= FIRST_BYTES - 3:
        fix = f"its first row names the columns: {words.example}, ..."
        raise unreadable("header-missing", f"{path} holds no header", fix)
    return layout


def _first_rows(head: str, mark: str) -> Iterator[tuple[list[str], int]]:
    """Yield the cells of the first rows, line breaks within them as spaces, and how many characters they end after."""
    end = 0

    def lines() -> Iterator[str]:
        nonlocal end
        for found in LINE.finditer(head):
            end = found.end()
            yield found[0]

    for cells in csv.reader(lines(), delimiter=mark):
        yield [" ".join(cell.splitlines()) for cell in cells], end


def _from_file(path: str, data: bytes, layout: DelimitedLayout) -> pd.DataFrame | None:
    """Let pandas read a large file itself, which it does on several cores; None where that could differ.

    It counts the lines above the first row, and so they must be as many as the rows.
    """
    if len(data) < LARGE or data.count(b"\n", 0, layout.offset) != layout.row:
        return None
    frame: pd.DataFrame | None = _parsed(path, Path(path), layout, skiprows=layout.row, compression=None)
    return frame


def _frame(
    path: str,
    data: bytes,
    layout: DelimitedLayout,
    words: Vocabulary,
    faults: FaultLog,
    notes: list[str],
    frame: pd.DataFrame | None,
) -> pd.DataFrame:
    """Let pandas infer what it can, then read again as text what must come back as written (`007` is no number)."""
    frame = _parsed(path, data, layout) if frame is None else frame
    if frame is None or _is_doubtful(frame, data, layout):
        text = data[layout.offset :].decode("utf-8")
        rest, short = fitting(text, layout.delimiter, len(layout.headers), layout.row + 1, faults)
        if short:
            rows = "1 row has" if short == 1 else f"{short:,} rows have"
            notes.append(f"{rows} fewer cells than the header: the missing ones count as empty")
        if frame is None or faults.count:
            data, layout = rest.encode("utf-8"), replace(layout, offset=0)
            frame = _parsed(path, data, layout, mended=True)
    assert frame is not None
    small = len(data) < LARGE
    changed = [i for i, header in enumerate(layout.headers) if not _is_as_written(frame[i], header, words, small=small)]
    if changed:
        frame[changed] = _parsed(path, data, layout, mended=True, usecols=changed, dtype=str)
    return frame


def _is_doubtful(frame: pd.DataFrame, data: bytes, layout: DelimitedLayout) -> bool:
    """Whether rows may be too short, or an open quote may have swallowed some: lines and separators do not add up."""
    if b'"' in data and _lines(data, layout.offset) != len(frame):
        return True
    cells = _count(data, layout.delimiter.encode(), layout.offset) + len(frame) if frame.iloc[:, -1].hasnans else 0
    return cells not in (0, frame.size)


def _lines(data: bytes, start: int) -> int:
    returns = _count(data, b"\r", start) if b"\r" in data else 0
    breaks = _count(data, b"\n", start) + returns - (data.count(b"\r\n", start) if returns else 0)
    return breaks + (not data.endswith((b"\r", b"\n")))


def _count(data: bytes, mark: bytes, start: int) -> int:
    """Return what `data.count` does, in a tenth of the time where there are many."""
    return int(np.count_nonzero(np.frombuffer(data, dtype=np.uint8, offset=start) == ord(mark)))


def _is_as_written(column: pd.Series[Any], header: str, words: Vocabulary, *, small: bool) -> bool:
    """Whether pandas kept a column as it was written, or as the numbers that it should be.

    A point may group thousands, `12.000`, of which numbers say nothing: where whole things are counted, as followers
    are, and in a small file among money and all counts, the cells themselves are looked at.
    """
    if is_number(column) and words.holds_numbers(header):
        found = words.column_of(header)
        people = found is not None and found[0] in words.whole
        amount = found is None or words.kind_of(found[0]) in (Kind.COUNT, Kind.MONEY)
        doubtful = column.dtype.kind == "f" and (people or (small and amount))
        return not doubtful and not np.isinf(column.to_numpy()).any()
    return isinstance(column.dtype, pd.StringDtype) or not column.notna().any()


def _parsed(path: str, data: bytes | Path, layout: DelimitedLayout, *, mended: bool = False, **options: Any) -> Any:
    """Return what pandas makes of the rows, or None where it would have to repair some and they are not yet mended."""
    source: io.BytesIO | Path = data if isinstance(data, Path) else io.BytesIO(data)
    if isinstance(source, io.BytesIO):
        source.seek(layout.offset)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", pd.errors.DtypeWarning)  # a column of numbers here and text there is read again
        warnings.simplefilter("ignore" if mended else "error", pd.errors.ParserWarning)
        try:
            return pd.read_csv(
                source,
                sep=layout.delimiter,
                header=None,
                names=list(range(len(layout.headers))),
                index_col=False,
                keep_default_na=False,
                na_values=[""],
                skip_blank_lines=False,
                encoding="utf-8",
                **options,
            )
        except pd.errors.EmptyDataError:
            return pd.DataFrame({i: pd.Series([], dtype=object) for i in range(len(layout.headers))})
        except (pd.errors.ParserError, pd.errors.ParserWarning) as error:
            if not mended:
                return None
            message = f"{path} cannot be read as rows of cells: {error}"
            raise unreadable("file-damaged", message, "export it again as CSV") from None
