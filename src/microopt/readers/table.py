"""RawTable: a file's cells before any meaning is given to them."""

from __future__ import annotations

from math import isnan
from typing import Any

import numpy as np
import pandas as pd
from msgspec import Struct, field
from numpy.typing import NDArray


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


def is_number(column: pd.Series[Any]) -> bool:
    """Whether the format reader already has this column as numbers."""
    return column.dtype.kind in "iuf"


def texts(column: pd.Series[Any]) -> list[str]:
    """Return a column's cells as text, "" where empty."""
    if is_number(column):
        return ["" if isnan(value) else f"{value:.15g}" for value in column.to_list()]
    if isinstance(column.dtype, pd.StringDtype):
        return list(column.to_numpy(dtype=object, na_value=""))
    return ["" if cell is None or cell is pd.NA or cell != cell else str(cell) for cell in column.to_list()]  # noqa: PLR0124


def drop_blank(table: RawTable) -> None:
    """Drop rows whose cells are all empty, and a line of `====` right under the header."""
    filled = np.zeros(len(table.row), dtype=bool)
    for column in table.columns:
        filled |= column.notna().to_numpy()
        if filled.all():
            break
    if len(filled) and filled[0] and _is_rule(table):
        filled[0] = False
    if not filled.all():
        table.keep(filled)


def _is_rule(table: RawTable) -> bool:
    cells = [str(column.iloc[0]).strip() for column in table.columns if pd.notna(column.iloc[0])]
    return any(cells) and all(set(cell) <= set("=-_*~+|") and (not cell or len(cell) >= 3) for cell in cells)
