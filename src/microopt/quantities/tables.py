"""Many objects of the same keys, column by column: of tens of thousands, row by row takes many times as long."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import repeat
from typing import Any

import numpy as np
from numpy.typing import NDArray


class Coded:
    """A column of few different values: each is kept once, and rows have its number.

    Parameters
    ----------
    values
        The different values; two of them may be equal, or in no row.
    codes
        (n,) by row, the position of its value.
    """

    def __init__(self, values: Sequence[Any], codes: NDArray[Any]) -> None:
        self.values, self.codes = values, codes

    @classmethod
    def repeated(cls, value: Any, count: int) -> Coded:
        """Return a column of one value."""
        return cls([value], np.zeros(count, dtype=np.int8))

    def __len__(self) -> int:
        return len(self.codes)

    def __getitem__(self, row: int) -> Any:
        return self.values[self.codes[row]]

    @property
    def is_constant(self) -> bool:
        """Whether all rows have the same value, and there are rows."""
        return len(self.codes) > 0 and bool((self.codes == self.codes[0]).all())

    def tolist(self) -> list[Any]:
        """Return the value of each row."""
        return list(map(self.values.__getitem__, self.codes.tolist()))

    def with_values(self, values: Sequence[Any]) -> Coded:
        """Return the column with other values in the place of these."""
        return Coded(values, self.codes)


class Table:
    """Objects that have the same keys.

    Parameters
    ----------
    columns
        By key, in the order of the keys: the values, or a table where they are such objects themselves.
    build
        What makes an object of its values, given in the order of the keys; without it, objects are dictionaries.

    Attributes
    ----------
    texts
        By key, and by whether keys within the values are sorted: their JSON, as far as it has been made.
    """

    def __init__(self, columns: Mapping[str, Column], build: Callable[..., Any] | None = None) -> None:
        self.columns = dict(columns)
        self.build = build
        self.texts: dict[tuple[str, bool], list[bytes] | Coded] = {}

    def __len__(self) -> int:
        return len(next(iter(self.columns.values()), ()))

    def __getitem__(self, row: int) -> Any:
        """Return one of the objects."""
        values = [value_at(column, row) for column in self.columns.values()]
        return dict(zip(self.columns, values, strict=True)) if self.build is None else self.build(*values)

    def select(self, keys: Sequence[str]) -> Table:
        """Return the objects with only these keys."""
        selected = Table({key: self.columns[key] for key in keys})
        selected.texts = self.texts
        return selected

    def rows(self) -> list[Any]:
        """Return the objects themselves."""
        columns = {key: values_of(column) for key, column in self.columns.items()}
        return rows_of(columns) if self.build is None else list(map(self.build, *columns.values()))


Column = Sequence[Any] | NDArray[Any] | Coded | Table


def rows_of(columns: Mapping[str, Iterable[Any]]) -> list[dict[str, Any]]:
    """Return an object for each row of some columns, which are its keys."""
    rows = zip(*columns.values(), strict=True)
    return list(map(dict, map(zip, repeat(tuple(columns)), rows)))  # without a step of Python for each row


def values_of(column: Column) -> Sequence[Any]:
    """Return the values of a column one by one, as objects of Python."""
    if isinstance(column, Table):
        return column.rows()
    return column.tolist() if isinstance(column, Coded | np.ndarray) else column


def value_at(column: Column, row: int) -> Any:
    """Return one value of a column, as an object of Python."""
    value = column[row]
    return value.item() if isinstance(value, np.generic) else value
