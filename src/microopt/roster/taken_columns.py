"""Columns of other rows, each taken only when it is asked for: a plan uses few columns of a large roster as a whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray


class _Column(Protocol):
    def take(self, rows: NDArray[np.intp], /) -> Any: ...


C = TypeVar("C", bound=_Column)


class TakenColumns(Mapping[str, C]):
    """Some rows of columns.

    Parameters
    ----------
    columns
        The columns of all rows, by name.
    rows
        (n,) the rows to take, in this order.
    """

    def __init__(self, columns: Mapping[str, C], rows: NDArray[np.intp]) -> None:
        self._columns, self._rows = columns, rows
        self._taken: dict[str, C] = {}

    def __getitem__(self, name: str) -> C:
        if name not in self._taken:
            self._taken[name] = self._columns[name].take(self._rows)
        return self._taken[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)

    def __contains__(self, name: object) -> bool:
        return name in self._columns

    def take(self, rows: NDArray[np.intp] | slice) -> TakenColumns[C]:
        """Return some of these rows, in this order."""
        return TakenColumns(self._columns, self._rows[rows])
