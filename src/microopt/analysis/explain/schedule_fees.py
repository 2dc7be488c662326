"""The break-even fees of a creator's posts in a campaign with a calendar, where several posts have one price.

A creator who asks for more does so for all of their posts. So the highest sum of the fees of a schedule is found,
against the best plan without the creator, and divided among the posts in proportion to their quotes: at these fees
together, to the cent, a plan with the posts is worth as much as the best without the creator.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from microopt.analysis.explain.break_even import (
    FEE_STEP,
    NEVER_IN,
    BreakEven,
    BreakEvenSearch,
    costs_of_rows,
)
from microopt.planning.formulation.formulate import formulate
from microopt.planning.problem import PlanningProblem
from microopt.planning.solved import SolvedProblem
from microopt.quantities.units import Cents
from microopt.solver.backends.base import Backend
from microopt.solver.program import Columns, IntegerProgram
from microopt.solver.result import SolveLimits

WAVES_COUNT_FEES = BreakEven(message="no walk-away fee: your rules count the fees of single posts")


class FeeSearch(Struct, frozen=True, kw_only=True, eq=False):
    """The search for break-even fees of what is bought from a creator.

    Attributes
    ----------
    single
        Of single posts, where the others keep their fees.
    whole
        Of all fees of a schedule, as if they were due with its first post; None where that changes what rules count,
        and without a calendar.
    """

    single: BreakEvenSearch
    whole: BreakEvenSearch | None

    @classmethod
    def of_problem(cls, solved: SolvedProblem, solver: Backend) -> FeeSearch:
        """Return the search for a solved problem."""
        single = BreakEvenSearch(solved=solved, solver=solver)
        if solved.problem.roster.timing is None:
            return cls(single=single, whole=None)
        whole = replace(solved, problem=_due_at_first(solved.problem))
        same = _same_rows(formulate(whole.problem, solved.objective), solved.program)
        return cls(single=single, whole=BreakEvenSearch(solved=whole, solver=solver) if same else None)

    def find(self, rows: Sequence[int], without: Columns | None, limits: SolveLimits) -> list[BreakEven]:
        """Return the break-even fee of each of the posts of a schedule, or of a single offer.

        Parameters
        ----------
        rows
            Rows of the problem: all of one choice.
        without
            The best plan without the creator, or without this choice where there is no calendar; None if there is none.

        Raises
        ------
        AuditError, BackendError
            If the solver fails.
        """
        if len(rows) == 1:
            return [self.single.find(rows[0], without, limits)]
        problem = self.single.solved.problem
        fees = problem.forecast.fee[np.asarray(rows)].tolist()
        if self.whole is not None and _rise_alike(problem, rows):
            return divide(self.whole.find(rows[0], without, limits), fees)
        found = self.single.find(rows[0], without, limits)
        if found == NEVER_IN:  # the first post for free is not all of them for free
            return [WAVES_COUNT_FEES] * len(rows)
        return divide(_with_rest(found, sum(fees[1:])), fees)


def divide(whole: BreakEven, fees: Sequence[Cents]) -> list[BreakEven]:
    """Return the break-even fees of posts from that of all together, in proportion to their fees.

    Each is rounded so that the sum is that of all together.
    """
    weights = fees if sum(fees) else [1] * len(fees)
    fee, beyond, worth = (_parts(amount, weights) for amount in (whole.fee, whole.excluded_from, whole.worth))
    if whole.exact:
        beyond = [None if part is None else part + 1 for part in fee]
    return [
        replace(whole, fee=part, excluded_from=limit, worth=value)
        for part, limit, value in zip(fee, beyond, worth, strict=True)
    ]


def _parts(amount: Cents | None, weights: Sequence[int]) -> list[Cents | None]:
    if amount is None:
        return [None] * len(weights)
    total = sum(weights)
    ends = (amount * weight // total for weight in accumulate(weights, initial=0))
    return [last - first for first, last in pairwise(ends)]


def _with_rest(found: BreakEven, rest: Cents) -> BreakEven:
    fee, beyond, worth = (
        None if amount is None else amount + rest for amount in (found.fee, found.excluded_from, found.worth)
    )
    return replace(found, fee=fee, excluded_from=beyond, worth=worth)


def _due_at_first(problem: PlanningProblem) -> PlanningProblem:
    """Return the problem with all that a schedule costs due with its first post."""
    first = np.diff(problem.choice, prepend=-1) != 0
    fee, cost = (np.zeros(len(problem), dtype=np.int64) for _ in range(2))
    fee[first], cost[first] = problem.sum_by_choice(problem.forecast.fee), problem.sum_by_choice(problem.forecast.cost)
    return replace(problem, forecast=replace(problem.forecast, fee=fee, cost=cost))


def _same_rows(first: IntegerProgram, second: IntegerProgram) -> bool:
    """Whether two programs have the same rows, columns for columns."""
    return len(first.rows) == len(second.rows) and all(
        (one.label, one.lower, one.upper) == (other.label, other.lower, other.upper)
        and np.array_equal(one.columns, other.columns)
        and np.array_equal(one.coefficients, other.coefficients)
        for one, other in zip(first.rows, second.rows, strict=True)
    )


def _rise_alike(problem: PlanningProblem, rows: Sequence[int]) -> bool:
    """Whether a cent on the fee costs the same with each of these posts: surcharges are shares of the fee."""
    costs = costs_of_rows(problem, np.asarray(rows), [0, FEE_STEP])
    return len({dear - free for free, dear in costs}) == 1
