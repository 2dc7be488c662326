"""The relaxation of a program that counts its worst scenarios, solved again and again by HiGHS.

Cuts, columns and decisions are added to the model in place, so that each solve begins with the basis of the one before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.signals import defer_signals
from microopt.solver.backends.highs_model import LinearModel, linear_model, load
from microopt.solver.program import Columns
from microopt.solver.worst_mean import WorstMean

NDFloat = NDArray[np.float64]
OPTIMAL, INFEASIBLE = "kOptimal", "kInfeasible"  # statuses of HiGHS; no other one says anything of a node
INFINITY = 1e30  # of HiGHS
MARGIN = 1e-6  # by which theta may leave its range: the cuts, and not the range, are to have the prices
LARGEST = 20  # bits of what a typical column brings in the model: tolerances are absolute


class CutRelaxation:
    """Maximize the objective over 0 <= x <= 1 and the rows, with theta below every cut; few columns are in the model.

    Attributes
    ----------
    columns
        The columns in the model, in its order; all others are 0.
    count
        How often it was solved.
    """

    def __init__(self, goal: WorstMean, columns: Columns, sets: Iterable[Sequence[int]]) -> None:
        program = goal.program
        model = linear_model(replace(program, objective=np.zeros(len(program), dtype=np.int64)))
        largest = np.abs(goal.values).max(initial=1) * float(goal.worst)
        self._scale = 2.0 ** max(0, int(largest).bit_length() - LARGEST)
        self._goal, self._rows, self._model_rows = goal, len(program.rows), len(model.row_lower)
        self._row_unit = model.row_unit[: self._rows]
        self._starts, self._entries, self._entry_rows = _by_column(model, len(program))
        self._solver = load(_without_columns(model, len(program)), self._scale)
        self._solver.setOptionValue("solver", "simplex")
        self._theta = len(model.objective) - len(program)  # behind the slack of soft rows
        nothing = np.zeros(0, dtype=np.int32)
        most, least = (float(limit) / self._scale for limit in goal.range)
        margin = max(1.0, MARGIN * max(abs(most), abs(least)))
        self._solver.addCol(-float(goal.weight), least - margin, most + margin, 0, nothing, np.zeros(0))
        self.columns: Columns = np.zeros(0, dtype=np.intp)
        self._place: dict[int, int] = {}
        self._counts = np.zeros((goal.values.shape[1], 0))  # which scenarios each cut counts
        self._decided: dict[int, int] = {}
        self.count = 0
        self.add_columns(columns)
        for scenarios in sets:
            self.add_cut(scenarios)

    def add_columns(self, columns: Columns) -> None:
        """Add columns to the model that it lacks."""
        with defer_signals():
            cuts = (self._goal.values[columns] @ self._counts) / self._scale
            cut_rows = np.arange(cuts.shape[1], dtype=np.int32) + np.int32(self._model_rows)
            for place, column in enumerate(columns.tolist()):
                part = slice(int(self._starts[column]), int(self._starts[column + 1]))
                index = np.concatenate([self._entry_rows[part], cut_rows])
                numbers = np.concatenate([self._entries[part], cuts[place]])
                cost = -float(self._goal.program.objective[column]) / self._scale
                self._solver.addCol(cost, 0.0, 1.0, len(index), index, numbers)
                self._place[column] = self._theta + 1 + len(self._place)
        self.columns = np.concatenate([self.columns, columns])

    def add_cut(self, scenarios: Sequence[int]) -> None:
        """Add the cut that theta is at most the sum over these scenarios."""
        counted = np.zeros((len(self._counts), 1))
        counted[list(scenarios)] = 1.0
        self._counts = np.hstack([self._counts, counted])
        numbers = (self._goal.values[self.columns] @ counted)[:, 0] / self._scale
        index = np.arange(self._theta, self._theta + 1 + len(numbers), dtype=np.int32)
        with defer_signals():
            self._solver.addRow(0.0, INFINITY, len(index), index, np.concatenate([[-1.0], numbers]))

    def solve(self, decisions: Mapping[int, int]) -> bool:
        """Solve with these columns decided and all others free; return whether there is an optimum.

        If HiGHS fails from the basis of the last solve, it begins anew.
        """
        with defer_signals():
            for column in self._decided.keys() | decisions.keys():
                value = decisions.get(column)
                if value != self._decided.get(column):
                    bounds = (0.0, 1.0) if value is None else (float(value), float(value))
                    self._solver.changeColBounds(self._place[column], *bounds)
            self._decided, self.count = dict(decisions), self.count + 1
            self._solver.run()
            if self._status not in (OPTIMAL, INFEASIBLE):
                self._solver.clearSolver()
                self._solver.run()
        return self._status == OPTIMAL

    @property
    def _status(self) -> str:
        return str(self._solver.getModelStatus().name)

    @property
    def is_infeasible(self) -> bool:
        """Whether the last solve found that nothing satisfies the rows and decisions."""
        return self._status == INFEASIBLE

    @property
    def bound(self) -> float:
        """The optimum of the last solve."""
        return -self._scale * float(self._solver.getInfo().objective_function_value)

    @property
    def solution(self) -> tuple[NDFloat, float]:
        """Values of the columns in the model, (columns,), and of theta."""
        values = np.asarray(self._solver.getSolution().col_value, dtype=float)
        return np.clip(values[self._theta + 1 :], 0.0, 1.0), self._scale * float(values[self._theta])

    @property
    def prices(self) -> tuple[NDFloat, NDFloat]:
        """Prices of the rows, and of the cuts: those add up to the weight, negated."""
        duals = -np.asarray(self._solver.getSolution().row_dual, dtype=float)
        return self._scale * duals[: self._rows] / self._row_unit, duals[self._model_rows :]

    @property
    def ray(self) -> NDFloat | None:
        """Direction in which prices of the rows lower the bound without end, if the last solve was infeasible."""
        _, has_ray, ray = self._solver.getDualRay()
        return -np.asarray(ray, dtype=float)[: self._rows] / self._row_unit if has_ray else None


def _by_column(model: LinearModel, count: int) -> tuple[NDArray[np.intp], NDFloat, NDArray[np.int32]]:
    """Return the entries of the first `count` columns column by column: where each starts, numbers, and rows."""
    rows = np.repeat(np.arange(len(model.row_lower), dtype=np.int32), np.diff(model.starts))
    order = np.argsort(model.columns, kind="stable")
    starts = np.searchsorted(model.columns[order], np.arange(count + 1))
    return starts, model.coefficients[order], rows[order]


def _without_columns(model: LinearModel, count: int) -> LinearModel:
    """Return the model without its first `count` columns."""
    kept = model.columns >= count
    starts = np.concatenate([[0], np.cumsum(kept)])[model.starts].astype(np.int32)
    return replace(
        model,
        objective=model.objective[count:],
        upper=model.upper[count:],
        integral=model.integral[count:],
        starts=starts,
        columns=(model.columns[kept] - count).astype(np.int32),
        coefficients=model.coefficients[kept],
    )
