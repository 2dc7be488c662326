"""The rows of an integer program: named, with integer coefficients and bounds."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.solver.arrays import sparse_lookup


class Constraint(Struct, frozen=True, kw_only=True, eq=False):
    """A row `lower <= sum coefficients x[columns] <= upper`, all integers; None leaves a side open.

    Attributes
    ----------
    label
        The rule that the row stands for, as the user wrote it.
    columns
        (k,) ascending positions.
    coefficients
        (k,) integers.
    penalty
        Objective lost for each unit of violation (a soft row), or None for a hard row.
    unit
        What one integer of the row is in the user's own unit.
    """

    label: str
    columns: NDArray[np.intp]
    coefficients: NDArray[np.int64]
    lower: int | None = None
    upper: int | None = None
    penalty: float | None = None
    unit: Fraction = Fraction(1)

    def coefficients_at(self, columns: NDArray[np.intp]) -> NDArray[np.int64]:
        """Return the coefficients of these columns, (k,): 0 for a column that is not in the row."""
        return sparse_lookup(self.columns, self.coefficients, columns)

    def activity(self, selected: NDArray[np.intp]) -> int:
        """Return the row's sum over the selected columns."""
        return int(self.coefficients_at(selected).sum())

    def restrict(
        self, columns: NDArray[np.intp], fixed: NDArray[np.intp], number: NDArray[np.intp] | None = None
    ) -> Constraint:
        """Return the row over these columns, renumbered, with those in `fixed` at 1 and all others at 0.

        Parameters
        ----------
        number
            The new number of each column of the program, -1 for those left out; to look up most columns is slower.
        """
        if number is None:
            coefficients = self.coefficients_at(columns)
            kept = renumbered = np.flatnonzero(coefficients)
        else:
            coefficients = self.coefficients
            kept = np.flatnonzero((number[self.columns] >= 0) & (coefficients != 0))
            renumbered = number[self.columns[kept]]
        return replace(self, columns=renumbered, coefficients=coefficients[kept]).with_offset(self.activity(fixed))

    def with_offset(self, activity: int) -> Constraint:
        """Return the row with this much of its activity already spent: its bounds move by it."""
        return replace(
            self,
            lower=None if self.lower is None else self.lower - activity,
            upper=None if self.upper is None else self.upper - activity,
        )

    def violation(self, activity: int) -> int:
        """Return how far an activity is outside the row's bounds, 0 within them; of bounds that cross, outside both."""
        short = 0 if self.lower is None else self.lower - activity
        over = 0 if self.upper is None else activity - self.upper
        return max(0, short) + max(0, over)

    def holds(self, activity: int) -> bool:
        """Whether a plan may have this activity."""
        return self.penalty is not None or not self.violation(activity)


def constraint(
    label: str,
    coefficients: NDArray[np.int64],
    *,
    lower: int | None = None,
    upper: int | None = None,
    unit: Fraction = Fraction(1),
) -> Constraint:
    """Return a hard row from dense coefficients; zeros are dropped.

    Parameters
    ----------
    coefficients
        (n,) one for every column.
    unit
        As in `Constraint`.
    """
    if np.count_nonzero(coefficients) == len(coefficients):
        columns, nonzero = all_columns(len(coefficients)), coefficients
    else:
        columns = np.flatnonzero(coefficients)
        nonzero = coefficients[columns]
    return Constraint(label=label, columns=columns, coefficients=nonzero, lower=lower, upper=upper, unit=unit)


def counting_row(
    label: str, counted: NDArray[np.bool_], *, lower: int | None = None, upper: int | None = None
) -> Constraint:
    """Return a hard row that counts columns.

    Parameters
    ----------
    counted
        (n,) the columns that count.
    """
    columns = all_columns(len(counted)) if counted.all() else np.flatnonzero(counted)
    return Constraint(
        label=label, columns=columns, coefficients=np.ones(len(columns), dtype=np.int64), lower=lower, upper=upper
    )


@lru_cache(maxsize=1)
def all_columns(count: int) -> NDArray[np.intp]:
    """Return all columns of a program, once for all rows that have them; the array is read-only."""
    columns = np.arange(count)
    columns.flags.writeable = False
    return columns


def reduce_by_gcd(row: Constraint) -> Constraint:
    """Return a hard row in lowest terms: coefficients divided by their greatest common divisor, bounds rounded inward.

    Do not reduce a soft row: its violation would be rounded together with its bounds.
    """
    divisor = int(np.gcd.reduce(row.coefficients)) if len(row.coefficients) else 1
    if divisor <= 1:
        return row
    return replace(
        row,
        coefficients=row.coefficients // divisor,
        unit=row.unit * divisor,
        lower=None if row.lower is None else -(-row.lower // divisor),
        upper=None if row.upper is None else row.upper // divisor,
    )
