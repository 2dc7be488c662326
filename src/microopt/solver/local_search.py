"""A plan -> a better one by adding columns and by exchanging one for another, net reach counted as it is.

Prices see a pool as if a column could be bought in part. Where large columns share pools, what prices buy is percents
away from the best plan, and a start that is closer makes the proof shorter.
"""

from __future__ import annotations

from math import inf
from time import perf_counter

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from microopt.solver.program import IntegerProgram, Picks
from microopt.solver.reach_pool import EXPOSURE

CELLS = 20_000_000  # of rows times columns: beyond it the plan is left as it is


class _State(Struct, kw_only=True, eq=False):
    """A plan, and what is needed to weigh a change of it."""

    program: IntegerProgram
    value: NDArray[np.float64]
    taken: NDArray[np.bool_]
    used: NDArray[np.bool_]
    needs: NDArray[np.float64]
    activity: NDArray[np.float64]
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]
    pool_of: NDArray[np.intp]
    column_of: NDArray[np.intp]
    kept: NDArray[np.float64]
    left: NDArray[np.float64]

    def gains(self, left: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return what each column adds where pools have this value left unreached."""
        net = left[self.pool_of] * (1 - self.kept)
        return np.bincount(self.column_of, net, minlength=len(self.program)) + self.value

    def without(self, column: int) -> NDArray[np.float64]:
        """Return the value that pools have left if the column is given up."""
        left = self.left.copy()
        mine = self.column_of == column
        left[self.pool_of[mine]] /= self.kept[mine]
        return left

    def fitting(self, activity: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Return which columns keep every row when added to these sums, or leave it no further out than the plan is."""
        fits = ~self.taken
        for need, at, was, low, high in zip(self.needs, activity, self.activity, self.lower, self.upper, strict=True):
            total = need + at
            fits &= (total <= max(high, was)) & (total >= min(low, was))
        return fits

    def turn(self, column: int, *, take: bool) -> None:
        sign = 1 if take else -1
        mine = self.column_of == column
        self.left[self.pool_of[mine]] *= self.kept[mine] ** sign
        self.activity = self.activity + sign * self.needs[:, column]
        self.taken[column] = self.used[self.program.group[column]] = take


def improve(program: IntegerProgram, picks: Picks, seconds: float | None = None) -> Picks:
    """Return picks worth no less: columns are added, then exchanged one for one, while that helps.

    Rows that count net reach are not looked at: the caller asks `program.broken`.
    """
    if not program.pools or len(program.rows) * len(program) > CELLS:
        return picks
    state, end = _state(program, picks), inf if seconds is None else perf_counter() + seconds
    improved = True
    while improved and perf_counter() < end:
        improved = _add(state, end)
        for column in np.flatnonzero(state.taken).tolist():
            improved |= perf_counter() < end and _exchange(state, column)
    return np.flatnonzero(state.taken)


def _add(state: _State, end: float) -> bool:
    """Take what gains most for the room it takes, while anything fits and gains."""
    added = False
    while perf_counter() < end:
        gains = state.gains(state.left)
        fits = state.fitting(state.activity) & ~state.used[state.program.group] & (gains > 0)
        if not fits.any():
            break
        room = np.maximum(state.upper - state.activity, 1.0)
        need = (np.maximum(state.needs, 0.0) / room[:, None]).max(axis=0, initial=0.0) + 1e-9
        state.turn(int(np.argmax(np.where(fits, gains / need, -np.inf))), take=True)
        added = True
    return added


def _exchange(state: _State, column: int) -> bool:
    """Give the column up for the one that gains most in its place, if that gains more."""
    gains = state.gains(state.without(column))
    groups = state.program.group
    fits = state.fitting(state.activity - state.needs[:, column])
    fits &= ~state.used[groups] | (groups == groups[column])
    other = int(np.argmax(np.where(fits, gains, -np.inf)))
    if not fits[other] or gains[other] <= gains[column] + 1:
        return False
    state.turn(column, take=False)
    state.turn(other, take=True)
    return True


def _state(program: IntegerProgram, picks: Picks) -> _State:
    taken = program.chosen(picks)
    needs = np.zeros((len(program.rows), len(program)))
    for number, line in enumerate(program.rows):
        needs[number, line.columns] = line.coefficients
    worths = np.asarray([float(pool.value) * pool.size for pool in program.pools])
    used = np.zeros(int(program.group.max(initial=-1)) + 1, dtype=bool)
    used[program.group[picks]] = True
    net = {pool.row for pool in program.pools}
    lower = [-np.inf if line.lower is None or i in net else line.lower for i, line in enumerate(program.rows)]
    return _State(
        program=program,
        value=program.value.astype(float),
        taken=taken,
        used=used,
        needs=needs,
        activity=needs[:, picks].sum(axis=1),
        lower=np.asarray(lower, dtype=float),
        upper=np.asarray([np.inf if line.upper is None else line.upper for line in program.rows], dtype=float),
        pool_of=np.concatenate([np.full(len(pool.columns), s) for s, pool in enumerate(program.pools)]),
        column_of=np.concatenate([pool.columns for pool in program.pools]),
        kept=np.exp(-np.concatenate([pool.exposure for pool in program.pools]) / EXPOSURE),
        left=worths * np.exp(-np.asarray([pool.exposed(picks) for pool in program.pools]) / EXPOSURE),
    )
