"""Read a sheet of a workbook into a `RawTable` with python-calamine, the extra `excel`; formulas are not evaluated.

The parts of the workbook are checked before calamine sees them (`repair_workbook`). calamine unpacks everything,
allocates as much memory as a stated count asks for, and builds a rectangle up to the farthest cell; cells with an error
or with a formula that was never calculated it returns as empty. Sizes and counts are therefore compared with the bytes,
far cells are refused, and such cells are turned into texts.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from hashlib import sha256
from typing import Any

import numpy as np
import pandas as pd

from microopt.errors import RosterError
from microopt.readers.fault_log import FaultLog
from microopt.readers.formats.header_rows import find_header, name_blank_headers
from microopt.readers.formats.raw_bytes import check_unpacked_size, read_stored_bytes, unreadable_file
from microopt.readers.formats.raw_table import RawTable, drop_blank_rows
from microopt.readers.formats.workbook_sheets import (
    Cell,
    WorkbookSheet,
    has_required_columns,
    head_texts,
    note_hidden_rows,
    read_sheet,
    to_cell_text,
)
from microopt.readers.options import ReadOptions
from microopt.readers.words.vocabulary import Vocabulary

MAX_SHEET_ROWS = 1 << 20
FREE_SPAN = 1 << 22  # cells that a sheet may span even if it is nearly empty
MAX_SPAN_RATIO = 20  # cells spanned per filled cell in a larger sheet
_WIDE_COLUMN = re.compile(rb"\br=[\"']([A-Za-z]{2,3})[0-9]+[\"']")
_ROW = re.compile(rb"\br=[\"'][A-Za-z]{1,3}([0-9]{1,7})[\"']")
_OUTSIDE_SHEET = re.compile(
    rb"\br=[\"'](?:[A-Za-z]*[0-9]{8}|[A-Za-z]{4,}[0-9])"
)  # beyond the rows and columns of a sheet
_COUNT_ATTRIBUTE = re.compile(rb"[cC]ount=[\"']([0-9]+)[\"']")
_ERROR_CELL = re.compile(rb"(<(?:\w+:)?c\b[^<>]*?\bt=[\"'])e(?=[\"'])")
_FORMULA_CELL = re.compile(
    rb"<((?:\w+:)?c)\b([^<>]*+)>\s*+<(?:\w+:)?f\b[^<>]*?(?:/>|>([^<]*+)</(?:\w+:)?f>)\s*+"
    rb"(<(?:\w+:)?v\s*+(?:/>|>\s*+</(?:\w+:)?v>))?\s*+</(?:\w+:)?c>"
)
_TYPE_ATTRIBUTE = re.compile(rb"\bt=[\"'][^\"']*[\"']")


def read_xlsx(path: str, options: ReadOptions, faults: FaultLog) -> RawTable:  # noqa: ARG001 (shared signature)
    """Read one sheet, by default the first that holds creators; the header may follow a title block.

    Raises
    ------
    RosterError
        If the file is not a workbook, unpacks to too much, or has no such sheet or no header.
    """
    stored = read_stored_bytes(path)
    vocabulary = options.vocabulary.with_user_columns(options.columns)
    book = _open_workbook(path, repair_workbook(path, stored, options.max_unpacked))
    sheet = _read_sheet(path, book, options.sheet, vocabulary)
    rows, others = sheet.rows, sheet.others
    header = find_header(head_texts(rows), vocabulary)
    if header is None or (others and header.known < 2 and not has_required_columns(rows, vocabulary)):
        fix = f"add a first row that names the columns, such as {vocabulary.example}"
        fix += f"; or read another sheet with --sheet: {', '.join(map(repr, others))[:300]}" if others else ""
        raise unreadable_file("header-missing", f"sheet {sheet.name!r} of {path} has no header", fix)
    headers = [" ".join(text.split()) for text in header.headers]
    body = rows[header.last + 1 :]
    columns = [_to_series([row[i] for row in body]) for i in range(len(headers))]
    row = np.arange(len(body), dtype=np.int64) + header.last + 2
    digest = sha256(stored).hexdigest()
    table = RawTable(headers=headers, columns=columns, row=row, sha256=digest, platform=sheet.platform)
    drop_blank_rows(table)
    hidden = note_hidden_rows(stored, sheet.number, table.row.tolist())
    table.doubts = [*sheet.doubts, *hidden]
    table.notes = [*sheet.notes, *filter(None, [header.note])]
    name_blank_headers(table)
    return table


def _read_sheet(path: str, book: Any, wanted: str | None, vocabulary: Vocabulary) -> WorkbookSheet:
    from python_calamine import CalamineError

    try:
        return read_sheet(path, book, wanted, vocabulary)
    except CalamineError as error:
        raise _damaged_workbook_error(path, error) from None


def _open_workbook(path: str, stored: bytes) -> Any:
    try:
        from python_calamine import CalamineError, CalamineWorkbook
    except ImportError:
        fix = "install it with: pip install 'microopt[excel]'"
        raise RosterError("reading workbooks needs python-calamine", fix=fix, code="extra-missing") from None
    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(stored))
    except CalamineError as error:
        raise _damaged_workbook_error(path, error) from None


def _damaged_workbook_error(path: str, error: Exception) -> Exception:
    fix = "save it again as .xlsx, or export it as .csv"
    return unreadable_file("file-damaged", f"{path} cannot be read as a workbook: {error}", fix)


def _to_series(cells: list[Cell]) -> pd.Series[Any]:
    """Return numbers if all filled cells are numbers, else text."""
    if all(isinstance(cell, int | float) and not isinstance(cell, bool) for cell in cells if cell != ""):
        numbers = [float(cell) if isinstance(cell, int | float) else float("nan") for cell in cells]
        return pd.Series(numbers, dtype=np.float64)
    return pd.Series([to_cell_text(cell) or None for cell in cells], dtype=object)


def repair_workbook(path: str, stored: bytes, max_unpacked: int) -> bytes:
    """Return a workbook whose filled cells calamine all returns as filled; the same bytes if it is one.

    Raises
    ------
    RosterError
        If it is not a workbook, unpacks to too much, or spans too many cells.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(stored)) as package:
            parts = package.infolist()
            check_unpacked_size(path, len(stored), sum(part.file_size for part in parts), max_unpacked)
            contents = {part.filename: package.read(part) for part in parts}  # zipfile checks sizes and checksums
    except (zipfile.BadZipFile, zlib.error, ValueError, OSError, EOFError, RuntimeError):
        raise _not_workbook_error(path, stored) from None
    repaired = {}
    for name, xml in contents.items():
        if b"styleSheet" in xml or b"<sst" in xml or b":sst" in xml:
            _check_counts(path, xml)
        if b"sheetData" in xml:
            _check_span(path, xml)
            new_xml = _with_text_cells(xml)
            if new_xml is not xml:
                repaired[name] = new_xml
    return _repack(contents | repaired) if repaired else stored


def _not_workbook_error(path: str, stored: bytes) -> Exception:
    if stored.startswith(b"\xd0\xcf\x11\xe0"):
        message, fix = f"{path} has a password or is an old .xls", "save it as .xlsx without a password"
        return unreadable_file("file-damaged", message, fix)
    return unreadable_file("file-damaged", f"{path} is not a workbook", "save it again as .xlsx, or export it as .csv")


def _check_counts(path: str, xml: bytes) -> None:
    """Refuse a table of texts or styles that states more entries than its bytes can hold: calamine allocates them."""
    if max(map(int, _COUNT_ATTRIBUTE.findall(xml)), default=0) > len(xml):
        raise _not_workbook_error(path, xml)


def _check_span(path: str, xml: bytes) -> None:
    if _OUTSIDE_SHEET.search(xml):
        raise _not_workbook_error(path, xml)
    max_span = max(FREE_SPAN, MAX_SPAN_RATIO * (xml.count(b"<c ") + xml.count(b":c ")))
    columns = max((_column_number(letters) for letters in set(_WIDE_COLUMN.findall(xml))), default=26)
    if columns * MAX_SHEET_ROWS <= max_span:
        return
    rows = max((int(match[1]) for match in _ROW.finditer(xml)), default=0)
    if rows * columns > max_span:
        message = f"{path} spans {rows:,} rows and is nearly empty: it is not read"
        fix = "delete cells far below or to the right of the table, or export it as .csv"
        raise unreadable_file("file-bomb", message, fix)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _with_text_cells(xml: bytes) -> bytes:
    """Return a sheet in which errors and formulas without a value are texts: `#DIV/0!`, `=A1*2`."""
    if _ERROR_CELL.search(xml):
        xml = _ERROR_CELL.sub(rb"\1str", xml)
    if b"</c>" in xml and any(map(_is_uncalculated, _FORMULA_CELL.finditer(xml))):
        xml = _FORMULA_CELL.sub(_to_text_cell, xml)
    return xml


def _is_uncalculated(match: re.Match[bytes]) -> bool:
    """Whether a formula was never calculated; one whose result is an empty text was."""
    cell_type = _TYPE_ATTRIBUTE.search(match[2])
    return not (match[4] and cell_type and b"str" in cell_type[0])


def _to_text_cell(match: re.Match[bytes]) -> bytes:
    if not _is_uncalculated(match):
        return match[0]
    name, attributes = match[1], _TYPE_ATTRIBUTE.sub(b"", match[2])
    prefix = name[:-1]
    return b'<%b%b t="str"><%bv>=%b</%bv></%b>' % (name, attributes, prefix, match[3] or b"", prefix, name)


def _repack(contents: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as package:
        for name, content in contents.items():
            package.writestr(name, content)
    return packed.getvalue()
