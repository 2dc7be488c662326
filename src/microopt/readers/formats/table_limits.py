"""Refuse tables of too many columns and cells of too many characters, before anything looks at what they mean."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from microopt.errors import RosterError
from microopt.files.reading import source_name
from microopt.quantities.size_limits import (
    MAX_CELL_CHARACTERS,
    MAX_COLUMNS,
    MAX_HEADER_CHARACTERS,
    MAX_HEADER_ROW_CHARACTERS,
)
from microopt.readers.fault_log import FaultLog
from microopt.readers.formats.raw_bytes import unreadable_file
from microopt.readers.formats.raw_table import RawTable, is_numeric, to_texts

KEPT = 100  # characters of a cell that is too long, which messages show
LETTERS_OF_CHARACTER = 18  # the most that a character stands for when texts are compared: U+FDFA does
LETTERS_OF_BYTE = 6  # of that character, which has three bytes in UTF-8


def filled_width(cells: Sequence[str]) -> int:
    """Return the number of cells up to the last one that is filled."""
    width = len(cells)
    while width and not cells[width - 1].strip():
        width -= 1
    return width


def too_many_columns_error(path: str, columns: int) -> RosterError:
    """Return the error of a table with more columns than are read."""
    message = f"{source_name(path)} has {columns:,} columns, but the limit is {MAX_COLUMNS:,}"
    fix = "keep the columns that you need, such as creator, platform, followers and fee, and export it again"
    return unreadable_file("columns-too-many", message, fix)


def check_headers(path: str, headers: Sequence[str], row: int) -> None:
    """Refuse a header of too many columns or characters, or with a cell that no header has.

    Parameters
    ----------
    row
        The spreadsheet row of the header.

    Raises
    ------
    RosterError
        If it is one.
    """
    if (width := filled_width(headers)) > MAX_COLUMNS:
        raise too_many_columns_error(path, width)
    for number, header in enumerate(headers, 1):
        if _is_longer(header, MAX_HEADER_CHARACTERS):
            message = f"the header of column {number} of {source_name(path)}, in row {row}, has more than"
            message += f" {MAX_HEADER_CHARACTERS:,} characters: {header[:KEPT]}…"
            fix = "write a name of a few words there, such as creator"
            raise unreadable_file("header-too-long", message, fix)
    if (size := len(_spell_out("".join(headers)))) > MAX_HEADER_ROW_CHARACTERS:
        message = f"the headers of {source_name(path)}, in row {row}, have {size:,} characters in total,"
        message += f" but the limit is {MAX_HEADER_ROW_CHARACTERS:,}"
        fix = "write a name of a few words for each column, such as creator, or keep only the columns that you need"
        raise unreadable_file("header-too-long", message, fix)


def has_short_lines(data: bytes, start: int) -> bool:
    """Whether each line from a position on is so short that no cell of it can be too long, if no cell has a quote."""
    most = MAX_CELL_CHARACTERS // LETTERS_OF_CHARACTER  # bytes, which are no fewer than characters
    while len(data) - start > most:
        start = data.rfind(b"\n", start, start + most) + 1
        if not start:
            return False
    return b'"' not in data


def fault_long_cells(table: RawTable, faults: FaultLog) -> None:
    """Note a fault for each cell that holds more text than a spreadsheet's can, and keep its beginning alone."""
    if table.has_short_cells:
        return
    for position, column in enumerate(table.columns):
        rows = None if is_numeric(column) else _find_long(column)
        if rows is None or not len(rows):
            continue
        beginnings = [text[:KEPT] for text in to_texts(column.iloc[rows])]
        table.columns[position] = column.copy()
        table.columns[position].iloc[rows] = beginnings
        message = f"{{value}} goes on for more than {MAX_CELL_CHARACTERS:,} characters"
        fix = "shorten the cell and close each quote above it, or leave its row out with --skip-bad-rows"
        header, numbers = table.headers[position].strip(), table.row[rows].tolist()
        faults.add_cells(header, numbers, beginnings, "cell-too-long", message, fix)


def _find_long(column: pd.Series[Any]) -> NDArray[np.intp] | None:
    """Return the rows of the cells that are too long."""
    if isinstance(column.dtype, pd.StringDtype) and column.dtype.storage == "pyarrow":
        import pyarrow.compute as pc

        sizes: Any = pc.binary_length(column.array.__arrow_array__())  # bytes, which are no fewer than characters
        if (pc.max(sizes).as_py() or 0) * LETTERS_OF_BYTE <= MAX_CELL_CHARACTERS:
            return None
    texts = to_texts(column)
    lengths = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
    rows = np.flatnonzero(lengths * LETTERS_OF_CHARACTER > MAX_CELL_CHARACTERS)
    return rows[[_is_longer(texts[row], MAX_CELL_CHARACTERS) for row in rows]] if len(rows) else rows


def _is_longer(text: str, most: int) -> bool:
    """Whether a text has more characters, where one that stands for several letters counts as these."""
    if len(text) * LETTERS_OF_CHARACTER <= most:
        return False
    return len(text) > most or len(_spell_out(text)) > most


def _spell_out(text: str) -> str:
    """Return a text as texts are compared, with the letters that its characters stand for."""
    return unicodedata.normalize("NFKC", text)
