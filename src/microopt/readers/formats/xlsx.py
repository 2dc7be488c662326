"""A workbook's sheet -> RawTable, through python-calamine (the extra `excel`); formulas are never evaluated.

A workbook's parts, looked at before a parser sees them.

calamine unpacks what it is given, allots as much memory as a count says, and a rectangle up to the farthest cell. A
cell that holds an error, or a formula that was never calculated, it gives as empty. Here sizes and counts are held
against the bytes, a far cell is refused, and such cells become texts.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from typing import Any

import numpy as np
import pandas as pd

from microopt.errors import RosterError, did_you_mean
from microopt.readers.fault_log import FaultLog
from microopt.readers.formats.raw_bytes import check_unpacked_size, read_stored_bytes, unreadable_file
from microopt.readers.formats.raw_table import RawTable, drop_blank_rows, format_number
from microopt.readers.options import ReadOptions
from microopt.readers.vocabulary import Vocabulary

FULL_ROWS = 1 << 20  # rows of a sheet
ROOMY = 1 << 22  # cells that a sheet may span even where it is nearly empty
SPARSE = 20  # cells spanned for each one filled, beyond which a larger sheet is refused
_WIDE = re.compile(rb"\br=[\"']([A-Za-z]{2,3})[0-9]+[\"']")
_ROWS = re.compile(rb"\br=[\"'][A-Za-z]{1,3}([0-9]{1,7})[\"']")
_BEYOND = re.compile(rb"\br=[\"'](?:[A-Za-z]*[0-9]{8}|[A-Za-z]{4,}[0-9])")  # no sheet has such a row or column
_COUNT = re.compile(rb"[cC]ount=[\"']([0-9]+)[\"']")
_ERROR = re.compile(rb"(<(?:\w+:)?c\b[^>]*?\bt=[\"'])e(?=[\"'])")
_FORMULA = re.compile(
    rb"<((?:\w+:)?c)\b([^>]*)>\s*<(?:\w+:)?f\b[^>]*?(?:/>|>([^<]*)</(?:\w+:)?f>)\s*"
    rb"(<(?:\w+:)?v\s*(?:/>|>\s*</(?:\w+:)?v>))?\s*</(?:\w+:)?c>"
)
_TYPE = re.compile(rb"\bt=[\"'][^\"']*[\"']")


def repair_workbook(path: str, stored: bytes, max_unpacked: int) -> bytes:
    """Return a workbook whose every filled cell calamine reads as filled: the bytes themselves where they are so.

    Raises
    ------
    RosterError
        If it is no workbook, or is or spans more than it may.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(stored)) as package:
            parts = package.infolist()
            check_unpacked_size(path, len(stored), sum(part.file_size for part in parts), max_unpacked)
            contents = {part.filename: package.read(part) for part in parts}  # no more than it says, and checked
    except (zipfile.BadZipFile, zlib.error, ValueError, OSError, EOFError, RuntimeError):
        raise _no_workbook(path, stored) from None
    mended = {}
    for name, xml in contents.items():
        if b"styleSheet" in xml or b"<sst" in xml or b":sst" in xml:
            _refuse_counts(path, xml)
        if b"sheetData" in xml:
            _refuse_far_cells(path, xml)
            told = _with_texts(xml)
            if told is not xml:
                mended[name] = told
    return _repacked(contents | mended) if mended else stored


def _no_workbook(path: str, stored: bytes) -> Exception:
    if stored.startswith(b"\xd0\xcf\x11\xe0"):
        message, fix = f"{path} is protected by a password, or an old .xls", "save it as .xlsx without a password"
        return unreadable_file("file-damaged", message, fix)
    return unreadable_file("file-damaged", f"{path} is not a workbook", "save it again as .xlsx, or export it as CSV")


def _refuse_counts(path: str, xml: bytes) -> None:
    """Refuse a table of texts or styles that says it holds more than its bytes can: room for as many is allotted."""
    if max(map(int, _COUNT.findall(xml)), default=0) > len(xml):
        raise _no_workbook(path, xml)


def _refuse_far_cells(path: str, xml: bytes) -> None:
    if _BEYOND.search(xml):
        raise _no_workbook(path, xml)
    roomy = max(ROOMY, SPARSE * (xml.count(b"<c ") + xml.count(b":c ")))
    columns = max((_number(letters) for letters in set(_WIDE.findall(xml))), default=26)
    if columns * FULL_ROWS <= roomy:
        return
    rows = max((int(found[1]) for found in _ROWS.finditer(xml)), default=0)
    if rows * columns > roomy:
        message = f"{path} spans {rows:,} rows and is nearly empty: it is not read"
        fix = "delete what stands far below or to the right of the table, or export it as CSV"
        raise unreadable_file("file-bomb", message, fix)


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _with_texts(xml: bytes) -> bytes:
    """Return a sheet in which errors and formulas without a value are texts: `#DIV/0!`, `=A1*2`."""
    if _ERROR.search(xml):
        xml = _ERROR.sub(rb"\1str", xml)
    if b"</c>" in xml and any(_is_open(found) for found in _FORMULA.finditer(xml)):
        xml = _FORMULA.sub(_as_text, xml)
    return xml


def _is_open(found: re.Match[bytes]) -> bool:
    """Whether a formula was never calculated; one whose result is an empty text was."""
    kind = _TYPE.search(found[2])
    return not (found[4] and kind and b"str" in kind[0])


def _as_text(found: re.Match[bytes]) -> bytes:
    if not _is_open(found):
        return found[0]
    name, attributes = found[1], _TYPE.sub(b"", found[2])
    prefix = name[:-1]
    return b'<%b%b t="str"><%bv>=%b</%bv></%b>' % (name, attributes, prefix, found[3] or b"", prefix, name)


def _repacked(contents: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as package:
        for name, content in contents.items():
            package.writestr(name, content)
    return packed.getvalue()


FIRST_ROWS = 30  # within which the header is looked for
Cell = int | float | str | bool | time | date | datetime | timedelta


def read_xlsx(path: str, options: ReadOptions, faults: FaultLog) -> RawTable:  # noqa: ARG001 (every format reader takes faults)
    """Read one sheet, by default the first that holds creators; the header is looked for below a title block.

    Raises
    ------
    RosterError
        If the file is no workbook, unpacks to more than it may, or has no such sheet or no header.
    """
    stored = read_stored_bytes(path)
    words = options.vocabulary.with_user_columns(options.columns)
    rows, name, others = _rows(path, repair_workbook(path, stored, options.max_unpacked), options.sheet, words)
    texts = _first(rows)
    found = words.find_header_row(texts)
    if found is None or (others and found[1] < 2):
        fix = f"its first row names the columns: {words.example}, ..."
        fix += f"; another sheet is read with --sheet: {', '.join(map(repr, others))[:300]}" if others else ""
        raise unreadable_file("header-missing", f"sheet {name!r} of {path} holds no header", fix)
    at = found[0]
    headers = [" ".join(text.split()) for text in texts[at]]
    body = rows[at + 1 :]
    columns = [_column([row[i] for row in body]) for i in range(len(headers))]
    notes = [f"the sheet is {name!r}"] + ([f"the header was found in row {at + 1}"] if at else [])
    row = np.arange(len(body), dtype=np.int64) + at + 2
    table = RawTable(headers=headers, columns=columns, row=row, sha256=sha256(stored).hexdigest(), notes=notes)
    drop_blank_rows(table)
    return table


def _rows(path: str, stored: bytes, wanted: str | None, words: Vocabulary) -> tuple[list[list[Cell]], str, list[str]]:
    """Return a sheet's cells from A1 on, its name, and those of the others."""
    try:
        from python_calamine import CalamineError, CalamineWorkbook
    except ImportError:
        fix = "install it with: pip install 'microopt[excel]'"
        raise RosterError("reading workbooks needs python-calamine", fix=fix, code="extra-missing") from None
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(stored))
        names = book.sheet_names
        name = _named(path, names, wanted)
        rows = _cells(book, name)
        if wanted is None and not _is_such(rows, words):
            for other in names[1:]:
                cells = _cells(book, other)
                if _is_such(cells, words):
                    name, rows = other, cells
                    break
        return rows, name, [other for other in names if other != name]
    except CalamineError as error:
        fix = "save it again as .xlsx, or export it as CSV"
        raise unreadable_file("file-damaged", f"{path} cannot be read as a workbook: {error}", fix) from None


def _cells(book: Any, name: str) -> list[list[Cell]]:
    cells: list[list[Cell]] = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    return cells


def _is_such(rows: list[list[Cell]], words: Vocabulary) -> bool:
    """Whether a sheet's header names what no file of this kind can do without."""
    texts = _first(rows)
    found = words.find_header_row(texts)
    named = {column[0] for text in (texts[found[0]] if found else ()) if (column := words.find_column(text))}
    return {*words.required} <= named


def _first(rows: list[list[Cell]]) -> list[list[str]]:
    return [[_text(cell) for cell in row] for row in rows[:FIRST_ROWS]]


def _named(path: str, names: list[str], wanted: str | None) -> str:
    if wanted is None and names:
        return names[0]
    if wanted in names:
        return str(wanted)
    if wanted and wanted.isdecimal() and 1 <= int(wanted) <= len(names):
        return names[int(wanted) - 1]
    fix = did_you_mean(wanted or "", names) or f"its sheets are {', '.join(names)}"
    raise unreadable_file("sheet-missing", f"{path} has no sheet {wanted!r}", fix)


def _column(cells: list[Cell]) -> pd.Series[Any]:
    """Return numbers where all filled cells are numbers, else text."""
    if all(isinstance(cell, int | float) and not isinstance(cell, bool) for cell in cells if cell != ""):
        numbers = [float(cell) if isinstance(cell, int | float) else float("nan") for cell in cells]
        return pd.Series(numbers, dtype=np.float64)
    return pd.Series([_text(cell) or None for cell in cells], dtype=object)


def _text(cell: Cell) -> str:
    if isinstance(cell, float):
        return format_number(cell)
    if isinstance(cell, bool):
        return str(cell).upper()  # as a spreadsheet shows it
    return cell if isinstance(cell, str) else str(cell)
