"""CBC and HiGHS through PuLP, which this and `microopt.solver.backends.pulp_model` alone know.

Facts designed around (PuLP 3.3, CBC 2.10.3, HiGHS 1.15 and 1.16):

- PuLP reads "Optimal" at a time limit, waits for CBC in a way that Ctrl-C cannot end, and drops what CBC had found. So
  CBC is run here, in a session of its own, and its solution file and log are read as they are.
- CBC's preprocessing can lose the optimum and call what is left optimal (a test shows five columns that do): it is
  off, and the programs that reach CBC are pruned already.
- Where a row has coefficients of 10^8 and more, CBC may lose the optimum, call a program that has plans infeasible, or
  call an answer optimal of which columns are halves, and HiGHS may fail (tests show such programs): CBC is told such a
  row in larger units, and HiGHS where it has failed. A column that is whole but for a millionth is by then as much as
  small coefficients of the row together, so that CBC is told to take none for whole that is not.
- Among few columns CBC's cuts and its feasibility pump mostly take longer than all branching without them.
- CBC's cutoff is sound where it minimises; where it maximises, it calls programs with plans infeasible.
- The signs of row prices differ between the two; both are turned here into prices of a maximisation.
- HiGHS in one process answers nonsense when its thread count changes: it is always 1.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from math import nan
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import pulp
from msgspec.structs import replace

from microopt.errors import BackendError
from microopt.solver.backends.cbc_process import run
from microopt.solver.backends.cbc_solution import Solution, logged_bound, read_solution
from microopt.solver.backends.decode import (
    answer_of_nothing,
    are_whole,
    no_answer,
    optimum_bound,
    picks_of,
    prices_of,
    safe_upper_bound,
    unfinished,
)
from microopt.solver.backends.process_guards import defer_signals
from microopt.solver.backends.pulp_model import BINARY, DECIMAL, build, fine, takes_too_long
from microopt.solver.backends.sane import nonsense
from microopt.solver.backends.silence import suppress_stdout
from microopt.solver.backends.worker_thread import WorkerHung, run_in_thread
from microopt.solver.program import IntegerProgram
from microopt.solver.result import Limit, SolveLimits, SolveResult, Termination, joined

FEW = 150  # columns among which CBC has mostly branched to the end before its cuts and its feasibility pump pay
BARE = 2_000  # nodes, as CBC counts them, after which they are taken up: some seconds, and nearly always enough
WHOLE = ("-integerTolerance", "1e-12")  # the words by which CBC takes no column for whole that is not
RELAX = ("-initialSolve", "-printingOptions", "all")  # the words that ask CBC for simplex on the relaxation
UNIT = 0.5  # of a value with people in it: HiGHS may branch without end where it is asked for the last digit


def _negated(program: IntegerProgram) -> IntegerProgram:
    """Return the program to be minimised."""
    rows = [line if line.penalty is None else replace(line, penalty=-line.penalty) for line in program.rows]
    return replace(program, value=-program.value, rows=tuple(rows))


def _branch(limits: SolveLimits, *, bare: bool) -> list[str]:
    """Return the words that ask CBC for branch and bound, bare of cuts and of its feasibility pump."""
    words = [] if limits.nodes is None else ["-maxNodes", str(limits.nodes)]
    if limits.least is not None:  # the room is far more than CBC's tolerances take
        words += ["-cutoff", repr(max(0.5, 1e-7 * abs(limits.least)) - limits.least)]
    words += ["-ratio", repr(limits.gap), "-allow", "0", "-preprocess", "off"]
    return [*words, *(["-cuts", "off", "-feasibilityPump", "off"] if bare else []), "-solve"]


class Cbc:
    """COIN-OR CBC, as bundled with PuLP."""

    name = "cbc"
    version = "2.10.3"

    def __init__(self, path: str | None = None) -> None:
        self.path = path or str(pulp.PULP_CBC_CMD.pulp_cbc_path)

    def solve(self, program: IntegerProgram, limits: SolveLimits) -> SolveResult:
        """Branch and bound; of few columns without cuts, and once more with them where that has no end."""
        if len(program) > FEW:
            return self._run(program, limits, _branch(limits, bare=False))
        start, nodes = perf_counter(), BARE if limits.nodes is None else min(limits.nodes, BARE)
        first = self._run(program, limits, _branch(replace(limits, nodes=nodes), bare=True))
        if first.limit is not Limit.NODES or nodes == limits.nodes:
            return first
        left = limits.left(start)
        second = self._run(program, left, _branch(left, bare=False))
        return second if second.stop in (Termination.OPTIMAL, Termination.INFEASIBLE) else joined(first, second)

    def relax(self, program: IntegerProgram, limits: SolveLimits) -> SolveResult:
        """Simplex on the relaxation."""
        return self._run(program, limits, RELAX)

    def _run(self, program: IntegerProgram, limits: SolveLimits, asked: Sequence[str]) -> SolveResult:
        if not len(program):
            return answer_of_nothing(program, self.name, self.version)
        start, relaxed = perf_counter(), asked is RELAX
        if takes_too_long(program, limits):
            return no_answer(self.name, self.version, Limit.TIME, 0.0)
        try:
            told = program if limits.least is None else _negated(program)
            problem, _ = build(told, relaxed=relaxed, base=None if relaxed else DECIMAL)
            with tempfile.TemporaryDirectory(prefix="microopt-") as folder:
                model, solution, log = (str(Path(folder, name)) for name in ("model.mps", "answer.sol", "cbc.log"))
                problem.writeMPS(model, rename=False)
                words = WHOLE if not relaxed and fine(program) else ()
                command = [*self._command(model, limits), *words, *asked, "-solution", solution]
                limit = run(command, solution, log, limits)
                return self._read(program, limits, solution, log, limit, relaxed, perf_counter() - start)
        except (OSError, RuntimeError) as error:  # the latter where no thread can be started
            fix = "check that the temporary folder is writable (TMPDIR) and that PuLP's CBC may run"
            raise BackendError(f"CBC could not be run: {error}", fix=fix, code="solver-failed") from None
        except KeyboardInterrupt:
            return no_answer(self.name, self.version, Limit.INTERRUPT, perf_counter() - start)

    def _command(self, model: str, limits: SolveLimits) -> list[str]:
        command = [self.path, model, *(["-max"] if limits.least is None else [])]
        if limits.seconds is not None:
            command += ["-sec", f"{max(limits.seconds, 0.01):.3f}", "-timeMode", "elapsed"]
        return command

    def _read(
        self,
        program: IntegerProgram,
        limits: SolveLimits,
        solution: str,
        log: str,
        limit: Limit | None,
        relaxed: bool,
        seconds: float,
    ) -> SolveResult:
        facts: dict[str, Any] = {"seconds": seconds, "backend": self.name, "version": self.version}
        try:
            told = read_solution(solution)
        except BackendError:
            if limit is None:
                raise
            told = None  # it was killed as it wrote
        if told is None:
            if limit is None and (limits.seconds is None or seconds < limits.seconds / 2):
                raise nonsense("CBC", "it ended at once without a solution file")
            return SolveResult(stop=Termination.UNKNOWN, limit=limit or Limit.TIME, **facts)
        status = told.status.casefold()
        if "infeasible" in status:
            return SolveResult(stop=Termination.INFEASIBLE, **facts)
        if "unbounded" in status:
            return SolveResult(stop=Termination.UNBOUNDED, **facts)
        if relaxed:
            bound = safe_upper_bound(program, told.objective) if told.finished else None
            limit = limit or (None if told.finished else Limit.TIME)
            facts |= {"limit": limit, "bound": bound, **prices_of(program, told.duals, "CBC")}
            return SolveResult(stop=Termination.OPTIMAL if told.finished else Termination.UNKNOWN, **facts)
        if not told.finished and ("no integer solution" in status or not are_whole(told.values)):
            return SolveResult(stop=Termination.UNKNOWN, limit=limit or told.limit, **facts)
        return self._plan(program, limits, told, log, limit, facts)

    def _plan(
        self,
        program: IntegerProgram,
        limits: SolveLimits,
        told: Solution,
        log: str,
        limit: Limit | None,
        facts: dict[str, Any],
    ) -> SolveResult:
        picks = picks_of(program, told.values, "CBC")
        value = program.objective_value(picks)
        if told.finished and limit is None and not (limits.gap and "gap" in told.status):
            claimed = told.objective if limits.least is None or told.objective is None else -told.objective
            return SolveResult(
                stop=Termination.OPTIMAL,
                picks=picks,
                value=value,
                bound=optimum_bound(program, picks, claimed, "CBC"),
                **facts,
            )
        limit = limit or (Limit.GAP if told.finished else told.limit)
        return unfinished(picks, value, safe_upper_bound(program, logged_bound(log)), limit, facts)


def _scale(program: IntegerProgram) -> int:
    """Return the power of two that brings the largest value of a program to about a million."""
    most = max([int(np.abs(program.value).max(initial=1)), *(int(line.penalty or 0) for line in program.rows)])
    return max(0, most.bit_length() - 20)


FAILED = ("kNotset", "kLoadError", "kModelError", "kPresolveError", "kSolveError", "kPostsolveError", "kMemoryLimit")


class Highs:
    """HiGHS in this process, through PuLP; needs highspy (the extra `highs`)."""

    name = "highs"

    def __init__(self) -> None:
        if not pulp.HiGHS(msg=False).available():
            fix = "install it with: pip install 'microopt[highs]'"
            raise BackendError("the solver highs is not installed", fix=fix, code="solver-missing")

    @property
    def version(self) -> str:
        """Version of HiGHS."""
        import highspy

        with suppress_stdout():
            return str(highspy.Highs().version())

    def solve(self, program: IntegerProgram, limits: SolveLimits) -> SolveResult:
        """Branch and bound."""
        return self._run(program, limits, relaxed=False)

    def relax(self, program: IntegerProgram, limits: SolveLimits) -> SolveResult:
        """Simplex on the relaxation."""
        return self._run(program, limits, relaxed=True)

    def _run(self, program: IntegerProgram, limits: SolveLimits, *, relaxed: bool) -> SolveResult:
        if not len(program):
            return answer_of_nothing(program, self.name, self.version)
        start = perf_counter()
        if takes_too_long(program, limits):
            return no_answer(self.name, self.version, Limit.TIME, 0.0)
        try:
            return self._solve(program, limits, relaxed, start)
        except (pulp.PulpSolverError, MemoryError, RuntimeError) as error:
            raise BackendError(f"HiGHS failed: {error}", fix="try --solver cbc", code="solver-failed") from None
        except WorkerHung as hung:
            return no_answer(self.name, self.version, hung.limit, perf_counter() - start)
        except KeyboardInterrupt:
            return no_answer(self.name, self.version, Limit.INTERRUPT, perf_counter() - start)

    def _solve(self, program: IntegerProgram, limits: SolveLimits, relaxed: bool, start: float) -> SolveResult:
        problem, columns = build(program, relaxed=relaxed)
        cut_short = self._ask(problem, limits, program.exact, relaxed)
        if problem.solverModel.getModelStatus().name in FAILED:  # by objectives that are large beside its tolerances
            problem, columns = build(program, relaxed=relaxed, base=None if relaxed else BINARY)
            cut_short = self._ask(problem, limits, program.exact, relaxed, user_objective_scale=-_scale(program))
        return self._read(program, limits, problem, columns, cut_short, relaxed, perf_counter() - start)

    def _ask(
        self, problem: pulp.LpProblem, limits: SolveLimits, exact: bool, relaxed: bool, **options: Any
    ) -> Limit | None:
        seconds = None if limits.seconds is None else max(limits.seconds, 0.01)
        solver = _InterruptibleHighs(
            mip=not relaxed,
            msg=False,
            gapRel=limits.gap,
            gapAbs=0.0 if exact else UNIT,
            threads=1,
            timeLimit=seconds,
            **({} if limits.nodes is None else {"mip_max_nodes": limits.nodes}),
            **options,
        )
        problem.solve(solver)
        return solver.cut_short

    def _read(
        self,
        program: IntegerProgram,
        limits: SolveLimits,
        problem: pulp.LpProblem,
        columns: list[pulp.LpVariable],
        limit: Limit | None,
        relaxed: bool,
        seconds: float,
    ) -> SolveResult:
        facts: dict[str, Any] = {"seconds": seconds, "backend": self.name, "version": self.version}
        model: Any = problem.solverModel
        status, info = model.getModelStatus().name, model.getInfo()
        if "Infeasible" in status:  # also "unbounded or infeasible": binaries are never unbounded
            return SolveResult(stop=Termination.INFEASIBLE, **facts)
        if status in FAILED:
            fix = "try --solver cbc, or report this with the roster"
            raise BackendError(f"HiGHS failed ({status})", fix=fix, code="solver-failed")
        finished = status == "kOptimal"
        nodes = status in ("kIterationLimit", "kSolutionLimit")
        limit = limit or (None if finished else Limit.NODES if nodes else Limit.TIME)
        if relaxed:
            duals = {row.name: nan if row.pi is None else -row.pi for row in problem.constraints()}
            stop = Termination.OPTIMAL if finished else Termination.UNKNOWN
            bound = safe_upper_bound(program, -info.objective_function_value) if finished else None
            facts |= {"limit": limit, "bound": bound, **prices_of(program, duals, "HiGHS")}
            return SolveResult(stop=stop, **facts)
        if not finished and info.primal_solution_status != 2:
            return SolveResult(stop=Termination.UNKNOWN, limit=limit, **facts)
        values = {column.name: column.varValue or 0.0 for column in columns}  # None: in no row and of no value
        picks = picks_of(program, values, "HiGHS")
        value, bound = program.objective_value(picks), safe_upper_bound(program, -info.mip_dual_bound)
        if finished and not limits.gap:
            least = optimum_bound(program, picks, -info.objective_function_value, "HiGHS")
            bound = least if program.exact or bound is None else max(least, bound)
            return SolveResult(stop=Termination.OPTIMAL, limit=limit, picks=picks, value=value, bound=bound, **facts)
        return unfinished(picks, value, bound, limit or Limit.GAP, facts)


class _InterruptibleHighs(pulp.HiGHS):  # type: ignore[misc]
    """PuLP's HiGHS, run beside the main thread so that Ctrl-C reaches it."""

    cut_short: Limit | None = None

    def createAndConfigureSolver(self, lp: pulp.LpProblem) -> None:  # noqa: N802 (PuLP's name)
        with suppress_stdout():
            super().createAndConfigureSolver(lp)

    def buildSolverModel(self, lp: pulp.LpProblem) -> None:  # noqa: N802 (PuLP's name)
        with defer_signals():
            super().buildSolverModel(lp)

    def callSolver(self, lp: pulp.LpProblem) -> None:  # noqa: N802 (PuLP's name)
        model: Any = lp.solverModel
        model.HandleUserInterrupt = True
        self.cut_short = run_in_thread(model.run, model.cancelSolve, self.timeLimit)

    def findSolutionValues(self, lp: pulp.LpProblem) -> tuple[int, int]:  # noqa: N802 (PuLP's name)
        try:
            status: tuple[int, int] = super().findSolutionValues(lp)
        except KeyError:  # PuLP 3.3 does not know the status of a node limit
            return pulp.LpStatusNotSolved, pulp.LpSolutionNoSolutionFound
        return status
