"""RawTable: a file's cells before any meaning is given to them."""

from __future__ import annotations

from math import isnan
from typing import Any

import numpy as np
import pandas as pd
from msgspec import Struct, field
from numpy.typing import NDArray

EXACT_BELOW = 1e15  # whole numbers below are exact in a spreadsheet


class RawTable(Struct, kw_only=True):
    """Headers and columns as a format reader found them.

    Attributes
    ----------
    headers
        As written, in the file's order; two may be equal.
    columns
        One a header: numbers where the format had clean numbers, else text, empty cells being missing or "".
    row
        (n,) row as a spreadsheet shows it.
    sha256
        Of the bytes read.
    notes
        What the format reader detected, in sentences.
    """

    headers: list[str]
    columns: list[pd.Series[Any]]
    row: NDArray[np.int64]
    sha256: str
    notes: list[str] = field(default_factory=list)

    def keep(self, mask: NDArray[np.bool_]) -> None:
        """Drop the rows that are not in `mask`."""
        self.columns = [column[mask] for column in self.columns]
        self.row = self.row[mask]


def is_numeric(column: pd.Series[Any]) -> bool:
    """Whether the format reader already has this column as numbers."""
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


def to_arrow_strings(column: pd.Series[Any]) -> Any:
    """Return a text column as the one Arrow array that pandas keeps it in where pyarrow is installed, else None.

    An empty cell is an empty text in it.
    """
    if not isinstance(column.dtype, pd.StringDtype) or column.dtype.storage != "pyarrow":
        return None
    cells: Any = column.array.__arrow_array__()  # Arrow's own protocol
    cells = cells.combine_chunks() if hasattr(cells, "combine_chunks") else cells
    return cells.fill_null("") if cells.null_count else cells


def format_number(value: float) -> str:
    """Return a number as one would type it: 7 for 7.0, and no 1e+15 for a long identity."""
    return str(int(value)) if value.is_integer() and abs(value) < EXACT_BELOW else f"{value:.15g}"


def drop_blank_rows(table: RawTable) -> None:
    """Drop rows whose cells are all empty or spaces, and a line of `====` right under the header."""
    blank = np.ones(len(table.row), dtype=bool)
    for column in sorted(table.columns, key=is_numeric, reverse=True):  # numbers are the quicker to ask
        rows = np.flatnonzero(blank)
        cells = column.iloc[rows]
        blank[rows] = (
            cells.isna() if is_numeric(column) else [not cell.strip().strip("\ufeff") for cell in to_texts(cells)]
        )
        if not blank.any():
            break
    filled = np.flatnonzero(~blank)
    if len(filled) and _is_rule(table, int(filled[0])):
        blank[filled[0]] = True
    if blank.any():
        table.keep(~blank)


def _is_rule(table: RawTable, row: int) -> bool:
    cells = [cell.strip() for column in table.columns for cell in to_texts(column.iloc[row : row + 1])]
    return all(set(cell) <= set("=-_*~+|") and (not cell or len(cell) >= 3) for cell in cells)
