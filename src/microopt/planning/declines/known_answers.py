"""How much anyone could reach who knew in advance who accepts: a bound on every plan with any substitutes.

In each scenario, nobody's accepted creators break a row that can only fill up: the budget, a maximum, one offer a
creator. The bound is Lagrange's over the creators who accept, at the best of some prices of money for each scenario;
minimums and shares, which declines may break, are left out. It is rounded up, and needs no solver.
"""

from __future__ import annotations

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from microopt.planning.formulation.rules.fixed import BUDGET_LABEL
from microopt.solver.arrays import prefix_within_capacity
from microopt.solver.constraint import Constraint
from microopt.solver.greedy_fill import packing_rows
from microopt.solver.program import Columns, IntegerProgram

ROUNDING = 2.0**-48  # of all that a reduced cost is computed from: more than its error in doubles
LEAST, MOST = 0.5, 4.0  # times the price of money at which all creators together would use the budget
COARSE, FINE = 17, 9  # prices that are tried for each scenario: in all, and between the neighbors of the best
FINEST, EXACT = 16, 50  # binary digits of the parts of a unit, and of all sums in such parts
OTHER_PRICES = (0.0, 1.0, 1.5)  # times those of the plan of means, for rows other than the budget
NDFloat = NDArray[np.float64]
Integers = NDArray[np.int64]


class KnownAnswers(Struct, frozen=True, kw_only=True, eq=False):
    """A program whose answers are known.

    Attributes
    ----------
    program
        Its packing rows hold in whatever is accepted.
    worth
        (n,) objective of each column if it accepts.
    columns
        The columns that can count at the prices that are tried.
    """

    program: IntegerProgram
    worth: Integers
    columns: Columns
    clearing: float

    @classmethod
    def of(cls, program: IntegerProgram, worth: Integers) -> KnownAnswers:
        """Return the columns that can count, and the price of money around which prices are tried."""
        row = _budget(program)
        cost = np.zeros(len(program), dtype=np.int64) if row is None else row.coefficients_at(np.arange(len(program)))
        budget = 0 if row is None else row.upper or 0
        gaining = np.flatnonzero((worth > 0) & (cost <= budget) & program.can_be_selected)
        if row is None or int(cost[gaining].sum()) <= budget:
            return cls(program=program, worth=worth, columns=gaining, clearing=0.0)
        ratio = worth[gaining] / np.maximum(cost[gaining], 1)
        within = prefix_within_capacity(-ratio, np.maximum(cost[gaining], 1).astype(float), budget)
        clearing = float(ratio[within].min())
        columns = gaining[worth[gaining] > LEAST * clearing * cost[gaining]]
        return cls(program=program, worth=worth, columns=columns, clearing=clearing)

    def bounds(self, accepted: NDArray[np.bool_], prices: NDFloat) -> Integers:
        """Return a bound for each scenario, (scenarios,).

        Parameters
        ----------
        accepted
            (k, scenarios) whether each of `columns` accepts.
        prices
            (rows,) of a plan, in units of `worth`; any prices give a bound.
        """
        order = np.argsort(self.program.group[self.columns], kind="stable")
        evaluation = _Evaluation.of(self, self.columns[order], accepted[order], prices)
        money = np.geomspace(LEAST, MOST, COARSE) * self.clearing if self.clearing else np.zeros(1)
        least: Integers = np.min([evaluation.best(share, money) for share in OTHER_PRICES], axis=0)
        return least


class _Evaluation(Struct, frozen=True, kw_only=True, eq=False):
    """The columns by group, with what each uses: of the budget, and of the other rows at their prices.

    Sums are of whole `parts` of a unit, so that they are the same on every machine.
    """

    accepted: NDArray[np.bool_]
    starts: NDArray[np.intp]
    worth: NDFloat
    cost: NDFloat
    budget: float
    other: NDFloat
    limits: float
    parts: int

    @classmethod
    def of(cls, known: KnownAnswers, columns: Columns, accepted: NDArray[np.bool_], prices: NDFloat) -> _Evaluation:
        program = known.program
        row, other, limits = _budget(program), np.zeros(len(columns)), 0.0
        packing = {id(each) for each in packing_rows(program) if each.penalty is None and each is not row}
        for price, each in zip(prices.tolist(), program.rows, strict=True):
            if price > 0 and id(each) in packing:
                other += price * each.coefficients_at(columns)
                limits += price * max(each.upper or 0, 0)
        return cls(
            accepted=accepted,
            starts=np.flatnonzero(np.diff(program.group[columns], prepend=-1)),
            worth=known.worth[columns].astype(float),
            cost=np.zeros(len(columns)) if row is None else row.coefficients_at(columns).astype(float),
            budget=0.0 if row is None else float(max(row.upper or 0, 0)),
            other=other,
            limits=limits,
            parts=1 << max(0, min(FINEST, EXACT - int(known.worth[columns].sum()).bit_length())),
        )

    def best(self, share: float, money: NDFloat) -> Integers:
        """Return the least bound of each scenario over some prices of money, and over more around the best."""
        scenarios = self.accepted.shape[1]
        coarse = np.asarray([self.at(share, np.full(scenarios, price)) for price in money.tolist()])
        least: Integers = coarse.min(axis=0)
        if len(money) == 1:
            return least
        best = coarse.argmin(axis=0)
        low, high = money[np.maximum(best - 1, 0)], money[np.minimum(best + 1, len(money) - 1)]
        for step in range(1, FINE + 1):
            least = np.minimum(least, self.at(share, low + (high - low) * (step / (FINE + 1))))
        return least

    def at(self, share: float, money: NDFloat) -> Integers:
        """Return the bound of each scenario at a price of money each, rounded up, (scenarios,)."""
        if not len(self.worth):
            return np.zeros(len(money), dtype=np.int64)
        used = (share * self.other)[:, None] + self.cost[:, None] * money
        reduced = self.worth[:, None] - used + (self.worth[:, None] + used) * ROUNDING
        best = np.maximum.reduceat(np.where(self.accepted, np.maximum(reduced, 0.0), 0.0), self.starts, axis=0)
        fixed = (share * self.limits + self.budget * money) * (1 + ROUNDING)
        total: Integers = np.ceil(best * self.parts).astype(np.int64).sum(axis=0)
        total = total + np.ceil(fixed * self.parts).astype(np.int64)
        return -(-total // self.parts)


def _budget(program: IntegerProgram) -> Constraint | None:
    return next((row for row in program.rows if row.label == BUDGET_LABEL), None)
