"""CBC and HiGHS through PuLP: the only place that knows PuLP.

Facts designed around (PuLP 3.3, CBC 2.10.3, HiGHS 1.15 and 1.16):

- PuLP reads "Optimal" at a time limit, waits for CBC in a way that Ctrl-C cannot end, and drops what CBC had found. So
  CBC is run here, in a session of its own, and its solution file and log are read as they are.
- CBC's preprocessing can lose the optimum and call what is left optimal (a test shows five columns that do): it is
  off, and the programs that reach CBC are pruned already.
- CBC's cutoff is sound where it minimises; where it maximises, it calls programs with plans infeasible.
- The signs of row prices differ between the two; both are turned here into prices of a maximisation.
- HiGHS in one process answers nonsense when its thread count changes: it is always 1.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import tempfile
import threading
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import pulp
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.errors import BackendError
from microopt.solver.answer import Answer, Limit, Limits, Stop
from microopt.solver.holding import held
from microopt.solver.program import Program
from microopt.solver.silence import silent

GRACE = 5.0  # seconds a solver may take beyond its limit before it is killed


def build(program: Program, *, relaxed: bool) -> tuple[pulp.LpProblem, list[pulp.LpVariable]]:
    """Return the program in PuLP, columns and rows named by position (PuLP sorts by name)."""
    problem = pulp.LpProblem("microopt", pulp.LpMaximize)
    kind = pulp.LpContinuous if relaxed else pulp.LpInteger
    columns = [problem.add_variable(f"x{i:08d}", 0, 1, kind) for i in range(len(program))]
    terms = zip(columns, program.value.tolist(), strict=True)
    problem.setObjective(pulp.LpAffineExpression([(column, value) for column, value in terms if value]))
    for number, line in enumerate(program.rows):
        terms = zip(line.columns.tolist(), line.coefficients.tolist(), strict=True)
        total = pulp.LpAffineExpression([(columns[i], value) for i, value in terms])
        if line.lower is not None and line.lower == line.upper:
            problem.addConstraint(total == line.lower, f"r{number:06d}e")
            continue
        if line.upper is not None:
            problem.addConstraint(total <= line.upper, f"r{number:06d}u")
        if line.lower is not None:
            problem.addConstraint(total >= line.lower, f"r{number:06d}l")
    for number, members in enumerate(_groups(program)):
        problem.addConstraint(pulp.LpAffineExpression([(columns[i], 1) for i in members]) <= 1, f"g{number:08d}")
    return problem, columns


def _negated(program: Program) -> Program:
    """Return the program to be minimised."""
    return replace(program, value=-program.value)


def _groups(program: Program) -> list[list[int]]:
    """Return the members of each group that has more than one."""
    order = np.argsort(program.group, kind="stable")
    starts = np.flatnonzero(np.diff(program.group[order], prepend=-1))
    return [part.tolist() for part in np.split(order, starts[1:]) if len(part) > 1]


def _prices(program: Program, duals: dict[str, float]) -> NDArray[np.float64]:
    """Add the two sides of each row into one price."""
    prices = np.zeros(len(program.rows))
    for name, dual in duals.items():
        if name.startswith("r"):
            prices[int(name[1:7])] += dual
    return prices


class Cbc:
    """COIN-OR CBC, as bundled with PuLP."""

    name = "cbc"
    version = "2.10.3"

    def __init__(self, path: str | None = None) -> None:
        self.path = path or str(pulp.PULP_CBC_CMD.pulp_cbc_path)

    def solve(self, program: Program, limits: Limits) -> Answer:
        """Branch and bound."""
        return self._run(program, limits, relaxed=False)

    def relax(self, program: Program, limits: Limits) -> Answer:
        """Simplex on the relaxation."""
        return self._run(program, limits, relaxed=True)

    def _run(self, program: Program, limits: Limits, *, relaxed: bool) -> Answer:
        if not len(program):
            return _empty(program, self.name, self.version)
        start = perf_counter()
        try:
            problem, _ = build(program if limits.least is None else _negated(program), relaxed=relaxed)
            with tempfile.TemporaryDirectory(prefix="microopt-") as folder:
                model, solution, log = (str(Path(folder, name)) for name in ("model.mps", "answer.sol", "cbc.log"))
                problem.writeMPS(model, rename=False)
                limit = self._call_or_again(self._command(model, solution, limits, relaxed), log, limits)
                return self._read(program, limits, solution, log, limit, relaxed, perf_counter() - start)
        except OSError as error:
            fix = "check that the temporary folder is writable (TMPDIR) and that PuLP's CBC may run"
            raise BackendError(f"CBC could not be run: {error}", fix=fix, code="solver-failed") from None
        except KeyboardInterrupt:
            return _interrupted(self.name, self.version, perf_counter() - start)

    def _command(self, model: str, solution: str, limits: Limits, relaxed: bool) -> list[str]:
        command = [self.path, model, *(["-max"] if limits.least is None else [])]
        if limits.seconds is not None:
            command += ["-sec", f"{max(limits.seconds, 0.01):.3f}", "-timeMode", "elapsed"]
        if relaxed:
            return [*command, "-initialSolve", "-printingOptions", "all", "-solution", solution]
        if limits.nodes is not None:
            command += ["-maxNodes", str(limits.nodes)]
        if limits.least is not None:  # the room is far more than CBC's tolerances take
            command += ["-cutoff", repr(max(0.5, 1e-7 * abs(limits.least)) - limits.least)]
        command += ["-ratio", repr(limits.gap), "-allow", "0", "-preprocess", "off"]
        return [*command, "-solve", "-solution", solution]

    def _call_or_again(self, command: list[str], log: str, limits: Limits) -> Limit | None:
        """Run CBC; where it dies without its preprocessing, as it does on a few small programs, run it with it."""
        try:
            return self._call(command, log, limits)
        except BackendError:
            if "-preprocess" not in command:
                raise
            at = command.index("-preprocess")
            return self._call(command[:at] + command[at + 2 :], log, limits)

    def _call(self, command: list[str], log: str, limits: Limits) -> Limit | None:
        """Run CBC to its end, its limit, or an interrupt; return what cut it short."""
        with Path(log).open("wb") as sink:
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=sink, stderr=sink, start_new_session=True
            )
            limit = _wait(process, None if limits.seconds is None else limits.seconds + GRACE)
        if limit is None and process.returncode != 0:
            tail = Path(log).read_text(encoding="utf-8", errors="replace")[-300:].strip()
            fix = "try --solver highs, or report this with the roster"
            raise BackendError(f"CBC ended with code {process.returncode}: {tail}", fix=fix, code="solver-failed")
        return limit

    def _read(
        self, program: Program, limits: Limits, solution: str, log: str, limit: Limit | None, relaxed: bool,
        seconds: float,
    ) -> Answer:  # fmt: skip
        facts: dict[str, Any] = {"seconds": seconds, "backend": self.name, "version": self.version}
        lines = Path(solution).read_text(encoding="ascii").splitlines() if Path(solution).exists() else []
        if not lines:
            return Answer(stop=Stop.UNKNOWN, limit=limit or Limit.TIME, **facts)
        status, cells = lines[0], [line.replace("**", "").split() for line in lines[1:]]
        values = {cell[1]: float(cell[2]) for cell in cells}
        if "infeasible" in status.casefold():
            return Answer(stop=Stop.INFEASIBLE, **facts)
        if status.startswith("Unbounded"):
            return Answer(stop=Stop.UNBOUNDED, **facts)
        finished = status.startswith("Optimal")
        if relaxed:
            duals = {cell[1]: float(cell[3]) for cell in cells}
            facts |= {"prices": _prices(program, duals), "bound": _number(status) if finished else None}
            limit = limit or (None if finished else Limit.TIME)
            return Answer(stop=Stop.OPTIMAL if finished else Stop.UNKNOWN, limit=limit, **facts)
        if not finished and "no integer solution" in status.casefold():
            return Answer(stop=Stop.UNKNOWN, limit=limit or _cut_short(status), **facts)
        picks = _picks(values)
        value = program.worth(picks)
        if finished and limit is None and not (limits.gap and "gap" in status):
            return Answer(stop=Stop.OPTIMAL, picks=picks, value=value, bound=value, **facts)
        limit = limit or (Limit.GAP if finished else _cut_short(status))
        return _unfinished(picks, value, _logged_bound(log), limit, facts)


def _unfinished(picks: NDArray[np.intp], value: int, bound: int | None, limit: Limit, facts: dict[str, Any]) -> Answer:
    """Answer with a plan that was cut short; where the gap asked for ended it, its bound may prove it all the same."""
    if limit is Limit.GAP and bound is not None and bound <= value:
        return Answer(stop=Stop.OPTIMAL, picks=picks, value=value, bound=value, **facts)
    return Answer(stop=Stop.FEASIBLE, limit=limit, picks=picks, value=value, bound=bound, **facts)


def _interrupted(name: str, version: str, seconds: float) -> Answer:
    """Answer Ctrl-C while the program is built or read back."""
    return Answer(stop=Stop.UNKNOWN, limit=Limit.INTERRUPT, seconds=seconds, backend=name, version=version)


def _wait(process: subprocess.Popen[bytes], seconds: float | None) -> Limit | None:
    """Wait for CBC; return what cut it short. `Popen.wait` with a timeout would poll, 50 ms late: a timer kills."""
    late = threading.Event()
    timer = threading.Timer(seconds or 0.0, _end, (process, late))
    timer.daemon = True
    if seconds is not None:
        timer.start()
    try:
        process.wait()
    except KeyboardInterrupt:
        _interrupt(process)
        return Limit.INTERRUPT
    finally:
        timer.cancel()
    return Limit.TIME if late.is_set() else None


def _end(process: subprocess.Popen[bytes], late: threading.Event) -> None:
    late.set()
    _kill(process)


def _interrupt(process: subprocess.Popen[bytes]) -> None:
    """Ask CBC to write the best it has; kill it if it takes too long, or at a second Ctrl-C."""
    if process.poll() is not None:
        return  # it ended while Popen.wait gave it a moment after Ctrl-C
    os.killpg(process.pid, signal.SIGINT)
    try:
        process.wait(2.0)
    except (subprocess.TimeoutExpired, KeyboardInterrupt):
        _kill(process)
        process.wait()


def _kill(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)


def _picks(values: dict[str, float]) -> NDArray[np.intp]:
    chosen = [int(name[1:]) for name, value in values.items() if name.startswith("x") and value > 0.5]
    return np.asarray(sorted(chosen), dtype=np.intp)


def _cut_short(status: str) -> Limit:
    return Limit.NODES if "iterations" in status or "nodes" in status else Limit.TIME


def _number(status: str) -> int | None:
    found = re.search(r"objective value\s+(\S+)", status)
    return int(np.ceil(float(found[1]))) if found else None


def _logged_bound(log: str) -> int | None:
    """Return the bound that CBC logs when it is cut short, rounded up to an integer."""
    text = Path(log).read_text(encoding="utf-8", errors="replace")
    found = re.findall(r"^Upper bound:\s+(\S+)", text, re.MULTILINE)
    return int(np.ceil(float(found[-1]))) if found and np.isfinite(float(found[-1])) else None


def _empty(program: Program, name: str, version: str) -> Answer:
    """Answer a program of no columns."""
    picks = np.zeros(0, dtype=np.intp)
    if program.broken(picks):
        return Answer(stop=Stop.INFEASIBLE, backend=name, version=version)
    return Answer(
        stop=Stop.OPTIMAL,
        picks=picks,
        value=0,
        bound=0,
        prices=np.zeros(len(program.rows)),
        backend=name,
        version=version,
    )


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

        with silent():
            return str(highspy.Highs().version())

    def solve(self, program: Program, limits: Limits) -> Answer:
        """Branch and bound."""
        return self._run(program, limits, relaxed=False)

    def relax(self, program: Program, limits: Limits) -> Answer:
        """Simplex on the relaxation."""
        return self._run(program, limits, relaxed=True)

    def _run(self, program: Program, limits: Limits, *, relaxed: bool) -> Answer:
        if not len(program):
            return _empty(program, self.name, self.version)
        start = perf_counter()
        try:
            return self._solve(program, limits, relaxed, start)
        except pulp.PulpSolverError as error:
            raise BackendError(f"HiGHS failed: {error}", fix="try --solver cbc", code="solver-failed") from None
        except KeyboardInterrupt:
            return _interrupted(self.name, self.version, perf_counter() - start)

    def _solve(self, program: Program, limits: Limits, relaxed: bool, start: float) -> Answer:
        problem, columns = build(program, relaxed=relaxed)
        seconds = None if limits.seconds is None else max(limits.seconds, 0.01)
        solver = _InterruptibleHighs(
            mip=not relaxed,
            msg=False,
            gapRel=limits.gap,
            gapAbs=0.0,
            threads=1,
            timeLimit=seconds,
            **({} if limits.nodes is None else {"mip_max_nodes": limits.nodes}),
        )
        problem.solve(solver)
        limit = Limit.INTERRUPT if solver.interrupted else None
        return self._read(program, limits, problem, columns, limit, relaxed, perf_counter() - start)

    def _read(
        self, program: Program, limits: Limits, problem: pulp.LpProblem, columns: list[pulp.LpVariable],
        limit: Limit | None, relaxed: bool, seconds: float,
    ) -> Answer:  # fmt: skip
        facts: dict[str, Any] = {"seconds": seconds, "backend": self.name, "version": self.version}
        model: Any = problem.solverModel
        status, info = model.getModelStatus().name, model.getInfo()
        if "Infeasible" in status:  # also "unbounded or infeasible": binaries are never unbounded
            return Answer(stop=Stop.INFEASIBLE, **facts)
        finished = status == "kOptimal"
        nodes = status in ("kIterationLimit", "kSolutionLimit")
        limit = limit or (None if finished else Limit.NODES if nodes else Limit.TIME)
        if relaxed:
            duals = {constraint.name: -constraint.pi for constraint in problem.constraints()}
            stop = Stop.OPTIMAL if finished else Stop.UNKNOWN
            bound = int(np.ceil(-info.objective_function_value)) if finished else None
            return Answer(stop=stop, limit=limit, prices=_prices(program, duals), bound=bound, **facts)
        if not finished and info.primal_solution_status != 2:
            return Answer(stop=Stop.UNKNOWN, limit=limit, **facts)
        picks = _picks({column.name: column.varValue or 0.0 for column in columns})
        value = program.worth(picks)
        if finished and not limits.gap:
            return Answer(stop=Stop.OPTIMAL, limit=limit, picks=picks, value=value, bound=value, **facts)
        bound = int(np.ceil(-info.mip_dual_bound)) if np.isfinite(info.mip_dual_bound) else None
        return _unfinished(picks, value, bound, limit or Limit.GAP, facts)


class _InterruptibleHighs(pulp.HiGHS):  # type: ignore[misc]
    """PuLP's HiGHS, run beside the main thread so that Ctrl-C reaches it."""

    interrupted = False

    def createAndConfigureSolver(self, lp: pulp.LpProblem) -> None:  # noqa: N802 (PuLP's name)
        with silent():
            super().createAndConfigureSolver(lp)

    def buildSolverModel(self, lp: pulp.LpProblem) -> None:  # noqa: N802 (PuLP's name)
        with held():
            super().buildSolverModel(lp)

    def callSolver(self, lp: pulp.LpProblem) -> None:  # noqa: N802 (PuLP's name)
        model: Any = lp.solverModel
        model.HandleUserInterrupt = True
        begun, ended = threading.Event(), threading.Event()

        def work() -> None:
            begun.set()
            try:
                model.run()
            finally:
                ended.set()

        try:
            threading.Thread(target=work, daemon=True).start()
        except KeyboardInterrupt:
            self._cancel(model)
            if not begun.wait(1.0):
                return
        while not ended.is_set():  # not Thread.join: an interrupted join takes a running thread for ended
            try:
                ended.wait(0.05)
            except KeyboardInterrupt:
                self._cancel(model)

    def _cancel(self, model: Any) -> None:
        self.interrupted = True
        model.cancelSolve()

    def findSolutionValues(self, lp: pulp.LpProblem) -> tuple[int, int]:  # noqa: N802 (PuLP's name)
        try:
            status: tuple[int, int] = super().findSolutionValues(lp)
        except KeyError:  # PuLP 3.3 does not know the status of a node limit
            return pulp.LpStatusNotSolved, pulp.LpSolutionNoSolutionFound
        return status
