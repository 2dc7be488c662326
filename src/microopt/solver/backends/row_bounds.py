"""Bounds of rows as a solver gets them, so that no plan is lost to the digits of its coefficients.

Doubles hold 16 digits, and a model file 13. The bounds of a row with larger coefficients are widened by what these can
lose together; a plan is checked against the row itself.
"""

from __future__ import annotations

from math import ceil

import numpy as np

from microopt.solver.arrays import max_abs
from microopt.solver.constraint import Constraint
from microopt.solver.program import IntegerProgram

MAX_EXACT = 10**13  # coefficient that solvers and model files hold with all digits
LOST = 1e-12  # of a coefficient, at most
MAX_COEFFICIENT = 10**7  # above it, rows are written in larger units: of 10^10, one unit is still 1,000 tolerances
DECIMAL, BINARY = 10, 2  # bases that lose no digit: in a model file, which has 13 decimal digits, and in memory
SMALL_PENALTY = 1e-3  # penalty of one unit below which slack is counted in larger units: solvers' tolerances are 1e-7


def is_inexact(row: Constraint) -> bool:
    """Whether a solver cannot hold all coefficients of a row."""
    return max_abs(row.coefficients) > MAX_EXACT


def row_unit(row: Constraint, largest: int, base: int = BINARY) -> int:
    """Return the power of a base that brings the coefficients of a row down to `largest`."""
    size, unit = int(max_abs(row.coefficients)), 1
    while size > largest * unit:
        unit *= base
    return unit


def slack_size(row: Constraint) -> int:
    """Return how many units of a soft row one unit of its slack column counts, a power of two.

    It is 1 unless the penalty of a unit is so small that a solver takes it for a rounding error (of HiGHS 1.16, a plan
    that pays such a penalty was called optimal): then it is near the row's largest coefficient.
    """
    if not row.penalty or row.penalty >= SMALL_PENALTY:
        return 1
    return 1 << (max(int(max_abs(row.coefficients)), 1).bit_length() - 1)


def has_inexact_rows(program: IntegerProgram) -> bool:
    """Whether a solver cannot hold all coefficients of a program's rows."""
    return any(map(is_inexact, program.rows))


def safe_bounds(row: Constraint) -> tuple[int | None, int | None]:
    """Return a lower and an upper bound that every plan satisfies in a solver's arithmetic if it satisfies the row."""
    if not is_inexact(row):
        return row.lower, row.upper
    margin = ceil(LOST * float(np.abs(row.coefficients.astype(float)).sum()))
    return (
        None if row.lower is None else row.lower - margin,
        None if row.upper is None else row.upper + margin,
    )
