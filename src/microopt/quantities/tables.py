"""Many objects of the same keys, column by column: of tens of thousands, row by row takes many times as long."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import repeat
from typing import Any


class Table:
    """Objects that have the same keys.

    Parameters
    ----------
    columns
        By key, in the order of the keys: the values, or a table where they are such objects themselves.

    Attributes
    ----------
    texts
        By key, and by whether keys within the values are sorted: their JSON, as far as it has been made.
    """

    def __init__(self, columns: Mapping[str, list[Any] | Table]) -> None:
        self.columns = dict(columns)
        self.texts: dict[tuple[str, bool], list[bytes]] = {}

    def __len__(self) -> int:
        return len(next(iter(self.columns.values()), ()))

    def select(self, keys: Sequence[str]) -> Table:
        """Return the objects with only these keys."""
        selected = Table({key: self.columns[key] for key in keys})
        selected.texts = self.texts
        return selected

    def rows(self) -> list[dict[str, Any]]:
        """Return the objects themselves."""
        return rows_of({key: rows_of_column(column) for key, column in self.columns.items()})


def rows_of(columns: Mapping[str, Sequence[Any]]) -> list[dict[str, Any]]:
    """Return an object for each row of some columns, which are its keys."""
    rows = zip(*columns.values(), strict=True)
    return list(map(dict, map(zip, repeat(tuple(columns)), rows)))  # without a step of Python for each row


def rows_of_column(column: list[Any] | Table) -> list[Any]:
    """Return the values of a column one by one."""
    return column.rows() if isinstance(column, Table) else column
