"""What each post adds to every rule and to the goal, where a schedule has the sum of its posts."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.planning.formulation.rules import fixed, mean, ratio, share, total
from microopt.planning.problem import PlanningProblem
from microopt.planning.schedule_pricing.case_problem import CaseProblem
from microopt.solver.arrays import max_abs
from microopt.solver.constraint import Constraint

# Families of rules of which a schedule has the sum of its posts; no price of any other is needed for a bound.
AMOUNTS = (fixed.budget_rows, fixed.contract_rows, fixed.include_rows, total.rows)
COMPARISONS = (share.rows, mean.rows, ratio.rows)  # of one sum with another


RuleFamily = Callable[[PlanningProblem], Iterator[Constraint]]


class CaseRow(Struct, frozen=True, kw_only=True, eq=False):
    """A rule by post.

    Attributes
    ----------
    least, most
        (posts,) what each post adds at least and at most.
    is_exact
        Whether each schedule has the sum of its posts.
    is_priced
        Whether the rule can have a price. It has none where a schedule is not the sum of its posts and some of it is
        below 0, or is compared with something else that may be no sum either.
    largest
        The most that any post adds or takes.
    """

    row: Constraint
    least: NDArray[np.int64]
    most: NDArray[np.int64]
    is_exact: bool
    is_priced: bool
    largest: int

    def counted(self, price: int) -> NDArray[np.int64]:
        """Return what each post counts at a price, so that no schedule is worth more than its posts."""
        return self.least if price > 0 else self.most


def case_rows(cases: CaseProblem) -> list[CaseRow]:
    """Return the rules of which a schedule has the sum of its posts."""
    at_most, found = replace(cases, at_least=False), []
    for family in (*AMOUNTS, *COMPARISONS):
        inexact: set[str] = set()
        lower = list(_rows(family, cases, inexact))
        upper = _rows(family, at_most, inexact) if inexact else lower
        for low, high in zip(lower, upper, strict=True):
            least, most = (_dense(row, len(cases)) for row in (low, high))
            is_exact, is_bounded = low.label not in inexact, family in AMOUNTS and bool((least >= 0).all())
            found.append(
                CaseRow(
                    row=low,
                    least=least,
                    most=most,
                    is_exact=is_exact,
                    is_priced=is_exact or is_bounded,
                    largest=int(max(max_abs(least), max_abs(most))),
                )
            )
    return found


def _rows(family: RuleFamily, cases: CaseProblem, inexact: set[str]) -> Iterator[Constraint]:
    """Yield the rows of a family of rules, and collect the labels of those of which a schedule is not the sum."""
    cases.inexact.clear()
    for row in family(cases):
        if cases.inexact:
            inexact.add(row.label)
            cases.inexact.clear()
        yield row


def _dense(row: Constraint, count: int) -> NDArray[np.int64]:
    dense = np.zeros(count, dtype=np.int64)
    dense[row.columns] = row.coefficients
    return dense
