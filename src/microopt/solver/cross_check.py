"""Two backends on one program: what they show together, and whether one has what the other excludes.

Plans and bounds of both are taken for what they are: a plan is checked in the program's integers, so it refutes any
bound below its value, whoever tells the bound. What neither refutes rests on both.
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct
from msgspec.structs import replace

from microopt.errors import AuditError, BackendError
from microopt.solver.backends.base import Backend, title
from microopt.solver.outer_approximation import room
from microopt.solver.program import IntegerProgram
from microopt.solver.result import Limit, SolveLimits, SolveResult, Termination

Ask = Callable[[Backend, SolveLimits], SolveResult]
SETTLED = (Termination.OPTIMAL, Termination.INFEASIBLE)


class CrossCheckResult(Struct, frozen=True, kw_only=True, eq=False):
    """An answer, and what a second backend makes of it.

    Attributes
    ----------
    confirmed_by
        The second backend, where it has shown the same; else empty.
    unconfirmed
        Why it has not, where it was to; else empty.
    """

    answer: SolveResult
    confirmed_by: str = ""
    unconfirmed: str = ""


class _Told(Struct, frozen=True, kw_only=True, eq=False):
    name: str
    answer: SolveResult

    @property
    def settled(self) -> bool:
        return self.answer.stop in SETTLED


def cross_check(
    program: IntegerProgram, answer: SolveResult, ask: Ask, backends: tuple[Backend, Backend], limits: SolveLimits
) -> CrossCheckResult:
    """Ask a second backend, and return what both have shown.

    Parameters
    ----------
    answer
        What the first backend has said.
    ask
        Solves the program by a backend within limits.
    backends
        The first and the second.
    limits
        Of the second; where the first has a proof, no gap is allowed.

    Raises
    ------
    AuditError
        If one has a plan that the other's claim excludes.
    """
    first, name = _Told(name=title(backends[0]), answer=answer), title(backends[1])
    if answer.limit is Limit.INTERRUPT:
        return CrossCheckResult(answer=answer, unconfirmed=f"{name} was not asked after the interrupt")
    asked = replace(limits, gap=0.0 if first.settled else limits.gap, report=_apart(limits))
    try:
        second = _Told(name=name, answer=ask(backends[1], asked))
    except KeyboardInterrupt:
        return CrossCheckResult(answer=answer, unconfirmed=_not_shown(name, Limit.INTERRUPT))
    except (AuditError, BackendError) as error:  # the checked plan of the first stands
        return CrossCheckResult(answer=answer, unconfirmed=f"{name} failed: {error.message}")
    for one, other in ((first, second), (second, first)):
        claim = _refuted(program, one.answer, other.answer)
        if claim:
            message = f"{one.name} {claim}, but {other.name} has one, and it keeps every rule"
            fix = "trust neither: report this with the roster and the campaign"
            raise AuditError(message, fix=fix, code="cross-check")
    return _together(program, first, second, limits.gap)


def _apart(limits: SolveLimits) -> Callable[[str, int | None, int | None], None]:
    return lambda _, value, bound: limits.report("cross-check", value, bound)


def _refuted(program: IntegerProgram, answer: SolveResult, other: SolveResult) -> str:
    """Return what an answer says that the other's plan shows to be wrong, or nothing."""
    if other.picks is None or other.value is None:
        return ""
    if answer.stop is Termination.INFEASIBLE:
        return "says that no plan keeps all rules"
    if answer.bound is not None and other.value - answer.bound > room(program, answer.bound):
        apart = f"{100 * (other.value - answer.bound) / max(1, abs(answer.bound)):.2g}%"
        said = "calls a plan optimal" if answer.stop is Termination.OPTIMAL else "tells a bound"
        return f"{said}, which excludes any plan {apart} better"
    if answer.cheapest and answer.picks is not None and other.value == answer.value:
        saved = program.total_cost(answer.picks) - program.total_cost(other.picks)
        return "says that no plan of the same value is cheaper" if saved > 0 else ""
    return ""


def _together(program: IntegerProgram, first: _Told, second: _Told, gap: float) -> CrossCheckResult:
    """Return the better plan, the lower bound, and who has confirmed whom."""
    base = second if second.settled and not first.settled else first
    if base.answer.picks is None and second.answer.picks is not None:
        base = second
    answer = _joined(program, base.answer, (first.answer, second.answer))
    if first.settled and second.settled:
        return CrossCheckResult(answer=answer, confirmed_by=second.name)
    if not first.settled and not second.settled and _within(answer, first, gap) and _within(answer, second, gap):
        return CrossCheckResult(answer=answer, confirmed_by=second.name)
    return CrossCheckResult(answer=answer, unconfirmed=_why(answer, first, second))


def _joined(program: IntegerProgram, base: SolveResult, both: tuple[SolveResult, SolveResult]) -> SolveResult:
    """Return an answer with the better plan and the lower bound of both."""
    if Limit.INTERRUPT in [answer.limit for answer in both] and base.stop is Termination.UNKNOWN:
        base = replace(base, limit=Limit.INTERRUPT)
    plans = [answer for answer in both if answer.picks is not None]
    if not plans:
        return base
    best = max(plans, key=lambda one: (one.value, -program.total_cost(one.picks)))  # type: ignore[arg-type]
    lowest = min((one for one in both if one.bound is not None), key=lambda one: one.bound or 0, default=base)
    assert best.value is not None
    bound = None if lowest.bound is None else max(lowest.bound, best.value)
    cheapest = any(one.cheapest and one.value == best.value for one in both)
    joined = replace(base, picks=best.picks, value=best.value, bound=bound, cheapest=cheapest)
    if base.stop is Termination.OPTIMAL or bound is None:
        return joined
    joined = replace(joined, shown_by=lowest.shown_by)
    return (
        replace(joined, stop=Termination.OPTIMAL, limit=None) if bound - best.value <= room(program, bound) else joined
    )


def _within(answer: SolveResult, told: _Told, gap: float) -> bool:
    """Whether a backend's own bound shows the plan of an answer to be within a gap."""
    if not gap or told.answer.bound is None or answer.value is None:
        return False
    return told.answer.bound - answer.value <= gap * abs(told.answer.bound)


def _why(answer: SolveResult, first: _Told, second: _Told) -> str:
    """Say why an answer is not confirmed."""
    if first.settled or second.settled:
        other = second if first.settled else first
        if other.answer.failure:
            return f"{other.name} failed: {other.answer.failure}"
        return _not_shown(other.name, other.answer.limit)
    if answer.stop is Termination.OPTIMAL:
        return f"the plan of one solver and the bound of the other make the proof ({first.name}, {second.name})"
    return f"{second.name} has no proof either"


def _not_shown(name: str, limit: Limit | None) -> str:
    if limit is Limit.INTERRUPT:
        return f"{name} was interrupted before it could confirm it"
    return f"{name} could not confirm it in time" if limit else f"{name} contradicts itself, and confirms nothing"
