"""CBC through PuLP's model files, run as a process of its own.

Its solution file is a status line, followed by one line for each row or column; a file that cannot be parsed is an
error. Facts that the design takes into account (PuLP 3.3, CBC 2.10.3):

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
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from errno import ENOSPC
from math import isfinite
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from microopt.errors import BackendError
from microopt.signals import defer_signals
from microopt.solver.backends.cbc_process import run_cbc
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
from microopt.solver.backends.solver_folder import solver_folder
from microopt.solver.program import IntegerProgram
from microopt.solver.result import Limit, SolveLimits, SolveResult, Termination, merge_results

if TYPE_CHECKING:
    from microopt.solver.backends.highs import Highs

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
        try:
            with defer_signals():  # most plans are proven before PuLP is needed, so it is imported here
                from microopt.solver.backends.pulp_model import build_model, has_large_coefficients, takes_too_long
            if takes_too_long(program, limits):
                return no_solution_result(self.name, self.version, Limit.TIME, 0.0)
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
