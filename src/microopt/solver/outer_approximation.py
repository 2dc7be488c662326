"""Tangents stand for net reach in a backend's model: where they are put, and when there are enough of them.

They lie above what they stand for, so that a bound of the model is a bound of the program, at any tangents; a plan is
always taken for what it is truly worth. Programs without pools pass through as they are.

Ask a backend, and ask again where its plan does not hold, or where tangents take net reach for more than it is.
"""

from __future__ import annotations

from collections.abc import Callable
from math import exp, inf, sqrt
from time import perf_counter

from msgspec.structs import replace

from microopt.errors import AuditError, BackendError
from microopt.solver.backends.base import Backend
from microopt.solver.backends.decode import validate_result
from microopt.solver.program import Columns, IntegerProgram
from microopt.solver.reach_pool import EXPOSURE, optimal_exposure, tangent_grid
from microopt.solver.reduced_cost_fixing import PricedProgram, exposure_ranges, person_weights
from microopt.solver.result import Limit, SolveLimits, SolveResult, Termination, merge_results
from microopt.solver.sifting import RelaxationResult, sift_relaxation

TOLERANCE = 1e-6  # of the bound, and at least the unit that net reach is rounded to: it is not proven closer
COARSE = 1e-3  # of a pool's people: how far off tangents may be where no good plan is expected
FINER = 64  # times closer in each round of the relaxation
ROUNDS = 6
CLOSE = 1e-5  # of the bound: how far off tangents may be in all, about where good plans are
ROUGH = 1e-4  # the same where no proof is asked for
UNKNOWN = 1e-2  # of the bound: how far from it good plans are looked for while none is known
FALL = 1e-7  # of the bound: where a round brings it down by less, the next is not worth its time


def proof_tolerance(program: IntegerProgram, bound: int) -> float:
    """Return how far below a bound a plan is as good as proven: 0 where all value is linear, at least 1 elsewhere."""
    return 0.0 if program.has_linear_objective else max(1.0, TOLERANCE * abs(bound))


def solve_relaxation(
    program: IntegerProgram, backend: Backend, left: Callable[[], SolveLimits], first: PricedProgram | None = None
) -> tuple[IntegerProgram, RelaxationResult]:
    """Solve the relaxation with ever closer tangents; return the program with them, and the prices of least bound.

    Parameters
    ----------
    left
        Returns the limits that are left.
    first
        The program at prices to begin with.
    """
    if not program.pools:
        return program, sift_relaxation(program, backend, left, first)
    program = _with_coarse_tangents(program)
    error, best, limit = COARSE, RelaxationResult(result=SolveResult(termination=Termination.UNKNOWN)), None
    for _ in range(ROUNDS):
        found = sift_relaxation(program, backend, left, first if best.priced is None else best.priced)
        if found.result.termination is Termination.INFEASIBLE:
            return program, found
        limit = found.result.limit
        if found.priced is None:
            break
        fell = inf if best.priced is None else best.priced.bound - found.priced.bound
        if fell > 0:
            best = found
        if limit is not None or fell <= FALL * abs(found.priced.bound):
            break
        program, error = _with_finer_tangents(program, found.priced, error), error / FINER
    return program, replace(best, result=replace(best.result, limit=limit))


def _with_coarse_tangents(program: IntegerProgram) -> IntegerProgram:
    pools = [
        pool.with_tangents(tangent_grid(pool.offset / EXPOSURE, pool.max_exposure / EXPOSURE, COARSE))
        for pool in program.pools
    ]
    return replace(program, pools=tuple(pools))


def _with_finer_tangents(program: IntegerProgram, priced: PricedProgram, error: float) -> IntegerProgram:
    """Return the program with tangents `FINER` times closer about where its prices are met."""
    scales = person_weights(program, priced.prices)
    pools = []
    for pool, weight, m in zip(program.pools, scales, priced.pool_prices.tolist(), strict=True):
        middle = optimal_exposure(pool, weight, m / EXPOSURE)
        apart = sqrt(8 * error) * exp(middle / 2)
        low, high = max(pool.offset / EXPOSURE, middle - apart), min(pool.max_exposure / EXPOSURE, middle + apart)
        pools.append(pool.with_tangents(tangent_grid(low, high, error / FINER)))
    return replace(program, pools=tuple(pools))


def focus_tangents(
    program: IntegerProgram, priced: PricedProgram, value: int | None, *, is_partial: bool
) -> IntegerProgram:
    """Return the program with tangents close to each other where a plan of at least `value` can be.

    Parameters
    ----------
    part
        A plan is looked for, and no proof: tangents need not be as close.
    """
    if not program.pools:
        return program
    scales = person_weights(program, priced.prices)
    whole = sum(weight * pool.size for weight, pool in zip(scales, program.pools, strict=True))
    error = (ROUGH if is_partial else CLOSE) * max(1.0, abs(priced.bound))
    error = min(COARSE, error / whole) if whole > 0 else COARSE
    slack = UNKNOWN * abs(priced.bound) if value is None else priced.bound - value
    pools = []
    for pool, weight, (low, high) in zip(program.pools, scales, exposure_ranges(program, priced, slack), strict=True):
        rest = tangent_grid(pool.offset / EXPOSURE, pool.max_exposure / EXPOSURE, COARSE)
        pools.append(
            replace(pool, tangent_points=()).with_tangents([*rest, *(tangent_grid(low, high, error) if weight else ())])
        )
    return replace(program, pools=tuple(pools))


def with_tangents_at(program: IntegerProgram, selected: Columns) -> IntegerProgram:
    """Return the program with a tangent where these picks are in each pool; the same object where all are there."""
    at = [pool.total_exposure(selected) for pool in program.pools]
    if all(u == pool.offset or u in pool.tangent_points for pool, u in zip(program.pools, at, strict=True)):
        return program
    return replace(program, pools=tuple(pool.with_tangents([u]) for pool, u in zip(program.pools, at, strict=True)))


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
    return _solve_until_feasible(program, backend, limits, program)[0]


def solve_to_tolerance(program: IntegerProgram, backend: Backend, limits: SolveLimits) -> SolveResult:
    """Solve, with a tangent more wherever a plan is, until bound and plan are as close as asked for, or as can be.

    What earlier rounds have found and shown outlives a limit, Ctrl-C or a crash in a later one. Where all value is
    linear, one round is enough.

    Raises
    ------
    AuditError
        If plans that break their rows keep coming.
    """
    if program.has_linear_objective:
        return solve_verified(program, backend, limits)
    start, asked, best = perf_counter(), program, SolveResult(termination=Termination.UNKNOWN)
    nearest = replace(limits, gap=max(limits.gap, TOLERANCE / 4))
    while True:
        try:
            result, asked = _solve_until_feasible(program, backend, nearest.remaining(start), asked)
        except KeyboardInterrupt:
            return replace(best, limit=Limit.INTERRUPT)
        except BackendError as error:
            if best.columns is None:
                raise
            return replace(best, failure=error.message)
        best = merge_results(best, result)
        if result.columns is None or best.bound is None or best.objective is None:
            return best
        apart, finer = best.bound - best.objective, with_tangents_at(asked, result.columns)
        if apart <= proof_tolerance(program, best.bound):
            return replace(best, termination=Termination.OPTIMAL, limit=None)
        if result.limit in CUT_SHORT:
            return best
        if apart <= limits.gap * abs(best.bound) or finer is asked:
            return replace(best, limit=Limit.GAP)
        asked = finer


def _solve_until_feasible(
    program: IntegerProgram, backend: Backend, limits: SolveLimits, asked: IntegerProgram
) -> tuple[SolveResult, IntegerProgram]:
    """Return an answer whose plan keeps all rows, and what was asked in the end."""
    labels: list[str] = []
    start, cuts = perf_counter(), 0
    for _ in range(CUTS + TANGENTS):
        result = validate_result(program, backend.solve(asked, limits.remaining(start)), backend.name)
        labels = [] if result.columns is None else program.violated_constraints(result.columns)
        if result.columns is None or not labels:
            return result, asked
        if result.limit in CUT_SHORT:
            return replace(result, termination=Termination.UNKNOWN, columns=None, objective=None), asked
        finer = with_tangents_at(asked, result.columns)
        if finer is asked:
            finer, cuts = asked.excluding(result.columns), cuts + 1
        asked = finer
        if cuts == CUTS:
            break
    message = f"{backend.name} returned {CUTS} plans that break their rules ({', '.join(labels[:3])})"
    raise AuditError(message, fix="try another --solver", code="answer-refused")
