"""Solve one program with two backends, and see whether one has a plan that the other's claim excludes.

Plans and bounds of both are taken at face value: a plan is checked in the program's integers, so it refutes any lower
bound on the objective, whichever backend states it. A claim that neither refutes rests on both.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from msgspec import Struct
from msgspec.structs import replace

from microopt.errors import AuditError, BackendError
from microopt.solver.backends.base import Backend, backend_title
from microopt.solver.outer_approximation import proof_tolerance
from microopt.solver.program import IntegerProgram
from microopt.solver.result import Limit, SolveLimits, SolveResult, Termination

SolveWith = Callable[[Backend, SolveLimits], SolveResult]
PROVEN = (Termination.OPTIMAL, Termination.INFEASIBLE)


class CrossCheckResult(Struct, frozen=True, kw_only=True, eq=False):
    """A result, and whether a second backend confirms it.

    Attributes
    ----------
    confirmed_by
        The second backend if it proved the same; otherwise empty.
    unconfirmed
        Why the second backend did not confirm the result; empty if it did.
    """

    result: SolveResult
    confirmed_by: str = ""
    unconfirmed: str = ""


class _Claim(Struct, frozen=True, kw_only=True, eq=False):
    """A backend's title and its result."""

    name: str
    result: SolveResult

    @property
    def proven(self) -> bool:
        return self.result.termination in PROVEN


def cross_check(
    program: IntegerProgram,
    result: SolveResult,
    solve_with: SolveWith,
    backends: tuple[Backend, Backend],
    limits: SolveLimits,
) -> CrossCheckResult:
    """Solve with a second backend, and return what both have proven.

    Parameters
    ----------
    result
        Result of the first backend.
    solve_with
        Solves the program with a backend within limits.
    backends
        The first and the second.
    limits
        For the second backend; if the first has a proof, no gap is allowed.

    Raises
    ------
    AuditError
        If one backend has a plan that the other's claim excludes.
    """
    first, name = _Claim(name=backend_title(backends[0]), result=result), backend_title(backends[1])
    if result.limit is Limit.INTERRUPT:
        return CrossCheckResult(result=result, unconfirmed=f"{name} was not asked after the interrupt")
    try:
        second = _Claim(name=name, result=solve_with(backends[1], _second_limits(limits, first)))
    except KeyboardInterrupt:
        return CrossCheckResult(result=result, unconfirmed=_missing_confirmation(name, Limit.INTERRUPT))
    except (AuditError, BackendError) as error:  # the first backend's plan has been checked, and remains valid
        return CrossCheckResult(result=result, unconfirmed=f"{name} failed: {error.message}")
    for claimant, opponent in ((first, second), (second, first)):
        claim = _refuted_claim(program, claimant.result, opponent.result)
        if claim:
            message = f"{claimant.name} {claim}, but {opponent.name} has one, and it keeps every rule"
            fix = "use neither plan: report this with the roster and the campaign, or drop --cross-check"
            raise AuditError(message, fix=fix, code="cross-check")
    return _combine(program, first, second, limits.accepted_gap)


def _second_limits(limits: SolveLimits, first: _Claim) -> SolveLimits:
    def report(_phase: str, objective: Fraction | int | None, bound: Fraction | int | None) -> None:
        limits.report("cross-check", objective, bound)

    return replace(limits, gap=0.0 if first.proven else limits.gap, only_backend=True, report=report)


def _refuted_claim(program: IntegerProgram, result: SolveResult, rival: SolveResult) -> str:
    """Return the claim of a result that the other's plan refutes, or an empty string."""
    if rival.columns is None or rival.objective is None:
        return ""
    if result.termination is Termination.INFEASIBLE:
        return "says that no plan keeps all rules"
    if result.bound is not None and rival.objective - result.bound > proof_tolerance(program, result.bound):
        excess = f"{100 * (rival.objective - result.bound) / max(1, abs(result.bound)):.2g}%"
        claim = "calls a plan optimal" if result.termination is Termination.OPTIMAL else "states a bound"
        return f"{claim}, which excludes any plan {excess} better"
    if result.is_cheapest and result.columns is not None and rival.objective == result.objective:
        saved = program.total_cost(result.columns) - program.total_cost(rival.columns)
        return "says that no plan of the same value is cheaper" if saved > 0 else ""
    return ""


def _combine(program: IntegerProgram, first: _Claim, second: _Claim, gap: float) -> CrossCheckResult:
    """Return the better plan with the tighter bound, and whether the second backend confirms it."""
    base = second if second.proven and not first.proven else first
    if base.result.columns is None and second.result.columns is not None:
        base = second
    result = _merge(program, base.result, (first.result, second.result))
    both_within_gap = all(not claim.proven and _is_within_gap(result, claim, gap) for claim in (first, second))
    if (first.proven and second.proven) or both_within_gap:
        return CrossCheckResult(result=result, confirmed_by=second.name)
    return CrossCheckResult(result=result, unconfirmed=_unconfirmed_reason(result, first, second))


def _merge(program: IntegerProgram, base: SolveResult, both: tuple[SolveResult, SolveResult]) -> SolveResult:
    """Return the base result with the better plan and the tighter bound of both."""
    if Limit.INTERRUPT in [result.limit for result in both] and base.termination is Termination.UNKNOWN:
        base = replace(base, limit=Limit.INTERRUPT)
    plans = [result for result in both if result.columns is not None]
    if not plans:
        return base
    best = max(plans, key=lambda plan: (plan.objective, -program.total_cost(plan.columns)))  # type: ignore[arg-type]
    bounds = (result for result in both if result.bound is not None)
    tightest = min(bounds, key=lambda result: result.bound or 0, default=base)
    assert best.objective is not None
    bound = None if tightest.bound is None else max(tightest.bound, best.objective)
    is_cheapest = any(result.is_cheapest and result.objective == best.objective for result in both)
    merged = replace(base, columns=best.columns, objective=best.objective, bound=bound, is_cheapest=is_cheapest)
    if base.termination is Termination.OPTIMAL or bound is None:
        return merged
    merged = replace(merged, proven_by=tightest.proven_by)
    if bound - best.objective > proof_tolerance(program, bound):
        return merged
    return replace(merged, termination=Termination.OPTIMAL, limit=None)


def _is_within_gap(result: SolveResult, claim: _Claim, gap: float) -> bool:
    """Whether a backend's own bound proves that a plan is within a gap of the optimum."""
    if not gap or claim.result.bound is None or result.objective is None:
        return False
    return claim.result.bound - result.objective <= gap * abs(claim.result.bound)


def _unconfirmed_reason(result: SolveResult, first: _Claim, second: _Claim) -> str:
    if first.proven or second.proven:
        unconfirmed = second if first.proven else first
        if unconfirmed.result.failure:
            return f"{unconfirmed.name} failed: {unconfirmed.result.failure}"
        return _missing_confirmation(unconfirmed.name, unconfirmed.result.limit)
    if result.termination is Termination.OPTIMAL:
        return f"the plan of one solver and the bound of the other make the proof ({first.name}, {second.name})"
    return f"{second.name} has no proof either"


def _missing_confirmation(name: str, limit: Limit | None) -> str:
    if limit is Limit.INTERRUPT:
        return f"{name} was interrupted before it could confirm it"
    return f"{name} could not confirm it in time" if limit else f"{name} contradicts itself, and confirms nothing"
