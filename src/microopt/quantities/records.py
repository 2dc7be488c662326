"""Structs column by column: one is made when it is asked for, so that tens of thousands need not be made at all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from operator import attrgetter, itemgetter
from typing import Any, TypeVar, overload

import numpy as np

from microopt.quantities.tables import Coded, Column, Table, values_of

T = TypeVar("T")


class Records(Sequence[T]):
    """Structs of one class, kept as columns; equal to any sequence of the same structs.

    Parameters
    ----------
    table
        Its `build` is the class of the structs.
    """

    def __init__(self, table: Table) -> None:
        self.table = table

    @cached_property
    def _made(self) -> tuple[T, ...]:
        return tuple(self.table.rows())

    def __len__(self) -> int:
        return len(self.table)

    @overload
    def __getitem__(self, place: int) -> T: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[T]: ...

    def __getitem__(self, place: int | slice) -> T | Sequence[T]:
        if isinstance(place, slice) or "_made" in self.__dict__:
            return self._made[place]
        made: T = self.table[range(len(self))[place]]
        return made

    def __iter__(self) -> Iterator[T]:
        return iter(self._made)

    def __eq__(self, other: object) -> bool:
        return self._made == tuple(other) if isinstance(other, Sequence) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._made)

    def __repr__(self) -> str:
        return repr(self._made)


def column_of(structs: Sequence[Any] | Table, name: str, key: str | None = None) -> Column:
    """Return the values of a field of some structs, or what these have for a key: of `Records` as they are kept."""
    table = structs.table if isinstance(structs, Records) else structs
    if isinstance(table, Table):
        values = table.columns[name]
        if key is not None and isinstance(values, Table):
            return values.columns[key]
    else:
        values = list(map(attrgetter(name), table))
    return values if key is None else list(map(itemgetter(key), values_of(values)))


def some_have(structs: Sequence[Any], name: str) -> bool:
    """Whether a field is set in any of some structs: true, not 0, not empty."""
    column = column_of(structs, name)
    if isinstance(column, Coded):
        return any(column.values[code] for code in np.flatnonzero(np.bincount(column.codes)).tolist())
    return bool(column.any()) if isinstance(column, np.ndarray) else any(values_of(column))


def all_agree(structs: Sequence[Any], name: str, other: str) -> bool:
    """Whether two fields are equal in each of some structs."""
    first, second = column_of(structs, name), column_of(structs, other)
    if isinstance(first, np.ndarray) and isinstance(second, np.ndarray):
        return bool((first == second).all())
    return list(values_of(first)) == list(values_of(second))
