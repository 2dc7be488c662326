"""What the search of plans for the worst scenarios begins and ends with: prices, sizes of columns, and its result."""

from __future__ import annotations

from fractions import Fraction
from math import inf

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from microopt.errors import BackendError
from microopt.solver.backends.base import Backend
from microopt.solver.program import IntegerProgram
from microopt.solver.reduced_cost_fixing import PricedProgram, price_program
from microopt.solver.result import SolveLimits, SolveResult
from microopt.solver.sifting import sift_relaxation
from microopt.solver.worst_mean import ScenarioSet


class WorstMeanResult(Struct, frozen=True, kw_only=True, eq=False):
    """The outcome of a search.

    Attributes
    ----------
    program
        The program with the cuts that have a price at the root, and that of the plan's own worst scenarios: the plan
        has its true value there, and its bound by prices is one of the problem.
    sets
        The sets of scenarios of these cuts.
    result
        The plan, the bound and prices of that program.
    """

    program: IntegerProgram
    sets: tuple[ScenarioSet, ...]
    result: SolveResult


def exact_shares(prices: NDArray[np.float64], weight: int) -> NDArray[np.float64]:
    """Return prices of cuts that add up to the weight, or to as little more as doubles allow.

    If they add up to less, the rest is worth as much as theta can be.
    """
    shares = np.maximum(-prices, 0.0)
    total = float(shares.sum())
    shares = shares * (weight / total) if total > 0 else np.full(len(prices), weight / len(prices))
    largest = int(np.argmax(shares))
    for _ in range(4):
        missing = Fraction(weight) - sum((Fraction(float(share)) for share in shares), Fraction(0))
        if missing <= 0:
            break
        shares[largest] = np.nextafter(shares[largest] + float(missing), inf)
    return -shares


def prices_of(program: IntegerProgram, backend: Backend, limits: SolveLimits) -> PricedProgram:
    """Return a program at the prices of its relaxation, or at 0 where it has none or the backend fails."""
    try:
        priced = sift_relaxation(program, backend, lambda: limits).priced
    except BackendError:
        priced = None
    return priced or price_program(program, np.zeros(len(program.rows)))


def column_sizes(program: IntegerProgram) -> NDArray[np.float64]:
    """Return how large each column is compared with a typical one, in the row where it is largest, (n,)."""
    size = np.ones(len(program))
    for row in program.rows:
        if len(row.columns):
            magnitude = np.abs(row.coefficients).astype(float)
            size[row.columns] = np.maximum(size[row.columns], magnitude / magnitude.mean())
    return size
