"""Delimited text (comma, semicolon, tab, bar) -> RawTable.

pandas' C reader does the work. It is asked for strings wherever a cell must come back as written, and its two
silent repairs (extra cells dropped, an open quote that swallows the rest) are refused: such a file is walked again
by the csv module, which says which rows are at fault.
"""

from __future__ import annotations

import csv
import io
import re
import warnings
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

import numpy as np
import pandas as pd
from msgspec import Struct

from microopt.errors import Fault, RosterError
from microopt.readers.faults import FaultLog
from microopt.readers.headers import header_row, holds_numbers, told
from microopt.readers.options import ReadOptions
from microopt.readers.source import read_bytes
from microopt.readers.table import RawTable, drop_blank

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
FIRST_ROWS = 30  # within which the header is looked for
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
csv.field_size_limit(10_000_000)


class Layout(Struct, frozen=True, kw_only=True):
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
    data, digest = read_bytes(path, options.max_unpacked)
    data, notes = _as_utf8(path, data)
    given = told(options.columns)
    layout = _layout(path, data, given)
    if layout.delimiter != ",":
        notes.append(f"cells are separated by {DELIMITERS[layout.delimiter]}s")
    if layout.row > 1:
        notes.append(f"the header was found in row {layout.row}")
    frame = _frame(data, layout, given, faults)
    row = np.arange(len(frame), dtype=np.int64) + layout.row + 1
    columns = [frame[i] for i in frame]
    table = RawTable(headers=layout.headers, columns=columns, row=row, sha256=digest, notes=notes)
    drop_blank(table)
    return table


def _as_utf8(path: str, data: bytes) -> tuple[bytes, list[str]]:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            if encoding == "utf-8":
                return _valid(path, data[len(bom) :])
            text = data[len(bom) :].decode(encoding, errors="replace")
            return _valid(path, text.encode("utf-8"), [f"the text is {encoding.upper()}"])
    return _valid(path, data)


def _valid(path: str, data: bytes, notes: list[str] | None = None) -> tuple[bytes, list[str]]:
    if b"\0" in data:
        fix = "export the roster as CSV with UTF-8 text"
        raise RosterError(f"{path} is not text: it holds NUL bytes", fix=fix, code="file-not-text")
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace").encode("utf-8"), ["the text is Windows-1252 (cp1252)"]
    return data, notes or []


def _layout(path: str, data: bytes, given: Mapping[str, str]) -> Layout:
    """Find the header: the first row that names our columns, else the first that is not blank."""
    records = list(islice(_records(data), FIRST_ROWS))
    split = {mark: [_cells(record, mark) for record in records] for mark in DELIMITERS}
    best: tuple[int, int, str, int] | None = None
    for mark, rows in split.items():
        found = header_row(rows, given)
        if found is not None:
            rank = (found[1], len(rows[found[0]]), mark, found[0])
            best = rank if best is None or rank[:2] > best[:2] else best
    if best is None:
        fix = "its first row names the columns: creator, followers, fee, ..."
        raise RosterError(f"{path} holds no header", fix=fix, code="header-missing")
    _, _, mark, at = best
    offset = sum(len(record.encode("utf-8")) for record in records[: at + 1])
    return Layout(delimiter=mark, headers=split[mark][at], row=at + 1, offset=offset)


def _records(data: bytes) -> Iterator[str]:
    """Yield the first records as text, each with its line end."""
    record = ""
    for line in _LINE.findall(data[: 1 << 20].decode("utf-8", errors="ignore")):
        record += line
        if record.count('"') % 2 == 0:
            yield record
            record = ""
    if record:
        yield record


def _cells(record: str, mark: str) -> list[str]:
    flat = re.sub(r"[\r\n]+", " ", record.rstrip("\r\n"))
    return next(csv.reader([flat], delimiter=mark), [])


def _frame(data: bytes, layout: Layout, given: Mapping[str, str], faults: FaultLog) -> pd.DataFrame:
    """Let pandas infer what it can, then read again as text what must come back as written (`007` is no number)."""
    words = [i for i, header in enumerate(layout.headers) if not holds_numbers(header, given)]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            frame = _parse(data, layout)
            changed = [i for i in words if not isinstance(frame[i].dtype, pd.StringDtype) and frame[i].notna().any()]
            if changed:
                frame[changed] = _parse(data, layout, usecols=changed, dtype=str)
            return frame
    except pd.errors.EmptyDataError:
        return pd.DataFrame({i: pd.Series([], dtype=object) for i in range(len(layout.headers))})
    except pd.errors.DtypeWarning:  # a column of numbers here and text there
        return _parse(data, layout, dtype=str)
    except (pd.errors.ParserError, pd.errors.ParserWarning):
        return _walk(data[layout.offset :].decode("utf-8"), layout, faults)


def _parse(data: bytes, layout: Layout, **options: Any) -> pd.DataFrame:
    stream = io.BytesIO(data)
    stream.seek(layout.offset)
    frame: pd.DataFrame = pd.read_csv(
        stream, sep=layout.delimiter, header=None, names=list(range(len(layout.headers))), index_col=False,
        keep_default_na=False, na_values=[""], skip_blank_lines=False, encoding="utf-8", **options,
    )  # fmt: skip
    return frame


def _walk(text: str, layout: Layout, faults: FaultLog) -> pd.DataFrame:
    """Read row by row, noting the rows that do not fit under the header."""
    width = len(layout.headers)
    rows: list[list[str | None]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=layout.delimiter, strict=True)
    row = layout.row
    try:
        for row, cells in enumerate(reader, start=layout.row + 1):
            fits = not any(cells[width:])
            if not fits:
                faults.add(_too_many(row, len(cells), width))
            rows.append(([cell or None for cell in cells] + [None] * width)[:width] if fits else [None] * width)
    except csv.Error as error:
        message = f"row {row + 1} cannot be read ({error})"
        fix = 'close the quote that is open, or write a quote within a cell as ""'
        faults.add(Fault(code="row-quote", message=message, fix=fix, row=row + 1))
    return pd.DataFrame(rows, columns=list(range(width)), dtype=object)


def _too_many(row: int, cells: int, width: int) -> Fault:
    message = f"row {row} has {cells} cells where the header has {width}"
    return Fault(code="row-too-long", message=message, fix="put quotes around a cell that holds the separator", row=row)
