"""Fill a plan one column at a time in a given order: a first plan to fall back on, and the habits plans are held to."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from microopt.solver.program import Picks, Program

AT_ONCE = 4_096  # columns looked at together
FAR = 2**62  # sums of coefficients stay below it; a limit may lie beyond 64 bits


def fill(program: Program, order: NDArray[np.intp], start: Picks | None = None) -> Picks:
    """Take columns in order, each if it leaves every upper limit with only non-negative coefficients kept, soft or not.

    Lower limits and rows of mixed signs are not looked at: the caller asks `program.broken`.

    Parameters
    ----------
    order
        Columns, the first to be taken first.
    start
        Columns taken already.
    """
    caps = [line for line in program.rows if line.upper is not None and (line.coefficients >= 0).all()]
    needs = np.zeros((len(caps), len(program)), dtype=np.int64)
    for number, line in enumerate(caps):
        needs[number, line.columns] = line.coefficients
    left = np.asarray([max(-FAR, min(FAR, line.upper or 0)) for line in caps], dtype=np.int64)
    taken = np.zeros(len(program), dtype=bool)
    used = np.zeros(int(program.group.max(initial=-1)) + 1, dtype=bool)
    asked = order if start is None else np.concatenate([start, order])
    for first in range(0, len(asked), AT_ONCE):
        some = asked[first : first + AT_ONCE]
        fitting = ~used[program.group[some]] & (needs[:, some] <= left[:, None]).all(axis=0)  # what does not never will
        for column in some[fitting].tolist():
            need = needs[:, column]
            if not used[program.group[column]] and (need <= left).all():
                taken[column] = used[program.group[column]] = True
                left = left - need
    return np.flatnonzero(taken)
