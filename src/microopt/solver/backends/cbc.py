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

CBC as a process of its own: run to its end, its limit or an interrupt; nothing of it is left running.

What CBC writes when it ends: a status line, then a line a row or column. What cannot be read is no answer.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import tempfile
import threading
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from math import isfinite
from pathlib import Path
from time import perf_counter
from typing import Any

import pulp
from msgspec import Struct
from msgspec.structs import replace

from microopt.errors import BackendError
from microopt.solver.backends.decode import (
    are_integral,
    decode_columns,
    decode_prices,
    empty_program_result,
    feasible_result,
    invalid_answer,
    no_solution_result,
    optimum_bound,
    safe_upper_bound,
)
from microopt.solver.backends.process_guards import defer_signals
from microopt.solver.backends.pulp_model import DECIMAL, build_model, has_large_coefficients, takes_too_long
from microopt.solver.program import IntegerProgram
from microopt.solver.result import Limit, SolveLimits, SolveResult, Termination, merge_results

GRACE = 5.0  # seconds a solver may take beyond its limit before it is killed


def run_cbc(command: list[str], solution: str, log: str, limits: SolveLimits) -> Limit | None:
    """Run CBC; where it dies without its preprocessing, as it does on a few small programs, run it with it.

    Raises
    ------
    BackendError
        If it dies of that too.
    """
    start = perf_counter()
    try:
        return _run_process(command, log, limits)
    except BackendError:
        if "-preprocess" not in command:
            raise
        Path(solution).unlink(missing_ok=True)  # what a dead process has written is not what the next one says
        return _run_process(*_retry_command(command, limits, perf_counter() - start, log))


def _retry_command(
    command: list[str], limits: SolveLimits, spent: float, log: str
) -> tuple[list[str], str, SolveLimits]:
    """Return what is run after a death, in the time that is left."""
    at = command.index("-preprocess")
    command = command[:at] + command[at + 2 :]
    if limits.seconds is None:
        return command, log, limits
    left = max(0.0, limits.seconds - spent)
    at = command.index("-sec") + 1
    return [*command[:at], f"{max(left, 0.01):.3f}", *command[at + 1 :]], log, replace(limits, seconds=left)


def _run_process(command: list[str], log: str, limits: SolveLimits) -> Limit | None:
    """Run CBC to its end, its limit, or an interrupt; return what cut it short."""
    process, timer, late = None, None, threading.Event()
    try:
        with (
            Path(log).open("wb") as sink,
            defer_signals(),
        ):  # an interrupt within Popen would leave a process that nobody knows
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=sink, stderr=sink, start_new_session=True
            )
            timer = _start_kill_timer(process, late, limits.seconds)
        process.wait()
    except KeyboardInterrupt:
        _interrupt(process)
        return Limit.INTERRUPT
    finally:
        with defer_signals():
            if process is not None and process.returncode is None:  # deaf to an interrupt, or interrupted again
                _kill(process)
                process.wait()
            if timer is not None:
                timer.cancel()
    if late.is_set():
        return Limit.TIME
    if process.returncode != 0:
        tail = Path(log).read_text(encoding="utf-8", errors="replace")[-300:].strip()
        tail = f": {' '.join(tail.split())}" if tail else ""
        fix = "try --solver highs, or report this with the roster"
        raise BackendError(f"CBC {_describe_exit(process.returncode)}{tail}", fix=fix, code="solver-failed")
    return None


def _describe_exit(code: int) -> str:
    return f"ended with code {code}" if code > 0 else f"was killed by {signal.Signals(-code).name}"


def _start_kill_timer(
    process: subprocess.Popen[bytes], late: threading.Event, seconds: float | None
) -> threading.Timer | None:
    """Return what kills CBC some time after its limit, running: `Popen.wait` with a timeout would poll, 50 ms late."""
    if seconds is None:
        return None
    timer = threading.Timer(min(seconds + GRACE, threading.TIMEOUT_MAX), _kill_late, (process, late))
    timer.daemon = True
    timer.start()
    return timer


def _kill_late(process: subprocess.Popen[bytes], late: threading.Event) -> None:
    late.set()
    _kill(process)


def _interrupt(process: subprocess.Popen[bytes] | None) -> None:
    """Ask CBC to write the best it has, for as long as it may take, or until a second Ctrl-C."""
    if process is None or process.poll() is not None:
        return  # it was not begun, or ended while Popen.wait gave it a moment after Ctrl-C
    with suppress(subprocess.TimeoutExpired, KeyboardInterrupt, ProcessLookupError):
        os.killpg(process.pid, signal.SIGINT)
        process.wait(2.0)


def _kill(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        with suppress(ProcessLookupError):  # it has just ended
            os.killpg(process.pid, signal.SIGKILL)


STATUSES = ("optimal", "infeasible", "integer", "linear", "unbounded", "stopped", "status")  # their first words


class Solution(Struct, frozen=True, kw_only=True):
    """A solution file as it was read.

    Attributes
    ----------
    status
        Its first line.
    values
        By name of the column or row: its value.
    duals
        By name: its price, or the reduced cost of a column.
    """

    status: str
    values: dict[str, float]
    duals: dict[str, float]

    @property
    def finished(self) -> bool:
        """Whether it says that nothing cut it short but a gap."""
        return self.status.casefold().startswith("optimal")

    @property
    def objective(self) -> float | None:
        """The objective that the status line tells."""
        found = re.search(r"objective value\s+(\S+)", self.status)
        return parse_number(found[1]) if found else None

    @property
    def limit(self) -> Limit:
        """The limit that the status line names."""
        return Limit.NODES if "iterations" in self.status or "nodes" in self.status else Limit.TIME


def read_solution(path: str) -> Solution | None:
    """Return what stands in a solution file, None where CBC wrote none.

    Raises
    ------
    BackendError
        If it is anything else than a solution file, or cut off.
    """
    file = Path(path)
    try:
        lines = file.read_text(encoding="ascii").splitlines() if file.exists() else []
        if not lines:
            return None
        cells = [line.replace("**", "").split() for line in lines[1:]]
        values = {cell[1]: float(cell[2]) for cell in cells}
        duals = {cell[1]: float(cell[3]) for cell in cells}
    except (ValueError, IndexError) as error:
        raise invalid_answer("CBC", f"its solution file cannot be read ({error})") from None
    if lines[0].split()[:1] == [] or lines[0].split()[0].casefold() not in STATUSES:
        raise invalid_answer("CBC", f"its solution file begins with {lines[0][:60]!r}")
    return Solution(status=lines[0], values=values, duals=duals)


def logged_bound(path: str) -> float | None:
    """Return the bound that CBC logs when it is cut short, None where it logs none, or no number."""
    text = Path(path).read_text(encoding="utf-8", errors="replace")
    found = re.findall(r"^Upper bound:\s+(\S+)", text, re.MULTILINE)
    told = parse_number(found[-1]) if found else None
    return told if told is not None and isfinite(told) else None


def parse_number(text: str) -> float | None:
    """Return a number as it is written, None where it is none."""
    try:
        return float(text)
    except ValueError:
        return None


FEW = 150  # columns among which CBC has mostly branched to the end before its cuts and its feasibility pump pay
BARE = 2_000  # nodes, as CBC counts them, after which they are taken up: some seconds, and nearly always enough
WHOLE = ("-integerTolerance", "1e-12")  # the words by which CBC takes no column for whole that is not
RELAX = ("-initialSolve", "-printingOptions", "all")  # the words that ask CBC for simplex on the relaxation


def _branch_and_bound_arguments(limits: SolveLimits, *, bare: bool) -> list[str]:
    """Return the words that ask CBC for branch and bound, bare of cuts and of its feasibility pump."""
    words = [] if limits.nodes is None else ["-maxNodes", str(limits.nodes)]
    if limits.cutoff is not None:  # the room is far more than CBC's tolerances take
        words += ["-cutoff", repr(max(0.5, 1e-7 * abs(limits.cutoff)) - limits.cutoff)]
    words += ["-ratio", repr(limits.gap), "-allow", "0", "-preprocess", "off"]
    return [*words, *(["-cuts", "off", "-feasibilityPump", "off"] if bare else []), "-solve"]


def cbc_path() -> str:
    """Return where CBC is: PuLP 3 brings it, PuLP 4 finds that of the package cbcbox, or on PATH."""
    bundled = getattr(pulp, "PULP_CBC_CMD", None)
    return str(pulp.COIN_CMD().path if bundled is None else bundled.pulp_cbc_path)


def is_cbc_installed() -> bool:
    """Whether there is a CBC to run."""
    return shutil.which(cbc_path()) is not None


@cache
def _installed_version() -> str:
    """Return the version of the installed CBC, which only PuLP 4 leaves open."""
    if hasattr(pulp, "PULP_CBC_CMD"):
        return "2.10.3"
    with suppress(OSError, subprocess.SubprocessError):
        said = subprocess.run([cbc_path(), "-quit"], capture_output=True, text=True, timeout=5, check=False).stdout
        if found := re.search(r"^Version: (\S+)", said, re.MULTILINE):
            return found[1]
    return "unknown"


class Cbc:
    """COIN-OR CBC, as bundled with PuLP 3 or installed beside PuLP 4."""

    name = "cbc"

    def __init__(self, path: str | None = None) -> None:
        self.path = path or cbc_path()

    @property
    def version(self) -> str:
        """Version of CBC."""
        return _installed_version()

    def solve(self, program: IntegerProgram, limits: SolveLimits) -> SolveResult:
        """Branch and bound; of few columns without cuts, and once more with them where that has no end."""
        if len(program) > FEW:
            return self._run(program, limits, _branch_and_bound_arguments(limits, bare=False))
        start, nodes = perf_counter(), BARE if limits.nodes is None else min(limits.nodes, BARE)
        first = self._run(program, limits, _branch_and_bound_arguments(replace(limits, nodes=nodes), bare=True))
        if first.limit is not Limit.NODES or nodes == limits.nodes:
            return first
        left = limits.remaining(start)
        second = self._run(program, left, _branch_and_bound_arguments(left, bare=False))
        return (
            second
            if second.termination in (Termination.OPTIMAL, Termination.INFEASIBLE)
            else merge_results(first, second)
        )

    def relax(self, program: IntegerProgram, limits: SolveLimits) -> SolveResult:
        """Simplex on the relaxation."""
        return self._run(program, limits, RELAX)

    def _run(self, program: IntegerProgram, limits: SolveLimits, asked: Sequence[str]) -> SolveResult:
        if not len(program):
            return empty_program_result(program, self.name, self.version)
        start, relaxed = perf_counter(), asked is RELAX
        if takes_too_long(program, limits):
            return no_solution_result(self.name, self.version, Limit.TIME, 0.0)
        try:
            minimize = limits.cutoff is not None
            problem, _ = build_model(program, relaxed=relaxed, base=None if relaxed else DECIMAL, minimize=minimize)
            with tempfile.TemporaryDirectory(prefix="microopt-") as folder:
                model, solution, log = (str(Path(folder, name)) for name in ("model.mps", "answer.sol", "cbc.log"))
                problem.writeMPS(model, rename=False)
                words = WHOLE if not relaxed and has_large_coefficients(program) else ()
                command = [*self._command(model, limits), *words, *asked, "-solution", solution]
                limit = run_cbc(command, solution, log, limits)
                return self._parse_result(program, limits, solution, log, limit, relaxed, perf_counter() - start)
        except (OSError, RuntimeError) as error:  # the latter where no thread can be started
            fix = "check that the temporary folder is writable (TMPDIR) and that PuLP's CBC may run"
            raise BackendError(f"CBC could not be run: {error}", fix=fix, code="solver-failed") from None
        except KeyboardInterrupt:
            return no_solution_result(self.name, self.version, Limit.INTERRUPT, perf_counter() - start)

    def _command(self, model: str, limits: SolveLimits) -> list[str]:
        command = [self.path, model, *(["-max"] if limits.cutoff is None else [])]
        if limits.seconds is not None:
            command += ["-sec", f"{max(limits.seconds, 0.01):.3f}", "-timeMode", "elapsed"]
        return command

    def _parse_result(
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
                raise invalid_answer("CBC", "it ended at once without a solution file")
            return SolveResult(termination=Termination.UNKNOWN, limit=limit or Limit.TIME, **facts)
        status = told.status.casefold()
        if "infeasible" in status:
            return SolveResult(termination=Termination.INFEASIBLE, **facts)
        if "unbounded" in status:
            return SolveResult(termination=Termination.UNBOUNDED, **facts)
        if relaxed:
            bound = safe_upper_bound(program, told.objective) if told.finished else None
            limit = limit or (None if told.finished else Limit.TIME)
            facts |= {"limit": limit, "bound": bound, **decode_prices(program, told.duals, "CBC")}
            return SolveResult(termination=Termination.OPTIMAL if told.finished else Termination.UNKNOWN, **facts)
        if not told.finished and ("no integer solution" in status or not are_integral(told.values)):
            return SolveResult(termination=Termination.UNKNOWN, limit=limit or told.limit, **facts)
        return self._parse_plan(program, limits, told, log, limit, facts)

    def _parse_plan(
        self,
        program: IntegerProgram,
        limits: SolveLimits,
        told: Solution,
        log: str,
        limit: Limit | None,
        facts: dict[str, Any],
    ) -> SolveResult:
        selected = decode_columns(program, told.values, "CBC")
        value = program.objective_value(selected)
        if told.finished and limit is None and not (limits.gap and "gap" in told.status):
            claimed = told.objective if limits.cutoff is None or told.objective is None else -told.objective
            return SolveResult(
                termination=Termination.OPTIMAL,
                columns=selected,
                objective=value,
                bound=optimum_bound(program, selected, claimed, "CBC"),
                **facts,
            )
        limit = limit or (Limit.GAP if told.finished else told.limit)
        return feasible_result(selected, value, safe_upper_bound(program, logged_bound(log)), limit, facts)
