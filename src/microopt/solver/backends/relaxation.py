"""The linear relaxation of a program, solved by the simplex method of HiGHS in this process.

Every backend takes its prices from here. They need no trust, because any prices bound every plan: only how tight the
bound is depends on them. The model is passed as arrays; for a few thousand columns that takes milliseconds, where a
model file and a process of its own take a tenth of a second.
"""

from __future__ import annotations

from collections.abc import Iterable
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from microopt.signals import defer_signals
from microopt.solver.backends.decode import PARTS, empty_program_result, no_solution_result, safe_upper_bound
from microopt.solver.backends.highs_model import LinearModel, failure, linear_model, load, version
from microopt.solver.backends.run_in_thread import WorkerHung, run_in_thread
from microopt.solver.program import IntegerProgram
from microopt.solver.result import Limit, SolveLimits, SolveResult, Termination

if TYPE_CHECKING:
    from highspy import Highs

NAME = "highs"
BRIEF = 20_000  # nonzeros up to which a relaxation is over before a keystroke is noticed: no thread is started for it
INFEASIBLE = ("kInfeasible", "kUnboundedOrInfeasible")  # columns are bounded, so the latter is the former too
LIMITS = ("kTimeLimit", "kInterrupt", "kIterationLimit")


def relax(program: IntegerProgram, limits: SolveLimits) -> SolveResult:
    """Return the dual prices of the relaxation to 0 <= x <= 1, and its optimum as `bound` if it has one.

    Raises
    ------
    BackendError
        If HiGHS fails.
    """
    if not len(program):
        return empty_program_result(program, NAME, version())
    start, model = perf_counter(), linear_model(program)
    try:
        solver = load(model, model.scale)
        solver.setOptionValue("solver", "simplex")
        if limits.seconds is not None:
            solver.setOptionValue("time_limit", max(limits.seconds, 0.01))
        limit = _run(solver, model, limits)
        return _parse(program, model, solver, limit, perf_counter() - start)
    except WorkerHung as hung:
        return no_solution_result(NAME, version(), hung.limit, perf_counter() - start)
    except KeyboardInterrupt:
        return no_solution_result(NAME, version(), Limit.INTERRUPT, perf_counter() - start)


class WarmRelaxation:
    """The relaxation of a program without pools, solved again and again with some columns decided.

    Attributes
    ----------
    count
        How often it was solved.
    """

    def __init__(self, program: IntegerProgram) -> None:
        model = linear_model(program)
        self._size, self._row_unit, self._scale = len(program), model.row_unit[: len(program.rows)], model.scale
        self._solver = load(model, self._scale)
        self._solver.setOptionValue("solver", "simplex")
        self._decided: dict[int, int] = {}
        self.count = 0

    def solve(self, decisions: Iterable[tuple[int, int]]) -> bool:
        """Solve with these columns decided and all others free; return whether that is feasible."""
        wanted = dict(decisions)
        with defer_signals():
            for column in self._decided.keys() | wanted.keys():
                value = wanted.get(column)
                if value != self._decided.get(column):
                    self._solver.changeColBounds(column, *((0.0, 1.0) if value is None else (value, value)))
            self._decided, self.count = wanted, self.count + 1
            self._solver.run()
        return bool(self._solver.getModelStatus().name == "kOptimal")

    @property
    def bound(self) -> float:
        """The optimum of the last solve."""
        return -self._scale * float(self._solver.getInfo().objective_function_value)

    @property
    def values(self) -> NDArray[np.float64]:
        """Values of the columns, (n,)."""
        return np.asarray(self._solver.getSolution().col_value, dtype=float)[: self._size]

    @property
    def prices(self) -> NDArray[np.float64]:
        """Prices of the rows, (rows,)."""
        duals = np.asarray(self._solver.getSolution().row_dual, dtype=float)
        return -self._scale * duals[: len(self._row_unit)] / self._row_unit

    @property
    def ray(self) -> NDArray[np.float64] | None:
        """Direction in which prices of the rows lower the bound without end, if the last solve was infeasible."""
        _, has_ray, ray = self._solver.getDualRay()
        return -np.asarray(ray, dtype=float)[: len(self._row_unit)] / self._row_unit if has_ray else None

    @property
    def reduced(self) -> NDArray[np.float64]:
        """Reduced costs of the columns, (n,): negative at 0, positive at 1."""
        return -self._scale * np.asarray(self._solver.getSolution().col_dual, dtype=float)[: self._size]


def _run(solver: Highs, model: LinearModel, limits: SolveLimits) -> Limit | None:
    """Solve the model, in a thread if it may take long enough for somebody to press Ctrl-C."""
    if len(model.columns) <= BRIEF:
        with defer_signals():
            solver.run()
        return None
    solver.HandleUserInterrupt = True
    return run_in_thread(solver.run, solver.cancelSolve, limits.seconds)


def _parse(
    program: IntegerProgram, model: LinearModel, solver: Highs, limit: Limit | None, seconds: float
) -> SolveResult:
    facts: dict[str, Any] = {"seconds": seconds, "backend": NAME, "version": str(solver.version())}
    status = solver.getModelStatus().name
    if status in INFEASIBLE:
        return SolveResult(termination=Termination.INFEASIBLE, **facts)
    if status not in ("kOptimal", *LIMITS):
        raise failure(status)
    finished = status == "kOptimal"
    duals = -model.scale * np.asarray(solver.getSolution().row_dual, dtype=float) / model.row_unit
    pools = slice(len(program.rows), len(program.rows) + len(program.pools))
    limit = limit or (None if finished else Limit.TIME)
    bound = -model.scale * solver.getInfo().objective_function_value
    return SolveResult(
        termination=Termination.OPTIMAL if finished else Termination.UNKNOWN,
        limit=limit,
        bound=safe_upper_bound(program, bound) if finished else None,
        prices=duals[: len(program.rows)],
        pool_prices=duals[pools] * PARTS,
        **facts,
    )
