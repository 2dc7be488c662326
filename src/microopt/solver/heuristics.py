"""

Fill a plan one column at a time in a given order: a first plan to fall back on, and the habits plans are held to.

A plan -> a better one by adding columns and by exchanging one for another, net reach counted as it is.

Prices see a pool as if a column could be bought in part. Where large columns share pools, what prices buy is percents
away from the best plan, and a start that is closer makes the proof shorter.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import inf
from time import perf_counter
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from microopt.solver.program import Columns, Constraint, IntegerProgram
from microopt.solver.reach_pool import EXPOSURE

AT_ONCE = 4_096  # columns put in order together
BLOCK = 256  # columns looked at together
FAR = 2**62  # sums of coefficients stay below it; a limit may lie beyond 64 bits


def greedy_fill(program: IntegerProgram, order: NDArray[np.intp], start: Columns | None = None) -> Columns:
    """Take columns in order, each if it leaves every upper limit with only non-negative coefficients kept, soft or not.

    Lower limits and rows of mixed signs are not looked at: the caller asks `program.broken`.

    Parameters
    ----------
    order
        Columns, the first to be taken first.
    start
        Columns taken already.
    """
    caps = _packing_rows(program)
    left = np.asarray([max(-FAR, min(FAR, row.upper or 0)) for row in caps], dtype=np.int64)
    taken = [order[:0]]
    used = np.zeros(int(program.group.max(initial=-1)) + 1, dtype=bool)
    asked = order if start is None else np.concatenate([start, order])
    for first in range(0, len(asked), BLOCK):
        some = asked[first : first + BLOCK]
        needs = np.asarray([row.coefficients_at(some) for row in caps], dtype=np.int64).reshape(len(caps), len(some))
        while len(some):
            fitting = np.flatnonzero(~used[program.group[some]] & (needs <= left[:, None]).all(axis=0))
            some, needs = some[fitting], needs[:, fitting]  # what does not fit never will
            one_each = np.sort(np.unique(program.group[some], return_index=True)[1])
            together = (np.cumsum(needs[:, one_each], axis=1) <= left[:, None]).all(axis=0)
            now = one_each[: len(one_each) if together.all() else int(together.argmin())]
            taken.append(some[now])
            used[program.group[some[now]]] = True
            left = left - needs[:, now].sum(axis=1)
    return np.sort(np.concatenate(taken))


def fill_by_rank(program: IntegerProgram, columns: Columns, ranks: Sequence[NDArray[Any]], start: Columns) -> Columns:
    """Fill with columns by rank, the least first: what `fill` gives with all of them in order, of which few are sorted.

    Parameters
    ----------
    columns
        (k,) ascending.
    ranks
        (k,) each: what columns are ranked by, then what decides between equals. No NaN.
    start
        Columns taken first.
    """
    taken, count = greedy_fill(program, columns[:0], start=start), AT_ONCE
    while len(columns):
        last = np.partition(ranks[0], count)[count] if len(columns) > count else ranks[0].max()
        few = np.flatnonzero(ranks[0] <= last)
        order = few[np.lexsort([rank[few] for rank in reversed(ranks)])]
        taken = greedy_fill(program, columns[order], start=taken)
        open_still = np.flatnonzero((ranks[0] > last) & _feasible_columns(program, taken, columns))
        columns, ranks, count = columns[open_still], [rank[open_still] for rank in ranks], 4 * count
    return taken


def _packing_rows(program: IntegerProgram) -> list[Constraint]:
    return [row for row in program.rows if row.upper is not None and (row.coefficients >= 0).all()]


def _feasible_columns(program: IntegerProgram, taken: Columns, columns: Columns) -> NDArray[np.bool_]:
    """Return which columns could still be taken beside these."""
    used = np.zeros(int(program.group.max(initial=-1)) + 1, dtype=bool)
    used[program.group[taken]] = True
    fitting = ~used[program.group]
    for row in _packing_rows(program):
        left = max(-FAR, min(FAR, row.upper or 0)) - row.activity(taken)
        fitting[row.columns[row.coefficients > left]] = False
    return fitting[columns]


CELLS = 20_000_000  # of rows times columns: beyond it the plan is left as it is


class _State(Struct, kw_only=True, eq=False):
    """A plan, and what is needed to weigh a change of it."""

    program: IntegerProgram
    objective: NDArray[np.float64]
    selected: NDArray[np.bool_]
    group_used: NDArray[np.bool_]
    coefficients: NDArray[np.float64]
    activity: NDArray[np.float64]
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]
    pool_of: NDArray[np.intp]
    column_of: NDArray[np.intp]
    unreached_share: NDArray[np.float64]
    unreached_value: NDArray[np.float64]

    def gains(self, left: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return what each column adds where pools have this value left unreached."""
        net = left[self.pool_of] * (1 - self.unreached_share)
        return np.bincount(self.column_of, net, minlength=len(self.program)) + self.objective

    def unreached_without(self, column: int) -> NDArray[np.float64]:
        """Return the value that pools have left if the column is given up."""
        left = self.unreached_value.copy()
        mine = self.column_of == column
        left[self.pool_of[mine]] /= self.unreached_share[mine]
        return left

    def feasible_additions(self, activity: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Return which columns keep every row when added to these sums, or leave it no further out than the plan is."""
        fits = ~self.selected
        for need, at, was, low, high in zip(
            self.coefficients, activity, self.activity, self.lower, self.upper, strict=True
        ):
            total = need + at
            fits &= (total <= max(high, was)) & (total >= min(low, was))
        return fits

    def toggle(self, column: int, *, take: bool) -> None:
        sign = 1 if take else -1
        mine = self.column_of == column
        self.unreached_value[self.pool_of[mine]] *= self.unreached_share[mine] ** sign
        self.activity = self.activity + sign * self.coefficients[:, column]
        self.selected[column] = self.group_used[self.program.group[column]] = take


def local_search(program: IntegerProgram, selected: Columns, seconds: float | None = None) -> Columns:
    """Return picks worth no less: columns are added, then exchanged one for one, while that helps.

    Rows that count net reach are not looked at: the caller asks `program.broken`.
    """
    if not program.pools or len(program.rows) * len(program) > CELLS:
        return selected
    state, end = _initial_state(program, selected), inf if seconds is None else perf_counter() + seconds
    improved = True
    while improved and perf_counter() < end:
        improved = _insert_best(state, end)
        for column in np.flatnonzero(state.selected).tolist():
            improved |= perf_counter() < end and _swap_best(state, column)
    return np.flatnonzero(state.selected)


def _insert_best(state: _State, end: float) -> bool:
    """Take what gains most for the room it takes, while anything fits and gains."""
    added = False
    while perf_counter() < end:
        gains = state.gains(state.unreached_value)
        fits = state.feasible_additions(state.activity) & ~state.group_used[state.program.group] & (gains > 0)
        if not fits.any():
            break
        room = np.maximum(state.upper - state.activity, 1.0)
        need = (np.maximum(state.coefficients, 0.0) / room[:, None]).max(axis=0, initial=0.0) + 1e-9
        state.toggle(int(np.argmax(np.where(fits, gains / need, -np.inf))), take=True)
        added = True
    return added


def _swap_best(state: _State, column: int) -> bool:
    """Give the column up for the one that gains most in its place, if that gains more."""
    gains = state.gains(state.unreached_without(column))
    groups = state.program.group
    fits = state.feasible_additions(state.activity - state.coefficients[:, column])
    fits &= ~state.group_used[groups] | (groups == groups[column])
    other = int(np.argmax(np.where(fits, gains, -np.inf)))
    if not fits[other] or gains[other] <= gains[column] + 1:
        return False
    state.toggle(column, take=False)
    state.toggle(other, take=True)
    return True


def _initial_state(program: IntegerProgram, selected: Columns) -> _State:
    taken = program.mask(selected)
    needs = np.zeros((len(program.rows), len(program)))
    for number, row in enumerate(program.rows):
        needs[number, row.columns] = row.coefficients
    worths = np.asarray([float(pool.objective) * pool.size for pool in program.pools])
    used = np.zeros(int(program.group.max(initial=-1)) + 1, dtype=bool)
    used[program.group[selected]] = True
    net = {pool.row for pool in program.pools}
    lower = [-np.inf if row.lower is None or i in net else row.lower for i, row in enumerate(program.rows)]
    return _State(
        program=program,
        objective=program.objective.astype(float),
        selected=taken,
        group_used=used,
        coefficients=needs,
        activity=needs[:, selected].sum(axis=1),
        lower=np.asarray(lower, dtype=float),
        upper=np.asarray([np.inf if row.upper is None else row.upper for row in program.rows], dtype=float),
        pool_of=np.concatenate([np.full(len(pool.columns), s) for s, pool in enumerate(program.pools)]),
        column_of=np.concatenate([pool.columns for pool in program.pools]),
        unreached_share=np.exp(-np.concatenate([pool.exposure for pool in program.pools]) / EXPOSURE),
        unreached_value=worths
        * np.exp(-np.asarray([pool.total_exposure(selected) for pool in program.pools]) / EXPOSURE),
    )
