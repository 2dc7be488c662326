"""Programs of one upper limit, such as a budget alone: the price that a backend would look for is found at once."""

from __future__ import annotations

import numpy as np
from msgspec import Struct

from microopt.solver.backends.base import Backend
from microopt.solver.dual_ascent import clearing_price
from microopt.solver.program import IntegerProgram
from microopt.solver.result import SolveLimits, SolveResult, Termination


class SingleConstraintBackend(Struct, frozen=True, kw_only=True):
    """A backend that prices programs of one upper limit itself, and hands all else to another.

    The relaxation of such a program (the linear multiple-choice knapsack; Sinha and Zoltners 1979) is solved by the one
    price at which what is bought fills the limit. Prices need no trust: they bound whatever they are.
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
        """Return the price of the one limit, or what the inner backend says of other programs."""
        row = program.rows[0] if len(program.rows) == 1 and not program.pools and len(program) else None
        if row is None or row.lower is not None or row.upper is None or row.upper < 0 or row.penalty is not None:
            return self.inner.relax(program, limits)
        if (row.coefficients < 0).any():
            return self.inner.relax(program, limits)
        price = clearing_price(program, program.objective.astype(float), row)
        return SolveResult(
            termination=Termination.OPTIMAL, prices=np.asarray([price]), backend=self.name, version=self.version
        )
