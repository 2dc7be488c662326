"""Ask a backend, and ask again where its plan does not hold, or where tangents take net reach for more than it is."""

from __future__ import annotations

from time import perf_counter

from msgspec.structs import replace

from microopt.errors import AuditError
from microopt.solver.answer import Answer, Limit, Limits, Stop
from microopt.solver.backend import Backend
from microopt.solver.program import Program
from microopt.solver.tangents import TOLERANCE, at_picks, room

CUTS = 20
TANGENTS = 200  # rounds of them, where they alone make a plan seem to keep its rows


def settled(program: Program, backend: Backend, limits: Limits) -> Answer:
    """Solve, with a tangent more wherever a plan is, until the bound is `TOLERANCE` or the gap asked for from a plan.

    Its value is linear: one solve is enough.

    Raises
    ------
    AuditError
        If plans that break their rows keep coming.
    """
    if program.exact:
        return trusted(program, backend, limits)
    start, left = perf_counter(), replace(limits, gap=max(limits.gap, TOLERANCE / 4))
    best: Answer | None = None
    while True:
        answer = trusted(program, backend, left)
        best = _joined(best, answer)
        if answer.picks is None or answer.limit in (Limit.TIME, Limit.NODES, Limit.INTERRUPT) or best.bound is None:
            return best
        assert best.value is not None
        apart, finer = best.bound - best.value, at_picks(program, answer.picks)
        if apart <= room(program, best.bound):
            return replace(best, stop=Stop.OPTIMAL, limit=None)
        if apart <= limits.gap * abs(best.bound) or finer is program:
            return replace(best, stop=Stop.FEASIBLE, limit=Limit.GAP)
        program = finer
        if limits.seconds is not None:
            left = replace(left, seconds=max(0.0, limits.seconds - (perf_counter() - start)))


def _joined(first: Answer | None, second: Answer) -> Answer:
    """Return the later of two answers to one question, with the better plan and the lower bound of both."""
    if first is None:
        return second
    bounds = [answer.bound for answer in (first, second) if answer.bound is not None]
    better = second
    if second.picks is None or (first.value is not None and second.value is not None and first.value > second.value):
        better = first
    stop = second.stop if second.picks is not None else Stop.FEASIBLE
    return replace(second, stop=stop, picks=better.picks, value=better.value, bound=min(bounds, default=None))


def trusted(program: Program, backend: Backend, limits: Limits, asked: Program | None = None) -> Answer:
    """Solve, and cut off a returned plan that breaks a row by the solver's tolerance, up to `CUTS` times.

    Where tangents made the row seem kept, one where the plan is says so to the backend, and spares its neighbours too.

    Where a limit came first, such a plan is dropped: there is no time to ask again.

    Parameters
    ----------
    asked
        What the backend is asked instead, with more room in a row than `program` has.

    Raises
    ------
    AuditError
        If plans that break their rows keep coming.
    """
    labels: list[str] = []
    start, left, cut, cuts = perf_counter(), limits, program if asked is None else asked, 0
    for _ in range(CUTS + TANGENTS):
        answer = backend.solve(cut, left)
        if answer.picks is None:
            return answer
        labels = program.broken(answer.picks)
        if not labels:
            return answer
        if answer.limit in (Limit.TIME, Limit.NODES, Limit.INTERRUPT):
            return replace(answer, stop=Stop.UNKNOWN, picks=None, value=None)
        finer = at_picks(cut, answer.picks)
        if finer is cut:
            finer, cuts = cut.without(answer.picks), cuts + 1
            if cuts == CUTS:
                break
        cut = finer
        if limits.seconds is not None:
            left = replace(limits, seconds=max(0.0, limits.seconds - (perf_counter() - start)))
    message = f"{backend.name} returned {CUTS} plans that break their rules ({', '.join(labels[:3])})"
    raise AuditError(message, fix="try another --solver", code="answer-refused")
