"""The cells of a file before they are interpreted."""

from __future__ import annotations

from math import isnan
from typing import Any

import numpy as np
import pandas as pd
from msgspec import Struct, field
from numpy.typing import NDArray

from microopt.roster.roster import RowRemark

EXACT_BELOW = 1e15  # whole numbers below it are exact in a spreadsheet


class RawTable(Struct, kw_only=True):
    """Headers and columns as a format reader returns them.

    Attributes
    ----------
    headers
        As written, in the file's order; they may repeat.
    columns
        One per header: numbers if the format has clean numbers, else text, with empty cells missing or "".
    row
        (n,) number of each row in a spreadsheet.
    sha256
        Of the bytes read.
    doubts
        What was perhaps not meant to be read, or left unread, in sentences: such as other sheets.
    notes
        What the format reader detected or assumed, in sentences.
    remarks
        What it changed or doubts, by row.
    delimiter
        What separates the cells of a text, "" in other formats.
    sheet
        The sheet of a workbook that is read, "" in other formats.
    platform
        The platform after which the sheet of a workbook is named, if it is.
    has_short_cells
        Whether the format reader knows that no cell is too long, so that none is measured.
    has_slashes
        Whether a cell may hold a slash, as links do; False if the format reader knows that none does.
    """

    headers: list[str]
    columns: list[pd.Series[Any]]
    row: NDArray[np.int64]
    sha256: str
    doubts: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    remarks: list[RowRemark] = field(default_factory=list)
    delimiter: str = ""
    sheet: str = ""
    platform: str | None = None
    has_short_cells: bool = False
    has_slashes: bool = True

    def keep_rows(self, mask: NDArray[np.bool_]) -> None:
        """Drop the rows that are not in `mask`."""
        self.columns = [column[mask] for column in self.columns]
        self.row = self.row[mask]


def is_numeric(column: pd.Series[Any]) -> bool:
    """Whether the format reader has returned this column as numbers."""
    return column.dtype.kind in "iuf"


def to_texts(column: pd.Series[Any]) -> list[str]:
    """Return a column's cells as text, "" where empty."""
    if column.dtype.kind in "iu":
        return list(map(str, column.to_list()))
    if is_numeric(column):
        return ["" if isnan(value) else format_number(value) for value in column.to_list()]
    if isinstance(column.dtype, pd.StringDtype):
        return list(column.to_numpy(dtype=object, na_value=""))
    return ["" if cell is None or cell is pd.NA or cell != cell else str(cell) for cell in column.to_list()]  # noqa: PLR0124


def cell_text(column: pd.Series[Any], row: int) -> str:
    """Return the text of one cell, by a slice: to pick a row of a large Arrow column copies it."""
    return to_texts(column.iloc[row : row + 1])[0]


def to_arrow_strings(column: pd.Series[Any]) -> Any:
    """Return a text column as the chunked Arrow array in which pandas keeps it if pyarrow is installed, else None.

    Empty cells are empty texts in it. To join its chunks takes longer than most of what is done with them.
    """
    if not isinstance(column.dtype, pd.StringDtype) or column.dtype.storage != "pyarrow":
        return None
    import pyarrow as pa

    cells: Any = column.array.__arrow_array__()  # the protocol of Arrow
    cells = cells if isinstance(cells, pa.ChunkedArray) else pa.chunked_array([cells])
    return cells.fill_null("") if cells.null_count else cells


def factorize_cells(column: pd.Series[Any]) -> tuple[NDArray[np.int32], list[str]]:
    """Return the position of each cell's text among the distinct texts, and these in order of appearance."""
    cells = to_arrow_strings(column)
    if cells is None:
        texts = column if isinstance(column.dtype, pd.StringDtype) else np.asarray(to_texts(column), dtype=object)
        codes, distinct = pd.factorize(texts, use_na_sentinel=False)
        return codes.astype(np.int32), to_texts(pd.Series(distinct))
    chunks = cells.dictionary_encode().chunks  # of one dictionary
    if not chunks:
        return np.zeros(0, dtype=np.int32), []
    return np.concatenate([chunk.indices.to_numpy() for chunk in chunks]), chunks[-1].dictionary.to_pylist()


def format_number(value: float) -> str:
    """Return a number as one would type it: 7 for 7.0, and a long identifier without an exponent."""
    return str(int(value)) if value.is_integer() and abs(value) < EXACT_BELOW else f"{value:.15g}"


def drop_blank_rows(table: RawTable) -> None:
    """Drop rows whose cells are all empty or spaces, and a line such as `====` right below the header."""
    is_blank = np.ones(len(table.row), dtype=bool)
    for column in sorted(table.columns, key=is_numeric, reverse=True):  # numbers are faster to test
        rows = np.flatnonzero(is_blank)
        cells = column if len(rows) == len(column) else column.iloc[rows]
        is_blank[rows] = (
            cells.isna() if is_numeric(column) else [not cell.strip().strip("\ufeff") for cell in to_texts(cells)]
        )
        if not is_blank.any():
            break
    filled = np.flatnonzero(~is_blank)
    if len(filled) and _is_separator_row(table, int(filled[0])):
        is_blank[filled[0]] = True
    if is_blank.any():
        table.keep_rows(~is_blank)


def _is_separator_row(table: RawTable, row: int) -> bool:
    cells = [cell_text(column, row).strip() for column in table.columns]
    return all(set(cell) <= set("=-_*~+|") and (not cell or len(cell) >= 3) for cell in cells)
