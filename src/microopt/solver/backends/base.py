"""The `Backend` protocol, and the registry of backends."""

from __future__ import annotations

from typing import Protocol

from microopt.errors import BackendError, did_you_mean
from microopt.solver.program import IntegerProgram
from microopt.solver.result import SolveLimits, SolveResult


class Backend(Protocol):
    """A solver of integer programs; each must pass `tests/solver/conformance.py`.

    A backend never raises for a limit or an interrupt: it returns what it has. It may be wrong: callers recompute its
    figures.
    """

    @property
    def name(self) -> str:
        """Short name, as in `--solver NAME`."""

    @property
    def version(self) -> str:
        """Version of the solver itself."""

    @property
    def successor(self) -> Backend | None:
        """The solver that continues what this one leaves open after a bounded effort, or None."""

    def solve(self, program: IntegerProgram, limits: SolveLimits) -> SolveResult:
        """Return the best plan found and what is proven about it."""

    def relax(self, program: IntegerProgram, limits: SolveLimits) -> SolveResult:
        """Return the dual prices of the relaxation to 0 <= x <= 1, and its optimum as `bound` if it has one."""


BACKENDS = ("cbc", "highs")
TITLES = {"cbc": "CBC", "highs": "HiGHS"}


def backend_title(solver: Backend) -> str:
    """Return a backend's name in reports: `CBC 2.10.3`."""
    return solver_title(solver.name, solver.version)


def solver_title(name: str, version: str) -> str:
    """Return the name in reports of a solver with this name and version."""
    return f"{TITLES.get(name, name.upper())} {version}"


def load_backend(name: str = "cbc") -> Backend:
    """Return the backend of this name; HiGHS if CBC is not installed, as with PuLP 4.

    Raises
    ------
    BackendError
        If there is none of this name, or it is not installed.
    """
    from microopt.solver.backends.find_cbc import is_cbc_installed

    if name not in BACKENDS:
        fix = did_you_mean(name, BACKENDS) or f"use one of: {', '.join(BACKENDS)}"
        raise BackendError(f"there is no solver {name!r}", fix=fix, code="solver-unknown")
    if name == "cbc" and is_cbc_installed():
        from microopt.solver.backends.cbc import Cbc

        return Cbc()
    from microopt.solver.backends.highs import Highs

    return Highs()


def load_second_backend(name: str) -> Backend:
    """Return the backend that cross-checks the one of this name.

    Raises
    ------
    BackendError
        If it is not installed.
    """
    second, first = (
        load_backend(next(backend_name for backend_name in BACKENDS if backend_name != name)),
        load_backend(name),
    )
    if second.name == first.name:
        fix = "install it, such as with: apt-get install coinor-cbc"
        raise BackendError("the solver cbc is not installed", fix=fix, code="solver-missing")
    return second
