"""CBC through PuLP's model files, run as a process of its own.

It runs to its end, its limit or an interrupt, and nothing of it is left running. Its solution file is a status line,
followed by one line for each row or column; a file that cannot be parsed is an error. Facts that the design takes into
account (PuLP 3.3, CBC 2.10.3):

- PuLP reads "Optimal" at a time limit, waits for CBC in a way that Ctrl-C cannot end, and drops the plan that CBC had
  found. So CBC is run here, in a session of its own, and its solution file and log are parsed here.
- CBC's preprocessing can lose the optimum and call the rest optimal (a test shows five columns for which it does): it
  is off, and columns are already fixed in the programs that reach CBC.
- If a row has coefficients of 10^8 and more, CBC may lose the optimum, call a feasible program infeasible, or call an
  answer with columns at one half optimal (tests show such programs): CBC is given such a row in larger units. A column
  that is integral up to a millionth then weighs as much as the small coefficients of the row together, so CBC is told
  to accept no such column as integral.
- With few columns, CBC's cuts and its feasibility pump mostly take longer than complete branching without them.
- CBC's cutoff is sound if it minimizes; if it maximizes, it calls feasible programs infeasible.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from errno import ENOSPC
from math import isfinite
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from microopt.errors import BackendError
from microopt.signals import defer_signals
from microopt.solver.backends.decode import (
    are_integral,
    decode_columns,
    empty_program_result,
    feasible_result,
    invalid_answer,
    no_solution_result,
    optimum_bound,
    safe_upper_bound,
)
from microopt.solver.backends.find_cbc import cbc_path, cbc_version
from microopt.solver.backends.relaxation import relax
from microopt.solver.backends.solver_folder import SolverFolder, solver_folder
from microopt.solver.program import IntegerProgram
from microopt.solver.result import Limit, SolveLimits, SolveResult, Termination, merge_results

if TYPE_CHECKING:
    from microopt.solver.backends.highs import Highs

PATIENCE = 0.1  # seconds that CBC may take beyond its limit before it is interrupted: its own clock can be seconds late
GRACE = 1.0  # seconds after which it is killed if it ignores that


def run_cbc(
    command: list[str], solution: str, log: str, limits: SolveLimits, folder: SolverFolder | None = None
) -> Limit | None:
    """Run CBC, and return what cut it short; if it crashes without its preprocessing, run it again with it.

    It crashes without its preprocessing on a few small programs.

    Parameters
    ----------
    folder
        What ends CBC if this process is killed.

    Raises
    ------
    BackendError
        If it crashes again.
    """
    start = perf_counter()
    try:
        return _run_process(command, log, limits, folder)
    except BackendError:
        if "-preprocess" not in command:
            raise
        Path(solution).unlink(missing_ok=True)  # the second process must not inherit the file of the first
        return _run_process(*_retry_command(command, limits, perf_counter() - start, log), folder)


def _retry_command(
    command: list[str], limits: SolveLimits, spent: float, log: str
) -> tuple[list[str], str, SolveLimits]:
    """Return what to run after a crash, within the remaining time."""
    position = command.index("-preprocess")
    command = command[:position] + command[position + 2 :]
    if limits.seconds is None:
        return command, log, limits
    seconds = max(0.0, limits.seconds - spent)
    position = command.index("-sec") + 1
    command = [*command[:position], f"{max(seconds, 0.01):.3f}", *command[position + 1 :]]
    return command, log, replace(limits, seconds=seconds)


def _run_process(command: list[str], log: str, limits: SolveLimits, folder: SolverFolder | None) -> Limit | None:
    """Run CBC to its end, its limit, or an interrupt; return what cut it short."""
    process, timer, late = None, None, threading.Event()
    try:
        # an interrupt within Popen would leave a process that nobody knows of
        with Path(log).open("wb") as sink, defer_signals():
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=sink, stderr=sink, start_new_session=True
            )
            if folder is not None:
                folder.guard(process)
            timer = _start_kill_timer(process, late, limits.seconds)
        process.wait()
    except KeyboardInterrupt:
        _interrupt(process)
        return Limit.INTERRUPT
    finally:
        with defer_signals():
            if process is not None and process.returncode is None:  # it ignores the interrupt, or a second one came
                _kill(process)
                process.wait()
            if folder is not None and process is not None:
                folder.release(process)
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
    if code > 0:
        return f"ended with code {code}"
    try:
        return f"was killed by {signal.Signals(-code).name}"
    except ValueError:  # a real-time signal, most of which have no name
        return f"was killed by signal {-code}"


def _start_kill_timer(
    process: subprocess.Popen[bytes], late: threading.Event, seconds: float | None
) -> threading.Timer | None:
    """Start and return a timer that stops CBC after its limit: `Popen.wait` with a timeout would poll, 50 ms late."""
    if seconds is None:
        return None
    timer = threading.Timer(min(seconds + PATIENCE, threading.TIMEOUT_MAX), _stop_late, (process, late))
    timer.daemon = True
    timer.start()
    return timer


def _stop_late(process: subprocess.Popen[bytes], late: threading.Event) -> None:
    """Have CBC write its incumbent and end, or kill it."""
    late.set()
    with suppress(ProcessLookupError, subprocess.TimeoutExpired):
        os.killpg(process.pid, signal.SIGINT)
        process.wait(GRACE)
    _kill(process)


def _interrupt(process: subprocess.Popen[bytes] | None) -> None:
    """Have CBC write its incumbent, and wait two seconds at most, or until a second Ctrl-C."""
    if process is None or process.poll() is not None:
        return  # it has not started, or it ended in the moment that Popen.wait gives it after Ctrl-C
    with suppress(subprocess.TimeoutExpired, KeyboardInterrupt, ProcessLookupError):
        os.killpg(process.pid, signal.SIGINT)
        process.wait(2.0)


def _kill(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        with suppress(ProcessLookupError):  # it has just ended
            os.killpg(process.pid, signal.SIGKILL)


STATUSES = ("optimal", "infeasible", "integer", "linear", "unbounded", "stopped", "status")  # first words of the line


class Solution(Struct, frozen=True, kw_only=True):
    """A parsed solution file.

    Attributes
    ----------
    status
        Its first line.
    values
        Value of each column or row, by name.
    """

    status: str
    values: dict[str, float]

    @property
    def finished(self) -> bool:
        """Whether nothing but a gap cut the solve short."""
        return self.status.casefold().startswith("optimal")

    @property
    def objective(self) -> float | None:
        """The objective in the status line."""
        match = re.search(r"objective value\s+(\S+)", self.status)
        return parse_number(match[1]) if match else None

    @property
    def limit(self) -> Limit:
        """The limit in the status line."""
        return Limit.NODES if "iterations" in self.status or "nodes" in self.status else Limit.TIME


def read_solution(path: str) -> Solution | None:
    """Return a solution file parsed, or None if CBC wrote none.

    Raises
    ------
    BackendError
        If it is not a solution file, or is truncated.
    """
    file = Path(path)
    try:
        lines = file.read_text(encoding="ascii").splitlines() if file.exists() else []
        if not lines:
            return None
        cells = [line.replace("**", "").split() for line in lines[1:]]
        values = {cell[1]: float(cell[2]) for cell in cells}
    except (ValueError, IndexError) as error:
        raise invalid_answer("CBC", f"its solution file cannot be read ({error})") from None
    if lines[0].split()[:1] == [] or lines[0].split()[0].casefold() not in STATUSES:
        raise invalid_answer("CBC", f"its solution file begins with {lines[0][:60]!r}")
    return Solution(status=lines[0], values=values)


@contextmanager
def _full_disk_told(folder: Path) -> Iterator[None]:
    """Raise the error of a full disk in place of one of the answer: CBC says nothing of what it cannot write."""
    try:
        yield
    except BackendError:
        if shutil.disk_usage(folder).free == 0:
            raise OSError(ENOSPC, os.strerror(ENOSPC)) from None
        raise


def logged_bound(path: str) -> float | None:
    """Return the bound that CBC logs when it is cut short, or None if it logs none or one that is not a number."""
    text = Path(path).read_text(encoding="utf-8", errors="replace")
    matches = re.findall(r"^Upper bound:\s+(\S+)", text, re.MULTILINE)
    bound = parse_number(matches[-1]) if matches else None
    return bound if bound is not None and isfinite(bound) else None


def parse_number(text: str) -> float | None:
    """Return the number in a text, or None if it is not a number."""
    try:
        return float(text)
    except ValueError:
        return None


FEW = 150  # columns up to which CBC mostly completes branching before cuts and the feasibility pump pay off
PLAIN_NODES = 2_000  # nodes, as CBC counts them, before cuts and pump are used: some seconds, and nearly always enough
EXACT_INTEGRALITY = ("-integerTolerance", "1e-12")  # arguments: accept no column as integral that is not


def _branch_and_bound_arguments(limits: SolveLimits, *, plain: bool) -> list[str]:
    """Return CBC's arguments for branch and bound; plain: without cuts and without its feasibility pump."""
    arguments = [] if limits.nodes is None else ["-maxNodes", str(limits.nodes)]
    if limits.cutoff is not None:  # the margin is far more than CBC's tolerances take
        arguments += ["-cutoff", repr(max(0.5, 1e-7 * abs(limits.cutoff)) - limits.cutoff)]
    arguments += ["-ratio", repr(limits.gap), "-allow", "0", "-preprocess", "off"]
    return [*arguments, *(["-cuts", "off", "-feasibilityPump", "off"] if plain else []), "-solve"]


class Cbc:
    """COIN-OR CBC, as bundled with PuLP 3 or installed with PuLP 4."""

    name = "cbc"

    def __init__(self, path: str | None = None) -> None:
        self.path = path or cbc_path()

    @property
    def version(self) -> str:
        """Version of CBC."""
        return cbc_version()

    @property
    def successor(self) -> Highs:
        """HiGHS: with many tight rows it proves some programs in seconds that CBC leaves open for minutes."""
        from microopt.solver.backends.highs import Highs

        return Highs()

    def solve(self, program: IntegerProgram, limits: SolveLimits) -> SolveResult:
        """Branch and bound; with few columns first without cuts, then with them if that does not finish."""
        if len(program) > FEW:
            return self._run(program, limits, _branch_and_bound_arguments(limits, plain=False))
        start, nodes = perf_counter(), PLAIN_NODES if limits.nodes is None else min(limits.nodes, PLAIN_NODES)
        first = self._run(program, limits, _branch_and_bound_arguments(replace(limits, nodes=nodes), plain=True))
        if first.limit is not Limit.NODES or nodes == limits.nodes:
            return first
        remaining = limits.remaining(start)
        second = self._run(program, remaining, _branch_and_bound_arguments(remaining, plain=False))
        if second.termination in (Termination.OPTIMAL, Termination.INFEASIBLE):
            return second
        return merge_results(first, second)

    def relax(self, program: IntegerProgram, limits: SolveLimits) -> SolveResult:
        """Simplex on the relaxation, in this process: CBC would need a model file and a process of its own."""
        return relax(program, limits)

    def _run(self, program: IntegerProgram, limits: SolveLimits, arguments: Sequence[str]) -> SolveResult:
        if not len(program):
            return empty_program_result(program, self.name, self.version)
        start = perf_counter()
        with defer_signals():  # most plans are proven before PuLP is needed, so it is imported here
            from microopt.solver.backends.pulp_model import build_model, has_large_coefficients, takes_too_long
        if takes_too_long(program, limits):
            return no_solution_result(self.name, self.version, Limit.TIME, 0.0)
        try:
            minimize = limits.cutoff is not None
            problem = build_model(program, minimize=minimize)
            with solver_folder() as folder:
                model, solution, log = (str(folder.path / name) for name in ("model.mps", "answer.sol", "cbc.log"))
                problem.writeMPS(model, rename=False)
                tolerance = EXACT_INTEGRALITY if has_large_coefficients(program) else ()
                remaining = limits.remaining(start)
                command = [*self._command(model, remaining), *tolerance, *arguments, "-solution", solution]
                limit = run_cbc(command, solution, log, remaining, folder)
                with _full_disk_told(folder.path):
                    return self._parse_result(program, limits, solution, log, limit, perf_counter() - start)
        except (OSError, RuntimeError) as error:  # the latter if no thread can be started
            fix = "try --solver highs, or set TMPDIR to a folder that you can write to, such as TMPDIR=."
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
        seconds: float,
    ) -> SolveResult:
        facts: dict[str, Any] = {"seconds": seconds, "backend": self.name, "version": self.version}
        try:
            parsed = read_solution(solution)
        except BackendError:
            if limit is None:
                raise
            parsed = None  # it was killed while it wrote
        if parsed is None:
            if limit is None and (limits.seconds is None or seconds < limits.seconds / 2):
                raise invalid_answer("CBC", "it exited without writing a solution")
            return SolveResult(termination=Termination.UNKNOWN, limit=limit or Limit.TIME, **facts)
        status = parsed.status.casefold()
        if "infeasible" in status:
            return SolveResult(termination=Termination.INFEASIBLE, **facts)
        if "unbounded" in status:
            return SolveResult(termination=Termination.UNBOUNDED, **facts)
        if not parsed.finished and ("no integer solution" in status or not are_integral(parsed.values)):
            return SolveResult(termination=Termination.UNKNOWN, limit=limit or parsed.limit, **facts)
        return self._parse_plan(program, limits, parsed, log, limit, facts)

    def _parse_plan(
        self,
        program: IntegerProgram,
        limits: SolveLimits,
        parsed: Solution,
        log: str,
        limit: Limit | None,
        facts: dict[str, Any],
    ) -> SolveResult:
        selected = decode_columns(program, parsed.values, "CBC")
        value = program.objective_value(selected)
        if parsed.finished and limit is None and not (limits.gap and "gap" in parsed.status):
            claimed = parsed.objective if limits.cutoff is None or parsed.objective is None else -parsed.objective
            return SolveResult(
                termination=Termination.OPTIMAL,
                columns=selected,
                objective=value,
                bound=optimum_bound(program, selected, claimed, "CBC"),
                **facts,
            )
        limit = limit or (Limit.GAP if parsed.finished else parsed.limit)
        return feasible_result(selected, value, safe_upper_bound(program, logged_bound(log)), limit, facts)
