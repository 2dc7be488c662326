"""Fill a plan greedily in a given order, under caps that no later column can bring back within its bound."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from msgspec import Struct

from microopt.solver.arrays import Integers, clip_bound
from microopt.solver.constraint import Constraint
from microopt.solver.program import Columns, IntegerProgram

BLOCK = 256  # columns that are tried together


class Cap(Struct, frozen=True, kw_only=True, eq=False):
    """One side of a row as an upper bound, perhaps with a multiple of a budget added to it.

    Attributes
    ----------
    sign
        1 for the upper side, -1 for the lower side.
    budget
        A row that every plan satisfies, so that `ratio` times it may be added.
    """

    row: Constraint
    sign: int = 1
    budget: Constraint | None = None
    ratio: float = 0.0

    @property
    def limit(self) -> int:
        """What the sizes of all columns of a plan may add up to."""
        bound = self.row.upper if self.sign > 0 else self.row.lower
        extra = 0 if self.budget is None else int(self.ratio * (self.budget.upper or 0))
        return clip_bound(self.sign * (bound or 0) + extra)

    def sizes(self, columns: Columns) -> Integers:
        """Return what each of these columns uses of the limit."""
        sizes: Integers = self.sign * self.row.coefficients_at(columns)
        if self.budget is not None:
            sizes = sizes + np.rint(self.ratio * self.budget.coefficients_at(columns)).astype(np.int64)
        return sizes


def greedy_fill(
    program: IntegerProgram, order: Columns, start: Columns | None = None, further: Sequence[Cap] = ()
) -> Columns:
    """Select columns in order, each if all packing rows still hold, whether hard or soft.

    Lower bounds and rows of mixed signs are not checked: the caller asks `program.violated_constraints`.

    Parameters
    ----------
    order
        Columns, the first to be tried first.
    start
        Columns that are tried before them.
    further
        Caps that are kept besides packing rows.
    """
    caps = [*(Cap(row=row) for row in packing_rows(program)), *further]
    candidates = order if start is None else np.concatenate([start, order])
    return np.sort(add_in_order(program, caps, [cap.limit for cap in caps], candidates, order[:0]))


def packing_rows(program: IntegerProgram) -> list[Constraint]:
    """Return the rows with an upper bound and no negative coefficient."""
    return [row for row in program.rows if row.upper is not None and row.coefficients.min(initial=0) >= 0]


def sides(program: IntegerProgram) -> Iterator[Cap]:
    """Yield each side of the rows, hard and soft, whose activity is that of the columns alone."""
    augmented = program.augmented_rows
    for number, row in enumerate(program.rows):
        if number not in augmented:
            if row.upper is not None:
                yield Cap(row=row)
            if row.lower is not None:
                yield Cap(row=row, sign=-1)


def add_in_order(
    program: IntegerProgram, caps: Sequence[Cap], room: Sequence[int], order: Columns, plan: Columns
) -> Columns:
    """Return a plan with each of these columns, in order, that fits when it is its turn.

    Parameters
    ----------
    room
        For each cap, how much of it may still be used.
    """
    left = np.asarray(room, dtype=np.int64)
    selected = [plan]
    used = np.zeros(int(program.group.max(initial=-1)) + 1, dtype=bool)
    used[program.group[plan]] = True
    for first in range(0, len(order), BLOCK):
        block = order[first : first + BLOCK]
        sizes = np.asarray([cap.sizes(block) for cap in caps], dtype=np.int64).reshape(len(caps), len(block))
        while len(block):
            fitting = np.flatnonzero(~used[program.group[block]] & (sizes <= left[:, None]).all(axis=0))
            block, sizes = block[fitting], sizes[:, fitting]  # of a packing row there is only ever less left
            one_per_group = np.sort(np.unique(program.group[block], return_index=True)[1])
            fit_together = (np.cumsum(sizes[:, one_per_group], axis=1) <= left[:, None]).all(axis=0)
            now = one_per_group[: len(one_per_group) if fit_together.all() else int(fit_together.argmin())]
            selected.append(block[now])
            used[program.group[block[now]]] = True
            left = left - sizes[:, now].sum(axis=1)
    return np.concatenate(selected)
