"""The rows that a fill keeps, as arrays: their bounds and signs, and which columns fit into them."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from microopt.solver.arrays import MAX_SUM, Integers, clip_bound
from microopt.solver.constraint import Constraint
from microopt.solver.program import Columns, IntegerProgram

Mask = NDArray[np.bool_]
Places = NDArray[np.intp]


class FillRows(Struct, frozen=True, kw_only=True, eq=False):
    """The rows of a program whose activity is a sum over the columns.

    Attributes
    ----------
    constraints
        The rows themselves.
    mixed
        (rows,) which rows are of mixed signs.
    single
        The rows of one sign.
    counts
        (rows,) which rows count all columns.
    least, most
        (rows,) the least and the greatest of 0 and the coefficients.
    lower, upper
        (rows,) bounds, with `MAX_SUM` for no bound.
    size
        Number of columns of the program.
    """

    constraints: list[Constraint]
    mixed: Mask
    single: Places
    counts: Mask
    least: Integers
    most: Integers
    lower: Integers
    upper: Integers
    size: int

    @classmethod
    def of(cls, program: IntegerProgram) -> FillRows:
        rows, size = list(_linear_rows(program)), len(program)
        least = _integers(row.coefficients.min(initial=0) for row in rows)
        most = _integers(row.coefficients.max(initial=0) for row in rows)
        return cls(
            constraints=rows,
            mixed=(least < 0) & (most > 0),
            single=np.flatnonzero((least >= 0) | (most <= 0)),
            counts=np.asarray([len(row.columns) == size and (row.coefficients == 1).all() for row in rows], bool),
            least=least,
            most=most,
            lower=_integers(clip_bound(-MAX_SUM if row.lower is None else row.lower) for row in rows),
            upper=_integers(clip_bound(MAX_SUM if row.upper is None else row.upper) for row in rows),
            size=size,
        )

    def __len__(self) -> int:
        return len(self.constraints)

    def broken(self, activity: Integers) -> Mask:
        """Return which rows are broken at these activities, (rows,)."""
        return (activity > self.upper) | (activity < self.lower)

    def slots(self, activity: Integers) -> Integers:
        """Return how many columns may be added by the rows that count all columns, (...).

        Parameters
        ----------
        activity
            (rows, ...).
        """
        left = (self._aligned(self.upper, activity) - activity)[self.counts]
        return np.asarray(left.min(axis=0, initial=self.size), dtype=np.int64)

    def coefficients(self, columns: Columns, numbers: Collection[int] | None = None) -> Integers:
        """Return the coefficients of these columns in all rows, or in these, (rows, columns)."""
        numbers = range(len(self)) if numbers is None else numbers
        coefficients = np.empty((len(numbers), len(columns)), dtype=np.int64)
        for place, number in enumerate(numbers):
            coefficients[place] = self.constraints[number].coefficients_at(columns)
        return coefficients

    def allow(self, numbers: Places, coefficients: Integers, activity: Integers) -> Mask:
        """Return which columns break none of these rows, nor break one further.

        Parameters
        ----------
        coefficients, activity
            (rows, ...) those of the columns in these rows, and the activities to which they are added.
        """
        total = coefficients + activity
        upper, lower = (self._aligned(bound[numbers], activity) for bound in (self.upper, self.lower))
        highest, lowest = np.maximum(upper, activity), np.minimum(lower, activity)
        return np.asarray(((total <= highest) & (total >= lowest)).all(axis=0), dtype=bool)

    def refused(self, number: int, activity: int) -> Columns:
        """Return the columns that would break a row, or break it further, at this activity."""
        row = self.constraints[number]
        highest = clip_bound(max(int(self.upper[number]), activity) - activity)
        lowest = clip_bound(min(int(self.lower[number]), activity) - activity)
        if self.most[number] <= highest and self.least[number] >= lowest:
            return row.columns[:0]
        return row.columns[(row.coefficients > highest) | (row.coefficients < lowest)]

    @staticmethod
    def _aligned(bound: Integers, activity: Integers) -> Integers:
        return bound.reshape(-1, *[1] * (activity.ndim - 1))


def _integers(numbers: Iterator[int]) -> Integers:
    return np.asarray(list(numbers), dtype=np.int64)


def _linear_rows(program: IntegerProgram) -> Iterator[Constraint]:
    """Yield the rows, hard and soft, whose activity is the sum over the columns alone."""
    augmented = program.augmented_rows
    for number, row in enumerate(program.rows):
        if number not in augmented and (row.lower is not None or row.upper is not None):
            yield row
