"""Delimited text (comma, semicolon, tab, bar) -> RawTable.

pandas' C reader does the work. It is asked for strings wherever a cell must come back as written, and where it would
repair a row in silence the text is walked first (`fitting`).

Bytes -> UTF-8: the encoding is known by its mark, by where NUL bytes stand, or by what UTF-8 does not allow.

Rows that do not fit under their header: too long, or with a quote left open. Each is noted and left blank.

The csv module walks the text where pandas would repair it in silence (extra cells dropped, rows swallowed by an open
quote), and says which rows are at fault; pandas then reads what is left.
"""

from __future__ import annotations

import csv
import io
import re
import warnings
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from msgspec import Struct
from msgspec.structs import replace

from microopt.errors import Fault
from microopt.readers.fault_log import FaultLog
from microopt.readers.formats.raw_bytes import LARGE_FILE, file_stamp, read_unpacked_bytes, unreadable_file
from microopt.readers.formats.raw_table import RawTable, drop_blank_rows, is_numeric
from microopt.readers.options import ReadOptions
from microopt.readers.vocabulary import Kind, Vocabulary

_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_OTHERS = {
    b"PK\x03\x04": "a workbook or another zip file",
    b"PAR1": "a Parquet file",
    b"\xd0\xcf\x11\xe0": "an .xls file",
}
_UNKNOWN = "\ufffd"  # stands for what cannot be decoded


def to_utf8(path: str, data: bytes) -> tuple[bytes, list[str]]:
    """Return a text's bytes in UTF-8 without a mark, and what was assumed.

    Raises
    ------
    RosterError
        If it is no text.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _text(path, data[len(mark) :], encoding)
    if b"\0" in data[:2]:
        return _text(path, data, "utf-16-be" if data[:1] == b"\0" else "utf-16-le")
    if data.isascii() and b"\0" not in data:  # the common case, asked in a tenth of the time
        return data, []
    return _text(path, data, "utf-8")


def _text(path: str, data: bytes, encoding: str) -> tuple[bytes, list[str]]:
    notes = [] if encoding == "utf-8" else [f"the text is {encoding.upper()}"]
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        if encoding == "utf-8" and _is_western(data):
            encoding, notes = "cp1252", ["the text is Windows-1252 (cp1252)"]
        text = data.decode(encoding, errors="replace")
        lost = text.count(_UNKNOWN)
        if lost:
            told = (
                "1 character cannot be decoded and stands"
                if lost == 1
                else f"{lost:,} characters cannot be decoded and stand"
            )
            notes.append(f"{told} as {_UNKNOWN}")
    if "\0" in text:
        raise _not_text(path, data)
    return (data if encoding == "utf-8" and not notes else text.encode("utf-8")), notes


def _is_western(data: bytes) -> bool:
    """Whether bytes that are no UTF-8 look like cp1252: most of those above ASCII stand alone."""
    text = data.decode("utf-8", errors="replace")
    alone = text.count(_UNKNOWN)
    return alone >= len(text) - len(text.encode("ascii", errors="ignore")) - alone


def _not_text(path: str, data: bytes) -> Exception:
    other = next((name for mark, name in _OTHERS.items() if data.startswith(mark)), None)
    message = f"{path} is {other}" if other else f"{path} is not text: it holds NUL bytes"
    fix = "give it the suffix of its format, or export the roster as CSV" if other else "export it as CSV in UTF-8"
    return unreadable_file("file-not-text", message, fix)


EMPTY_ROW = '""\n'  # a row of one empty cell; a bare line break would join a carriage return before it
LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")  # each with its line end
csv.field_size_limit(2**31 - 1)


def blank_malformed_rows(text: str, mark: str, width: int, row: int, faults: FaultLog) -> tuple[str, int]:
    """Return the text with a blank line for each row that does not fit, and how many rows are too short.

    Parameters
    ----------
    mark
        What separates cells.
    width
        How many cells the header has.
    row
        Spreadsheet row of the text's first row.
    """
    lines = LINE.findall(text)
    short = start = 0
    kept: list[str] = []
    for end, cells, trouble in _records(lines, mark):
        if trouble or any(map(str.strip, cells[width:])):
            faults.add(_open_quote(row, trouble) if trouble else _too_long(row, len(cells), width))
            kept.append(EMPTY_ROW)
        elif len(cells) > width:
            kept.append(_line(cells[:width], mark))
        else:
            short += len(cells) < width and any(map(str.strip, cells))
            kept.extend(lines[start:end])
        start, row = end, row + 1
    return "".join(kept), short


def _records(lines: list[str], mark: str) -> Iterator[tuple[int, list[str], str]]:
    """Yield where each record ends, its cells, and what is wrong with its quotes.

    After a quote that is never closed reading goes on in the line below it, so that one slip does not hide the rest.
    """
    end = 0
    while end < len(lines):
        start = end
        reader = csv.reader(map(lines.__getitem__, range(start, len(lines))), delimiter=mark, strict=True)
        try:
            for cells in reader:
                end = start + reader.line_num
                yield end, cells, ""
        except csv.Error as error:
            relaxed = csv.reader([lines[end], ""], delimiter=mark)
            cells = next(relaxed)  # `"a" b` closes its quote, if oddly
            yield end + 1, cells, str(error) if relaxed.line_num > 1 else ""
            end += 1


def _line(cells: list[str], mark: str) -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=mark, lineterminator="\n").writerow(cells)
    return text.getvalue()


def _open_quote(row: int, trouble: str) -> Fault:
    message = f"row {row} opens a quote and does not close it ({trouble})"
    fix = 'close the quote, or write a quote within a cell as ""'
    return Fault(code="row-quote", message=message, fix=fix, row=row)


def _too_long(row: int, cells: int, width: int) -> Fault:
    message = f"row {row} has {cells} cells where the header has {width}"
    return Fault(code="row-too-long", message=message, fix="put quotes around a cell that holds the separator", row=row)


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
    before = file_stamp(path)
    stored, digest = read_unpacked_bytes(path, options.max_unpacked)
    data, notes = to_utf8(path, stored)
    plain = before is not None and data is stored and len(data) == before[1] and not notes
    words = options.vocabulary.with_user_columns(options.columns)
    layout = _layout(path, data, words)
    if layout.delimiter != ",":
        notes.append(f"cells are separated by {DELIMITERS[layout.delimiter]}s")
    if layout.row > 1:
        notes.append(f"the header was found in row {layout.row}")
    frame = _from_file(path, data, layout) if plain else None
    if file_stamp(path) != before:
        frame = None  # the file was written to meanwhile: the bytes read are the roster
    frame = _frame(path, data, layout, words, faults, notes, frame)
    row = np.arange(len(frame), dtype=np.int64) + layout.row + 1
    columns = [frame[i] for i in frame]
    table = RawTable(headers=layout.headers, columns=columns, row=row, sha256=digest(), notes=notes)
    drop_blank_rows(table)
    return table


def _layout(path: str, data: bytes, words: Vocabulary) -> DelimitedLayout:
    """Find the header: the first row that names our columns, else the first that is not blank."""
    head = data[:FIRST_BYTES].decode("utf-8", errors="ignore")
    best: tuple[int, int] = (-1, -1)
    layout: DelimitedLayout | None = None
    for mark in DELIMITERS:
        rows = list(islice(_first_rows(head, mark), FIRST_ROWS))
        found = words.find_header_row([cells for cells, _ in rows])
        if found is None or (found[1], len(rows[found[0]][0])) <= best:
            continue
        at, named = found
        headers, end = rows[at]
        best = named, len(headers)
        offset = len(head[:end].encode("utf-8"))
        layout = DelimitedLayout(delimiter=mark, headers=headers, row=at + 1, offset=offset)
    if layout is None or layout.offset >= FIRST_BYTES - 3:
        fix = f"its first row names the columns: {words.example}, ..."
        raise unreadable_file("header-missing", f"{path} holds no header", fix)
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
    if len(data) < LARGE_FILE or data.count(b"\n", 0, layout.offset) != layout.row:
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
        rest, short = blank_malformed_rows(text, layout.delimiter, len(layout.headers), layout.row + 1, faults)
        if short:
            rows = "1 row has" if short == 1 else f"{short:,} rows have"
            notes.append(f"{rows} fewer cells than the header: the missing ones count as empty")
        if frame is None or faults.count:
            data, layout = rest.encode("utf-8"), replace(layout, offset=0)
            frame = _parsed(path, data, layout, mended=True)
    assert frame is not None
    small = len(data) < LARGE_FILE
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
    if is_numeric(column) and words.holds_numbers(header):
        found = words.find_column(header)
        people = found is not None and found[0] in words.whole_numbers
        amount = found is None or words.get_kind(found[0]) in (Kind.COUNT, Kind.MONEY)
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
            raise unreadable_file("file-damaged", message, "export it again as CSV") from None
