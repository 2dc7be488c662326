"""A test double of a backend: it plays a script, or corrupts the results of a real backend."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from microopt.errors import BackendError
from microopt.solver.backends.base import Backend
from microopt.solver.program import IntegerProgram
from microopt.solver.result import SolveLimits, SolveResult, Termination

Step = SolveResult | BaseException | Callable[[IntegerProgram, SolveLimits], SolveResult]
Distortion = Callable[[IntegerProgram, SolveResult], SolveResult]


class ScriptedBackend:
    """A backend that plays a script.

    Parameters
    ----------
    solve, relax
        The outcome of each call in turn: a result, an exception to raise, or a function of (program, limits).
    real
        The backend that is called once a script has ended. Without one, a further `solve` raises a BackendError, and a
        further `relax` returns a result without prices.
    distort
        Turns each result of the real backend's `solve` into another, given the program and the result.
        `tests.support.corrupt_answers` has some ready.
    distort_prices
        The same for its `relax`.

    Attributes
    ----------
    asked
        (method, program, limits) of each call so far.

    Examples
    --------
    >>> fake = ScriptedBackend(solve=[SolveResult(termination=Termination.INFEASIBLE)])
    >>> fake.solve(program, SolveLimits()).termination  # doctest: +SKIP
    <Termination.INFEASIBLE: 'infeasible'>
    """

    name = "fake"
    version = "0"
    successor: Backend | None = None

    def __init__(
        self,
        *,
        solve: Iterable[Step] = (),
        relax: Iterable[Step] = (),
        real: Backend | None = None,
        distort: Distortion | None = None,
        distort_prices: Distortion | None = None,
    ) -> None:
        self._solves, self._relaxes = iter(solve), iter(relax)
        self._real, self._distort, self._distort_prices = real, distort, distort_prices
        self.asked: list[tuple[str, IntegerProgram, SolveLimits]] = []

    def solve(self, program: IntegerProgram, limits: SolveLimits) -> SolveResult:
        """Play the next step, or call the real backend and distort its result."""
        self.asked.append(("solve", program, limits))
        for step in self._solves:
            return _play(step, program, limits)
        if self._real is None:
            raise BackendError("the script has ended", fix="write another step", code="solver-failed")
        answer = self._real.solve(program, limits)
        return answer if self._distort is None else self._distort(program, answer)

    def relax(self, program: IntegerProgram, limits: SolveLimits) -> SolveResult:
        """Play the next step, or call the real backend and distort its result."""
        self.asked.append(("relax", program, limits))
        for step in self._relaxes:
            return _play(step, program, limits)
        if self._real is None:
            return SolveResult(termination=Termination.UNKNOWN)
        answer = self._real.relax(program, limits)
        return answer if self._distort_prices is None else self._distort_prices(program, answer)


def _play(step: Step, program: IntegerProgram, limits: SolveLimits) -> SolveResult:
    if isinstance(step, BaseException):
        raise step
    return step if isinstance(step, SolveResult) else step(program, limits)
