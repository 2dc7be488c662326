"""What an answer must be before it can be looked at: columns that there are, and numbers. Nothing else is believed."""

from __future__ import annotations

from math import ceil, isfinite

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.errors import BackendError
from microopt.solver.program import IntegerProgram
from microopt.solver.result import SolveResult


def validate_result(program: IntegerProgram, answer: SolveResult, name: str) -> SolveResult:
    """Return an answer with the value that its picks are worth, and without a bound that is no number.

    Raises
    ------
    BackendError
        If its picks are not columns of the program, each named once.
    """
    bound = answer.bound
    if bound is not None:
        bound = ceil(bound) if isfinite(bound) else None
    if answer.picks is None:
        return replace(answer, value=None, bound=bound)
    told = np.asarray(answer.picks)
    if len(told) and not _are_columns(told, len(program)):
        raise nonsense(name, "its picks are not columns of the program")
    picks = told.astype(np.intp)
    return replace(answer, picks=picks, value=program.objective_value(picks), bound=bound)


def sane_prices(program: IntegerProgram, answer: SolveResult, name: str) -> SolveResult:
    """Return the answer of a relaxation, once it has a price for each row and pool; any numbers will do for a bound.

    Raises
    ------
    BackendError
        If it has prices, but not one for each.
    """
    told = ((answer.prices, len(program.rows)), (answer.pool_prices, len(program.pools)))
    if any(prices is not None and np.shape(prices) != (count,) for prices, count in told):
        raise nonsense(name, "its prices are not those of the program")
    return answer


def _are_columns(picks: NDArray[np.intp], columns: int) -> bool:
    if picks.ndim != 1 or picks.dtype.kind not in "iu":
        return False
    return bool(picks[0] >= 0 and picks[-1] < columns and (np.diff(picks) > 0).all())


def nonsense(name: str, what: str) -> BackendError:
    """Return the error of a solver whose answer says nothing."""
    fix = "try the other --solver, or report this with the roster"
    return BackendError(f"{name} answered nonsense: {what}", fix=fix, code="solver-failed")
