"""Where the figures of a sheet's rows stand, so that formulas of other cells can name them."""

from __future__ import annotations

from msgspec import Struct
from xlsxwriter.utility import quote_sheetname


def column_letters(column: int) -> str:
    """Return a column's name: A for 0, AA for 26."""
    name, column = "", column + 1
    while column:
        column, place = divmod(column - 1, 26)
        name = chr(ord("A") + place) + name
    return name


class SheetGrid(Struct, frozen=True, kw_only=True):
    """A table of a sheet, named by keys.

    Attributes
    ----------
    sheet
        Its sheet's name.
    keys
        One a column.
    first
        Row of its first line, counted from 0.
    rows
        How many lines it has; formulas are of one where there is none.
    """

    sheet: str
    keys: tuple[str, ...]
    first: int
    rows: int

    def column(self, key: str) -> int:
        """Return where a column is, from 0."""
        return self.keys.index(key)

    def cell(self, key: str, row: int) -> str:
        """Return a cell as its own sheet calls it."""
        return f"{column_letters(self.column(key))}{row + 1}"

    def row_template(self, key: str) -> str:
        """Return the cell of a row that is yet to be named: `A{row}`."""
        return f"{column_letters(self.column(key))}{{row}}"

    def column_range(self, key: str) -> str:
        """Return all lines of a column as its own sheet calls them."""
        name = column_letters(self.column(key))
        return f"${name}${self.first + 1}:${name}${self.first + max(self.rows, 1)}"

    def column_reference(self, key: str) -> str:
        """Return all lines of a column as other sheets call them."""
        return f"{quote_sheetname(self.sheet)}!{self.column_range(key)}"
