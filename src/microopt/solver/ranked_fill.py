"""Fill a plan down a ranked list, as somebody does by hand, and keep every row where that can be done.

Rows that need a least amount come first: each takes the highest-ranked columns that bring it nearer. Then the list is
bought from the top, without columns that would break a row for good. A limit on a share is broken by any first column,
so rows of mixed signs may be broken for a while, as long as the remaining money can mend them: the least money that
this takes is a fractional knapsack. What then is still broken by a little is mended by dropping the lowest-ranked
columns that break it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from microopt.solver.program import Columns, Constraint, IntegerProgram

AT_ONCE = 1_024  # columns that are looked at together
MOST_DROPPED = 64
UNLIMITED = 2**62  # sums of coefficients stay below it; a bound may exceed 64 bits
Mask = NDArray[np.bool_]
Integers = NDArray[np.int64]


def fill_by_rank(
    program: IntegerProgram, columns: Columns, ranks: Sequence[NDArray[Any]], start: Columns, budget: int
) -> Columns:
    """Return the columns that a ranked list selects.

    A lower bound that the list cannot reach stays broken: the caller asks `program.violated_constraints`. Rows of net
    reach are not looked at.

    Parameters
    ----------
    columns
        (k,) ascending positions.
    ranks
        (k,) each: the rank of the columns, the lowest first, then the tie breakers. No NaN.
    start
        Columns that are tried first, in this order.
    budget
        The money that the cost of all selected columns may use.
    """
    fill = _Fill.empty(program, budget)
    fill.add_in_order(start)
    first = fill.selected.copy()
    place = np.empty(len(columns), dtype=np.intp)
    place[np.lexsort([*reversed(ranks)])] = np.arange(len(columns))
    for number in fill.floors():
        fill.add_from(columns, place, number)
    fill.add_from(columns, place)
    fill.patient = False
    for _ in range(MOST_DROPPED):
        if not fill.drop_last(columns[~first[columns]], place[~first[columns]]):
            break
        fill.add_from(columns, place)
    return np.flatnonzero(fill.selected)


class _Mending(Struct, frozen=True, eq=False):
    """How much money it takes at least to bring a row back within its bounds, by the amount that is missing.

    Attributes
    ----------
    gains, costs
        (k,) ascending sums over the columns that bring the row back, the cheapest for what they bring first.
    """

    gains: NDArray[np.float64]
    costs: NDArray[np.float64]

    @classmethod
    def of(cls, coefficients: Integers, cost: Integers) -> _Mending:
        """Return it for a row with these coefficients, positive where a column brings it back."""
        helping = np.flatnonzero(coefficients > 0)
        order = helping[np.argsort(cost[helping] / coefficients[helping], kind="stable")]
        gains = np.concatenate([[0.0], np.cumsum(coefficients[order], dtype=float)])
        return cls(gains, np.concatenate([[0.0], np.cumsum(cost[order], dtype=float)]))

    def least_cost(self, missing: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the least money, infinite where all columns together do not suffice."""
        return np.interp(missing, self.gains, self.costs, right=np.inf)


class _Fill(Struct, kw_only=True, eq=False):
    """A plan on its way, with the activities of its rows.

    Attributes
    ----------
    mendings
        By the number of a row of mixed signs, how it is brought back above its lower and below its upper bound.
    activity, lower, upper
        (rows,) with `UNLIMITED` for no bound.
    money
        What is left of the budget.
    patient
        Whether rows of mixed signs may be broken for a while.
    """

    program: IntegerProgram
    rows: list[Constraint]
    mendings: dict[int, tuple[_Mending, _Mending]]
    activity: Integers
    lower: Integers
    upper: Integers
    selected: Mask
    used: Mask
    money: int
    patient: bool = True

    @classmethod
    def empty(cls, program: IntegerProgram, budget: int) -> _Fill:
        rows = list(_linear_rows(program))
        mixed = {i: row for i, row in enumerate(rows) if (row.coefficients < 0).any() and (row.coefficients > 0).any()}
        costs = {i: program.cost[row.columns] for i, row in mixed.items()}
        return cls(
            program=program,
            rows=rows,
            mendings={
                i: (_Mending.of(row.coefficients, costs[i]), _Mending.of(-row.coefficients, costs[i]))
                for i, row in mixed.items()
            },
            activity=np.zeros(len(rows), dtype=np.int64),
            lower=np.asarray([_clip(row.lower, -UNLIMITED) for row in rows], dtype=np.int64),
            upper=np.asarray([_clip(row.upper, UNLIMITED) for row in rows], dtype=np.int64),
            selected=np.zeros(len(program), dtype=bool),
            used=np.zeros(int(program.group.max(initial=-1)) + 1, dtype=bool),
            money=budget,
        )

    def floors(self) -> list[int]:
        """Return the rows of one sign that are below their lower bound."""
        return [i for i in range(len(self.rows)) if i not in self.mendings and self.activity[i] < self.lower[i]]

    def add_from(self, columns: Columns, place: NDArray[np.intp], row: int | None = None) -> None:
        """Add columns by ascending place; with a row, only until its lower bound is reached."""
        while not self._reached(row):
            fitting = np.flatnonzero(self._fitting(row)[columns])
            if len(fitting) > AT_ONCE:
                fitting = fitting[np.argpartition(place[fitting], AT_ONCE)[:AT_ONCE]]
            if not self.add_in_order(columns[fitting[np.argsort(place[fitting])]], row):
                return

    def add_in_order(self, few: Columns, row: int | None = None) -> bool:
        """Add the first of these columns that fits, again and again, until none is left; return whether one was."""
        coefficients = np.asarray([each.coefficients_at(few) for each in self.rows], dtype=np.int64)
        coefficients = coefficients.reshape(len(self.rows), len(few))
        added = False
        while len(few) and not self._reached(row):
            fits = self._affordable(coefficients, few)
            if not fits.any():
                return added
            first, added = int(fits.argmax()), True
            self._toggle(int(few[first]), coefficients[:, first], 1)
        return added

    def drop_last(self, columns: Columns, place: NDArray[np.intp]) -> bool:
        """Drop the lowest-ranked column that breaks a row of mixed signs; return whether there was one."""
        for number in self.mendings:
            over, under = self.activity[number] > self.upper[number], self.activity[number] < self.lower[number]
            if not (over or under):
                continue
            breaking = self.rows[number].coefficients_at(columns) * (1 if over else -1) > 0
            candidates = np.flatnonzero(breaking & self.selected[columns])
            if len(candidates):
                column = int(columns[candidates[place[candidates].argmax()]])
                coefficients = np.asarray([int(row.coefficients_at(np.asarray([column]))[0]) for row in self.rows])
                self._toggle(column, coefficients, -1)
                return True
        return False

    def _toggle(self, column: int, coefficients: Integers, sign: int) -> None:
        self.selected[column] = self.used[self.program.group[column]] = sign > 0
        self.activity = self.activity + sign * coefficients
        self.money -= sign * int(self.program.cost[column])

    def _reached(self, row: int | None) -> bool:
        return row is not None and bool(self.activity[row] >= self.lower[row])

    def _affordable(self, coefficients: Integers, few: Columns) -> Mask:
        """Return which columns break no row for good."""
        fits = ~self.used[self.program.group[few]]
        money = self.money - self.program.cost[few].astype(float)
        for number, row in enumerate(coefficients):
            activity, low, high = self.activity[number], self.lower[number], self.upper[number]
            total = row + activity
            if self.patient and number in self.mendings:
                raising, lowering = self.mendings[number]
                money -= raising.least_cost(np.maximum(low - total, 0).astype(float))
                money -= lowering.least_cost(np.maximum(total - high, 0).astype(float))
            else:
                fits &= (total <= max(high, activity)) & (total >= min(low, activity))
        return fits & (money >= 0)

    def _fitting(self, row: int | None) -> Mask:
        """Return which columns may fit by each row of one sign; with a row, those alone that increase its activity."""
        fits = ~self.used[self.program.group] & (self.program.cost <= self.money)
        if row is not None:
            increasing = np.zeros(len(self.program), dtype=bool)
            increasing[self.rows[row].columns] = self.rows[row].coefficients > 0
            fits &= increasing
        for number, each in enumerate(self.rows):
            if not (self.patient and number in self.mendings):
                activity = self.activity[number]
                total = each.coefficients + activity
                broken = (total > max(self.upper[number], activity)) | (total < min(self.lower[number], activity))
                fits[each.columns[broken]] = False
        return fits


def _clip(bound: int | None, default: int) -> int:
    return default if bound is None else max(-UNLIMITED, min(UNLIMITED, bound))


def _linear_rows(program: IntegerProgram) -> Iterator[Constraint]:
    """Yield the rows, hard and soft, whose activity is the sum over the columns alone."""
    nonlinear = {pool.row for pool in program.pools} | set(program.integer.coefficients if program.integer else ())
    for number, row in enumerate(program.rows):
        if number not in nonlinear and (row.lower is not None or row.upper is not None):
            yield row
