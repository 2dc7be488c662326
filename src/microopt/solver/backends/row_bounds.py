"""Bounds of rows as a solver gets them, so that no plan is lost to the digits of its coefficients.

Doubles hold 16 digits, and a model file 13. The bounds of a row with larger coefficients are widened by what these can
lose together; a plan is checked against the row itself.
"""

from __future__ import annotations

from math import ceil

import numpy as np

from microopt.solver.arrays import max_abs
from microopt.solver.program import Constraint, IntegerProgram

MAX_EXACT = 10**13  # coefficient that solvers and model files hold with all digits
LOST = 1e-12  # of a coefficient, at most


def is_inexact(row: Constraint) -> bool:
    """Whether a solver cannot hold all coefficients of a row."""
    return max_abs(row.coefficients) > MAX_EXACT


def row_unit(row: Constraint) -> int:
    """Return the power of two that brings the coefficients of a row down to what a solver holds."""
    largest = int(max_abs(row.coefficients))
    return 1 << (largest // MAX_EXACT).bit_length() if largest > MAX_EXACT else 1


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
