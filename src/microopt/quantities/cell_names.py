"""The names of a spreadsheet's cells."""

from __future__ import annotations


def column_letters(column: int) -> str:
    """Return the name of a column: A for 0, AA for 26."""
    name, column = "", column + 1
    while column:
        column, place = divmod(column - 1, 26)
        name = chr(ord("A") + place) + name
    return name
