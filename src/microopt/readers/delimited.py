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
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from microopt.errors import Fault, RosterError
from microopt.readers.faults import FaultLog
from microopt.readers.headers import holds_numbers
from microopt.readers.source import read_bytes
from microopt.readers.table import RawTable

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
csv.field_size_limit(10_000_000)


def read_delimited(path: str, faults: FaultLog) -> RawTable:
    """Read delimited text; delimiter and encoding are detected and noted.

    Raises
    ------
    RosterError
        If the bytes are no text, or hold no header with rows below it.
    """
    data, digest = read_bytes(path)
    data, notes = _as_utf8(path, data)
    header, line, offset = _header(path, data)
    delimiter = _delimiter(header)
    if delimiter != ",":
        notes.append(f"cells are separated by {DELIMITERS[delimiter]}s")
    headers = next(csv.reader([header], delimiter=delimiter))
    frame = _frame(data, offset, headers, delimiter, line, faults)
    row = np.arange(len(frame), dtype=np.int64) + line + 1
    table = RawTable(headers=headers, columns=[frame[i] for i in frame], row=row, sha256=digest, notes=notes)
    _drop_blank(table)
    return table


def _as_utf8(path: str, data: bytes) -> tuple[bytes, list[str]]:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            if encoding == "utf-8":
                return data[len(bom) :], []
            text = data[len(bom) :].decode(encoding, errors="replace")
            return text.encode("utf-8"), [f"text is {encoding.upper()}"]
    if b"\0" in data[:65536]:
        fix = "export the roster as CSV with UTF-8 text"
        raise RosterError(f"{path} is not text", fix=fix, code="file-not-text")
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace").encode("utf-8"), ["text is Windows-1252 (cp1252)"]
    return data, []


def _header(path: str, data: bytes) -> tuple[str, int, int]:
    """Return the header's text on one line, its spreadsheet row, and the offset of the first byte after it."""
    offset = 0
    for row, record in enumerate(_records(data), start=1):
        offset += len(record.encode("utf-8"))
        if record.strip(" \r\n,;\t|"):
            return " ".join(record.split("\n")).replace("\r", " ").strip(" "), row, offset
    raise RosterError(f"{path} holds no header", fix="its first row names the columns: creator, followers, fee, ...")


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


def _delimiter(header: str) -> str:
    bare = "".join(header.split('"')[::2])
    return max(DELIMITERS, key=lambda delimiter: (bare.count(delimiter), delimiter == ","))


def _frame(data: bytes, offset: int, headers: list[str], delimiter: str, line: int, faults: FaultLog) -> pd.DataFrame:
    stream = io.BytesIO(data)
    stream.seek(offset)
    kinds: dict[int, Any] = {i: str for i, header in enumerate(headers) if not holds_numbers(header)}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", pd.errors.ParserWarning)
            return pd.read_csv(
                stream, sep=delimiter, header=None, names=list(range(len(headers))), dtype=kinds, index_col=False,
                keep_default_na=False, na_values=[""], skip_blank_lines=False, low_memory=False, encoding="utf-8",
            )  # fmt: skip
    except pd.errors.EmptyDataError:
        return pd.DataFrame({i: pd.Series([], dtype=object) for i in range(len(headers))})
    except (pd.errors.ParserError, pd.errors.ParserWarning):
        return _walk(data[offset:].decode("utf-8"), headers, delimiter, line, faults)


def _walk(text: str, headers: list[str], delimiter: str, line: int, faults: FaultLog) -> pd.DataFrame:
    """Read row by row, noting the rows that do not fit under the header."""
    width, rows = len(headers), []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    row = line
    try:
        for row, cells in enumerate(reader, start=line + 1):
            fits = not any(cells[width:])
            if not fits:
                faults.add(_too_many(row, len(cells), width))
            rows.append(((cells if fits else []) + [""] * width)[:width])
    except csv.Error as error:
        message = f"row {row + 1} cannot be read ({error}): a quote is opened and not closed"
        faults.add(Fault(code="row-quote", message=message, fix='close the quote, or write a quote as ""', row=row + 1))
    return pd.DataFrame(rows, columns=list(range(width)), dtype=object)


def _too_many(row: int, cells: int, width: int) -> Fault:
    message = f"row {row} has {cells} cells where the header has {width}"
    return Fault(code="row-too-long", message=message, fix="put quotes around a cell that holds the separator", row=row)


def _drop_blank(table: RawTable) -> None:
    """Drop rows whose cells are all empty."""
    filled = np.zeros(len(table.row), dtype=bool)
    for column in table.columns:
        filled |= column.notna().to_numpy() & (column != "").to_numpy()
        if filled.all():
            return
    table.keep(filled)
