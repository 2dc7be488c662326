"""Read delimited text (comma, semicolon, tab, bar) into a `RawTable`.

pandas' C parser does the work. It reads strings where cells must stay as written. Where it would
silently repair a row, dropping extra cells or swallowing rows after an open quote, the csv module checks the text first
and names the rows at fault (`blank_malformed_rows`); pandas then parses the rest.
"""

from __future__ import annotations

import csv
import io
import re
import shlex
import warnings
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.errors import Fault
from microopt.files.reading import source_name
from microopt.quantities.size_limits import MAX_COLUMNS, MAX_HEADER_CHARACTERS
from microopt.readers.fault_log import FaultLog
from microopt.readers.file_kinds import CAMPAIGN, PLAN, name_kind
from microopt.readers.formats.encoding import DecodedText, note_lost_characters, to_utf8
from microopt.readers.formats.header_rows import find_header, name_blank_headers
from microopt.readers.formats.raw_bytes import (
    LARGE_FILE,
    count_byte,
    file_stamp,
    read_unpacked_bytes,
    unreadable_file,
)
from microopt.readers.formats.raw_table import RawTable, drop_blank_rows, is_numeric
from microopt.readers.formats.table_limits import (
    check_headers,
    filled_width,
    has_short_lines,
    too_many_columns_error,
)
from microopt.readers.options import ReadOptions
from microopt.readers.words.row_words import begins_like_note
from microopt.readers.words.vocabulary import ColumnKind, Vocabulary
from microopt.roster.extra_costs import FEE_EXTRAS

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
FIRST_ROWS = 30  # in which the header is searched
FIRST_BYTES = 1 << 20  # in which the header is searched
MIN_KNOWN = 2  # columns that a header names, so that a wider row of another delimiter is one of text
EMPTY_ROW = '""\n'  # a row of one empty cell; a plain line break would join a carriage return before it
LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")  # each with its line end
csv.field_size_limit(2**31 - 1)


class DelimitedLayout(Struct, frozen=True, kw_only=True):
    """The layout of a text.

    Attributes
    ----------
    delimiter
        What separates cells.
    headers
        The cells of the header.
    row
        Its last spreadsheet row.
    offset
        Position of the first byte after it.
    header_note
        Where it is, if it is not the first row alone.
    """

    delimiter: str
    headers: list[str]
    row: int
    offset: int
    header_note: str | None = None


def read_delimited(path: str, options: ReadOptions, faults: FaultLog) -> RawTable:
    """Read delimited text; the delimiter and the encoding are detected and noted.

    Raises
    ------
    RosterError
        If the bytes are not text, or hold no header.
    """
    before = file_stamp(path)
    stored, digest = read_unpacked_bytes(path, options.max_unpacked)
    _check_kind(path, stored)
    vocabulary = options.vocabulary.with_user_columns(options.columns)
    text = to_utf8(path, stored, options.encoding, vocabulary)
    data = text.data
    is_unchanged = before is not None and data is stored and len(data) == before[1] and text.is_plain
    layout = _find_layout(path, data, vocabulary)
    notes = _note_form(layout, text)
    frame = _parse_file(path, data, layout) if is_unchanged else None
    if file_stamp(path) != before:
        frame = None  # the file has been written to meanwhile; the bytes read before are the roster
    frame = _parse_bytes(path, data, layout, replace(options, vocabulary=vocabulary), faults, notes, frame)
    row = np.arange(len(frame), dtype=np.int64) + layout.row + 1
    columns = [frame[i] for i in frame]
    headers = layout.headers[: len(columns)]
    table = RawTable(
        headers=headers,
        columns=columns,
        row=row,
        sha256=digest(),
        notes=notes,
        delimiter=layout.delimiter,
        has_short_cells=has_short_lines(data, layout.offset),
        has_slashes=b"/" in data,
    )
    drop_blank_rows(table)
    name_blank_headers(table)
    note_lost_characters(table, text.lost)
    return table


_PORTFOLIO_LINE = re.compile(rb"^\s*\[\[\s*campaign\s*\]\]", re.MULTILINE)


def _check_kind(path: str, data: bytes) -> None:
    """Refuse a plan, another file of JSON, or a campaign file that was given in place of a table.

    Raises
    ------
    RosterError
        If it is one.
    """
    kind = name_kind(data)
    if kind in (PLAN, "JSON"):
        fix = "give the list itself, as .csv, .xlsx or .parquet"
        raise unreadable_file("file-damaged", f"{source_name(path)} is {kind}, not a table", fix)
    if kind == CAMPAIGN and path.endswith(".toml"):  # of another name it may be a table with such a header
        fix = f"give the list first, and this file after -c: roster.csv -c {shlex.quote(path)}"
        if _PORTFOLIO_LINE.search(data):
            kind, fix = (
                "the file of a portfolio",
                f"plan its campaigns together: microopt portfolio {shlex.quote(path)}",
            )
        raise unreadable_file("file-damaged", f"{path} is {kind}, not a table", fix)


def _note_form(layout: DelimitedLayout, text: DecodedText) -> list[str]:
    """Return what was detected of the file's form in one note, and what is doubted of its encoding in another."""
    form = [text.encoding] if text.encoding else []
    if layout.delimiter != ",":
        form.append(f"cells are separated by {DELIMITERS[layout.delimiter]}s")
    if layout.header_note:
        form.append(layout.header_note)
    return [note for note in ("; ".join(form), text.doubt) if note]


def _find_layout(path: str, data: bytes, vocabulary: Vocabulary) -> DelimitedLayout:
    """Find the delimiter and the header that name the most columns."""
    head = data[:FIRST_BYTES].decode("utf-8", errors="ignore")
    best: tuple[int, int] = (-1, -1)
    layout: DelimitedLayout | None = None
    widest = 0
    for delimiter in DELIMITERS:
        rows = list(islice(_first_rows(head, delimiter), FIRST_ROWS))
        width = max((filled_width(cells) for cells, _ in rows), default=0)
        if width > MAX_COLUMNS:  # unless another delimiter makes a table of it
            widest = max(widest, width)
            continue
        header = find_header([cells[:width] for cells, _ in rows], vocabulary)
        if header is None:
            continue
        full_width = max(len(cells) for cells, _ in rows[header.first : header.last + 1])
        headers = header.headers + [""] * (full_width - len(header.headers))
        if (header.known, len(headers)) <= best:
            continue
        best = header.known, len(headers)
        offset = len(head[: rows[header.last][1]].encode("utf-8"))
        layout = DelimitedLayout(
            delimiter=delimiter,
            headers=headers,
            row=header.last + 1,
            offset=offset,
            header_note=header.note,
        )
    if widest and best[0] < MIN_KNOWN:
        raise too_many_columns_error(path, widest)
    if layout is None or layout.offset >= FIRST_BYTES - 3:
        fix = f"add a first row that names the columns, such as {vocabulary.example}"
        raise unreadable_file("header-missing", f"{source_name(path)} has no header", fix)
    check_headers(path, layout.headers, layout.row)
    return layout


def _first_rows(head: str, delimiter: str) -> Iterator[tuple[list[str], int]]:
    """Yield the cells of the first rows, with spaces for line breaks in them, and the position after each row."""
    end = 0

    def lines() -> Iterator[str]:
        nonlocal end
        for line in LINE.finditer(head):
            end = line.end()
            yield line[0]

    for cells in csv.reader(lines(), delimiter=delimiter):
        yield [" ".join(cell[: MAX_HEADER_CHARACTERS + 1].splitlines()) for cell in cells], end


def _parse_file(path: str, data: bytes, layout: DelimitedLayout) -> pd.DataFrame | None:
    """Let pandas read a large file itself, which it does on several cores; None where the result could differ.

    pandas skips the lines above the first row by number, so there must be as many lines as rows.
    """
    if len(data) < LARGE_FILE or data.count(b"\n", 0, layout.offset) != layout.row:
        return None
    frame: pd.DataFrame | None = _parse_csv(path, Path(path), layout, skiprows=layout.row, compression=None)
    return frame


def _parse_bytes(
    path: str,
    data: bytes,
    layout: DelimitedLayout,
    options: ReadOptions,
    faults: FaultLog,
    notes: list[str],
    frame: pd.DataFrame | None,
) -> pd.DataFrame:
    """Let pandas infer numbers, then parse again as text what must come back as written (`007` is not a number).

    Parameters
    ----------
    frame
        What pandas has parsed already, or None.
    """
    frame = _parse_csv(path, data, layout) if frame is None else frame
    if frame is None or _may_have_malformed_rows(frame, data, layout):
        text = data[layout.offset :].decode("utf-8")
        repaired, short = blank_malformed_rows(text, layout.delimiter, len(layout.headers), layout.row + 1, faults)
        if short:
            subject = "1 row has" if short == 1 else f"{short:,} rows have"
            notes.append(f"{subject} fewer cells than the header: the missing ones count as empty")
        if frame is None or faults.count:
            data, layout = repaired.encode("utf-8"), replace(layout, offset=0)
            frame = _parse_csv(path, data, layout, is_repaired=True)
    assert frame is not None
    frame = _without_blank_end(frame, layout.headers)
    changed = [
        i
        for i, header in enumerate(layout.headers[: len(frame.columns)])
        if not _is_as_written(frame[i], header, options.vocabulary, options.decimal)
    ]
    if changed:
        frame[changed] = _parse_csv(path, data, layout, is_repaired=True, usecols=changed, dtype=str)
    return frame


def _without_blank_end(frame: pd.DataFrame, headers: list[str]) -> pd.DataFrame:
    """Return the rows without the last columns that have neither a header nor cells: spreadsheets export thousands."""
    width = filled_width(headers)
    if width == len(headers):
        return frame
    filled = np.flatnonzero(frame.iloc[:, width:].notna().any())
    return frame.iloc[:, : width + (int(filled[-1]) + 1 if len(filled) else 0)].copy()


def _may_have_malformed_rows(frame: pd.DataFrame, data: bytes, layout: DelimitedLayout) -> bool:
    """Whether the numbers of lines and separators do not match: rows may be short, or swallowed by an open quote."""
    if b'"' in data and _count_lines(data, layout.offset) != len(frame):
        return True
    cells = count_byte(data, layout.delimiter.encode(), layout.offset) + len(frame) if frame.iloc[:, -1].hasnans else 0
    return cells not in (0, frame.size)


def _count_lines(data: bytes, start: int) -> int:
    returns = count_byte(data, b"\r", start) if b"\r" in data else 0
    breaks = count_byte(data, b"\n", start) + returns - (data.count(b"\r\n", start) if returns else 0)
    return breaks + (not data.endswith((b"\r", b"\n")))


def _is_as_written(column: pd.Series[Any], header: str, vocabulary: Vocabulary, decimal: str | None) -> bool:
    """Whether pandas kept a column as it was written, or parsed it as the numbers that it should hold.

    A point may group thousands, `12.000`, which a parsed number no longer shows. Columns of money and of counts
    therefore stay text unless their numbers show that no point can, or that every point is a decimal one.

    Parameters
    ----------
    decimal
        The decimal mark that the user states: where it is the comma, no column with a point is one of plain numbers;
        where it is the point, a number of people with one is a fault, which quotes the cell as it is written.
    """
    if is_numeric(column) and vocabulary.holds_numbers(header):
        if column.dtype.kind != "f":
            return True
        found = vocabulary.find_column(header)
        may_be_money = found is None or (found[0] in FEE_EXTRAS and "%" not in header)
        kind = ColumnKind.MONEY if may_be_money or found is None else vocabulary.get_kind(found[0])
        values = column.to_numpy()
        is_ambiguous = decimal == "," or (decimal is None and _may_group_thousands(values, kind))
        is_whole = found is not None and found[0] in vocabulary.whole_numbers
        is_quoted = decimal == "." and is_whole and _has_fractions(values)
        return not (is_ambiguous or is_quoted or np.isinf(values).any())
    return isinstance(column.dtype, pd.StringDtype) or not column.notna().any()


def _has_fractions(values: NDArray[np.float64]) -> bool:
    return bool((np.isfinite(values) & (values != np.rint(values))).any())


def _may_group_thousands(values: NDArray[np.float64], kind: ColumnKind) -> bool:
    """Whether the point of some number may have grouped thousands, as it may in counts and money below 1,000.

    In counts it has not where another point has four digits before it, a zero, or more than three decimals behind it.
    """
    if kind not in (ColumnKind.COUNT, ColumnKind.MONEY):
        return False
    with np.errstate(invalid="ignore", over="ignore"):
        size = np.abs(values)
        if kind is ColumnKind.COUNT:
            is_fraction = np.isfinite(size) & (size != np.rint(size))
            is_long = np.abs(size * 1000 - np.rint(size * 1000)) > 1e-6 * size
            if (is_fraction & ((size >= 1000) | (size < 1) | is_long)).any():
                return False
        return bool(((size < 1000) & (size >= 1)).any())


def _parse_csv(
    path: str, data: bytes | Path, layout: DelimitedLayout, *, is_repaired: bool = False, **options: Any
) -> Any:
    """Return the rows as a frame, or None where pandas would have to repair some and they are not repaired yet."""
    source: io.BytesIO | Path = data if isinstance(data, Path) else io.BytesIO(data)
    if isinstance(source, io.BytesIO):
        source.seek(layout.offset)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", pd.errors.DtypeWarning)  # columns of numbers and text are parsed again as text
        warnings.simplefilter("ignore" if is_repaired else "error", pd.errors.ParserWarning)
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
        # Of valid text the parser raises nothing else; anything more is a defect, and must not pass for a damaged file.
        except (pd.errors.ParserError, pd.errors.ParserWarning) as error:
            if not is_repaired:
                return None
            message = f"{source_name(path)} cannot be read as rows of cells: {error}"
            raise unreadable_file("file-damaged", message, "export it again as .csv") from None


def blank_malformed_rows(text: str, delimiter: str, width: int, row: int, faults: FaultLog) -> tuple[str, int]:
    """Return the text with an empty row for each one that is too long or opens a quote, and the number of short rows.

    A note whose commas make too many cells of it becomes a row of one cell.

    Parameters
    ----------
    width
        The number of cells in the header.
    row
        Spreadsheet row of the text's first row.
    faults
        Takes a fault for each malformed row.
    """
    lines = LINE.findall(text)
    short = start = 0
    repaired: list[str] = []
    for end, cells, problem in _split_records(lines, delimiter):
        is_note = len(cells) not in (0, width) and not problem and begins_like_note(cells[0].strip())
        if is_note and len(cells) > width:
            repaired.append(_format_row([delimiter.join(filter(None, cells))], delimiter))
        elif problem or any(map(str.strip, cells[width:])):
            faults.add(_open_quote_fault(row, problem) if problem else _too_long_fault(row, len(cells), width))
            repaired.append(EMPTY_ROW)
        elif len(cells) > width:
            repaired.append(_format_row(cells[:width], delimiter))
        else:
            short += len(cells) < width and any(map(str.strip, cells)) and not is_note
            repaired.extend(lines[start:end])
        start, row = end, row + 1
    return "".join(repaired), short


def _split_records(lines: list[str], delimiter: str) -> Iterator[tuple[int, list[str], str]]:
    """Yield the end of each record, its cells, and the problem with its quotes, if any.

    After a quote that is never closed, parsing continues on the next line, so that one slip does not hide the rest.
    """
    end = 0
    while end < len(lines):
        start = end
        reader = csv.reader(map(lines.__getitem__, range(start, len(lines))), delimiter=delimiter, strict=True)
        try:
            for cells in reader:
                end = start + reader.line_num
                yield end, cells, ""
        except csv.Error as error:
            lenient = csv.reader([lines[end], ""], delimiter=delimiter)
            cells = next(lenient)  # `"a" b` closes its quote, if oddly
            yield end + 1, cells, str(error) if lenient.line_num > 1 else ""
            end += 1


def _format_row(cells: list[str], delimiter: str) -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\n").writerow(cells)
    return text.getvalue()


def _open_quote_fault(row: int, problem: str) -> Fault:
    message = f"row {row} opens a quote and does not close it ({problem})"
    fix = 'close the quote, or write a quote within a cell as ""'
    return Fault(code="row-quote", message=message, fix=fix, row=row)


def _too_long_fault(row: int, cells: int, width: int) -> Fault:
    message = f"row {row} has {cells} cells where the header has {width}"
    fix = 'put quotes around a cell that has the separator in it: "Berlin, Germany"'
    return Fault(code="row-too-long", message=message, fix=fix, row=row)
