"""A first plan that keeps quotas, from programs without them: a sum over the rows that decide stands for each quota.

First that is the sum of all rows, of which as little is asked for as makes the quotas hold. Then it is the rows that
decide. Which these are depends on the plan: those around the last one that must hold, in the order of the plan's
slack. Their sum is asked for as if it were one row, with a margin that is raised until the quota holds, and then
lowered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.solver.constraint import Constraint
from microopt.solver.program import Columns, IntegerProgram
from microopt.solver.quota import Quota
from microopt.solver.result import SolveResult

FIRST_MARGIN = 1 / 16  # of what the rows ask for; each margin that is not enough is doubled
RAISES, HALVINGS = 6, 5  # of the margin, at most
SolveLinear = Callable[[IntegerProgram], SolveResult]


class StartPlans(Struct, kw_only=True, eq=False):
    """The best plan so far that keeps all quotas, and the last one at all."""

    program: IntegerProgram
    solve: SolveLinear
    plan: Columns
    best: Columns | None = None

    def try_margin(self, margin: float) -> bool | None:
        """Whether the best plan with this margin keeps all quotas; None if there is none, or no time to find it."""
        return self.try_rows(
            _sum_of_rows(each, _deciding_rows(each, self.plan), margin) for each in self.program.quotas
        )

    def try_rows(self, rows: Iterable[Constraint]) -> bool | None:
        """Whether the best plan with these rows keeps all quotas; None if there is none, or no time to find it."""
        result = self.solve(replace(self.program, rows=(*self.program.rows, *rows), quotas=()))
        if result.columns is None:
            return None
        self.plan = result.columns
        return self.keep(result.columns)

    def keep(self, plan: Columns) -> bool:
        """Whether a plan keeps all quotas; the best of those is kept."""
        if not all(quota.holds(plan) for quota in self.program.quotas):
            return False
        value = self.program.objective_value
        if self.best is None or value(plan) > value(self.best):
            self.best = plan
        return True


def find_start(program: IntegerProgram, solve: SolveLinear, plan: Columns) -> Columns | None:
    """Return a plan that keeps all quotas of a program, None if none was found.

    Parameters
    ----------
    solve
        Solves a program without quotas, roughly and soon.
    plan
        The best plan without the quotas.
    """
    start = StartPlans(program=program, solve=solve, plan=plan)
    start.keep(plan)
    _bisect_sums(start)
    enough = _raise_margin(start)
    if enough is None and start.best is None:
        start.plan = _most_for_quotas(program, solve, plan, only_deciding=True)
        start.keep(start.plan)
        enough = _raise_margin(start)
    low, high = 0.0, enough or 0.0
    for _ in range(HALVINGS if enough else 0):
        middle = (low + high) / 2
        low, high = (low, middle) if start.try_margin(middle) else (middle, high)
    return start.best


def _bisect_sums(start: StartPlans) -> None:
    """Find plans that keep all quotas between the first one and that with the most in all rows, if that keeps them."""
    quotas, first = start.program.quotas, start.plan
    most = _most_for_quotas(start.program, start.solve, first, only_deciding=False)
    sums = [(int(each.activities(first).sum()), int(each.activities(most).sum())) for each in quotas]
    low, high = 0.0, 1.0
    for _ in range(HALVINGS if start.keep(most) else 0):
        middle = (low + high) / 2
        floors = [least + round((greatest - least) * middle) for least, greatest in sums]
        rows = map(_sum_of_all_rows, quotas, floors)
        low, high = (low, middle) if start.try_rows(rows) else (middle, high)
    start.plan = most if start.best is None else start.best


def _raise_margin(start: StartPlans) -> float | None:
    """Return the first margin with which all quotas hold, None if none of those tried is enough."""
    margin = 0.0
    for _ in range(RAISES):
        holds = start.try_margin(margin)
        if holds is None:
            return None
        if holds:
            return margin
        margin = 2 * margin or FIRST_MARGIN
    return None


def _most_for_quotas(program: IntegerProgram, solve: SolveLinear, plan: Columns, *, only_deciding: bool) -> Columns:
    """Return the plan with the most in all rows of quotas, or in those that decide, relative to what they ask for."""
    value: NDArray[np.float64] = np.zeros(len(program))
    for quota in program.quotas:
        row = _sum_of_rows(quota, _deciding_rows(quota, plan) if only_deciding else np.arange(len(quota)), 0.0)
        value[row.columns] += row.coefficients / max(1, abs(row.lower or 0))
    scale = 10**9 / max(float(np.abs(value).sum()), 1e-9)
    result = solve(replace(program, objective=np.rint(value * scale).astype(np.int64), quotas=()))
    return plan if result.columns is None else result.columns


def _deciding_rows(quota: Quota, plan: Columns) -> NDArray[np.intp]:
    """Return the rows around the last that must hold, in the order of the plan's slack."""
    order = np.argsort(quota.activities(plan) - quota.floors, kind="stable")
    around = max(1, quota.may_fail // 2)
    return order[max(0, quota.may_fail - around) : quota.may_fail + around + 1]


def _sum_of_all_rows(quota: Quota, floor: int) -> Constraint:
    """Return the sum of all rows, of which this much is asked for."""
    return replace(_sum_of_rows(quota, np.arange(len(quota)), 0.0), lower=floor)


def _sum_of_rows(quota: Quota, rows: NDArray[np.intp], margin: float) -> Constraint:
    """Return the sum of these rows, with a margin on what they ask for."""
    coefficients, floor = quota.amounts[rows].sum(axis=0), int(quota.floors[rows].sum())
    used = np.flatnonzero(coefficients)
    return Constraint(
        label=quota.label,
        columns=quota.columns[used],
        coefficients=coefficients[used],
        lower=floor + round(abs(floor) * margin),
    )
