"""What a solver tells of a program -> picks, values, bounds and prices in the program's own terms."""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil, floor, fsum, isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray

from microopt.solver.backends.sane import nonsense
from microopt.solver.program import IntegerProgram
from microopt.solver.result import Limit, SolveResult, Termination

PARTS = 1_000  # of a unit of exposure: solvers keep rows to 1e-6 of what they are written in
HALF = 0.5  # thousandths of a person: more than the digits of a model file lose; plans are held to the row itself
LOGGED = 1e-3  # CBC logs a bound to so much
DIGITS = 1e-11  # of the total: what such digits may take from a bound
WHOLE = 1e-6  # how far from 0 or 1 a solver may leave a column that it calls whole
NEAR = 0.01  # how far we let it be: what lies further is no plan that a tolerance has made


def offset_value(program: IntegerProgram) -> float:
    """Return what net reach is worth at the offsets of the pools, which the model leaves out."""
    return fsum(float(pool.value) * pool.net(pool.offset) for pool in program.pools)


def safe_upper_bound(program: IntegerProgram, bound: float | None) -> int | None:
    """Return a bound that a solver tells, as an integer that no plan's value is above; None where it is no number."""
    if bound is None or not isfinite(bound):
        return None
    if program.exact and not program.soft:
        return ceil(bound)
    return floor(bound + offset_value(program) + DIGITS * abs(bound) + LOGGED)


def optimum_bound(program: IntegerProgram, picks: NDArray[np.intp], claimed: float | None, name: str) -> int:
    """Return the bound of a plan that is called optimal: what it is worth in the model.

    Where it is said to be worth more or less than that, beyond what tolerances make of it, what is said is the bound:
    it contradicts the plan, and so proves nothing.
    """
    if claimed is None or not isfinite(claimed):
        raise nonsense(name, "a plan is called optimal without an objective that is a number")
    modelled, claimed = program.modelled(picks), claimed + offset_value(program)
    people = fsum(abs(float(pool.value)) * pool.size for pool in program.pools)
    fines = fsum(
        line.penalty * (WHOLE * float(np.abs(line.coefficients).sum()) + HALF * len(program.pools))
        for line in program.rows
        if line.penalty
    )
    rounded = 0 if program.exact and not program.soft else 1  # down, once all is summed
    off = HALF + LOGGED + rounded + WHOLE * (float(np.abs(program.value).sum()) + people) + fines
    return modelled if abs(claimed - modelled) <= off else ceil(claimed)


def prices_of(program: IntegerProgram, duals: dict[str, float], solver: str) -> dict[str, NDArray[np.float64]]:
    """Add the two sides of each row into one price, and tell that of each pool for a unit of exposure."""
    prices, pool_prices = np.zeros(len(program.rows)), np.zeros(len(program.pools))
    try:
        for name, dual in duals.items():
            if name.startswith("r"):
                prices[int(name[1:7])] += dual
            elif name.startswith("p"):
                pool_prices[int(name[1:7])] += dual * PARTS
    except (ValueError, IndexError):
        raise nonsense(solver, f"{name} is no row") from None
    return {"prices": prices, "pool_prices": pool_prices}


def unfinished(
    picks: NDArray[np.intp], value: int, bound: int | None, limit: Limit, facts: dict[str, Any]
) -> SolveResult:
    """Answer with a plan that was cut short; where the gap asked for ended it, its bound may prove it all the same."""
    if limit is Limit.GAP and bound is not None and bound <= value:
        return SolveResult(stop=Termination.OPTIMAL, picks=picks, value=value, bound=value, **facts)
    return SolveResult(stop=Termination.FEASIBLE, limit=limit, picks=picks, value=value, bound=bound, **facts)


def no_answer(name: str, version: str, limit: Limit, seconds: float) -> SolveResult:
    """Answer where a solver never ends, or Ctrl-C comes while the program is built or read back."""
    return SolveResult(stop=Termination.UNKNOWN, limit=limit, seconds=seconds, backend=name, version=version)


def _is_whole(value: float) -> bool:
    return min(abs(value), abs(value - 1)) <= NEAR


def are_whole(values: Mapping[str, float]) -> bool:
    """Whether no column has a finite value between 0 and 1: stopped without a plan, CBC may write its relaxation."""
    return all(_is_whole(value) or not isfinite(value) for column, value in values.items() if column.startswith("x"))


def picks_of(program: IntegerProgram, values: dict[str, float], name: str) -> NDArray[np.intp]:
    """Return the columns at 1.

    Raises
    ------
    BackendError
        If a column is none of the program's, or neither 0 nor 1 nor near them.
    """
    found = {column: value for column, value in values.items() if column.startswith("x")}
    wrong = [f"{column} is {value}" for column, value in found.items() if not _is_whole(value)]
    chosen = sorted(int(column[1:]) for column, value in found.items() if value > 0.5 and column[1:].isdecimal())
    wrong += [f"x{i:08d} is no column" for i in chosen if i >= len(program)]
    wrong += [f"{column} is no column" for column in found if not column[1:].isdecimal()]
    if wrong:
        raise nonsense(name, ", ".join(wrong[:3]))
    return np.asarray(chosen, dtype=np.intp)


def answer_of_nothing(program: IntegerProgram, name: str, version: str) -> SolveResult:
    """Answer a program of no columns."""
    picks = np.zeros(0, dtype=np.intp)
    if program.violated_constraints(picks):
        return SolveResult(stop=Termination.INFEASIBLE, backend=name, version=version)
    value = program.objective_value(picks)
    return SolveResult(
        stop=Termination.OPTIMAL,
        picks=picks,
        value=value,
        bound=program.modelled(picks),
        prices=np.zeros(len(program.rows)),
        pool_prices=np.zeros(len(program.pools)),
        backend=name,
        version=version,
    )
