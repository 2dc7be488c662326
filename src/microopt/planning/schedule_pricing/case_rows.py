"""What each post adds to every rule and to the goal, where a schedule has the sum of its posts."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.planning.formulation.rules import fixed, mean, ratio, share, total
from microopt.planning.problem import PlanningProblem
from microopt.planning.schedule_pricing.case_problem import CaseProblem
from microopt.solver.arrays import max_abs
from microopt.solver.constraint import Constraint

SUMS = (
    fixed.budget_rows,
    fixed.contract_rows,
    fixed.include_rows,
    total.rows,
    share.rows,
    mean.rows,
    ratio.rows,
)  # families of rules of which a schedule has the sum of its posts; no price of any other is needed for a bound


class CaseRow(Struct, frozen=True, kw_only=True, eq=False):
    """A rule by post.

    Attributes
    ----------
    least, most
        (posts,) what each post adds at least and at most: the same, where a schedule has exactly the sum.
    is_priced
        Whether the rule can have a price: not where posts count less or more and some of it is below 0.
    largest
        The most that any post adds or takes.
    """

    row: Constraint
    least: NDArray[np.int64]
    most: NDArray[np.int64]
    is_priced: bool
    largest: int

    def counted(self, price: int) -> NDArray[np.int64]:
        """Return what each post counts at a price, so that no schedule is worth more than its posts."""
        return self.least if price > 0 else self.most


def case_rows(cases: CaseProblem) -> list[CaseRow]:
    """Return the rules of which a schedule has the sum of its posts."""
    cases.inexact.clear()
    lower = list(_rows(cases))
    upper = list(_rows(replace(cases, at_least=False))) if cases.inexact else lower
    found = []
    for low, high in zip(lower, upper, strict=True):
        least, most = (_dense(row, len(cases)) for row in (low, high))
        exact = low is high or np.array_equal(least, most)
        is_priced, largest = exact or bool((least >= 0).all()), int(max(max_abs(least), max_abs(most)))
        found.append(CaseRow(row=low, least=least, most=most, is_priced=is_priced, largest=largest))
    return found


def _rows(problem: PlanningProblem) -> Iterator[Constraint]:
    for family in SUMS:
        yield from family(problem)


def _dense(row: Constraint, count: int) -> NDArray[np.int64]:
    dense = np.zeros(count, dtype=np.int64)
    dense[row.columns] = row.coefficients
    return dense
