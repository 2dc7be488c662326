"""What a solver tells of a program -> picks, values, bounds and prices in the program's own terms.

What an answer must be before it can be looked at: columns that there are, and numbers. Nothing else is believed.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil, floor, fsum, isfinite
from typing import Any

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.errors import BackendError
from microopt.solver.program import IntegerProgram
from microopt.solver.result import Limit, SolveResult, Termination


def validate_result(program: IntegerProgram, result: SolveResult, name: str) -> SolveResult:
    """Return an answer with the value that its picks are worth, and without a bound that is no number.

    Raises
    ------
    BackendError
        If its picks are not columns of the program, each named once.
    """
    bound = result.bound
    if bound is not None:
        bound = ceil(bound) if isfinite(bound) else None
    if result.columns is None:
        return replace(result, objective=None, bound=bound)
    told = np.asarray(result.columns)
    if len(told) and not _are_columns(told, len(program)):
        raise invalid_answer(name, "its picks are not columns of the program")
    selected = told.astype(np.intp)
    return replace(result, columns=selected, objective=program.objective_value(selected), bound=bound)


def validate_prices(program: IntegerProgram, result: SolveResult, name: str) -> SolveResult:
    """Return the answer of a relaxation, once it has a price for each row and pool; any numbers will do for a bound.

    Raises
    ------
    BackendError
        If it has prices, but not one for each.
    """
    told = ((result.prices, len(program.rows)), (result.pool_prices, len(program.pools)))
    if any(prices is not None and np.shape(prices) != (count,) for prices, count in told):
        raise invalid_answer(name, "its prices are not those of the program")
    return result


def _are_columns(selected: NDArray[np.intp], columns: int) -> bool:
    if selected.ndim != 1 or selected.dtype.kind not in "iu":
        return False
    return bool(selected[0] >= 0 and selected[-1] < columns and (np.diff(selected) > 0).all())


def invalid_answer(name: str, what: str) -> BackendError:
    """Return the error of a solver whose answer says nothing."""
    fix = "try the other --solver, or report this with the roster"
    return BackendError(f"{name} answered nonsense: {what}", fix=fix, code="solver-failed")


PARTS = 1_000  # of a unit of exposure: solvers keep rows to 1e-6 of what they are written in
HALF = 0.5  # thousandths of a person: more than the digits of a model file lose; plans are held to the row itself
LOGGED = 1e-3  # CBC logs a bound to so much
DIGITS = 1e-11  # of the total: what such digits may take from a bound
WHOLE = 1e-6  # how far from 0 or 1 a solver may leave a column that it calls whole
NEAR = 0.01  # how far we let it be: what lies further is no plan that a tolerance has made


def offset_value(program: IntegerProgram) -> float:
    """Return what net reach is worth at the offsets of the pools, which the model leaves out."""
    return fsum(float(pool.objective) * pool.net_reach(pool.offset) for pool in program.pools)


def safe_upper_bound(program: IntegerProgram, bound: float | None) -> int | None:
    """Return a bound that a solver tells, as an integer that no plan's value is above; None where it is no number."""
    if bound is None or not isfinite(bound):
        return None
    if program.has_linear_objective and not program.has_soft_rows:
        return ceil(bound)
    return floor(bound + offset_value(program) + DIGITS * abs(bound) + LOGGED)


def optimum_bound(program: IntegerProgram, selected: NDArray[np.intp], claimed: float | None, name: str) -> int:
    """Return the bound of a plan that is called optimal: what it is worth in the model.

    Where it is said to be worth more or less than that, beyond what tolerances make of it, what is said is the bound:
    it contradicts the plan, and so proves nothing.
    """
    if claimed is None or not isfinite(claimed):
        raise invalid_answer(name, "a plan is called optimal without an objective that is a number")
    modelled, claimed = program.tangent_objective(selected), claimed + offset_value(program)
    people = fsum(abs(float(pool.objective)) * pool.size for pool in program.pools)
    fines = fsum(
        row.penalty * (WHOLE * float(np.abs(row.coefficients).sum()) + HALF * len(program.pools))
        for row in program.rows
        if row.penalty
    )
    rounded = 0 if program.has_linear_objective and not program.has_soft_rows else 1  # down, once all is summed
    off = HALF + LOGGED + rounded + WHOLE * (float(np.abs(program.objective).sum()) + people) + fines
    return modelled if abs(claimed - modelled) <= off else ceil(claimed)


def decode_prices(program: IntegerProgram, duals: dict[str, float], solver: str) -> dict[str, NDArray[np.float64]]:
    """Add the two sides of each row into one price, and tell that of each pool for a unit of exposure."""
    prices, pool_prices = np.zeros(len(program.rows)), np.zeros(len(program.pools))
    try:
        for name, dual in duals.items():
            if name.startswith("r"):
                prices[int(name[1:7])] += dual
            elif name.startswith("p"):
                pool_prices[int(name[1:7])] += dual * PARTS
    except (ValueError, IndexError):
        raise invalid_answer(solver, f"{name} is no row") from None
    return {"prices": prices, "pool_prices": pool_prices}


def feasible_result(
    selected: NDArray[np.intp], value: int, bound: int | None, limit: Limit, facts: dict[str, Any]
) -> SolveResult:
    """Answer with a plan that was cut short; where the gap asked for ended it, its bound may prove it all the same."""
    if limit is Limit.GAP and bound is not None and bound <= value:
        return SolveResult(termination=Termination.OPTIMAL, columns=selected, objective=value, bound=value, **facts)
    return SolveResult(
        termination=Termination.FEASIBLE, limit=limit, columns=selected, objective=value, bound=bound, **facts
    )


def no_solution_result(name: str, version: str, limit: Limit, seconds: float) -> SolveResult:
    """Answer where a solver never ends, or Ctrl-C comes while the program is built or read back."""
    return SolveResult(termination=Termination.UNKNOWN, limit=limit, seconds=seconds, backend=name, version=version)


def _is_integral(value: float) -> bool:
    return min(abs(value), abs(value - 1)) <= NEAR


def are_integral(values: Mapping[str, float]) -> bool:
    """Whether no column has a finite value between 0 and 1: stopped without a plan, CBC may write its relaxation."""
    return all(_is_integral(value) or not isfinite(value) for column, value in values.items() if column.startswith("x"))


def decode_columns(program: IntegerProgram, values: dict[str, float], name: str) -> NDArray[np.intp]:
    """Return the columns at 1.

    Raises
    ------
    BackendError
        If a column is none of the program's, or neither 0 nor 1 nor near them.
    """
    found = {column: value for column, value in values.items() if column.startswith("x")}
    wrong = [f"{column} is {value}" for column, value in found.items() if not _is_integral(value)]
    chosen = sorted(int(column[1:]) for column, value in found.items() if value > 0.5 and column[1:].isdecimal())
    wrong += [f"x{i:08d} is no column" for i in chosen if i >= len(program)]
    wrong += [f"{column} is no column" for column in found if not column[1:].isdecimal()]
    if wrong:
        raise invalid_answer(name, ", ".join(wrong[:3]))
    return np.asarray(chosen, dtype=np.intp)


def empty_program_result(program: IntegerProgram, name: str, version: str) -> SolveResult:
    """Answer a program of no columns."""
    selected = np.zeros(0, dtype=np.intp)
    if program.violated_constraints(selected):
        return SolveResult(termination=Termination.INFEASIBLE, backend=name, version=version)
    value = program.objective_value(selected)
    return SolveResult(
        termination=Termination.OPTIMAL,
        columns=selected,
        objective=value,
        bound=program.tangent_objective(selected),
        prices=np.zeros(len(program.rows)),
        pool_prices=np.zeros(len(program.pools)),
        backend=name,
        version=version,
    )
