"""Fill a plan down a ranked list, as somebody does by hand, and keep every row where that can be done.

Rows that need a least amount come first: each takes the highest-ranked columns that bring it nearer and leave the money
for the rest of it. Then the list is bought from the top, without columns that would break a row for good. A limit on a
share is broken by any first column, so rows of mixed signs may be broken for a while, as long as the money and the
number of columns that are left can repair them: the least money that this takes is a fractional knapsack. What then is
still broken is repaired step by step: the lowest-ranked columns that break it make room for those next on the list.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from microopt.solver.arrays import MAX_SUM, clip_bound, k_smallest, prefix_within_capacity
from microopt.solver.program import Columns, Constraint, IntegerProgram
from microopt.solver.ranking import Ranking

AT_ONCE = 1_024  # columns that are looked at together
MOST_ROUNDS = 64  # of dropping columns and adding others
DROPPED_AT_ONCE = 16  # one of so many columns that break a row is dropped in a round
HALF = 0.5  # of the smallest amount of money: what rounding may add to a least cost
Mask = NDArray[np.bool_]
Integers = NDArray[np.int64]


def fill_by_rank(
    program: IntegerProgram, columns: Columns, ranks: Sequence[NDArray[Any]], start: Columns, budget: int
) -> Columns:
    """Return the columns that a ranked list selects.

    A bound that the list cannot keep stays broken: the caller asks `program.violated_constraints`. Rows of net reach
    are not looked at.

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
    ranking, fills = Ranking.of(columns, ranks), []
    for patient in (True, False):
        fill = _Fill.empty(program, budget)
        fill.add_in_order(start)
        droppable = columns[~fill.selected[columns]]
        fill.add_in_turn(ranking, patient=patient)
        fills.append(fill)
        if not fill.repair(ranking, droppable):
            break  # the money and the columns sufficed for all that was broken on the way
    return np.flatnonzero(min(fills, key=lambda fill: (fill.broken_count, fill.money)).selected)


class _RepairCost(Struct, frozen=True, eq=False):
    """How much money, and how many columns, it takes at least to bring a row back within its bounds.

    Attributes
    ----------
    places
        (k - 1,) the columns that bring the row back, by their positions among those of the row, the cheapest for what
        they bring first.
    gains, costs
        (k,) ascending sums over these columns, from 0.
    most
        What so many columns bring at most; the last is for any further number.
    """

    places: NDArray[np.intp]
    gains: NDArray[np.float64]
    costs: NDArray[np.float64]
    most: NDArray[np.float64]

    @classmethod
    def of(cls, coefficients: Integers, cost: Integers, money: int, slots: int) -> _RepairCost:
        """Return it for a row with these coefficients, positive where a column brings it back, up to these limits."""
        helping = np.flatnonzero(coefficients > 0)
        gains, costs = coefficients[helping].astype(float), cost[helping].astype(float)
        order = prefix_within_capacity(costs / gains, costs, float(money)) if len(helping) else helping
        if slots <= 0:
            most = gains[:0]
        elif slots < len(gains):
            most = np.cumsum(np.sort(gains[k_smallest(-gains, slots)])[::-1])
        else:
            most = gains.sum(keepdims=True) if len(gains) else gains
        sums = (np.cumsum(gains[order]), np.cumsum(costs[order]), most)
        return cls(helping[order], *(np.concatenate([[0.0], each]) for each in sums))

    def without(self, place: int) -> _RepairCost:
        """Return it once a column of the row is selected, which cannot bring the row back again."""
        found = np.flatnonzero(self.places == place)
        if not len(found):
            return self
        first = int(found[0])

        def left(sums: NDArray[np.float64]) -> NDArray[np.float64]:
            own = sums[first + 1] - sums[first]
            return np.concatenate([sums[: first + 1], sums[first + 2 :] - own])

        return _RepairCost(np.delete(self.places, first), left(self.gains), left(self.costs), self.most)

    def least_cost(self, missing: Integers, slots: int) -> NDArray[np.float64]:
        """Return the least money; infinite where all the money, or so many columns, do not suffice.

        Parameters
        ----------
        missing
            (n,) what the row lacks; nothing if it is negative.
        slots
            How many columns may be added.
        """
        amounts = np.maximum(missing, 0).astype(float)
        enough = amounts <= self.most[max(0, min(slots, len(self.most) - 1))]
        return np.where(enough, np.interp(amounts, self.gains, self.costs, right=np.inf), np.inf)


class _Fill(Struct, kw_only=True, eq=False):
    """A plan on its way, with the activities of its rows.

    Attributes
    ----------
    mixed
        (rows,) which rows are of mixed signs.
    counts
        (rows,) which rows count all columns.
    least, most
        (rows,) the least and the greatest of 0 and the coefficients.
    repair_costs
        By the number of a row that may be broken for now, how it is brought above its lower and below its upper bound.
    activity, lower, upper
        (rows,) with `MAX_SUM` for no bound.
    money
        What is left of the budget.
    """

    program: IntegerProgram
    rows: list[Constraint]
    mixed: Mask
    counts: Mask
    least: Integers
    most: Integers
    repair_costs: dict[int, tuple[_RepairCost, _RepairCost]] = {}
    activity: Integers
    lower: Integers
    upper: Integers
    selected: Mask
    used: Mask
    money: int

    @classmethod
    def empty(cls, program: IntegerProgram, budget: int) -> _Fill:
        rows = list(_linear_rows(program))
        least = np.asarray([row.coefficients.min(initial=0) for row in rows], dtype=np.int64)
        most = np.asarray([row.coefficients.max(initial=0) for row in rows], dtype=np.int64)
        fill = cls(
            program=program,
            rows=rows,
            mixed=(least < 0) & (most > 0),
            counts=np.asarray(
                [len(row.columns) == len(program) and (row.coefficients == 1).all() for row in rows], bool
            ),
            least=least,
            most=most,
            activity=np.zeros(len(rows), dtype=np.int64),
            lower=np.asarray(
                [clip_bound(-MAX_SUM if row.lower is None else row.lower) for row in rows], dtype=np.int64
            ),
            upper=np.asarray([clip_bound(MAX_SUM if row.upper is None else row.upper) for row in rows], dtype=np.int64),
            selected=np.zeros(len(program), dtype=bool),
            used=np.zeros(int(program.group.max(initial=-1)) + 1, dtype=bool),
            money=budget,
        )
        fill.repair_costs = {number: fill._costs_of_row(number) for number in np.flatnonzero(fill.mixed).tolist()}
        return fill

    def _costs_of_row(self, number: int) -> tuple[_RepairCost, _RepairCost]:
        row = self.rows[number]
        cost = self.program.cost
        cost = cost if len(row.columns) == len(cost) else cost[row.columns]
        limits = (cost, self.money, self.slots)
        return _RepairCost.of(row.coefficients, *limits), _RepairCost.of(-row.coefficients, *limits)

    @property
    def broken_count(self) -> int:
        """How many rows are broken."""
        return int(((self.activity > self.upper) | (self.activity < self.lower)).sum())

    @property
    def slots(self) -> int:
        """How many columns may be added by the rows that count all columns."""
        return int((self.upper - self.activity)[self.counts].min(initial=len(self.program)))

    def floors(self) -> list[int]:
        """Return the rows of one sign that are below their lower bound."""
        return np.flatnonzero((self.activity < self.lower) & ~self.mixed).tolist()

    def look_ahead(self) -> None:
        """Keep the money for rows of one sign that are below their lower bound, where it suffices."""
        for number in self.floors():
            costs = self._costs_of_row(number)
            if costs[0].least_cost(self.lower[[number]] - self.activity[number], self.slots)[0] <= self.money:
                self.repair_costs[number] = costs

    def add_in_turn(self, ranking: Ranking, *, patient: bool) -> None:
        """Add by rank, for rows below their lower bounds first.

        Parameters
        ----------
        patient
            Whether rows of mixed signs may be broken for a while also after that.
        """
        self.look_ahead()
        self.add_floors(ranking)
        if patient:
            self.add_from(ranking)
        self.repair_costs = {}
        self.add_from(ranking)

    def repair(self, ranking: Ranking, droppable: Columns) -> bool:
        """Drop columns that break rows of mixed signs and add others in turn; return whether one was dropped.

        Parameters
        ----------
        droppable
            Columns that may be dropped, by ascending position; the last in rank are dropped first.
        """
        for number in range(MOST_ROUNDS + 1):
            at_once = 1 if number == MOST_ROUNDS else DROPPED_AT_ONCE
            if not self.drop(ranking.sort(droppable[self.selected[droppable]])[::-1], at_once):
                return number > 0
            self.add_floors(ranking)
            self.add_from(ranking)
        return True

    def add_floors(self, ranking: Ranking) -> None:
        """Add by rank for each row below its lower bound; what cannot be reached is given up."""
        for number in self.floors():
            self.add_from(ranking, number)
            self.repair_costs.pop(number, None)

    def add_from(self, ranking: Ranking, row: int | None = None) -> None:
        """Add columns by rank; with a row, only until its lower bound is reached."""
        while not self._reached(row):
            within = self._columns_within(row)
            if not self.add_in_order(ranking.take(partial(self._fitting, within), AT_ONCE), row):
                return

    def add_in_order(self, few: Columns, row: int | None = None) -> bool:
        """Add the first of these columns that fits, again and again, until none is left; return whether one was."""
        if not self.mixed.any() and not self.repair_costs:
            return self._add_runs(few, row)
        coefficients, cost, added = self._coefficients(few), self.program.cost[few], False
        single, strict = np.flatnonzero(~self.mixed), self._strict_rows()
        fits = self._within(single, coefficients[single])
        while len(few) and not self._reached(row):
            now = fits & ~self.used[self.program.group[few]] & self._within(strict, coefficients[strict])
            now &= self._affordable(cost, {number: coefficients[number] for number in self.repair_costs})
            if not now.any():
                break
            first, added = int(now.argmax()), True
            self._toggle(int(few[first]), coefficients[:, first], 1)
            self._use_up(int(few[first]))
            # A row of one sign leaves less and less room: only those that the column enters are looked at again.
            entered = single[coefficients[single, first] != 0]
            fits &= self._within(entered, coefficients[entered])
        return added

    def _add_runs(self, few: Columns, row: int | None) -> bool:
        """Add these columns in order where all rows are of one sign: what does not fit in them will not fit later.

        So all that fit one after the other are added together.
        """
        coefficients, cost, added = self._coefficients(few), self.program.cost[few], False
        left, every = np.arange(len(few)), np.arange(len(self.rows))
        while not self._reached(row):
            free = ~self.used[self.program.group[few[left]]] & (cost[left] <= self.money)
            left = left[free & self._within(every, coefficients[:, left])]
            if not len(left):
                break
            run, added = left[: self._run_length(few[left], coefficients[:, left], row)], True
            self.selected[few[run]] = self.used[self.program.group[few[run]]] = True
            self.activity = self.activity + coefficients[:, run].sum(axis=1)
            self.money -= int(cost[run].sum())
            left = left[len(run) :]
        return added

    def _run_length(self, few: Columns, coefficients: Integers, row: int | None) -> int:
        """Return how many of these columns fit together, from the first on; with a row, until its floor is reached."""
        sums = np.cumsum(coefficients, axis=1)
        fits = self._within(np.arange(len(self.rows)), sums)
        fits &= np.cumsum(self.program.cost[few]) <= self.money
        repeated = np.ones(len(few), dtype=bool)
        repeated[np.unique(self.program.group[few], return_index=True)[1]] = False
        ends = ~fits | repeated
        if row is not None:
            ends[1:] |= (sums[row] + self.activity[row] >= self.lower[row])[:-1]
        return int(ends.argmax()) if ends.any() else len(few)

    def drop(self, columns: Columns, at_once: int) -> bool:
        """Drop the first of these columns that break a row of mixed signs; return whether one was dropped.

        Columns that a row of one sign needs come last.

        Parameters
        ----------
        at_once
            One of so many columns that break a row is dropped, and at least one; with 1, until the row is kept.
        """
        coefficients, candidates = self._coefficients(columns), np.ones(len(columns), dtype=bool)
        floors, left = np.flatnonzero(self.lower > 0), dict[int, int]()
        while (number := self._broken_row(left)) is not None:
            sign = 1 if self.activity[number] > self.upper[number] else -1
            breaking = candidates & (sign * coefficients[number] > 0)
            left[number] = min(left.get(number, -(-int(breaking.sum()) // at_once)), int(breaking.sum())) - 1
            if left[number] < 0:
                continue
            after = self.activity[floors][:, None] - coefficients[floors]
            spare = breaking & (after >= np.minimum(self.lower, self.activity)[floors][:, None]).all(axis=0)
            first = int((spare if spare.any() else breaking).argmax())
            candidates[first] = False
            self._toggle(int(columns[first]), coefficients[:, first], -1)
        return not candidates.all()

    def _broken_row(self, left: Mapping[int, int]) -> int | None:
        """Return a row of mixed signs that is broken, and for which columns are left to drop, if there is one."""
        broken = self.mixed & ((self.activity > self.upper) | (self.activity < self.lower))
        return next((number for number in np.flatnonzero(broken).tolist() if left.get(number) != -1), None)

    def _coefficients(self, few: Columns) -> Integers:
        """Return the coefficients of these columns, (rows, few)."""
        coefficients = np.empty((len(self.rows), len(few)), dtype=np.int64)
        for number, row in enumerate(self.rows):
            coefficients[number] = row.coefficients_at(few)
        return coefficients

    def _toggle(self, column: int, coefficients: Integers, sign: int) -> None:
        self.selected[column] = self.used[self.program.group[column]] = sign > 0
        self.activity = self.activity + sign * coefficients
        self.money -= sign * int(self.program.cost[column])

    def _use_up(self, column: int) -> None:
        """Leave a selected column out of what may still fill the rows of one sign that money is kept for."""
        for number in self.repair_costs:
            if not self.mixed[number]:
                raising, lowering = self.repair_costs[number]
                place = int(np.searchsorted(self.rows[number].columns, column))
                if place < len(self.rows[number].columns) and self.rows[number].columns[place] == column:
                    self.repair_costs[number] = raising.without(place), lowering

    def _reached(self, row: int | None) -> bool:
        return row is not None and bool(self.activity[row] >= self.lower[row])

    def _strict_rows(self) -> NDArray[np.intp]:
        """Return the rows of mixed signs that a column must not break, nor break further."""
        strict = self.mixed.copy()
        strict[list(self.repair_costs)] = False
        return np.flatnonzero(strict)

    def _within(self, numbers: NDArray[np.intp], coefficients: Integers) -> Mask:
        """Return which columns, with these coefficients in these rows, break none of them, nor break one further."""
        activity = self.activity[numbers]
        highest, lowest = np.maximum(self.upper[numbers], activity), np.minimum(self.lower[numbers], activity)
        total = coefficients + activity[:, None]
        return np.asarray(((total <= highest[:, None]) & (total >= lowest[:, None])).all(axis=0), dtype=bool)

    def _affordable(self, cost: Integers, coefficients: Mapping[int, Integers]) -> Mask:
        """Return which columns leave the money that the rows need which may be broken for now."""
        shares, floors, slots = np.zeros(len(cost)), np.zeros(len(cost)), self.slots - 1
        for number, own in coefficients.items():
            raising, lowering = self.repair_costs[number]
            total = self.activity[number] + own
            if self.mixed[number]:  # half of the slots, because the columns that bring most may not all fit
                shares += raising.least_cost(self.lower[number] - total, slots // 2)
                shares += lowering.least_cost(total - self.upper[number], slots // 2)
            else:
                floors = np.maximum(floors, raising.least_cost(self.lower[number] - total, slots))
        return np.asarray(cost + np.maximum(shares, floors) <= self.money + HALF, dtype=bool)

    def _columns_within(self, row: int | None) -> Mask:
        """Return which columns fit but for the money that rows need; with a row, of those that increase its activity.

        All columns of the program are looked at, row by row.
        """
        fits = ~self.used[self.program.group] & (self.program.cost <= self.money)
        if row is not None:
            increasing = np.zeros(len(self.program), dtype=bool)
            increasing[self.rows[row].columns] = self.rows[row].coefficients > 0
            fits &= increasing
        for number in np.concatenate([np.flatnonzero(~self.mixed), self._strict_rows()]).tolist():
            each, activity = self.rows[number], int(self.activity[number])
            highest = clip_bound(max(int(self.upper[number]), activity) - activity)
            lowest = clip_bound(min(int(self.lower[number]), activity) - activity)
            if self.most[number] > highest or self.least[number] < lowest:  # not every column fits
                fits[each.columns[(each.coefficients > highest) | (each.coefficients < lowest)]] = False
        return fits

    def _fitting(self, within: Mask, columns: Columns) -> Mask:
        """Return which of some columns fit: those within the rows that leave the money that other rows need."""
        fits = within[columns]
        few = columns[fits]
        coefficients = {number: self.rows[number].coefficients_at(few) for number in self.repair_costs}
        fits[fits] = self._affordable(self.program.cost[few], coefficients)
        return fits


def _linear_rows(program: IntegerProgram) -> Iterator[Constraint]:
    """Yield the rows, hard and soft, whose activity is the sum over the columns alone."""
    nonlinear = {pool.row for pool in program.pools} | set(program.integer.coefficients if program.integer else ())
    for number, row in enumerate(program.rows):
        if number not in nonlinear and (row.lower is not None or row.upper is not None):
            yield row
