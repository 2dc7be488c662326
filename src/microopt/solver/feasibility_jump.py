"""Repair of a plan that violates rows: flip the column that reduces the weighted violation most, until none is left.

Where no flip helps, the weights of the violated rows rise, so that they are satisfied at the expense of others
(Feasibility Jump: Luteberget and Sartor 2023). Only the columns nearest to the prices are flipped, so that the plan
that results is near the best ones.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import count
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from microopt.solver.program import Columns, IntegerProgram
from microopt.solver.reduced_cost_fixing import PricedProgram

NEAREST = 3_000  # columns that may be flipped
STEPS = 750  # from each plan, with each of two sizes of a typical coefficient
TURN = 50  # steps at a time: most repairs take few, from one plan or another
RISE = 1.0  # of the weight of a violated row where no flip helps
PREFERENCE = 1e-4  # of a violation by one coefficient: weight of the loss at the prices, which only breaks ties


def repair(
    program: IntegerProgram, priced: PricedProgram, starts: Sequence[Columns], must_stop: Callable[[], bool]
) -> Columns | None:
    """Return a plan that satisfies every hard row and is near what the prices select, or None if none was found.

    Parameters
    ----------
    starts
        The plans to repair in turn, each with at most one column of each group.
    must_stop
        Returns whether time is over.
    """
    near = priced.nearest(min(NEAREST, len(program)), program.group)
    frees = []
    for start in starts:
        free = near.copy()
        free[start[~np.isin(program.group[start], program.group[priced.selected])]] = True
        frees.append((start, free))
    return repair_within(program, frees, priced.deviation, must_stop)


def repair_within(
    program: IntegerProgram,
    starts: Sequence[tuple[Columns, NDArray[np.bool_]]],
    loss: NDArray[np.float64],
    must_stop: Callable[[], bool],
) -> Columns | None:
    """Return a plan that satisfies every hard row, or None if none was found.

    Rows of net reach are judged by their columns alone: the caller asks `program.violated_constraints`.

    Parameters
    ----------
    starts
        The plans to repair in turn, and which columns may be flipped in each: with any of a group, its selected one.
    loss
        (n,) by which ties are broken: the column of the smallest is flipped first.
    must_stop
        Returns whether time is over.
    """
    repairs = [
        _repair(program, start, free, loss, typical, must_stop)
        for typical in (np.median, np.mean)
        for start, free in starts
    ]
    for _ in range(STEPS // TURN):
        for each in repairs:
            plan = next(each)
            if plan is not None or must_stop() or not len(program):
                return plan
    return None


def _repair(
    program: IntegerProgram,
    start: Columns,
    free: NDArray[np.bool_],
    loss: NDArray[np.float64],
    typical: Callable[[NDArray[np.int64]], Any],
    must_stop: Callable[[], bool],
) -> Iterator[Columns | None]:
    """Yield None after each turn of steps without a plan that satisfies the rows, and then that plan."""
    fixed, columns = start[~free[start]], np.flatnonzero(free)
    part, selected = program.restrict(free, fixed), np.flatnonzero(program.mask(start)[columns])
    state = _RepairState.initial(part, selected, loss[columns], typical)
    for number in count():
        if not state.violation(state.activity).any():
            yield np.sort(np.concatenate([fixed, columns[state.selected]]))
            return
        if number % TURN == TURN - 1 or must_stop() or not len(part):
            yield None
        state.step()


class _RepairState(Struct, kw_only=True, eq=False):
    """A plan of the free columns with the activities of the hard rows.

    Attributes
    ----------
    coefficients
        (rows, n), each row divided by its typical coefficient, as are its bounds.
    change
        (rows, n) by how much each flip changes the activities: adding a column removes the one of its group.
    weight
        (rows,) of a violation.
    outside
        (rows, n) how far the activity is outside the bounds after each flip.
    preference
        (n,) what breaks ties, smaller is better.
    choice
        (groups,) the selected column of each group, -1 for none.
    """

    group: NDArray[np.int32]
    coefficients: NDArray[np.float64]
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]
    activity: NDArray[np.float64]
    change: NDArray[np.float64]
    outside: NDArray[np.float64]
    weight: NDArray[np.float64]
    preference: NDArray[np.float64]
    choice: NDArray[np.intp]

    @classmethod
    def initial(
        cls,
        program: IntegerProgram,
        selected: Columns,
        deviation: NDArray[np.float64],
        typical: Callable[[NDArray[np.int64]], Any],
    ) -> _RepairState:
        """Return the state of a plan.

        Parameters
        ----------
        typical
            Returns the typical one of the coefficients of a row, a violation by which counts 1.
        """
        hard = [row for row in program.rows if row.penalty is None]
        coefficients, bounds = np.zeros((len(hard), len(program))), np.zeros((len(hard), 2))
        for number, row in enumerate(hard):
            scale = (float(typical(np.abs(row.coefficients))) if len(row.coefficients) else 0.0) or 1.0
            coefficients[number, row.columns] = row.coefficients / scale
            bounds[number] = (
                -np.inf if row.lower is None else row.lower / scale,
                np.inf if row.upper is None else row.upper / scale,
            )
        choice = np.full(int(program.group.max(initial=-1)) + 1, -1, dtype=np.intp)
        choice[program.group[selected]] = selected
        state = cls(
            group=program.group,
            coefficients=coefficients,
            lower=bounds[:, 0],
            upper=bounds[:, 1],
            activity=coefficients[:, selected].sum(axis=1),
            change=coefficients.copy(),
            outside=np.empty_like(coefficients),
            weight=np.ones(len(hard)),
            preference=PREFERENCE * deviation / (float(deviation.max(initial=0.0)) or 1.0),
            choice=choice,
        )
        state.update(np.unique(program.group[selected]))
        state.judge(slice(None), slice(None))
        return state

    @property
    def selected(self) -> Columns:
        """The columns of the plan."""
        return np.sort(self.choice[self.choice >= 0])

    def update(self, groups: NDArray[np.int32]) -> NDArray[np.intp]:
        """Compute the changes of all flips in these groups again, and return their columns."""
        columns = np.flatnonzero(np.isin(self.group, groups))
        previous = self.choice[self.group[columns]]
        removed = np.where(previous >= 0, 1.0, 0.0) * self.coefficients[:, previous]
        added = np.where(previous == columns, 0.0, 1.0) * self.coefficients[:, columns]
        self.change[:, columns] = added - removed
        return columns

    def violation(self, activity: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return how far activities are outside the bounds, (rows,), 0 where rounding explains it."""
        outside = np.maximum(self.lower - activity, activity - self.upper)
        return np.where(outside > 1e-9, outside, 0.0)

    def judge(self, rows: slice | NDArray[np.intp], columns: slice | NDArray[np.intp]) -> None:
        """Compute again how far the activities of some rows are outside their bounds after some flips.

        In place, and only where something changed, because most of the time is spent here.
        """
        place = (rows, columns) if isinstance(rows, slice) or isinstance(columns, slice) else np.ix_(rows, columns)
        outside = self.activity[rows][:, None] + self.change[place]
        below = self.lower[rows][:, None] - outside
        outside -= self.upper[rows][:, None]
        np.maximum(outside, below, out=outside)
        np.maximum(outside, 0.0, out=outside)
        self.outside[place] = outside

    def step(self) -> None:
        """Make the best flip, or raise the weights of violated rows if none helps."""
        present = self.violation(self.activity)
        total = self.weight @ self.outside
        best = int(np.argmin(total + self.preference))
        if total[best] >= self.weight @ present - 1e-12:
            self.weight = self.weight + RISE * (present > 0)
            return
        group = self.group[best]
        moved = np.flatnonzero(self.change[:, best])
        self.activity = self.activity + self.change[:, best]
        self.choice[group] = -1 if self.choice[group] == best else best
        columns = self.update(np.asarray([group]))
        self.judge(moved, slice(None))
        self.judge(slice(None), columns)
