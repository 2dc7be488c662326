"""Improve a plan by local search: columns are added and swapped, with net reach counted exactly.

Prices see a pool as if a column could be selected in part: if large columns share pools, what prices select is percents
away from the best plan, and a better incumbent makes the proof shorter.
"""

from __future__ import annotations

from math import inf
from time import perf_counter

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from microopt.solver.program import Columns, IntegerProgram
from microopt.solver.reach_pool import EXPOSURE

CELLS = 20_000_000  # rows times columns beyond which local search leaves a plan as it is
SLIP = 0.02  # of the best gain for the slack used; columns that come closer to it are added together


class _State(Struct, kw_only=True, eq=False):
    """A plan, with what is needed to evaluate a change of it.

    `pool_of`, `column_of` and `unreached_share` have one entry for each column of each pool, by column; those of a
    column start at its number in `entry_starts`.
    """

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
    entry_starts: NDArray[np.intp]
    unreached_share: NDArray[np.float64]
    unreached_value: NDArray[np.float64]

    def entries(self, column: int) -> slice:
        """Return where the entries of a column are."""
        return slice(int(self.entry_starts[column]), int(self.entry_starts[column + 1]))

    def gains(self, unreached: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return what each column adds to the objective if pools have this value unreached."""
        net = unreached[self.pool_of] * (1 - self.unreached_share)
        return np.bincount(self.column_of, net, minlength=len(self.program)) + self.objective

    def unreached_without(self, column: int) -> NDArray[np.float64]:
        """Return the unreached value of each pool if the column is removed."""
        unreached = self.unreached_value.copy()
        entries = self.entries(column)
        unreached[self.pool_of[entries]] /= self.unreached_share[entries]
        return unreached

    def feasible_additions(self, activity: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Return which columns can be added to these activities without violating a row more than the plan does."""
        fits = ~self.selected
        rows = zip(self.coefficients, activity, self.activity, self.lower, self.upper, strict=True)
        for coefficients, start, current, lower, upper in rows:
            total = coefficients + start
            fits &= (total <= max(upper, current)) & (total >= min(lower, current))
        return fits

    def gains_in_turn(self, columns: Columns) -> NDArray[np.float64]:
        """Return what each of these columns adds to the objective after all of them that come before it."""
        counts = self.entry_starts[columns + 1] - self.entry_starts[columns]
        turn = np.repeat(np.arange(len(columns)), counts)
        entries = np.repeat(self.entry_starts[columns] - np.cumsum(counts) + counts, counts) + np.arange(len(turn))
        entries, turn = (numbers[np.argsort(self.pool_of[entries], kind="stable")] for numbers in (entries, turn))
        pools, kept = self.pool_of[entries], np.log(self.unreached_share[entries])
        before = np.cumsum(kept) - kept
        starts = np.searchsorted(pools, pools)
        net = self.unreached_value[pools] * np.exp(before - before[starts]) * (1 - self.unreached_share[entries])
        return np.bincount(turn, net, minlength=len(columns)) + self.objective[columns]

    def fitting_prefix(self, columns: Columns) -> Columns:
        """Return the first of these columns, each of which can be added after all before it."""
        _, first_of_group = np.unique(self.program.group[columns], return_index=True)
        columns = columns[np.sort(first_of_group)]
        totals = self.activity[:, None] + np.cumsum(self.coefficients[:, columns], axis=1)
        above, below = np.maximum(self.upper, self.activity), np.minimum(self.lower, self.activity)
        fits = ((totals <= above[:, None]) & (totals >= below[:, None])).all(axis=0)
        return columns if fits.all() else columns[: int(np.argmin(fits))]

    def toggle(self, column: int, *, add: bool) -> None:
        sign = 1 if add else -1
        entries = self.entries(column)
        self.unreached_value[self.pool_of[entries]] *= self.unreached_share[entries] ** sign
        self.activity = self.activity + sign * self.coefficients[:, column]
        self.selected[column] = self.group_used[self.program.group[column]] = add


def local_search(program: IntegerProgram, selected: Columns, seconds: float | None = None) -> Columns:
    """Return a plan that is no worse: columns are added, then swapped one for one, as long as that helps.

    Rows that count net reach are not checked: the caller asks `program.violated_constraints`.
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
    """Add the columns with the most gain for the slack they use, as long as one fits and gains.

    Columns that gain almost as much as the best one are added with it, unless those before them take some of the gain.
    """
    added = False
    while perf_counter() < end:
        gains = state.gains(state.unreached_value)
        fits = state.feasible_additions(state.activity) & ~state.group_used[state.program.group] & (gains > 0)
        if not fits.any():
            break
        slack = np.maximum(state.upper - state.activity, 1.0)
        use = (np.maximum(state.coefficients, 0.0) / slack[:, None]).max(axis=0, initial=0.0) + 1e-9
        worth = np.where(fits, gains / use, 0.0)
        near = np.flatnonzero(worth >= (1 - SLIP) * worth.max())
        near = near[np.argsort(-worth[near], kind="stable")]
        lasting = near[state.gains_in_turn(near) >= (1 - SLIP) * gains[near]]
        for column in state.fitting_prefix(lasting).tolist():
            state.toggle(column, add=True)
        added = True
    return added


def _swap_best(state: _State, column: int) -> bool:
    """Swap the column for the one that gains most in its place, if that one gains more."""
    gains = state.gains(state.unreached_without(column))
    groups = state.program.group
    fits = state.feasible_additions(state.activity - state.coefficients[:, column])
    fits &= ~state.group_used[groups] | (groups == groups[column])
    replacement = int(np.argmax(np.where(fits, gains, -np.inf)))
    if not fits[replacement] or gains[replacement] <= gains[column] + 1:
        return False
    state.toggle(column, add=False)
    state.toggle(replacement, add=True)
    return True


def _initial_state(program: IntegerProgram, selected: Columns) -> _State:
    coefficients = np.zeros((len(program.rows), len(program)))
    for number, row in enumerate(program.rows):
        coefficients[number, row.columns] = row.coefficients
    values = np.asarray([float(pool.objective) * pool.size for pool in program.pools])
    exposures = np.asarray([pool.total_exposure(selected) for pool in program.pools])
    column_of = np.concatenate([pool.columns for pool in program.pools])
    by_column = np.argsort(column_of, kind="stable")
    pool_of = np.concatenate([np.full(len(pool.columns), number) for number, pool in enumerate(program.pools)])
    unreached_share = np.exp(-np.concatenate([pool.exposure for pool in program.pools]) / EXPOSURE)
    used = np.zeros(int(program.group.max(initial=-1)) + 1, dtype=bool)
    used[program.group[selected]] = True
    net = {pool.row for pool in program.pools}
    lower = [-np.inf if row.lower is None or i in net else row.lower for i, row in enumerate(program.rows)]
    return _State(
        program=program,
        objective=program.objective.astype(float),
        selected=program.mask(selected),
        group_used=used,
        coefficients=coefficients,
        activity=coefficients[:, selected].sum(axis=1),
        lower=np.asarray(lower, dtype=float),
        upper=np.asarray([np.inf if row.upper is None else row.upper for row in program.rows], dtype=float),
        pool_of=pool_of[by_column],
        column_of=column_of[by_column],
        entry_starts=np.searchsorted(column_of[by_column], np.arange(len(program) + 1)),
        unreached_share=unreached_share[by_column],
        unreached_value=values * np.exp(-exposures / EXPOSURE),
    )
