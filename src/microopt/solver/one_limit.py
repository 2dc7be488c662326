"""Programs of one upper limit, such as a budget alone: the price that a backend would look for is found at once."""

from __future__ import annotations

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from microopt.solver.answer import Answer, Limits, Stop
from microopt.solver.backend import Backend
from microopt.solver.program import Program

HALVINGS = 60  # of the price: what is left is below its rounding


class OneLimit(Struct, frozen=True, kw_only=True):
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

    def solve(self, program: Program, limits: Limits) -> Answer:
        """Branch and bound, by the inner backend."""
        return self.inner.solve(program, limits)

    def relax(self, program: Program, limits: Limits) -> Answer:
        """Return the price of the one limit, or what the inner backend says of other programs."""
        line = program.rows[0] if len(program.rows) == 1 and not program.pools and len(program) else None
        if line is None or line.lower is not None or line.upper is None or line.upper < 0 or line.penalty is not None:
            return self.inner.relax(program, limits)
        if (line.coefficients < 0).any():
            return self.inner.relax(program, limits)
        needs = np.zeros(len(program))
        needs[line.columns] = line.coefficients
        price = _price(program, needs, float(line.upper))
        return Answer(stop=Stop.OPTIMAL, prices=np.asarray([price]), backend=self.name, version=self.version)


def _price(program: Program, needs: NDArray[np.float64], limit: float) -> float:
    """Return the least price at which the best of each group together keep the limit."""
    order = np.argsort(program.group, kind="stable")
    starts = np.flatnonzero(np.diff(program.group[order], prepend=-1))
    value, need = program.value[order].astype(float), needs[order]
    member = np.repeat(np.arange(len(starts)), np.diff([*starts, len(order)]))

    def spent(price: float) -> float:
        worth = value - price * need
        best = np.maximum.reduceat(worth, starts)
        bought = (worth == best[member]) & (best[member] > 0)
        return float(np.minimum.reduceat(np.where(bought, need, np.inf), starts)[best > 0].sum())

    if spent(0.0) <= limit:
        return 0.0
    low, high = 0.0, 1.0 + float((value / np.maximum(need, 1.0)).max())
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        if spent(middle) > limit:
            low = middle
        else:
            high = middle
    return high
