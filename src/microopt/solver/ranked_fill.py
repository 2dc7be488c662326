"""Fill a plan down a ranked list, as somebody does by hand, and keep every row where that can be done.

Rows that need a least amount come first: each takes the highest-ranked columns that bring it nearer and leave the money
for the rest of it. Then the list is bought from the top, without columns that would break a row for good. A limit on a
share is broken by any first column, so rows of mixed signs may be broken for a while, as long as the money and the
number of columns that are left can repair them: the least money that this takes is a fractional knapsack. What then is
still broken is repaired step by step: the lowest-ranked columns that break it make room for those next on the list.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.solver.arrays import Integers
from microopt.solver.fill_candidates import Candidates, Room
from microopt.solver.fill_rows import FillRows, Mask, Places
from microopt.solver.program import Columns, IntegerProgram
from microopt.solver.ranking import Ranking
from microopt.solver.repair_cost import NO_REPAIR, RepairCost

AT_ONCE = 1_024  # columns that are looked at together
BLOCK = 16 * AT_ONCE  # columns whose coefficients are held together
FIRST_RUN = 16  # columns that are tried together at first; where all of them fit, twice as many are next
MOST_ROUNDS = 64  # of dropping columns and adding others
DROPPED_AT_ONCE = 16  # one of so many columns that break a row is dropped in a round
HALF = 0.5  # of the smallest amount of money: what rounding may add to a least cost


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
    begun = _Fill.empty(program, budget)
    begun.add_in_order(start)
    droppable = columns[~begun.selected[columns]]
    begun.look_ahead()
    begun.add_floors(ranking)
    for patient in (True, False):
        fill = begun.copy()
        if patient:
            fill.add_from(ranking)
        fill.repair_costs = {}
        fill.add_from(ranking)
        fills.append(fill)
        if not fill.repair(ranking, droppable):
            break  # the money and the columns sufficed for all that was broken on the way
    return np.flatnonzero(min(fills, key=lambda fill: (fill.broken_count, fill.money)).selected)


class _Fill(Struct, kw_only=True, eq=False):
    """A plan on its way, with the activities of its rows.

    Attributes
    ----------
    repair_costs
        By the number of a row that may be broken for now, how it is brought above its lower and below its upper bound.
    reserves
        The money for rows of `repair_costs` below their lower bound, as far as it was computed since they changed.
    activity
        (rows,).
    money
        What is left of the budget.
    """

    program: IntegerProgram
    rows: FillRows
    repair_costs: dict[int, tuple[RepairCost, RepairCost]] = {}
    reserves: dict[int, float] = {}
    activity: Integers
    selected: Mask
    used: Mask
    money: int

    @classmethod
    def empty(cls, program: IntegerProgram, budget: int) -> _Fill:
        rows = FillRows.of(program)
        fill = cls(
            program=program,
            rows=rows,
            activity=np.zeros(len(rows), dtype=np.int64),
            selected=np.zeros(len(program), dtype=bool),
            used=np.zeros(int(program.group.max(initial=-1)) + 1, dtype=bool),
            money=budget,
        )
        fill.repair_costs = {number: fill._costs_of_row(number) for number in np.flatnonzero(rows.mixed).tolist()}
        return fill

    def copy(self) -> _Fill:
        """Return a fill that goes on from here by itself."""
        own = {"selected": self.selected.copy(), "used": self.used.copy()}
        return replace(self, repair_costs=dict(self.repair_costs), reserves=dict(self.reserves), **own)

    def _costs_of_row(self, number: int) -> tuple[RepairCost, RepairCost]:
        """Return how a row is brought above its lower and below its upper bound; nothing is needed for one it lacks."""
        row, cost = self.rows.constraints[number], self.program.cost
        cost = cost if len(row.columns) == len(cost) else cost[row.columns]
        limits = (cost, self.money, self.slots)
        raising = NO_REPAIR if row.lower is None else RepairCost.of(row.coefficients, 1, *limits)
        return raising, NO_REPAIR if row.upper is None else RepairCost.of(row.coefficients, -1, *limits)

    @property
    def broken_count(self) -> int:
        """How many rows are broken."""
        return int(self.rows.broken(self.activity).sum())

    @property
    def slots(self) -> int:
        """How many columns may be added by the rows that count all columns."""
        return int(self.rows.slots(self.activity))

    def floors(self) -> list[int]:
        """Return the rows of one sign that are below their lower bound."""
        return np.flatnonzero((self.activity < self.rows.lower) & ~self.rows.mixed).tolist()

    def look_ahead(self) -> None:
        """Keep the money for rows of one sign that are below their lower bound, where it suffices."""
        for number in self.floors():
            costs = self._costs_of_row(number)
            if costs[0].least_cost(self.rows.lower[[number]] - self.activity[number], self.slots)[0] <= self.money:
                self.repair_costs[number] = costs
                self.reserves.pop(number, None)

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
        candidates = Candidates(
            coefficients=self.rows.coefficients(few), cost=self.program.cost[few], group=self.program.group[few]
        )
        left, length, added = np.arange(len(few)), FIRST_RUN, False
        while not self._reached(row):
            waiting, left = self._skip_to_first_fitting(candidates, left)
            if not len(left):
                break
            longest = self._longest_run(length, len(waiting))
            run, left = self._still_open(candidates, left[:longest]), left[longest:]
            number = self._run_length(candidates.take(run), candidates.take(waiting), row)
            self._select(few[run[:number]], candidates.coefficients[:, run[:number]])
            length, added, left = 2 * number, True, np.concatenate([waiting, run[number:], left])
        return added

    def _skip_to_first_fitting(self, candidates: Candidates, left: Places) -> tuple[Places, Places]:
        """Return which columns wait, since they do not fit now, and the others from the first that fits on."""
        waiting, size, room, strict = [left[:0]], FIRST_RUN, self._room(), np.flatnonzero(self._is_strict())
        while len(left):
            block, left = self._still_open(candidates, left[:size]), left[size:]
            fits = self._fits(candidates.take(block), room, strict)
            if fits.any():
                first = int(fits.argmax())
                return np.concatenate([*waiting, block[:first]]), np.concatenate([block[first:], left])
            waiting.append(block)
            size *= 4
        return np.concatenate(waiting), left

    def _still_open(self, candidates: Candidates, left: Places) -> Places:
        """Return the columns that may fit now or later: of money and rows of one sign there is only ever less left."""
        single = self.rows.single
        open_now = ~self.used[candidates.group[left]] & (candidates.cost[left] <= self.money)
        allowed = self.rows.allow(single, candidates.coefficients[single[:, None], left], self.activity[single, None])
        return left[open_now & allowed]

    def _longest_run(self, length: int, waiting: int) -> int:
        """Return how many columns may be looked at as a run while so many that do not fit wait for their turn."""
        if any(not self.rows.mixed[number] for number in self.repair_costs):
            return 1  # what money is kept for changes with each
        return max(1, min(length, AT_ONCE * FIRST_RUN // max(waiting, 1)))

    def _run_length(self, run: Candidates, waiting: Candidates, row: int | None) -> int:
        """Return how many of these columns are added one after the other, of which the first fits.

        Parameters
        ----------
        waiting
            Columns before them that do not fit: once one of them does, it is its turn.
        row
            A row whose lower bound ends the run.
        """
        if len(run.group) == 1:
            return 1
        rooms, checked = self._room(run), np.flatnonzero(~self.rows.mixed | self._is_strict())
        ends = ~self._fits(run, rooms, checked)
        if len(waiting.group):
            ends |= self._fits(waiting.take(np.s_[:, None]), rooms.for_each(), checked).any(axis=0)
        repeated = np.ones(len(run.group), dtype=bool)
        repeated[np.unique(run.group, return_index=True)[1]] = False
        ends |= repeated
        if row is not None:
            ends |= rooms.activity[row] >= self.rows.lower[row]
        ends[0] = False
        return int(ends.argmax()) if ends.any() else len(ends)

    def _room(self, run: Candidates | None = None) -> Room:
        """Return what is left now, or as each column of a run is added."""
        if run is None:
            return Room(activity=self.activity[:, None], money=np.asarray([self.money]), slots=np.asarray([self.slots]))
        activity = self.activity[:, None] + np.cumsum(run.coefficients, axis=1) - run.coefficients
        money = self.money - np.cumsum(run.cost) + run.cost
        return Room(activity=activity, money=money, slots=self.rows.slots(activity))

    def _fits(self, candidates: Candidates, room: Room, checked: Places) -> Mask:
        """Return which columns fit, each at its moment.

        Parameters
        ----------
        checked
            The rows that none of them may break, nor break further.
        """
        affordable = self._affordable(candidates.cost, candidates.coefficients[list(self.repair_costs)], room)
        if not len(checked):
            return affordable
        return affordable & self.rows.allow(checked, candidates.coefficients[checked], room.activity[checked])

    def drop(self, columns: Columns, at_once: int) -> bool:
        """Drop the first of these columns that break a row of mixed signs; return whether one was dropped.

        Columns that a row of one sign needs come last.

        Parameters
        ----------
        at_once
            One of so many columns that break a row is dropped, and at least one; with 1, until the row is kept.
        """
        coefficients, kept = self.rows.coefficients(columns), np.ones(len(columns), dtype=bool)
        floors, left = np.flatnonzero(self.rows.lower > 0), dict[int, int]()
        while (number := self._broken_row(left)) is not None:
            sign = 1 if self.activity[number] > self.rows.upper[number] else -1
            breaking = kept & (sign * coefficients[number] > 0)
            left[number] = min(left.get(number, -(-int(breaking.sum()) // at_once)), int(breaking.sum())) - 1
            if left[number] < 0:
                continue
            after = self.activity[floors][:, None] - coefficients[floors]
            spare = breaking & (after >= np.minimum(self.rows.lower, self.activity)[floors][:, None]).all(axis=0)
            first = int((spare if spare.any() else breaking).argmax())
            kept[first] = False
            self._drop(int(columns[first]), coefficients[:, first])
        return not kept.all()

    def _broken_row(self, left: Mapping[int, int]) -> int | None:
        """Return a row of mixed signs that is broken, and for which columns are left to drop, if there is one."""
        broken = self.rows.mixed & self.rows.broken(self.activity)
        return next((number for number in np.flatnonzero(broken).tolist() if left.get(number) != -1), None)

    def _select(self, columns: Columns, coefficients: Integers) -> None:
        self.selected[columns] = self.used[self.program.group[columns]] = True
        self.activity = self.activity + coefficients.sum(axis=1)
        self.money -= int(self.program.cost[columns].sum())
        changed = np.asarray(coefficients.any(axis=1))
        for number in [number for number in self.repair_costs if changed[number]]:
            self.reserves.pop(number, None)
            if not self.rows.mixed[number]:
                self._use_up(number, columns)

    def _drop(self, column: int, coefficients: Integers) -> None:
        self.selected[column] = self.used[self.program.group[column]] = False
        self.activity = self.activity - coefficients
        self.money += int(self.program.cost[column])

    def _use_up(self, number: int, columns: Columns) -> None:
        """Leave selected columns out of what may still fill a row of one sign that money is kept for."""
        raising, lowering = self.repair_costs[number]
        for place in np.flatnonzero(np.isin(self.rows.constraints[number].columns, columns)).tolist():
            raising = raising.without(place)
        self.repair_costs[number] = raising, lowering

    def _reached(self, row: int | None) -> bool:
        return row is not None and bool(self.activity[row] >= self.rows.lower[row])

    def _is_strict(self) -> Mask:
        """Return, by row, whether it is of mixed signs and a column must not break it, nor break it further."""
        strict = self.rows.mixed.copy()
        strict[list(self.repair_costs)] = False
        return strict

    def _affordable(self, cost: Integers, own: Integers, room: Room) -> Mask:
        """Return which columns, each at its moment, leave the money that the rows need which may be broken for now.

        Parameters
        ----------
        own
            (repair costs, ...) the coefficients of the columns in these rows.
        """
        if not self.repair_costs:
            return np.asarray(cost <= room.money, dtype=bool)
        numbers, others = list(self.repair_costs), tuple(range(1, own.ndim))
        total, several = room.activity[numbers] + own, (-1, *[1] * len(others))
        missing = self.rows.lower[numbers].reshape(several) - total
        excess = total - self.rows.upper[numbers].reshape(several)
        shares, floors, slots = np.zeros(total.shape[1:]), np.zeros(total.shape[1:]), room.slots - 1
        spare, fewest = int(room.money.min()) - int(cost.max(initial=0)), int(slots.min())
        for place in np.flatnonzero((missing > 0).any(axis=others)).tolist():
            number = numbers[place]
            raising = self.repair_costs[number][0]
            if self.rows.mixed[number]:  # half of the slots, because the columns that bring most may not all fit
                shares += raising.least_cost(missing[place], slots // 2)
            elif not self._is_affordable_anyway(number, fewest, spare):
                floors = np.maximum(floors, raising.least_cost(missing[place], slots))
        for place in np.flatnonzero((excess > 0).any(axis=others)).tolist():
            if self.rows.mixed[numbers[place]]:
                shares += self.repair_costs[numbers[place]][1].least_cost(excess[place], slots // 2)
        return np.asarray(cost + np.maximum(shares, floors) <= room.money + HALF, dtype=bool)

    def _is_affordable_anyway(self, number: int, slots: int, spare: int) -> bool:
        """Whether so much money, and so many columns, fill a row of one sign even without what would be added."""
        if self.rows.mixed[number] or self.rows.least[number] < 0:
            return False
        raising, missing = self.repair_costs[number][0], int(self.rows.lower[number] - self.activity[number])
        if number not in self.reserves:
            self.reserves[number] = raising.cost_of(missing)
        return self.reserves[number] <= spare and raising.can_bring(missing, slots)

    def _columns_within(self, row: int | None) -> Mask:
        """Return which columns fit but for the money that rows need; with a row, of those that increase its activity.

        All columns of the program are looked at, row by row.
        """
        group, cost = self.program.group, self.program.cost
        if row is None:
            fits = ~self.used[group] & (cost <= self.money)
        else:
            each = self.rows.constraints[row]
            increasing = each.columns[each.coefficients > 0]
            fits = np.zeros(len(self.program), dtype=bool)
            fits[increasing] = ~self.used[group[increasing]] & (cost[increasing] <= self.money)
        for number in np.concatenate([np.flatnonzero(~self.rows.mixed), np.flatnonzero(self._is_strict())]).tolist():
            fits[self.rows.refused(number, int(self.activity[number]))] = False
        return fits

    def _fitting(self, within: Mask, columns: Columns) -> Mask:
        """Return which of some columns fit: those within the rows that leave the money that other rows need."""
        fits = within[columns]
        few, room = columns[fits], self._room()
        parts = [few[start : start + BLOCK] for start in range(0, len(few), BLOCK)]
        cost, numbers = self.program.cost, list(self.repair_costs)
        affordable = [self._affordable(cost[part], self.rows.coefficients(part, numbers), room) for part in parts]
        fits[fits] = np.concatenate([fits[:0], *affordable])
        return fits
