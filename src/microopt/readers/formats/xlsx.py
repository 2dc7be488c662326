"""Read one sheet of a workbook into a `RawTable`; formulas are not evaluated."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import numpy as np
import pandas as pd

from microopt.quantities.size_limits import MAX_COLUMNS
from microopt.readers.fault_log import FaultLog
from microopt.readers.formats.header_rows import find_header, name_blank_headers
from microopt.readers.formats.raw_bytes import read_stored_bytes, unreadable_file
from microopt.readers.formats.raw_table import RawTable, drop_blank_rows
from microopt.readers.formats.table_limits import check_headers, filled_width, too_many_columns_error
from microopt.readers.formats.workbook import Cell, open_workbook
from microopt.readers.formats.workbook_sheets import (
    has_required_columns,
    head_texts,
    note_hidden_rows,
    read_sheet,
    to_cell_text,
)
from microopt.readers.options import ReadOptions


def read_xlsx(path: str, options: ReadOptions, faults: FaultLog) -> RawTable:  # noqa: ARG001 (shared signature)
    """Read one sheet, by default the first that holds creators; the header may follow a title block.

    Raises
    ------
    RosterError
        If the file is not a workbook, unpacks to too much, or has no such sheet or no header.
    """
    stored = read_stored_bytes(path)
    vocabulary = options.vocabulary.with_user_columns(options.columns)
    with open_workbook(path, stored, options.max_unpacked) as book:
        sheet = read_sheet(path, book, options.sheet, vocabulary)
        hidden_rows = book.hidden_rows(sheet.name)
    rows, others = sheet.rows, sheet.others
    head = head_texts(rows)
    if (width := max(map(filled_width, head), default=0)) > MAX_COLUMNS:
        raise too_many_columns_error(path, width)
    header = find_header([cells[:MAX_COLUMNS] for cells in head], vocabulary)
    if header is None or (others and header.known < 2 and not has_required_columns(rows, vocabulary)):
        fix = f"add a first row that names the columns, such as {vocabulary.example}"
        fix += f"; or read another sheet with --sheet: {', '.join(map(repr, others))[:300]}" if others else ""
        raise unreadable_file("header-missing", f"sheet {sheet.name!r} of {path} has no header", fix)
    check_headers(path, header.headers, header.last + 1)
    headers = [" ".join(text.split()) for text in header.headers]
    body = rows[header.last + 1 :]
    columns = [_to_series([row[i] for row in body]) for i in range(len(headers))]
    row = np.arange(len(body), dtype=np.int64) + header.last + 2
    digest = sha256(stored).hexdigest()
    table = RawTable(
        headers=headers, columns=columns, row=row, sha256=digest, sheet=sheet.name, platform=sheet.platform
    )
    drop_blank_rows(table)
    table.doubts = [*sheet.doubts, *note_hidden_rows(hidden_rows, table.row.tolist())]
    table.notes = [*sheet.notes, *filter(None, [header.note])]
    name_blank_headers(table)
    return table


def _to_series(cells: list[Cell]) -> pd.Series[Any]:
    """Return numbers if all filled cells are numbers, else text."""
    if all(isinstance(cell, int | float) and not isinstance(cell, bool) for cell in cells if cell != ""):
        numbers = [float(cell) if isinstance(cell, int | float) else float("nan") for cell in cells]
        return pd.Series(numbers, dtype=np.float64)
    return pd.Series([to_cell_text(cell) or None for cell in cells], dtype=object)
