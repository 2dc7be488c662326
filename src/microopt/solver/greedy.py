"""Fill a plan one column at a time in a given order: a first plan to fall back on, and the habits plans are held to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from microopt.solver.program import Constraint, IntegerProgram, Picks

AT_ONCE = 4_096  # columns put in order together
BLOCK = 256  # columns looked at together
FAR = 2**62  # sums of coefficients stay below it; a limit may lie beyond 64 bits


def greedy_fill(program: IntegerProgram, order: NDArray[np.intp], start: Picks | None = None) -> Picks:
    """Take columns in order, each if it leaves every upper limit with only non-negative coefficients kept, soft or not.

    Lower limits and rows of mixed signs are not looked at: the caller asks `program.broken`.

    Parameters
    ----------
    order
        Columns, the first to be taken first.
    start
        Columns taken already.
    """
    caps = _caps(program)
    left = np.asarray([max(-FAR, min(FAR, line.upper or 0)) for line in caps], dtype=np.int64)
    taken = [order[:0]]
    used = np.zeros(int(program.group.max(initial=-1)) + 1, dtype=bool)
    asked = order if start is None else np.concatenate([start, order])
    for first in range(0, len(asked), BLOCK):
        some = asked[first : first + BLOCK]
        needs = np.asarray([line.at(some) for line in caps], dtype=np.int64).reshape(len(caps), len(some))
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


def fill_by_rank(program: IntegerProgram, columns: Picks, ranks: Sequence[NDArray[Any]], start: Picks) -> Picks:
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
        open_still = np.flatnonzero((ranks[0] > last) & _fitting(program, taken, columns))
        columns, ranks, count = columns[open_still], [rank[open_still] for rank in ranks], 4 * count
    return taken


def _caps(program: IntegerProgram) -> list[Constraint]:
    return [line for line in program.rows if line.upper is not None and (line.coefficients >= 0).all()]


def _fitting(program: IntegerProgram, taken: Picks, columns: Picks) -> NDArray[np.bool_]:
    """Return which columns could still be taken beside these."""
    used = np.zeros(int(program.group.max(initial=-1)) + 1, dtype=bool)
    used[program.group[taken]] = True
    fitting = ~used[program.group]
    for line in _caps(program):
        left = max(-FAR, min(FAR, line.upper or 0)) - line.activity(taken)
        fitting[line.columns[line.coefficients > left]] = False
    return fitting[columns]
