"""Local search by the true mean of the worst scenarios: one column is added, dropped, or swapped for another."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from microopt.solver.program import Columns
from microopt.solver.worst_mean import WorstMean

PASSES = 12  # over all columns of a plan
NOTHING = -1  # in the place of a column


def improve_by_swaps(goal: WorstMean, selected: Columns, candidates: Columns, must_stop: Callable[[], bool]) -> Columns:
    """Return a plan that is no worse: columns are swapped for candidates, added or dropped, as long as that helps.

    Parameters
    ----------
    selected
        A plan that keeps all rows. Programs with soft rows are left as they are.
    candidates
        Columns that may be added.
    """
    if goal.program.has_soft_rows or not len(candidates):
        return selected
    search = _Swaps(goal, candidates)
    for _ in range(PASSES):
        better = search.one_pass(selected, must_stop)
        if better is None:
            break
        selected = better
    return selected


class _Swaps:
    """The candidates, with what they use of each row."""

    def __init__(self, goal: WorstMean, candidates: Columns) -> None:
        self.goal, self.candidates = goal, candidates
        rows = [row for row in goal.program.rows if row.lower is not None or row.upper is not None]
        self.rows = rows
        self.use = np.asarray([row.coefficients_at(candidates) for row in rows]).reshape(len(rows), len(candidates))
        self.lower = [row.lower for row in rows]
        self.upper = [row.upper for row in rows]

    def one_pass(self, selected: Columns, must_stop: Callable[[], bool]) -> Columns | None:
        """Return a better plan, the best of a change for each column in turn, or None."""
        improved = False
        for leaves in (NOTHING, *selected.tolist()):
            if must_stop():
                break
            change = self._best_change(selected, leaves)
            if change is not None:
                selected, improved = change, True
        return selected if improved else None

    def _best_change(self, selected: Columns, leaves: int) -> Columns | None:
        """Return the best plan with this column left out and at most one added, if it is better than the plan."""
        goal = self.goal
        rest = selected[selected != leaves]
        value = goal.objective_value(selected)
        fits = self._fitting(rest) & ~np.isin(self.candidates, selected)
        best = rest if leaves != NOTHING and not goal.program.violated_constraints(rest) else None
        if best is not None and goal.objective_value(best) <= value:
            best = None
        added = self.candidates[fits]
        if len(added):
            totals = goal.values[added] + goal.values[rest].sum(axis=0)
            worst = np.partition(totals, goal.worst - 1, axis=1)[:, : goal.worst].sum(axis=1)
            linear = goal.program.objective[added] + int(goal.program.objective[rest].sum())
            place = int(np.argmax(linear + goal.weight * worst))
            found = np.sort(np.append(rest, added[place]))
            reached = value if best is None else goal.objective_value(best)
            if goal.objective_value(found) > reached and not goal.program.violated_constraints(found):
                best = found
        return best

    def _fitting(self, rest: Columns) -> NDArray[np.bool_]:
        """Return which candidates keep all rows together with these columns, and belong to no group of theirs."""
        group = self.goal.program.group
        fits = ~np.isin(group[self.candidates], group[rest])
        for row, use, lower, upper in zip(self.rows, self.use, self.lower, self.upper, strict=True):
            total = row.activity(rest) + use
            if upper is not None:
                fits &= total <= upper
            if lower is not None:
                fits &= total >= lower
        return fits
