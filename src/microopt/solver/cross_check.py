"""Two backends on one program: what they show together, and whether one has what the other excludes.

Plans and bounds of both are taken for what they are: a plan is checked in the program's integers, so it refutes any
bound below its value, whoever tells the bound. What neither refutes rests on both.
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct
from msgspec.structs import replace

from microopt.errors import AuditError, BackendError
from microopt.solver.backends.base import Backend, backend_title
from microopt.solver.outer_approximation import proof_tolerance
from microopt.solver.program import IntegerProgram
from microopt.solver.result import Limit, SolveLimits, SolveResult, Termination

SolveWith = Callable[[Backend, SolveLimits], SolveResult]
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

    result: SolveResult
    confirmed_by: str = ""
    unconfirmed: str = ""


class _Claim(Struct, frozen=True, kw_only=True, eq=False):
    name: str
    result: SolveResult

    @property
    def settled(self) -> bool:
        return self.result.termination in SETTLED


def cross_check(
    program: IntegerProgram, result: SolveResult, ask: SolveWith, backends: tuple[Backend, Backend], limits: SolveLimits
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
    first, name = _Claim(name=backend_title(backends[0]), result=result), backend_title(backends[1])
    if result.limit is Limit.INTERRUPT:
        return CrossCheckResult(result=result, unconfirmed=f"{name} was not asked after the interrupt")
    asked = replace(limits, gap=0.0 if first.settled else limits.gap, report=_report_cross_check(limits))
    try:
        second = _Claim(name=name, result=ask(backends[1], asked))
    except KeyboardInterrupt:
        return CrossCheckResult(result=result, unconfirmed=_missing_confirmation(name, Limit.INTERRUPT))
    except (AuditError, BackendError) as error:  # the checked plan of the first stands
        return CrossCheckResult(result=result, unconfirmed=f"{name} failed: {error.message}")
    for one, other in ((first, second), (second, first)):
        claim = _refuted_claim(program, one.result, other.result)
        if claim:
            message = f"{one.name} {claim}, but {other.name} has one, and it keeps every rule"
            fix = "trust neither: report this with the roster and the campaign"
            raise AuditError(message, fix=fix, code="cross-check")
    return _combine(program, first, second, limits.gap)


def _report_cross_check(limits: SolveLimits) -> Callable[[str, int | None, int | None], None]:
    return lambda _, value, bound: limits.report("cross-check", value, bound)


def _refuted_claim(program: IntegerProgram, result: SolveResult, other: SolveResult) -> str:
    """Return what an answer says that the other's plan shows to be wrong, or nothing."""
    if other.columns is None or other.objective is None:
        return ""
    if result.termination is Termination.INFEASIBLE:
        return "says that no plan keeps all rules"
    if result.bound is not None and other.objective - result.bound > proof_tolerance(program, result.bound):
        apart = f"{100 * (other.objective - result.bound) / max(1, abs(result.bound)):.2g}%"
        said = "calls a plan optimal" if result.termination is Termination.OPTIMAL else "tells a bound"
        return f"{said}, which excludes any plan {apart} better"
    if result.is_cheapest and result.columns is not None and other.objective == result.objective:
        saved = program.total_cost(result.columns) - program.total_cost(other.columns)
        return "says that no plan of the same value is cheaper" if saved > 0 else ""
    return ""


def _combine(program: IntegerProgram, first: _Claim, second: _Claim, gap: float) -> CrossCheckResult:
    """Return the better plan, the lower bound, and who has confirmed whom."""
    base = second if second.settled and not first.settled else first
    if base.result.columns is None and second.result.columns is not None:
        base = second
    result = _merged_result(program, base.result, (first.result, second.result))
    if first.settled and second.settled:
        return CrossCheckResult(result=result, confirmed_by=second.name)
    if (
        not first.settled
        and not second.settled
        and _is_within_gap(result, first, gap)
        and _is_within_gap(result, second, gap)
    ):
        return CrossCheckResult(result=result, confirmed_by=second.name)
    return CrossCheckResult(result=result, unconfirmed=_unconfirmed_reason(result, first, second))


def _merged_result(program: IntegerProgram, base: SolveResult, both: tuple[SolveResult, SolveResult]) -> SolveResult:
    """Return an answer with the better plan and the lower bound of both."""
    if Limit.INTERRUPT in [result.limit for result in both] and base.termination is Termination.UNKNOWN:
        base = replace(base, limit=Limit.INTERRUPT)
    plans = [result for result in both if result.columns is not None]
    if not plans:
        return base
    best = max(plans, key=lambda one: (one.objective, -program.total_cost(one.columns)))  # type: ignore[arg-type]
    lowest = min((one for one in both if one.bound is not None), key=lambda one: one.bound or 0, default=base)
    assert best.objective is not None
    bound = None if lowest.bound is None else max(lowest.bound, best.objective)
    cheapest = any(one.is_cheapest and one.objective == best.objective for one in both)
    joined = replace(base, columns=best.columns, objective=best.objective, bound=bound, is_cheapest=cheapest)
    if base.termination is Termination.OPTIMAL or bound is None:
        return joined
    joined = replace(joined, proven_by=lowest.proven_by)
    return (
        replace(joined, termination=Termination.OPTIMAL, limit=None)
        if bound - best.objective <= proof_tolerance(program, bound)
        else joined
    )


def _is_within_gap(result: SolveResult, told: _Claim, gap: float) -> bool:
    """Whether a backend's own bound shows the plan of an answer to be within a gap."""
    if not gap or told.result.bound is None or result.objective is None:
        return False
    return told.result.bound - result.objective <= gap * abs(told.result.bound)


def _unconfirmed_reason(result: SolveResult, first: _Claim, second: _Claim) -> str:
    """Say why an answer is not confirmed."""
    if first.settled or second.settled:
        other = second if first.settled else first
        if other.result.failure:
            return f"{other.name} failed: {other.result.failure}"
        return _missing_confirmation(other.name, other.result.limit)
    if result.termination is Termination.OPTIMAL:
        return f"the plan of one solver and the bound of the other make the proof ({first.name}, {second.name})"
    return f"{second.name} has no proof either"


def _missing_confirmation(name: str, limit: Limit | None) -> str:
    if limit is Limit.INTERRUPT:
        return f"{name} was interrupted before it could confirm it"
    return f"{name} could not confirm it in time" if limit else f"{name} contradicts itself, and confirms nothing"
