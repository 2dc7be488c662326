"""Outer approximation of net reach by tangents, and solves that are repeated until plan and bound can be trusted.

In a backend's model a few tangents stand for the net reach of a pool. They lie above it, so that a bound of the model
is a bound of the program whatever the tangents are; a plan is always evaluated exactly. A backend is called again if
its plan violates a row, or if the tangents overstate its net reach. Programs without pools pass through unchanged.
"""

from __future__ import annotations

from collections.abc import Callable
from math import exp, floor, inf, sqrt
from time import perf_counter

from msgspec.structs import replace

from microopt.errors import AuditError, BackendError
from microopt.solver.backends.base import Backend
from microopt.solver.backends.decode import validate_result
from microopt.solver.program import Columns, IntegerProgram
from microopt.solver.reach_pool import EXPOSURE, optimal_exposure, tangent_grid
from microopt.solver.reduced_cost_fixing import PricedProgram, exposure_ranges, person_weights
from microopt.solver.result import CUT_SHORT, Limit, SolveLimits, SolveResult, Termination, merge_results
from microopt.solver.sifting import RelaxationResult, sift_relaxation
from microopt.solver.split_objective import solve_split

TOLERANCE = 1e-6  # of the bound, and at least the unit that net reach is rounded to; no proof is tighter
COARSE = 1e-3  # of a pool's people; error of the tangents where no good plan is expected
FINER = 64  # factor by which each round of the relaxation reduces the error
ROUNDS = 6
CLOSE = 1e-5  # of the bound; total error of the tangents near good plans
ROUGH = 1e-4  # the same if no proof is wanted
UNKNOWN = 1e-2  # of the bound; how far below it good plans are expected while none is known
FALL = 1e-7  # of the bound; if a round lowers it by less, the next round is not worth its time
EFFORT = 10_000  # nodes, some seconds, after which a negligible gap is left open
CUTS = 20  # plans that are cut off before the backend is given up
TANGENTS = 200  # rounds of further tangents, if only tangents make a plan seem to satisfy its rows


def proof_tolerance(program: IntegerProgram, bound: int) -> int:
    """Return how far below a bound a plan counts as proven: 0 for a linear objective, otherwise at least 1."""
    return 0 if program.has_linear_objective else max(1, floor(TOLERANCE * abs(bound)))


def solve_relaxation(
    program: IntegerProgram, backend: Backend, remaining: Callable[[], SolveLimits], first: PricedProgram | None = None
) -> tuple[IntegerProgram, RelaxationResult]:
    """Solve the relaxation with ever finer tangents; return the program with them, and the prices of least bound.

    Parameters
    ----------
    remaining
        Returns the limits that remain.
    first
        The program at initial prices.
    """
    if not program.pools:
        return program, sift_relaxation(program, backend, remaining, first)
    program = _with_coarse_tangents(program)
    error, best, limit = COARSE, RelaxationResult(result=SolveResult(termination=Termination.UNKNOWN)), None
    for _ in range(ROUNDS):
        relaxed = sift_relaxation(program, backend, remaining, first if best.priced is None else best.priced)
        if relaxed.result.termination is Termination.INFEASIBLE:
            return program, relaxed
        limit = relaxed.result.limit
        if relaxed.priced is None:
            break
        fall = inf if best.priced is None else best.priced.bound - relaxed.priced.bound
        if fall > 0:
            best = relaxed
        if limit is not None or fall <= FALL * abs(relaxed.priced.bound):
            break
        program, error = _with_finer_tangents(program, relaxed.priced, error), error / FINER
    return program, replace(best, result=replace(best.result, limit=limit))


def _with_coarse_tangents(program: IntegerProgram) -> IntegerProgram:
    pools = [
        pool.with_tangents(tangent_grid(pool.offset / EXPOSURE, pool.max_exposure / EXPOSURE, COARSE))
        for pool in program.pools
    ]
    return replace(program, pools=tuple(pools))


def _with_finer_tangents(program: IntegerProgram, priced: PricedProgram, error: float) -> IntegerProgram:
    """Return the program with tangents `FINER` times finer around the exposures that are optimal at these prices."""
    weights = person_weights(program, priced.prices)
    pools = []
    for pool, weight, m in zip(program.pools, weights, priced.pool_prices.tolist(), strict=True):
        middle = optimal_exposure(pool, weight, m / EXPOSURE)
        radius = sqrt(8 * error) * exp(middle / 2)
        low, high = max(pool.offset / EXPOSURE, middle - radius), min(pool.max_exposure / EXPOSURE, middle + radius)
        pools.append(pool.with_tangents(tangent_grid(low, high, error / FINER)))
    return replace(program, pools=tuple(pools))


def focus_tangents(
    program: IntegerProgram, priced: PricedProgram, objective: int | None, *, is_rough: bool
) -> IntegerProgram:
    """Return the program with fine tangents where a plan with at least this objective can be.

    Parameters
    ----------
    is_rough
        A plan is wanted and no proof: tangents need not be as fine.
    """
    if not program.pools:
        return program
    weights = person_weights(program, priced.prices)
    total = sum(weight * pool.size for weight, pool in zip(weights, program.pools, strict=True))
    error = (ROUGH if is_rough else CLOSE) * max(1.0, abs(priced.bound))
    error = min(COARSE, error / total) if total > 0 else COARSE
    slack = UNKNOWN * abs(priced.bound) if objective is None else priced.bound - objective
    pools = []
    for pool, weight, (low, high) in zip(program.pools, weights, exposure_ranges(program, priced, slack), strict=True):
        coarse = tangent_grid(pool.offset / EXPOSURE, pool.max_exposure / EXPOSURE, COARSE)
        fine = tangent_grid(low, high, error) if weight else []
        pools.append(replace(pool, tangent_points=()).with_tangents([*coarse, *fine]))
    return replace(program, pools=tuple(pools))


def with_tangents_at(program: IntegerProgram, selected: Columns) -> IntegerProgram:
    """Return the program with a tangent at this plan's exposure of each pool; the same object if it has them all."""
    exposures = [(pool, pool.total_exposure(selected)) for pool in program.pools]
    if all(u == pool.offset or u in pool.tangent_points for pool, u in exposures):
        return program
    return replace(program, pools=tuple(pool.with_tangents([u]) for pool, u in exposures))


def solve_verified(program: IntegerProgram, backend: Backend, limits: SolveLimits) -> SolveResult:
    """Solve, and cut off a returned plan that violates a row by the solver's tolerance, up to `CUTS` times.

    A plan that violates a row only because of tangents is excluded by finer tangents, which exclude its neighbors too.
    If a limit came first, an infeasible plan is dropped: there is no time to solve again.

    Raises
    ------
    AuditError
        If the backend keeps returning plans that violate their rows.
    BackendError
        If the backend fails, or its answer is invalid.
    """
    return _solve_until_feasible(program, backend, limits, program)[0]


def solve_to_tolerance(program: IntegerProgram, backend: Backend, limits: SolveLimits) -> SolveResult:
    """Solve with a further tangent at each plan found, until plan and bound are as close as wanted, or as possible.

    The incumbent and the bound of earlier rounds outlive a limit, Ctrl-C or a crash in a later round. For a linear
    objective one round is enough.

    Raises
    ------
    AuditError
        If the backend keeps returning plans that violate their rows.
    """
    if program.has_linear_objective:
        return _solve_with_effort(program, backend, limits)
    start, model, best = perf_counter(), program, SolveResult(termination=Termination.UNKNOWN)
    tight = replace(limits, gap=max(limits.gap, TOLERANCE / 4))
    while True:
        try:
            result, model = _solve_until_feasible(program, backend, tight.remaining(start), model)
        except KeyboardInterrupt:
            return replace(best, limit=Limit.INTERRUPT)
        except BackendError as error:
            if best.columns is None:
                raise
            return replace(best, failure=error.message)
        best = merge_results(best, result)
        if result.columns is None or best.bound is None or best.objective is None:
            return best
        gap, finer = best.bound - best.objective, with_tangents_at(model, result.columns)
        if gap <= proof_tolerance(program, best.bound):
            return replace(best, termination=Termination.OPTIMAL, limit=None)
        if result.limit in CUT_SHORT:
            return best
        if gap <= limits.gap * abs(best.bound) or finer is model:
            return replace(best, limit=Limit.GAP)
        model = finer


def _solve_with_effort(program: IntegerProgram, backend: Backend, limits: SolveLimits) -> SolveResult:
    """Solve to the gap asked for; if that takes many nodes, only to a negligible one."""
    start = perf_counter()
    if limits.nodes is not None or limits.gap >= limits.negligible:
        return solve_verified(program, backend, limits)
    first = solve_verified(program, backend, replace(limits, nodes=EFFORT))
    if first.limit is not Limit.NODES:
        return first
    second = solve_verified(program, backend, replace(limits.remaining(start), gap=limits.negligible))
    proven = second.termination in (Termination.OPTIMAL, Termination.INFEASIBLE)
    return second if proven else merge_results(first, second)


def _solve_until_feasible(
    program: IntegerProgram, backend: Backend, limits: SolveLimits, model: IntegerProgram
) -> tuple[SolveResult, IntegerProgram]:
    """Return a result whose plan is feasible, and the model that was solved last.

    Parameters
    ----------
    model
        The program with the tangents and cuts so far.
    """
    labels: list[str] = []
    start, cuts = perf_counter(), 0
    for _ in range(CUTS + TANGENTS):
        result = validate_result(program, solve_split(model, backend, limits.remaining(start)), backend.name)
        labels = [] if result.columns is None else program.violated_constraints(result.columns)
        if result.columns is None or not labels:
            return result, model
        if result.limit in CUT_SHORT:
            return replace(result, termination=Termination.UNKNOWN, columns=None, objective=None), model
        finer = with_tangents_at(model, result.columns)
        if finer is model:
            finer, cuts = model.excluding(result.columns), cuts + 1
        model = finer
        if cuts == CUTS:
            break
    message = f"{backend.name} returned {CUTS} plans that break their rules ({', '.join(labels[:3])})"
    raise AuditError(message, fix="try another --solver", code="answer-refused")
