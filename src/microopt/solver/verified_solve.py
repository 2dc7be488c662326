"""Ask a backend, and ask again where its plan does not hold, or where tangents take net reach for more than it is."""

from __future__ import annotations

from time import perf_counter

from msgspec.structs import replace

from microopt.errors import AuditError, BackendError
from microopt.solver.backends.base import Backend
from microopt.solver.backends.sane import validate_result
from microopt.solver.outer_approximation import TOLERANCE, at_picks, room
from microopt.solver.program import IntegerProgram
from microopt.solver.result import Limit, SolveLimits, SolveResult, Termination, joined

CUTS = 20
TANGENTS = 200  # rounds of them, where they alone make a plan seem to keep its rows
CUT_SHORT = (Limit.TIME, Limit.NODES, Limit.INTERRUPT)


def solve_verified(program: IntegerProgram, backend: Backend, limits: SolveLimits) -> SolveResult:
    """Solve, and cut off a returned plan that breaks a row by the solver's tolerance, up to `CUTS` times.

    A plan that only tangents let pass is answered by closer tangents, which spare its neighbours too. Where a limit
    came first, a broken plan is dropped: there is no time to ask again.

    Raises
    ------
    AuditError
        If plans that break their rows keep coming.
    BackendError
        If the backend fails, or answers nonsense.
    """
    return _kept(program, backend, limits, program)[0]


def solve_to_tolerance(program: IntegerProgram, backend: Backend, limits: SolveLimits) -> SolveResult:
    """Solve, with a tangent more wherever a plan is, until bound and plan are as close as asked for, or as can be.

    What earlier rounds have found and shown outlives a limit, Ctrl-C or a crash in a later one. Where all value is
    linear, one round is enough.

    Raises
    ------
    AuditError
        If plans that break their rows keep coming.
    """
    if program.exact:
        return solve_verified(program, backend, limits)
    start, asked, best = perf_counter(), program, SolveResult(stop=Termination.UNKNOWN)
    nearest = replace(limits, gap=max(limits.gap, TOLERANCE / 4))
    while True:
        try:
            answer, asked = _kept(program, backend, nearest.left(start), asked)
        except KeyboardInterrupt:
            return replace(best, limit=Limit.INTERRUPT)
        except BackendError as error:
            if best.picks is None:
                raise
            return replace(best, failure=error.message)
        best = joined(best, answer)
        if answer.picks is None or best.bound is None or best.value is None:
            return best
        apart, finer = best.bound - best.value, at_picks(asked, answer.picks)
        if apart <= room(program, best.bound):
            return replace(best, stop=Termination.OPTIMAL, limit=None)
        if answer.limit in CUT_SHORT:
            return best
        if apart <= limits.gap * abs(best.bound) or finer is asked:
            return replace(best, limit=Limit.GAP)
        asked = finer


def _kept(
    program: IntegerProgram, backend: Backend, limits: SolveLimits, asked: IntegerProgram
) -> tuple[SolveResult, IntegerProgram]:
    """Return an answer whose plan keeps all rows, and what was asked in the end."""
    labels: list[str] = []
    start, cuts = perf_counter(), 0
    for _ in range(CUTS + TANGENTS):
        answer = validate_result(program, backend.solve(asked, limits.left(start)), backend.name)
        labels = [] if answer.picks is None else program.violated_constraints(answer.picks)
        if answer.picks is None or not labels:
            return answer, asked
        if answer.limit in CUT_SHORT:
            return replace(answer, stop=Termination.UNKNOWN, picks=None, value=None), asked
        finer = at_picks(asked, answer.picks)
        if finer is asked:
            finer, cuts = asked.excluding(answer.picks), cuts + 1
        asked = finer
        if cuts == CUTS:
            break
    message = f"{backend.name} returned {CUTS} plans that break their rules ({', '.join(labels[:3])})"
    raise AuditError(message, fix="try another --solver", code="answer-refused")
