"""HiGHS through PuLP, run in a thread of its own.

Ctrl-C reaches the main thread while HiGHS runs, and a run that does not end is abandoned. Facts that the design takes
into account (HiGHS 1.15 and 1.16):

- If a row has coefficients of 10^8 and more, HiGHS may fail (tests show such programs): after a failure it is given
  such rows in larger units.
- Beside pools, it may call a plan optimal that is some units below the optimum of an objective of 10^10 and more, with
  and without presolve: such objectives are scaled down.
- In one process HiGHS answers nonsense when its thread count changes: it is always 1.
"""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter
from typing import Any

import numpy as np
import pulp

from microopt.errors import BackendError
from microopt.signals import defer_signals
from microopt.solver.backends.decode import (
    PARTS,
    decode_columns,
    empty_program_result,
    feasible_result,
    no_solution_result,
    optimum_bound,
    safe_upper_bound,
)
from microopt.solver.backends.pulp_model import BINARY, build_model, takes_too_long
from microopt.solver.backends.relaxation import relax, version
from microopt.solver.backends.row_bounds import has_inexact_rows
from microopt.solver.backends.run_in_thread import WorkerHung, run_in_thread
from microopt.solver.backends.suppress_stdout import suppress_stdout
from microopt.solver.program import Columns, IntegerProgram
from microopt.solver.result import Limit, SolveLimits, SolveResult, Termination

PASSES = 5  # times that each term is handled: to build, and to pass row by row to HiGHS
GAP = 0.5  # absolute gap of an objective with net reach: to close the last digit, HiGHS may branch without end
FAILED = ("kNotset", "kLoadError", "kModelError", "kPresolveError", "kSolveError", "kPostsolveError", "kMemoryLimit")


def _objective_scale(program: IntegerProgram) -> int:
    """Return the power of two that brings the model's largest objective coefficient to about a million."""
    penalties = [int(row.penalty or 0) for row in program.rows]
    slopes = [int(pool.objective * (pool.size - pool.net_reach(pool.offset)) / PARTS) for pool in program.pools]
    return max(0, max(int(np.abs(program.objective).max(initial=1)), *penalties, *slopes, 0).bit_length() - 20)


class Highs:
    """HiGHS in this process, through PuLP; needs highspy."""

    name = "highs"
    successor = None

    def __init__(self) -> None:
        if not pulp.HiGHS(msg=False).available():
            fix = "install it with: pip install 'microopt[highs]'"
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
        if takes_too_long(program, limits, PASSES):
            return no_solution_result(self.name, self.version, Limit.TIME, 0.0)
        try:
            return self._solve(program, limits, start)
        except (pulp.PulpSolverError, MemoryError, RuntimeError) as error:
            raise BackendError(f"HiGHS failed: {error}", fix="try --solver cbc", code="solver-failed") from None
        except WorkerHung as hung:
            return no_solution_result(self.name, self.version, hung.limit, perf_counter() - start)
        except KeyboardInterrupt:
            return no_solution_result(self.name, self.version, Limit.INTERRUPT, perf_counter() - start)

    def relax(self, program: IntegerProgram, limits: SolveLimits) -> SolveResult:
        """Simplex on the relaxation."""
        return relax(program, limits)

    def _solve(self, program: IntegerProgram, limits: SolveLimits, start: float) -> SolveResult:
        base = BINARY if has_inexact_rows(program) else None
        problem, columns = build_model(program, base=base, minimize=True)
        scale = {"user_objective_scale": -_objective_scale(program)}
        options = scale if program.pools and program.has_linear_objective else {}
        cut_short = self._run_highs(problem, limits, start, program.has_linear_objective, **options)
        if (
            problem.solverModel.getModelStatus().name in FAILED
        ):  # caused by objectives that are large compared with its tolerances
            problem, columns = build_model(program, base=BINARY, minimize=True)
            cut_short = self._run_highs(problem, limits, start, program.has_linear_objective, **scale)
        return self._parse_result(program, limits, problem, columns, cut_short, perf_counter() - start)

    def _run_highs(
        self, problem: pulp.LpProblem, limits: SolveLimits, start: float, is_linear: bool, **options: Any
    ) -> Limit | None:
        def seconds_left() -> float | None:
            seconds = limits.remaining(start).seconds
            return None if seconds is None else max(seconds, 0.01)

        solver = _InterruptibleHighs(
            mip=True,
            msg=False,
            gapRel=limits.gap,
            gapAbs=0.0 if is_linear else GAP,
            threads=1,
            timeLimit=seconds_left(),
            **({} if limits.nodes is None else {"mip_max_nodes": limits.nodes}),
            **options,
        )
        solver.start, solver.seconds_left = limits.start, seconds_left
        problem.solve(solver)
        return solver.cut_short

    def _parse_result(
        self,
        program: IntegerProgram,
        limits: SolveLimits,
        problem: pulp.LpProblem,
        columns: list[pulp.LpVariable],
        limit: Limit | None,
        seconds: float,
    ) -> SolveResult:
        facts: dict[str, Any] = {"seconds": seconds, "backend": self.name, "version": self.version}
        model: Any = problem.solverModel
        status, info = model.getModelStatus().name, model.getInfo()
        if "Infeasible" in status:  # also "unbounded or infeasible": binaries are never unbounded
            return SolveResult(termination=Termination.INFEASIBLE, **facts)
        if status in FAILED:
            fix = "try --solver cbc, or report this with the roster"
            raise BackendError(f"HiGHS failed ({status})", fix=fix, code="solver-failed")
        finished = status == "kOptimal"
        nodes = status in ("kIterationLimit", "kSolutionLimit")
        limit = limit or (None if finished else Limit.NODES if nodes else Limit.TIME)
        if not finished and info.primal_solution_status != 2:
            return SolveResult(termination=Termination.UNKNOWN, limit=limit, **facts)
        values = {column.name: column.varValue or 0.0 for column in columns}  # None: in no row and not in the objective
        selected = decode_columns(program, values, "HiGHS")
        value, bound = program.objective_value(selected), safe_upper_bound(program, -info.mip_dual_bound)
        if finished and not limits.gap:
            dual_bound = -info.mip_dual_bound if program.has_linear_objective else None
            proven = optimum_bound(program, selected, -info.objective_function_value, "HiGHS", dual_bound)
            bound = proven if program.has_linear_objective or bound is None else max(proven, bound)
            return SolveResult(
                termination=Termination.OPTIMAL, limit=limit, columns=selected, objective=value, bound=bound, **facts
            )
        return feasible_result(selected, value, bound, limit or Limit.GAP, facts)


class _InterruptibleHighs(pulp.HiGHS):  # type: ignore[misc]
    """PuLP's HiGHS, run in a thread so that Ctrl-C reaches the main thread."""

    cut_short: Limit | None = None
    start: Columns | None = None
    seconds_left: Callable[[], float | None] = staticmethod(lambda: None)

    def createAndConfigureSolver(self, lp: pulp.LpProblem) -> None:  # noqa: N802 (PuLP's name)
        with suppress_stdout():
            super().createAndConfigureSolver(lp)

    def buildSolverModel(self, lp: pulp.LpProblem) -> None:  # noqa: N802 (PuLP's name)
        with defer_signals():
            super().buildSolverModel(lp)
            if self.start is not None:
                _set_start(lp, self.start)

    def callSolver(self, lp: pulp.LpProblem) -> None:  # noqa: N802 (PuLP's name)
        model: Any = lp.solverModel
        model.HandleUserInterrupt = True
        seconds = self.seconds_left()  # to build the model of many columns takes seconds
        if seconds is not None:
            model.setOptionValue("time_limit", seconds)
        self.cut_short = run_in_thread(model.run, model.cancelSolve, seconds)

    def findSolutionValues(self, lp: pulp.LpProblem) -> tuple[int, int]:  # noqa: N802 (PuLP's name)
        try:
            status: tuple[int, int] = super().findSolutionValues(lp)
        except KeyError:  # PuLP 3.3 does not know the status of a node limit
            return pulp.LpStatusNotSolved, pulp.LpSolutionNoSolutionFound
        return status


def _set_start(lp: pulp.LpProblem, start: Columns) -> None:
    """Have HiGHS begin with a plan; what else there is in the model, it works out itself."""
    indices = {int(variable.name[1:]): variable.index for variable in lp.variables() if variable.name.startswith("x")}
    values = np.isin(np.asarray(list(indices)), start).astype(float)
    lp.solverModel.setSolution(len(values), np.asarray(list(indices.values()), dtype=np.int32), values)
