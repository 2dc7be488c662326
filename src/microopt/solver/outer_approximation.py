"""Tangents stand for net reach in a backend's model: where they are put, and when there are enough of them.

They lie above what they stand for, so that a bound of the model is a bound of the program, at any tangents; a plan is
always taken for what it is truly worth. Programs without pools pass through as they are.
"""

from __future__ import annotations

from collections.abc import Callable
from math import exp, inf, sqrt

from msgspec.structs import replace

from microopt.solver.backends.base import Backend
from microopt.solver.program import IntegerProgram, Picks
from microopt.solver.reach_pool import EXPOSURE, exposure_at, spread
from microopt.solver.reduced_cost_fixing import PricedProgram, exposures, weights
from microopt.solver.result import SolveLimits, SolveResult, Termination
from microopt.solver.sifting import Relaxed, relaxed

TOLERANCE = 1e-6  # of the bound, and at least the unit that net reach is rounded to: it is not proven closer
COARSE = 1e-3  # of a pool's people: how far off tangents may be where no good plan is expected
FINER = 64  # times closer in each round of the relaxation
ROUNDS = 6
CLOSE = 1e-5  # of the bound: how far off tangents may be in all, about where good plans are
ROUGH = 1e-4  # the same where no proof is asked for
UNKNOWN = 1e-2  # of the bound: how far from it good plans are looked for while none is known
FALL = 1e-7  # of the bound: where a round brings it down by less, the next is not worth its time


def room(program: IntegerProgram, bound: int) -> float:
    """Return how far below a bound a plan is as good as proven: 0 where all value is linear, at least 1 elsewhere."""
    return 0.0 if program.exact else max(1.0, TOLERANCE * abs(bound))


def relaxation(
    program: IntegerProgram, backend: Backend, left: Callable[[], SolveLimits], first: PricedProgram | None = None
) -> tuple[IntegerProgram, Relaxed]:
    """Solve the relaxation with ever closer tangents; return the program with them, and the prices of least bound.

    Parameters
    ----------
    left
        Returns the limits that are left.
    first
        The program at prices to begin with.
    """
    if not program.pools:
        return program, relaxed(program, backend, left, first)
    program = _everywhere(program)
    error, best, limit = COARSE, Relaxed(answer=SolveResult(stop=Termination.UNKNOWN)), None
    for _ in range(ROUNDS):
        found = relaxed(program, backend, left, first if best.priced is None else best.priced)
        if found.answer.stop is Termination.INFEASIBLE:
            return program, found
        limit = found.answer.limit
        if found.priced is None:
            break
        fell = inf if best.priced is None else best.priced.bound - found.priced.bound
        if fell > 0:
            best = found
        if limit is not None or fell <= FALL * abs(found.priced.bound):
            break
        program, error = _closer(program, found.priced, error), error / FINER
    return program, replace(best, answer=replace(best.answer, limit=limit))


def _everywhere(program: IntegerProgram) -> IntegerProgram:
    pools = [pool.touching(spread(pool.offset / EXPOSURE, pool.most / EXPOSURE, COARSE)) for pool in program.pools]
    return replace(program, pools=tuple(pools))


def _closer(program: IntegerProgram, priced: PricedProgram, error: float) -> IntegerProgram:
    """Return the program with tangents `FINER` times closer about where its prices are met."""
    scales = weights(program, priced.prices)
    pools = []
    for pool, weight, m in zip(program.pools, scales, priced.pool_prices.tolist(), strict=True):
        middle = exposure_at(pool, weight, m / EXPOSURE)
        apart = sqrt(8 * error) * exp(middle / 2)
        low, high = max(pool.offset / EXPOSURE, middle - apart), min(pool.most / EXPOSURE, middle + apart)
        pools.append(pool.touching(spread(low, high, error / FINER)))
    return replace(program, pools=tuple(pools))


def focused(program: IntegerProgram, priced: PricedProgram, value: int | None, *, part: bool) -> IntegerProgram:
    """Return the program with tangents close to each other where a plan of at least `value` can be.

    Parameters
    ----------
    part
        A plan is looked for, and no proof: tangents need not be as close.
    """
    if not program.pools:
        return program
    scales = weights(program, priced.prices)
    whole = sum(weight * pool.size for weight, pool in zip(scales, program.pools, strict=True))
    error = (ROUGH if part else CLOSE) * max(1.0, abs(priced.bound))
    error = min(COARSE, error / whole) if whole > 0 else COARSE
    slack = UNKNOWN * abs(priced.bound) if value is None else priced.bound - value
    pools = []
    for pool, weight, (low, high) in zip(program.pools, scales, exposures(program, priced, slack), strict=True):
        rest = spread(pool.offset / EXPOSURE, pool.most / EXPOSURE, COARSE)
        pools.append(replace(pool, points=()).touching([*rest, *(spread(low, high, error) if weight else ())]))
    return replace(program, pools=tuple(pools))


def at_picks(program: IntegerProgram, picks: Picks) -> IntegerProgram:
    """Return the program with a tangent where these picks are in each pool; the same object where all are there."""
    at = [pool.exposed(picks) for pool in program.pools]
    if all(u == pool.offset or u in pool.points for pool, u in zip(program.pools, at, strict=True)):
        return program
    return replace(program, pools=tuple(pool.touching([u]) for pool, u in zip(program.pools, at, strict=True)))
