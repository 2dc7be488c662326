"""The relaxation over some schedules, whose prices show which others would improve it, and the bound over all of them.

For any prices of the rules, no plan is worth more than the priced limits plus the best schedule of every creator at
these prices (Lagrangian duality). Prices are rounded to integers over a power of two, so that the bound is exact. A
plan with a schedule that is so much worse than the best one of its creator is worth so much less than the bound.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.planning.schedule_pool.found_schedules import FoundSchedules
from microopt.planning.schedule_pool.grid import Integers, OfferGrid
from microopt.planning.schedule_pool.pool import SchedulePool
from microopt.planning.schedule_pricing.best_schedules import NEVER, PostValues, value_posts
from microopt.planning.schedule_pricing.case_rows import CaseRow
from microopt.planning.schedule_pricing.room import Room
from microopt.solver.arrays import max_abs
from microopt.solver.constraint import Constraint
from microopt.solver.program import IntegerProgram

MOST_BITS = 20  # behind the point of a price
LARGEST = 2**59  # so that sums of priced posts are exact


class RulePrices(Struct, frozen=True, kw_only=True):
    """Prices of rules: integers over two to the power of `bits`, in units of the goal's program by the rule's own."""

    numbers: tuple[int, ...]
    bits: int


class PricedSchedules(Struct, frozen=True, kw_only=True, eq=False):
    """All schedules at some prices.

    Attributes
    ----------
    posts
        What posts are worth, in units of the goal's program over two to the power of the bits of the prices.
    total
        The bound over all schedules, in the same units.
    """

    prices: RulePrices
    by_case: Integers
    posts: PostValues
    total: int

    @property
    def bound(self) -> Fraction:
        """What no plan exceeds, in units of the goal's program."""
        return Fraction(self.total, 2**self.prices.bits)


class Relaxation(Struct, frozen=True, kw_only=True, eq=False):
    """A goal and rules by post.

    Attributes
    ----------
    objective
        (cases,) what each post adds to the goal; a schedule never brings more than the sum.
    possible
        (cases,) which posts the rules allow.
    room
        Which schedules are too much for a rule by themselves.
    kinds
        (creators, places, posts, steps) the kind of each post, None where each schedule is looked at.
    """

    pool: SchedulePool
    grid: OfferGrid
    rows: list[CaseRow]
    objective: Integers
    possible: NDArray[np.bool_]
    room: Room
    kinds: Integers | None = None

    def price(self, prices: RulePrices) -> PricedSchedules:
        """Return all schedules at these prices; a price that the open side of a rule forbids counts as 0."""
        numbers = [self._allowed(row, number) for row, number in zip(self.rows, prices.numbers, strict=True)]
        worth, total = self.objective * 2**prices.bits, 0
        for row, number in zip(self.rows, numbers, strict=True):
            if number:
                worth = worth - number * row.counted(number)
                limit = row.row.upper if number > 0 else row.row.lower
                assert limit is not None
                total += number * limit
        worth = np.where(self.possible, worth, NEVER)
        values = np.where(self.pool.case >= 0, worth[self.pool.case], NEVER)
        posts = value_posts(self.grid, values, self.room, self.kinds)
        total += sum(np.maximum(posts.best, 0).tolist())
        used = RulePrices(numbers=tuple(numbers), bits=prices.bits)
        return PricedSchedules(prices=used, by_case=worth, posts=posts, total=total)

    @staticmethod
    def _allowed(row: CaseRow, number: int) -> int:
        limit = row.row.upper if number > 0 else row.row.lower
        return number if row.is_priced and limit is not None else 0

    def rounded(self, prices: NDArray[np.float64]) -> RulePrices:
        """Return prices as integers with as many bits behind the point as sums of priced posts allow."""
        exact = np.where(np.isfinite(prices), prices, 0.0).tolist()
        for bits in range(MOST_BITS, -1, -1):
            rounded = RulePrices(numbers=tuple(round(price * 2**bits) for price in exact), bits=bits)
            if self.is_exact(rounded):
                return rounded
        return RulePrices(numbers=(0,) * len(self.rows), bits=0)

    def is_exact(self, prices: RulePrices) -> bool:
        """Whether no sum of priced posts is too large for exact integers."""
        if not 0 <= prices.bits <= MOST_BITS:
            return False
        most = int(max_abs(self.objective)) * 2**prices.bits
        for number, row in zip(prices.numbers, self.rows, strict=True):
            most += abs(number) * max(1, row.largest)
        return bool(most * (self.grid.most_posts + 1) < LARGEST)

    def program(self, found: FoundSchedules, penalties: list[float]) -> IntegerProgram:
        """Return the program over some schedules, in which rules can be broken at a penalty."""
        cases, choice = self.pool.rows_of(found)
        starts = np.flatnonzero(np.diff(choice, prepend=-1))
        rows = []
        for row, penalty in zip(self.rows, penalties, strict=True):
            whole, counted = row.row, row.most if row.row.upper is None else row.least
            if counted is row.least and not row.is_exact:
                whole = replace(whole, lower=None)  # of which the least that posts add says nothing
            amounts = np.add.reduceat(counted[cases], starts)
            columns = np.flatnonzero(amounts)
            if not row.is_priced:
                columns, whole = columns[:0], Constraint(label="", columns=columns[:0], coefficients=amounts[:0])
            rows.append(
                Constraint(
                    label=whole.label,
                    columns=columns,
                    coefficients=amounts[columns],
                    lower=whole.lower,
                    upper=whole.upper,
                    penalty=penalty,
                )
            )
        return IntegerProgram(
            objective=np.add.reduceat(self.objective[cases], starts),
            cost=np.zeros(len(found), dtype=np.int64),
            group=np.unique(found.creators, return_inverse=True)[1].astype(np.int32),
            rows=tuple(rows),
        )

    def worth(self, priced: PricedSchedules, found: FoundSchedules) -> Integers:
        """Return what some schedules are worth at these prices, (schedules,)."""
        cases, choice = self.pool.rows_of(found)
        worth: Integers = np.add.reduceat(priced.by_case[cases], np.flatnonzero(np.diff(choice, prepend=-1)))
        return worth
