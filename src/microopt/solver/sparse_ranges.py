"""Many rows of few columns each, and which columns all of them leave room for when one column leaves a plan."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from microopt.solver.arrays import MAX_SUM, clip_bound
from microopt.solver.program import Columns, IntegerProgram

Integers = NDArray[np.int64]


class SparseRanges(Struct, frozen=True, kw_only=True, eq=False):
    """Rows by their nonzero coefficients at some candidates, and at the columns of a plan.

    Attributes
    ----------
    numbers
        (rows,) the positions of the rows in their program.
    low, high
        (rows,) the least and the largest coefficient for which a row has room beside the whole plan.
    row, place, coefficient
        (k,) each: the row of an entry, counted from 0, the place of its candidate, and its coefficient.
    plan_row, plan_column, plan_coefficient
        The same for the columns of the plan.
    candidates
        How many there are.
    """

    numbers: Integers
    low: Integers
    high: Integers
    row: NDArray[np.intp]
    place: NDArray[np.intp]
    coefficient: Integers
    plan_row: NDArray[np.intp]
    plan_column: Columns
    plan_coefficient: Integers
    candidates: int

    @classmethod
    def of_rows(
        cls, program: IntegerProgram, numbers: Sequence[int], plan: Columns, candidates: Columns
    ) -> SparseRanges:
        """Return the ranges that some rows of a program leave beside a plan.

        Parameters
        ----------
        numbers
            The positions of the rows.
        candidates
            The columns that are asked about, in any order.
        """
        rows = [program.rows[number] for number in numbers]
        sizes = [len(row.columns) for row in rows]
        entry_row = np.repeat(np.arange(len(rows)), sizes)
        columns = np.concatenate([np.zeros(0, dtype=np.intp), *(row.columns for row in rows)])
        coefficients = np.concatenate([np.zeros(0, dtype=np.int64), *(row.coefficients for row in rows)])
        place = np.full(len(program), -1, dtype=np.intp)
        place[candidates] = np.arange(len(candidates))
        in_plan, sought = program.mask(plan)[columns], place[columns] >= 0
        activity = np.zeros(len(rows), dtype=np.int64)
        np.add.at(activity, entry_row[in_plan], coefficients[in_plan])
        return cls(
            numbers=np.asarray(numbers, dtype=np.int64),
            low=_bounds([row.lower for row in rows], -MAX_SUM) - activity,
            high=_bounds([row.upper for row in rows], MAX_SUM) - activity,
            row=entry_row[sought],
            place=place[columns[sought]],
            coefficient=coefficients[sought],
            plan_row=entry_row[in_plan],
            plan_column=columns[in_plan],
            plan_coefficient=coefficients[in_plan],
            candidates=len(candidates),
        )

    def allowed(self, column: int, waived: frozenset[int]) -> NDArray[np.bool_]:
        """Return which candidates every row has room for in place of a column of the plan, (candidates,).

        Parameters
        ----------
        waived
            Positions of rows in the program that need not hold.
        """
        freed, own = np.zeros(len(self.numbers), dtype=np.int64), self.plan_column == column
        np.add.at(freed, self.plan_row[own], self.plan_coefficient[own])
        low, high = self.low + freed, self.high + freed
        if waived:
            free = np.isin(self.numbers, sorted(waived))
            low, high = np.where(free, -MAX_SUM, low), np.where(free, MAX_SUM, high)
        allowed = np.ones(self.candidates, dtype=bool)
        fits = (self.coefficient >= low[self.row]) & (self.coefficient <= high[self.row])
        allowed[self.place[~fits]] = False
        for number in np.flatnonzero((low > 0) | (high < 0)).tolist():  # which only some of its own columns can keep
            counted = np.zeros(self.candidates, dtype=bool)
            counted[self.place[(self.row == number) & fits]] = True
            allowed &= counted
        return allowed


def _bounds(bounds: Sequence[int | None], open_bound: int) -> Integers:
    return np.asarray([open_bound if bound is None else clip_bound(bound) for bound in bounds], dtype=np.int64)
