"""Decode and validate what a solver answers: columns, objective and bounds in the program's own terms.

An answer must name existing columns and contain numbers before it is evaluated. Nothing else in it is trusted.
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
    """Return a result with its objective recomputed, and without a bound that is not a number.

    Raises
    ------
    BackendError
        If its columns are not distinct columns of the program.
    """
    bound = result.bound
    if bound is not None:
        bound = ceil(bound) if isfinite(bound) else None
    if result.columns is None:
        return replace(result, objective=None, bound=bound)
    columns = np.asarray(result.columns)
    if len(columns) and not _are_columns(columns, len(program)):
        raise invalid_answer(name, "its picks are not columns of the program")
    selected = columns.astype(np.intp)
    return replace(result, columns=selected, objective=program.objective_value(selected), bound=bound)


def validate_prices(program: IntegerProgram, result: SolveResult, name: str) -> SolveResult:
    """Return the result of a relaxation if it has one price for each row and pool; any numbers give a valid bound.

    Raises
    ------
    BackendError
        If it has prices, but not one for each row and pool.
    """
    counts = ((result.prices, len(program.rows)), (result.pool_prices, len(program.pools)))
    if any(prices is not None and np.shape(prices) != (count,) for prices, count in counts):
        raise invalid_answer(name, "its prices are not those of the program")
    return result


def _are_columns(columns: NDArray[np.intp], count: int) -> bool:
    if columns.ndim != 1 or columns.dtype.kind not in "iu":
        return False
    return bool(columns[0] >= 0 and columns[-1] < count and (np.diff(columns) > 0).all())


def invalid_answer(name: str, what: str) -> BackendError:
    """Return the error for a solver whose answer cannot be used."""
    fix = "try the other --solver, or report this with the roster"
    return BackendError(f"{name} returned an invalid answer: {what}", fix=fix, code="solver-failed")


PARTS = 1_000  # model units in one unit of exposure: solvers satisfy rows to 1e-6 of the unit they are written in
HALF = (
    0.5  # thousandths of a person; more than the digits of a model file lose; plans are checked against the row itself
)
LOG_PRECISION = 1e-3  # precision of the bound in CBC's log
FILE_PRECISION = 1e-11  # relative; what the digits of a model file may take from a bound
INTEGRALITY = 1e-6  # how far from 0 or 1 a solver may leave a column that it calls integral
NEAR = 0.01  # how far from 0 or 1 a column is accepted; a tolerance alone never puts it further away


def offset_value(program: IntegerProgram) -> float:
    """Return the objective of net reach at the offsets of the pools, which the model leaves out."""
    return fsum(float(pool.objective) * pool.net_reach(pool.offset) for pool in program.pools)


def safe_upper_bound(program: IntegerProgram, bound: float | None) -> int | None:
    """Return a solver's bound as an integer that no plan's objective exceeds, or None if it is not a number."""
    if bound is None or not isfinite(bound):
        return None
    if program.has_linear_objective and not program.has_soft_rows:
        return ceil(bound)
    return floor(bound + offset_value(program) + FILE_PRECISION * abs(bound) + LOG_PRECISION)


def optimum_bound(
    program: IntegerProgram,
    selected: NDArray[np.intp],
    claimed: float | None,
    name: str,
    dual_bound: float | None = None,
) -> int:
    """Return the bound of a plan that is called optimal: its objective in the model.

    If the claimed objective differs from that by more than tolerances explain, the claim itself is the bound: it
    contradicts the plan, and so proves nothing. The same holds of the solver's own bound, where it is given, if it
    lies above.
    """
    if claimed is None or not isfinite(claimed):
        raise invalid_answer(name, "a plan is called optimal without an objective that is a number")
    actual, claimed = program.tangent_objective(selected), claimed + offset_value(program)
    people = fsum(abs(float(pool.objective)) * pool.size for pool in program.pools)
    penalties = fsum(
        row.penalty * (INTEGRALITY * float(np.abs(row.coefficients).sum()) + HALF * len(program.pools))
        for row in program.rows
        if row.penalty
    )
    rounding = 0 if program.has_linear_objective and not program.has_soft_rows else 1  # the sum is rounded down once
    columns = float(np.abs(program.objective).sum())
    tolerance = HALF + LOG_PRECISION + rounding + INTEGRALITY * (columns + people) + penalties
    if abs(claimed - actual) > tolerance:
        return ceil(claimed)
    if dual_bound is not None and isfinite(dual_bound) and dual_bound + offset_value(program) - actual > tolerance:
        return ceil(dual_bound + offset_value(program))
    return actual


def feasible_result(
    selected: NDArray[np.intp], objective: int, bound: int | None, limit: Limit, facts: dict[str, Any]
) -> SolveResult:
    """Return the result of a solve that was cut short; if the gap ended it, its bound may still prove the plan."""
    facts = {**facts, "columns": selected, "objective": objective}
    if limit is Limit.GAP and bound is not None and bound <= objective:
        return SolveResult(termination=Termination.OPTIMAL, bound=objective, **facts)
    return SolveResult(termination=Termination.FEASIBLE, limit=limit, bound=bound, **facts)


def no_solution_result(name: str, version: str, limit: Limit, seconds: float) -> SolveResult:
    """Return the result if a solver never ends, or Ctrl-C comes while the model is built or read back."""
    return SolveResult(termination=Termination.UNKNOWN, limit=limit, seconds=seconds, backend=name, version=version)


def _is_integral(value: float) -> bool:
    return min(abs(value), abs(value - 1)) <= NEAR


def are_integral(values: Mapping[str, float]) -> bool:
    """Whether no column has a fractional value: stopped without a plan, CBC may write its relaxation."""
    return all(_is_integral(value) or not isfinite(value) for column, value in values.items() if column.startswith("x"))


def decode_columns(program: IntegerProgram, values: Mapping[str, float], name: str) -> NDArray[np.intp]:
    """Return the columns at 1 of an answer that names them; those that it leaves out are 0.

    Raises
    ------
    BackendError
        If a column does not belong to the program, or is not near 0 or 1.
    """
    columns = {column[1:]: value for column, value in values.items() if column.startswith("x")}
    wrong = [column for column in columns if not column.isdecimal() or int(column) >= len(program)]
    if wrong:
        raise invalid_answer(name, ", ".join(f"x{column} is not a column" for column in wrong[:3]))
    decoded = np.zeros(len(program))
    decoded[[int(column) for column in columns]] = list(columns.values())
    return decode_values(decoded, name)


def decode_values(values: NDArray[np.float64], name: str) -> NDArray[np.intp]:
    """Return the columns at 1, given the value of each.

    Raises
    ------
    BackendError
        If one is not near 0 or 1.
    """
    wrong = np.flatnonzero(~(np.minimum(np.abs(values), np.abs(values - 1)) <= NEAR))  # also what is no number
    if len(wrong):
        raise invalid_answer(name, ", ".join(f"x{i:08d} is {values[i]}" for i in wrong[:3].tolist()))
    return np.flatnonzero(values > 0.5)


def empty_program_result(program: IntegerProgram, name: str, version: str) -> SolveResult:
    """Return the result of a program without columns."""
    selected = np.zeros(0, dtype=np.intp)
    if program.violated_constraints(selected):
        return SolveResult(termination=Termination.INFEASIBLE, backend=name, version=version)
    return SolveResult(
        termination=Termination.OPTIMAL,
        columns=selected,
        objective=program.objective_value(selected),
        bound=program.tangent_objective(selected),
        prices=np.zeros(len(program.rows)),
        pool_prices=np.zeros(len(program.pools)),
        backend=name,
        version=version,
    )
