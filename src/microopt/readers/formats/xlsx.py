"""A workbook's sheet -> RawTable, through python-calamine (the extra `excel`); formulas are never evaluated."""

from __future__ import annotations

import io
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from typing import Any

import numpy as np
import pandas as pd

from microopt.errors import RosterError, did_you_mean
from microopt.readers.fault_log import FaultLog
from microopt.readers.formats.raw_bytes import stored_bytes, unreadable
from microopt.readers.formats.raw_table import RawTable, drop_blank, written
from microopt.readers.formats.xlsx_guard import readable_package
from microopt.readers.options import ReadOptions
from microopt.readers.vocabulary import Vocabulary

FIRST_ROWS = 30  # within which the header is looked for
Cell = int | float | str | bool | time | date | datetime | timedelta


def read_xlsx(path: str, options: ReadOptions, faults: FaultLog) -> RawTable:  # noqa: ARG001 (every format reader takes faults)
    """Read one sheet, by default the first that holds creators; the header is looked for below a title block.

    Raises
    ------
    RosterError
        If the file is no workbook, unpacks to more than it may, or has no such sheet or no header.
    """
    stored = stored_bytes(path)
    words = options.vocabulary.taught(options.columns)
    rows, name, others = _rows(path, readable_package(path, stored, options.max_unpacked), options.sheet, words)
    texts = _first(rows)
    found = words.header_row(texts)
    if found is None or (others and found[1] < 2):
        fix = f"its first row names the columns: {words.example}, ..."
        fix += f"; another sheet is read with --sheet: {', '.join(map(repr, others))[:300]}" if others else ""
        raise unreadable("header-missing", f"sheet {name!r} of {path} holds no header", fix)
    at = found[0]
    headers = [" ".join(text.split()) for text in texts[at]]
    body = rows[at + 1 :]
    columns = [_column([row[i] for row in body]) for i in range(len(headers))]
    notes = [f"the sheet is {name!r}"] + ([f"the header was found in row {at + 1}"] if at else [])
    row = np.arange(len(body), dtype=np.int64) + at + 2
    table = RawTable(headers=headers, columns=columns, row=row, sha256=sha256(stored).hexdigest(), notes=notes)
    drop_blank(table)
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
        raise unreadable("file-damaged", f"{path} cannot be read as a workbook: {error}", fix) from None


def _cells(book: Any, name: str) -> list[list[Cell]]:
    cells: list[list[Cell]] = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    return cells


def _is_such(rows: list[list[Cell]], words: Vocabulary) -> bool:
    """Whether a sheet's header names what no file of this kind can do without."""
    texts = _first(rows)
    found = words.header_row(texts)
    named = {column[0] for text in (texts[found[0]] if found else ()) if (column := words.column_of(text))}
    return {*words.needed} <= named


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
    raise unreadable("sheet-missing", f"{path} has no sheet {wanted!r}", fix)


def _column(cells: list[Cell]) -> pd.Series[Any]:
    """Return numbers where all filled cells are numbers, else text."""
    if all(isinstance(cell, int | float) and not isinstance(cell, bool) for cell in cells if cell != ""):
        numbers = [float(cell) if isinstance(cell, int | float) else float("nan") for cell in cells]
        return pd.Series(numbers, dtype=np.float64)
    return pd.Series([_text(cell) or None for cell in cells], dtype=object)


def _text(cell: Cell) -> str:
    if isinstance(cell, float):
        return written(cell)
    if isinstance(cell, bool):
        return str(cell).upper()  # as a spreadsheet shows it
    return cell if isinstance(cell, str) else str(cell)
