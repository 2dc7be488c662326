"""The break-even fees of a creator's posts in a campaign with a calendar, where several posts have one price.

A creator who asks for more does so for all of their posts. So the highest sum of the fees of a schedule is found,
against the best plan without the creator, and divided among the posts in proportion to their quotes: at these fees
together, to the cent, a plan with the posts is worth as much as the best without the creator.

At a higher fee a plan may still have fewer posts of the creator, or posts in other waves. So the highest fee is also
found over all of their schedules: the fee of a single post, before the discount of a retainer.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import accumulate, pairwise

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from microopt.analysis.explain.break_even import (
    FEE_STEP,
    GOAL_COUNTS_FEES,
    BreakEven,
    BreakEvenSearch,
    costs_of_rows,
    goal_counts_spend,
)
from microopt.analysis.explain.list_fees import ListFees
from microopt.analysis.explain.result import AnyPosts
from microopt.analysis.explain.scaled_fees import ScaledFees
from microopt.planning.formulation.formulate import formulate
from microopt.planning.problem import PlanningProblem
from microopt.planning.solved import SolvedProblem
from microopt.quantities.units import Cents
from microopt.solver.backends.base import Backend
from microopt.solver.program import Columns, IntegerProgram
from microopt.solver.result import SolveLimits

NEAR = Fraction(1, 200)  # of the fee: how near the highest fee of any posts is found
CENTS_OF_ROUNDING = 2  # between a fee and the one that a discount leaves of it


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
        problem = self.single.solved.problem
        if len(rows) == 1:
            return [self.single.find(rows[0], without, limits)]
        fees = problem.forecast.fee[np.asarray(rows)].tolist()
        if goal_counts_spend(self.single.solved):
            return [GOAL_COUNTS_FEES] * len(rows)
        if self.whole is not None and _rise_alike(problem, rows):
            return divide(self.whole.find(rows[0], without, limits), fees)
        if self.single.is_linear and len(set(fees)) == 1 and _rise_alike(problem, rows):
            return [self.single.find(rows[0], without, limits, rows[1:])] * len(rows)
        return divide(self._of_schedule(rows, fees, without, limits), fees)

    def _of_schedule(
        self, rows: Sequence[int], fees: Sequence[Cents], without: Columns | None, limits: SolveLimits
    ) -> BreakEven:
        """Return the highest sum of the fees of a schedule, where each is due in its own wave."""
        solved, column = self.single.solved, int(self.single.solved.problem.choice[rows[0]])
        search = ScaledFees(
            solved=solved,
            solver=self.single.solver,
            columns=np.asarray([column]),
            rows=np.asarray(rows),
            fees_at=lambda total: np.asarray(parts(total, fees), dtype=np.int64),
            without=without,
        )
        is_pick = column in solved.picks
        return search.find(sum(fees) if is_pick else None, solved.picks if is_pick else None, limits)[0]

    def find_of_any(
        self, row: int, own: BreakEven, columns: Columns, without: Columns | None, limits: SolveLimits
    ) -> AnyPosts | None:
        """Return about the highest fee of a post at which a plan has any posts of a creator; None if it is not known.

        Parameters
        ----------
        row, own
            The first row of the schedule that is explained, whose fee it is, and the highest fee found for it.
        columns
            All schedules of the creator.
        without
            As in `find`.
        """
        solved = self.single.solved
        fees = None if solved.problem.schedules is not None else ListFees.of_schedules(solved.problem, columns)
        quote, discounted = 0 if fees is None else fees.list_fee(row), int(solved.problem.forecast.fee[row])
        if fees is None or not discounted or not quote or goal_counts_spend(solved) or own.unlimited:
            return None
        search = ScaledFees(
            solved=solved,
            solver=self.single.solver,
            columns=columns,
            rows=fees.rows,
            fees_at=lambda fee: fees.at(fee, quote),
            without=without,
        )
        known = None if own.fee is None else own.fee * quote // discounted - CENTS_OF_ROUNDING
        limit, plan = search.find(None if known is None or known < 0 else known, None, limits, NEAR)
        return AnyPosts(quote=quote, limit=limit, posts=None if plan is None else fees.posts_of(plan))


def divide(whole: BreakEven, fees: Sequence[Cents]) -> list[BreakEven]:
    """Return the break-even fees of posts from that of all together, in proportion to their fees.

    Each is rounded so that the sum is that of all together.
    """
    weights = fees if sum(fees) else [1] * len(fees)
    fee, beyond, worth = (parts(amount, weights) for amount in (whole.fee, whole.excluded_from, whole.worth))
    if whole.exact:
        beyond = [None if part is None else part + 1 for part in fee]
    return [
        replace(whole, fee=part, excluded_from=limit, worth=value)
        for part, limit, value in zip(fee, beyond, worth, strict=True)
    ]


def parts(amount: Cents | None, weights: Sequence[int]) -> list[Cents | None]:
    """Return an amount in parts that are in proportion to weights and add up to it."""
    if amount is None:
        return [None] * len(weights)
    total = sum(weights)
    ends = (amount * weight // total for weight in accumulate(weights, initial=0))
    return [last - first for first, last in pairwise(ends)]


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
