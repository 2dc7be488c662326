"""HiGHS in this process, run in a thread of its own.

Ctrl-C reaches the main thread while HiGHS runs, and a run that does not end is abandoned. Facts that the design takes
into account (HiGHS 1.15 and 1.16):

- If a row has coefficients of 10^8 and more, HiGHS may fail (tests show such programs): after a failure it is given
  such rows in larger units.
- Beside pools, it may call a plan optimal that is some units below the optimum of an objective of 10^10 and more, with
  and without presolve: such objectives are scaled down.
- In one process HiGHS answers nonsense when its thread count changes: it is always 1.
"""

from __future__ import annotations

from importlib.util import find_spec
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from microopt.errors import BackendError
from microopt.solver.backends.decode import (
    decode_values,
    empty_program_result,
    feasible_result,
    no_solution_result,
    optimum_bound,
    safe_upper_bound,
)
from microopt.solver.backends.highs_model import failure, linear_model, load, version
from microopt.solver.backends.relaxation import relax
from microopt.solver.backends.row_bounds import MAX_COEFFICIENT, MAX_EXACT, has_inexact_rows
from microopt.solver.backends.run_in_thread import WorkerHung, run_in_thread
from microopt.solver.program import IntegerProgram
from microopt.solver.result import Limit, SolveLimits, SolveResult, Termination

GAP = 0.5  # absolute gap of an objective with net reach: to close the last digit, HiGHS may branch without end
FAILED = ("kNotset", "kLoadError", "kModelError", "kPresolveError", "kSolveError", "kPostsolveError", "kMemoryLimit")


class Highs:
    """HiGHS in this process; needs highspy."""

    name = "highs"
    successor = None

    def __init__(self) -> None:
        if find_spec("highspy") is None:
            fix = "install it with: pip install highspy"
            raise BackendError("the solver highs is not installed", fix=fix, code="solver-missing")

    @property
    def version(self) -> str:
        """Version of HiGHS."""
        return version()

    def solve(self, program: IntegerProgram, limits: SolveLimits) -> SolveResult:
        """Branch and bound."""
        if not len(program):
            return empty_program_result(program, self.name, self.version)
        start = perf_counter()
        try:
            return self._solve(program, limits, start)
        except (MemoryError, RuntimeError) as error:
            raise BackendError(f"HiGHS failed: {error}", fix="try --solver cbc", code="solver-failed") from None
        except WorkerHung as hung:
            return no_solution_result(self.name, self.version, hung.limit, perf_counter() - start)
        except KeyboardInterrupt:
            return no_solution_result(self.name, self.version, Limit.INTERRUPT, perf_counter() - start)

    def relax(self, program: IntegerProgram, limits: SolveLimits) -> SolveResult:
        """Simplex on the relaxation."""
        return relax(program, limits)

    def _solve(self, program: IntegerProgram, limits: SolveLimits, start: float) -> SolveResult:
        largest = MAX_COEFFICIENT if has_inexact_rows(program) else MAX_EXACT
        run = _HighsRun(program, limits, start, largest, is_scaled=bool(program.pools) and program.has_linear_objective)
        if run.status in FAILED:  # caused by objectives that are large compared with its tolerances
            run = _HighsRun(program, limits, start, MAX_COEFFICIENT, is_scaled=True)
        return self._parse_result(program, limits, run, perf_counter() - start)

    def _parse_result(
        self, program: IntegerProgram, limits: SolveLimits, run: _HighsRun, seconds: float
    ) -> SolveResult:
        facts: dict[str, Any] = {"seconds": seconds, "backend": self.name, "version": self.version}
        status, info = run.status, run.solver.getInfo()
        dual_bound = -run.scale * info.mip_dual_bound
        if "Infeasible" in status:  # also "unbounded or infeasible": binaries are never unbounded
            return SolveResult(termination=Termination.INFEASIBLE, **facts)
        if status in FAILED:
            raise failure(status)
        finished = status == "kOptimal"
        nodes = status in ("kIterationLimit", "kSolutionLimit")
        limit = run.limit or (None if finished else Limit.NODES if nodes else Limit.TIME)
        if status == "kObjectiveTarget":
            limit = Limit.GAP
        if not finished and info.primal_solution_status != 2:
            return SolveResult(termination=Termination.UNKNOWN, limit=limit, **facts)
        selected = decode_values(run.values[: len(program)], "HiGHS")
        value, bound = program.objective_value(selected), safe_upper_bound(program, dual_bound)
        if finished and not limits.gap:
            claimed, least = -run.scale * info.objective_function_value, program.has_linear_objective
            proven = optimum_bound(program, selected, claimed, "HiGHS", dual_bound if least else None)
            bound = proven if program.has_linear_objective or bound is None else max(proven, bound)
            return SolveResult(
                termination=Termination.OPTIMAL, limit=limit, columns=selected, objective=value, bound=bound, **facts
            )
        return feasible_result(selected, value, bound, limit or Limit.GAP, facts)


class _HighsRun:
    """One run of HiGHS, in a thread so that Ctrl-C reaches the main thread.

    Attributes
    ----------
    scale
        Unit of the objective in the model.
    limit
        What cut it short, if HiGHS was canceled.
    """

    def __init__(
        self, program: IntegerProgram, limits: SolveLimits, start: float, largest: int, *, is_scaled: bool
    ) -> None:
        model = linear_model(program, largest)
        self.scale = model.scale if is_scaled else 1.0
        options = {
            "mip_rel_gap": limits.gap,
            "mip_abs_gap": 0.0 if program.has_linear_objective else GAP / self.scale,
            **({} if limits.nodes is None else {"mip_max_nodes": limits.nodes}),
            **({} if limits.target is None else {"objective_target": -limits.target / self.scale}),
        }
        self.solver: Any = load(model, self.scale, integral=True, **options)
        if limits.start is not None:
            columns = np.arange(len(program), dtype=np.int32)
            self.solver.setSolution(len(columns), columns, program.mask(limits.start).astype(float))
        seconds = limits.remaining(start).seconds
        if seconds is not None:
            seconds = max(seconds, 0.01)
            self.solver.setOptionValue("time_limit", seconds)
        self.solver.HandleUserInterrupt = True
        self.limit = run_in_thread(self.solver.run, self.solver.cancelSolve, seconds)

    @property
    def status(self) -> str:
        """How HiGHS names the end of the run."""
        return str(self.solver.getModelStatus().name)

    @property
    def values(self) -> NDArray[np.float64]:
        """Values of the model's columns, those of the program first."""
        return np.asarray(self.solver.getSolution().col_value, dtype=float)
