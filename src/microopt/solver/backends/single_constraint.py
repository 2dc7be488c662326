"""A backend wrapper that prices programs with one upper bound, such as a budget alone, without a solver."""

from __future__ import annotations

import numpy as np
from msgspec import Struct

from microopt.solver.backends.base import Backend
from microopt.solver.dual_ascent import clearing_price
from microopt.solver.program import IntegerProgram
from microopt.solver.result import SolveLimits, SolveResult, Termination


class SingleConstraintBackend(Struct, frozen=True, kw_only=True):
    """A backend that prices programs with one upper bound itself, and passes all others to an inner backend.

    The relaxation of such a program (the linear multiple-choice knapsack; Sinha and Zoltners 1979) is solved by the one
    price at which the selected columns fill the row. Prices need no trust: any prices give a valid bound.
    """

    inner: Backend

    @property
    def name(self) -> str:
        """The inner backend's."""
        return self.inner.name

    @property
    def version(self) -> str:
        """The inner backend's."""
        return self.inner.version

    def solve(self, program: IntegerProgram, limits: SolveLimits) -> SolveResult:
        """Branch and bound, by the inner backend."""
        return self.inner.solve(program, limits)

    def relax(self, program: IntegerProgram, limits: SolveLimits) -> SolveResult:
        """Return the price of the single row; the inner backend relaxes all other programs."""
        row = program.rows[0] if len(program.rows) == 1 and not program.pools and len(program) else None
        if row is None or row.lower is not None or row.upper is None or row.upper < 0 or row.penalty is not None:
            return self.inner.relax(program, limits)
        if (row.coefficients < 0).any():
            return self.inner.relax(program, limits)
        price = clearing_price(program, program.objective.astype(float), row)
        return SolveResult(
            termination=Termination.OPTIMAL, prices=np.asarray([price]), backend=self.name, version=self.version
        )
